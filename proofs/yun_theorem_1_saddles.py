# %% [markdown]
# # Deep linear networks: where the gradient of $\ell_0$ does not vanish, a critical point is a saddle
#
# **Claims.** `YSJ-grad`, `YSJ-T1.1`, `YSJ-T1.1-width`
#
# **Source.** Yun, Sra, Jadbabaie 2018, Theorem 1, part 1: section 2.3.1, appendices A1 and A2.
#
# **Statement.** Let $\ell(W_1, .., W_{H+1}) = \ell_0(W_{H+1} \cdots W_1)$, $\ell_0$ differentiable, $W_i$ of shape
# $d_i \times d_{i-1}$, and all $d_i \ge \min\{d_x, d_y\}$. If the tuple is critical and $G = \nabla
# \ell_0(W_{H+1:1}) \ne 0$, it is a saddle: near it the loss takes larger and smaller values.
#
# **Idea.** Move some matrices by rank-one terms that leave the product as it is, until one derivative is no longer
# zero; then go up or down along it. With powers of one $t$ for all the moves this is one polynomial curve, on which
# the loss changes by $\pm |C|^2 t^{2k+1} + ..$, and the curve is rational where the tuple is.
#
# **What would falsify it.** A critical tuple of a wide network with $G \ne 0$ that is a local minimum.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from sympy import MatrixSymbol, Symbol, ZeroMatrix, symbols

from exactrelu import example
from exactrelu.narration import argument, certified, decided, fact, step
from exactrelu.theorems.yun_sra_jadbabaie.linear_network import LinearPoint

m, n, p, q = symbols("m n p q", integer=True, positive=True)
t = Symbol("t")

# %% [markdown]
# ## 1. The derivatives (all sizes)
#
# Write $A = W_{H+1:i+1}$ and $B = W_{i-1:1}$. If $W_i$ moves by $\Delta$, the product moves by $A \Delta B$.

# %%
A, Delta, B = MatrixSymbol("A", m, n), MatrixSymbol("Delta", n, p), MatrixSymbol("B", p, q)
W, G = MatrixSymbol("W", n, p), MatrixSymbol("G", m, q)
step("product", "A (W + Delta) B - A W B = A Delta B", (A * (W + Delta) * B - A * W * B).expand() == A * Delta * B)
step("transpose", "(A Delta B)^T G = B^T Delta^T A^T G", ((A * Delta * B).T * G).doit() == B.T * Delta.T * A.T * G)
argument("trace", "tr(B^T Delta^T A^T G) = tr(Delta^T A^T G B^T), so dl/dW_i = A^T G B^T")

# %% [markdown]
# ## 2. The curve, for $d_x \ge d_y$ (all sizes)
#
# Criticality in $W_1$ says $W_{H+1:2}^T G = 0$. With $G \ne 0$ the matrix $W_{H+1:2}$, with $d_y$ rows and $d_1 \ge
# d_y$ columns, has rank $< d_y$: its null space is not 0. The null spaces of $W_{i:2}$ grow with $i$; let $i^*$ be the
# last $i$ at which they do, and choose
#
# - $v_1$ with $W_{i^*:2} v_1 = 0$ and $W_{i^*-1:2} v_1 \ne 0$,
# - $v_i \ne 0$ with $v_i^T W_{i:2} = 0$ for $i^* \le i \le H$ (the rank is $< d_y \le d_i$),
# - unit vectors $v_0 = e_b$ and $v_{H+1} = e_a$ with $G_{ab} \ne 0$.
#
# Along the curve $V_1 = W_1 + t v_1 v_0^T$ and $V_i = W_i + t v_i v_{i-1}^T$ for $i > i^*$. The product does not
# change: from the right, each factor adds nothing.

# %%
next_W, P = MatrixSymbol("W", m, n), MatrixSymbol("P", n, p)
v, u = MatrixSymbol("v", m, 1), MatrixSymbol("u", n, 1)
moved = ((next_W + t * v * u.T) * P).expand()
step(
    "induction step",
    "(W_{i+1} + t v_{i+1} v_i^T) W_{i:2} V_1 = W_{i+1:2} V_1 where v_i^T W_{i:2} = 0 (all sizes)",
    moved.subs(u.T * P, ZeroMatrix(1, p)).doit() == next_W * P,
)
first, v1, v0 = MatrixSymbol("W_1", n, q), MatrixSymbol("v_1", n, 1), MatrixSymbol("v_0", q, 1)
step(
    "last step",
    "W_{H+1:2} (W_1 + t v_1 v_0^T) = W_{H+1:1} where W_{H+1:2} v_1 = 0 (all sizes)",
    (next_W * (first + t * v1 * v0.T)).expand().subs(next_W * v1, ZeroMatrix(m, 1)).doit() == next_W * first,
)

# %% [markdown]
# The derivative in $W_{i^*}$ along the curve, $C(t) = V_{H+1:i^*+1}^T G V_1^T W_{i^*-1:2}^T$, is 0 at $t = 0$, as the
# tuple is critical. It is not identically 0: its last coefficient is a chain of rank-one matrices.

