# %% [markdown]
# # At a minimum inside a cell the loss is stationary in $R_j = z_j w_j$
#
# **Claims.** `LIU-L1`, `LIU-(2)`
#
# **Source.** Liu, *Understanding global loss landscape of one-hidden-layer ReLU neural networks*, equation (2), Lemma 1
# and appendix A, for the squared loss.
#
# **Statement.** One hidden layer of ReLU units, one output without bias, loss $\sum_i c_i (o_i - y_i)^2$. Inside a cell
# the outputs are linear in $R = (R_1, .., R_K)$, $R_j = z_j w_j$. At a local minimum inside a cell $\partial L /
# \partial R_j = 0$ for all $j$, also for neurons with $z_j = 0$.
#
# **Idea.** Where $z_j \ne 0$ a free $w_j$ is a free $R_j$. Where $z_j = 0$ the neuron does nothing: $w_j$ may slide for
# free, and at each place of the slide $z_j$ must not help.
#
# **What would falsify it.** A local minimum inside a cell with $z_j = 0$ and $\partial L / \partial R_j \ne 0$.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.theorems.liu.minima import derivatives

# %% [markdown]
# ## 1. The two derivatives (all sizes)
#
# Inside a cell the activities $I_{ij}$ are constant. With $e_i = \sum_j I_{ij} \langle R_j, x_i \rangle - y_i$ and $G_j
# = \sum_i c_i I_{ij} e_i x_i$ we have $\partial L/\partial R_j = 2 G_j$, and the chain rule gives
# $$\partial L/\partial z_j = 2 \langle G_j, w_j \rangle, \qquad \partial L/\partial w_j = 2 z_j G_j.$$
# One summand, two inputs, $s$ what the other neurons add (sums over data points and longer inputs add up likewise):

# %%
one = {"o": "z*(w1*x1 + w2*x2) + s", "e": "o - y"}
fact(
    "(3)",
    "d/dz (o - y)^2 = 2 e <x, w>",
    ['derivative(e**2, "z") == 2*e*(w1*x1 + w2*x2)'],
    definitions=one,
    variables=("z", "w1", "w2", "x1", "x2", "s", "y"),
)
fact(
    "(4)",
    "d/dw (o - y)^2 = z 2 e x",
    ['derivative(e**2, "w1") == z*2*e*x1', 'derivative(e**2, "w2") == z*2*e*x2'],
    definitions=one,
    variables=("z", "w1", "w2", "x1", "x2", "s", "y"),
)
argument("z_j not 0", "a local minimum has gradient 0, so z_j G_j = 0 gives G_j = 0")

# %% [markdown]
# ## 2. The slide for $z_j = 0$ (all sizes)
#
# Change $w_j$ to $w_j + t u$, small $t$: the point stays in the cell, and its loss stays, since $z_j = 0$. Near enough
# it is again a local minimum, so (3) holds there too: $\langle G_j, w_j + t u \rangle = 0$, with the same $G_j$, which
# depends on $R$ only. Subtract: $t \langle G_j, u \rangle = 0$ for all $u$, so $G_j = 0$.

# %%
fact(
    "subtraction",
    "<G, w + t u> - <G, w> = t <G, u>",
    ["dot(G, [w1 + t*u1, w2 + t*u2]) - dot(G, [w1, w2]) == t*dot(G, [u1, u2])"],
    definitions={"G": "[g1, g2]"},
    variables=("g1", "g2", "w1", "w2", "u1", "u2", "t"),
)

# %% [markdown]
# ## 3. The same as an explicit descent (all sizes)
#
# Let $z_j = 0$, $\langle G_j, w_j \rangle = 0$, $G_j \ne 0$. Put $z_j = t$ and $w_j - t k G_j$. Output $i$ changes by
# $t (p_i - t k h_i)$ with $p_i = I_{ij} \langle w_j, x_i \rangle$, $h_i = I_{ij} \langle G_j, x_i \rangle$, and, summed
# over $i$, the loss changes by
# $$2 t \langle G_j, w_j \rangle - 2 k t^2 |G_j|^2 + t^2 \sum_i c_i (p_i - t k h_i)^2.$$
# The first term is 0, and for large $k$ the second beats the third as $t \to 0$: no minimum. With $-k$ for $k$ it is an
# ascent: no maximum either. (This is Theorem 2: such critical points are saddle points.)

# %%
fact(
    "one summand",
    "(e + t (p - t k h))^2 - e^2 = 2 e t p - 2 k t^2 e h + t^2 (p - t k h)^2",
    ["(e + t*(p - t*k*h))**2 - e**2 == 2*e*t*p - 2*k*t**2*e*h + t**2*(p - t*k*h)**2"],
    variables=("e", "t", "p", "k", "h"),
)

# %% [markdown]
# ## 4. For the blackboard: $x = 1, 2, 3$ with $y = 1, 1, -1$, one neuron
#
# All active: $G = \tfrac13 (1 \cdot (R - 1) + 2 (2R - 1) + 3 (3R + 1)) = \tfrac{14}{3} R$. It vanishes for $R = 0$, so
# $(z, w) = (0, 1)$ is a local minimum. For $x = (1, 0), (0, 1)$ and $y = 1, -1$ the point $z = 0$, $w = (1, 1)$ has
# gradient 0, but $G = \tfrac12 (-1, 1)$: no minimum.

# %%
vanishing, saddle = Problem.example("liu-vanishing-optimum"), Problem.example("liu-saddle-one-neuron")
fact(
    "G on the line",
    "G = 14/3 R",
    ["1/3*(1*(R - 1) + 2*(2*R - 1) + 3*(3*R + 1)) == 14/3*R"],
    variables=("R",),
)
certified("(0, 1) is a local minimum", vanishing.at("minimum").certificate("local_minimum"))
certified("there dL/dR = 0, with (3) and (4)", derivatives(vanishing.at("minimum")))
certified("at z = 0, w = (1, 1) the gradient is 0, dL/dR is not", derivatives(saddle.at("saddle")))
certified("it is no local minimum", saddle.at("saddle").certificate("local_minimum"))

# %% [markdown]
# ## 5. The claims

# %%
decided("LIU-(2)", "verified", "liu-two-samples")
decided("LIU-L1", "verified", vanishing)
decided("LIU-L1", "verified", saddle)
