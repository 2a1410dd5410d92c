# %% [markdown]
# # Several classes: what the penalty recovers from two classes
#
# **Claims.** `LvB-C3i-corrected`, `LvB-C4-corrected`
#
# **Source.** Laurent, von Brecht, ICML 2018, Corollaries 3 (i) and 4, with the hypothesis corrected as in
# `errata/corollary_4.py`: each class is linearly separable from the rest.
#
# **Statement.** One hidden layer, a critical point of the penalised one-versus-all loss $E$. *ReLU:* an unsolved pair
# $(i, r)$ has $(v_r)_k\, \sigma(\langle w_k, x_i \rangle + b_k) = 0$ for all $k$. *Leaky, all $v_r \ne 0$:* $E = 0$, a
# global minimum.
#
# **Idea.** Theorem 7 makes the point critical for each class; then Theorems 6 and 4 apply to each class.
#
# **What would falsify it.** A critical point of $E$ with an active unsolved pair, on such data.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact
from exactrelu.replicas import class_problem

# %% [markdown]
# ## 1. The proof (all sizes)

# %%
argument("Theorem 7", "all replicas are equal, and 0 lies in the subdifferential of each L^(r)")
argument(
    "the binary problem of class r", "label 1 for the class, -1 for the rest; its data are separable by hypothesis"
)
argument("ReLU", "Theorem 6 for each class")
argument(
    "leaky",
    "Theorem 4 for each class with v_r not 0: L^(r) = 0; equal replicas have penalty 0, so E = 0, its least value",
)
fact(
    "equal replicas have penalty zero",
    "R A - B^2 = 0 with A = R x^2, B = R x",
    ["R*(R*x**2) - (R*x)**2 == 0"],
    variables=("R", "x"),
)

# %% [markdown]
# ## 2. An instance for the blackboard: ReLU, two classes at $x = 1$ and $x = -1$, replicas `equal` and `dead`
#
# `dead`: $w = 0$, $b = -1$ in both replicas: nobody is active, and every pair is unsolved with loss 1. `equal`: $w =
# 1$, $b = 0$, $v = (2, -2)$, $c = (-1, 1)$: the outputs are $\pm 1$, all solved.

# %%
relu = Problem.example("laurent-brecht-exact-penalty")
fact("losses", "E = 0 and E = 2", ['loss("equal") == 0', 'loss("dead") == 2'], relu)
for r in range(2):
    certified(f"dead is critical for class {r}", class_problem(relu, r).at("dead").certificate("clarke_critical"))

# %% [markdown]
# ## 3. Leaky: $w = 1$, $b = 2$ in both replicas, $v = (2, -2)$, $c = (-3, 3)$
#
# The neuron has the values 3 and 1, the outputs are $3, -1$ and $-3, 1$: all solved.

# %%
leaky = Problem.example("laurent-brecht-leaky-penalty")
fact("outputs", "E = 0", ['outputs("global") == [[3, -3], [-1, 1]]', 'loss("global") == 0'], leaky)
certified("global is critical", leaky.at("global").certificate("clarke_critical"))

# %% [markdown]
# ## 4. The certificates

# %%
decided("LvB-C4-corrected", "verified", relu)
decided("LvB-C3i-corrected", "verified", leaky)
