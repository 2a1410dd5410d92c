# %% [markdown]
# # Erratum: linear networks with the hinge loss may have a local minimum that is not global
#
# **Claims.** `YSJ-S5`
#
# **Source.** Yun, Sra, Jadbabaie 2018, section 1, on Laurent and von Brecht (their reference 12).
#
# **Statement.** *As printed:* for linear networks with the hinge loss all local minima are global. *Corrected:* the
# classes must have equal weight; the theorem that is cited assumes it.
#
# **Idea.** A network whose output weight is 0 ignores the data and decides for the larger class. To first order the
# output at the third data point, of the smaller class, changes by the mean of the changes at the other two: to gain $d$
# there costs at least $2 d$ here.
#
# **What would falsify it.** A descent from the point `vanishing` below.

# %%
from exactrelu import example
from exactrelu.narration import certified, decided, fact

# %% [markdown]
# ## 1. The counterexample: three data points, two of one class
#
# $x = (1, 1), (1, -1), (-1, 0)$ with $y = 1, 1, -1$. At the point `vanishing` the output is 1 everywhere, and the loss
# is $\tfrac23$. The data are separable, and the point `global` has loss 0.

# %%
problem = example("laurent-brecht-unbalanced-linear")
fact(
    "losses",
    "L(vanishing) = 2/3, L(global) = 0",
    ['loss("vanishing") == 2/3', 'loss("global") == 0', 'outputs("vanishing") == [[1], [1], [1]]'],
    problem,
)
fact(
    "hidden values",
    "at the three data points the hidden unit has the values 3, 1, and their mean 2",
    ['x @ parameter("vanishing", "W1")[0] + [2, 2, 2] == [3, 1, 2]', "(3 + 1)/2 == 2"],
    problem,
)
certified("local minimum", problem.at("vanishing").certificate("local_minimum", "global_minimum"))
decided("YSJ-S5", "refuted", problem)

# %% [markdown]
# ## 2. What holds: with equal class weights there is no such point
#
# Scenario 1 of Laurent and von Brecht with Theorem 5: see `errata/scenario_1.py`. For the squared loss all local minima
# of wide linear networks are global: `yun_corollary_2.py`.

# %%
decided("LvB-T5", "verified", "laurent-brecht-equal-weights")
decided("YSJ-C2", "verified", "yun2018-deep-linear-saddle")
