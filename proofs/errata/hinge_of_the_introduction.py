# %% [markdown]
# # Erratum: the multiclass hinge of the introduction is 1 too large
#
# **Claims.** `MLR-(4)-introduction`, `MLR-(4)`
#
# **Source.** Laurent, von Brecht, anonymous version, introduction (the multiclass hinge loss).
#
# **Statement.** *As printed:* the multiclass hinge loss is $\sum_{q=1}^R \sigma(1 + o_q - o_r)$, with $r$ the class.
# *Corrected:* leave out $q = r$, or subtract 1 as in (4): $-1 + \sum_{q=1}^R \sigma(1 + o_q - o_r)$.
#
# **Idea.** The term $q = r$ is $\sigma(1 + o_r - o_r) = 1$, whatever the outputs.
#
# **What would falsify it.** Outputs for which that term is not 1.

# %%
from exactrelu import Loss, Network, Problem
from exactrelu.narration import decided, fact

# %% [markdown]
# ## 1. The term of the own class, for all outputs

# %%
fact("own class", "1 + o - o = 1, and sigma(1) = 1", ["1 + o - o == 1", "max(1, 0) == 1"], variables=("o",))

# %% [markdown]
# ## 2. The counterexample: one data point, two classes, solved
#
# The outputs are 2 and 0, the class is the first. The loss is $\sigma(1 + 0 - 2) = 0$; the printed sum gives 1.

# %%
problem = Problem(
    Network.dense([1, 1, 2]), [[1]], [0], Loss("multiclass-hinge"),
    {"solved": {"W1": [[1]], "b1": [0], "W2": [[2], [0]], "b2": [0, 0]}}, "one data point, two classes",
)  # fmt: skip
fact(
    "values",
    "outputs (2, 0), loss 0, printed sum max(1 + 2 - 2, 0) + max(1 + 0 - 2, 0) = 1",
    [
        'outputs("solved") == [[2, 0]]',
        'loss("solved") == 0',
        "max(1 + 2 - 2, 0) + max(1 + 0 - 2, 0) == 1",
    ],
    problem,
)
decided("MLR-(4)-introduction", "refuted", problem)

# %% [markdown]
# ## 3. What holds: equation (4)

# %%
decided("MLR-(4)", "verified", problem)
decided("MLR-(4)", "verified", "laurent-brecht-three-classes")
