# %% [markdown]
# # Critical points where the loss has no gradient
#
# **Claims.** `LvB-D2`, `MLR-D1`, `LvB-F3`
#
# **Source.** Laurent, von Brecht, ICML 2018, Definition 2 and figure 3; anonymous version, Definition 1 and (24).
#
# **Statement.** Clarke's subdifferential of the loss at a point is the set of all means of the gradients of the
# incident cells, extended to the point. Every local minimum is critical: 0 is one of these means. This can be so where
# the loss has no gradient.
#
# **Idea.** Near the point there are finitely many polynomials, so the limits of gradients are finitely many vectors. If
# no mean of them were zero, one direction would lower all of them.
#
# **What would falsify it.** A local minimum and a direction in which every incident gradient is negative.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from exactrelu import Loss, Network, Problem
from exactrelu.narration import argument, certified, decided, fact

# %% [markdown]
# ## 1. The limits of gradients (all sizes)

# %%
argument(
    "(24)",
    "a sequence off N that tends to the point visits one of the finitely many incident cells infinitely often; the "
    "gradient of the loss there is that of one polynomial, and tends to its value at the point",
)

# %% [markdown]
# ## 2. A local minimum is critical (all sizes)
#
# Let $g_1, .., g_n$ be the incident gradients. If 0 is not a mean of them, let $g$ be the shortest mean, $g \ne 0$.
# Then $\langle g_j, g \rangle \ge |g|^2$ for each $j$: otherwise a small step from $g$ towards $g_j$ gives a shorter
# mean. So the loss falls along $-g$ in every incident cell, and the point is no local minimum.

# %%
fact(
    "shorter mean",
    "|g + s (h - g)|^2 = |g|^2 + 2 s (<g, h> - |g|^2) + s^2 |h - g|^2, coordinate by coordinate",
    ["(g + s*(h - g))**2 == g**2 + 2*s*(g*h - g**2) + s**2*(h - g)**2"],
    variables=("g", "h", "s"),
)
argument(
    "along -g",
    "almost every segment near by and parallel to g meets N in a null set; the loss changes on it by an integral "
    "of slopes, each near some <g_j, -g> <= -|g|^2 < 0. By continuity it falls along -g from the point itself",
)

# %% [markdown]
# ## 3. An instance for the blackboard: a mean of two gradients
#
# One ReLU without output bias, $x = 1^+, -1^-$, at $w = 1$, $b = 0$, $v = 1$. Data point 1 has the margin $v (w + b) =
# 1$: its hinge is on the kink. Data point 2 is dead. The two incident gradients in $(w, b, v)$ are $(0, 0, 0)$ and
# $(-\tfrac12, -\tfrac12, -\tfrac12)$.

# %%
problem = Problem(
    Network.dense([1, 1, 1], bias=[True, False]), [[1], [-1]], [1, -1], Loss("hinge"),
    {
        "kink": {"W1": [[1]], "b1": [0], "W2": [[1]]},
        "solved": {"W1": [[1]], "b1": [0], "W2": [["11/10"]]},
        "unsolved": {"W1": [[1]], "b1": [0], "W2": [["9/10"]]},
    },
    "a margin of exactly 1",
)  # fmt: skip
fact(
    "gradients on both sides",
    "0 where v (w + b) > 1; -1/2 (v, v, w + b) where it is below 1",
    [
        'signature("kink") == "+,0;-,+"',
        'gradient("solved") == [0, 0, 0]',
        'gradient("unsolved") == [-1/2 * 9/10, -1/2 * 9/10, -1/2]',
    ],
    problem,
)
certified("kink is a critical point without gradient, and a local minimum", problem.at("kink").certificate())

# %% [markdown]
# ## 4. A point with two mirrored gradients: a sharp local minimum
#
# Two equal inputs with different labels and the weights $\tfrac25, \tfrac35$: at $v = 0$, $c = -1$ the slopes in $c$
# are $-\tfrac25$ and $\tfrac15$ on the two sides. The mean with the weights $\tfrac13$ and $\tfrac23$ is zero.

# %%
fact(
    "slopes",
    "-2/5 and -2/5 + 3/5 = 1/5; the mean 1/3 (-2/5) + 2/3 (1/5) is 0",
    ["-2/5 + 3/5 == 1/5", "1/3*(-2/5) + 2/3*(1/5) == 0"],
)
sharp = Problem.example("laurent-brecht-sharp-optimum")
certified("critical, and a sharp local minimum", sharp.at("sharp").certificate())

# %% [markdown]
# ## 5. The certificates

# %%
for name in (
    "laurent-brecht-three-minima",
    "laurent-brecht-unbalanced-leaky",
    "laurent-brecht-zero-loss-on-a-boundary",
):
    for claim in ("LvB-D2", "MLR-D1"):
        decided(claim, "verified", name)
for one in (problem, sharp):
    decided("LvB-F3", "verified", one)
