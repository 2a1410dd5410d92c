# %% [markdown]
# # Three local minima of a network with two neurons
#
# **Claims.** `LvB-(10)`, `LvB-F4a`, `LvB-F4b`, `LvB-F4c`, `MLR-F2a`, `MLR-F2b`, `MLR-S5`
#
# **Source.** Laurent, von Brecht, ICML 2018, (10) and figure 4; anonymous version, figure 2. The figure gives no
# numbers; these data are of its kind.
#
# **Statement.** Two ReLU neurons without output bias, separable data. There are three local minima: (a) all data points
# are solved; (b) some are solved, the others lie on the blind side of both neurons; (c) all of them lie there. The last
# two are not global. If all signs are strict, they stay so when the data move a little.
#
# **Idea.** Near each of the points the loss is constant: what is solved stays solved, what is dead stays dead.
#
# **What would falsify it.** A neuron with $v_k \ne 0$ that an unsolved data point activates, or only almost misses.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact

# %% [markdown]
# ## 1. The data and the three points
#
# Class $+$: $(2, 0), (3, 1), (0, 2)$. Class $-$: their negatives. (a) $w_1 = (1, 1)$, $w_2 = -w_1$, $b = 0$, $v = (1,
# -1)$. (b) $w_1 = (1, 0)$, $w_2 = -w_1$, $b = (-1, -1)$, $v = (1, -1)$. (c) $w_1 = (-1, 0)$, $w_2 = -w_1$, $b = (-4,
# -4)$, $v = (1, -1)$.

# %%
problem = Problem.example("laurent-brecht-three-minima")
fact(
    "outputs",
    "(a) 2, 4, 2 and their negatives; (b) 1, 2, 0 and their negatives; (c) all zero",
    [
        'transpose(outputs("global"))[0] == [2, 4, 2, -2, -4, -2]',
        'transpose(outputs("dead-unsolved"))[0] == [1, 2, 0, -1, -2, 0]',
        'transpose(outputs("all-dead"))[0] == [0, 0, 0, 0, 0, 0]',
    ],
    problem,
)
fact(
    "losses",
    "0, 1/3 and 1",
    ['loss("global") == 0', 'loss("dead-unsolved") == 1/3', 'loss("all-dead") == 1'],
    problem,
)

# %% [markdown]
# ## 2. Why the two neurons of (b) are blind for the data point $(0, 2)$

# %%
fact(
    "blind side",
    "<w_k, (0, 2)> + b_k = -1 for both neurons, and the same for (0, -2)",
    [
        "[1, 0] @ [0, 2] - 1 == -1",
        "[-1, 0] @ [0, 2] - 1 == -1",
        "[1, 0] @ [0, -2] - 1 == -1",
        "[-1, 0] @ [0, -2] - 1 == -1",
    ],
)
argument("kinks", "in (b) the points (2, 0) and (-2, 0) have the margin 1: their hinges are 0 and do not fall")
argument(
    "all sizes",
    "if each data point has the loss 0, or is strictly dead for every neuron, the loss cannot fall near by: "
    "dead ones keep the loss 1, the others have at least 0",
)

# %% [markdown]
# ## 3. The three certificates

# %%
for name in ("global", "dead-unsolved", "all-dead"):
    certified(f"{name} is a local minimum", problem.at(name).certificate("local_minimum"))

# %% [markdown]
# ## 4. The claims of the figures, and the data moved a little
#
# For the last claim take $v = (2, -2)$ in (b): then the margins are 2 and 4, and no hinge is on its kink.

# %%
for claim in ("LvB-(10)", "LvB-F4a", "LvB-F4b", "LvB-F4c", "MLR-F2a", "MLR-F2b"):
    decided(claim, "verified", problem)
strict = {"W1": [[1, 0], [-1, 0]], "b1": [-1, -1], "W2": [[2, -2]]}
points = {"strict": strict, "all-dead": problem.points["all-dead"]}
decided(
    "MLR-S5", "verified", Problem(problem.network, problem.x, problem.y, problem.loss, points, "figure 4, strict signs")
)
