# %% [markdown]
# # A better point where the residuals balance below every threshold
#
# **Claims.** `YSJ-T6-c2-corrected`, `YSJ-LA1.1`, `YSJ-LA1.2`, `YSJ-LA1.3`, `YSJ-LA1.4`, `YSJ-LA2-corrected`
#
# **Source.** Yun, Sra, Jadbabaie 2018, appendix A6: case 2 of the proof of Theorem 6, Lemmas A.1 and A.2.
#
# **Statement.** Let the conditions of Theorem 6 hold, and let the pulls $\mu_i(\bar y_i - y_i)$ below every gap of the
# fitted outputs add up to 0 ($\mathcal J = \emptyset$). Then the best affine fit is still not optimal for two units.
#
# **Idea.** Then the pulls balance within each set of equal fitted outputs. Some such set has pulls that are not 0. Tilt
# $\bar y$ a little, so that one of its data points, one that is not fitted, comes below the others: now the pulls below
# the threshold do not add up to 0, and the push of case 1 helps. The tilt itself costs only at second order.
#
# **What would falsify it.** A data set with $\mathcal J = \emptyset$ for which no $\alpha$ makes the tilted point
# better.

# %%
from gmpy2 import mpq

from exactrelu import Loss, Network, Problem
from exactrelu.narration import argument, certified, decided, fact, step
from exactrelu.theorems.yun_sra_jadbabaie import spurious_minimum
from exactrelu.theorems.yun_sra_jadbabaie.bad_minima import bend, tie_break
from exactrelu.theorems.yun_sra_jadbabaie.linear_fit import fit

# %% [markdown]
# ## 1. On the blackboard: four points in the plane
#
# $x = (0,-1), (0,0), (0,1), (1,0)$ with labels $1, -2, 1, 1$; ReLU; half the sum of squares.

# %%
x, y = [[0, -1], [0, 0], [0, 1], [1, 0]], [1, -2, 1, 1]
cross = Problem(Network.dense([2, 2, 1]), x, y, Loss("squared", "1/2", "sum"), name="four in the plane")
data = fit(cross)
step("fit", "ybar(x) = first coordinate: 0, 0, 0, 1", data.values == (0, 0, 0, 1))
step("residuals", "-1, 2, -1, 0; below the only gap they add up to 0, so J is empty", data.unbalanced_cuts == ())

# %% [markdown]
# ## 2. Lemma A.1, for all data: the pulls balance in every set of equal outputs
#
# Sort the data by $\bar y$. A set of equal outputs goes from $k$ to $l$. Its pulls add up to the sum up to $l$ minus
# the sum up to $k-1$. Both are 0: a gap follows $k - 1$ and $l$ (or there is nothing before or after).

# %%
argument("part 3", "so the pulls of every set of equal outputs add up to 0")
argument("part 2", "for a set of one point: its pull is 0, and its output is the label")
argument("parts 1 and 4", "some point is unfitted, as the fit is not perfect; alone in its set it would not balance")
for part in ("YSJ-LA1.1", "YSJ-LA1.2", "YSJ-LA1.3", "YSJ-LA1.4"):
    decided(part, "verified", cross)

# %% [markdown]
# ## 3. The tilt
#
# In the first set with unfitted points let $j_1$ be an unfitted one with the longest $x$. The others, $x$, are
# different and not longer, so $\langle x, x_{j_1} \rangle < |x_{j_1}|^2$. The tilt is $v$, a positive multiple of
# $x_{j_1}$ with $|\langle v, x_i \rangle| \le g$ for all $i$, where $4g$ is the least gap of the outputs. If all
# outputs are equal there is no gap, and no condition on $g$: put $g = 1$.