# %%
a, b, c = MatrixSymbol("a", m, 1), MatrixSymbol("b", n, 1), MatrixSymbol("c", p, 1)
step(
    "chain",
    "(a b^T)(b c^T) = a (b^T b) c^T, a positive multiple of a c^T for b != 0 (all sizes)",
    ((a * b.T) * (b * c.T)).doit() == a * (b.T * b) * c.T,
)
argument(
    "last coefficient",
    "it is |v_{i*+1}|^2 .. |v_H|^2 G_ab v_{i*} (W_{i*-1:2} v_1)^T, which is not 0",
)
argument(
    "conclusion",
    "let C(t) = C_k t^k + .., C_k != 0, k >= 1, and move W_{i*} by +- t^(k+1) C_k too. The product moves by "
    "D = +- t^(k+1) V C_k W V_1, and l_0 by <G, D> + o(|D|) = +- t^(k+1) <C_k, C(t)> + .. = +- t^(2k+1) |C_k|^2 + .. "
    "(for a smooth l_0 the remainder is of order t^(2k+2); else take t fixed and D small, as in the paper)",
)

# %% [markdown]
# ## 3. The case $d_y \ge d_x$ is the transpose of this one (all sizes)

# %%
X = MatrixSymbol("X", n, p)
step("transpose", "(A X B)^T = B^T X^T A^T", (A * X * B).T.doit() == B.T * X.T * A.T)
argument("transposed", "(W_{H+1}^T, .., W_1^T) is critical for l_0(R^T), with the gradient G^T and d_x, d_y exchanged")

# %% [markdown]
# ## 4. On the blackboard: $W_1 = \operatorname{diag}(2, 0)$, $W_2 = \operatorname{diag}(1, 0)$
#
# $\ell_0(R) = \tfrac12 |R - \operatorname{diag}(2, 1)|^2$, so $G = \operatorname{diag}(0, -1)$; $i^* = 2 = H + 1$,
# $v_1 = v_0 = e_2$, and $C(t) = t G e_2 e_2^T = -t\, e_2 e_2^T$, $k = 1$. The curve: $W_1 = \operatorname{diag}(2,
# t)$, $W_2 = \operatorname{diag}(1, \mp t^2)$.

# %%
problem = example("yun2018-deep-linear-saddle")
here = LinearPoint(problem, "saddle", lambda: None)
step("gradient", "G = diag(0, -1)", here.gradient == ((0, 0), (0, -1)))
square = "norm2([[1, 0], [0, {}*t**2]] @ [[2, 0], [0, t]] - [[2, 0], [0, 1]]) / 2"
fact("up", "loss = 1/2 + t^3 + t^6/2", [f"{square.format('(-1)')} == 1/2 + t**3 + t**6/2"], variables=("t",))
fact("down", "loss = 1/2 - t^3 + t^6/2", [f"{square.format('1')} == 1/2 - t**3 + t**6/2"], variables=("t",))
certified("saddle", here.point.certificate("saddle"))

# %% [markdown]
# ## 5. A point at which the Hessian vanishes: all matrices zero, two hidden layers
#
# $i^* = 2$, all vectors are unit vectors, $C(t) = t^2 (..)$, $k = 2$: the loss changes in order 5. First and second
# derivatives say nothing there.

# %%
deep = LinearPoint(example("yun2018-deep-linear-two-hidden-layers"), "zero", lambda: None)
fact(
    "Hessian",
    "all 12 x 12 second derivatives are 0",
    ['norm2(hessian("zero")) == 0', 'norm2(gradient("zero")) == 0'],
    deep.problem,
)
step("order", "2k + 1 = 5", deep.point.decision("local_minimum").proof["order"] == 5)

# %% [markdown]
# ## 6. The condition on the widths is needed
#
# Behind a layer of width 1 the point $W_1 = (2, 0)$, $W_2 = (1, 0)^T$ is critical with $G = \operatorname{diag}(0,
# -1)$, and a local minimum: the null space of $W_2$ is 0, although $W_2^T G = 0$.

# %%
decided("YSJ-T1.1-width", "verified", "yun2018-deep-linear-bottleneck")
fact(
    "a global minimum",
    "with W_2 = u, W_1 = v^T, Y = diag(2, 1): |u|^2 (|u v^T - Y|^2 - 1) = 3 u_2^2 + |Y u - |u|^2 v|^2 >= 0",
    ["uu * (norm2([[u1*v1 - 2, u1*v2], [u2*v1, u2*v2 - 1]]) - 1) == 3*u2**2 + norm2([2*u1, u2] - uu * [v1, v2])"],
    definitions={"uu": "u1**2 + u2**2"},
    variables=("u1", "u2", "v1", "v2"),
)
argument("value", "so the loss is at least 1/2, its value at the point, for all u != 0; at u = 0 it is 5/2")

# %% [markdown]
# ## 7. All points of the shipped instances, both cases of the proof, by certificate

# %%
for name in ("saddle", "two-hidden-layers", "more-outputs"):
    decided("YSJ-grad", "verified", f"yun2018-deep-linear-{name}")
    decided("YSJ-T1.1", "verified", f"yun2018-deep-linear-{name}")
