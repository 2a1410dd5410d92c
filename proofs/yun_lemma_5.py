# %% [markdown]
# # Where the ranks are full, matrices near the product are products of factors nearby
#
# **Claims.** `YSJ-L5`
#
# **Source.** Yun, Sra, Jadbabaie 2018, Lemma 5 and appendix A5.
#
# **Statement.** Let $A = W_{H+1:j+1}$ have full row rank and $B = W_{j-1:1}$ full column rank. Every $R$ is the
# product of the tuple with $V_j = W_j + A^T (A A^T)^{-1} (R - W_{H+1:1}) (B^T B)^{-1} B^T$ and $V_i = W_i$ for the
# other $i$, and $s\,t\,|V_j - W_j|_F \le |R - W_{H+1:1}|_F$ for all $s \le \sigma_{\min}(A)$ and $t \le
# \sigma_{\min}(B)$.
#
# **Idea.** A right inverse of $A$ and a left inverse of $B$ undo the two sides. The bound is one of operators: $A A^T
# \ge s^2$ says that $s\,A^T (A A^T)^{-1}$ does not lengthen, and positive semidefiniteness is decided without roots.
#
# **What would falsify it.** A change of $V_j$ that is longer than the bound.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from gmpy2 import mpq
from sympy import MatrixSymbol, symbols

from exactrelu.narration import argument, decided, fact, step
from exactrelu.theorems.yun_sra_jadbabaie.factorisation import Weights, lifted, singular_bound

m, n, p, q = symbols("m n p q", integer=True, positive=True)

# %% [markdown]
# ## 1. The product (all sizes)

# %%
A, B, D = MatrixSymbol("A", m, n), MatrixSymbol("B", p, q), MatrixSymbol("D", m, q)
K, L = A * A.T, B.T * B
change = A.T * K.inverse() * D * L.inverse() * B.T
step("product", "A (V_j - W_j) B = D", (K * K.inverse() * D * L.inverse() * L).doit() == D)
argument("which", "A A^T (A A^T)^-1 D (B^T B)^-1 B^T B = D, so A V_j B = W_{H+1:1} + D = R")

# %% [markdown]
# ## 2. The bound (all sizes)
#
# $|A^T K^{-1} D M|_F^2 = \operatorname{tr}(M^T D^T K^{-1} D M)$ with $K = A A^T$, for any $M$:

# %%
M = MatrixSymbol("M", q, p)
left = A.T * K.inverse() * D * M
square = (M.T * D.T * K.inverse() * K * K.inverse() * D * M).doit()
step("square", "K^-1 A A^T K^-1 = K^-1", square == M.T * D.T * K.inverse() * D * M)
argument("operators", "K >= s^2 I gives K^-1 <= s^-2 I, hence s^2 |A^T K^-1 D M|^2 <= |D M|^2; likewise with B and t")
fact(
    "eigenvalue by eigenvalue",
    "1/s^2 - 1/k = (k - s^2)/(s^2 k): with u = 1/k, v = 1/s^2 it is (k - s^2) u v, >= 0 where k >= s^2",
    ["(k - s2)*u*v - (v - u) == (k*u - 1)*v - (s2*v - 1)*u"],
    variables=("k", "s2", "u", "v"),
)

# %% [markdown]
# ## 3. On the blackboard: $W_2 = (3, 4)$, $W_1 = (1, 0)^T$, $j = 1$
#
# $A = (3, 4)$, $A A^T = 25$, $\sigma_{\min}(A) = 5$, $B = 1$. The product is 3; for $R = 8$ the factor moves by
# $A^T \tfrac{5}{25} = (\tfrac35, \tfrac45)^T$, of length 1: the bound is attained.

# %%
weights = Weights((((mpq(1),), (mpq(0),)), ((mpq(3), mpq(4)),)))
step("singular value", "s = 5", singular_bound(weights.matrices[1]) == 5)
step("lift", "V_1 = (8/5, 4/5)^T", lifted(weights, 1, ((mpq(8),),)).matrices[0] == ((mpq(8, 5),), (mpq(4, 5),)))
fact("check", "(3, 4) (8/5, 4/5)^T = 8, and 25 |V_1 - W_1|^2 = 25 = |R - 3|^2",
     ["[3, 4] @ [8/5, 4/5] == 8", "25 * norm2([8/5 - 1, 4/5]) == (8 - 3)**2"])  # fmt: skip

# %% [markdown]
# ## 4. Shipped instances: generic $R$, and the bound as a positive semidefinite form

# %%
for name in ("saddle", "two-hidden-layers", "more-outputs"):
    decided("YSJ-L5", "verified", f"yun2018-deep-linear-{name}")
