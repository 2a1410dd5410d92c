# %% [markdown]
# # A flat local minimum of a leaky network is optimal, for generic data
#
# **Claims.** `LvB-T3`, `LvB-MR2`, `LvB-D1-corrected`, `LvB-D1b`
#
# **Source.** Laurent, von Brecht, ICML 2018, Theorem 3 (Main Result 2) and Definition 1, the latter corrected as in
# `errata/definition_1_as_printed.py`.
#
# **Statement.** A fully connected network with slopes 1 and $\alpha > 0$, generic data, a hinge loss. At a flat (type
# I) local minimum the loss is zero. *Generic* means: there are no $\lambda^{(i)} \in \{1, \alpha, .., \alpha^L\}$ and
# $\varepsilon^{(i,r)} \in \{0, 1\}$, $r \ne r_i$, not all zero, with $\sum_i \mu_i \lambda^{(i)} \varepsilon^{(i)}
# (x_i, 1)$ over the class $r$ equal to $\sum_i \mu_i \lambda^{(i)} \varepsilon^{(i,r)} (x_i, 1)$ over the others, for
# every $r$; here $\varepsilon^{(i)} = \sum_{r \ne r_i} \varepsilon^{(i,r)}$.
#
# **Idea.** On a flat cell every coefficient of the loss is zero. The coefficients along one path through the network
# are such a balance of the data. So no hinge is active.
#
# **What would falsify it.** A flat cell with a positive loss, for generic data.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact, step

# %% [markdown]
# ## 1. The coefficient of a path (all sizes, by induction over the layers)
#
# A *path* picks one neuron $k_l$ in each hidden layer, and an output $r$. *Claim:* in the output $o_r$ at data point
# $i$ the monomial $W^{(1)}_{k_1 j} W^{(2)}_{k_2 k_1} .. V_{r k_L}$ has the coefficient $\lambda\, x_{ij}$, and
# $b^{(1)}_{k_1} W^{(2)}_{k_2 k_1} .. V_{r k_L}$ has the coefficient $\lambda$, where $\lambda$ is the product of the
# slopes on the path: a number in $\{1, \alpha, .., \alpha^L\}$, which is not zero.
#
# *Step:* the unit $k$ of the next layer is $s (\sum_j W_{kj} h_j + b_k)$ with its slope $s$. Only the term with $W_{k
# k_l}$ continues the path, since in a fully connected layer $W_{k k_l}$ stands in this place alone. It multiplies the
# coefficient by $s$.

# %%
fact(
    "step",
    "in s (W (lambda p + q) + U g + b) the coefficient of W p is s lambda",
    ['derivative(derivative(s*(W*(lam*p + q) + U*g + b), "W"), "p") == s*lam'],
    variables=("s", "W", "lam", "p", "q", "U", "g", "b"),
)
fact(
    "start",
    "in s (w x + b) the coefficients of w and b are s x and s",
    ['derivative(s*(w*x + b), "w") == s*x', 'derivative(s*(w*x + b), "b") == s'],
    variables=("s", "w", "x", "b"),
)

# %% [markdown]
# ## 2. On a flat cell the data are balanced (all sizes)
#
# The hinge of data point $i$ against class $r$ is $\varepsilon^{(i,r)} \mu_i (1 + o_r - o_{r_i})$ on the cell. So $o_r$
# has in the loss the factor $\mu_i \varepsilon^{(i,r)}$ if $r \ne r_i$, and $-\mu_i \varepsilon^{(i)}$ if $r = r_i$. On
# a flat cell the loss is constant, so all coefficients vanish. For one path and all $j$: $\sum_{i: r_i \ne r} \mu_i
# \varepsilon^{(i,r)} \lambda^{(i)} (x_i, 1) = \sum_{i: r_i = r} \mu_i \varepsilon^{(i)} \lambda^{(i)} (x_i, 1)$. Take
# paths that differ in $r$ only: the $\lambda^{(i)}$ are the same for all $r$. This is the system (7). For generic data
# all $\varepsilon^{(i,r)}$ are zero.

# %%
fact(
    "three classes, one data point of class 0",
    "e1 (1 + o1 - o0) + e2 (1 + o2 - o0): the factors of o0, o1, o2 are -(e1 + e2), e1, e2",
    [
        'derivative(e1*(1 + o1 - o0) + e2*(1 + o2 - o0), "o0") == -(e1 + e2)',
        'derivative(e1*(1 + o1 - o0) + e2*(1 + o2 - o0), "o1") == e1',
        'derivative(e1*(1 + o1 - o0) + e2*(1 + o2 - o0), "o2") == e2',
    ],
    variables=("e1", "e2", "o0", "o1", "o2"),
)
argument("two classes with one output", "the hinge is 1 - y o: the same system with the class -1 against the class 1")
argument("conclusion", "no hinge is active on the flat cell: the loss is 0 there, and by continuity on its boundary")

# %% [markdown]
# ## 3. An instance for the blackboard: the points 0, 1, 2 with labels $+, -, +$ and one leaky neuron
#
# With the weights $\tfrac14, \tfrac12, \tfrac14$ the data are rare: $\tfrac14 (0, 1) + \tfrac14 (2, 1) = \tfrac12 (1,
# 1)$. And there is a flat local minimum with the loss 1, so the hypothesis is needed: $w = 1$, $b = 5$, $v =
# \tfrac1{10}$, $c = 0$, outputs $\tfrac5{10}, \tfrac6{10}, \tfrac7{10}$, all hinges active.

# %%
rare = Problem.example("laurent-brecht-rare")
fact(
    "rare",
    "1/4 (0, 1) + 1/4 (2, 1) = 1/2 (1, 1), and the gradient is zero",
    ["1/4*[0, 1] + 1/4*[2, 1] == 1/2*[1, 1]", 'gradient("flat") == [0, 0, 0, 0]', 'loss("flat") == 1'],
    rare,
)
certified("a flat local minimum with loss 1, on rare data", rare.at("flat").certificate())
decided("LvB-D1-corrected", "verified", rare)
decided("LvB-T3", "not applicable", rare)
decided("LvB-D1b", "verified", rare)

# %% [markdown]
# ## 4. Generic data: flat minima have loss zero, sharp ones a positive loss (Theorems 2 and 3 together)

# %%
for name in ("laurent-brecht-equal-weights", "laurent-brecht-unbalanced-leaky"):
    decided("LvB-D1-corrected", "verified", name)
    decided("LvB-T3", "verified", name)
    decided("LvB-MR2", "verified", name)
flat = [cell for cell in Problem.example("laurent-brecht-equal-weights").cells() if cell.is_flat]
zero = all(cell.form.value(cell.witness) == 0 for cell in flat)
step("flat cells", f"the loss is 0 on each of the {len(flat)} flat cells of the first network", zero and bool(flat))
