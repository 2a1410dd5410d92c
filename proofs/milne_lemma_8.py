# %% [markdown]
# # Along the gradient flow the gradient falls exponentially
#
# **Claims.** `MIL-L8`, `MIL-(16)`, `MIL-(19)`
#
# **Source.** Milne, *Piecewise strong convexity of neural networks*, section 4, equations (15) to (19), Lemma 8.
#
# **Statement.** Let $\dot W = -g$ with $g = \nabla \ell_\lambda(W)$, and $\gamma(t) = \ell_\lambda(W(t))$ twice
# differentiable. Then $\ddot\gamma = 2 g^T H g$, with the Hessian $H$. If $2 g^T H g \ge C |g|^2$ on $[0, t^*]$, then
# $|g(W(t))|^2 \le |g(W(0))|^2 e^{-Ct}$ there.
#
# **Idea.** $u = |g|^2 = -\dot\gamma$ satisfies $\dot u = -\ddot\gamma \le -C u$; divide by $e^{-Ct}$.
#
# **What would falsify it.** A flow with (17) whose gradient falls more slowly.

# %%
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. A flow that can be written down
#
# One weight in each of two layers, one data point $a = 1$, target $f$, both weights $w > 0$:
# $\ell_\lambda = \frac12 (w^2 - f)^2 + \lambda w^2$. The flow keeps them equal, and $\dot w = -w (w^2 + \beta)$ with
# $\beta = \lambda - f$. For $p = w^2$: $\dot p = -2 p (p + \beta)$, so $$p(t) = \frac{\beta p_0}{(p_0 + \beta) e^{2
# \beta t} - p_0}.$$

# %%
fact(
    "the flow",
    "with z = exp(2 b t), dz/dt = 2 b z: p = b q / ((q + b) z - q) has dp/dt = -2 p (p + b), cleared of fractions",
    [
        "n == b*q",
        "-n*(q + b)*2*b*z == -2*n*(n + b*d)",
    ],
    definitions={"n": "b*q", "d": "(q + b)*z - q"},
    variables=("b", "q", "z"),
)
argument("reading it", "p = n/d, dp/dt = -n d'/d^2 with d' = (q + b) 2 b z, and -2 p (p + b) = -2 n (n + b d)/d^2")
fact(
    "u and its rate",
    "u = |g|^2 = 2 p (p + b)^2, du/dt = -(6 p + 2 b) u",
    ["derivative(2*p*(p + b)**2, 'p')*(-2*p*(p + b)) == -(6*p + 2*b)*2*p*(p + b)**2"],
    variables=("p", "b"),
)

# %% [markdown]
# ## 2. In numbers
#
# $\beta = \frac12$, $p_0 = 1$, $t^* = 1$: $p$ falls, so $6 p + 2 \beta \ge C = 6 p(1) + 1$ on $[0, 1]$. The lemma
# promises $u(1) \le u(0) e^{-C}$.

# %%
flow = {"p": "(1/2)/((3/2)*exp(1) - 1)", "C": "6*p + 1"}
fact("the end", "0.1624 < p(1) < 0.1625, so 1.974 < C < 1.975",
     ["1624/10000 < p < 1625/10000", "1974/1000 < C < 1975/1000"], definitions=flow)  # fmt: skip
fact("Lemma 8", "u(1) = 2 p (p + 1/2)^2 < u(0) e^(-C), u(0) = 9/2",
     ["2*p*(p + 1/2)**2 < 9/2*exp(-C)"], definitions=flow)  # fmt: skip
fact("not too good", "but u(1) > u(0) e^(-4 C)", ["2*p*(p + 1/2)**2 > 9/2*exp(-4*C)"], definitions=flow)

# %% [markdown]
# ## 3. All sizes

# %%
argument("(16)", "the derivative of -|g|^2 along the flow is -2 g^T H W' = 2 g^T H g")
argument("(19)", "grad |g|^2 = 2 H g, so g^T grad |g|^2 = 2 g^T H g")
argument("Gronwall", "(u e^(Ct))' = (u' + C u) e^(Ct) <= 0, so u e^(Ct) <= u(0)")

# %% [markdown]
# ## 4. At points of networks
#
# (16): the curve $W - t g + \frac{t^2}2 H g$ agrees with the flow up to order two. (19): as an identity of polynomials
# on the cell. Lemma 8: along one exact step of gradient descent in the cell, with (17) at both ends; where the outputs
# are constant the flow is $W(t) = e^{-\lambda t} W$, and (18) is an equality.

# %%
for claim in ("MIL-(16)", "MIL-(19)", "MIL-L8"):
    decided(claim, "verified", "milne-shallow")
    decided(claim, "verified", "milne-deep")
