# %% [markdown]
# # Two data points and four cells: least squares, and which minima are genuine
#
# **Claims.** `LIU-Ex`, `LIU-F2b`, `LIU-(5)-(9)`, `LIU-(10)-(12)-corrected`, `LIU-(13)-corrected`,
# `LIU-4.1-2c-corrected`
#
# **Source.** Liu, sections 4.1 to 4.3, appendix B, figure 2; the tests (11) to (13) corrected.
#
# **Statement.** In a cell with activities $I$ the minimisers of the loss in $R$ are $R^* = A^+ y + (I - A^+ A) c$, row
# $i$ of $A$ being $(I_{i1} x_i^T, .., I_{iK} x_i^T)$; the least loss is $\tfrac1N |A A^+ y - y|^2$; the minimiser is
# unique if and only if $\operatorname{rank} A = K d$. The cell has a differentiable local minimum if and only if for
# one $c$ each $R^*_j$, divided by a $z_j$ of one sign, lies strictly inside the cell of neuron $j$, or $R^*_j = 0$.
#
# **Idea.** Least squares on each cell; then ask whether the answer belongs to the cell that asked.
#
# **What would falsify it.** A local minimum inside a cell whose least squares fail the test.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact, step
from exactrelu.theorems.liu.example import table
from exactrelu.theorems.liu.genuineness import NotGenuine, genuine
from exactrelu.theorems.liu.least_squares import least_squares

# %% [markdown]
# ## 1. Least squares (all sizes)
#
# $G = 0$ reads $A^T (A R - y) = 0$. $R = A^+ y + (I - A^+ A) c$ solves it, since $A^T A A^+ = A^T$ and $A (I - A^+ A) =
# 0$; two solutions differ by $D$ with $A^T A D = 0$, so $|A D|^2 = 0$. The matrix identities follow from the four of
# Penrose; here on the matrix of cell $r_3$, $A = \begin{pmatrix}1 & 0\\ 0 & 0\end{pmatrix} = A^+$:

# %%
fact(
    "Penrose on r3",
    "A A^+ A = A, A^T A A^+ = A^T, A (I - A^+ A) = 0, A^+ y = (1, 0)",
    ["A @ P @ A == A", "transpose(A) @ A @ P == transpose(A)", "A @ (identity(2) - P @ A) == zeros(2, 2)",
     "P @ [1, 1] == [1, 0]", "1/2*norm2(A @ P @ [1, 1] - [1, 1]) == 1/2"],
    definitions={"A": "[[1, 0], [0, 0]]", "P": "[[1, 0], [0, 0]]"},
)  # fmt: skip
argument("uniqueness", "A D = 0 has only the solution 0 if and only if rank A is the number K d of its columns")

# %% [markdown]
# ## 2. The test (all sizes)
#
# By Lemma 1 and the convexity of $L(R)$ a point inside the cell is a local minimum if and only if its $R$ is a
# minimiser. If $z_j \ne 0$, $w_j = R_j / z_j$ is inside its cell if and only if $R_j$, or $-R_j$, is. If $z_j = 0$,
# then $R_j = 0$, and $w_j$ is any vector of the cell. For each choice among these three for each neuron the conditions
# are linear in $c$: a solution is a point, and otherwise a positive combination of them is contradictory (Farkas).

# %%
argument("strict", "on the boundary of the cell other formulas hold too: errata/liu_genuine_minima.py")

# %% [markdown]
# ## 3. Labels 1, 1
#
# Cells by the signs of $w_1, w_2$: $r_4 = {+}{+}$, $r_3 = {+}{-}$, $r_2 = {-}{+}$, $r_1 = {-}{-}$.

# %%
problem = Problem.example("liu-two-samples")
for row in table(problem):
    signature, optimum, kernel, loss, inner = row.cells
    print(f"           {signature}   R* = {optimum}   kernel {kernel}   L* = {loss}   genuine: {inner}")
    certified(f"least squares on {signature}", row.solution.certificate())
step("all genuine", "4 of 4 cells", all(row.cells[4] != "no" for row in table(problem)))
decided("LIU-Ex", "verified", problem)

# %% [markdown]
# ## 4. Labels 1, -1
#
# In $r_4$ now $R^* = (1, -1)$, and neither $R^*$ nor $-R^*$ has positive entries. Cell $r_2$ needs $z < 0$: $R^* =
# (c_1,
# -1)$, $w = -R^*$.

# %%
opposite = Problem.example("liu-two-samples-opposite")
for row in table(opposite):
    signature, optimum, kernel, loss, inner = row.cells
    print(f"           {signature}   R* = {optimum}   kernel {kernel}   L* = {loss}   genuine: {inner}")
    certified(f"least squares on {signature}", row.solution.certificate())
answer = genuine(least_squares(opposite, "+;+"))
assert isinstance(answer, NotGenuine)
for signs, identity in answer.refuted.refutations.items():
    print(f"           sign {signs[0]} of z refuted by {identity}")
certified("r4 has no differentiable local minimum", answer.certificate())
decided("LIU-F2b", "verified", opposite)

# %% [markdown]
# ## 5. The claims

# %%
for name in ("LIU-(5)-(9)", "LIU-4.1-2c-corrected", "LIU-(10)-(12)-corrected", "LIU-(13)-corrected"):
    decided(name, "verified", problem)
    decided(name, "verified", opposite)
