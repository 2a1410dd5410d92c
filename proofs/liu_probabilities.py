# %% [markdown]
# # Gaussian data: the integrals, and the probability of empty gaps
#
# **Claims.** `LIU-(E.7)-(E.10)`, `LIU-(E.8)`, `LIU-(25),(26)-corrected`, `LIU-S4-corrected`
#
# **Source.** Liu, section 7.2, (25), (26), and appendix E.2, (E.7) to (E.10).
#
# **Statement.** Labels $\pm 1$ with equal probability, $x$ normal with mean $y$ and variance 1. To the right of $h$ the
# class 1 has the mass $P_+ = 1 - \Phi(h - 1)$ and the mean $m_+ = 1 + \varphi(h - 1) / P_+$; likewise for the class
# $-1$ and to the left. So (24) is $h^* = (\varphi(h-1) + \varphi(h+1)) / (P_+ + P_-)$. For gaps of total probability
# $P_g$, fixed beforehand, $N$ independent data miss them all with the probability $P_t = (1 - P_g)^N < e^{-N P_g}$, if
# $P_g > 0$.
#
# **Idea.** $-\varphi$ is a primitive of $t \varphi(t)$.
#
# **What would falsify it.** An integral outside its enclosure.

# %%
from dataclasses import replace

from exactrelu import Problem
from exactrelu.narration import argument, decided, fact

two, four = Problem.example("liu-parallel-weights"), Problem.example("liu-four-parallel-weights")

# %% [markdown]
# ## 1. The truncated mean (E.10)
#
# The derivative of $p(t) \varphi(t)$ is $(p' - t p) \varphi$, a rule for polynomials. With $p = -1$ it is $t \varphi$.
# Put $x = t + y$: $\int_h^\infty x \varphi(x - y) dx = \varphi(h - y) + y (1 - \Phi(h - y))$.

# %%
fact(
    "primitive",
    "p = -1 gives p' - t p = t",
    ['derivative(p, "t") - t*p == t'],
    definitions={"p": "t - t - 1"},
    variables=("t",),
)
argument("ends", "phi vanishes at infinity, so the integral of t phi from a is phi(a), and up to b it is -phi(b)")

# %% [markdown]
# ## 2. (24) in short
#
# $P m = \varphi + y P$, so that in $P_+ m_+ + P_- m_- - P_+ + P_-$ everything but the densities cancels: the labels are
# the means.

# %%
fact(
    "cancellation",
    "(a + P) + (b - M) - P + M = a + b",
    ["(a + P) + (b - M) - P + M == a + b"],
    variables=("a", "b", "P", "M"),
)
fact(
    "at h = 1",
    "h* = (phi(0) + phi(2)) / (Q(0) + Q(2)) = 0.86644..",
    ["86644/100000 < best < 86645/100000"],
    definitions={"best": "(1 + exp(-2))/sqrt(2*pi()) / (1/2 + (1 - erf(2/sqrt(2)))/2)"},
)
decided("LIU-(E.7)-(E.10)", "verified", replace(two, points={name: two.points[name] for name in ("far", "genuine")}))

# %% [markdown]
# ## 3. The gaps (25), (26), (E.8)
#
# The probability of an interval is half the sum of its two masses (E.7). Independent data miss a set of probability $P$
# with the probability $(1 - P)^N$; a union is at least as probable as each part; and $1 - P < e^{-P}$ for $P \ne 0$, as
# the tangent of a convex function lies below it. Where the matrix $F$ is not diagonal, the checker solves $F h = f$ by
# elimination with enclosures.

# %%
argument("independence", "the N events that a data point misses the gaps have the probability 1 - P each")
fact("tangent", "1 - P < exp(-P), for instance at P = 1/8", ["1 - 1/8 < exp(-1/8)"])
for claim in ("LIU-(25),(26)-corrected", "LIU-(E.8)", "LIU-S4-corrected"):
    decided(claim, "verified", replace(two, points={name: two.points[name] for name in ("outward", "genuine")}))
decided("LIU-(25),(26)-corrected", "verified", replace(four, points={"figure-a4": four.points["figure-a4"]}))
argument("what it is not", "the probability of a local minimum: see errata/liu_minimum_moves_with_the_data.py")
