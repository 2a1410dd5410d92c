# %% [markdown]
# # The multilinear structure of the loss
#
# **Claims.** `LvB-T1`
#
# **Source.** Laurent, von Brecht, *The multilinear structure of ReLU networks*, ICML 2018, Theorem 1. (The anonymous
# version prints it without $\varphi_L(b^{(L)}, V)$ and without the constant: `errata/theorem_1_as_printed.py`.)
#
# **Statement.** On each cell a hinge loss is $\varphi_0(W^{(1)}, .., W^{(L)}, V) + \varphi_1(b^{(1)}, W^{(2)}, ..,
# W^{(L)}, V) + .. + \varphi_L(b^{(L)}, V) + \varphi_{L+1}(c) + \varphi_{L+2}$ with multilinear forms $\varphi_0, ..,
# \varphi_{L+1}$ and a constant $\varphi_{L+2}$.
#
# **Idea.** On a cell every activation is multiplication by a fixed slope. So one more layer makes one form longer by
# the factor $W$ of the new layer, and adds one new form, that of its bias.
#
# **What would falsify it.** A monomial of the loss on a cell with two parameters of one layer.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from sympy import MatrixSymbol, ZeroMatrix, symbols

from exactrelu import example
from exactrelu.landscape import forms_certificate
from exactrelu.narration import argument, certified, decided, fact, step

# %% [markdown]
# ## 1. One layer, of any size (all sizes)
#
# Let $D$ be the diagonal matrix of slopes on the cell: constant. Then $\sigma(W x + b) = D (W x + b)$. The sizes $m$
# and $n$ below are symbols, not numbers.

# %%
m, n, s, t = symbols("m n s t", positive=True)
D = MatrixSymbol("D", m, m)
W, U = MatrixSymbol("W", m, n), MatrixSymbol("U", m, n)
x, z = MatrixSymbol("x", n, 1), MatrixSymbol("z", n, 1)
b, a = MatrixSymbol("b", m, 1), MatrixSymbol("a", m, 1)


def same(left, right):
    """Whether two expressions in matrices are equal after all products are multiplied out."""
    difference = (left - right).expand().doit()
    return difference == ZeroMatrix(*left.shape)


step(
    "a sum below", "D (W (x + z) + b) = D W x + D W z + D b", same(D * (W * (x + z) + b), D * W * x + D * W * z + D * b)
)
step("linear in W", "D (s W + t U) x = s D W x + t D U x", same(D * (s * W + t * U) * x, s * D * W * x + t * D * U * x))
step(
    "linear below", "D W (s x + t z) = s D W x + t D W z", same(D * W * (s * x + t * z), s * D * W * x + t * D * W * z)
)
step("linear in b", "D (s b + t a) = s D b + t D a", same(D * (s * b + t * a), s * D * b + t * D * a))
argument(
    "structured layers",
    "if W depends linearly on parameters omega, as in a convolution, D W(omega) x is linear in omega",
)

# %% [markdown]
# ## 2. The induction over the layers (all sizes)
#
# *Claim for layer $l$:* the features are a sum of forms, one with the arguments $W^{(1)}, .., W^{(l)}$, and for each $j
# \le l$ one with the arguments $b^{(j)}, W^{(j+1)}, .., W^{(l)}$, each linear in each argument.
#
# *Start:* the inputs are constants. *Step:* by section 1 each form below gets the new argument $W^{(l+1)}$, in which it
# is linear, and stays linear in the old ones, since $W^{(l+1)}$ occurs nowhere below. The new form is $D b^{(l+1)}$.

# %%


def arguments(layers):
    """The arguments of all forms after some layers, by the step of the induction."""
    forms = [()]
    for layer in range(1, layers + 1):
        forms = [(*form, f"W{layer}") for form in forms] + [(f"b{layer}",)]
    return forms


for L in range(1, 9):
    expected = [tuple(f"W{k}" for k in range(1, L + 1))]
    expected += [(f"b{j}", *(f"W{k}" for k in range(j + 1, L + 1))) for j in range(1, L + 1)]
    assert arguments(L) == expected
step("bookkeeping", "for L = 1, .., 8 the step gives the L + 1 forms of the statement", len(arguments(8)) == 9)
argument(
    "all L",
    "one more W at the end of each form, and one new form (b): the claim for l + 1 is the claim for l, with this done",
)

# %% [markdown]
# ## 3. The output and the hinge (all sizes)
#
# $o = V x^{(L)} + c$ is one more layer without activation: each form gets the argument $V$, and $c$ is a form by
# itself. On the cell each hinge is $\varepsilon \mu (1 + \text{a sum of} \pm o_r)$ with $\varepsilon \in \{0, 1\}$: a
# constant and a sum of forms of the same kinds. Forms with the same arguments add up. One scalar case, with generic
# symbols, for the checker:

# %%
fact(
    "two hidden layers of one neuron",
    "the loss of one data point is phi_0 + phi_1 + phi_2 + phi_3 + phi_4",
    [
        "mu * e * (1 - y * (v * d2 * (w2 * d1 * (w1*x + b1) + b2) + c)) == "
        "-mu*e*y*d1*d2*x * w1*w2*v - mu*e*y*d1*d2 * b1*w2*v - mu*e*y*d2 * b2*v - mu*e*y * c + mu*e"
    ],
    variables=("mu", "e", "y", "d1", "d2", "x", "w1", "b1", "w2", "b2", "v", "c"),
)

# %% [markdown]
# ## 4. An instance for the blackboard: one cell of a network with two hidden layers (the sizes shown)

# %%
problem = example("laurent-brecht-two-hidden-layers")
form = problem.at("start").form
assert form is not None
for name, block in form.blocks.items():
    step(name, str(block), block.is_multi_affine)
total = form.ring.constant(0)
for block in form.blocks.values():
    total = total + block
step("sum", "phi_0 + phi_1 + phi_2 + phi_3 + phi_4 = L on the cell", total == form.polynomial)
step("multilinear", "each term of phi_l has one factor from b_l and from each layer above", form.is_multilinear)

# %% [markdown]
# ## 5. All cells of a network small enough to list them, and the certificates

# %%
small = example("laurent-brecht-one-neuron")
cells = small.cells()
step("complete", f"the network with one neuron has {len(cells)} cells", cells.complete)
certified("the forms on all cells", forms_certificate(small, cells))
for name in ("laurent-brecht-one-neuron", "laurent-brecht-two-hidden-layers", "convolution"):
    decided("LvB-T1", "verified", name)
