# %% [markdown]
# # Erratum: a factor 2 in the gradient of the penalty
#
# **Claims.** `MLR-(28)`, `MLR-L4`
#
# **Source.** Laurent, von Brecht, anonymous version, proof of Theorem 4, before (28).
#
# **Statement.** *As printed:* the gradient of $\gamma \mathcal R$ by the parameters $x_r$ of replica $r$ is $\gamma
# (x_r - \tilde x_r)$, where $\tilde x_r$ is the mean of the other replicas. *Corrected:* it is $2 \gamma (x_r - \tilde
# x_r)$. The proof of Theorem 4 does not depend on the factor.
#
# **Idea.** Two replicas of one number: $\mathcal R = (x_1 - x_2)^2$.
#
# **What would falsify it.** A penalty that is half of the printed one.

# %%
from exactrelu.narration import decided, fact

# %% [markdown]
# ## 1. The counterexample: two replicas of one parameter
#
# $\mathcal R = \tfrac{2}{1} \big( (x_1 - \tfrac{x_1 + x_2}{2})^2 + (x_2 - \tfrac{x_1 + x_2}{2})^2 \big)$

# %%
penalty = "2 * ((x1 - (x1 + x2)/2)**2 + (x2 - (x1 + x2)/2)**2)"
fact(
    "two replicas",
    "R = (x1 - x2)^2, with the derivative 2 (x1 - x2), not x1 - x2",
    [
        f"{penalty} == (x1 - x2)**2",
        f'derivative({penalty}, "x1") == 2 * (x1 - x2)',
        f'derivative({penalty}, "x1") != x1 - x2',
    ],
    variables=("x1", "x2"),
)
decided("MLR-(28)", "refuted", "laurent-brecht-exact-penalty")

# %% [markdown]
# ## 2. What holds, for all numbers $R$ of replicas and all dimensions
#
# Coordinate by coordinate. Let $u$ be the sum of the other replicas and $a$ the sum of their squares; write $n$ for
# $R - 1$. Then $\sum_s (x_s - \bar x)^2 = a + x^2 - (u + x)^2 / R$, so $n \mathcal R = R (a + x^2) - (u + x)^2$.

# %%
fact(
    "all sizes",
    "n dR/dx = 2 R x - 2 (u + x) = 2 (n x - u) with R = n + 1, that is dR/dx = 2 (x - u / n)",
    ['derivative((n + 1) * (a + x**2) - (u + x)**2, "x") == 2 * (n * x - u)'],
    variables=("n", "a", "u", "x"),
)
fact(
    "mean",
    "R sum (x_s - m)^2 = R (A - 2 m B + R m^2) = R A - B^2, where A = sum x_s^2, B = sum x_s = R m",
    ["R * (A - 2*m*(R*m) + R*m**2) == R*A - (R*m)**2"],
    variables=("R", "A", "m"),
)
decided("MLR-L4", "verified", "laurent-brecht-exact-penalty")
