# %% [markdown]
# # At a local minimum the unsolved data points are dead
#
# **Claims.** `MLR-T2`
#
# **Source.** Laurent, von Brecht, anonymous version, Theorem 2.
#
# **Statement.** One hidden layer of ReLU, linearly separable data. At a local minimum every data point $i$ with
# positive loss has $v_k\, \sigma(\langle w_k, x_i \rangle + b_k) = 0$ for all $k$.
#
# **Idea.** If not, turn neuron $k$ towards the separating hyperplane (Lemma 3): the loss falls.
#
# **What would falsify it.** A local minimum with an unsolved data point that activates a neuron with $v_k \ne 0$.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from exactrelu import Loss, Network, Problem
from exactrelu.narration import argument, certified, decided, fact

# %% [markdown]
# ## 1. The proof (all sizes)
#
# Let data point $i$ be unsolved and let it activate neuron $k$ with $v_k \ne 0$. Near the point both stay so:
# $\varepsilon_i = 1$ and $\lambda_{ik} = 1$ in every cell nearby. Lemma 3 (ii) gives a move along which the loss falls
# by at least $t\, |v_k|\, \mu_i > 0$ for small $t > 0$.

# %%
fact(
    "the gain",
    "t v (mu + rest) = t v mu + t v rest: with t, v, mu > 0 and rest >= 0 it is positive",
    ["t*v*(mu + rest) == t*v*mu + t*v*rest"],
    variables=("t", "v", "mu", "rest"),
)
argument("conclusion", "so the point is no local minimum")

# %% [markdown]
# ## 2. An instance for the blackboard: $x = 1^+, -1^-$, one ReLU, no output bias
#
# `alive`: $w = 0$, $b = 1$, $v = \tfrac12$: both data points active and unsolved, no local minimum; with $w = t$ the
# loss is $1 - \tfrac12 t$. `half`: $w = 2$, $b = 0$, $v = 1$: the first is solved, the second is dead; a local minimum
# with the loss $\tfrac12$.

# %%
problem = Problem(
    Network.dense([1, 1, 1], bias=[True, False]), [[1], [-1]], [1, -1], Loss("hinge"),
    {
        "alive": {"W1": [[0]], "b1": [1], "W2": [["1/2"]]},
        "half": {"W1": [[2]], "b1": [0], "W2": [[1]]},
    },
    "one neuron, two points",
)  # fmt: skip
fact("losses", "1 and 1/2", ['loss("alive") == 1', 'loss("half") == 1/2'], problem)
certified("alive is no local minimum", problem.at("alive").certificate("local_minimum"))
certified("half is one", problem.at("half").certificate("local_minimum"))

# %% [markdown]
# ## 3. The certificates, on the networks of figure 2 and on all named points

# %%
decided("MLR-T2", "verified", problem)
for name in ("laurent-brecht-three-minima", "laurent-brecht-one-neuron", "laurent-brecht-zero-loss-on-a-boundary"):
    decided("MLR-T2", "verified", name)
