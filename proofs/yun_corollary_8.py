# %% [markdown]
# # Sigmoid, tanh, arctan, ELU and SELU have a spurious minimum on three points
#
# **Claims.** `YSJ-C8-sigmoid`, `YSJ-C8-tanh`, `YSJ-C8-arctan`, `YSJ-C8-ELU`, `YSJ-C8-SELU`
#
# **Source.** Yun, Sra, Jadbabaie 2018, Corollary 8 and appendix A7.
#
# **Statement.** These five functions satisfy (C7.1) to (C7.7). So by Theorem 7 each has on the three points a local
# minimum of risk $\tfrac13$, and parameters of risk 0.
#
# **Idea.** Choose the *values* $h(v_k)$, not the $v_k$: then (C7.1) and (C7.3) are equations between rational numbers,
# and for the sigmoid and tanh $h'$ and $h''$ are polynomials in $h$. What remains are strict inequalities.
#
# **What would falsify it.** A value on the wrong side of one of these inequalities.

# %%
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.theorems.yun_sra_jadbabaie.activations import ACTIVATIONS

# %% [markdown]
# ## 1. (C7.1) and (C7.2): values 1/2, 1/4, 1/4, 1/8
#
# (C7.1) is $\tfrac12 \cdot \tfrac18 = \tfrac14 \cdot \tfrac14$ for the first three, and the same times
# $(\lambda\alpha)^2$ for ELU and SELU, with values $-\lambda\alpha$ times these. In (C7.2) are the values at two
# middles.

# %%
fact("(C7.1)", "1/2 * 1/8 = 1/4 * 1/4", ["1/2 * (1/8) == 1/4 * (1/4)"])
fact(
    "(C7.2), sigmoid, by hand",
    "exp(-v) = 1, 3, 3, 7, so h is 1/(1 + sqrt 21) and 1/(1 + sqrt 3) at the middles",
    ["(1/2)/(1 + sqrt(21)) < (1/4)/(1 + sqrt(3))", "2*(1 + sqrt(3)) < 1 + sqrt(21)", "sqrt(3) < 2"],
)
argument("even without square roots", "1 + 2 sqrt 3 < sqrt 21 says 13 + 4 sqrt 3 < 21, that is sqrt 3 < 2")
fact(
    "(C7.2), ELU and SELU, by hand",
    "exp(v) = 1/2, 3/4, 3/4, 7/8, so exp is sqrt(21/32) and sqrt(3/8) at the middles",
    ["(1 - sqrt(21/32))/2 < (1 - sqrt(3/8))/4"],
)
for name, make in ACTIVATIONS.items():
    certified(f"(C7.1), (C7.2) for {name}", make().fits)

# %% [markdown]
# ## 2. (C7.3), (C7.6), (C7.7) for the sigmoid: h(v) = 1/4, u = 2/3 for both neurons
#
# $h' = h (1 - h)$, $h'' = h' (1 - 2 h)$.

# %%
fact(
    "sigmoid",
    "h' = 3/16, h'' = 3/32; (C7.6) is 7/192 > 0, (C7.7) holds by 5/4608",
    [
        "2/3*h + 2/3*h == 1/3",
        "[d, s] == [3/16, 3/32]",
        "left == 7/192",
        "left*left - (2/3*d)**4 == 5/4608",
    ],
    definitions={"h": "1/4", "d": "h*(1 - h)", "s": "d*(1 - 2*h)", "left": "(2/3*d)**2 + 2/3*s/3"},
)

# %% [markdown]
# ## 3. tanh: h(v) = 1/2, u = (1, -1/3)
#
# $h' = 1 - h^2$, $h'' = -2 h h'$. (Here the second neuron's factor in (C7.7) is positive because $u_2 < 0$.)

# %%
fact(
    "tanh",
    "h' = 3/4, h'' = -3/4; (C7.6) is 5/16 > 0, (C7.7) holds by 1/96",
    ["h - h/3 == 1/3", "left == 5/16", "left*(d**2/9 - s/9) - (d*d/3)**2 == 1/96"],
    definitions={"h": "1/2", "d": "1 - h**2", "s": "-2*h*d", "left": "d**2 + s/3"},
)

# %% [markdown]
# ## 4. arctan: v = tan(1/2) = x, u = (1, -1/3)
#
# $h(v) = \tfrac12$, $h' = \frac1k$, $h'' = -\frac{2x}{k^2}$ with $k = 1 + x^2$. Clear denominators: (C7.6) times $k^2$
# is $1 - \tfrac23 x$, and the difference in (C7.7) times $k^4$ is $\tfrac4{27} x (1 - x)$. So both say only that $0 <
# \tan\tfrac12 < 1$, and this is $0 < \tfrac12 < \tfrac\pi4$.

# %%
fact(
    "arctan",
    "(1 - 2x/3)(1/9 + 2x/9) - 1/9 = 4 x (1 - x)/27",
    ["(1 - 2*x/3)*(1/9 + 2*x/9) - 1/9 == 4*x*(1 - x)/27"],
    variables=("x",),
)
fact("tan(1/2) < 1", "1/2 < arctan 1", ["1/2 < atan(1)"])
argument("size", "(C7.6) is 0.3771128.., and the difference in (C7.7) is 0.0129181..: enclosed in the certificates")

# %% [markdown]
# ## 5. ELU and SELU, for all lambda, alpha > 0: v = (1/3, log 2/3), u = (2/lambda, 1/(lambda alpha))
#
# With $k = \lambda\alpha$: $h = \tfrac\lambda3, -\tfrac k3$; $h' = \lambda, \tfrac{2k}3$; $h'' = 0, \tfrac{2k}3$.

# %%
for name, make in ACTIVATIONS.items():
    certified(f"(C7.3), (C7.6), (C7.7) for {name}", make().minimum)
    decided(f"YSJ-C8-{name}", "verified", "yun2018-three-point")

# %% [markdown]
# ## 6. (C7.4), (C7.5): derivatives of all orders, at most c^n n!

# %%
argument("sigmoid, tanh", "h^(n) = P_n(h), P_0 = t, P_{n+1} = P_n' P_1 with P_1 = t - t^2 or 1 - t^2; |h| <= 1")
argument(
    "their size", "deg P_n = n + 1; the moduli of coefficients add up to at most 2 (n + 1) times those before: 2^n n!"
)
argument("arctan", "h' is the imaginary part of 1/(x - i) up to sign, so |h^(n)| <= (n - 1)! : c = 1")
argument("ELU, SELU", "lambda x and lambda alpha (exp - 1) near the two points: c = max(1, lambda, lambda alpha)")
argument("in the paper", "appendix A7 prints (v_1, v_2, u_1, u_1) for (v_1, v_2, u_1, u_2), twice more below")
