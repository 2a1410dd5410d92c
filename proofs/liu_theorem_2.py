# %% [markdown]
# # Saddle points inside cells
#
# **Claims.** `LIU-T2-corrected`, `LIU-(14)-(15)`, `LIU-S2`, `LIU-C2`, `LIU-T2-square-corrected`
#
# **Source.** Liu, Theorem 2, section 5.1, appendix C, corrected.
#
# **Statement.** A critical point inside a cell is a saddle point if $\partial L / \partial R_j \ne 0$ for some $j$, and
# a local minimum otherwise. At a saddle point let $J$ be the neurons with $\partial L / \partial R_j = 0$. Then $z_j =
# 0$ outside $J$, the $R_j$ of $J$ solve $B R = b$ (14), $\langle \sum_i c_i e_i I_{ij} x_i, w_j \rangle = 0$ outside
# $J$ (15), and the Hessian is indefinite. A cell has such points for a given $J$ if and only if the $w_j$ can be
# inside.
#
# **Idea.** A neuron that is switched off, though it could help, but whose present direction does not show it.
#
# **What would falsify it.** A critical point inside a cell that is neither a minimum nor has some $\partial L /
# \partial R_j \ne 0$.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.theorems.liu.minima import derivatives

# %% [markdown]
# ## 1. Critical points (all sizes)
#
# With $\partial L/\partial z_j = 2 \langle G_j, w_j \rangle$ and $\partial L/\partial w_j = 2 z_j G_j$ (Lemma 1,
# section 1) a point is critical if and only if for each $j$ either $G_j = 0$, or $z_j = 0$ and $\langle G_j, w_j
# \rangle = 0$, which is (15). With $R_j = 0$ outside $J$, $G_j = 0$ for $J$ are the normal equations of $J$ alone:
# (14). These have a solution, as $A_J^T A_J$ and $A_J^T$ have the same range, and $e$ is the same for all.

# %%
argument("all G_j = 0", "then L(R + D) - L(R) is a sum of squares (Theorem 1, section 1): a local minimum")
argument("why solvable", "not because B is square: errata/liu_square_system.py")

# %% [markdown]
# ## 2. Some $G_j \ne 0$: up and down (all sizes)
#
# $z_j = t$, $w_j - t k G_j$ changes the loss by $-2 k t^2 |G_j|^2 + t^2 \sum_i c_i (p_i - t k h_i)^2$ (Lemma 1, section
# 3): negative for large $k$, positive for $k < 0$. And the Hessian has the blocks $\partial^2 L/\partial z_j \partial
# w_j = 2 G_j + 2 z_j (..)= 2 G_j$ and $\partial^2 L / \partial w_j^2 = 2 z_j^2 (..) = 0$. A symmetric matrix with a
# zero on the diagonal and an entry $g \ne 0$ in this row is indefinite:

# %%
fact(
    "indefinite",
    "(s, 1) [[0, g], [g, h]] (s, 1)^T = 2 s g + h takes both signs",
    ["[s, 1] @ [[0, g], [g, h]] @ [s, 1] == 2*s*g + h"],
    variables=("s", "g", "h"),
)

# %% [markdown]
# ## 3. One neuron, $J$ empty: $x = (1, 0), (0, 1)$, $y = 1, -1$
#
# $e = -y = (-1, 1)$; in the cell where both are active $G = \tfrac12 (-1, 1)$, and $w = (1, 1)$ is orthogonal to it.

# %%
one = Problem.example("liu-saddle-one-neuron")
fact("(15)", "1/2 (-1 (1, 0) + 1 (0, 1)) = 1/2 (-1, 1), <(-1, 1), (1, 1)> = 0", ["dot([-1, 1], [1, 1]) == 0"])
certified("z = 0, w = (1, 1): derivatives", derivatives(one.at("saddle")))
certified("a saddle point", one.at("saddle").certificate("saddle"))

# %% [markdown]
# ## 4. Two neurons, $J = \{1\}$: four data points
#
# $x = (1, 0), (0, 1), (-1, 1), (1, 1)$, $y = 1, -1, 1, -1$; $z = (1, 0)$, $w = (1, -2), (-2, 4)$. Neuron 1 is active at
# $x_1$ alone and fits it: $R_1 = (1, -2)$, $e = (0, 1, -1, 1)$. Neuron 2 is active at $x_2, x_3, x_4$: $4 G_2 = (0, 1)
# - (-1, 1) + (1, 1) = (2, 1)$, orthogonal to $w_2 = (-2, 4)$.

# %%
two = Problem.example("liu-saddle")
fact("G_2", "(0, 1) - (-1, 1) + (1, 1) = (2, 1), <(2, 1), (-2, 4)> = 0",
     ["[0, 1] - [-1, 1] + [1, 1] == [2, 1]", "dot([2, 1], [-2, 4]) == 0"])  # fmt: skip
fact("loss", "(0 + 1 + 1 + 1)/4 = 3/4", ['loss("saddle") == 3/4', 'outputs("saddle") == [[1], [0], [0], [0]]'], two)
certified("a saddle point", two.at("saddle").certificate("saddle"))

# %% [markdown]
# ## 5. The claims

# %%
for name in ("LIU-T2-corrected", "LIU-(14)-(15)", "LIU-S2", "LIU-C2"):
    decided(name, "verified", one)
decided("LIU-C2", "verified", "liu-local-maximum")
decided("LIU-S2", "verified", two)
decided("LIU-T2-square-corrected", "verified", "liu-two-samples")
