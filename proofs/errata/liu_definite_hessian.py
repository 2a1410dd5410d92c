# %% [markdown]
# # Erratum: the Hessian in R is semidefinite, and definite only for full rank
#
# **Claims.** `LIU-A2`, `LIU-A1`
#
# **Source.** Liu, Lemma A1, its proof in appendix F, and section 3 after Theorem 1.
#
# **Statement.** *As printed:* convexity of $l$ gives $l'' > 0$, the Hessian of the loss in $R$ is positive definite,
# and its minimiser is unique. *Corrected:* $l'' \ge 0$, the Hessian is positive semidefinite, and for the squared loss
# it is definite if and only if $\operatorname{rank} A = K d$.
#
# **Idea.** $x x^T$ is singular in more than one dimension. A sum of such matrices is definite only if the $x$ that are
# active span the space.
#
# **What would falsify it.** A cell with fewer active data points than inputs and a unique minimiser.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.theorems.liu.least_squares import least_squares

# %% [markdown]
# ## 1. The counterexample: $x = (1, 0), (0, 1)$, one neuron, the cell where only $x_1$ is active
#
# The loss in $R$ is $\tfrac12 (R_1 - 1)^2 + \tfrac12$: it does not depend on $R_2$.

# %%
problem = Problem.example("liu-two-samples")
fact(
    "Hessian",
    "2 * 1/2 * x x^T = [[1, 0], [0, 0]] is semidefinite, not definite",
    ["transpose([[1, 0]]) @ [[1, 0]] == H", "positive_semidefinite(H)", "H @ [0, 1] == [0, 0]", "rank(H) == 1"],
    definitions={"H": "[[1, 0], [0, 0]]"},
)
certified("all (1, c) are minimisers", least_squares(problem, "+;-").certificate())
decided("LIU-A2", "refuted", problem)

# %% [markdown]
# ## 2. Convex does not mean a positive second derivative
#
# $l(o) = o^4$ is convex, with $l''(0) = 0$.

# %%
fact(
    "second derivative",
    "(o^4)'' = 12 o^2, which is 0 at o = 0",
    ['derivative(derivative(o**4, "o"), "o") == 12*o**2'],
    variables=("o",),
)

# %% [markdown]
# ## 3. What holds

# %%
argument("semidefinite", "u^T H u = sum_i c_i l''_i <u, X_i>^2 >= 0, X_i the vector of all I_ij x_i")
argument("squared loss", "it is 0 if and only if A u = 0; so H is definite if and only if A has the full rank K d")
decided("LIU-A1", "verified", problem)
