# %% [markdown]
# # Two neurons on three points, for many activations
#
# **Claims.** `YSJ-T7.1`, `YSJ-T7.2`
#
# **Source.** Yun, Sra, Jadbabaie 2018, Theorem 7.
#
# **Statement.** Data $x = (1,0), (0,1), (\tfrac12,\tfrac12)$, $y = 0, 0, 1$; two hidden neurons with biases; half the
# sum of squares. (1) If numbers satisfy (C7.1) $h(v_1) h(v_4) = h(v_2) h(v_3)$ and (C7.2) $h(v_1) h(\tfrac{v_3+v_4}2)
# \ne h(v_3) h(\tfrac{v_1+v_2}2)$, some parameters have the risk 0. (2) If numbers satisfy (C7.3) to (C7.7), some
# parameters compute the best affine fit and are a local minimum, of risk $\tfrac13$.
#
# **Idea.** (1) The two hidden features are proportional at the first two points, and not at the third: take the
# combination that vanishes there. (2) The third point is the middle of the others. While the two weights of a neuron
# are equal, its features are equal at all three points. If they part, second differences of $h$ come in: they raise the
# risk at second order.
#
# **What would falsify it.** A function that meets the conditions, with a smaller risk near the point of part 2.

# %%
from exactrelu import Network, Problem
from exactrelu.narration import argument, certified, decided, fact, step
from exactrelu.theorems.yun_sra_jadbabaie.expansions import quadratic_form, three_outputs
from exactrelu.theorems.yun_sra_jadbabaie.linear_fit import fit

three = Problem.example("yun2018-three-point")

# %% [markdown]
# ## 1. Part 1, for every function h
#
# $W_1 = \begin{pmatrix} v_1 & v_2 \\ v_3 & v_4 \end{pmatrix}$, no biases. At the first point the features are
# $h(v_1), h(v_3)$, at the second $h(v_2), h(v_4)$, at the third $a = h(\tfrac{v_1+v_2}2)$, $b = h(\tfrac{v_3+v_4}2)$.
# $W_2 = \frac1D (h(v_3), -h(v_1))$ with $D = h(v_3) a - h(v_1) b$, which is not 0 by (C7.2).

# %%
fact(
    "outputs, times D",
    "0, then h_2 h_3 - h_1 h_4, which is 0 by (C7.1), then D",
    ["h3*h1 - h1*h3 == 0", "h3*h2 - h1*h4 == h2*h3 - h1*h4", "h3*a - h1*b == D"],
    definitions={"D": "h3*a - h1*b"},
    variables=("h1", "h2", "h3", "h4", "a", "b"),
)
decided("YSJ-T7.1", "verified", three)

# %% [markdown]
# ## 2. Part 2: the point
#
# $W_1 = \begin{pmatrix} v_1 & v_1 \\ v_2 & v_2 \end{pmatrix}$, $W_2 = (u_1, u_2)$, no biases: each neuron sees the same
# input at all three points, and the output is $u_1 h(v_1) + u_2 h(v_2) = \tfrac13$ by (C7.3).

# %%
data = fit(three)
step("best affine fit", "ybar = 1/3 at all three points", {str(value) for value in data.values} == {"1/3"})
step("risk", "(1/9 + 1/9 + 4/9)/2 = 1/3", str(data.risk) == "1/3")

# %% [markdown]
# ## 3. The risk near the point, in terms of differences
#
# Let $t_1, t_2, t_3$ be what a perturbation adds to the three outputs, $S = t_1 + t_2 - 2 t_3$, $D = t_1 - t_2$. The
# identity behind Lemma 9 (`yun_lemma_9.py` tells it in full):

# %%
fact(
    "risk",
    "L = 1/3 + 3/2 t3^2 + S (1/3 + t3) + S^2/4 + D^2/4",
    ["((1/3 + t1)**2 + (1/3 + t2)**2 + (t3 - 2/3)**2)/2 == 1/3 + 3*t3**2/2 + S*(1/3 + t3) + S**2/4 + D**2/4"],
    definitions={"S": "t1 + t2 - 2*t3", "D": "t1 - t2"},
    variables=("t1", "t2", "t3"),
)
argument("S", "second differences of h: S = (u_1 h''(v_1)/4 + o(1)) x^2 + (u_2 h''(v_2)/4 + o(1)) y^2")
argument("D", "first differences of h: D = (u_1 h'(v_1) + o(1)) x + (u_2 h'(v_2) + o(1)) y")
argument("here", "x, y are the differences of the two weights of neuron 1 and of neuron 2")
certified("(A.19) with exact coefficients", three_outputs())

# %% [markdown]
# ## 4. The quadratic form in x and y is positive definite
#
# With $w_k = u_k h'(v_k)$, $z_k = u_k h''(v_k)$: $\alpha_k \to \tfrac14 (w_k^2 + \tfrac13 z_k)$ and $\alpha_3 \to
# \tfrac12 w_1 w_2$. (C7.6) says $\alpha_1 > 0$ in the limit, and (C7.7) that $4\alpha_1\alpha_2 > \alpha_3^2$.

# %%
fact(
    "completed square",
    "4 a1 (a1 x^2 + a2 y^2 + a3 x y) = (2 a1 x + a3 y)^2 + (4 a1 a2 - a3^2) y^2",
    ["4*a1*(a1*x**2 + a2*y**2 + a3*x*y) == (2*a1*x + a3*y)**2 + (4*a1*a2 - a3**2)*y**2"],
    variables=("a1", "a2", "a3", "x", "y"),
)
certified("4 alpha_1 alpha_2 - alpha_3^2 is a quarter of the difference in (C7.7)", quadratic_form())
argument("conclusion", "both inequalities are strict, so they survive o(1): L >= 1/3 near the point, a local minimum")
argument("sharper", "only two continuous derivatives were used: (C7.4) and (C7.5) ask for more than is needed")

# %% [markdown]
# ## 5. Instances
#
# Five activations satisfy all conditions (`yun_corollary_8.py`). Piecewise linear ones satisfy (C7.7) with equality
# only, and have the minimum all the same (`yun_appendix_a9.py`).

# %%
decided("YSJ-T7.2", "verified", three)
linear = Problem(Network.dense([2, 2, 1], (1, 1)), three.x, three.y, three.loss, name="the same, linear")
decided("YSJ-T7.1", "not applicable", linear)
