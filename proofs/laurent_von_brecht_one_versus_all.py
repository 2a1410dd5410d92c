# %% [markdown]
# # The one-versus-all loss: critical for the sum, not for each class
#
# **Claims.** `LvB-(11)`, `LvB-(12)`, `MLR-S8`, `LvB-S5`
#
# **Source.** Laurent, von Brecht, ICML 2018, (11), (12) and after (14); anonymous version, (16).
#
# **Statement.** The one-versus-all loss is the sum of the losses $L^{(r)}$ of the classes, each with its own row $v_r,
# c_r$ of the last layer and common features. It still has critical points with active unsolved data points. With a
# replica of the features for each class and the penalty, such a point is no longer critical.
#
# **Idea.** Two classes pull the common features in opposite directions, and the pulls cancel.
#
# **What would falsify it.** Pulls of classes 0 and 1 that are zero at the point below.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from sympy import MatrixSymbol, diff, symbols

from exactrelu import Problem, exact_penalty
from exactrelu.narration import argument, certified, decided, fact, step
from exactrelu.replicas import class_problem

# %% [markdown]
# ## 1. The loss splits (all sizes)
#
# Output $r$ is $v_r^T h + c_r$, and every hinge $\sigma(1 \mp o_r)$ reads one output. So the derivative of class $r$ by
# $v_s$, $s \ne r$, is zero; by $v_r$ it is a multiple of the features $h$. The number $m$ of features is a symbol.

# %%
m = symbols("m", integer=True, positive=True)
v, h = MatrixSymbol("v", m, 1), MatrixSymbol("h", m, 1)
step("one row each", "d (v_r^T h) / dv_r = h", diff(v.T * h, v) == h)
argument("sum", "adding the hinges class by class gives (12)")

# %% [markdown]
# ## 2. An instance for the blackboard: four points in the plane, three classes, one neuron
#
# $x = (-1, 1), (-1, -1), (1, 1), (1, -1)$ of the classes 0, 1, 2, 2; $w = (0, 1)$, $b = 3$: values 4, 2, 4, 2. The
# classifiers are $p - 4$, $-p + 2$, $0$. All outputs of classes 0 and 1 are 0 or $-2$; no hinge is on its kink.

# %%
problem = Problem.example("laurent-brecht-one-versus-all")
fact(
    "critical",
    "the gradient is zero, the loss is 2, and 399/200 near by",
    ['norm2(gradient("critical")) == 0', 'loss("critical") == 2', 'loss("better") == 399/200'],
    problem,
)
pulls = []
for r in range(3):
    one = class_problem(problem, r)
    pull = one.at("critical").gradient
    assert pull is not None
    pulls.append(pull[:3])
    print(f"           class {r}: gradient in (w, b) = ({', '.join(map(str, pull[:3]))})")
fact(
    "pulls",
    "the gradients of classes 0 and 1 in (w, b) are not zero; their sum is",
    ["g0 != [0, 0, 0]", "g1 != [0, 0, 0]", "g0 + g1 + g2 == [0, 0, 0]"],
    definitions={f"g{r}": f"[{', '.join(map(str, pull))}]" for r, pull in enumerate(pulls)},
)
certified("class 0 is not critical", class_problem(problem, 0).at("critical").certificate("clarke_critical"))

# %% [markdown]
# ## 3. With the penalty the point is not critical

# %%
certified("equal replicas, not critical", exact_penalty(problem).at("critical").certificate("clarke_critical"))
decided("LvB-S5", "verified", problem)

# %% [markdown]
# ## 4. The certificates

# %%
for claim in ("LvB-(11)", "MLR-S8", "LvB-(12)"):
    decided(claim, "verified", problem)
