# %% [markdown]
# # A minimum inside a cell is the best of its cell, and no local maximum is strict
#
# **Claims.** `LIU-T1a-corrected`, `LIU-T1b-corrected`, `LIU-A1`, `LIU-S1-corrected`
#
# **Source.** Liu, Theorem 1, Lemma A1, appendices A and F, corrected; squared loss.
#
# **Statement.** Inside each cell $L$ is convex in $R$. A local minimum inside a cell has the least loss of the cell. At
# a local maximum no unit is active. $\{c z_j, w_j / c\}$ has the same loss for all $c > 0$.
#
# **Idea.** A square is its tangent plus a square. Convex functions have no maxima but where they are constant.
#
# **What would falsify it.** Two local minima of different loss inside one cell; a local maximum with an active unit.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.theorems.liu.minima import is_least_on_its_cell

# %% [markdown]
# ## 1. The loss and its tangent (all sizes)
#
# Change $R$ to $R + D$ within the formula of a cell. Then $e_i$ becomes $e_i + d_i$, $d_i = \sum_j I_{ij} \langle D_j,
# x_i \rangle$, and summing $c_i (e_i + d_i)^2 = c_i e_i^2 + 2 c_i e_i d_i + c_i d_i^2$ over $i$ gives
# $$L(R + D) = L(R) + 2 \sum_j \langle G_j, D_j \rangle + \sum_i c_i d_i^2.$$

# %%
fact("one summand", "(e + d)^2 = e^2 + 2 e d + d^2", ["(e + d)**2 == e**2 + 2*e*d + d**2"], variables=("e", "d"))
fact(
    "the middle term",
    "e <D, x> = <e x, D>, two inputs",
    ["e*dot([a, b], [x1, x2]) == dot(e*[x1, x2], [a, b])"],
    variables=("e", "a", "b", "x1", "x2"),
)
argument(
    "Lemma A1", "the last sum is >= 0: L is convex in R, with the Hessian 2 sum_i c_i X_i X_i^T, X_i = (I_ij x_i)_j"
)
argument("other losses", "for a convex l the same holds: L is a sum of convex functions of linear functions of R")

# %% [markdown]
# ## 2. A minimum inside a cell (all sizes)
#
# By Lemma 1 all $G_j = 0$, so $L(R + D) - L(R) = \sum_i c_i d_i^2 \ge 0$ for *all* $D$: no point of the cell is better.
# Conversely $G = 0$ makes a point of the cell a local minimum.

# %%
argument("only of its cell", "the formula of another cell has other I_ij: see errata/liu_minimum_of_its_cell.py")

# %% [markdown]
# ## 3. A local maximum (all sizes, inside cells or not)
#
# Let only $z_j$ move, by $t$. With $p_i = \max(\langle w_j, x_i \rangle, 0)$ the loss is a quadratic function of $t$
# with leading coefficient $\sum_i c_i p_i^2$. At a local maximum this is not positive, so all $p_i = 0$: neuron $j$ is
# active nowhere. Hence all outputs are 0, and the loss does not change with $z_j$: the maximum is not strict. Inside a
# cell no unit near the point is active, and the loss is constant.

# %%
fact(
    "one summand",
    "(e + t p)^2 has the coefficient p^2 at t^2",
    ['1/2*derivative(derivative((e + t*p)**2, "t"), "t") == p**2'],
    variables=("e", "t", "p"),
)

# %% [markdown]
# ## 4. Scaling (all sizes)
#
# For $c > 0$: $c z \max(\langle w / c, x \rangle, 0) = z \max(\langle w, x \rangle, 0)$. (For $c < 0$ the side changes:
# `errata/liu_negative_scaling.py`.)

# %%
fact(
    "active",
    "c z (r p) - z p = (c r - 1) z p, which is 0 for r = 1/c",
    ["c*z*(r*p) - z*p == (c*r - 1)*z*p"],
    variables=("c", "r", "z", "p"),
)

# %% [markdown]
# ## 5. For the blackboard: inputs $(1, 0), (0, 1)$, labels $1, 1$, one neuron
#
# Four cells, the losses $\tfrac12 ((R_1 - 1)^2 + (R_2 - 1)^2)$, $\tfrac12 ((R_1 - 1)^2 + 1)$, $\tfrac12 (1 + (R_2 -
# 1)^2)$ and 1: the minima 0, $\tfrac12$, $\tfrac12$, 1, each the best of its cell.

# %%
problem = Problem.example("liu-two-samples")
for name, loss in (("r4", "0"), ("r3", "1/2"), ("r2", "1/2"), ("r1", "1")):
    (proof,) = is_least_on_its_cell(problem.at(name)).certificates
    certified(f"{name}: the least loss of the cell is {loss}", proof)
certified("the point r1, all dead, is also a local maximum", problem.at("r1").certificate("local_maximum"))

# %% [markdown]
# ## 6. The claims

# %%
decided("LIU-A1", "verified", problem)
decided("LIU-T1a-corrected", "verified", problem)
decided("LIU-T1b-corrected", "verified", "liu-local-maximum")
decided("LIU-S1-corrected", "verified", problem)
