# %% [markdown]
# # Erratum: a critical point with all classifiers in use that is not optimal
#
# **Claims.** `LvB-C3i`, `LvB-C3i-corrected`
#
# **Source.** Laurent, von Brecht, ICML 2018, Corollary 3 (i).
#
# **Statement.** *As printed:* leaky units, linearly separable data: a critical point of the penalised loss with all
# $v_r \ne 0$ is a global minimum. *Corrected:* each class has to be linearly separable from the rest; then the loss is
# zero.
#
# **Idea.** As for Corollary 4: a class between two others is not separable from the rest.
#
# **What would falsify it.** A proof that no parameters have a loss below 1 on the three points below.

# %%
from exactrelu import Loss, Network, Problem
from exactrelu.narration import certified, decided, fact
from exactrelu.replicas import class_problem

# %% [markdown]
# ## 1. The counterexample: $x = -1, 0, 1$, three classes, one leaky neuron, slope $\tfrac12$
#
# At the point `critical` the neuron $x + 2$ is active on all data, and the classifiers are $-3 p + \tfrac92$, $\tfrac14
# p - \tfrac12$, $3 p - \tfrac{15}2$. At `better` the kink is at $x = 0$: the neuron has the values $-\tfrac12, 0, 1$,
# and the middle class gets the outputs $2, 1, -1$.

# %%
weights = tuple((weight,) * 3 for weight in ("1/4", "1/2", "1/4"))
problem = Problem(
    Network.dense([1, 1, 3], slopes=(1, "1/2")), [[-1], [0], [1]], [0, 1, 2], Loss("one-vs-all-hinge", weights=weights),
    {
        "critical": {"W1": [[1]], "b1": [2], "W2": [[-3], ["1/4"], [3]], "b2": ["9/2", "-1/2", "-15/2"]},
        "better": {"W1": [[1]], "b1": [0], "W2": [[-4], [-2], [2]], "b2": [-1, 1, -1]},
    },
    "three points on a line, leaky",
)  # fmt: skip
fact(
    "losses",
    "L(critical) = 1, L(better) = 3/4",
    ['loss("critical") == 1', 'outputs("better") == [[1, 2, -2], [-1, 1, -1], [-5, -1, 1]]', 'loss("better") == 3/4'],
    problem,
)

# %% [markdown]
# ## 2. Every class is critical, and no classifier vanishes

# %%
for r in range(3):
    certified(f"class {r}", class_problem(problem, r).at("critical").certificate("clarke_critical"))
fact(
    "classifiers",
    "v = -3, 1/4, 3",
    ['parameter("critical", "W2") == [[-3], [1/4], [3]]'],
    problem,
)
decided("LvB-C3i", "refuted", problem)

# %% [markdown]
# ## 3. What holds: two classes, each separable from the other

# %%
decided("LvB-C3i-corrected", "verified", "laurent-brecht-leaky-penalty")
