# %% [markdown]
# # Erratum: a differentiable local minimum need not be global
#
# **Claims.** `LIU-T1a`, `LIU-T1a-corrected`
#
# **Source.** Liu, Theorem 1.
#
# **Statement.** *As printed:* any differentiable local minimum of $L(z, w)$ is a global minimum. *Corrected:* it has
# the least loss of the points of its cell.
#
# **Idea.** In each cell the loss is another convex function of $R$, with another minimum.
#
# **What would falsify it.** A point of loss below 1 in the cell where no unit is active.

# %%
from exactrelu import Problem
from exactrelu.narration import certified, decided, fact
from exactrelu.theorems.liu.minima import is_least_on_its_cell

# %% [markdown]
# ## 1. The counterexample: $x = (1, 0), (0, 1)$, $y = 1, 1$, one neuron
#
# At $z = 1$ and $w = (-1, -1), (-1, 1), (1, -1), (1, 1)$ the losses are $1, \tfrac12, \tfrac12, 0$.

# %%
problem = Problem.example("liu-two-samples")
fact(
    "losses",
    "1, 1/2, 1/2, 0",
    ['loss("r1") == 1', 'loss("r2") == 1/2', 'loss("r3") == 1/2', 'loss("r4") == 0'],
    problem,
)
for name in ("r1", "r2", "r3"):
    proof = problem.at(name).certificate("differentiable", "local_minimum", "global_minimum")
    certified(f"{name} is a differentiable local minimum, not a global one", proof)
decided("LIU-T1a", "refuted", problem)

# %% [markdown]
# ## 2. The smallest one: $x = 1$, $y = 1$
#
# $(z, w) = (1, -1)$ has the loss 1, and so has everything near it; $(1, 1)$ has the loss 0.

# %%
small = Problem.example("liu-local-maximum")
certified("a plateau of loss 1", small.at("dead").certificate("local_minimum", "global_minimum"))

# %% [markdown]
# ## 3. What holds: `liu_theorem_1.py`

# %%
for name in ("r1", "r2", "r3", "r4"):
    (proof,) = is_least_on_its_cell(problem.at(name)).certificates
    certified(f"{name} has the least loss of its cell", proof)
decided("LIU-T1a-corrected", "verified", problem)
