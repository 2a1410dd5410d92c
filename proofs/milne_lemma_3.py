# %% [markdown]
# # Second derivatives are bounded below by the root of the loss
#
# **Claims.** `MIL-L3`, `MIL-L3-H`
#
# **Source.** Milne, *Piecewise strong convexity of neural networks*, Lemma 3, equation (4).
#
# **Statement.** Hold the switches at $W$, and let $\varphi$ be the training error $\ell$ with them held. If all data
# have $|a_i| \le r$, then $\varphi''(W)[X, X] \ge -\sqrt2\, H(H+1)\, \|W\|_*^{H-1}\, r\, \varphi(W)^{1/2}\, |X|^2$.
# Sharper: $H$ will do in the place of $H(H+1)$.
#
# **Idea.** Of $\varphi'' = \frac1N \sum (\dot y^2 + e \ddot y)$ drop the squares. $\ddot y$ is a sum over ordered pairs
# of layers, and each term is at most $\|W\|_*^{H-1} |X_i| |X_j| r$.
#
# **What would falsify it.** A Hessian with an eigenvalue below the bound.

# %%
from exactrelu import example
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. One chain of weights, $H = 1$: $y = v w a$
#
# $\varphi = \frac12 (v w a - f)^2$. Its Hessian at $(v, w) = (0, 0)$ is
# $\begin{pmatrix} 0 & -fa \\ -fa & 0 \end{pmatrix}$, with least eigenvalue $-|f a|$, and
# $\sqrt2\, r\, \varphi^{1/2} = |a| |f|$. So for $H = 1$ the constant $H = 1$ is attained: no smaller one is possible,
# and the printed $H(H+1) = 2$ is twice too large.

# %%
phi = "(v*w*a - f)**2/2"
at_zero = 'substitute(substitute({}, "v", 0), "w", 0)'
fact(
    "Hessian",
    "phi_vv = phi_ww = 0 and phi_vw = -f a at (0, 0)",
    [
        f"{at_zero.format(second)} == {value}"
        for second, value in (
            (f'derivative(derivative({phi}, "v"), "v")', "0"),
            (f'derivative(derivative({phi}, "w"), "w")', "0"),
            (f'derivative(derivative({phi}, "v"), "w")', "-f*a"),
        )
    ],
    variables=("v", "w", "a", "f"),
)
fact("attained", "the bound squared is 2 a^2 phi = (f a)^2", [f"2*a**2*{at_zero.format(phi)} == (f*a)**2"],
     variables=("v", "w", "a", "f"))  # fmt: skip

# %% [markdown]
# ## 2. The sum over pairs of layers
#
# With $x_i = |X_i|$ the pairs give $\sum_{i \ne j} x_i x_j$ over the $H + 1$ layers. The paper bounds each product by
# $|X|^2$. But $$H \sum_i x_i^2 - \sum_{i \ne j} x_i x_j = \sum_{i < j} (x_i - x_j)^2 \ge 0.$$

# %%
for count in range(2, 7):
    x = [f"x{i}" for i in range(count)]
    squares = " + ".join(f"{a}**2" for a in x)
    pairs = " + ".join(f"{a}*{b}" for a in x for b in x if a != b)
    gaps = " + ".join(f"({x[i]} - {x[j]})**2" for i in range(count) for j in range(i + 1, count))
    fact(f"H = {count - 1}", "H sum x_i^2 - sum of x_i x_j = sum of (x_i - x_j)^2",
         [f"{count - 1}*({squares}) - ({pairs}) == {gaps}"], variables=x)  # fmt: skip
argument(
    "all H", "each x_i^2 is in H of the gaps, each product x_i x_j twice with the sign -: the identity for every H"
)

# %% [markdown]
# ## 3. The other steps, for all sizes

# %%
argument("squares", "phi'' = 2 sum_i w_i (y_i'^2 + e_i y_i'') >= 2 sum_i w_i e_i y_i'', with weights w_i = 1/(2N)")
argument("one term", "a product of matrices with X_i, X_j in two places is at most |X_i| |X_j| ||W||_*^(H-1) r in norm")
argument("switches", "they are diagonal matrices of entries 0 and 1, of norm at most 1")
argument("Cauchy-Schwarz", "2 sum_i w_i |e_i| <= (2 sum_i w_i)^(1/2) (2 sum_i w_i e_i^2)^(1/2) = (2 phi)^(1/2)")

# %% [markdown]
# ## 4. At points of networks with one and two hidden layers
#
# The bound has a root in it. The checker sees a rational $s$ at most as large as the bound, and
# $\varphi'' + s I \ge 0$.

# %%
for name in ("milne-shallow", "milne-deep"):
    decided("MIL-L3", "verified", name)
    decided("MIL-L3-H", "verified", example(name))
