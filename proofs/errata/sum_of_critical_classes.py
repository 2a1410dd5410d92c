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
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.replicas import class_problem

# %% [markdown]
# ## 1. The idea with two functions of one variable: $f = \sigma(t)$ and $g = -\sigma(t)$, tilted
#
# $\partial f(0) = [0, 1]$ and $\partial g(0) = [-1, 0]$ both contain 0, and so does $\partial (f + g) = \{0\}$. Take
# the kinks apart: $f = \sigma(t) - \tfrac14 t$ and $g = -\sigma(t) + \tfrac34 t$. Then $\partial f(0) = [-\tfrac14,
# \tfrac34]$ and $\partial g(0) = [-\tfrac14, \tfrac34]$ contain 0, but $f + g = \tfrac12 t$ has the derivative
# $\tfrac12$.

# %%
fact(
    "one-sided slopes",
    "f: -1/4 and 3/4; g: 3/4 and -1/4; f + g: 1/2 on both sides",
    [
        "0 - 1/4 < 0 < 1 - 1/4",
        "-1 + 3/4 < 0 < 0 + 3/4",
        "(0 - 1/4) + (0 + 3/4) == 1/2",
        "(1 - 1/4) + (-1 + 3/4) == 1/2",
    ],
)

# %% [markdown]
# ## 2. The same with a network: one ReLU on a line, three classes, six data points
#
# $w = 1$, $b = 0$, so the data point $x = 0$ lies on the kink. Moving $b$ plays the part of $t$.

# %%
problem = Problem.example("laurent-brecht-sum-rule")
for r in range(3):
    certified(
        f"class {r} is critical",
        class_problem(problem, r).at("critical-for-each-class").certificate("clarke_critical"),
    )
point = problem.at("critical-for-each-class")
certified("the sum is not critical", point.certificate("clarke_critical"))
decided("MLR-S9", "refuted", problem)
argument(
    "small", "six data points and one neuron are the fewest that we know; no smaller instance is claimed not to exist"
)

# %% [markdown]
# ## 3. What holds: the inclusion $\partial \bar L \subseteq \sum_r \partial L^{(r)}$
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
