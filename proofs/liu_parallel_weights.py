# %% [markdown]
# # Parallel weights: the loss is a least-squares problem on the line
#
# **Claims.** `LIU-(20)-(22)`, `LIU-(23),(24)`, `LIU-7.1`, `LIU-E1`
#
# **Source.** Liu, *Understanding global loss landscape of one-hidden-layer ReLU neural networks*, section 7.1, (20) to
# (24), and appendix E.1.
#
# **Statement.** Let $w_k = n_k (u, -h_k)$, $z_k = n_k = \pm 1$, with one unit vector $u$, and $x_i$ the coordinate of
# data point $i$ along $u$. On a cell the loss is, up to the factor $c$, $\sum_i (\sum_k I_{ik} (x_i - h_k) - y_i)^2$,
# and it is least where $F h = f$, with $F_{lk} = \sum_i I_{il} I_{ik}$ and $f_l = \sum_i I_{il} (\sum_k I_{ik} x_i -
# y_i)$. If no data point lies between the weights and such an $h^*$, then $h^*$ is in the cell.
#
# **Idea.** $z_k w_k (x, 1) = n_k^2 (x - h_k) = x - h_k$ where neuron $k$ is active: the sign of the normal is gone.
#
# **What would falsify it.** A derivative by $h_l$ that is not $2 (F h - f)_l$.

# %%
from exactrelu import Loss, Network, Problem
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. One data point, one weight (all sizes)
#
# Let $a$ be the activity $I_{il}$ of weight $l$, and $s$ what the other active weights add, $s = \sum_{k \ne l} I_{ik}
# (x - h_k)$. Sums over data points are linear, so this is (21), (22) for any number of weights and data.

# %%
fact(
    "no sign",
    "n n (x - h) = x - h for n = 1, -1",
    ["1*1*(x - h) == x - h", "(-1)*(-1)*(x - h) == x - h"],
    variables=("x", "h"),
)
fact(
    "derivative",
    "d/dh (a (x - h) + s - y)^2 = -2 a (a (x - h) + s - y)",
    ['derivative((a*(x - h) + s - y)**2, "h") == -2*a*(a*(x - h) + s - y)'],
    variables=("a", "x", "h", "s", "y"),
)
fact(
    "three weights",
    "half the derivative by h1 is (F h - f)_1 with the entries of (22)",
    [
        'derivative(e**2, "h1")/2 == a1*a1*h1 + a1*a2*h2 + a1*a3*h3 - (a1*(a1 + a2 + a3)*x - a1*y)',
        'derivative(derivative(e**2, "h1"), "h2")/2 == a1*a2',
    ],
    definitions={"e": "a1*(x - h1) + a2*(x - h2) + a3*(x - h3) - y"},
    variables=("a1", "a2", "a3", "h1", "h2", "h3", "x", "y"),
)
argument("least", "F is a sum of squares I_i I_i^T, so the function is convex, and least where its gradient is 0")
argument(
    "regions",
    "data points between the same neighbouring locations have the same activities: F is a sum over the regions, each "
    "counted N_j times",
)

# %% [markdown]
# ## 2. Two weights that look outward (all data)
#
# No data point is active for both, so $F$ is diagonal: $N_1 h_1 = \sum_{\Omega_1} (x - y)$. With the class means $m$
# this is (23), and divided by half the number of data (24), where both classes are equally many.

# %%
fact(
    "(23) for one class",
    "the sum of x - y over N+ points of label 1 and N- of label -1 is N+ m+ + N- m- - N+ + N-",
    ["Np*(mp - 1) + Nm*(mm + 1) == Np*mp + Nm*mm - Np + Nm"],
    variables=("Np", "Nm", "mp", "mm"),
)

# %% [markdown]
# ## 3. For the blackboard: $x = 2, 3$ to the right with label 1, $x = -2$ to the left with label $-1$
#
# $h_1^* = \tfrac12 (2 - 1 + 3 - 1) = \tfrac32$, $h_2^* = -2 + 1 = -1$; $h = (1, 0)$ has no data between it and $h^*$.

# %%
network = Network.dense([1, 2, 1], bias=[True, False])
small = Problem(network, [[2], [3], [-2]], [1, 1, -1], Loss("squared"), {"given": (1, -1, -1, 0, 1, -1)})
fact(
    "system",
    "F = diag(2, 1), f = (3, -1), h* = (3/2, -1)",
    ["transpose(A) @ A == [[2, 0], [0, 1]]", "transpose(A) @ (transpose(x)[0] - y) == [3, -1]"],
    small,
    {"A": "[[1, 0], [1, 0], [0, 1]]"},
)
decided("LIU-(20)-(22)", "verified", small)
decided("LIU-7.1", "verified", small)

# %% [markdown]
# ## 4. When $F$ is singular (all sizes)
#
# a) No data between two weights that look the same way: equal activities, equal rows. b) A weight that no data point
# activates: a zero row. If all are so, $F = 0$, and the loss is constant.

# %%
decided("LIU-E1", "verified", "liu-four-parallel-weights")

# %% [markdown]
# ## 5. In the plane, $u = (3/5, 4/5)$
#
# Here the checker derives loss, gradient and Hessian in the biases from the network itself. On a cell the loss is
# quadratic in them, so these three at one point determine it.

# %%
for claim in ("LIU-(20)-(22)", "LIU-(23),(24)", "LIU-7.1"):
    decided(claim, "verified", "liu-parallel-weights")
