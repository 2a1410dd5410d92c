# %% [markdown]
# # Erratum: the printed decomposition leaves out two terms
#
# **Claims.** `MLR-T1i`, `LvB-T1`
#
# **Source.** Laurent, von Brecht, anonymous version, Theorem 1 (i).
#
# **Statement.** *As printed:* on a cell the loss is $\varphi_0 + .. + \varphi_{L-1} + \varphi_{L+1}(c)$; the last line
# is printed twice. *Corrected:* it is $\varphi_0 + .. + \varphi_{L-1} + \varphi_L(b^{(L)}, V) + \varphi_{L+1}(c) +
# \varphi_{L+2}$, as in the ICML version.
#
# **Idea.** Expand the loss of one neuron at one data point.
#
# **What would falsify it.** A cell on which the product of the last hidden bias with the output weight has coefficient
# 0 and the constant is 0, for every network.

# %%
from exactrelu import Loss, Network, Problem
from exactrelu.narration import decided, fact, step

# %% [markdown]
# ## 1. The counterexample: one neuron, one data point
#
# $x = 1$, $y = 1$. Where the neuron is active and the margin is below 1, the loss is $1 - (v (w x + b) + c)$.

# %%
problem = Problem(
    Network.dense([1, 1, 1]), [[1]], [1], Loss("hinge"),
    {"active": {"W1": [[1]], "b1": [0], "W2": [["1/2"]], "b2": [0]}}, "one neuron, one data point",
)  # fmt: skip
form = problem.cell_at("active").form
fact(
    "expansion",
    "L = - v w - v b - c + 1",
    ["1 - (v * (w * 1 + b) + c) == -v*w - v*b - c + 1"],
    variables=("v", "w", "b", "c"),
)
for name, block in form.blocks.items():
    step(name, str(block), block.is_multi_affine)

# %% [markdown]
# ## 2. Refuted: $\varphi_1 = -v b$ and $\varphi_3 = 1$ are not printed, and not zero

# %%
step("phi_L and phi_{L+2}", "neither vanishes", not form.blocks["phi_1"].is_zero and not form.blocks["phi_3"].is_zero)
decided("MLR-T1i", "refuted", problem)

# %% [markdown]
# ## 3. What holds: all five blocks, on every cell of this network
#
# For all sizes see `laurent_von_brecht_theorem_1.py`.

# %%
decided("LvB-T1", "verified", problem)
