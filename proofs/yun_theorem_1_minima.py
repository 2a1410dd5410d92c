# %% [markdown]
# # Deep linear networks: minima of the loss and minima of $\ell_0$
#
# **Claims.** `YSJ-T1.2a`, `YSJ-T1.2b`, `YSJ-T1.3`, `YSJ-T1.3a`, `YSJ-S1`
#
# **Source.** Yun, Sra, Jadbabaie 2018, Theorem 1, parts 2 and 3, sections 2.3.2 to 2.3.4.
#
# **Statement.** $\ell(W_1, .., W_{H+1}) = \ell_0(R)$ with $R = W_{H+1} \cdots W_1$. (2a) If $R$ is a local minimum of
# $\ell_0$, the tuple is one of $\ell$. (2b) With all $d_i \ge \min\{d_x, d_y\}$ the tuple is a global minimum if and
# only if $R$ is one of $\ell_0$. (3) If $W_{H+1:j+1}$ has full row rank and $W_{j-1:1}$ full column rank for some $j$,
# then $\nabla \ell_0(R) = 0$ where the tuple is critical, and $R$ is a local minimum if the tuple is one. A product of
# full rank is sufficient for this. The same holds with maxima.
#
# **Idea.** The product is a continuous map (2a), onto (2b: Lemma 4), and open where the ranks are full (3: Lemma 5).
#
# **What would falsify it.** A tuple of full rank that is a local minimum, over a product that is none.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from sympy import MatrixSymbol, symbols

from exactrelu.narration import argument, decided, fact, step

m, n, p, q = symbols("m n p q", integer=True, positive=True)

# %% [markdown]
# ## 1. Part 2: the loss is $\ell_0$ after a map (all sizes)

# %%
argument("2a", "near the tuple the product is near R (Lemma 3), and there l_0 is at least l_0(R)")
argument("2b", "l takes the values that l_0 takes on the products, and these are all matrices (Lemma 4)")

# %% [markdown]
# ## 2. Part 3: full ranks make the gradient vanish (all sizes)
#
# With $A = W_{H+1:j+1}$ of full row rank, $B = W_{j-1:1}$ of full column rank and $G = \nabla \ell_0(R)$, criticality
# in $W_j$ says $A^T G B^T = 0$. $A A^T$ and $B^T B$ are invertible.

# %%
A, G, B = MatrixSymbol("A", m, n), MatrixSymbol("G", m, q), MatrixSymbol("B", p, q)
left, right = (A * A.T).inverse(), (B.T * B).inverse()
step("solve", "(A A^T)^-1 A [A^T G B^T] B (B^T B)^-1 = G", (left * (A * A.T) * G * (B.T * B) * right).doit() == G)
argument("gradient", "so G = 0")
argument(
    "3a",
    "every R' near R is the product of a tuple near W (Lemma 5), so l_0(R') >= l_0(R) if W is a local minimum",
)
argument(
    "full rank",
    "if rank R = min(d_x, d_y) = d_y, then W_{H+1:2} has row rank d_y, and j = 1 will do, for W_{0:1} = I; "
    "if it is d_x, then W_{H:1} has column rank d_x, and j = H + 1",
)

# %% [markdown]
# ## 3. For the squared loss all critical points of $\ell_0$ are global minima
#
# $\ell_0(R + D) = \ell_0(R) + \langle \nabla \ell_0(R), D \rangle + \tfrac12 |D X|^2$. For one data point $x$ in the
# plane, two outputs, residual $r = R x - y$, in all entries:

# %%
fact(
    "sum of squares",
    "|r + D x|^2 / 2 = |r|^2 / 2 + <r x^T, D> + |D x|^2 / 2",
    ["norm2(r + D @ x)/2 == norm2(r)/2 + trace(transpose(outer) @ D) + norm2(D @ x)/2"],
    definitions={
        "r": "[r1, r2]",
        "x": "[x1, x2]",
        "D": "[[d11, d12], [d21, d22]]",
        "outer": "[[r1*x1, r1*x2], [r2*x1, r2*x2]]",
    },
    variables=("r1", "r2", "x1", "x2", "d11", "d12", "d21", "d22"),
)
argument("more", "data points and outputs add up; so where grad l_0 = 0 nothing is less than l_0(R)")

# %% [markdown]
# ## 4. Instances
#
# One hidden unit, one output: $x = (1,0), (0,1), (1,1)$, $y = 1, 2, 4$. Least squares gives $R = (\tfrac43,
# \tfrac73)$ with loss $\tfrac16$, and every factorisation of it is a global minimum.

# %%
fact(
    "least squares",
    "the residuals 1/3, 1/3, -1/3 are orthogonal to the data; the loss is 1/6",
    ["[1/3, 1/3, -1/3] @ [[1, 0], [0, 1], [1, 1]] == [0, 0]", "([1/3, 1/3, -1/3] @ [1/3, 1/3, -1/3]) / 2 == 1/6"],
)
for claim in ("YSJ-T1.2a", "YSJ-T1.2b", "YSJ-T1.3", "YSJ-T1.3a", "YSJ-S1"):
    decided(claim, "verified", "yun2018-deep-linear-one-output")
    decided(claim, "verified", "yun2018-deep-linear-more-outputs")
