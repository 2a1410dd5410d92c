# %% [markdown]
# # Erratum: the usual trick covers the first bias only
#
# **Claims.** `YSJ-R1`
#
# **Source.** Yun, Sra, Jadbabaie 2018, section 2.1, remark on bias terms.
#
# **Statement.** *As printed:* models with biases $b_1, .., b_{H+1}$ are expressed by augmented data and weight
# matrices, so that the theory of free matrices applies to them. *Corrected:* this is so for $b_1$ alone. A bias of a
# higher layer is a column beside a row $(0, 1)$ that is not free; a critical point with biases need not be a critical
# tuple.
#
# **Idea.** Compute the derivative in the constrained row.
#
# **What would falsify it.** A proof that this derivative vanishes at all critical points.

# %%
from exactrelu import example
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. The counterexample: one unit with both biases, $x = 1, -1$, $y = 2, 0$
#
# At $w_1 = b_1 = w_2 = 0$ and $b_2 = 1$ the output is 1, the mean of the targets: a critical point. The augmented
# matrices are $A_1 = \begin{pmatrix} w_1 & b_1 \\ 0 & 1 \end{pmatrix}$ and $A_2 = (w_2, b_2)$, on the data $(x, 1)$.

# %%
problem = example("yun2018-deep-linear-biases")
fact("critical", "the gradient in w_1, b_1, w_2, b_2 is 0", ['norm2(gradient("saddle")) == 0'], problem)
fact(
    "the same network",
    "A_2 A_1 (x, 1) = 1 at both data points",
    ["[[0, 1]] @ [[0, 0], [0, 1]] @ transpose([[1, 1], [-1, 1]]) == [[1, 1]]", 'outputs("saddle") == [[1], [1]]'],
    problem,
)
fact(
    "derivative",
    "with the residuals -1, 1 it is (0, 1)^T (-2, 0) in A_1: -2 in the row that is not free",
    ["transpose([[0, 1]]) @ [[-1, 1]] @ [[1, 1], [-1, 1]] == [[0, 0], [-2, 0]]"],
)
decided("YSJ-R1", "refuted", problem)
argument("consequence", "Theorem 1 says nothing of this point as a tuple of augmented matrices")

# %% [markdown]
# ## 2. What holds
#
# $b_1$ alone is a free column of $W_1$. And the theorem is true with $b_{H+1}$ free, by another argument: the file
# `yun_biases.py`.

# %%
decided("YSJ-R1", "verified", "yun2018-deep-linear-first-bias")
decided("YSJ-R1-last", "verified", problem)
