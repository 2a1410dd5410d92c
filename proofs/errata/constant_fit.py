# %% [markdown]
# # Erratum: the least gap of a constant fit
#
# **Claims.** `YSJ-T6-c2`, `YSJ-T6-c2-corrected`, `YSJ-LA2`, `YSJ-LA2-corrected`
#
# **Source.** Yun, Sra, Jadbabaie 2018, appendix A6, the definition of $g$ before Lemma A.2.
#
# **Statement.** *As printed:* $g$ is a quarter of the least $|\bar y_i - \bar y_j|$ over all $i, j$ with $\bar y_i \ne
# \bar y_j$. *Corrected:* and $g = 1$ (or any positive number) if all $\bar y_i$ are equal.
#
# **Idea.** If the best affine fit is constant, no two fitted outputs differ, and the minimum is over the empty set. The
# conditions of Theorem 6 do not exclude this; the data of Theorem 7 in the same paper are an example. In the proof $g$
# only keeps the order of different outputs, so that any $g$ will do where there are none.
#
# **What would falsify it.** A constant fit for which the construction with $g = 1$ is not better.

# %%
from fractions import Fraction

from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, step
from exactrelu.theorems.yun_sra_jadbabaie import spurious_minimum
from exactrelu.theorems.yun_sra_jadbabaie.bad_minima import bend, tie_break
from exactrelu.theorems.yun_sra_jadbabaie.linear_fit import fit

# %% [markdown]
# ## 1. The counterexample: three points with labels 0, 0, 1
#
# $x = (1,0), (0,1), (\tfrac12,\tfrac12)$. The third point is the middle of the first two, so the best affine fit is the
# mean label $\tfrac13$ everywhere.

# %%
relu = Problem.example("yun2018-three-point-relu")
data = fit(relu)
step("fit", "ybar = 1/3, 1/3, 1/3: no gap", set(data.values) == {Fraction(1, 3)} and data.least_gap is None)
for claim in ("YSJ-T6-c2", "YSJ-LA2"):
    decided(claim, "refuted", relu)

# %% [markdown]
# ## 2. What holds: g = 1
#
# $j_1 = 1$ and $j_2 = 3$; the tilt is $v = x_{j_1} = (1, 0)$. With the ReLU the risk along $\alpha$ is
# $\tfrac13 - \tfrac{\alpha}{12} + \tfrac{91}{128}\alpha^2$, least at $\alpha = \tfrac{16}{273}$.

# %%
tie, found = tie_break(data), bend(data, relu.network.slopes)
step("choice", "j_1 = 1, j_2 = 3, v = (1, 0)", (tie.j1, tie.j2, tie.v) == (0, 2, (1, 0)))
step(
    "risk",
    "1/3 - alpha/12 + 91/128 alpha^2",
    (found.linear, found.quadratic) == (Fraction(-1, 12), Fraction(91, 128)),
)
step("better point", "alpha = 16/273 gives 271/819 < 1/3", found.risk(found.best) == Fraction(271, 819))
for claim in ("YSJ-T6-c2-corrected", "YSJ-LA2-corrected"):
    decided(claim, "verified", relu)
    decided(claim, "verified", "yun2018-theorem-6-constant-fit")
argument(
    "in general", "no inequality of the proof compares different outputs, since there are none; alpha is small anyway"
)
certified("a spurious minimum", spurious_minimum(relu).at("bad").certificate("local_minimum", "global_minimum"))
