# %% [markdown]
# # Deep linear networks with biases
#
# **Claims.** `YSJ-R1-last`
#
# **Source.** Yun, Sra, Jadbabaie 2018, section 2.1, remark on bias terms; the argument is not in the paper.
#
# **Statement.** Let the last layer have a bias, and other layers too if one likes, and let all $d_i \ge \min\{d_x,
# d_y\}$. Then Corollary 2 holds: a critical point is a saddle if $\nabla_R \ell_0 \ne 0$, else a global minimum. Here
# the outputs are $R x + c$ with $R = W_{H+1:1}$ and $c = b_{H+1} + W_{H+1} b_H + .. + W_{H+1:2} b_1$. With a bias in
# the first layer only it holds if $d_x$ counts the additional input 1.
#
# **Idea.** $b_{H+1}$ can make up for all that the other parameters do to $c$. So $(W, b_1, .., b_H, c)$ are coordinates
# too, and in these the loss is $\ell_0(W_{H+1:1}, c)$: it does not see $b_1, .., b_H$ at all.
#
# **What would falsify it.** A local minimum of a wide linear network with biases that is not global.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from sympy import MatrixSymbol, symbols

from exactrelu import example
from exactrelu.narration import argument, certified, decided, fact, step
from exactrelu.theorems.yun_sra_jadbabaie.linear_network import LinearPoint

# %% [markdown]
# ## 1. The effective bias (all sizes, induction over the layers)

# %%
m, n, p = symbols("m n p", integer=True, positive=True)
W, b = MatrixSymbol("W", m, n), MatrixSymbol("b", m, 1)
R, c, x = MatrixSymbol("R", n, p), MatrixSymbol("c", n, 1), MatrixSymbol("x", p, 1)
step("one more layer", "W (R x + c) + b = (W R) x + (W c + b)", (W * (R * x + c) + b).expand() == W * R * x + W * c + b)
argument(
    "coordinates",
    "b_{H+1} = c - (a polynomial in the rest): (W, b_1, .., b_{H+1}) -> (W, b_1, .., b_H, c) is invertible",
)
argument(
    "critical",
    "so at a critical point dl_0/dc = 0, and dl/dW_i = W_{H+1:i+1}^T G W_{i-1:1}^T with G = dl_0/dR, c fixed",
)
argument(
    "saddle", "G != 0: the curve of Theorem 1 in W, with c fixed, goes up and down; b_{H+1} follows as a polynomial"
)
argument("global", "G = 0 and dl_0/dc = 0: the convex l_0 is least at (R, c)")

# %% [markdown]
# ## 2. On the blackboard: one unit, $x = 1, -1$, $y = 2, 0$
#
# At $w_1 = b_1 = w_2 = 0$, $b_2 = 1$ the output is 1: the residuals are $-1$ and $1$, $G = -2$. The curve: $w_1 = t$,
# $w_2 = 2 t^2$ (down), and $c = b_2 = 1$ stays, as $b_1 = 0$.

# %%
problem = example("yun2018-deep-linear-biases")
fact(
    "down",
    "the loss is 1 - 4 t^3 + 4 t^6",
    ["((2*t**2*t + 1 - 2)**2 + (-2*t**2*t + 1 - 0)**2)/2 == 1 - 4*t**3 + 4*t**6"],
    variables=("t",),
)
certified("saddle", LinearPoint(problem, "saddle", lambda: None).point.certificate("saddle"))

# %% [markdown]
# ## 3. Shipped instances: biases everywhere, and in the first layer only

# %%
decided("YSJ-R1-last", "verified", problem)
decided("YSJ-R1-last", "verified", "yun2018-deep-linear-first-bias")
