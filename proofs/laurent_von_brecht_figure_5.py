# %% [markdown]
# # Three classes: a sub-optimal local minimum with active unsolved data points
#
# **Claims.** `LvB-F5`, `MLR-S7`, `MLR-(4)`
#
# **Source.** Laurent, von Brecht, ICML 2018, figure 5; anonymous version, section 4 and (4). The figure gives no
# numbers, and has four classes; three are enough.
#
# **Statement.** With the multiclass hinge and three classes there are separable data and a local minimum, not global,
# at which unsolved data points activate a neuron that is used. So Theorem 6 does not extend.
#
# **Idea.** One neuron sorts three classes along a line. The middle class has points that are far off: they pull in
# opposite directions, and the pulls cancel.
#
# **What would falsify it.** A direction at the point in which the loss falls.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact

# %% [markdown]
# ## 1. The instance
#
# Classes 0: $(-1, 1), (-3, 1)$; 1: $(1, 2), (1, -2)$; 2: $(-1, -1), (-3, -1)$. The neuron $\sigma(x_2 + 3)$ has the
# values 4, 4, 5, 1, 2, 2. The second neuron is dead. The scores are $\tfrac23 p - \tfrac53$, $0$, $-\tfrac23 p +
# \tfrac73$.

# %%
problem = Problem.example("laurent-brecht-three-classes")
fact(
    "outputs",
    "the scores of the six data points",
    [
        'outputs("active-unsolved")[0] == [1, 0, -1/3]',
        'outputs("active-unsolved")[1] == [1, 0, -1/3]',
        'outputs("active-unsolved")[2] == [5/3, 0, -1]',
        'outputs("active-unsolved")[3] == [-1, 0, 5/3]',
        'outputs("active-unsolved")[4] == [-1/3, 0, 1]',
        'outputs("active-unsolved")[5] == [-1/3, 0, 1]',
        'loss("active-unsolved") == 8/9',
    ],
    problem,
)
fact(
    "data points 3 and 4",
    "each has the loss (1 + 5/3) + max(1 - 1, 0) = 8/3; 2/6 * 8/3 = 8/9",
    ["1 + 5/3 == 8/3", "1 - 1 == 0", "2/6 * 8/3 == 8/9"],
)

# %% [markdown]
# ## 2. Why the pulls cancel
#
# The unsolved hinges are $1 + o_0 - o_1$ at $(1, 2)$ and $1 + o_2 - o_1$ at $(1, -2)$. Their gradient by the neuron is
# $\tfrac16 (\tfrac23 (1, 2) - \tfrac23 (1, -2)) = \tfrac16 (0, \tfrac83)$: it pulls the values of the two points
# together, and the hinges that are on their kinks hold against it.

# %%
fact("pull", "2/3 (1, 2) - 2/3 (1, -2) = (0, 8/3)", ["2/3*[1, 2] - 2/3*[1, -2] == [0, 8/3]"])
argument("proof", "multipliers for all hinges on their kinks, up to the scaling of the neuron: in the certificate")
certified("a local minimum", problem.at("active-unsolved").certificate("local_minimum"))

# %% [markdown]
# ## 3. It is not global: with the second neuron in use the loss is zero

# %%
fact("better", "loss 0", ['loss("global") == 0'], problem)
decided("LvB-F5", "verified", problem)
decided("MLR-S7", "verified", problem)

# %% [markdown]
# ## 4. Equation (4) (all sizes): the term of the own class is $\sigma(1) = 1$

# %%
fact("own class", "1 + o - o = 1", ["1 + o - o == 1"], variables=("o",))
decided("MLR-(4)", "verified", problem)
