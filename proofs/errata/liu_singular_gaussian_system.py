# %% [markdown]
# # Erratum: Gaussian data do not make $F$ regular
#
# **Claims.** `LIU-S3`, `LIU-S3-corrected`
#
# **Source.** Liu, section 7.2, first paragraph.
#
# **Statement.** *As printed:* with Gaussian data all regions have positive probability, so $F$ has full rank and $F h =
# f$ one solution. *Corrected:* the rank is the number of different weights, less one for each location after the first
# at which both normals occur.
#
# **Idea.** Two opposite weights at one place see everything together, whatever the place is.
#
# **What would falsify it.** A positive definite $F$ for four weights at $1, 1, -1, -1$ with both normals at each.

# %%
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. The counterexample: both normals at 1, and both at $-1$
#
# The regions $(1, \infty)$, $(-1, 1)$, $(-\infty, -1)$ have positive probabilities $P_1, P_2, P_3$, whichever they are.

# %%
symbols = {
    "F": "P1*[[1, 0, 1, 0], [0, 0, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0]]"
    " + P2*[[0, 0, 0, 0], [0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0]]"
    " + P3*[[0, 0, 0, 0], [0, 1, 0, 1], [0, 0, 0, 0], [0, 1, 0, 1]]",
}
fact(
    "kernel",
    "F (1, 1, -1, -1) = 0 for all P1, P2, P3",
    ["F @ [1, 1, -1, -1] == [0, 0, 0, 0]"],
    definitions=symbols,
    variables=("P1", "P2", "P3"),
)
fact(
    "positive",
    "P1 = P3 = (Q(0) + Q(2))/2 > 0 and P2 > 0: the premise of the printed sentence holds",
    ["P1 > 0", "1 - 2*P1 > 0"],
    definitions={"P1": "(1/2 + (1 - erf(2/sqrt(2)))/2)/2"},
)
argument("why", "moving the first pair by t and the second by -t changes no output: solutions h* are never unique")
decided("LIU-S3", "refuted", "liu-four-parallel-weights")

# %% [markdown]
# ## 2. What holds
#
# The proof for any number of weights is in `liu_gaussian_rank.py`.

# %%
decided("LIU-S3-corrected", "verified", "liu-four-parallel-weights")
