# %% [markdown]
# # Erratum: fewer data points than parameters need not be fitted
#
# **Claims.** `LIU-4.1-2a`, `LIU-4.1-2a-corrected`
#
# **Source.** Liu, section 4.1, case 2 a).
#
# **Statement.** *As printed:* if $N < K d$, then $A R = y$ has infinitely many solutions. *Corrected:* the minimisers
# are infinitely many; they solve $A R = y$ if and only if $y$ is in the range of $A$.
#
# **Idea.** The rows of $A$ are those of the data only where a unit is active. A data point that activates nothing has a
# row of zeros.
#
# **What would falsify it.** A solution of $A R = y$ in the cell below.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.theorems.liu.least_squares import least_squares

# %% [markdown]
# ## 1. The counterexample: $N = 2 < K d = 3$
#
# $x_1 = (1, 1, 1)$, $x_2 = (0, 0, 1)$, $y = (1, 1)$, one neuron. In the cell where only $x_1$ is active the second
# equation reads $0 = 1$.

# %%
problem = Problem.example("liu-over-parameterised")
fact(
    "no solution",
    "(0, 1) A = 0, but (0, 1) y = 1",
    ["[0, 1] @ [[1, 1, 1], [0, 0, 0]] == [0, 0, 0]", "[0, 1] @ [1, 1] == 1"],
)
certified("the minimisers: a plane of loss 1/2", least_squares(problem, "+;-").certificate())
decided("LIU-4.1-2a", "refuted", problem)

# %% [markdown]
# ## 2. What holds (all sizes)

# %%
argument("infinitely many", "A has more columns than rows, so its kernel is not 0: R* + kernel are minimisers")
argument("solvable", "the least loss is 0 if and only if y = A R for some R")
decided("LIU-4.1-2a-corrected", "verified", problem)
