# %% [markdown]
# # Erratum: the loss surface is not trivial for all slopes $0 < \alpha \le 1$
#
# **Claims.** `LvB-S3`, `LvB-T5`
#
# **Source.** Laurent, von Brecht, ICML 2018, the sentence after Theorem 5.
#
# **Statement.** *As printed:* the loss surface is trivial when $0 < \alpha \le 1$, that is, every local minimum is
# global. *Corrected:* so it is with separable data, one hidden layer and equal class weights: this is Theorem 5.
#
# **Idea.** The sentence forgets the hypothesis on the class weights. Two points against one are enough.
#
# **What would falsify it.** A slope $\alpha > 0$ for which the loss falls near the point of scenario 2. There is none:
# the neuron is active on all data, so the slope does not occur near the point.

# %%
from exactrelu import Loss, Network, Problem
from exactrelu.narration import argument, certified, decided, fact

# %% [markdown]
# ## 1. One counterexample for every slope: $x = (1, 1)^+, (1, -1)^+, (-1, 0)^-$
#
# $w = (0, 1)$, $b = 2$, $v = 0$, $c = 1$: the neuron has the values 3, 1, 2, all positive.

# %%
point = {"W1": [[0, 1]], "b1": [2], "W2": [[0]], "b2": [1]}
better = {"W1": [[2, 0]], "b1": [3], "W2": [[1]], "b2": [-3]}
for slope in ("1/100", "1/2", "1"):
    problem = Problem(
        Network.dense([2, 1, 1], slopes=(1, slope)), [[1, 1], [1, -1], [-1, 0]], [1, 1, -1], Loss("hinge"),
        {"vanishing": point, "global": better}, f"slope {slope}",
    )  # fmt: skip
    fact(f"slope {slope}", "L = 2/3, and 0 elsewhere", ['loss("vanishing") == 2/3', 'loss("global") == 0'], problem)
    certified(f"slope {slope}: a spurious local minimum", problem.at("vanishing").certificate())
    decided("LvB-S3", "refuted", problem)
argument("every slope", "all units are active at the point, and 5, 5, 1 at the other: alpha occurs in neither loss")

# %% [markdown]
# ## 2. Where the proof of Theorem 5 needs equal weights
#
# With $v = 0$ the loss is $\mu_+ \sigma(1 - c) + \mu_- \sigma(1 + c)$. With equal weights it is flat on $-1 \le c \le
# 1$, so $c$ can slide off the kink. With $\mu_+ > \mu_-$ it has its minimum at the kink $c = 1$ only.

# %%
fact(
    "constant networks",
    "m (1 - c) + n (1 + c) has slope n - m in c: zero only for equal weights",
    ['derivative(m * (1 - c) + n * (1 + c), "c") == n - m'],
    variables=("m", "n", "c"),
)
decided("LvB-T5", "verified", "laurent-brecht-equal-weights")
