# %% [markdown]
# # Erratum: at a minimum on a boundary a one-sided gradient may be zero
#
# **Claims.** `LIU-L2`, `LIU-T3`, `LIU-L2-corrected`, `LIU-T3-corrected`
#
# **Source.** Liu, Lemma 2 and Theorem 3, appendix D.1.
#
# **Statement.** *As printed:* a point on the boundary of two cells is a local minimum if and only if the limits of
# $\partial L/\partial w_m$ have the directions of $-x_n$ and $x_n$; and so (18), (19) hold strictly. *Corrected:* they
# are $-\alpha x_n$ and $\beta x_n$ with $\alpha, \beta \ge 0$, and $\partial L/\partial R_j = 0$ for the other neurons.
#
# **Idea.** A plateau, or the bottom of a valley, may end at the boundary.
#
# **What would falsify it.** A descent at one of the points below.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.theorems.liu.facets import on_facet

# %% [markdown]
# ## 1. The counterexample: $x = (1, 0), (0, 1)$, $y = 1, -1$, one neuron
#
# At $(z, w) = (1, (1, 0))$ the first data point is fitted, the second lies on the boundary, $e = (0, 1)$. The limits
# are 0 on the side where $x_2$ is inactive, and $2 \cdot \tfrac12 \cdot (0, 1)$ on the other.

# %%
problem = Problem.example("liu-two-samples-opposite")
fact(
    "loss near the point",
    "1/2 ((w1 - 1)^2 + 1) on one side, 1/2 ((w1 - 1)^2 + (w2 + 1)^2) on the other: gradients (0, 0), (0, 1) at (1, 0)",
    ['substitute(substitute(derivative(p, "w1"), "w1", 1), "w2", 0) == 0',
     'substitute(substitute(derivative(q, "w1"), "w1", 1), "w2", 0) == 0',
     'substitute(substitute(derivative(q, "w2"), "w1", 1), "w2", 0) == 1'],
    definitions={"p": "1/2*((w1 - 1)**2 + 1)", "q": "1/2*((w1 - 1)**2 + (w2 + 1)**2)"},
    variables=("w1", "w2"),
)  # fmt: skip
for name, loss in (("edge-r3-r4", "1/2"), ("edge-r1-r2", "1")):
    place = on_facet(problem.at(name))
    assert not isinstance(place, str)
    certified(f"{name}: the limits, and (18) = 0", place.certificate("one limit is 0"))
    proof = problem.at(name).certificate("local_minimum", "differentiable")
    certified(f"{name}: a local minimum of loss {loss}, not differentiable", proof)
decided("LIU-L2", "refuted", problem)
decided("LIU-T3", "refuted", problem)

# %% [markdown]
# ## 2. What holds: `liu_theorem_3.py`

# %%
argument("the gap", "a gradient that is not in the direction of x_n gives a descent; but the gradient 0 gives none")
argument(
    "wording", "in Theorem 3 'for any m' should read 'for some m', and in (19) y_n does not belong into the sum over k"
)
decided("LIU-L2-corrected", "verified", problem)
decided("LIU-T3-corrected", "verified", problem)
