# %% [markdown]
# # Erratum: the constant does not count errors
#
# **Claims.** `MLR-T1c`
#
# **Source.** Laurent, von Brecht, anonymous version, Theorem 1 (i), last sentence, and section 2.2.
#
# **Statement.** *As printed:* the constant $\varphi_{L+2}$ is the average number of errors on the cell. *Corrected:* it
# is the weight of the data points with margin below 1.
#
# **Idea.** The constant is $\sum_i \mu_i \varepsilon_i$, and $\varepsilon_i = 1$ says that the hinge is active: the
# margin is below 1. A data point with margin between 0 and 1 is classified correctly.
#
# **What would falsify it.** A cell whose constant is not the weight of its margin violations.

# %%
from exactrelu import Loss, Network, Problem
from exactrelu.narration import decided, fact, step

# %% [markdown]
# ## 1. The counterexample: one data point, output 1/2
#
# $x = 1$, $y = 1$, $w = 1$, $b = 0$, $v = \tfrac12$, $c = 0$: the output is $\tfrac12 > 0$, which is the right class.

# %%
problem = Problem(
    Network.dense([1, 1, 1]), [[1]], [1], Loss("hinge"),
    {"right": {"W1": [[1]], "b1": [0], "W2": [["1/2"]], "b2": [0]}}, "one data point with margin 1/2",
)  # fmt: skip
fact(
    "no error",
    "y * output = 1/2 > 0, and the loss is 1/2",
    ['outputs("right") == [[1/2]]', 'loss("right") == 1/2'],
    problem,
)
cell = problem.cell_at("right")
step("constant", f"phi_2 = {cell.form.blocks['phi_3']}, with no error", str(cell.form.blocks["phi_3"]) == "1")
decided("MLR-T1c", "refuted", problem)

# %% [markdown]
# ## 2. What holds, on all 34 cells of a network with three data points
#
# The constant is the weight of the active hinges, the data points with $y_i o_i < 1$.

# %%
neuron = Problem.example("laurent-brecht-one-neuron")
cells = neuron.cells()
for cell in cells:
    violated = sum(sign > 0 for _, (sign,) in cell.columns)
    assert cell.form.blocks["phi_3"].evaluate(cell.witness) * 3 == violated
step("all cells", f"3 phi_3 = number of margins below 1 on each of {len(cells)} cells", cells.complete)
decided("MLR-L2", "verified", neuron)
