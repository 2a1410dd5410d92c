# %% [markdown]
# # Erratum: a multilinear form may have a Hessian that is zero
#
# **Claims.** `MLR-S1`, `LvB-C2`
#
# **Source.** Laurent, von Brecht, anonymous version, introduction, and the first lemma of its appendix.
#
# **Statement.** *As printed:* the Hessian of a non-trivial multilinear form has a positive and a negative eigenvalue.
# *Corrected:* so it has wherever it is not the zero matrix.
#
# **Idea.** The trace is zero, so the eigenvalues are all zero or of both signs. All zero does happen.
#
# **What would falsify it.** A proof that the Hessian of $\varphi(c) = -c$ is not zero.

# %%
from exactrelu import Loss, Network, Problem
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. Two counterexamples for the blackboard

# %%
fact(
    "one argument",
    "phi(c) = -c is linear, not trivial, and its second derivative is 0",
    ['derivative(derivative(-c, "c"), "c") == 0'],
    variables=("c",),
)
hessian = "[[0, z, y], [z, 0, x], [y, x, 0]]"
fact(
    "three arguments",
    "the Hessian of x y z has the entries x, y, z: it is zero at the origin",
    [
        f'{hessian}[0][1] == derivative(derivative(x*y*z, "x"), "y")',
        f'{hessian}[0][2] == derivative(derivative(x*y*z, "x"), "z")',
        f'{hessian}[1][2] == derivative(derivative(x*y*z, "y"), "z")',
        'substitute(x, "x", 0) == 0',
    ],
    variables=("x", "y", "z"),
)

# %% [markdown]
# ## 2. In a network: one silent neuron, one data point
#
# $x = 1$, $y = 1$, $w = -1$, $b = 0$: the neuron is silent on the cell, where the loss is $1 - c$.

# %%
problem = Problem(
    Network.dense([1, 1, 1]), [[1]], [1], Loss("hinge"),
    {"silent": {"W1": [[-1]], "b1": [0], "W2": [[1]], "b2": [0]}}, "one silent neuron",
)  # fmt: skip
fact(
    "at the point",
    "the Hessian is the zero matrix, the gradient is (0, 0, 0, -1)",
    ['hessian("silent") == zeros(4, 4)', 'gradient("silent") == [0, 0, 0, -1]'],
    problem,
)
decided("MLR-S1", "refuted", problem)

# %% [markdown]
# ## 3. What holds

# %%
argument(
    "all sizes",
    "the trace is 0 (laurent_von_brecht_corollary_2.py); a symmetric matrix that is not 0 has an eigenvalue not 0",
)
decided("LvB-C2", "verified", problem)