# %%
fact(
    "longest",
    "|u|^2 - <x, u> = (|u|^2 - |x|^2)/2 + |x - u|^2/2 > 0, coordinate by coordinate",
    ["u*u - x*u == (u*u - x*x)/2 + (x - u)**2/2"],
    variables=("u", "x"),
)
argument("in the paper", "v is divided by |x_j1| max |x_i|; max |<x_j1, x_i>| is smaller, will do, and is rational")
tie = tie_break(data)
step(
    "choice",
    "j_1 = 1, j_2 = 2, g = 1/4, v = (0, -1/4)",
    (tie.j1, tie.j2, tie.g, tie.v) == (0, 1, mpq(1, 4), (0, mpq(-1, 4))),
)

# %% [markdown]
# ## 4. Lemma A.2, for all data: who is below the threshold
#
# $j_2$ is the next point of the set along $v$, so $a := \langle v, x_{j_1}\rangle > b := \langle v, x_{j_2} \rangle$,
# and $\beta = \bar y^* - \frac\alpha2 (a + b)$. So $z_i = (\bar y_i - \bar y^*) - \alpha(\langle v, x_i\rangle -
# \frac{a+b}2)$ is affine in $\alpha$.

# %%
argument("other outputs", "ybar_i - ybar* is 4 g or more, or -4 g or less; the rest of z_i is at most 2 alpha g <= 2 g")
argument("in the set, <v, x_i> >= a", "z_i <= -alpha (a - b)/2 < 0; of the unfitted points, only j_1 is here")
argument("in the set, <v, x_i> < a", "then <v, x_i> <= b, by the choice of j_2: z_i >= alpha (a - b)/2 > 0")
argument("room", "|z_i| >= alpha (a - b)/2 for all i, since a - b <= 2 g; |gamma| = alpha (a - b)/4 is half of it")
argument("sum", "the pulls below the threshold add up to that of j_1: all sets below balance, as do the fitted points")
decided("YSJ-LA2-corrected", "verified", cross)

# %% [markdown]
# ## 5. The risk, for all data
#
# The outputs are $\bar y_i + \alpha d_i$ with $d_i = -\langle v, x_i\rangle \pm c\gamma_1$, $\gamma = \alpha\gamma_1$.
# The risk is $\ell_0 + 2\alpha \sum_i \text{pull}_i d_i + \alpha^2 \sum_i \mu_i d_i^2$. The tilt drops out of the
# linear term by the normal equations, and the push leaves $-4 c\gamma_1 \text{pull}_{j_1} = -|c\,\text{pull}_{j_1}|(a -
# b) < 0$.

# %%
fact(
    "one data point",
    "mu (r + alpha d)^2 = mu r^2 + 2 alpha (mu r) d + alpha^2 mu d^2",
    ["mu*(r + alpha*d)**2 == mu*r**2 + 2*alpha*(mu*r)*d + alpha**2*mu*d**2"],
    variables=("mu", "r", "d", "alpha"),
)
argument("push", "sum_i pull_i (+-) c gamma_1 = c gamma_1 (-pull_j1 - pull_j1), as all pulls add up to 0")
found = bend(data, cross.network.slopes)
risk = (found.linear, found.quadratic)
step("risk along alpha", "3 - alpha/8 + 5/128 alpha^2", risk == (mpq(-1, 8), mpq(5, 128)))
step("best alpha", "it falls on (0, 1]: alpha = 1", found.best == 1)
made = spurious_minimum(cross)
step("better point", "373/128 < 3", made.at("better").loss == 3 - mpq(1, 8) + mpq(5, 128) == mpq(373, 128))
decided("YSJ-T6-c2-corrected", "verified", cross)
certified("a spurious local minimum", made.at("bad").certificate("local_minimum", "global_minimum"))

# %% [markdown]
# ## 6. Other slopes
#
# $s_- = \tfrac12$: $c = \tfrac13$, the best $\alpha$ is $\tfrac{24}{61}$.

# %%
leaky = Problem.example("yun2018-theorem-6-case-2-leaky")
step("leaky", "365/122 < 3", leaky.at("better").loss == mpq(365, 122))
decided("YSJ-T6-c2-corrected", "verified", leaky)
