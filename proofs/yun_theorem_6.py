# %% [markdown]
# # Data that no affine function fits have spurious local minima
#
# **Claims.** `YSJ-T6`, `YSJ-T6-1`, `YSJ-T6-eta`, `YSJ-(4)-(5)`, `YSJ-T6-c1`, `YSJ-S3`
#
# **Source.** Yun, Sra, Jadbabaie 2018, Theorem 6 and section 3.3: step 1, and case 1 of step 2.
#
# **Statement.** One hidden layer of width at least 2 with biases, units $h(t) = s_+ t$ for $t \ge 0$ and $s_- t$ for
# $t < 0$ with $s_+ > 0$, $s_- \ge 0$, $s_+ \ne s_-$, squared loss, distinct inputs, and no affine function fits the
# labels. Then there are infinitely many local minima with the risk of the best affine fit, and none of them is global.
#
# **Idea.** One unit that is active on all data computes the best affine fit $\bar y$. Near such a point the network is
# affine in the input, so it cannot do better. Far away it can: $h(z) - h(-z)$ is linear too, but with a shift $\gamma$
# in both arguments it pushes outputs up where $z > 0$ and down where $z < 0$. If the residuals below some threshold do
# not add up to 0, a small push in the right sense helps. (If they always do, see `yun_theorem_6_case_2.py`.)
#
# **What would falsify it.** A data set that meets the conditions, on which a move near the first point lowers the risk,
# or on which the second point does not.

# %%
from gmpy2 import mpq
from sympy import MatrixSymbol, Symbol, ZeroMatrix

from exactrelu import Loss, Network, Problem
from exactrelu.narration import argument, certified, decided, fact, step
from exactrelu.theorems.yun_sra_jadbabaie import spurious_minimum
from exactrelu.theorems.yun_sra_jadbabaie.bad_minima import bend, eta
from exactrelu.theorems.yun_sra_jadbabaie.linear_fit import fit

# %% [markdown]
# ## 1. On the blackboard: three points on a line
#
# $x = 0, 1, 2$ with labels $0, 0, 1$, ReLU, loss $\tfrac12 \sum_i (o_i - y_i)^2$. Let $\mu_i$ be the weights of the
# loss (here $\tfrac12$); the *pull* of a data point is $\mu_i (\bar y_i - y_i)$.

# %%
line = Problem(
    Network.dense([1, 2, 1]), [[0], [1], [2]], [0, 0, 1], Loss("squared", "1/2", "sum"), name="three on a line"
)
data = fit(line)
step("fit", "ybar = x/2 - 1/6, at the data -1/6, 1/3, 5/6", data.values == (mpq(-1, 6), mpq(1, 3), mpq(5, 6)))
step("residuals", "ybar - y = -1/6, 1/3, -1/6", data.residuals == (mpq(-1, 6), mpq(1, 3), mpq(-1, 6)))
step("risk", "l_0 = 1/12", data.risk == mpq(1, 12))
decided("YSJ-(4)-(5)", "verified", line)

# %% [markdown]
# ## 2. Step 1, for all data: a unit that is active everywhere
#
# $\eta = \min(-1, 2 \min_i \bar y_i)$ is below all $\bar y_i$. The unit has the input $\alpha(\bar y - \eta) > 0$, and
# $\bar y = \frac{1}{\alpha s_+} h(\alpha (\bar y - \eta)) + \eta$. The other units have the inputs $-\alpha \eta > 0$
# and weight 0.

# %%
step("eta", "eta = -1 < -1/6", eta(data.values) == -1)
argument("eta, always", "let a = min ybar. If 2 a >= -1, eta = -1 < -1/2 <= a. If 2 a < -1, eta = 2 a < a, since a < 0")
decided("YSJ-T6-eta", "verified", line)
decided("YSJ-T6-1", "verified", line)

# %% [markdown]
# ## 3. It is a local minimum: (4) and (5), for all sizes
#
# While all units stay active, the network computes $\bar y + \tilde\Delta x + \tilde\delta$ with
# $\tilde\Delta = s_+ (W_2 \Delta_1 + \Delta_2 W_1 + \Delta_2 \Delta_1)$ and $\tilde\delta$ likewise. First with
# matrices of symbolic size, $d_1$ units and $d_x$ inputs, by SymPy; then, for two units and two inputs, certified.

