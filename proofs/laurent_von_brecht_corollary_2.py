# %% [markdown]
# # The Hessian has trace zero
#
# **Claims.** `LvB-C2`, `MLR-T1ii`, `MLR-S4`
#
# **Source.** Laurent, von Brecht, ICML 2018, Corollary 2; anonymous version, Theorem 1 (ii) and introduction.
#
# **Statement.** Off the boundary set $\mathcal N$ the Hessian of a hinge loss has trace zero. So where it is not the
# zero matrix it has a positive and a negative eigenvalue; it is never positive definite.
#
# **Idea.** No parameter occurs squared. So the diagonal of the Hessian is zero.
#
# **What would falsify it.** A diagonal entry of the Hessian on a cell that is not zero.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from sympy import MatrixSymbol, ZeroMatrix, diff, symbols

from exactrelu import example
from exactrelu.narration import argument, certified, decided, fact, step

# %% [markdown]
# ## 1. The diagonal is zero (all sizes)
#
# By Theorem 1 the loss on a cell is a sum of forms, each linear in each of its arguments. A form that is linear in the
# vector $u$ of $n$ parameters is $g^T u$, where $g$ does not contain $u$; its gradient by $u$ is $g$, and so its second
# derivatives by $u$ vanish: the whole diagonal block, not only its trace. The size $n$ is a symbol.

# %%
n = symbols("n", integer=True, positive=True)
g, u = MatrixSymbol("g", n, 1), MatrixSymbol("u", n, 1)
gradient = diff(g.T * u, u)
step("gradient", "d (g^T u) / du = g", gradient == g)
step("second derivatives", "dg / du_1 = 0: g does not contain u", diff(gradient, u[0, 0]) == ZeroMatrix(n, 1))
fact(
    "one coordinate at a time, for the checker",
    "p + q w with p, q free of w has the second derivative 0",
    ['derivative(derivative(p + q*w, "w"), "w") == 0'],
    variables=("p", "q", "w"),
)
argument(
    "all blocks", "each layer's weights and each bias are such a u; with all diagonal blocks zero the trace is zero"
)

# %% [markdown]
# ## 2. Eigenvalues of both signs (all sizes)
#
# The trace is the sum of the eigenvalues. If they are not all zero, some is positive and some is negative. A direct
# proof without eigenvalues: if $h_{jk} \ne 0$ for some $j \ne k$, then with $e = e_j + t e_k$ the quadratic form is $2
# t h_{jk}$, because the diagonal vanishes: it takes both signs.

# %%
fact(
    "both signs",
    "(1, t) H (1, t)^T = 2 t h for H = (0, h; h, 0): 2h at t = 1, -2h at t = -1",
    ["[1, t] @ [[0, h], [h, 0]] @ [1, t] == 2*t*h"],
    variables=("t", "h"),
)

# %% [markdown]
# ## 3. An instance for the blackboard: one neuron, $L = 1 - v w - v b - c$ at one data point
#
# In the order $w, b, v, c$ the Hessian has $-1$ at the places $(w, v)$ and $(b, v)$, and zero elsewhere. Its inertia is
# $(1, 1, 2)$.

# %%
loss = "(1 - v*(w + b) - c)"
fact(
    "Hessian",
    "trace 0, rank 2, neither positive nor negative semidefinite",
    [
        f'derivative(derivative({loss}, "w"), "v") == -1',
        f'derivative(derivative({loss}, "b"), "v") == -1',
        "trace(H) == 0",
        "rank(H) == 2",
        "[1, 0, 1, 0] @ H @ [1, 0, 1, 0] == -2",
        "[1, 0, -1, 0] @ H @ [1, 0, -1, 0] == 2",
    ],
    definitions={"H": "[[0, 0, -1, 0], [0, 0, -1, 0], [-1, -1, 0, 0], [0, 0, 0, 0]]"},
    variables=("w", "b", "v", "c"),
)

# %% [markdown]
# ## 4. Two hidden layers, and the certificates (the sizes shown)

# %%
problem = example("laurent-brecht-two-hidden-layers")
point = problem.at("start")
assert point.form is not None
inertia = point.form.inertia(point.parameters)
step("trace", "sum of the second derivatives = 0 as a polynomial", point.form.is_trace_zero)
step("inertia", "(3, 3, 5) at the point", (inertia.positive, inertia.negative, inertia.zero) == (3, 3, 5))
certified("start is no local minimum", point.certificate("local_minimum"))
for claim in ("LvB-C2", "MLR-T1ii", "MLR-S4"):
    decided(claim, "verified", "laurent-brecht-one-neuron")
decided("LvB-C2", "verified", "laurent-brecht-two-hidden-layers")
