# %% [markdown]
# # A sharp local minimum has a positive loss
#
# **Claims.** `LvB-T2`, `LvB-MR1`, `LvB-types`, `LvB-End`
#
# **Source.** Laurent, von Brecht, ICML 2018, Theorem 2 (Main Result 1), the introduction, and section 5.
#
# **Statement.** A local minimum is *flat* (type I) if it lies in a cell with constant loss or on the boundary of one,
# else *sharp* (type II). A sharp local minimum has a positive loss: if the loss is zero, the point is flat. This holds
# for any number of layers and classes, for ReLU and leaky units, dense or structured, if the hidden layers have biases.
#
# **Idea.** Where the loss is zero, make the output a little larger: all margins become strict. Near that place the loss
# is zero on an open set, and an open set meets a cell.
#
# **What would falsify it.** A point of loss zero such that no cell near it has the loss zero.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from sympy import MatrixSymbol, ZeroMatrix, symbols

from exactrelu import Loss, Network, Problem
from exactrelu.narration import argument, certified, decided, fact, step

# %% [markdown]
# ## 1. Scaling the last layer scales all outputs (all sizes)
#
# The outputs are $o = V h + c$, where the features $h$ do not depend on $V$ and $c$. Replace $(V, c)$ by $((1 + t) V,
# (1 + t) c)$ with $t > 0$. The numbers $m$ of features and $R$ of outputs are symbols.

# %%
m, R, t = symbols("m R t", positive=True)
V, h, c = MatrixSymbol("V", R, m), MatrixSymbol("h", m, 1), MatrixSymbol("c", R, 1)
scaled = ((1 + t) * V) * h + (1 + t) * c
difference = (scaled - (1 + t) * (V * h + c)).expand().doit()
step("outputs", "((1 + t) V) h + (1 + t) c = (1 + t) (V h + c)", difference == ZeroMatrix(R, 1))

# %% [markdown]
# ## 2. Loss zero becomes loss zero with room to spare (all sizes)
#
# The loss is a positive combination of hinges $\sigma(1 - g)$, where the margin $g$ is $y o$, or $o_y - o_r$, or $\pm
# o_r$: linear in the outputs. The loss is zero if and only if every margin is at least 1, say $g = 1 + s$ with $s \ge
# 0$. After scaling, $1 - (1 + t)(1 + s) = -(s + t + s t) < 0$.

# %%
fact(
    "room",
    "1 - (1 + t)(1 + s) = - t - s - s t: negative for t > 0, s >= 0",
    ["1 - (1 + t)*(1 + s) == -t - s - s*t"],
    variables=("t", "s"),
)

# %% [markdown]
# ## 3. A flat cell with loss zero lies as near as one likes (all sizes)

# %%
argument(
    "open set",
    "for each t > 0 all hinges are strictly negative at the scaled point, so the loss is 0 on a ball around it",
)
argument("a cell", "N has measure zero (Lemma 1), so the ball meets a cell; the loss is 0 on it, as a polynomial")
argument(
    "flat",
    "that cell is flat. Let t go to 0: there are finitely many cells, so one of these has the point in its closure: "
    "the point is flat. A sharp local minimum therefore has a positive loss",
)

# %% [markdown]
# ## 4. An instance for the blackboard: one ReLU, $x = 1^+, -1^-$, at $w = 1$, $b = 0$, $v = 2$, $c = -1$
#
# The outputs are $1$ and $-1$: both margins are exactly 1. The loss is zero and every hinge is on its kink. With $t =
# \tfrac1{10}$ the outputs are $\tfrac{11}{10}$ and $-\tfrac{11}{10}$: solved strictly.

# %%
point = {"W1": [[1]], "b1": [0], "W2": [[2]], "b2": [-1]}
scaled_point = {"W1": [[1]], "b1": [0], "W2": [["11/5"]], "b2": ["-11/10"]}
problem = Problem(
    Network.dense([1, 1, 1]), [[1], [-1]], [1, -1], Loss("hinge"),
    {"tight": point, "scaled": scaled_point}, "margins of exactly 1",
)  # fmt: skip
fact(
    "before and after",
    "signatures +,0;-,0 and +,-;-,-, both with loss 0",
    [
        'signature("tight") == "+,0;-,0"',
        'signature("scaled") == "+,-;-,-"',
        'loss("tight") == 0',
        'loss("scaled") == 0',
        'outputs("scaled") == 11/10 * outputs("tight")',
    ],
    problem,
)
certified("tight is a flat local minimum", problem.at("tight").certificate("kind", "local_minimum"))

# %% [markdown]
# ## 5. The certificates: flat minima of loss zero, and a sharp one of loss 2/3

# %%
decided("LvB-End", "verified", problem)
for claim in ("LvB-T2", "LvB-MR1", "LvB-types"):
    decided(claim, "verified", "laurent-brecht-unbalanced-leaky")
decided("LvB-types", "verified", "laurent-brecht-zero-loss-on-a-boundary")
