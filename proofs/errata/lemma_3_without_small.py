# %% [markdown]
# # Erratum: the bound of Lemma 3 is not enough
#
# **Claims.** `YSJ-L3`
#
# **Source.** Yun, Sra, Jadbabaie 2018, Lemma 3 and appendix A3.
#
# **Statement.** *As printed:* if $|V_i - W_i|_F \le \varepsilon_i \le \varepsilon / (2 (H+1) \max\{|W_{H+1:i+1}|_F
# |W_{i-1:1}|_F, 1\})$, "for small $\varepsilon_i$", then the products differ by at most $\varepsilon$. How small is not
# said. *Corrected:* it is enough that moreover $\prod_i (|W_i|_F + \varepsilon_i) - \prod_i |W_i|_F \le \varepsilon$.
#
# **Idea.** The bound controls the terms of first order, by $\varepsilon / 2$. For large $\varepsilon$ it allows large
# $\varepsilon_i$, and then the product of all the changes is what counts.
#
# **What would falsify it.** A proof that the terms of higher order are at most $\varepsilon / 2$ under the printed
# bound.

# %%
from gmpy2 import mpq

from exactrelu import Loss, Network, Problem
from exactrelu.narration import argument, decided, fact, step
from exactrelu.theorems.yun_sra_jadbabaie.factorisation import Weights, printed_radii, radii

# %% [markdown]
# ## 1. The smallest counterexample: $H = 1$, $W_1 = W_2 = 0$, one unit, $\varepsilon = 100$
#
# The bound is $\varepsilon_i \le 100 / 4 = 25$. $V_1 = V_2 = 25$ has the product 625.

# %%
zero = ((mpq(0),),)
step("bound", "eps_i = 25", printed_radii(Weights((zero, zero)), mpq(100)) == (25, 25))
fact("distance", "25 * 25 = 625 > 100", ["(4 * 25) * max(0 * 0, 1) <= 100", "25 * 25 > 100"])
problem = Problem(
    Network.dense([1, 1, 1], (1, 1), False),
    [[1]],
    [0],
    Loss("squared"),
    {"zero": {"W1": [[0]], "W2": [[0]]}},
    "one unit",
)
decided("YSJ-L3", "refuted", problem)
argument(
    "which eps",
    "(eps/4)^2 > eps for all eps > 16; it is no counterexample for small eps, the only ones Theorem 1 needs",
)

# %% [markdown]
# ## 2. What holds
#
# With $\varepsilon_i = 25/4$ the product is at most $625/16 < 100$. The proof is in `yun_lemma_3.py`.

# %%
step("radii", "eps_i = 25/4", radii(Weights((zero, zero)), mpq(100)) == (mpq(25, 4), mpq(25, 4)))
fact("bound", "(0 + 25/4)^2 - 0 = 625/16 <= 100", ["(25/4)**2 == 625/16", "625/16 <= 100"])
decided("YSJ-L3-small", "verified", problem)
decided("YSJ-L3-small", "verified", "yun2018-deep-linear-more-outputs")
