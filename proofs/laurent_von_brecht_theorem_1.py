# %% [markdown]
# # The multilinear structure of the loss
#
# **Claims.** `LvB-T1`
#
# **Source.** Laurent, von Brecht, *The multilinear structure of ReLU networks*, ICML 2018, Theorem 1 and Corollaries 1
# and 2. (The anonymous version prints the decomposition without $\varphi_L(b^{(L)}, V)$ and without the constant.)
#
# **Statement.** On each cell a hinge loss is
# $\varphi_0(W^{(1)}, .., W^{(L)}, V) + \varphi_1(b^{(1)}, W^{(2)}, .., V) + .. + \varphi_L(b^{(L)}, V)
# + \varphi_{L+1}(c) + \varphi_{L+2}$ with multilinear forms and a constant. So its Hessian has
# trace zero, and it has no extremum inside a cell unless it is constant there.
#
# **Idea.** On a cell every activation is multiplication by a fixed slope. An output is a sum over paths, and each path
# uses every layer at most once.
#
# **What would falsify it.** A monomial with two parameters of one layer.

# %%
from exactrelu import example
from exactrelu.landscape import forms_certificate
from exactrelu.narration import argument, certified, step

problem = example("laurent-brecht-two-hidden-layers")
point = problem.at("start")
form = point.form
assert form is not None

# %% [markdown]
# ## 1. The blocks on one cell of a network with two hidden layers

# %%
for name, block in form.blocks.items():
    step(name, str(block), block.is_multi_affine)
total = form.ring.constant(0)
for block in form.blocks.values():
    total = total + block
step("sum", "phi_0 + phi_1 + phi_2 + phi_3 + phi_4 = L on the cell", total == form.polynomial)
step("multilinear", "each term of phi_l has one factor from b_l and from each layer above", form.is_multilinear)
step("not printed in the anonymous version", f"phi_2 = {form.blocks['phi_2']}", not form.blocks["phi_2"].is_zero)

# %% [markdown]
# ## 2. The Hessian has trace zero, so it is zero or indefinite

# %%
step("trace", "sum of the second derivatives = 0 as a polynomial", form.is_trace_zero)
inertia = form.inertia(point.parameters)
step(
    "inertia",
    f"({inertia.positive}, {inertia.negative}, {inertia.zero}) at the point",
    vars(inertia) == vars(form.inertia(point.parameters)) and inertia.positive == inertia.negative == 3,
)
argument("Corollary 2", "a symmetric matrix with trace zero that is not zero has eigenvalues of both signs")
argument("Corollary 1", "a harmonic function has no local extremum on a connected open set unless it is constant there")

# %% [markdown]
# ## 3. On every cell of a network small enough to list them all

# %%
small = example("laurent-brecht-one-neuron")
cells = small.cells()
step("complete", f"the network with one neuron has {len(cells)} cells", cells.complete)
step(
    "all cells",
    "multilinear, with Hessians of trace zero",
    all(cell.form.is_multilinear and cell.form.is_trace_zero for cell in cells),
)
certified("the forms on all cells", forms_certificate(small, cells))

# %% [markdown]
# ## 4. For all sizes
#
# The machine checked the networks above. For all sizes the statement is an induction over the layers, in prose.

# %%
argument(
    "induction",
    "the features of layer l are slope * (W features of layer l-1 + b): linear in W, linear in b, and "
    "the parameters of layer l occur in nothing below; so a path has one factor of each layer above its start",
)
