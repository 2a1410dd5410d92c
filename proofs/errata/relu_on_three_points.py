# %% [markdown]
# # Erratum: the ReLU need not be excluded
#
# **Claims.** `YSJ-R2`, `YSJ-A9.1-sharp`
#
# **Source.** Yun, Sra, Jadbabaie 2018, remark after Corollary 8, and appendix A9.
#
# **Statement.** *As printed:* the statements of Theorem 7 hold for slopes $s_+, s_- > 0$ that differ; the ReLU does not
# satisfy the condition. *Sharper:* they hold for all $s_+ > 0$, $s_- \ge 0$ that differ, the ReLU included.
#
# **Idea.** $s_- > 0$ is there for $v_2 = -1/s_-$ only. Other numbers serve: where $s_- = 0$, (C7.1) is $0 = 0$ as soon
# as $v_2$ and $v_4$ are negative. The local minimum uses $s_+$ alone.
#
# **What would falsify it.** A loss that is not 0 at the point below.

# %%
from exactrelu import Network, Problem
from exactrelu.narration import argument, certified, decided, fact, step
from exactrelu.rational import vector
from exactrelu.theorems.yun_sra_jadbabaie.three_points import exact_fit

# %% [markdown]
# ## 1. The ReLU satisfies (C7.1) and (C7.2)
#
# $v = (1, -1, 3, -1)$: $h(v) = 1, 0, 3, 0$; at the middles $\tfrac{v_1+v_2}2 = 0$ and $\tfrac{v_3+v_4}2 = 1$.

# %%
fact(
    "(C7.1), (C7.2)",
    "1 * 0 = 0 * 3, and 1 * h(1) = 1 is not 3 * h(0) = 0",
    ["1*0 == 0*3", "1*max(1, 0) != 3*max(0, 0)"],
)
relu = Problem.example("yun2018-three-point-relu")
point = exact_fit(relu.network, vector([1, -1, 3, -1]))
step("the fit", "W_2 = (-3, 1)", point is not None and relu.network.write(point)["W2"] == [["-3", "1"]])
step("by hand", "-3 h(x1 - x2) + h(3 x1 - x2) = 0, 0, 1", point is not None and relu.evaluate(point) == 0)
decided("YSJ-R2", "refuted", relu)

# %% [markdown]
# ## 2. The local minimum of risk 1/3, with the ReLU

# %%
certified("a spurious local minimum", relu.at("bad").certificate("local_minimum", "global_minimum"))
decided("YSJ-A9.2", "verified", relu)

# %% [markdown]
# ## 3. One formula for all slopes that differ
#
# $1 - \frac2{s_+ - s_-}(h(z) + h(-z))$ with $z = x_2 - \tfrac12$ is $1 - 2|x_2 - \tfrac12|$.

# %%
for slopes in ((1, 0), (1, "1/2"), (2, 5), ("1001/1000", 1)):
    other = Problem(Network.dense([2, 2, 1], slopes), relu.x, relu.y, relu.loss, name=f"slopes {slopes}")
    decided("YSJ-A9.1-sharp", "verified", other)
argument("equal slopes", "then the network is linear, and 1/3 is its least risk: the slopes must differ")
