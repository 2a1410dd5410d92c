# %% [markdown]
# # Two weights and Gaussian data: figure 4 with bounds
#
# **Claims.** `LIU-F4b-corrected`, `LIU-F4c-corrected`
#
# **Source.** Liu, section 7.3, figure 4 (b) and (c); what is printed about them is refuted in `errata/liu_figure_4b.py`
# and `errata/liu_figure_4c.py`.
#
# **Statement.** $N = 100$, two weights that look outward. If $x_{w_2} = 0$, then $x_{w_2}^* = -2 \varphi(1)$, and $P_t
# < 3.9464342 \cdot 10^{-6}$ for every $x_{w_1} \ge 0$. If $x_{w_1} \ge 0 \ge x_{w_2}$, the gaps are disjoint and $P_t =
# (1 - P(g_1) - P(g_2))^N$.
#
# **Idea.** $F$ is diagonal: each weight has its own gap, whatever the other does.
#
# **What would falsify it.** A location $x_{w_1} \ge 0$ with a larger $P_t$.

# %%
from dataclasses import replace

from gmpy2 import mpq

from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact, step
from exactrelu.rational import above, below
from exactrelu.theorems.liu.figures import figure_4b

two = Problem.example("liu-parallel-weights")

# %% [markdown]
# ## 1. The second gap (for all $x_{w_1} \ge 0$)
#
# At $h = 0$ both classes have the density $\varphi(1)$, and together the mass $\Phi(-1) + \Phi(1) = 1$ to the left.

# %%
fact(
    "second gap",
    "x_w2* = -2 phi(1), P(g_2) = 0.116997.., (1 - P(g_2))^100 < 3.9464342e-6",
    [
        "-4839414491/10**10 < best < -4839414490/10**10",
        "11699726540/10**11 < P < 11699726541/10**11",
        "(1 - P)**100 < 39464342/10**13",
    ],
    definitions={
        "best": "-2*exp(-1/2)/sqrt(2*pi())",
        "plus": "(erf(-1/sqrt(2)) - erf((best - 1)/sqrt(2)))/2",
        "minus": "(erf(1/sqrt(2)) - erf((best + 1)/sqrt(2)))/2",
        "P": "(plus + minus)/2",
    },
)
argument("bound", "P_g >= P(g_2), so P_t <= (1 - P(g_2))^100, and the right side does not depend on x_w1")
decided("LIU-F4b-corrected", "verified", replace(two, points={name: two.points[name] for name in ("outward", "far")}))

# %% [markdown]
# ## 2. Disjoint gaps (for all $x_{w_1} \ge 0 \ge x_{w_2}$)
#
# $h_1^*$ is a positive number over a positive number, $h_2^*$ its mirror image: the gaps lie on different sides of 0.

# %%
fact(
    "less than the product",
    "(1 - p)(1 - q) - (1 - p - q) = p q",
    ["(1 - p)*(1 - q) - (1 - p - q) == p*q"],
    variables=("p", "q"),
)
decided("LIU-F4c-corrected", "verified", replace(two, points={name: two.points[name] for name in ("genuine", "far")}))

# %% [markdown]
# ## 3. The curve, with certified bounds at some places, and bounds for all places between
#
# The rows are certificates. The pieces are ball arithmetic of the engine: their bounds hold for all $x_{w_1}$ in them.

# %%
curve = figure_4b()
for place in ("0", "1", "3", "6"):
    row = curve.at(mpq(place))
    certified(f"x_w1 = {place}: {below(row.lower, 9)} <= P_t <= {above(row.upper, 9)}", curve.row_certificate(row))
pieces = curve.band(mpq(0), mpq(6), mpq(1, 10**6))
highest = max(piece.upper for piece in pieces)
step(
    "the whole curve",
    f"on {len(pieces)} pieces of [0, 6] the upper bounds are at most {above(highest, 2)}",
    highest < mpq(5, 10**6),
)
