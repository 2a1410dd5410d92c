# %% [markdown]
# # Turning one neuron towards the separating hyperplane
#
# **Claims.** `MLR-L3i`, `MLR-L3ii`
#
# **Source.** Laurent, von Brecht, anonymous version, Lemma 3.
#
# **Statement.** One hidden layer, separated data with $y_i (\langle q, x_i \rangle + \beta) \ge 1$, and $v_k \ne 0$.
# Move neuron $k$: $w_k + t\,\mathrm{sign}(v_k)\, q$, $b_k + t\,\mathrm{sign}(v_k)\, \beta$. (i) For small $t > 0$ the
# parameters stay in one closed cell. (ii) The loss falls at least by $t\, |v_k| \sum_i \mu_i \varepsilon_i
# \lambda_{ik}$, with the $\varepsilon, \lambda$ of that cell.
#
# **Idea.** Along the move every output gets better for its class, or stays.
#
# **What would falsify it.** A data point whose margin gets worse.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from exactrelu import Loss, Network, Problem
from exactrelu.narration import argument, decided, fact, step

# %% [markdown]
# ## 1. The signature settles (all sizes)

# %%
argument(
    "(i), neurons",
    "the argument of neuron k at data point i is affine in t; an affine function has one sign on some (0, t_0)",
)
argument(
    "(i), hinges",
    "on (0, t_0) every neuron is affine in t, hence so is the argument of a hinge: one sign on a smaller (0, t_0)",
)
argument(
    "(i), closed cell",
    "so the signature is constant on (0, t_0). Finitely many cells are dense (Lemma 1). The times at which "
    "the point lies in the closure of one of them form finitely many intervals; for one cell they contain a (0, t_0)",
)

# %% [markdown]
# ## 2. The loss along the move (all sizes)
#
# On the closed cell the loss is $-\sum_k v_k (\langle a_k, w_k \rangle + \alpha_k b_k) - \gamma c + \delta$ by Lemma 2.
# Only neuron $k$ moves. With $s = \mathrm{sign}(v_k)$ and $s v_k = |v_k|$ the loss changes by $-t\, |v_k| (\langle a_k,
# q \rangle + \alpha_k \beta)$. By (15) the bracket is at least $\sum_i \mu_i \varepsilon_i \lambda_{ik}$. For one
# coordinate of $w_k$:

# %%
loss = "(-v*(a*{w} + alpha*{b}) + rest)"
change = f"{loss.format(w='(w + t*s*q)', b='(b + t*s*beta)')} - {loss.format(w='w', b='b')}"
fact(
    "change of the loss",
    "L(t) - L(0) = - t s v (a q + alpha beta)",
    [f"{change} == -t*s*v*(a*q + alpha*beta)"],
    variables=("v", "a", "alpha", "w", "b", "t", "s", "q", "beta", "rest"),
)
fact(
    "lower bound of the bracket, one data point",
    "mu e l y (q x + beta) = mu e l + mu e l (m - 1), where m >= 1 is the margin of the hyperplane",
    ["mu*e*l*m == mu*e*l + mu*e*l*(m - 1)"],
    variables=("mu", "e", "l", "m"),
)

# %% [markdown]
# ## 3. An instance for the blackboard: $x = 1^+, -1^-$, one ReLU, no output bias
#
# $q = 1$, $\beta = 0$; $w = 0$, $b = 1$, $v = \tfrac12$. Both data points are active and unsolved. The loss is
# $\tfrac12 (1 - \tfrac12 (t + 1)) + \tfrac12 (1 + \tfrac12 (1 - t)) = 1 - \tfrac12 t$, and the bound is $t \cdot
# \tfrac12 \cdot (\tfrac12 + \tfrac12)$: the same.

# %%
problem = Problem(
    Network.dense([1, 1, 1], bias=[True, False]), [[1], [-1]], [1, -1], Loss("hinge"),
    {
        "before": {"W1": [[0]], "b1": [1], "W2": [["1/2"]]},
        "after": {"W1": [["1/4"]], "b1": [1], "W2": [["1/2"]]},
    },
    "one neuron, two points",
)  # fmt: skip
fact(
    "along the move",
    "1/2 (1 - (1 + t)/2) + 1/2 (1 + (1 - t)/2) = 1 - t/2",
    ["1/2 * (1 - 1/2*(1 + t)) + 1/2 * (1 + 1/2*(1 - t)) == 1 - t/2"],
    variables=("t",),
)
fact("at t = 1/4", "L falls from 1 to 7/8", ['loss("before") == 1', 'loss("after") == 7/8'], problem)
step("signature", f"{problem.at('after').signature} on the way", problem.at("after").signature == "+,+;+,+")

# %% [markdown]
# ## 4. The certificates, at points on and off the kinks

# %%
for claim in ("MLR-L3i", "MLR-L3ii"):
    decided(claim, "verified", problem)
decided("MLR-L3ii", "verified", "laurent-brecht-three-minima")
decided("MLR-L3ii", "verified", "laurent-brecht-zero-loss-on-a-boundary")
