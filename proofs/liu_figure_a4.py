# %% [markdown]
# # Four weights and Gaussian data: where figure A4 starts
#
# **Claims.** `LIU-FA4-start`
#
# **Source.** Liu, appendix E.3 and figure A4.
#
# **Statement.** $N = 100$, four weights at the locations $0.1, 0.05, 0, -0.05$: whatever their normals are, $P_t <
# \tfrac1{100}$; in fact $P_t < 10^{-24}$.
#
# **Idea.** All four sit near the middle of the data, and the solution of $F h = f$ moves some of them far.
#
# **What would falsify it.** Normals for which all four gaps are small.

# %%
from itertools import product

from gmpy2 import mpq

from exactrelu.narration import argument, decided, step
from exactrelu.rational import above
from exactrelu.theorems.liu.figures import A4_LOCATIONS, SAMPLES
from exactrelu.theorems.liu.gaussian import GaussianWeights

# %% [markdown]
# ## 1. The best locations for each choice of the normals
#
# The paper prints no normals, so all 16 choices are looked at. $F$ has full rank, since the locations differ. Ball
# arithmetic encloses $h^*$.

# %%
bounds = {}
for normals in product((1, -1), repeat=4):
    weights = GaussianWeights(normals, A4_LOCATIONS)
    bounds[normals] = weights.trapped(SAMPLES)
    places = ", ".join(f"{float(best.lower):.4f}" for best in weights.best)
    name = "".join("+" if n > 0 else "-" for n in normals)
    step(name, f"h* near ({places}), P_t < {above(bounds[normals].upper, 3)}", bounds[normals].upper < mpq(1, 10**24))

# %% [markdown]
# The approximation (E.8), the largest gap in place of the union, gives larger numbers, which are low as well:

# %%
largest = max(
    min(GaussianWeights(normals, A4_LOCATIONS).trapped(SAMPLES, [k]).upper for k in range(4)) for normals in bounds
)
step("largest gap", f"P_t < {above(largest, 3)} for all 16 choices", largest < mpq(1, 100))

# %% [markdown]
# ## 2. The same, by the independent checker
#
# It encloses the integrals, solves $F h = f$ by elimination, and encloses the probability of the union of the gaps.

# %%
decided("LIU-FA4-start", "verified", "liu-four-parallel-weights")
argument("what stays open", "how far the weights move in the figure, and with which normals, is not printed")
