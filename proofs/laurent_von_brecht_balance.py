# %% [markdown]
# # Separable data cannot be balanced
#
# **Claims.** `MLR-(26)-(27)`, `MLR-(15)`
#
# **Source.** Laurent, von Brecht, anonymous version, (26) and (27) in the proof of Theorem 3, and (15) in the proof of
# Theorem 2.
#
# **Statement.** Let the data be separated: $y_i (\langle q, x_i \rangle + \beta) \ge 1$ for all $i$. If $\rho_i \ge 0$
# and $\sum_i \rho_i y_i x_i = 0$ and $\sum_i \rho_i y_i = 0$, then all $\rho_i = 0$. More generally $\langle \sum_i
# \rho_i y_i x_i, q \rangle + \beta \sum_i \rho_i y_i \ge \sum_i \rho_i$, which is (15) with $\rho_i = \mu_i
# \varepsilon_i \lambda_{ik}$.
#
# **Idea.** Pair the balance with the separating hyperplane: Farkas' lemma, the easy direction.
#
# **What would falsify it.** Separated data and a balance that is not zero.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from sympy import MatrixSymbol, symbols

from exactrelu import Loss, Network, Problem
from exactrelu.narration import argument, decided, fact, step
from exactrelu.theorems.hypotheses import separation

# %% [markdown]
# ## 1. The pairing, for any number of data points and inputs (all sizes)
#
# Let $X$ be the $N \times d$ matrix of the data and $r$ the vector of the $\rho_i y_i$. Then $q^T (X^T r) + \beta\, 1^T
# r = r^T (X q + \beta 1)$, the sum of the $\rho_i\, y_i (\langle q, x_i \rangle + \beta)$. The sizes $N$ and $d$ are
# symbols.

# %%
N, d = symbols("N d", integer=True, positive=True)
X, q, r = MatrixSymbol("X", N, d), MatrixSymbol("q", d, 1), MatrixSymbol("r", N, 1)
step("transposition", "(r^T X q)^T = q^T X^T r, a number", (r.T * X * q).T.doit() == q.T * X.T * r)
fact(
    "one data point",
    "rho y (q x + beta) = rho m = rho + rho (m - 1), where m = y (q x + beta) >= 1 is its margin",
    ["rho * m == rho + rho * (m - 1)"],
    variables=("rho", "m"),
)
argument("sum", "rho (m - 1) is a product of two numbers that are not negative; adding over the data gives (15)")
argument("balance", "if the left side is 0, the sum of the rho_i is at most 0; as none is negative, all are 0")

# %% [markdown]
# ## 2. An instance for the blackboard: $x = (1, 1)^+, (1, -1)^+, (-1, 0)^-$ with $q = (1, 0)$, $\beta = 0$

# %%
fact(
    "margins",
    "y_i <q, x_i> = 1, 1, 1",
    ["[1, 1] @ [1, 0] == 1", "[1, -1] @ [1, 0] == 1", "-1 * ([-1, 0] @ [1, 0]) == 1"],
)
fact(
    "balance of the first coordinate",
    "rho_1 + rho_2 - rho_3 (-1) = rho_1 + rho_2 + rho_3: zero only if all are zero",
    ["(rho1*[1, 1] + rho2*[1, -1] - rho3*[-1, 0]) @ [1, 0] == rho1 + rho2 + rho3"],
    variables=("rho1", "rho2", "rho3"),
)

# %% [markdown]
# ## 3. Data that are not separable have a balance: $x = 0, 1, 2$ with $y = 1, -1, 1$ and $\rho = 1, 2, 1$

# %%
fact("balance", "0 - 2 + 2 = 0 and 1 - 2 + 1 = 0", ["1*0 - 2*1 + 1*2 == 0", "1 - 2 + 1 == 0"])
line = Problem(Network.dense([1, 1, 1]), [[0], [1], [2]], [1, -1, 1], Loss("hinge"), name="0, 1, 2 with +, -, +")
step("not separable", "the engine finds no separating map", separation(line) is None)
decided("MLR-(26)-(27)", "not applicable", line)

# %% [markdown]
# ## 4. The certificates; (15) on all cells of a small network

# %%
decided("MLR-(26)-(27)", "verified", "laurent-brecht-one-neuron")
decided("MLR-(26)-(27)", "verified", "laurent-brecht-three-minima")
decided("MLR-(15)", "verified", "laurent-brecht-one-neuron")
