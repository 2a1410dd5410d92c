# %% [markdown]
# # The logistic loss has no minimum
#
# **Claims.** `MLR-S6`
#
# **Source.** Laurent, von Brecht, anonymous version, introduction.
#
# **Statement.** If some network classifies all data correctly, the logistic loss $\sum_i \mu_i \log(1 + e^{-y_i o_i})$
# has the infimum 0, and it is attained nowhere.
#
# **Idea.** Scale the last layer: all margins grow without bound. But a logarithm of more than 1 is never zero.
#
# **What would falsify it.** Parameters with logistic loss 0.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. The infimum is 0, and not attained (all sizes)
#
# Let $y_i o_i \ge 1$ for all $i$. With $(t V, t c)$ the margins are at least $t$, so the loss is at most $\log(1 +
# e^{-t}) \le e^{-t}$, which tends to 0. And $\log(1 + e^{-m}) > 0$ for every real margin $m$.

# %%
fact("scaling", "t v h + t c = t (v h + c)", ["t*v*h + t*c == t*(v*h + c)"], variables=("t", "v", "h", "c"))
argument("infimum", "log(1 + u) <= u for u >= 0, and e^-t tends to 0")
argument("not attained", "1 + e^-m > 1, so its logarithm is positive")

# %% [markdown]
# ## 2. Numbers for the blackboard, as rational enclosures

# %%
fact(
    "along the ray",
    "log(1 + e^-t) for t = 1, 5, 10, 40: 0.31.., 0.0067.., 0.000045.., and still positive",
    [
        "31/100 < log(1 + exp(-1)) < 32/100",
        "67/10000 < log(1 + exp(-5)) < 68/10000",
        "45/1000000 < log(1 + exp(-10)) < 46/1000000",
        "0 < log(1 + exp(-40)) < 1/10**17",
    ],
)

# %% [markdown]
# ## 3. Networks with hinge loss zero, to which this applies

# %%
problem = Problem.example("laurent-brecht-equal-weights")
fact(
    "margins",
    "outputs 2, 2, -2 for y = 1, 1, -1",
    ['transpose(outputs("global"))[0] == [2, 2, -2]', "y == [1, 1, -1]"],
    problem,
)
decided("MLR-S6", "verified", problem)
decided("MLR-S6", "verified", "laurent-brecht-three-minima")
