# %% [markdown]
# # The risk of two neurons on three points, to second order
#
# **Claims.** `YSJ-L9`, `YSJ-(A.19)`
#
# **Source.** Yun, Sra, Jadbabaie 2018, Lemma 9, (A.19) and appendix A8.
#
# **Statement.** At the point of Theorem 7, part 2, perturb the weights of neuron $k$ by $\delta_{k1}, \delta_{k2}$, its
# bias by $\beta_k$, $u_k$ by $\epsilon_k$, the output bias by $\gamma$. With $x = \delta_{11} - \delta_{12}$, $y =
# \delta_{21} - \delta_{22}$ the risk is $\tfrac13 + \tfrac32 (\cdot)^2 + \alpha_1 x^2 + \alpha_2 y^2 + \alpha_3 x y$,
# $\alpha_k = \tfrac{u_k h''(v_k)}{12} + \tfrac{(u_k h'(v_k))^2}4 + o(1)$, and
# $\alpha_3 = \tfrac12 u_1 u_2 h'(v_1) h'(v_2) + o(1)$.
#
# **Idea.** Three numbers $t_1, t_2, t_3$ say all: what the perturbation adds to the outputs. Only their first
# difference $D = t_1 - t_2$ and second difference $S = t_1 + t_2 - 2 t_3$ and $t_3$ itself matter. This is shorter than
# the Taylor series of the paper, and needs two continuous derivatives only.
#
# **What would falsify it.** A term of second order that is not there.

# %%
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.theorems.yun_sra_jadbabaie.expansions import second_order, three_outputs

# %% [markdown]
# ## 1. The risk in terms of t
#
# The outputs are $\tfrac13 + t_i$, the labels $0, 0, 1$. This is (A.21), and its rearrangement.

# %%
definitions = {"L": "((1/3 + t1)**2 + (1/3 + t2)**2 + (t3 - 2/3)**2)/2", "S": "t1 + t2 - 2*t3", "D": "t1 - t2"}
fact(
    "(A.21)",
    "L = 1/3 + S/3 + (t1^2 + t2^2 + t3^2)/2",
    ["L == 1/3 + S/3 + (t1**2 + t2**2 + t3**2)/2"],
    definitions=definitions,
    variables=("t1", "t2", "t3"),
)
fact(
    "rearranged",
    "t1^2 + t2^2 = (S + 2 t3)^2/2 + D^2/2, so L = 1/3 + 3/2 t3^2 + S (1/3 + t3) + S^2/4 + D^2/4",
    ["t1**2 + t2**2 == (S + 2*t3)**2/2 + D**2/2", "L == 1/3 + 3*t3**2/2 + S*(1/3 + t3) + S**2/4 + D**2/4"],
    definitions=definitions,
    variables=("t1", "t2", "t3"),
)

# %% [markdown]
# ## 2. First and second differences of h
#
# Neuron 1 sees $a = v_1 + \delta_{11} + \beta_1$, $b = v_1 + \delta_{12} + \beta_1$ and $\tfrac{a+b}2$. All that does
# not depend on the data point drops out of $S$ and $D$.

# %%
argument(
    "first", "h(a) - h(b) = h'(xi) (a - b) and a - b = x: so D = p x + q y, p = (u_1 + eps_1) h'(xi_1) -> u_1 h'(v_1)"
)
argument(
    "second", "h(a) + h(b) - 2 h((a + b)/2) = h''(xi) (a - b)^2/4 for some xi between a and b, if h'' is continuous"
)
argument("so", "S = f x^2 + g y^2 with f = (u_1 + eps_1) h''(xi)/4 -> u_1 h''(v_1)/4, and g likewise")
fact(
    "check on a parabola and a cubic",
    "a^2: 2 (a - b)^2/4; a^3: 6 (a + b)/2 (a - b)^2/4",
    ["a**2 + b**2 - 2*((a + b)/2)**2 == 2*(a - b)**2/4", "a**3 + b**3 - 2*((a + b)/2)**3 == 6*(a + b)/2*(a - b)**2/4"],
    variables=("a", "b"),
)

# %% [markdown]
# ## 3. (A.19) with its coefficients
#
# Put both into the identity: $\alpha_1 = \tfrac f3 + \tfrac{p^2}4 + f (t_3 + \tfrac S4)$, $\alpha_2$ likewise,
# $\alpha_3 = \tfrac{pq}2$. Since $t_3, S \to 0$, the limits are as stated.

# %%
certified("(A.21), and (A.19) with exact coefficients", three_outputs())
argument("Lemma 9", "leave out 3/2 t3^2 >= 0")

# %% [markdown]
# ## 4. The same, term by term, with all nine perturbations
#
# $h(v_k + z) = h_k + d_k z + \tfrac{s_k}2 z^2 + c_k z^3$ with symbols for the derivatives; all perturbations times
# $\tau$. The difference of both sides has no terms in $1, \tau, \tau^2$.

# %%
certified("(A.19) to second order in 20 variables", second_order())
decided("YSJ-(A.19)", "verified", "yun2018-three-point")
decided("YSJ-L9", "verified", "yun2018-three-point")
