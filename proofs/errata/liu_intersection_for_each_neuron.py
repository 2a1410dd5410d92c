# %% [markdown]
# # Erratum: the neurons cannot be tested one by one
#
# **Claims.** `LIU-4.3b`, `LIU-(13)-corrected`
#
# **Source.** Liu, section 4.3, the other way of judging, after (13).
#
# **Statement.** *As printed:* if for each neuron $j$ the set of all $R^*_j$ meets the cell of neuron $j$, then there
# are genuine minima. *Corrected:* the inequalities of all neurons must hold for one common $c$, as in (13).
#
# **Idea.** The neurons share the free vector $c$. What is good for one may be bad for the other.
#
# **What would falsify it.** A number $a$ with $0 < a < 1$ and $-1 < a < 0$.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.theorems.liu.genuineness import NotGenuine, genuine
from exactrelu.theorems.liu.least_squares import least_squares

# %% [markdown]
# ## 1. The counterexample: three data points, two neurons
#
# $x = (0, -1), (-1, 1), (-1, 0)$, $y = -1, 1, 1$; neuron 1 is active at $x_1, x_3$, neuron 2 at $x_2, x_3$. Then $A R =
# y$ is solvable: $R_1 = (a, 1)$, $R_2 = (-1 - a, -a)$.

# %%
problem = Problem.example("liu-joint-intersection")
solution = least_squares(problem, "+-;-+;++")
fact(
    "all solutions",
    "A R = y for every a",
    ["dot(R1, x[0]) == y[0]", "dot(R2, x[1]) == y[1]", "dot(R1, x[2]) + dot(R2, x[2]) == y[2]"],
    problem,
    {"R1": "[a, 1]", "R2": "[-1 - a, -a]"},
    ("a",),
)
certified("there are no others", solution.certificate())

# %% [markdown]
# ## 2. Each neuron alone
#
# Neuron 1: $\langle R_1, x_i \rangle = -1, 1 - a, -a$. Only $z_1 < 0$ is possible, with $1 > 0$, $a - 1 < 0$, $a > 0$:
# $0 < a < 1$. Neuron 2: $\langle R_2, x_i \rangle = a, 1, 1 + a$; only $z_2 > 0$, with $a < 0$, $1 + a > 0$: $-1 < a <
# 0$.

# %%
fact(
    "neuron 1 at a = 1/2",
    "R_1 = (1/2, 1), z_1 < 0: the signs +, -, +",
    ["-dot(R, x[0]) > 0", "-dot(R, x[1]) < 0", "-dot(R, x[2]) > 0"],
    problem,
    {"R": "[1/2, 1]"},
)
fact(
    "neuron 2 at a = -1/2",
    "R_2 = (-1/2, 1/2), z_2 > 0: the signs -, +, +",
    ["dot(R, x[0]) < 0", "dot(R, x[1]) > 0", "dot(R, x[2]) > 0"],
    problem,
    {"R": "[-1/2, 1/2]"},
)

# %% [markdown]
# ## 3. Not both

# %%
answer = genuine(solution)
assert isinstance(answer, NotGenuine)
certified("no common a, for any signs of z", answer.certificate())
argument("in words", "neuron 1 needs a > 0, neuron 2 needs a < 0; R_1 is never 0, and R_2 is never 0")
decided("LIU-4.3b", "refuted", problem)
decided("LIU-(13)-corrected", "verified", problem)
