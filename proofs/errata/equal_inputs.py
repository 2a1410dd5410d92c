# %% [markdown]
# # Distinct inputs are needed, but less will do
#
# **Claims.** `YSJ-T6-sharp`
#
# **Source.** Yun, Sra, Jadbabaie 2018, Theorem 6, conditions (C6.1) and (C6.2).
#
# **Statement.** *As printed:* no affine function fits the labels (C6.1), and all inputs are distinct (C6.2). *Sharper:*
# one condition is enough, and it cannot be weakened: no affine function fits the *mean labels of the distinct inputs*.
# If one does, the best affine fit is a global minimum, whatever the network.
#
# **Idea.** A function of the input takes one value at equal inputs. The risk of these is a constant plus the risk of
# one data point with the mean label and the sum of the weights. So equal inputs may be merged.
#
# **What would falsify it.** Equal inputs whose mean labels no affine function fits, without a spurious minimum; or
# whose means are fitted, with a network that is better than the fit.

# %%
from fractions import Fraction

from exactrelu import Loss, Network, Problem
from exactrelu.narration import argument, certified, decided, fact, step
from exactrelu.theorems.yun_sra_jadbabaie import spurious_minimum
from exactrelu.theorems.yun_sra_jadbabaie.linear_fit import fit, merged_fit

# %% [markdown]
# ## 1. Why (C6.2) cannot just be dropped: one input twice
#
# $x = 0, 0$ with labels $0, 1$. No function fits, and the constant $\tfrac12$ is the best of all functions.

# %%
twice = Problem(Network.dense([1, 2, 1]), [[0], [0]], [0, 1], Loss("squared", "1/2", "sum"), name="one input twice")
step("risk of the best affine fit", "1/4", fit(twice).risk == Fraction(1, 4))
decided("YSJ-T6", "not applicable", twice)
decided("YSJ-T6-sharp", "verified", twice)
least = twice.minimum()
step("global minimum", "1/4 for two neurons, by branch and bound", least.lower == least.upper == Fraction(1, 4))

# %% [markdown]
# ## 2. Merging, for all data

# %%
fact(
    "two equal inputs",
    "a (o - y)^2 + b (o - z)^2, times a + b, is (a + b)^2 (o - mean)^2 + a b (y - z)^2",
    ["(a + b)*(a*(o - y)**2 + b*(o - z)**2) == ((a + b)*o - (a*y + b*z))**2 + a*b*(y - z)**2"],
    variables=("a", "b", "o", "y", "z"),
)
argument("more equal inputs", "merge them one after the other")
argument("conclusion", "the landscape is that of the merged data plus a constant: Theorem 6 applies to those")

# %% [markdown]
# ## 3. Equal inputs with a spurious minimum
#
# $x = 0, 0, 1, 2$ with labels $-1, 1, 0, 1$: merged, $x = 0, 1, 2$ with labels $0, 0, 1$ and weights $1, \tfrac12,
# \tfrac12$.

# %%
merged = Problem.example("yun2018-theorem-6-merged-inputs")
step("mean labels", "0, 0, 1: not on a line", merged_fit(merged).labels == (0, 0, 1))
step("risk", "1 from the two equal inputs, 1/11 from the fit", fit(merged).risk == 1 + merged_fit(merged).risk)
decided("YSJ-T6-sharp", "verified", merged)
certified("a spurious minimum", spurious_minimum(merged).at("bad").certificate("local_minimum", "global_minimum"))
