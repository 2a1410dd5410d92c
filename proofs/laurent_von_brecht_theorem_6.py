# %% [markdown]
# # At a critical point the unsolved data points are dead
#
# **Claims.** `LvB-T6`, `MLR-T3`
#
# **Source.** Laurent, von Brecht, ICML 2018, Theorem 6; anonymous version, Theorem 3.
#
# **Statement.** One hidden layer of ReLU, linearly separable data, a critical point in the sense of Clarke. For every
# data point $i$ with positive loss and every neuron $k$: $\langle w_k, x_i \rangle + b_k \le 0$ or $v_k = 0$.
#
# **Idea.** Zero is a mean of the gradients of the cells around the point. Its part in $w_k$ and $b_k$ is a balance of
# the data, and separable data cannot be balanced.
#
# **What would falsify it.** A critical point with an unsolved data point on the active side of a neuron with $v_k \ne
# 0$.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from exactrelu import Loss, Network, Problem
from exactrelu.narration import argument, certified, decided, fact

# %% [markdown]
# ## 1. The gradient on a cell (all sizes)
#
# By Lemma 2 the derivatives by $w_k$ and $b_k$ are $-v_k \sum_i \mu_i \varepsilon_i y_i \lambda_{ik} x_i$ and $-v_k
# \sum_i \mu_i \varepsilon_i y_i \lambda_{ik}$. For one data point, one coordinate:

# %%
loss = "mu*e*(1 - y*(v*l*(w*x + b) + c))"
fact(
    "derivatives",
    "dL/dw = - v mu e y l x and dL/db = - v mu e y l",
    [f'derivative({loss}, "w") == -v*mu*e*y*l*x', f'derivative({loss}, "b") == -v*mu*e*y*l'],
    variables=("mu", "e", "y", "v", "l", "w", "x", "b", "c"),
)

# %% [markdown]
# ## 2. The balance (all sizes)
#
# Let $0 = \sum_u \theta_u \nabla L_u$ with $\theta_u \ge 0$, $\sum_u \theta_u = 1$, over the incident cells $u$. If
# $v_k \ne 0$, divide by it: with $\rho_i = \mu_i \sum_u \theta_u \varepsilon_i^u \lambda_{ik}^u \ge 0$ we get $\sum_i
# \rho_i y_i x_i = 0$ and $\sum_i \rho_i y_i = 0$. By `laurent_von_brecht_balance.py` all $\rho_i$ vanish.
#
# Let data point $i$ be unsolved: then $\varepsilon_i^u = 1$ in every incident cell. So $\sum_u \theta_u \lambda_{ik}^u
# = 0$, and some incident cell has $\lambda_{ik}^u = 0$: the neuron is silent there. At the point, which lies in its
# closure, $\langle w_k, x_i \rangle + b_k \le 0$.

# %%
fact(
    "two cells",
    "t (- v m1) + (1 - t) (- v m2) = - v (t m1 + (1 - t) m2): a mean of gradients is -v times a mean of balances",
    ["t*(-v*m1) + (1 - t)*(-v*m2) == -v*(t*m1 + (1 - t)*m2)"],
    variables=("t", "v", "m1", "m2"),
)
argument("any number of cells", "the same with more terms; the last step needs only that some theta_u is positive")

# %% [markdown]
# ## 3. An instance for the blackboard: $x = 1^+, -1^-$, one ReLU without output bias, at $w = 1$, $b = -1$, $v = 1$
#
# Data point 1 lies on the kink and is unsolved, data point 2 is dead. There are two incident cells. Where neuron and
# data point 1 are silent the gradient is zero. So the point is critical, and $\langle w, x_1 \rangle + b = 0$ as the
# theorem says. It is no local minimum: the loss falls on the other side.

# %%
problem = Problem(
    Network.dense([1, 1, 1], bias=[True, False]), [[1], [-1]], [1, -1], Loss("hinge"),
    {"kink": {"W1": [[1]], "b1": [-1], "W2": [[1]]}, "active": {"W1": [[1]], "b1": [0], "W2": [["1/2"]]}},
    "one neuron, two points",
)  # fmt: skip
fact("kink", "S = 0,+;-,+: on the kink", ['signature("kink") == "0,+;-,+"', 'loss("kink") == 1'], problem)
certified("kink is critical, and no local minimum", problem.at("kink").certificate())
fact(
    "active",
    "data point 1 is unsolved and active, and the gradient in w is -1/4: not critical",
    ['gradient("active")[0] == -1/4'],
    problem,
)

# %% [markdown]
# ## 4. The certificates

# %%
decided("LvB-T6", "verified", problem)
for name in ("laurent-brecht-three-minima", "laurent-brecht-one-neuron", "laurent-brecht-zero-loss-on-a-boundary"):
    decided("LvB-T6", "verified", name)
    decided("MLR-T3", "verified", name)
