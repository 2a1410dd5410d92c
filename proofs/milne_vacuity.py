# %% [markdown]
# # The only critical point in $U(\lambda)$ is the zero network
#
# **Claims.** `MIL-Euler`, `MIL-T2-bound`, `MIL-T2-zero`, `MIL-T2`, `MIL-L5`, `MIL-L4-zero`, `MIL-L4`, `MIL-(9)-(10)`
#
# **Source.** Milne, *Piecewise strong convexity of neural networks*, Theorem 2, Lemmas 4 to 7; the theorem here is
# not in the paper.
#
# **Statement.** Let $W \ne 0$ be a critical point of $\ell_\lambda$, differentiable or in the sense of Clarke, of a
# network without biases: ReLU, leaky or linear, $H \ge 1$ hidden layers of any widths. Then
# $\sqrt2\, r\, \ell(W)^{1/2}\, \|W\|_*^{H-1} \ge \lambda$. In $U(\lambda)$ this number is below $\lambda / (H(H+1))$.
# So Theorem 2, on critical points in $U$, is true and speaks of $W = 0$ alone; and where (8) or (10) holds, $W = 0$ is
# the only global minimiser.
#
# **Idea.** Scale one layer: $W_k \to (1 + t) W_k$ multiplies the output by $1 + t$ and changes no switch. The
# derivative along each layer must vanish, so all layers have the same norm, and the output must pay for it.
#
# **What would falsify it.** A critical point $W \ne 0$ of $\ell_\lambda$ in $U(\lambda)$.

# %%
from exactrelu import example
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. Euler's identity, for all sizes
#
# With the switches held, $y$ is linear in each $W_k$. So $\langle W_k, \partial y / \partial W_k \rangle = y$, and with
# $e_i = y_i - f_i$ $$\Big\langle W_k, \frac{\partial \ell}{\partial W_k} \Big\rangle = \frac1N \sum_i e_i y_i \quad
# \text{for every layer } k.$$

# %%
fact(
    "on the blackboard",
    "l = (v s w a - f)^2/2 with the switch s: v dl/dv = w dl/dw = e y",
    [f'{u}*derivative((v*s*w*a - f)**2/2, "{u}") == (v*s*w*a - f)*v*s*w*a' for u in "vw"],
    variables=("v", "w", "s", "a", "f"),
)
argument("all sizes", "y is a sum over paths, each path has one weight of each layer: y is linear in each layer")
decided("MIL-Euler", "verified", "milne-deep")

# %% [markdown]
# ## 2. At a critical point all layers have the same norm
#
# $\lambda |W_k|^2 + \frac1N \sum e_i y_i = 0$ for each $k$. Hence $|W_k|^2 = \rho^2$ with
# $\lambda \rho^2 = -\frac1N \sum e_i y_i$, and $\rho > 0$ if $W \ne 0$.

# %%
argument(
    "kinks", "all incident cells have the same outputs at W, so the same inner product: it holds for Clarke's gradients"
)

# %% [markdown]
# ## 3. The bound
#
# $|y_i| \le r \prod_k \|W_k\| \le r\, \|W\|_*^{H-1} \rho^2$: two of the $H + 1$ norms are bounded by $\rho$. And
# $\frac1N \sum |e_i| \le (2 \ell)^{1/2}$. So $$\lambda \rho^2 = -\frac1N \sum e_i y_i \le (2 \ell)^{1/2}\, r\,
# \|W\|_*^{H-1} \rho^2;$$ divide by $\rho^2$.

# %%
argument("Cauchy-Schwarz", "(1/N) sum |e_i| <= ((1/N) sum e_i^2)^(1/2) = (2 l)^(1/2)")

# %% [markdown]
# ## 4. It is attained
#
# $y = v w$ (both positive), $a = f = 1$, $\lambda = \frac34$, $v = w = \frac12$: critical,
# $\ell = \frac9{32} = \frac{\lambda^2}2$. To be in $U(\lambda)$ it would have to be below
# $\frac{\lambda^2}8 = \frac9{128}$.

# %%
shallow = example("milne-shallow")
fact(
    "critical",
    "gradient (0, 0); l = 9/32 = lambda^2/2 >= lambda^2/8 = 9/128",
    [
        "gradient('critical') == [0, 0]",
        "loss('critical') - weight_decay/2*(1/4 + 1/4) == 9/32",
        "9/32 == weight_decay**2/2",
        "weight_decay**2/8 == 9/128",
    ],
    shallow,
)
for name in ("milne-shallow", "milne-deep"):
    decided("MIL-T2-bound", "verified", name)
    decided("MIL-T2-zero", "verified", name)

# %% [markdown]
# ## 5. What is left of Theorem 2 and of Lemma 5
#
# The point $W = 0$. If $H > 1$, it is in $U(\lambda)$, and an isolated local minimum: near it $\ell$ is
# $\ell(0) + O(|W|^{H+1})$, and the decay is $\frac\lambda2 |W|^2$.

# %%
decided("MIL-T2", "verified", "milne-deep")
decided("MIL-L5", "verified", "milne-deep")

# %% [markdown]
# ## 6. Lemma 4 and equation (10): the minimiser they speak of is zero
#
# At a critical point $W \ne 0$ moreover
# $\lambda \rho^2 = -2 \ell - \frac1N \sum e_i f_i \le 2 (\ell \ell(0))^{1/2} - 2 \ell \le \frac12 \ell(0)$, and
# $\ell < \ell(0)$. With $\|W\|_* \le \rho$ and the bound: if $(2 \ell(0))^H r^2 \le 4^{H-1} \lambda^{H+1}$, there is
# none. (10) asks for $(2 \ell(0))^H (H(H+1))^2 r^2 < \lambda^{H+1}$, which is more.

# %%
fact(
    "the middle step",
    "2 p q - 2 p^2 <= q^2/2, as q^2/2 - 2 p q + 2 p^2 = (q - 2 p)^2/2, for p = l^(1/2), q = l(0)^(1/2)",
    ["q**2/2 - 2*p*q + 2*p**2 == (q - 2*p)**2/2"],
    variables=("p", "q"),
)
argument("l < l(0)", "sum e y < 0 says sum f y > sum y^2, so l = l(0) + (1/N) sum (y^2/2 - f y) < l(0)")
argument(
    "(8) and (10)", "(8) puts all minimisers in U, so W = 0 is the only one, and inf l_lambda = l(0): (8) says (10)"
)
for claim in ("MIL-L4-zero", "MIL-L4", "MIL-(9)-(10)"):
    decided(claim, "verified", "milne-small-targets")
