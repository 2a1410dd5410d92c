# %% [markdown]
# # Sums of products of powers minus twice the product at the means
#
# **Claims.** `YSJ-LA4`
#
# **Source.** Yun, Sra, Jadbabaie 2018, Lemma A.4.
#
# **Statement.** For $n_1, n_2 \ge 1$, $a^{n_1} c^{n_2} + b^{n_1} d^{n_2} - 2 (\tfrac{a+b}2)^{n_1} (\tfrac{c+d}2)^{n_2}
# = (a-b)^2 q_{n_1 n_2}(a, b, d) + (c-d)^2 q_{n_2 n_1}(c, d, b) + (a-b)(c-d)\, r_{n_1 n_2}(a, b, c, d)$ with
# polynomials, homogeneous of degree $n_1 + n_2 - 2$; $q_{11} = 0$, $r_{11} = \tfrac12$.
#
# **Idea.** $q_{n_1 n_2} = p_{n_1}(a, b)\, d^{n_2}$ with $p$ of Lemma A.3. What is left is a multiple of $a - b$ and of
# $c - d$. It is enough to write capital letters for the powers.
#
# **What would falsify it.** Exponents for which the rest is not divisible by $(a - b)(c - d)$.

# %%
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.theorems.yun_sra_jadbabaie.expansions import products, products_for_all

# %% [markdown]
# ## 1. On the blackboard: $n_1 = n_2 = 1$

# %%
fact(
    "n1 = n2 = 1",
    "a c + b d - (a + b)(c + d)/2 = (a - b)(c - d)/2",
    ["a*c + b*d - (a + b)*(c + d)/2 == (a - b)*(c - d)/2"],
    variables=("a", "b", "c", "d"),
)

# %% [markdown]
# ## 2. All exponents
#
# $A, B, M$ stand for $a^{n_1}, b^{n_1}, (\tfrac{a+b}2)^{n_1}$ and $C, D, K$ for those of $c, d$ and $n_2$. Take off
# $D (A + B - 2M)$ and $B (C + D - 2K)$:

# %%
fact(
    "what is left",
    "AC + BD - 2MK - D (A + B - 2M) - B (C + D - 2K) = (A - B)(C - D) - 2 (B - M)(D - K)",
    ["A*C + B*D - 2*M*K - D*(A + B - 2*M) - B*(C + D - 2*K) == (A - B)*(C - D) - 2*(B - M)*(D - K)"],
    variables=("A", "B", "C", "D", "M", "K"),
)
argument("divisible", "A - B and B - M by a - b, C - D and D - K by c - d: differences of equal powers")
certified("with p and q of Lemma A.3 put in: an identity in ten variables", products_for_all())
argument("degrees", "p_n has degree n - 2, (A - B)/(a - b) degree n1 - 1; so q and r have degree n1 + n2 - 2")

# %% [markdown]
# ## 3. The printed formulas

# %%
certified("the formulas for q and r, expanded, for n1, n2 <= 7", products())
decided("YSJ-LA4", "verified", "yun2018-three-point")
