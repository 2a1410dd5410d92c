# %% [markdown]
# # The cells
#
# **Claims.** `LvB-L1`
#
# **Source.** Laurent, von Brecht, ICML 2018 and anonymous version, Lemma 1. (For networks without biases see
# `errata/lemma_1_without_biases.py`.)
#
# **Statement.** The cells are open, and two of them are disjoint. If the hidden layers have biases, the set $\mathcal
# N$ where some unit vanishes is closed and has measure zero.
#
# **Idea.** A unit is its own bias plus something that does not contain this bias. So it vanishes on the graph of a
# function.
#
# **What would falsify it.** An open set of parameters on which a unit vanishes.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from sympy import MatrixSymbol, diff, symbols

from exactrelu import Loss, Network, Problem
from exactrelu.landscape import cells_certificate
from exactrelu.narration import argument, certified, decided, fact, step

# %% [markdown]
# ## 1. Open, disjoint, closed (all sizes)

# %%
argument("open", "a cell is given by finitely many strict inequalities between continuous functions of the parameters")
argument("disjoint", "the signature is a function: one point has one signature")
argument("closed", "N is the complement of the cells, a finite union of zero sets of continuous functions")

# %% [markdown]
# ## 2. Measure zero (all sizes)
#
# Unit $j$ of a layer receives $\langle w, x \rangle + b_j$, where the features $x$ below contain parameters of the
# layers below only. The derivative by $b_j$ is 1, for any number $n$ of features. So for fixed other parameters exactly
# one value of $b_j$ makes it vanish: the zero set is the graph of $b_j = -\langle w, x \rangle$, a continuous function.
# By Fubini a graph has measure zero. A hinge unit of the loss is $1 \mp o$ or $1 + o_q - o_r$: the output bias $c$
# plays the part of $b_j$; without one, it is a polynomial on each cell with the constant term 1, which is not the zero
# polynomial.

# %%
n = symbols("n", integer=True, positive=True)
b = symbols("b")
w, x = MatrixSymbol("w", n, 1), MatrixSymbol("x", n, 1)
step("own bias", "d (w^T x + b) / db = 1, for any number n of features", diff((w.T * x)[0, 0] + b, b) == 1)
fact(
    "the graph",
    "w x + b = 0 if and only if b = - w x",
    ['substitute(w*x + b, "b", -w*x) == 0', 'derivative(w*x + b, "b") == 1'],
    variables=("w", "x", "b"),
)
fact(
    "hinge without output bias",
    "1 - y v s at v = 0 is 1",
    ['substitute(1 - y*v*s, "v", 0) == 1'],
    variables=("y", "v", "s"),
)

# %% [markdown]
# ## 3. An instance for the blackboard: one neuron, one data point $x = 1$, $y = 1$
#
# $\mathcal N$ is the union of $w + b = 0$ and of $v\,\sigma(w + b) + c = 1$. There are four cells.

# %%
problem = Problem(Network.dense([1, 1, 1]), [[1]], [1], Loss("hinge"), name="one neuron, one data point")
cells = problem.cells()
signatures = sorted(cell.signature for cell in cells)
step("cells", f"{', '.join(signatures)}: all four sign vectors", cells.complete and len(set(signatures)) == 4)
certified("the four cells, each with a witness, and no others", cells_certificate(cells))

# %% [markdown]
# ## 4. The certificates: no unit vanishes on any cell

# %%
decided("LvB-L1", "verified", problem)
decided("LvB-L1", "verified", "laurent-brecht-one-neuron")
decided("LvB-L1", "verified", "yun2018-three-point")
