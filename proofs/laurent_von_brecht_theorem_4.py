# %% [markdown]
# # Critical points of leaky networks
#
# **Claims.** `LvB-T4`
#
# **Source.** Laurent, von Brecht, ICML 2018, Theorem 4.
#
# **Statement.** One hidden layer with slopes 1 and $\alpha > 0$, linearly separable data, a critical point in the sense
# of Clarke. Then $v = 0$, or the loss is zero, which is the global minimum.
#
# **Idea.** As for Theorem 6, but no slope is zero: a balance without weight leaves no active hinge.
#
# **What would falsify it.** A critical point with $v \ne 0$ and a positive loss.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact

# %% [markdown]
# ## 1. The proof (all sizes)
#
# Let $0 = \sum_u \theta_u \nabla L_u$ over the incident cells, $\theta_u > 0$, $\sum_u \theta_u = 1$, and let $v_k \ne
# 0$. As in `laurent_von_brecht_theorem_6.py` the numbers $\rho_i = \mu_i \sum_u \theta_u \varepsilon_i^u
# \lambda_{ik}^u$ satisfy $\sum_i \rho_i y_i (x_i, 1) = 0$. By `laurent_von_brecht_balance.py` they vanish. Now
# $\lambda_{ik}^u \ge \min(1, \alpha) > 0$ and $\mu_i > 0$: so $\varepsilon_i^u = 0$ for all $i$ and all these $u$. On
# such a cell no hinge is active, so the loss is zero there, and at the point by continuity.

# %%
fact(
    "no slope is zero",
    "mu t e l = mu t e a + mu t e (l - a) with l >= a > 0: if the sum is 0, then mu t e a = 0, so e = 0",
    ["mu*t*e*l == mu*t*e*a + mu*t*e*(l - a)"],
    variables=("mu", "t", "e", "l", "a"),
)
argument("where alpha > 0 is used", "with a = 0 the first term is empty: this is how ReLU networks escape (Theorem 6)")

# %% [markdown]
# ## 2. For the blackboard: $x = (1, 1)^+, (1, -1)^+, (-1, 0)^-$
#
# The weights are $\tfrac14, \tfrac14, \tfrac12$, the slope is $\alpha = \tfrac12$. # `global`: $w = (2, 0)$, $b = 3$,
# $v = 1$, $c = -3$: outputs $2, 2, -2$, loss zero. `vanishing`: $v = 0$, loss 1, critical. `better`: $v \ne 0$ and a
# positive loss, so it cannot be critical.

# %%
problem = Problem.example("laurent-brecht-equal-weights")
fact(
    "losses",
    "0, 1 and 15999/16000",
    ['loss("global") == 0', 'loss("vanishing") == 1', 'loss("better") == 15999/16000'],
    problem,
)
for name, words in (("global", "critical"), ("vanishing", "critical"), ("better", "not critical")):
    certified(f"{name} is {words}", problem.at(name).certificate("clarke_critical"))
fact("better, by hand", "the gradient is not zero", ['norm2(gradient("better")) > 0'], problem)

# %% [markdown]
# ## 3. The certificates

# %%
decided("LvB-T4", "verified", problem)
decided("LvB-T4", "verified", "laurent-brecht-unbalanced-leaky")
