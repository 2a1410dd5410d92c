# %% [markdown]
# # How near the factors must be for the product to be near
#
# **Claims.** `YSJ-L3-small`
#
# **Source.** Yun, Sra, Jadbabaie 2018, Lemma 3 and appendix A3, with "small" made precise.
#
# **Statement.** If $|V_i - W_i|_F \le \varepsilon_i$ for all $i$, and $\prod_i (|W_i|_F + \varepsilon_i) - \prod_i
# |W_i|_F \le \varepsilon$, then $|V_{H+1} \cdots V_1 - W_{H+1} \cdots W_1|_F \le \varepsilon$.
#
# **Idea.** Expand the product of the $W_i + \Delta_i$: the norm of each term is at most the product of the norms, and
# these terms are those of $\prod_i (|W_i| + \varepsilon_i)$ without the first.
#
# **What would falsify it.** Factors within the $\varepsilon_i$ whose product is farther than $\varepsilon$.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from gmpy2 import mpq
from sympy import MatrixSymbol, symbols

from exactrelu.narration import argument, decided, fact, step
from exactrelu.theorems.yun_sra_jadbabaie.factorisation import Weights, radii

m, n, p = symbols("m n p", integer=True, positive=True)

# %% [markdown]
# ## 1. Induction over the factors (all sizes)
#
# Let $P = W_{k:1}$ with $|P| \le \pi$, and $P + Q = V_{k:1}$ with $|Q| \le \delta$. One more factor:

# %%
W, D, P, Q = MatrixSymbol("W", m, n), MatrixSymbol("D", m, n), MatrixSymbol("P", n, p), MatrixSymbol("Q", n, p)
step(
    "one more factor",
    "(W + D)(P + Q) - W P = W Q + D P + D Q",
    ((W + D) * (P + Q) - W * P).expand() == W * Q + D * P + D * Q,
)
argument("norms", "|A B|_F <= |A|_F |B|_F (Cauchy and Schwarz): the norm is at most w delta + e pi + e delta")
fact(
    "bound",
    "w delta + e pi + e delta = (w + e)(pi + delta) - w pi: the bound for k + 1 factors",
    ["w*delta + e*P + e*delta == (w + e)*(P + delta) - w*P"],
    variables=("w", "e", "P", "delta"),
)
argument("monotone", "the bound grows with every norm, so rational upper bounds n_i of |W_i|_F may take their place")
fact("growth", "d/dw [(w + e)(pi + delta) - w pi] = delta >= 0, d/dpi = e >= 0",
     ["derivative(b, 'w') == delta", "derivative(b, 'P') == e"],
     definitions={"b": "(w + e)*(P + delta) - w*P"}, variables=("w", "e", "P", "delta"))  # fmt: skip

# %% [markdown]
# ## 2. On the blackboard: two factors, $W_1 = W_2 = 1$, $\varepsilon = 1$
#
# $(1 + \varepsilon_i)^2 - 1 \le 1$ for $\varepsilon_i \le \tfrac14$, which is also the printed bound
# $\varepsilon / (2 (H + 1))$.

# %%
one = Weights((((mpq(1),),), ((mpq(1),),)))
step("radii", "eps_i = 1/4", radii(one, mpq(1)) == (mpq(1, 4), mpq(1, 4)))
fact("product", "(1 + 1/4)^2 - 1 = 9/16 <= 1", ["(1 + 1/4)**2 - 1 == 9/16", "9/16 <= 1"])

# %% [markdown]
# ## 3. Shipped instances

# %%
for name in ("saddle", "two-hidden-layers", "more-outputs"):
    decided("YSJ-L3-small", "verified", f"yun2018-deep-linear-{name}")
