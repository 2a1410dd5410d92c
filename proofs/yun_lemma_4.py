# %% [markdown]
# # Every matrix is a product of wide factors
#
# **Claims.** `YSJ-L4`
#
# **Source.** Yun, Sra, Jadbabaie 2018, Lemma 4 and appendix A4.
#
# **Statement.** If $d_i \ge \min\{d_x, d_y\}$ for all hidden layers, every $R$ of shape $d_y \times d_x$ is a product
# $W_{H+1} \cdots W_1$ with $W_i$ of shape $d_i \times d_{i-1}$.
#
# **Idea.** Put $R$ into the first rows of $W_1$ (or the first columns of $W_{H+1}$), and let the others pass these
# rows on.
#
# **What would falsify it.** Wide layers and an $R$ that is no product. A narrow layer limits the rank, so it does not
# count.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from gmpy2 import mpq
from sympy import BlockMatrix, Identity, MatrixSymbol, ZeroMatrix, block_collapse, symbols

from exactrelu.linear import product
from exactrelu.narration import argument, decided, fact, step
from exactrelu.theorems.yun_sra_jadbabaie.factorisation import factors

# %% [markdown]
# ## 1. The case $d_x \ge d_y$ (all sizes)
#
# $d_i = d_y + k_i$ with $k_i \ge 0$. Here $k_i \ge 1$; without the blocks of size 0 the computation is the same.

# %%
d_x, d_y, k, l = symbols("d_x d_y k l", integer=True, positive=True)
R = MatrixSymbol("R", d_y, d_x)
first = BlockMatrix([[R], [ZeroMatrix(k, d_x)]])
middle = BlockMatrix([[Identity(d_y), ZeroMatrix(d_y, k)], [ZeroMatrix(l, d_y), ZeroMatrix(l, k)]])
last = BlockMatrix([[Identity(d_y), ZeroMatrix(d_y, k)]])
passed = block_collapse(middle * first)
step("induction step", "[[I, 0], [0, 0]] [R; 0] = [R; 0]", passed == BlockMatrix([[R], [ZeroMatrix(l, d_x)]]))
step("last factor", "[I, 0] [R; 0] = R", block_collapse(last * first) == R)
argument("d_y >= d_x", "the transposes of the factors of R^T, in the opposite order")

# %% [markdown]
# ## 2. On the blackboard: $R = (1, 2)$ through two hidden units

# %%
found = factors(((mpq(1), mpq(2)),), [2])
step("factors", "W_1 = [[1, 2], [0, 0]], W_2 = [1, 0]", found.matrices == (((1, 2), (0, 0)), ((1, 0),)))
step("product", "W_2 W_1 = (1, 2)", product(*found.matrices[::-1]) == ((1, 2),))
fact("generic", "W_2 W_1 = (a, b)", ["[[1, 0]] @ [[a, b], [0, 0]] == [[a, b]]"], variables=("a", "b"))

# %% [markdown]
# ## 3. Shipped instances, with generic entries

# %%
for name in ("saddle", "two-hidden-layers", "more-outputs"):
    decided("YSJ-L4", "verified", f"yun2018-deep-linear-{name}")
decided("YSJ-L4", "not applicable", "yun2018-deep-linear-bottleneck")
