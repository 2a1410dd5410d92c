# %% [markdown]
# # Erratum: tests (11) to (13) accept points that are no minima, and reject minima
#
# **Claims.** `LIU-(10)-(12)`, `LIU-(10)-(12)-corrected`, `LIU-(13)`, `LIU-(13)-corrected`
#
# **Source.** Liu, section 4.3, equations (10) to (13).
#
# **Statement.** *As printed:* the minimiser $R^*$ of a cell is a genuine differentiable local minimum if and only if,
# for each $j$, $\langle R^*_j, x_i \rangle$ is $> 0$ where $I_{ij} = 1$ and $\le 0$ where $I_{ij} = 0$, or $< 0$ and
# $\ge 0$. *Corrected:* with strict inequalities, or $R^*_j = 0$, for each $j$.
#
# **Idea.** With $\langle R^*_j, x_i \rangle = 0$ the point lies on the boundary, and what happens in the next cell
# counts too. And if $R^*_j = 0$, no product tells where $w_j$ is: $z_j = 0$, and $w_j$ may be anywhere in its cell.
#
# **What would falsify it.** No descent at the first point below, or one at the second.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.theorems.liu.genuineness import PRINTED, NotGenuine, genuine
from exactrelu.theorems.liu.least_squares import least_squares

# %% [markdown]
# ## 1. Accepted, and no minimum: $x = (1, 0), (0, 1), (1, -1)$, $y = 1, 1, 1$
#
# In the cell with $I = (1, 0, 1)$ the minimiser is $R^* = (1, 0)$: it fits $x_1$ and $x_3$. $\langle R^*, x_2 \rangle =
# 0$ passes the test. But $(z, w) = (1, (1, 0))$ has the loss $\tfrac13$, and into the cell where $x_2$ is active it
# falls.

# %%
boundary = Problem.example("liu-boundary-optimum")
certified("R* = (1, 0) is the only minimiser", least_squares(boundary, "+;-;+").certificate())
better = Problem(boundary.network, boundary.x, boundary.y, boundary.loss,
                 {"optimum": boundary.points["optimum"], "better": ("3/4", "1/4", 1)}, "a better point")  # fmt: skip
fact(
    "better near by",
    "1/3 at w = (1, 0), 7/24 at w = (3/4, 1/4)",
    ['loss("optimum") == 1/3', 'loss("better") == 7/24', "7/24 < 1/3"],
    better,
)
certified("no local minimum", boundary.at("optimum").certificate("local_minimum"))
decided("LIU-(10)-(12)", "refuted", boundary)

# %% [markdown]
# ## 2. Rejected, and a minimum: $x = 1, 2, 3$, $y = 1, 1, -1$
#
# All active: the loss is $\tfrac13 ((R - 1)^2 + (2R - 1)^2 + (3R + 1)^2) = \tfrac{14}{3} R^2 + 1$, so $R^* = 0$, which
# is neither $> 0$ nor $< 0$. But $(z, w) = (0, 1)$ is a local minimum, inside the cell.

# %%
vanishing = Problem.example("liu-vanishing-optimum")
fact("loss in R", "14/3 R^2 + 1", ["1/3*((R - 1)**2 + (2*R - 1)**2 + (3*R + 1)**2) == 14/3*R**2 + 1"], variables=("R",))
rejected = genuine(least_squares(vanishing, "+;+;+"), PRINTED, closed=True)
assert isinstance(rejected, NotGenuine)
certified("(11) and (12) fail", rejected.certificate("The printed tests fail on +;+;+"))
certified(
    "(0, 1) is a local minimum, and differentiable",
    vanishing.at("minimum").certificate("differentiable", "local_minimum"),
)
decided("LIU-(10)-(12)", "refuted", vanishing)

# %% [markdown]
# ## 3. The same for the half-spaces (13)
#
# One more input that is 0 at all data points adds a free coordinate to $R^*$, and nothing else changes.

# %%
decided("LIU-(13)", "refuted", "liu-boundary-optimum-free")
decided("LIU-(13)", "refuted", "liu-vanishing-optimum-free")

# %% [markdown]
# ## 4. What holds: `liu_worked_example.py`, section 2

# %%
argument("boundary points", "they are the subject of Theorem 3: liu_theorem_3.py")
for problem in (boundary, vanishing):
    decided("LIU-(10)-(12)-corrected", "verified", problem)
for name in ("liu-boundary-optimum-free", "liu-vanishing-optimum-free"):
    decided("LIU-(13)-corrected", "verified", name)
