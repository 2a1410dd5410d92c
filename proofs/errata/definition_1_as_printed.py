# %% [markdown]
# # Erratum: as printed, all data are rare
#
# **Claims.** `LvB-D1`, `LvB-D1-corrected`
#
# **Source.** Laurent, von Brecht, ICML 2018, Definition 1.
#
# **Statement.** *As printed:* data are rare if (7) has a solution with $NR$ scalars $\varepsilon^{(i,r)} \in \{0, 1\}$,
# not all zero, and most data are not rare. *Corrected:* take the $N (R - 1)$ scalars with $r \ne r_i$, not all zero,
# where $r_i$ is the class of data point $i$.
#
# **Idea.** The scalars $\varepsilon^{(i, r_i)}$ of the own class occur in no equation. One of them may be 1.
#
# **What would falsify it.** An equation of (7) in which $\varepsilon^{(i, r_i)}$ occurs.

# %%
from exactrelu import Loss, Network, Problem
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. The counterexample: one data point, two classes
#
# $x = 1$ of class 1. Write $e_1, e_2$ for $\varepsilon^{(1,1)}, \varepsilon^{(1,2)}$. The definitions give
# $\varepsilon^{(1)} = e_2$, and (7) reads $\lambda e_2 x = 0$, $\lambda e_2 = 0$ for $r = 1$ and $0 = \lambda e_2 x$,
# $0 = \lambda e_2$ for $r = 2$.

# %%
definitions = {"own": "1", "other": "0", "x1": "1", "lambda1": "1"}
fact(
    "solution",
    "e_1 = 1, e_2 = 0 solves (7), and is not zero",
    ["lambda1 * other * x1 == 0", "lambda1 * other == 0", "own == 1"],
    definitions=definitions,
)
one = Problem(Network.dense([1, 1, 1], slopes=(1, "1/2")), [[1]], [1], Loss("hinge"), name="one data point")
decided("LvB-D1", "refuted", one)
argument("all sizes", "for any data: one own epsilon is 1, all others 0; then every sum in (7) is empty or zero")

# %% [markdown]
# ## 2. What holds: the corrected definition tells data apart
#
# One data point is generic. The points 0, 1, 2 with labels $+, -, +$ and weights $\tfrac14, \tfrac12, \tfrac14$ are
# rare: the middle point balances the outer ones.

# %%
decided("LvB-D1-corrected", "verified", one)
fact(
    "rare",
    "1/4 * 0 + 1/4 * 2 = 1/2 * 1 and 1/4 + 1/4 = 1/2",
    ["1/4 * 0 + 1/4 * 2 == 1/2 * 1", "1/4 + 1/4 == 1/2"],
)
decided("LvB-D1-corrected", "verified", "laurent-brecht-rare")
