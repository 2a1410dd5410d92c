# %% [markdown]
# # Erratum: a minimum in the locations is no minimum of the network
#
# **Claims.** `LIU-7.1-network`
#
# **Source.** Liu, section 7.1, first paragraph, as it is used for parallel weights.
#
# **Statement.** *As printed:* if no data lie between the weights and the solution $h^*$ of $F h = f$, then $h^*$ is a
# genuine local minimum, and (25) is the probability of such minima of the network. *Corrected:* it is a local minimum
# when only the locations move. The network may also move normals and heights.
#
# **Idea.** $F h = f$ says $\sum_i e_i = 0$ over the active data; the network needs $\sum_i e_i x_i = 0$ as well.
#
# **What would falsify it.** A local minimum of the network at the points below.

# %%
from exactrelu import Loss, Network, Problem
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. The counterexample: one neuron, $x = 2, 3$, $y = 1, 1$
#
# With slope 1 the best location is $h^* = \tfrac12 (2 - 1 + 3 - 1) = \tfrac32$, and no data lie between $h = 1$ and it.
# The outputs are $\tfrac12, \tfrac32$, the residuals $-\tfrac12, \tfrac12$.

# %%
network = Network.dense([1, 1, 1], bias=[True, False])
problem = Problem(
    network, [[2], [3]], [1, 1], Loss("squared"), {"given": (1, -1, 1), "best": (1, "-3/2", 1), "flatter": (0, 1, 1)}
)
fact(
    "at h*",
    "loss 1/4; the derivative by the bias is 0, that by the weight is 1/2",
    ['loss("best") == 1/4', 'gradient("best")[1] == 0', 'gradient("best")[0] == 1/2'],
    problem,
)
fact("better", "slope 0 and bias 1 give loss 0", ['loss("flatter") == 0'], problem)
decided("LIU-7.1-network", "refuted", problem)
argument("consequence", "(25) is about the problem on the line, not about local minima of the network")

# %% [markdown]
# ## 2. What holds

# %%
decided("LIU-7.1", "verified", problem)

# %% [markdown]
# ## 3. Two weights in the plane
#
# The same with both classes, at a point with loss not 0.

# %%
decided("LIU-7.1-network", "refuted", "liu-parallel-weights")
