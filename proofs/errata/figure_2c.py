# %% [markdown]
# # Erratum: the dead local minimum is no global maximum
#
# **Claims.** `MLR-F2c`, `LvB-F4c`
#
# **Source.** Laurent, von Brecht, anonymous version, figure 2 (c) and the text about it.
#
# **Statement.** *As printed:* where all data points are dead the loss is 1 for each, so this local minimum is also a
# global maximum. *Corrected:* it is a local minimum (and a local maximum); the loss is unbounded above.
#
# **Idea.** A hinge is larger than 1 as soon as a data point lies on the wrong side.
#
# **What would falsify it.** A bound of the loss from above.

# %%
from exactrelu import Loss, Network, Problem
from exactrelu.narration import decided, fact

# %% [markdown]
# ## 1. The counterexample: one neuron without output bias, one data point
#
# $x = 1$, $y = 1$. At $w = -1$, $b = 0$, $v = 1$ the neuron is silent and the loss is 1. At $w = 1$, $b = 0$, $v = -1$
# the loss is 2.

# %%
problem = Problem(
    Network.dense([1, 1, 1], bias=[True, False]), [[1]], [1], Loss("hinge"),
    {
        "dead": {"W1": [[-1]], "b1": [0], "W2": [[1]]},
        "worse": {"W1": [[1]], "b1": [0], "W2": [[-1]]},
        "better": {"W1": [[1]], "b1": [0], "W2": [[1]]},
    },
    "one dead data point",
)  # fmt: skip
fact("losses", "L(dead) = 1 < 2 = L(worse)", ['loss("dead") == 1', 'loss("worse") == 2'], problem)
fact("unbounded", "with v = -t the loss is 1 + t", ["1 - 1 * (-t * (1 * 1 + 0)) == 1 + t"], variables=("t",))
decided("MLR-F2c", "refuted", problem)

# %% [markdown]
# ## 2. In the network of the figure
#
# Two neurons, three data points a class: the loss is $\tfrac{11}{3}$ where both output weights have the wrong sign.

# %%
decided("MLR-F2c", "refuted", "laurent-brecht-three-minima")

# %% [markdown]
# ## 3. What holds: a local minimum that is not global

# %%
decided("LvB-F4c", "verified", problem)
decided("LvB-F4c", "verified", "laurent-brecht-three-minima")
