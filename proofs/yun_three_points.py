# %% [markdown]
# # Three points with a spurious local minimum
#
# **Claims.** `YSJ-A9.2`
#
# **Source.** Yun, Sra, Jadbabaie, *Small nonlinearities in activation functions create bad local minima in neural
# networks*, Theorem 7 and appendix A9, slopes $(s_+, s_-) = (1, \tfrac12)$.
#
# **Statement.** For the data $x = (1,0), (0,1), (\tfrac12,\tfrac12)$ with $y = 0, 0, 1$, two hidden neurons and the
# loss $L = \tfrac12 \sum_i (o_i - y_i)^2$, the point `bad` is a local minimum with $L = \tfrac13$, and it is not a
# global one.
#
# **Idea.** Near `bad` all units are active, so every output is affine in the product of the layers, as in a linear
# network. The linear fit cannot do better than $\tfrac13$. But the kinks elsewhere allow an exact fit.
#
# **What would falsify it.** A cross term that does not vanish, or a loss above 0 at the point `good`.

# %%
from fractions import Fraction

from exactrelu import example
from exactrelu.narration import argument, certified, step

problem = example("yun2018-three-point")
bad, good = problem.at("bad"), problem.at("good")

# %% [markdown]
# ## 1. The bad point lies in the interior of a cell, and its loss is 1/3

# %%
step("signature", f"S(bad) = {bad.signature}, no zero", "0" not in bad.signature)
step("loss", "L(bad) = 1/3", bad.loss == Fraction(1, 3))

# %% [markdown]
# ## 2. The loss on that cell, and the identity that proves the minimum
#
# With the residuals $r_i$ at `bad`,
# $$L - L(\text{bad}) = \tfrac12 \sum_i (o_i - o_i^*)^2 + \sum_i r_i (o_i - o_i^*).$$
# If the second sum vanishes *identically* as a polynomial, the difference is a sum of squares.

# %%
form = bad.form
assert form is not None
residuals = [r.evaluate(bad.parameters) for (r,) in form.residuals]
step(
    "residuals",
    f"r = ({', '.join(map(str, residuals))})",
    residuals == [Fraction(1, 3), Fraction(1, 3), Fraction(-2, 3)],
)
cross = form.ring.constant(0)
for (output,), r in zip(form.outputs, residuals, strict=True):
    cross = cross + (output - form.ring.constant(output.evaluate(bad.parameters))) * form.ring.constant(r)
step("cross term", "sum_i r_i (o_i - o_i*) = 0 as a polynomial in 9 parameters", cross.is_zero)
argument("why", "sum_i r_i = 0 and sum_i r_i x_i = 0, the normal equations of the best affine fit")
argument("conclusion", "L - L(bad) is a sum of squares on an open cell around bad: a local minimum")

# %% [markdown]
# ## 3. It is spurious

# %%
step("better point", "L(good) = 0 < 1/3", good.loss == 0)

# %% [markdown]
# ## 4. One certificate says all of it

# %%
certified("bad is a spurious local minimum", bad.certificate())
