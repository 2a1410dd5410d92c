# %% [markdown]
# # The squared loss is subharmonic on every cell
#
# **Claims.** `MIL-L2`
#
# **Source.** Milne, *Piecewise strong convexity of neural networks*, Lemma 2.
#
# **Statement.** Where the squared loss of a ReLU network is smooth, its Laplacian is a sum of squares. So at a local
# maximum it is not smooth, unless it is constant around it.
#
# **Idea.** $\Delta (o - y)^2 = 2 |\nabla o|^2 + 2 (o - y) \Delta o$, and $\Delta o = 0$ since an output has degree at
# most one in each parameter.
#
# **What would falsify it.** An output with a square of a parameter in it.

# %%
from exactrelu import example
from exactrelu.landscape import forms_certificate
from exactrelu.narration import argument, certified, step

problem = example("milne-two-neurons")
cells = problem.cells()

# %%
step("complete", f"the network with two neurons and a ReLU output has {len(cells)} cells", cells.complete)
step(
    "harmonic outputs",
    "every output has degree at most one in each parameter",
    all(output.is_multi_affine for cell in cells for row in cell.form.outputs for output in row),
)
step(
    "identity",
    "Laplacian of L = sum of c q^2 with c > 0, as polynomials, on every cell",
    all(cell.form.laplacian_is_sum_of_squares and all(c > 0 for c, _ in cell.form.laplacian_squares) for cell in cells),
)
argument("conclusion", "a subharmonic function with a local maximum is constant on the connected set around it")
certified("the forms on all cells", forms_certificate(problem, cells))
