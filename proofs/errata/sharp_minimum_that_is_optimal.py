# %% [markdown]
# # Erratum: a sharp local minimum may be a global one
#
# **Claims.** `LvB-F2`, `LvB-MR1`
#
# **Source.** Laurent, von Brecht, ICML 2018, figure 2 (caption).
#
# **Statement.** *As printed:* for a certain class of networks flat local minima are always optimal, and sharp ones
# always sub-optimal. *Corrected:* a sharp local minimum has a positive loss, so it is sub-optimal *if* some network of
# the class has loss zero. (The introduction says this; the caption does not.)
#
# **Idea.** Two equal inputs with different labels: no network has loss zero, and the best one is sharp.
#
# **What would falsify it.** A network whose loss on these two data points is below $\tfrac45$.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact

# %% [markdown]
# ## 1. The counterexample: $x_1 = x_2 = 0$ with $y = 1, -1$ and weights $\tfrac25, \tfrac35$
#
# Both data points have the same output $o$, so $L = \tfrac25 \sigma(1 - o) + \tfrac35 \sigma(1 + o)$ for *every*
# network.

# %%
problem = Problem.example("laurent-brecht-sharp-optimum")
fact(
    "lower bound",
    "L >= 4/5: it is 4/5 + (1 + o)/5 for -1 <= o <= 1, and a hinge alone is at least 4/5 beyond",
    [
        "2/5 * (1 - o) + 3/5 * (1 + o) == 4/5 + 1/5 * (1 + o)",
        "2/5 * (1 - o) == 4/5 + 2/5 * (-1 - o)",
        "3/5 * (1 + o) == 6/5 + 3/5 * (o - 1)",
    ],
    variables=("o",),
)
fact("attained", "at v = 0, c = -1", ['loss("sharp") == 4/5', 'outputs("sharp") == [[-1], [-1]]'], problem)

# %% [markdown]
# ## 2. The point is a sharp local minimum, and a global one

# %%
certified("sharp, and global", problem.at("sharp").certificate())
decided("LvB-F2", "refuted", problem)
argument("smallest", "one data point is always fitted, with v = 0 and c = y: two are needed")

# %% [markdown]
# ## 3. What holds: the loss is positive at a sharp local minimum

# %%
decided("LvB-MR1", "verified", problem)
