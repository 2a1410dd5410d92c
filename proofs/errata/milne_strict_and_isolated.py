# %% [markdown]
# # Erratum: the proof of Lemma 6 shows strict, not isolated
#
# **Claims.** `MIL-L6`
#
# **Source.** Milne, *Piecewise strong convexity of neural networks*, Lemma 6 and its proof, (51) and (52).
#
# **Statement.** *As printed in the proof:* a local minimum $W$ with no points $W_n \to W$ of the same loss is isolated.
# *Corrected:* it is then strict; that no other local minimum is near needs another step, given here. Lemma 6 itself is
# true.
#
# **Idea.** Strict minima can be limits of local minima. But if $W_n$ is a local minimum on pieces that are strongly
# convex up to $W$, then $W$ lies higher than $W_n$: so $W$ was no local minimum.
#
# **What would falsify it.** Local minima of a piecewise strongly convex function that converge to a local minimum.

# %%
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. Strict does not imply isolated
#
# On the line let $F(0) = 0$, $F(2^{-n}) = 4^{-n}$ and $F(\frac34 2^{-n}) = 2 \cdot 4^{-n}$ for all integers $n \ge 0$,
# linear in between, and $F(-x) = F(x)$. So $F > 0$ away from 0: a strict minimum. But each $2^{-n}$ with $n \ge 1$ is a
# local minimum, as its neighbours $\frac34 2^{-n}$ and $\frac34 2^{1-n}$ have larger values.

# %%
fact(
    "all n at once",
    "with q = 4^-n: F = q at 2^-n, 2 q on its left, 2 (4 q) on its right; both exceed q by a positive multiple of q",
    ["2*q - q == 1*q", "2*4*q - q == 7*q"],
    variables=("q",),
)
argument("continuous", "F(x) <= 8 x^2 at all breakpoints, so F is continuous at 0")

# %% [markdown]
# ## 2. The step that is missing
#
# Let $W$ be a local minimum in $U(\lambda, \theta)$, and $W_n \to W$ local minima. Infinitely many lie on the same set
# $J$ of closed pieces, which then contain $W$ too. At a local minimum 0 is a convex combination
# $\sum_j \mu_j \nabla \varphi_j(W_n)$, $j \in J$. Each $\varphi_j$ is strongly convex on the segment from $W_n$ to $W$:
# $$\varphi_j(W) \ge \varphi_j(W_n) + \langle \nabla \varphi_j(W_n), W - W_n \rangle + \tfrac\theta2 |W - W_n|^2.$$
# Multiply by $\mu_j$ and add up: the gradients cancel, and
# $\ell_\lambda(W) \ge \ell_\lambda(W_n) + \frac\theta2 |W - W_n|^2 > \ell_\lambda(W_n)$. So $W$ is no local minimum.

# %%
argument("0 in the hull", "a local minimum is critical in the sense of Clarke: 0 is in the hull of the gradients of J")
argument("same values", "phi_j = l_lambda at W and at W_n for all j in J, since both lie on these pieces")
fact(
    "with two pieces",
    "m p + (1 - m) q = 0 gives m (p d + c) + (1 - m) (q d + c) = c, here on a line",
    ["m*(p*d + c) + (1 - m)*(q*d + c) == (m*p + (1 - m)*q)*d + c"],
    variables=("m", "p", "q", "c", "d"),
)

# %% [markdown]
# ## 3. On networks
#
# Lemma 6 holds, and by `milne_vacuity.py` it speaks of $W = 0$ alone.

# %%
decided("MIL-L6", "verified", "milne-deep")
decided("MIL-L6", "verified", "milne-shallow")
