# %% [markdown]
# # Over a saddle of $\ell_0$ a tuple can be anything
#
# **Claims.** `YSJ-S2`
#
# **Source.** Yun, Sra, Jadbabaie 2018, section 2.2, the paragraph after Theorem 1.
#
# **Statement.** If $W_{H+1} \cdots W_1$ is a saddle of $\ell_0$, the tuple may be a local minimum, a local maximum or a
# saddle of $\ell$.
#
# **Idea.** One output over one hidden unit makes $R = w a$, with $w = W_{H+1}$ a number and $a = W_{H:1}$ a row. Then
# $\ell_0(R) = R_1^2 - R_2^2$ becomes $w^2 (a_1^2 - a_2^2)$, and at $w = 0$ the row $a$ decides.
#
# **What would falsify it.** A theorem by which the type of $R$ alone decides the type of the tuple.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. The product 0 is a saddle of $\ell_0(R) = R_1^2 - R_2^2$ (all sizes)

# %%
fact(
    "saddle",
    "the gradient is 0 at R = 0, and l_0 is t^2 along (t, 0), -t^2 along (0, t)",
    [
        "substitute(substitute(derivative(f, 'R1'), 'R1', 0), 'R2', 0) == 0",
        "substitute(substitute(derivative(f, 'R2'), 'R1', 0), 'R2', 0) == 0",
        "substitute(substitute(f, 'R1', t), 'R2', 0) == t**2",
        "substitute(substitute(f, 'R1', 0), 'R2', t) == -t**2",
    ],
    definitions={"f": "R1**2 - R2**2"},
    variables=("R1", "R2", "t"),
)

# %% [markdown]
# ## 2. The loss of the tuple (all sizes below, any number of further inputs)

# %%
fact(
    "loss",
    "(w a_1)^2 - (w a_2)^2 = w^2 (a_1 - a_2)(a_1 + a_2)",
    ["(w*a1)**2 - (w*a2)**2 == w**2 * (a1 - a2) * (a1 + a2)"],
    variables=("w", "a1", "a2"),
)
argument("minimum", "a = (1, 0), w = 0: both factors stay positive near a = (1, 0), so l >= 0 = l(tuple)")
argument("maximum", "a = (0, 1), w = 0: one factor is negative and one positive, so l <= 0")
fact(
    "saddle",
    "a = (1, 1), w = 0: l = 2 t^3 + t^4 along w = t, a = (1 + t, 1), and - 2 t^3 - t^4 along w = t, a = (1, 1 + t)",
    ["t**2 * ((1 + t)**2 - 1) == 2*t**3 + t**4", "t**2 * (1 - (1 + t)**2) == -2*t**3 - t**4"],
    variables=("t",),
)
argument("critical", "l has the factor w^2, so every tuple with w = 0 is critical, and has the product 0")
argument("no contradiction", "part 3 of Theorem 1 does not apply: W_{H+1} = 0 has rank 0")

# %% [markdown]
# ## 3. With matrices, for the widths 2, 1, 1

# %%
decided("YSJ-S2", "verified", "yun2018-deep-linear-one-output")
