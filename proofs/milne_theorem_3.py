# %% [markdown]
# # In the region $U(\lambda, \theta)$ every piece of the loss is strongly convex
#
# **Claims.** `MIL-T3`, `MIL-D2`, `MIL-(14)`, `MIL-T1-deep`
#
# **Source.** Milne, *Piecewise strong convexity of neural networks*, Definition 2 and Theorem 3, (11) to (13).
#
# **Statement.** $U(\lambda, \theta)$ is where $\sqrt2\, H(H+1)\, r\, \ell^{1/2}\, \|W\|_*^{H-1} < \lambda - \theta$. At
# a point $W$ in it, the Hessian of every polynomial piece of $\ell_\lambda = \ell + \frac\lambda2 |W|^2$ that $W$ lies
# on is at least $\theta I$.
#
# **Idea.** Lemma 3: the second derivatives of $\ell$ are above $-(\lambda - \theta)$ there, and the decay adds
# $\lambda$.
#
# **What would falsify it.** A point in $U(\lambda, \theta)$ with a Hessian, minus $\theta I$, that is not positive
# definite.

# %%
from exactrelu import example
from exactrelu.narration import argument, decided, fact, step

# %% [markdown]
# ## 1. Membership without roots
#
# Squared, the condition says $2 H^2 (H+1)^2 r^2 \ell\, \mu^{H-1} < (\lambda - \theta)^2$ for the largest eigenvalue
# $\mu$ of each $W_i W_i^T$. That is: $(\lambda - \theta)^2 I - 2 H^2 (H+1)^2 r^2 \ell\, (W_i W_i^T)^{H-1}$ is positive
# definite.

# %%
argument(
    "why", "c I - G^(H-1) is positive definite iff c exceeds the (H-1)-st power of the largest eigenvalue of G >= 0"
)

# %% [markdown]
# ## 2. Two hidden layers, data $1, 2$, targets $1, 1$, $\lambda = 1$, $\theta = \frac12$
#
# At the point `inside`: $W_1 = (\frac1{40}, \frac1{60})$, $W_2 = \frac1{40} I$, $W_3 = (\frac1{40}, \frac1{80})$;
# $r = 2$, so the matrices are $\frac14 I - 288\, \ell\, W_i W_i^T$ with $\ell$ a little below $\frac12$.

# %%
problem = example("milne-deep")
point = problem.at("inside")
step("inside a cell", f"no unit vanishes: {point.signature}", "0" not in point.signature)
definitions = {"l": "loss('inside') - norm2(parameter('inside', 'W1'))/2 - norm2(parameter('inside', 'W2'))/2"
               " - norm2(parameter('inside', 'W3'))/2"}  # fmt: skip
fact("training error", "l(W) = 921542401/1843200000", ["l == 921542401/1843200000"], problem, definitions)
for k, gram in ((1, "transpose(w) @ w"), (2, "w @ transpose(w)"), (3, "w @ transpose(w)")):
    size = 2 if k == 2 else 1
    fact(
        f"layer {k}",
        f"(1/4) I - 288 l G is positive definite for W{k}",
        [f"positive_definite(1/4*identity({size}) - 288*l*({gram}))"],
        problem,
        {**definitions, "w": f"parameter('inside', 'W{k}')"},
    )
fact(
    "strongly convex",
    "Hessian of l_lambda - 1/2 I is positive definite, by elimination (LDL^T)",
    ["positive_definite(hessian('inside') - 1/2*identity(8))"],
    problem,
)

# %% [markdown]
# ## 3. Outside nothing is promised
#
# At `critical` of the network $y = v w$ with one data point ($a = f = 1$, $\lambda = \frac34$) the bound fails. Its
# Hessian is $\begin{pmatrix} 1 & -\frac12 \\ -\frac12 & 1 \end{pmatrix}$: positive definite all the same. At the
# weights $\frac14, \frac14$ of the same network with $f = 3$ it is not.

# %%
shallow = example("milne-shallow")
fact("still convex", "Hessian [[1, -1/2], [-1/2, 1]]", ["hessian('critical') == [[1, -1/2], [-1/2, 1]]"], shallow)
fact(
    "not convex",
    "(v w - 3)^2/2 + 3/8 (v^2 + w^2) at v = w = 1/4: along (1, 1) the second derivative is negative",
    ["substitute(derivative(derivative(((1/4 + t)**2 - 3)**2/2 + 3/4*(1/4 + t)**2, 't'), 't'), 't', 0) < 0"],
    variables=("t",),
)
decided("MIL-D2", "verified", problem)
decided("MIL-(14)", "verified", problem)

# %% [markdown]
# ## 4. On kinks
#
# `kink` lies on several pieces, `origin` on all of them. Each piece has its own switches; with $X$ a move of the
# weights, $q(X) = \frac{d^2}{dt^2} \varphi(W + tX)|_{t=0}$ is a quadratic form, and $q - \theta |X|^2$ is written as a
# sum of squares with positive coefficients. At the origin all pieces have $q = \lambda |X|^2$, whatever the switches.

# %%
decided("MIL-T3", "verified", problem)
decided("MIL-T3", "verified", "milne-shallow")
decided("MIL-T1-deep", "verified", problem)

# %% [markdown]
# ## 5. All sizes

# %%
argument(
    "Lemma 3", "phi'' >= -sqrt2 H(H+1) ||W||_*^(H-1) r phi^(1/2) |X|^2 > -(lambda - theta) |X|^2 in U(lambda, theta)"
)
argument("decay", "lambda/2 |W|^2 has the second derivative lambda |X|^2: the sum exceeds theta |X|^2")
argument("pieces", "finitely many choices of switches; a point lies on those whose closed set contains it")
