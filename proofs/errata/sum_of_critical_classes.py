# %% [markdown]
# # Erratum: critical for every class does not make critical for the sum
#
# **Claims.** `MLR-S9`
#
# **Source.** Laurent, von Brecht, anonymous version, the sentence after (18). (The ICML version has dropped it.)
#
# **Statement.** *As printed:* if $0 \in \partial L^{(r)}$ for every class $r$, then clearly $0 \in \partial \bar L$ for
# the sum $\bar L = \sum_r L^{(r)}$. *Corrected:* then $0 \in \sum_r \partial L^{(r)}$, which may be larger than
# $\partial \bar L$.
#
# **Idea.** On a kink of the common features every class chooses its own mean of the one-sided gradients. The sum has
# one mean for all classes.
#
# **What would falsify it.** Weights on the incident cells, the same for all classes, that make the gradient of the sum
# zero.

# %%
from dataclasses import replace

from exactrelu import Loss, Network, Problem
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.replicas import class_problem

# %% [markdown]
# ## 1. The idea with two functions of one variable
#
# Let $f(t) = \sigma(t)$ and $g(t) = -\sigma(-t)$, with slopes 0 and 1, and 1 and 0, to the left and to the right of 0.
# Both $\partial f(0)$ and $\partial g(0)$ are $[0, 1]$ and contain 0. But $f(t) + g(t) = t$ has the slope 1 everywhere:
# $\partial (f + g)(0) = \{1\}$.

# %%
fact("slopes", "f + g: 0 + 1 = 1 to the left, 1 + 0 = 1 to the right", ["0 + 1 == 1", "1 + 0 == 1"])

# %% [markdown]
# ## 2. The same with a network: one ReLU on a line, three classes, four data points
#
# The data are $x = 0, -1, 1, 3$ of the classes 0, 1, 1, 2, with the weights $\tfrac28, \tfrac28, \tfrac38, \tfrac18$ in
# each class. At $w = 1$, $b = 0$ the data point 0 lies on the kink, and $b$ plays the part of $t$. The classifiers are
# $-p - \tfrac12$, $-\tfrac12 p + \tfrac54$ and $2 p - 4$ of the neuron's value $p = \sigma(x + b)$.
#
# For class 0 the data points $0$ and $-1$ are unsolved. For class 1 these are $0$, $1$ and $3$. Class 2 is solved.

# %%
weights = tuple((weight,) * 3 for weight in ("2/8", "2/8", "3/8", "1/8"))
problem = Problem(
    Network.dense([1, 1, 3]), [[0], [-1], [1], [3]], [0, 1, 1, 2], Loss("one-vs-all-hinge", weights=weights),
    {
        "kink": {"W1": [[1]], "b1": [0], "W2": [[-1], ["-1/2"], [2]], "b2": ["-1/2", "5/4", -4]},
        "left": {"W1": [[1]], "b1": ["-1/100"], "W2": [[-1], ["-1/2"], [2]], "b2": ["-1/2", "5/4", -4]},
        "right": {"W1": [[1]], "b1": ["1/100"], "W2": [[-1], ["-1/2"], [2]], "b2": ["-1/2", "5/4", -4]},
    },
    "four points, three classes",
)  # fmt: skip
fact(
    "outputs",
    "at the kink the outputs of classes 0, 1, 2",
    [
        "transpose(out)[0] == [-1/2, -1/2, -3/2, -7/2]",
        "transpose(out)[1] == [5/4, 5/4, 3/4, -1/4]",
        "transpose(out)[2] == [-4, -4, -2, 2]",
    ],
    problem,
    {"out": 'outputs("kink")'},
)

# %% [markdown]
# ## 3. Each class is critical: it has the slope 0 in $b$ on one side, but not on the same side
#
# Of the limits of the gradients in $(w, b, v, c)$ for $b \to 0$ only the entries of $b$ differ from side to side: for
# class 0 it is $0$ and $\tfrac14$, for class 1 it is $\tfrac18$ and $0$.

# %%
for r, (left, right) in enumerate((("0", "1/4"), ("1/8", "0"), ("0", "0"))):
    one = class_problem(problem, r)
    fact(
        f"class {r}, slopes in b",
        f"{left} to the left, {right} to the right",
        [f'gradient("left")[1] == {left}', f'gradient("right")[1] == {right}'],
        one,
    )
    certified(f"class {r} is critical", one.at("kink").certificate("clarke_critical"))

# %% [markdown]
# ## 4. The sum is not: its slope in $b$ is $\tfrac18$ to the left and $\tfrac14$ to the right

# %%
fact("sum", "slopes 1/8 and 1/4", ['gradient("left")[1] == 1/8', 'gradient("right")[1] == 1/4'], problem)
certified("the sum is not critical", problem.at("kink").certificate("clarke_critical"))
decided("MLR-S9", "refuted", replace(problem, points={"kink": problem.points["kink"]}))
argument(
    "small",
    "a search on a grid found none with three data points, nor with two classes and up to five; this is no proof",
)
decided("MLR-S9", "refuted", "laurent-brecht-sum-rule")

# %% [markdown]
# ## 5. What holds: the inclusion $\partial \bar L \subseteq \sum_r \partial L^{(r)}$
#
# Each gradient of the sum on an incident cell is the sum of the gradients of the classes there. A mean of sums is a sum
# of means.

# %%
fact(
    "a mean of sums is a sum of means",
    "t (f1 + g1) + (1 - t) (f2 + g2) = (t f1 + (1 - t) f2) + (t g1 + (1 - t) g2)",
    ["t*(f1 + g1) + (1 - t)*(f2 + g2) == (t*f1 + (1 - t)*f2) + (t*g1 + (1 - t)*g2)"],
    variables=("t", "f1", "f2", "g1", "g2"),
)
