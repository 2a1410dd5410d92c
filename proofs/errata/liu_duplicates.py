# %% [markdown]
# # Erratum: all data points on the boundary count
#
# **Claims.** `LIU-T3`, `LIU-T3-corrected`
#
# **Source.** Liu, Theorem 3, equations (18), (19).
#
# **Statement.** *As printed:* $D R = d$ with (18) and (19) for the data point $x_n$ makes a local minimum. *Corrected:*
# all data points on the plane of $x_n$ enter the limits.
#
# **Idea.** Crossing a plane activates every data point that lies on it, not only $x_n$.
#
# **What would falsify it.** No descent at the point below.

# %%
from exactrelu import Problem
from exactrelu.narration import certified, decided, fact
from exactrelu.theorems.liu.facets import on_facet

# %% [markdown]
# ## 1. The counterexample: a data point twice, with two labels
#
# $x = (1, 1), (2, -1), (0, 1), (0, 1)$, $y = 1, 1, -1, 1$; $(z, w) = (1, (\tfrac35, 0))$, so $e = (-\tfrac25, \tfrac15,
# 1,
# -1)$. As sums over the data points (18) is $e_1 - e_2 = -\tfrac35$. With $x_3$ alone (19) is $-\tfrac35 + e_3 =
# \tfrac25 > 0$; with both it is $-\tfrac35 + e_3 + e_4 = -\tfrac35 < 0$.

# %%
problem = Problem.example("liu-duplicates")
fact("(19)", "-3/5 + 1 = 2/5, and -3/5 + 1 - 1 = -3/5", ["-3/5 + 1 == 2/5", "-3/5 + 1 - 1 == -3/5"])
place = on_facet(problem.at("accepted"))
assert not isinstance(place, str)
certified("(17) to (19) hold, divided by N = 4", place.certificate("(17) to (19) hold"))
better = Problem(problem.network, problem.x, problem.y, problem.loss,
                 {"accepted": problem.points["accepted"], "better": ("43/80", "1/16", 1)})  # fmt: skip
fact(
    "better near by",
    "11/20 at w = (3/5, 0), 555/1024 at w = (43/80, 1/16)",
    ['loss("accepted") == 11/20', 'loss("better") == 555/1024', "555/1024 < 11/20"],
    better,
)
certified("no local minimum", problem.at("accepted").certificate("local_minimum"))
decided("LIU-T3", "refuted", problem)

# %% [markdown]
# ## 2. What holds: `liu_theorem_3.py`

# %%
decided("LIU-T3-corrected", "verified", problem)
decided("LIU-T3", "verified", "liu-minimum-on-a-boundary")
