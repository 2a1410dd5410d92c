# %% [markdown]
# # Erratum: with one hidden layer $U$ need not contain the origin
#
# **Claims.** `MIL-T1`, `MIL-U0`, `MIL-T1-deep`
#
# **Source.** Milne, *Piecewise strong convexity of neural networks*, Theorem 1 and the introduction.
#
# **Statement.** *As printed:* there is an open set $U$ that contains the origin and on which $\ell_\lambda$ is
# piecewise strongly convex. *Corrected:* for $H > 1$; for $H = 1$ the set $U(\lambda)$ contains the origin iff
# $\ell(0) < \frac{\lambda^2}{8 r^2}$, and it may be empty.
#
# **Idea.** For $H = 1$ the factor $\|W\|_*^{H-1}$ is 1, and $U$ is a sublevel set of $\ell$.
#
# **What would falsify it.** A convex piece at the origin of the example.

# %%
from exactrelu import example
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. One data point $a = 1$ with target $10$, $\lambda = 1$
#
# $\ell(0) = 50$, and $U(1)$ is $\ell < \frac18$. It is not only that the set was chosen badly: with one neuron
# $\ell_\lambda = \frac12 (v w - 10)^2 + \frac12 (v^2 + w^2)$ where $w > 0$, and along $v = w = t$ its second derivative
# at 0 is negative.

# %%
problem = example("milne-origin-outside")
fact("l(0)", "50 >= 1/8 = lambda^2/(8 r^2)", ["y[0]**2/2 == 50", "50 >= weight_decay**2/8"], problem)
fact(
    "no convex set around 0",
    "the second derivative of (t^2 - 10)^2/2 + t^2 at t = 0 is -18",
    ["substitute(derivative(derivative((t**2 - 10)**2/2 + t**2, 't'), 't'), 't', 0) == -18"],
    variables=("t",),
)
decided("MIL-T1", "refuted", problem)

# %% [markdown]
# ## 2. Target $-10$ and a ReLU at the output: $U$ is empty
#
# The output is never negative, so $\ell \ge \frac12 \cdot 10^2 = 50$ for all weights.

# %%
argument("bound", "y >= 0 and f = -10 give (y - f)^2 >= 100")
decided("MIL-T1", "refuted", "milne-empty-region")

# %% [markdown]
# ## 3. What holds
#
# For $H > 1$: $\|W\|_*^{H-1} \to 0$ at the origin, so a neighbourhood of it is in $U$. Points of zero error are in $U$
# for every $H$.

# %%
decided("MIL-U0", "verified", "milne-deep")
decided("MIL-U0", "verified", "milne-shallow")
decided("MIL-T1-deep", "verified", "milne-deep")
