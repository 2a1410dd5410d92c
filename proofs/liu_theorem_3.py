# %% [markdown]
# # Local minima on the boundary of two cells
#
# **Claims.** `LIU-L2-corrected`, `LIU-T3-corrected`
#
# **Source.** Liu, Lemma 2, Theorem 3, appendix D, corrected; squared loss.
#
# **Statement.** Neuron $m$ lies on the plane of $x_n$, and of no data point that is not parallel to it; the others are
# inside their cells. Let $N_1, N_2$ be half the limits of $\partial L/\partial R_m$ on the negative and the positive
# side of $x_n$, and $s$ the sign of $z_m$. The point is a local minimum if and only if $\partial L/\partial R_j = 0$
# for $j \ne m$ and $s N_1 = -\alpha x_n$, $s N_2 = \beta x_n$ with $\alpha, \beta \ge 0$ ($N_1 = N_2 = 0$ if $z_m =
# 0$).
#
# **Idea.** On each side the loss is convex in $R$, so the slopes decide, and a slope may be zero.
#
# **What would falsify it.** A point on such a boundary for which the test and the dual vectors disagree.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.theorems.liu.facets import on_facet

# %% [markdown]
# ## 1. The two sides (all sizes)
#
# Let $R$ change by $D$, so small that no data point off the plane changes sides. With the activity of the side to which
# $s D_m$ points the tangent formula of Theorem 1 is exact:
# $$L(R + D) = L(R) + 2 \langle N, D_m \rangle + 2 \sum_{j \ne m} \langle G_j, D_j \rangle + \sum_i c_i d_i^2,
# \qquad N = N_1 \text{ or } N_2.$$
# The data points of the plane have $\langle R_m, x_i \rangle = 0$, so $e_i$ is the same on both sides. $N_2 - N_1$ is a
# sum of multiples of data points of the plane, all parallel to $x_n$.

# %%
fact("one summand", "(e + d)^2 = e^2 + 2 e d + d^2", ["(e + d)**2 == e**2 + 2*e*d + d**2"], variables=("e", "d"))
argument(
    "N2 - N1",
    "an x_i = m x_n with m > 0 is active on side 2 only, and adds c_i e_i x_i to N2; with m < 0 to N1",
)

# %% [markdown]
# ## 2. Sufficient (all sizes)
#
# Let $z_m > 0$ (for $z_m < 0$ turn all signs of $N$). On side 2 $\langle x_n, D_m \rangle \ge 0$ and $\langle N_2, D_m
# \rangle = \beta \langle x_n, D_m \rangle \ge 0$; on side 1 $\langle N_1, D_m \rangle = -\alpha \langle x_n, D_m
# \rangle \ge 0$. With $G_j = 0$ for the others the change of the loss is at least $\sum_i c_i d_i^2 \ge 0$. No
# strictness is needed: $\alpha$ or $\beta$ may be 0.

# %%
fact(
    "both sides",
    "N2 = b x: <N2, D> = b <x, D>; N1 = -a x: <N1, D> = a <x, -D>",
    [
        "dot(b*[x1, x2], [d1, d2]) == b*dot([x1, x2], [d1, d2])",
        "dot(-a*[x1, x2], [d1, d2]) == a*dot([x1, x2], [-d1, -d2])",
    ],
    variables=("a", "b", "x1", "x2", "d1", "d2"),
)

# %% [markdown]
# ## 3. Necessary (all sizes)
#
# For $j \ne m$ Lemma 1 applies. For $z_m > 0$ every small $D_m$ comes from a change of $w_m$. Let $N = N_2$ (side 1
# likewise) and $P = |x_n|^2 N - \langle N, x_n \rangle x_n$, its part along the plane. If $P \ne 0$, then $D_m = -t P$
# stays on the plane, and $\langle N, P \rangle |x_n|^2 = |P|^2$: the loss falls. If $P = 0$ and $\langle N_2, x_n
# \rangle < 0$, then $D_m = t x_n$ is a descent. If $z_m = 0$, slide $w_m$ into the interior of either side: as in Lemma
# 1 both limits vanish.

# %%
fact(
    "along the plane",
    "<x, P> = 0 and |x|^2 <N, P> = |P|^2",
    ["dot(X, P) == 0", "dot(X, X)*dot(N, P) == dot(P, P)"],
    definitions={"N": "[n1, n2, n3]", "X": "[x1, x2, x3]", "P": "dot(X, X)*N - dot(N, X)*X"},
    variables=("n1", "n2", "n3", "x1", "x2", "x3"),
)

# %% [markdown]
# ## 4. The system $D R = d$, (18) and (19)
#
# $G_j = 0$ for $j \ne m$, $P = 0$ and $\langle x_n, R_m \rangle = 0$ are linear in $R$: this is $D R = d$. (18) and
# (19) say $z_m \langle N_1, x_n \rangle \le 0 \le z_m \langle N_2, x_n \rangle$. For $x = (1, 1), (2, -1), (0, 1)$, $y
# = 1, 1,
# -1$, one neuron with the first two active, third on the plane:

# %%
strict = Problem.example("liu-minimum-on-a-boundary")
fact(
    "D R = d",
    "D = [[-5, 1], [0, 0], [0, 1]], d = (-3, 0, 0): R = (3/5, 0)",
    ["[[-5, 1], [0, 0], [0, 1]] @ [3/5, 0] == [-3, 0, 0]",
     "e1*(dot(X1, X3)*X3 - X1) + e2*(dot(X2, X3)*X3 - X2) == [-5*r1 + r2 + 3, 0]"],
    strict,
    {"R": "[r1, r2]", "X1": "x[0]", "X2": "x[1]", "X3": "x[2]", "e1": "dot(R, X1) - y[0]", "e2": "dot(R, X2) - y[1]"},
    ("r1", "r2"),
)  # fmt: skip
place = on_facet(strict.at("minimum"))
assert not isinstance(place, str)
certified("(18) is -3/5 and (19) is 2/5, here divided by N = 3", place.certificate("(17) to (19) hold strictly"))
certified("a local minimum of loss 2/5", strict.at("minimum").certificate("local_minimum", "differentiable"))

# %% [markdown]
# ## 5. The claims, with minima for which a slope is 0

# %%
for name in ("liu-minimum-on-a-boundary", "liu-two-samples-opposite", "liu-duplicates"):
    decided("LIU-L2-corrected", "verified", name)
    decided("LIU-T3-corrected", "verified", name)
