# %% [markdown]
# # Erratum: "linearly separable" must mean one class against the rest
#
# **Claims.** `MLR-C1`, `LvB-C4`, `LvB-C4-corrected`
#
# **Source.** Laurent, von Brecht, anonymous version, Corollary 1; ICML 2018, Corollary 4. (The same error in both.)
#
# **Statement.** *As printed:* for linearly separable data, at a critical point of the penalised loss an unsolved pair
# $(i, r)$ activates no neuron that class $r$ uses. *Corrected:* each class has to be linearly separable from the rest.
# That three scores separate the data (the own score is the largest) is not enough.
#
# **Idea.** The proof uses Theorem 6 for each binary problem "class $r$ or not". A class between two others has the
# largest score at its points, but no line separates it from the rest.
#
# **What would falsify it.** An affine function that is positive at 0 and negative at $-1$ and $1$.

# %%
from exactrelu import Loss, Network, Problem, exact_penalty
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.replicas import class_problem

# %% [markdown]
# ## 1. The counterexample: $x = -1, 0, 1$, three classes, one neuron
#
# The weights are $\tfrac14, \tfrac12, \tfrac14$ for each class. The neuron is $\sigma(x + 2)$, with the values 1, 2, 3,
# and the classifiers are $-3 p + \tfrac92$, $\tfrac14 p - \tfrac12$ and $3 p - \tfrac{15}2$.

# %%
weights = tuple((weight,) * 3 for weight in ("1/4", "1/2", "1/4"))
three = Problem(
    Network.dense([1, 1, 3]), [[-1], [0], [1]], [0, 1, 2], Loss("one-vs-all-hinge", weights=weights),
    {"critical": {"W1": [[1]], "b1": [2], "W2": [[-3], ["1/4"], [3]], "b2": ["9/2", "-1/2", "-15/2"]}},
    "three points on a line",
)  # fmt: skip
fact(
    "three scores",
    "the scores -4x, 1, 4x separate the data: the own one exceeds the others by at least 1",
    ["4 >= 1 + 1", "4 >= -4 + 1", "1 >= 0 + 1"],
)
fact(
    "outputs",
    "class 1 has the outputs -1/4, 0, 1/4: all its margins are below 1, and the neuron is active",
    ['outputs("critical") == [[3/2, -1/4, -9/2], [-3/2, 0, -3/2], [-9/2, 1/4, 3/2]]', 'loss("critical") == 1'],
    three,
)

# %% [markdown]
# ## 2. The middle class is critical: its gradient is zero
#
# $L^{(1)} = \tfrac14 (1 + o_1) + \tfrac12 (1 - o_2) + \tfrac14 (1 + o_3)$. The weighted sums of the signs, of the
# inputs and of the values of the neuron vanish: $\tfrac14 - \tfrac12 + \tfrac14 = 0$, $-\tfrac14 + \tfrac14 = 0$,
# $\tfrac14 - 1 + \tfrac34 = 0$.

# %%
middle = class_problem(three, 1)
fact(
    "class 1",
    "the gradient of L^(1) is zero, and L^(1) = 1",
    ['gradient("critical") == [0, 0, 0, 0]', 'loss("critical") == 1'],
    middle,
)
for r in (0, 2):
    certified(
        f"class {r} is solved, hence critical", class_problem(three, r).at("critical").certificate("clarke_critical")
    )
argument(
    "E", "with equal replicas the penalty has gradient 0, and E is a sum of functions of separate parameters: critical"
)
decided("LvB-C4", "refuted", three)
argument("smallest", "two classes: both notions of separable agree; three classes need three points")

# %% [markdown]
# ## 3. The same with equal weights $1/N$, as in the anonymous version: take the middle point twice

# %%
four = Problem(
    Network.dense([1, 1, 3]), [[-1], [0], [0], [1]], [0, 1, 1, 2], Loss("one-vs-all-hinge"), three.points,
    "four points on a line",
)  # fmt: skip
decided("MLR-C1", "refuted", four)
decided("MLR-C1", "refuted", "laurent-brecht-not-one-versus-all-separable")

# %% [markdown]
# ## 4. What holds
#
# Two classes at $1$ and $-1$, each separable from the other: the corrected statement holds at the points of the
# instance.

# %%
decided("LvB-C4-corrected", "verified", "laurent-brecht-exact-penalty")
decided("LvB-C4-corrected", "not applicable", exact_penalty(three))
