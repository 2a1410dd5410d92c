# %% [markdown]
# # The forms of one hidden layer
#
# **Claims.** `MLR-L2`
#
# **Source.** Laurent, von Brecht, anonymous version, Lemma 2, equations (8) to (12).
#
# **Statement.** One hidden layer, two classes: on a cell the loss is $-\sum_k v_k \langle a_k, w_k \rangle - \sum_k v_k
# \alpha_k b_k - \gamma c + \delta$ with $a_k = \sum_i \mu_i \varepsilon_i y_i \lambda_{ik} x_i$, $\alpha_k = \sum_i
# \mu_i \varepsilon_i y_i \lambda_{ik}$, $\gamma = \sum_i \mu_i \varepsilon_i y_i$, $\delta = \sum_i \mu_i
# \varepsilon_i$. Here $\lambda_{ik}$ is the slope of neuron $k$ at data point $i$, and $\varepsilon_i$ is 1 where the
# hinge is active, else 0.
#
# **Idea.** Expand the loss of one data point and one neuron, then add.
#
# **What would falsify it.** A cell with another coefficient.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from sympy import MatrixSymbol, symbols

from exactrelu import example
from exactrelu.narration import argument, certified, decided, fact, step

# %% [markdown]
# ## 1. One data point, any number of neurons and inputs (all sizes)
#
# $\Lambda$ is the diagonal matrix of the slopes at this data point; $K$ and $d$ are symbols.

# %%
K, d = symbols("K d", integer=True, positive=True)
v, b = MatrixSymbol("v", K, 1), MatrixSymbol("b", K, 1)
W, x = MatrixSymbol("W", K, d), MatrixSymbol("x", d, 1)
Lam = MatrixSymbol("Lambda", K, K)
whole = (v.T * Lam * (W * x + b)).expand()
step("output", "v^T Lambda (W x + b) = v^T Lambda W x + v^T Lambda b", whole == v.T * Lam * W * x + v.T * Lam * b)
argument(
    "entries",
    "v^T Lambda W x = sum_k v_k lambda_k <w_k, x>, and v^T Lambda b = sum_k v_k lambda_k b_k: Lambda is diagonal",
)

# %% [markdown]
# ## 2. Adding data points and neurons (all sizes)
#
# Induction over the data points: let the formula hold with coefficients $a, \alpha, \gamma, \delta$, and add one data
# point. The loss grows by $\mu \varepsilon (1 - y (.. + c))$. In generic symbols, for one neuron and one coordinate
# (neurons and coordinates add up in the same way):

# %%
before = "(-v*a*w - v*alpha*b - gamma*c + delta)"
fact(
    "one more data point",
    "a, alpha, gamma, delta grow by mu e y l x, mu e y l, mu e y, mu e",
    [
        f"{before} + mu*e*(1 - y*(v*l*(w*x + b) + c)) == "
        "-v*(a + mu*e*y*l*x)*w - v*(alpha + mu*e*y*l)*b - (gamma + mu*e*y)*c + (delta + mu*e)"
    ],
    variables=("v", "w", "b", "c", "a", "alpha", "gamma", "delta", "mu", "e", "y", "l", "x"),
)
fact(
    "one more neuron",
    "the loss of a data point changes by - mu e y v_2 l_2 (w_2 x + b_2)",
    ["mu*e*(1 - y*(f + v2*l2*(w2*x + b2) + c)) - mu*e*(1 - y*(f + c)) == -v2*(mu*e*y*l2*x)*w2 - v2*(mu*e*y*l2)*b2"],
    variables=("mu", "e", "y", "f", "v2", "l2", "w2", "x", "b2", "c"),
)

# %% [markdown]
# ## 3. An instance for the blackboard: one neuron, $x = -1, 0, 2$ with $y = -1, 1, 1$, weights $\tfrac13$
#
# At $w = 1$, $b = \tfrac12$, $v = 1$, $c = 0$ the neuron has the values $-\tfrac12, \tfrac12, \tfrac52$: slopes 0, 1,
# 1. The outputs are $0, \tfrac12, \tfrac52$: the first two hinges are active.

# %%
problem = example("laurent-brecht-one-neuron")
form = problem.at("start").form
assert form is not None and form.lemma_2 is not None
found = form.lemma_2
step("a", "1/3 (1 * 1 * 0) = 0", found.a == ((0,),))
step("alpha", "1/3", [str(value) for value in found.alpha] == ["1/3"])
step("gamma, delta", "1/3 (-1 + 1) = 0 and 2/3", (str(found.gamma), str(found.delta)) == ("0", "2/3"))
fact("value", "L = - v b / 3 + 2/3 = 1/2 at the point", ['loss("start") == -1 * 1/2 / 3 + 2/3'], problem)

# %% [markdown]
# ## 4. All 34 cells, by certificate

# %%
decided("MLR-L2", "verified", problem)
certified("all decisions at the point", problem.at("start").certificate())
