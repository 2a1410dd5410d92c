# %% [markdown]
# # Erratum: a flat local minimum need not be differentiable
#
# **Claims.** `LvB-S0`, `LvB-C1`
#
# **Source.** Laurent, von Brecht, ICML 2018, after Corollary 2.
#
# **Statement.** *As printed:* at a local minimum the Hessian vanishes (flat) or does not exist (sharp). *Corrected:*
# off $\mathcal N$ it exists and vanishes. On the boundary of a flat cell, which counts as flat, it need not exist.
#
# **Idea.** Stand at the edge of a plateau from which the loss rises on the other side.
#
# **What would falsify it.** Equal slopes on both sides of the edge.

# %%
from exactrelu import Problem
from exactrelu.narration import certified, decided, fact

# %% [markdown]
# ## 1. The counterexample: one neuron, one data point
#
# $x = 1$, $y = -1$, no output bias; $w = 1$, $b = -1$, $v = 1$. The loss is $1 + \sigma(w + b)$ near the point, for $v
# = 1$.

# %%
problem = Problem.example("laurent-brecht-flat-not-differentiable")
edge = problem.at("edge")
fact(
    "edge", "w + b = 0 at the point, where the loss is 1", ['signature("edge") == "0,+"', 'loss("edge") == 1'], problem
)
fact(
    "one-sided slopes in b",
    "for b < -1 the loss is 1 + 0 * (1 + b), for b > -1 it is 1 + (1 + b): slopes 0 and 1",
    ['derivative(1 + 0 * (1 + b), "b") == 0', 'derivative(1 + (1 + b), "b") == 1'],
    variables=("b",),
)

# %% [markdown]
# ## 2. It is a flat local minimum, and not differentiable

# %%
certified("flat local minimum, not differentiable", edge.certificate())
decided("LvB-S0", "refuted", problem)

# %% [markdown]
# ## 3. What holds: inside a cell a local minimum has a constant loss around it, so the Hessian vanishes

# %%
decided("LvB-C1", "verified", problem)
