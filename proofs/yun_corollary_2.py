# %% [markdown]
# # Deep linear networks have saddles and global minima only
#
# **Claims.** `YSJ-C2`, `YSJ-S5-products`
#
# **Source.** Yun, Sra, Jadbabaie 2018, Corollary 2.
#
# **Statement.** Let $\ell = \ell_0(W_{H+1} \cdots W_1)$ with all $d_i \ge \min\{d_x, d_y\}$, and let every critical
# point of $\ell_0$ be a global minimum. A critical tuple is a saddle if $\nabla \ell_0 \ne 0$ at its product, and a
# global minimum if $\nabla \ell_0 = 0$.
#
# **Idea.** Theorem 1, part 1, and part 2(b). The squared loss is convex, so it is such an $\ell_0$.
#
# **What would falsify it.** A local minimum of a wide linear network that is not global.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from exactrelu import example
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.theorems.random_instances import random_instance
from exactrelu.theorems.yun_sra_jadbabaie.linear_network import LinearPoint

# %% [markdown]
# ## 1. The two cases (all sizes)

# %%
argument("saddle", "if grad l_0 != 0, the tuple is a saddle by part 1 of Theorem 1")
argument("global", "if grad l_0 = 0, the product is a global minimum of l_0, and the tuple one of the loss")
argument("products", "so over a local minimum grad l_0 = 0: local minima are global")

# %% [markdown]
# ## 2. The squared loss is such an $\ell_0$ (all sizes, one entry at a time)
#
# With the residual $r$ and the change $e = D x$ of one output at one data point; the sum over these is
# $\ell_0(R + D) = \ell_0(R) + \langle \nabla \ell_0(R), D \rangle + \tfrac12 |D X|^2$, and the last term is $\ge 0$.

# %%
fact(
    "one entry",
    "(r + e)^2 / 2 = r^2 / 2 + r e + e^2 / 2",
    ["(r + e)**2/2 == r**2/2 + r*e + e**2/2"],
    variables=("r", "e"),
)

# %% [markdown]
# ## 3. On the blackboard: $\ell_0(R) = \tfrac12 |R - \operatorname{diag}(2, 1)|^2$, one hidden layer
#
# | point | product | $\nabla \ell_0$ | type |
# |---|---|---|---|
# | saddle | $\operatorname{diag}(2, 0)$ | $\operatorname{diag}(0, -1)$ | saddle |
# | zero | $0$ | $\operatorname{diag}(-2, -1)$ | saddle |
# | global | $\operatorname{diag}(2, 1)$ | $0$ | global minimum |

# %%
problem = example("yun2018-deep-linear-saddle")
for name, gradient in (("saddle", "[[0, 0], [0, -1]]"), ("zero", "[[-2, 0], [0, -1]]"), ("global", "[[0, 0], [0, 0]]")):
    weights = f"parameter('{name}', 'W2') @ parameter('{name}', 'W1')"
    fact(name, f"grad l_0 = {gradient}", [f"{weights} - [[2, 0], [0, 1]] == {gradient}"], problem)
decided("YSJ-C2", "verified", problem)
certified("saddle", LinearPoint(problem, "saddle", lambda: None).point.certificate("saddle"))

# %% [markdown]
# ## 4. More layers, more outputs, and random networks with planted critical points

# %%
for name in ("two-hidden-layers", "more-outputs", "one-output"):
    decided("YSJ-C2", "verified", f"yun2018-deep-linear-{name}")
    decided("YSJ-S5-products", "verified", f"yun2018-deep-linear-{name}")
for number in range(5):
    decided("YSJ-C2", "verified", random_instance("deep-linear", 2, number))
