# %% [markdown]
# # Erratum: a deep linear network with a sub-optimal local minimum
#
# **Claims.** `LvB-S1`, `LvB-T5`
#
# **Source.** Laurent, von Brecht, ICML 2018, introduction, scenario 1.
#
# **Statement.** *As printed:* a deep linear network with arbitrary data and the hinge loss has no sub-optimal local
# minimum. *Corrected:* with one hidden layer, separable data and equal class weights it has none (Theorem 5).
#
# **Idea.** With $v = 0$ the network is constant, and the best constant serves the larger class. A small $v$ moves the
# outputs along one fixed direction only, that of $w$, which does not help the smaller class.
#
# **What would falsify it.** A direction at the point in which the loss falls.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact

# %% [markdown]
# ## 1. The counterexample: three points in the plane, one linear neuron
#
# $x = (1, 1)$ and $(1, -1)$ of class $+$, $x = (-1, 0)$ of class $-$, equal weights $\tfrac13$; $o(x) = v (\langle w, x
# \rangle + b) + c$ at $w = (0, 1)$, $b = 2$, $v = 0$, $c = 1$.

# %%
problem = Problem.example("laurent-brecht-unbalanced-linear")
fact(
    "values",
    "all outputs are 1, the loss is 2/3; at the point global it is 0",
    ['outputs("vanishing") == [[1], [1], [1]]', 'loss("vanishing") == 2/3', 'loss("global") == 0'],
    problem,
)

# %% [markdown]
# ## 2. Why the loss cannot fall
#
# Let the outputs change by $D_1, D_2, D_3$. The loss changes by $\tfrac13 (\sigma(-D_1) + \sigma(-D_2) + D_3)$, which
# is at least $\tfrac13 (-\rho_1 D_1 - \rho_2 D_2 + D_3)$ for all $\rho \in [0, 1]^2$. With the neuron's values $p = 3 +
# e_1, 1 + e_2, 2 + e_3$ (small $e$), the change is $D_i = v p_i + \delta$. Choose $\rho$ with $\rho_1 + \rho_2 = 1$:
# then the bound is $\tfrac13 v (p_3 - \rho_1 p_1 - \rho_2 p_2)$, and $p_3$ lies between $p_1$ and $p_2$: some $\rho$
# makes it 0.

# %%
fact(
    "lower bound",
    "-r1 D1 - r2 D2 + D3 = v (p3 - r1 p1 - r2 p2) if r1 + r2 = 1",
    ["-r1 * (v*p1 + d) - (1 - r1) * (v*p2 + d) + (v*p3 + d) == v * (p3 - r1*p1 - (1 - r1)*p2)"],
    variables=("r1", "v", "d", "p1", "p2", "p3"),
)
fact("at the point", "p = (3, 1, 2): p3 = (p1 + p2)/2 lies strictly between", ["1 < 2 < 3", "2 == 1/2 * 3 + 1/2 * 1"])
certified("vanishing is a sharp local minimum, not a global one", problem.at("vanishing").certificate())
decided("LvB-S1", "refuted", problem)

# %% [markdown]
# ## 3. There is no smaller one with separable data

# %%
argument(
    "smallest",
    "v = 0 by Theorem 4. If the values p separate the classes, v and c can move so that no output of class + falls "
    "and all of class - fall. On a line, and for two points, w can be moved a little so that p does",
)

# %% [markdown]
# ## 4. What holds: equal class weights

# %%
decided("LvB-T5", "verified", "laurent-brecht-equal-weights")
