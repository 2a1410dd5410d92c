# %% [markdown]
# # Erratum: there are local maxima
#
# **Claims.** `LIU-T1b`, `LIU-T1b-corrected`
#
# **Source.** Liu, Theorem 1, second sentence.
#
# **Statement.** *As printed:* $L(z, w)$ has no local maxima. *Corrected:* at a local maximum no unit is active at any
# data point; so none is strict, and one inside a cell lies on a plateau.
#
# **Idea.** Where all units are off the outputs are 0. If turning a unit on can only help, that is a local maximum.
#
# **What would falsify it.** A point near $(z, w) = (\tfrac12, 0)$ with a loss above 1.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact

# %% [markdown]
# ## 1. The counterexample: one data point, one neuron: $x = 1$, $y = 1$
#
# $L = (z \max(w, 0) - 1)^2$. Near $(z, w) = (\tfrac12, 0)$ the output lies in $[0, 1]$, so $L \le 1$; and $L = 1$ for
# $w \le 0$. For $w > 0$ it is less: the loss is not constant near the point.

# %%
problem = Problem.example("liu-local-maximum")
fact(
    "values",
    "L(1/2, 0) = 1; with the output o = z w: 1 - (o - 1)^2 = o (2 - o), which is >= 0 for 0 <= o <= 2",
    ['loss("edge") == 1', 'loss("dead") == 1'],
    problem,
)
fact("difference", "1 - (o - 1)^2 = o (2 - o)", ["1 - (o - 1)**2 == o*(2 - o)"], variables=("o",))
certified(
    "(1/2, 0) is a local maximum, no local minimum", problem.at("edge").certificate("local_maximum", "local_minimum")
)
certified("(1, -1) is both, on a plateau", problem.at("dead").certificate("local_maximum", "local_minimum"))
decided("LIU-T1b", "refuted", problem)

# %% [markdown]
# ## 2. What holds (all sizes)
#
# Along $z_j$ the loss is a quadratic function with the leading coefficient $\sum_i c_i \max(\langle w_j, x_i \rangle,
# 0)^2$, which is 0 at a local maximum: neuron $j$ is active nowhere, and the loss is constant in $z_j$.

# %%
argument(
    "why the printed proof fails",
    "a convex function has no local maximum unless it is constant, and it may be constant",
)
decided("LIU-T1b-corrected", "verified", problem)
decided("LIU-T1b-corrected", "verified", "liu-two-samples")
