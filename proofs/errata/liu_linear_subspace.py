# %% [markdown]
# # Erratum: the optimal vectors of a neuron form an affine set, which need not be linear
#
# **Claims.** `LIU-4.1-2c`, `LIU-4.1-2c-corrected`
#
# **Source.** Liu, section 4.1, after case 2; section 4.3.
#
# **Statement.** *As printed:* where $R^*$ is not unique, $R^*_j$ is the whole space or a linear subspace. *Corrected:*
# it is an affine subspace, of the dimension of the rank of the rows $j$ of $I - A^+ A$.
#
# **Idea.** A set of solutions is a subspace moved away from 0. The paper's own example is one.
#
# **What would falsify it.** A minimiser $(0, 0)$ in the cell below.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.theorems.liu.least_squares import least_squares

# %% [markdown]
# ## 1. The counterexample: the cell $r_3$ of the paper's example
#
# $R^* = (1, c_2)$, a line that does not meet 0.

# %%
problem = Problem.example("liu-two-samples")
certified("R* = (1, 0) + c (0, 1)", least_squares(problem, "+;-").certificate())
fact(
    "not 0",
    "(1, 0) R = 1 for all of them",
    ["[1, 0] @ [1, c] == 1"],
    variables=("c",),
)
decided("LIU-4.1-2c", "refuted", problem)

# %% [markdown]
# ## 2. What holds (all sizes)

# %%
argument("image", "R*_j = (A^+ y)_j + (I - A^+ A)_j c: the image of all c under an affine map")
decided("LIU-4.1-2c-corrected", "verified", problem)
decided("LIU-4.1-2c-corrected", "verified", "liu-joint-intersection")
