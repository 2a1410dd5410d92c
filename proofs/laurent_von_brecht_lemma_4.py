# %% [markdown]
# # Vectors that agree with the mean of the others
#
# **Claims.** `MLR-L4`
#
# **Source.** Laurent, von Brecht, anonymous version, Lemma 4. (The proof there is by norms and angles; this one is an
# identity.)
#
# **Statement.** Let $R \ge 2$ and $x_1, .., x_R \in \mathbb R^d$. If $|x_r|^2 = \tfrac1{R-1} \sum_{s \ne r} \langle
# x_s, x_r \rangle$ for all $r$, then all $x_r$ are equal.
#
# **Idea.** The sum over $r$ of left minus right is $\tfrac1{R-1} \sum_{r < s} |x_r - x_s|^2$: a sum of squares. It is
# zero only if all differences are zero.
#
# **What would falsify it.** Vectors, not all equal, with this property.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. The left side, for all $R$ and $d$
#
# All terms are sums over coordinates, so let $d = 1$. Let $A = \sum_r x_r^2$ and $B = \sum_r x_r$. Since $\sum_{s \ne
# r} x_s = B - x_r$, multiplying by $R - 1$ the sum over $r$ of left minus right is $(R - 1) A - (B^2 - A) = R A - B^2$.

# %%
fact(
    "one r",
    "(R - 1) x^2 - x (B - x) = R x^2 - x B",
    ["(R - 1)*x**2 - x*(B - x) == R*x**2 - x*B"],
    variables=("R", "x", "B"),
)
argument("sum over r", "sum of R x_r^2 - x_r B over r is R A - B^2")

# %% [markdown]
# ## 2. The right side by induction over $R$ (all sizes)
#
# *Claim:* $\sum_{r < s} (x_r - x_s)^2 = R A - B^2$. For $R = 1$ both sides are $0$: $A = x_1^2$, $B = x_1$. *Step:* a
# new number $y$ adds to the left $\sum_r (x_r - y)^2 = A - 2 B y + R y^2$. On the right $R, A, B$ become $R + 1$, $A +
# y^2$, $B + y$. Here $R$ is a symbol.

# %%
fact("start", "1 * x^2 - x^2 = 0", ["1*x**2 - x**2 == 0"], variables=("x",))
fact(
    "step",
    "(R + 1)(A + y^2) - (B + y)^2 - (R A - B^2) = A - 2 B y + R y^2",
    ["(R + 1)*(A + y**2) - (B + y)**2 - (R*A - B**2) == A - 2*B*y + R*y**2"],
    variables=("R", "A", "B", "y"),
)
fact(
    "the sum of the new squares, by induction too",
    "one more x adds (x - y)^2 to A - 2 B y + R y^2",
    ["(A + x**2) - 2*(B + x)*y + (R + 1)*y**2 - (A - 2*B*y + R*y**2) == (x - y)**2"],
    variables=("R", "A", "B", "x", "y"),
)
argument("conclusion", "if every hypothesis holds, the sum of the |x_r - x_s|^2 is 0, so all x_r are equal")

# %% [markdown]
# ## 3. It is the penalty (all sizes)
#
# The penalty of Laurent and von Brecht is $\tfrac{R}{R-1} \sum_r |x_r - \bar x|^2$ with $\bar x = B / R$. Since $\sum_r
# (x_r - \bar x)^2 = A - B^2 / R$, it is $\tfrac{1}{R-1} (R A - B^2)$: the same sum of squares.

# %%
fact(
    "penalty",
    "R (A - 2 m B + R m^2) = R A - B^2 with B = R m",
    ["R*(A - 2*m*(R*m) + R*m**2) == R*A - (R*m)**2"],
    variables=("R", "A", "m"),
)

# %% [markdown]
# ## 4. An instance for the blackboard: three numbers
#
# For $x = (1, 2, 3)$: left minus right is $1 - \tfrac52$, $4 - 4$, $9 - \tfrac92$, with the sum $3$. And $\tfrac12 (1 +
# 4 + 1) = 3$.

# %%
fact(
    "1, 2, 3",
    "1 - 5/2 + 4 - 4 + 9 - 9/2 = 3 = 1/2 (1 + 4 + 1)",
    ["(1 - 1*(2 + 3)/2) + (4 - 2*(1 + 3)/2) + (9 - 3*(1 + 2)/2) == 3", "1/2 * ((1-2)**2 + (1-3)**2 + (2-3)**2) == 3"],
)

# %% [markdown]
# ## 5. The certificates

# %%
decided("MLR-L4", "verified", "laurent-brecht-exact-penalty")
decided("MLR-L4", "verified", "laurent-brecht-not-one-versus-all-separable")