# %%
units, inputs = Symbol("d_1", integer=True, positive=True), Symbol("d_x", integer=True, positive=True)
W1, D1 = MatrixSymbol("W_1", units, inputs), MatrixSymbol("Delta_1", units, inputs)
b1, e1 = MatrixSymbol("b_1", units, 1), MatrixSymbol("delta_1", units, 1)
W2, D2, x = MatrixSymbol("W_2", 1, units), MatrixSymbol("Delta_2", 1, units), MatrixSymbol("x", inputs, 1)
moved = (W2 + D2) * ((W1 + D1) * x + b1 + e1)
linear = (W2 * D1 + D2 * W1 + D2 * D1) * x + W2 * e1 + D2 * b1 + D2 * e1
step(
    "aggregated perturbation, all sizes",
    "(W2 + D2)((W1 + D1) x + b1 + e1) = W2 (W1 x + b1) + (W2 D1 + D2 W1 + D2 D1) x + W2 e1 + D2 b1 + D2 e1",
    bool((moved - W2 * (W1 * x + b1) - linear).expand().doit() == ZeroMatrix(1, 1)),
)
symbols = "s x1 x2 w11 w12 w21 w22 b1 b2 v1 v2 p11 p12 p21 p22 q1 q2 r1 r2"
arrays = {
    "X": "[x1, x2]", "W": "[[w11, w12], [w21, w22]]", "B": "[b1, b2]", "V": "[v1, v2]",
    "P": "[[p11, p12], [p21, p22]]", "Q": "[q1, q2]", "R": "[r1, r2]",
    "Delta": "s*(V @ P + R @ W + R @ P)", "delta": "s*(V @ Q + R @ B + R @ Q)",
}  # fmt: skip
fact(
    "aggregated perturbation",
    "(V + R) s ((W + P) x + B + Q) = V s (W x + B) + Delta x + delta",
    ["(V + R) @ (s*((W + P) @ X + B + Q)) == V @ (s*(W @ X + B)) + Delta @ X + delta"],
    definitions=arrays,
    variables=symbols.split(),
)
fact(
    "one data point",
    "mu (r + e)^2 = mu r^2 + 2 (mu r) e + mu e^2",
    ["mu*(r + e)**2 == mu*r**2 + 2*mu*r*e + mu*e**2"],
    variables=("mu", "r", "e"),
)
argument(
    "sum over the data", "with e_i = Delta x_i + delta: sum_i pull_i e_i = Delta (sum pull_i x_i) + delta sum pull_i"
)
argument("(4)", "both sums are 0: the normal equations. So the risk is l_0 + sum_i mu_i e_i^2 >= l_0, which is (5)")
argument("infinitely many", "alpha > 0 was free; all these points have the same outputs")

# %% [markdown]
# ## 4. Step 2: two units that push, for all slopes
#
# With $z = \bar y - \beta$, $p = s_+$, $m = s_-$ and $|\gamma| < |z|$ the output
# $\frac{1}{p+m}(h(z + \gamma) - h(-z + \gamma)) + \beta$ is $\bar y \pm c \gamma$, $c = \frac{p-m}{p+m}$: $+$ where
# $z > 0$, $-$ where $z < 0$.

# %%
fact(
    "push",
    "times p + m: low inputs lose (p - m) gamma, high inputs gain it",
    [
        "m*(z + gamma) - p*(-z + gamma) == (p + m)*z - (p - m)*gamma",
        "p*(z + gamma) - m*(-z + gamma) == (p + m)*z + (p - m)*gamma",
    ],
    variables=("p", "m", "z", "gamma"),
)

# %% [markdown]
# ## 5. Case 1: the pulls below some gap of $\bar y$ do not add up to 0
#
# Let $S \ne 0$ be their sum; those above add up to $-S$, since all add up to 0. Let $W = \sum_i \mu_i$. The risk
# becomes $\ell_0 - 4 S (c\gamma) + W (c\gamma)^2$. With $c \gamma = 2\theta S/W$ this is $\ell_0 - \frac{4 S^2}{W}
# \theta (2 - \theta) < \ell_0$ for $0 < \theta < 2$. For $\beta$ in the middle of the gap all $|z_i|$ are at least half
# of it, so $|\gamma|$ up to a quarter of the gap is allowed; small $\theta$ fit in.

# %%
fact(
    "gain",
    "with S = W a and c gamma = 2 theta a: -4 S c gamma + W (c gamma)^2 = -4 W a^2 theta (2 - theta)",
    ["-4*(W*a)*(2*theta*a) + W*(2*theta*a)**2 == -4*W*a**2*theta*(2 - theta)"],
    variables=("W", "a", "theta"),
)
found = bend(data, line.network.slopes)
step(
    "threshold",
    "J = {1, 2}; j_0 = 1: beta = 1/12 between -1/6 and 1/3, S = -1/12",
    found.beta(found.best) == mpq(1, 12),
)
step("gamma", "the best gamma is -1/9; -1/8 would be allowed", found.gamma * found.best == mpq(-1, 9))
made = spurious_minimum(line)
step("better point", "its risk is 7/108 < 1/12", made.at("better").loss == mpq(7, 108))
decided("YSJ-T6-c1", "verified", line)

# %% [markdown]
# ## 6. The theorem on an instance, and slight nonlinearities
#
# Nothing above needs $s_+ > s_-$ or $s_-$ far from $s_+$. Slopes $1 + \varepsilon$ and $1$ have the spurious minimum
# too.

# %%
certified("a spurious local minimum", made.at("bad").certificate("local_minimum", "global_minimum"))
decided("YSJ-T6", "verified", line)
decided("YSJ-S3", "verified", line)
argument("in the paper", "(4) prints the data with their row of ones where x alone is meant; the equation is the same")
