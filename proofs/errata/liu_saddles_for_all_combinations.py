# %% [markdown]
# # Erratum: a combination of neurons need not have a saddle point
#
# **Claims.** `LIU-T2`, `LIU-C2`
#
# **Source.** Liu, Theorem 2.
#
# **Statement.** *As printed:* there are differentiable saddle points for all combinations $(j_1, .., j_{K'})$ with $K'
# < K$ of neurons with $\partial L / \partial R_j = 0$. *Corrected:* a cell has such points if and only if (14) and (15)
# have a solution with $\partial L / \partial R_j \ne 0$ for the other neurons and all $w_j$ inside their cells.
#
# **Idea.** (15) asks $w_j$ to be orthogonal to $\partial L / \partial R_j$. The plane may miss the cell.
#
# **What would falsify it.** A saddle point of the loss $(z \max(w, 0) - 1)^2$ with $w \ne 0$.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. The counterexample: one data point, one neuron: $x = 1$, $y = 1$
#
# The only combination is the empty one: $z = 0$, $e = -1$. For $w > 0$ (15) reads $-w = 0$; for $w < 0$ the neuron is
# dead and $\partial L/\partial R = 0$.

# %%
problem = Problem.example("liu-local-maximum")
fact(
    "(15)",
    "the derivative in z at z = 0 is -2 w, not 0 for w > 0",
    ['substitute(derivative((z*w - 1)**2, "z"), "z", 0) == -2*w'],
    variables=("z", "w"),
)
decided("LIU-T2", "refuted", problem)

# %% [markdown]
# ## 2. What holds: the cells decide

# %%
argument("membership", "for each cell and combination: linear conditions, solvable or refuted by a combination of them")
decided("LIU-C2", "verified", problem)
decided("LIU-C2", "verified", "liu-saddle-one-neuron")
