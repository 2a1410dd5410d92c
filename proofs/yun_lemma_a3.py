# %% [markdown]
# # Sums of powers minus twice the power of the mean
#
# **Claims.** `YSJ-LA3`
#
# **Source.** Yun, Sra, Jadbabaie 2018, Lemma A.3.
#
# **Statement.** For $n \ge 2$, $a^n + b^n - 2 (\tfrac{a+b}2)^n = (a-b)^2 p_n(a, b)$ with a polynomial $p_n$,
# homogeneous of degree $n - 2$, $p_2 = \tfrac12$, and $p_n = \sum_{k=0}^{n-2} \big[k + 1 - 2^{1-n} \sum_{l \le k} (k +
# 1 - l) \binom nl\big] a^{n-k-2} b^k$.
#
# **Idea.** Induction on $n$, together with $a^n - b^n = (a - b) q_n$. The formula is read off from second differences
# of coefficients.
#
# **What would falsify it.** An $n$ for which division by $(a - b)^2$ leaves a rest.

# %%
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.theorems.yun_sra_jadbabaie.expansions import polynomial_p, powers, powers_step

# %% [markdown]
# ## 1. On the blackboard: n = 2, 3

# %%
fact(
    "n = 2, 3",
    "a^2 + b^2 - (a + b)^2/2 = (a - b)^2/2;  a^3 + b^3 - (a + b)^3/4 = (a - b)^2 3 (a + b)/4",
    ["a**2 + b**2 - (a + b)**2/2 == (a - b)**2/2", "a**3 + b**3 - (a + b)**3/4 == (a - b)**2*3*(a + b)/4"],
    variables=("a", "b"),
)

# %% [markdown]
# ## 2. All n, by induction
#
# Let $m = \tfrac{a+b}2$, $E_n = a^n + b^n - 2 m^n$. Then $E_{n+1} = m E_n + \tfrac{a-b}2 (a^n - b^n)$. So with $p_1 =
# 0$, $q_1 = 1$: $p_{n+1} = m p_n + \tfrac12 q_n$, $q_{n+1} = a q_n + b^n$. In the certificate $B$, $P$, $Q$ stand for
# $b^n$, $p_n$, $q_n$; it is an identity in five variables, so it holds for every $n$.

# %%
fact(
    "recursion of E",
    "a A + b B - 2 m M = m (A + B - 2 M) + (a - b)/2 (A - B)",
    ["a*A + b*B - (a + b)*M == (a + b)/2*(A + B - 2*M) + (a - b)/2*(A - B)"],
    variables=("a", "b", "A", "B", "M"),
)
certified("start and step of the induction", powers_step())
argument("degrees", "q_n is homogeneous of degree n - 1, so p_n is of degree n - 2; p_2 = q_1/2 = 1/2")

# %% [markdown]
# ## 3. The formula
#
# Let $c_k$ be the bracket. The coefficients of $(a-b)^2 p_n$ are the second differences $c_k - 2 c_{k-1} + c_{k-2}$.
# Those of $k + 1$ vanish for $k \ge 1$; those of the double sum are $\binom nk$. So they are $-2^{1-n}\binom nk$, plus
# 1 at $k = 0$, as in $E_n$. At the other end $c_{n-1} = n - 2^{1-n} n 2^{n-1} = 0$ and $c_n = -1$: to cut the sum after
# $k = n - 2$ replaces $c_n$ by 0, which adds the 1 at $k = n$.

# %%
argument("all n", "the paragraph above, by sum_l C(n, l) = 2^n and sum_l (n - l) C(n, l) = n 2^(n-1)")
certified("the formula for n = 2, .., 16, expanded", powers())
print("           p_4 =", polynomial_p(4))
decided("YSJ-LA3", "verified", "yun2018-three-point")
