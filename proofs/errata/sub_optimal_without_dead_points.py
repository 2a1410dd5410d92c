# %% [markdown]
# # Erratum: sub-optimal local minima without any dead data point
#
# **Claims.** `LvB-S4`, `LvB-T6`, `LvB-T5`
#
# **Source.** Laurent, von Brecht, ICML 2018, after Theorem 6 (and the end of the introduction).
#
# **Statement.** *As printed:* ReLU networks have sub-optimal local minimisers exactly when a data point activates no
# ReLU, and leaky networks have none. *Corrected:* an unsolved data point lies on the blind side of every neuron *that
# is used* (Theorem 6). With $v = 0$ no neuron is used, and all may be active. With equal class weights leaky networks
# have none.
#
# **Idea.** Theorem 6 says "or $v_k = 0$". At $v = 0$ it says nothing.
#
# **What would falsify it.** A data point at which the neuron of the counterexample is silent.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact

# %% [markdown]
# ## 1. The counterexample with a ReLU: $x = (1, 1)^+, (1, -1)^+, (-1, 0)^-$

# %%
relu, leaky = Problem.example("laurent-brecht-unbalanced-relu"), Problem.example("laurent-brecht-unbalanced-leaky")
fact(
    "all active",
    "<w, x_i> + b = 3, 1, 2 > 0 with w = (0, 1), b = 2; the loss is 2/3",
    [
        'x @ parameter("vanishing", "W1")[0] + parameter("vanishing", "b1")[0] * [1, 1, 1] == [3, 1, 2]',
        'loss("vanishing") == 2/3',
        'loss("global") == 0',
    ],
    relu,
)
certified("vanishing is a local minimum, not a global one", relu.at("vanishing").certificate())
decided("LvB-S4", "refuted", relu)
argument("why", "near the point the ReLU is the identity on the data: the steps are those of scenario_1.py")

# %% [markdown]
# ## 2. The same with a leaky unit

# %%
decided("LvB-S4", "refuted", leaky)

# %% [markdown]
# ## 3. What holds: Theorem 6, which this point obeys since $v = 0$; and Theorem 5

# %%
decided("LvB-T6", "verified", relu)
decided("LvB-T5", "verified", "laurent-brecht-equal-weights")
