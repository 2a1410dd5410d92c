# %% [markdown]
# # No differentiable extrema
#
# **Claims.** `LvB-C1`, `MLR-T1iii`, `MLR-S2`, `MLR-S3`
#
# **Source.** Laurent, von Brecht, ICML 2018, Corollary 1; anonymous version, Theorem 1 (iii) and introduction.
#
# **Statement.** A local minimum or maximum of the loss lies on the boundary set $\mathcal N$ or in a cell on which the
# loss is constant, equal to $\varphi_{L+2}$.
#
# **Idea.** On a cell the loss is affine in each single parameter, so it is harmonic. A harmonic function with an
# extremum inside an open connected set is constant there.
#
# **What would falsify it.** A cell with an extremum inside on which the loss is not constant.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from exactrelu import Loss, Network, Problem
from exactrelu.narration import argument, certified, decided, fact

# %% [markdown]
# ## 1. Affine in each parameter, hence harmonic (all sizes)
#
# By Theorem 1 no monomial has two parameters of one layer, so none has a square. In one parameter $w$ the loss is $p +
# q w$, where $p, q$ stand for polynomials in the other parameters. Its second derivative vanishes, for each parameter;
# their sum is the Laplacian.

# %%
fact(
    "second derivative",
    "d^2 (p + q w) / dw^2 = 0",
    ['derivative(derivative(p + q*w, "w"), "w") == 0'],
    variables=("p", "q", "w"),
)
argument(
    "maximum principle", "a harmonic function on a connected open set with a local extremum is constant on that set"
)

# %% [markdown]
# ## 2. The same without analysis: a proof by coordinates (all sizes)
#
# Let $\omega$ be a local minimum in a cell (a maximum likewise). Take a box around $\omega$ in the cell on which the
# loss is nowhere smaller than at $\omega$. Along the first coordinate the loss is $p + q w$, affine with an interior
# minimum: it is constant on this line through the box. So from each of these points we may go on along the second
# coordinate, and find the same; and so on. The loss is constant on the box. A polynomial that is constant on a box is
# constant. This argument also fills a gap in the anonymous version, which takes the constant loss from the Hessian.

# %%
fact(
    "affine, both sides",
    "the mean of p + q (w - h) and p + q (w + h) is p + q w: if neither is below p + q w, both are equal to it",
    ["1/2 * (p + q*(w - h)) + 1/2 * (p + q*(w + h)) == p + q*w"],
    variables=("p", "q", "w", "h"),
)

# %% [markdown]
# ## 3. The constant is $\varphi_{L+2}$ (all sizes)
#
# The forms $\varphi_0, .., \varphi_{L+1}$ have different arguments, so no monomial occurs in two of them. If their sum
# is constant, each of them is zero. What is left is $\varphi_{L+2}$.
#
# ## 4. An instance for the blackboard: one neuron, one data point
#
# $x = 1$, $y = 1$. There are four cells: the neuron is silent or active, the margin below 1 or above.

# %%
problem = Problem(
    Network.dense([1, 1, 1]), [[1]], [1], Loss("hinge"),
    {
        "solved": {"W1": [[1]], "b1": [0], "W2": [[2]], "b2": [0]},
        "unsolved": {"W1": [[1]], "b1": [0], "W2": [["1/2"]], "b2": [0]},
    },
    "one neuron, one data point",
)  # fmt: skip
for cell in problem.cells():
    kind = "constant" if cell.is_flat else "not constant, no extremum inside"
    print(f"           cell {cell.signature}: L = {cell.form.polynomial}: {kind}")
certified("solved is a local minimum in a flat cell", problem.at("solved").certificate("local_minimum"))
certified("unsolved is none", problem.at("unsolved").certificate("local_minimum"))

# %% [markdown]
# ## 5. The certificates
#
# Flow lines of the gradient that enter a flat cell stop there, since the gradient is zero on it.

# %%
for claim in ("LvB-C1", "MLR-T1iii", "MLR-S2"):
    decided(claim, "verified", problem)
decided("MLR-S3", "verified", problem)
decided("LvB-C1", "verified", "laurent-brecht-one-neuron")
decided("LvB-C1", "verified", "laurent-brecht-two-hidden-layers")
