# %% [markdown]
# # Leaky networks with equal class weights have no spurious local minimum
#
# **Claims.** `LvB-T5`
#
# **Source.** Laurent, von Brecht, ICML 2018, Theorem 5.
#
# **Statement.** One hidden layer with slopes 1 and $\alpha > 0$, an output bias, linearly separable data, both classes
# of weight $\tfrac12$. Every local minimum is a global one, with loss zero.
#
# **Idea.** By Theorem 4 only $v = 0$ is to be excluded. At $v = 0$ the features do not matter: slide them, for free, to
# a place where a small $v$ helps.
#
# **What would falsify it.** A local minimum with $v = 0$. (Without equal weights there is one: `errata/scenario_2.py`.)
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact

# %% [markdown]
# ## 1. A local minimum with $v = 0$ has the loss 1, and $c$ may slide (all sizes)
#
# With $v = 0$ the output is $c$, and the loss is $\tfrac12 \sigma(1 - c) + \tfrac12 \sigma(1 + c)$. It is 1 for $-1 \le
# c \le 1$, and larger outside, where moving $c$ inwards lowers it. So $-1 \le c \le 1$, and we may slide $c$ a little
# into $(-1, 1)$, without change of the loss. If the first point was a local minimum, the new one, near enough, is one
# too: it has the same loss, and a smaller neighbourhood.

# %%
fact(
    "constant outputs",
    "1/2 (1 - c) + 1/2 (1 + c) = 1, and 1/2 (1 + c) = 1 + (c - 1)/2 for c > 1",
    ["1/2*(1 - c) + 1/2*(1 + c) == 1", "1/2*(1 + c) == 1 + 1/2*(c - 1)"],
    variables=("c",),
)

# %% [markdown]
# ## 2. The slope in $v_1$ (all sizes)
#
# With $-1 < c < 1$ all hinges are active near $v = 0$. The loss is $1 - v_1 h$ if only $v_1$ moves, with $h(w_1, b_1) =
# \sum_i \mu_i y_i\, \sigma_\alpha(\langle w_1, x_i \rangle + b_1)$. If $h \ne 0$, a small $v_1$ of the sign of $h$
# lowers the loss. For one data point:

# %%
fact(
    "slope",
    "mu (1 - y (v s + c)) = mu (1 - y c) - v (mu y s)",
    ["mu*(1 - y*(v*s + c)) == mu*(1 - y*c) - v*(mu*y*s)"],
    variables=("mu", "y", "v", "s", "c"),
)

# %% [markdown]
# ## 3. If $h = 0$, slide the neuron (all sizes)
#
# At $v = 0$ the loss does not depend on $(w_1, b_1)$. Replace them by $(w_1, b_1) + \delta (q, \beta)$, $\delta > 0$,
# with the separating hyperplane: the argument $p_i$ of data point $i$ becomes $p_i + \delta z_i$, where $y_i z_i \ge
# 1$. The function $\sigma_\alpha$ rises at least with the slope $a = \min(1, \alpha)$, so $y_i (\sigma_\alpha(p_i +
# \delta z_i) - \sigma_\alpha(p_i)) \ge a \delta$. Adding up, $h$ grows by at least $a \delta > 0$. So $h \ne 0$ at
# points as near as one likes, where section 2 applies.
#
# The four cases of the last inequality, for $0 < \alpha \le 1$, $y = 1$, $z = 1 + s$, $s \ge 0$ (for $y = -1$ exchange
# the two arguments):

# %%
fact(
    "both active, or both inactive",
    "(p + d z) - p = d + d s; alpha (p + d z) - alpha p = alpha d + alpha d s",
    ["(p + d*(1 + s)) - p == d + d*s", "al*(p + d*(1 + s)) - al*p == al*d + al*d*s"],
    variables=("p", "d", "s", "al"),
)
fact(
    "from inactive to active: p = -g, p + d z = k with g, k >= 0",
    "k + alpha g = alpha (g + k) + (1 - alpha) k with g + k = d z: at least alpha d",
    ["k + al*g == al*(g + k) + (1 - al)*k", "al*(d*(1 + s)) == al*d + al*d*s"],
    variables=("k", "g", "al", "d", "s"),
)
argument("from active to inactive", "does not occur for y = 1, since the argument grows")
argument("conclusion", "no point with v = 0 is a local minimum; by Theorem 4 a local minimum has the loss 0")

# %% [markdown]
# ## 4. For the blackboard: $x = (1, 1)^+, (1, -1)^+, (-1, 0)^-$
#
# The weights are $\tfrac14, \tfrac14, \tfrac12$, the slope is $\alpha = \tfrac12$. # At $w = (0, 1)$, $b = 2$ the
# neuron has the values 3, 1, 2 and $h = \tfrac34 + \tfrac14 - \tfrac22 = 0$. The slide along $q = (1, 0)$ gives the
# values $3 + \delta, 1 + \delta, 2 - \delta$ and $h = \delta$.

# %%
problem = Problem.example("laurent-brecht-equal-weights")
fact("h before", "1/4 * 3 + 1/4 * 1 - 1/2 * 2 = 0", ["1/4*3 + 1/4*1 - 1/2*2 == 0"])
fact("h after", "the slide makes h = delta", ["1/4*(3 + d) + 1/4*(1 + d) - 1/2*(2 - d) == d"], variables=("d",))
fact(
    "a better point near by",
    "v = 1/4 after a slide: the loss is 15999/16000 < 1",
    ['loss("vanishing") == 1', 'loss("better") == 15999/16000'],
    problem,
)
certified("vanishing is no local minimum", problem.at("vanishing").certificate("local_minimum"))

# %% [markdown]
# ## 5. The certificate

# %%
decided("LvB-T5", "verified", problem)
