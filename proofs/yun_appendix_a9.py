# %% [markdown]
# # The three points with piecewise linear units, for all slopes
#
# **Claims.** `YSJ-A9.1`, `YSJ-A9.1-sharp`, `YSJ-A9.2`, `YSJ-S4`
#
# **Source.** Yun, Sra, Jadbabaie 2018, appendix A9 and the remark after Corollary 8.
#
# **Statement.** For $h(t) = s_+ t$ ($t \ge 0$), $s_- t$ ($t < 0$) with $s_+ \ne s_-$, two neurons fit the three points
# of Theorem 7 exactly, and $v_1 = v_2 = \tfrac1{4 s_+}$, $u_1 = u_2 = \tfrac23$ is a local minimum of risk $\tfrac13$;
# though (C7.7) fails.
#
# **Idea.** Near the minimum all units are active and the outputs are affine in $x$; the third point is the middle of
# the others, so $t_1 + t_2 = 2 t_3$, and the risk grows by squares only.
#
# **What would falsify it.** Slopes for which a perturbation lowers the risk, or no exact fit.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.theorems.yun_sra_jadbabaie.three_points import active_minimum, fit_for_leaky_units

leaky, relu = Problem.example("yun2018-three-point"), Problem.example("yun2018-three-point-relu")

# %% [markdown]
# ## 1. The fit, for $p = s_+$, $m = s_- > 0$
#
# $v = (\tfrac1p, -\tfrac1m, -\tfrac1m, \tfrac1p)$ has the values $1, -1, -1, 1$. At the middle both neurons see
# $\tfrac12(\tfrac1p - \tfrac1m) \ne 0$, where $h$ is some $H \ne 0$: (C7.2) says $H \ne -H$.

# %%
certified("(C7.1), (C7.2) and the outputs, with denominators cleared", fit_for_leaky_units())
decided("YSJ-A9.1", "verified", leaky)

# %% [markdown]
# ## 2. One fit for all slopes that differ, the ReLU included
#
# $o = 1 - \frac2{p - m} (h(z) + h(-z))$ with $z = x_2 - \tfrac12$. Since $h(z) + h(-z) = (p - m)|z|$, it is
# $1 - 2 |x_2 - \tfrac12|$: 0, 0, 1 at the three points.

# %%
fact(
    "fold",
    "(h(z) + h(-z)) at z = 1/2 or -1/2 is (p - m)/2, at z = 0 it is 0",
    ["p*(1/2) + m*(-1/2) == (p - m)/2", "p*0 + m*0 == 0", "(p - m) - 2*((p - m)/2) == 0"],
    variables=("p", "m"),
)
decided("YSJ-A9.1-sharp", "verified", leaky)
decided("YSJ-A9.1-sharp", "verified", relu)

# %% [markdown]
# ## 3. The minimum, for all $s = s_+$
#
# $v = \tfrac1{4s}$ gives $h(v + z) = \tfrac14 + s z$ for small $z$. All nine perturbations are variables; $s_-$ does
# not occur.

# %%
certified("L = 1/3 + (t1^2 + t2^2 + t3^2)/2 in ten variables", active_minimum())
argument("conclusion", "L >= 1/3 while all units are active, which is near the point")
decided("YSJ-A9.2", "verified", leaky)
decided("YSJ-A9.2", "verified", relu)

# %% [markdown]
# ## 4. (C7.7) fails
#
# Where $h'' = 0$ both sides of (C7.7) are $(w_1 w_2)^2$.

# %%
decided("YSJ-S4", "verified", leaky)
