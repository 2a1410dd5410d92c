# %% [markdown]
# # Erratum: without biases the cells may miss an open set
#
# **Claims.** `MLR-L1`
#
# **Source.** Laurent, von Brecht, anonymous version, Lemma 1, read for the bias-free model of its section 2.2.
#
# **Statement.** *As printed:* the set $\mathcal N$ on which some unit vanishes has measure zero; the section before it
# has networks without biases. *Corrected:* so it is when every hidden layer has biases (and for a hinge loss the output
# may do without).
#
# **Idea.** One layer that is silent sends 0 to the next one. Without a bias the next one then vanishes identically.
#
# **What would falsify it.** A change of the parameters near $w_1 < 0$ that makes the second unit non-zero.

# %%
from exactrelu import Loss, Network, Problem
from exactrelu.narration import argument, decided, fact, step

# %% [markdown]
# ## 1. The counterexample: one input, two hidden layers of one ReLU each, one data point
#
# $o = v\,\sigma(w_2\,\sigma(w_1 x))$ with $x = 1$, $y = 1$, at the point $w_1 = -1$, $w_2 = 1$, $v = 1$.

# %%
problem = Problem(
    Network.dense([1, 1, 1, 1], bias=False), [[1]], [1], Loss("hinge"),
    {"silent": {"W1": [[-1]], "W2": [[1]], "W3": [[1]]}}, "a silent layer without biases",
)  # fmt: skip
step(
    "signature",
    f"S = {problem.at('silent').signature}: the second unit is 0",
    problem.at("silent").signature == "-,0,+",
)

# %% [markdown]
# ## 2. It is not one point: the whole half space $w_1 < 0$ lies in $\mathcal N$

# %%
fact(
    "all parameters with w1 < 0",
    "there sigma(w1) = 0 * w1, and the second unit receives w2 * 0 * w1 = 0, whatever w2 and v",
    ["w2 * (0 * w1) == 0"],
    variables=("w1", "w2"),
)
decided("MLR-L1", "refuted", problem)
argument(
    "smallest", "with one hidden layer and x not 0, a unit w x vanishes on a hyperplane only: two layers are needed"
)
argument("smaller still, if x = 0 is allowed", "then w x = 0 for every w, and N is all of the parameter space")

# %% [markdown]
# ## 3. What holds
#
# With biases a unit is $\langle w, \text{features below} \rangle + b$, and $b$ occurs nowhere below: for all sizes the
# derivative by its own bias is 1, so it is not the zero polynomial on any cell.

# %%
fact(
    "own bias",
    "d(f + b)/db = 1, where f, all that comes from below, does not contain b",
    ['derivative(w * f + b, "b") == 1'],
    variables=("w", "f", "b"),
)
decided("LvB-L1", "verified", "laurent-brecht-one-neuron")
