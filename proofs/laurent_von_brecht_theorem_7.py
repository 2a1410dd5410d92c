# %% [markdown]
# # The penalty is exact
#
# **Claims.** `LvB-T7i`, `LvB-T7ii`, `MLR-T4i`, `MLR-T4ii`, `MLR-Pprod`
#
# **Source.** Laurent, von Brecht, ICML 2018, Theorem 7; anonymous version, Theorem 4.
#
# **Statement.** $E = \sum_{r=1}^R L^{(r)}(\omega^{(r)}) + \gamma \mathcal R$ with $R \ge 2$ replicas of the hidden
# layers, $\gamma > 0$ and $\mathcal R = \tfrac{R}{R-1} \sum_r |\omega^{(r)} - \bar\omega|^2$ over the hidden weights
# and biases. At every critical point in the sense of Clarke (i) the replicas are equal, and (ii) each $L^{(r)}$ is
# critical by itself.
#
# **Idea.** Pair the equation of each layer with the parameters of this layer. Euler's identity turns the loss terms
# into forms, which cancel between the layers. Only the penalty is left, and it is a sum of squares.
#
# **What would falsify it.** A critical point of $E$ with two different replicas.
#
# **Sizes.** Sections marked *all sizes* hold for every network of the kind stated, the others for the sizes shown.

# %%
from sympy import MatrixSymbol, diff, symbols

from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact, step

# %% [markdown]
# ## 1. Euler's identity for a multilinear form (all sizes)
#
# A form that is linear in the vector $u$ of $n$ parameters is $g^T u$, where $g$ does not contain $u$. Its gradient by
# $u$ is $g$, so $\langle u, \nabla_u \varphi \rangle = u^T g = \varphi$. The size $n$ is a symbol.

# %%
n = symbols("n", integer=True, positive=True)
g, u = MatrixSymbol("g", n, 1), MatrixSymbol("u", n, 1)
step("Euler", "u^T d(g^T u)/du = u^T g = (g^T u)^T", u.T * diff(g.T * u, u) == (g.T * u).T.doit())
fact(
    "for the checker: a form of three arguments",
    "u d(q u w z)/du = q u w z, and the same for w and z",
    [
        'u * derivative(q*u*w*z, "u") == q*u*w*z',
        'w * derivative(q*u*w*z, "w") == q*u*w*z',
        'z * derivative(q*u*w*z, "z") == q*u*w*z',
    ],
    variables=("q", "u", "w", "z"),
)

# %% [markdown]
# ## 2. Euler's identity for the penalty (all sizes)
#
# Coordinate by coordinate: with $x$ the coordinate of replica $r$, $t$ the sum of those of the others, and $n = R - 1$,
# $n \mathcal R = R (a + x^2) - (t + x)^2$, where $a$ collects the squares of the others
# (`laurent_von_brecht_lemma_4.py`). So $\langle x_r, \nabla_{x_r} \mathcal R \rangle = 2 (|x_r|^2 - \langle x_r, \tilde
# x_r \rangle)$ with the mean $\tilde x_r$ of the other replicas. We call the bracket $P_r$.

# %%
penalty = "((n + 1)*(a + x**2) - (t + x)**2)"
fact(
    "gradient, times n",
    "n dR/dx = 2 (n x - t), so n x dR/dx = 2 (n x^2 - x t)",
    [f'derivative({penalty}, "x") == 2*(n*x - t)', f'x * derivative({penalty}, "x") == 2*(n*x**2 - x*t)'],
    variables=("n", "a", "x", "t"),
)
argument("all replicas", "the sum of x_r dR/dx_r over r is 2 R(x): the penalty is homogeneous of degree 2")

# %% [markdown]
# ## 3. The equations of the layers (all sizes)
#
# Let $0 = \sum_u \theta_u \nabla E_u$ over the incident cells. For replica $r$ let $\Phi_l = \sum_u \theta_u
# \varphi_l^{(u,r)}$, the mean of the form of the bias of layer $l$ ($\Phi_0$ for the form of the inputs). By Theorem 1
# and Euler's identity, pairing the equations of $v_r$, $\omega^{(l)}$, $b^{(l)}$ with these parameters gives
#
# - $\Phi_0 + .. + \Phi_L = 0$ from $v_r$, which has no penalty;
# - $\Phi_0 + .. + \Phi_{l-1} + 2 \gamma P_r(\omega^{(l)}) = 0$ from $\omega^{(l)}$, an argument of the lower forms;
# - $\Phi_l + 2 \gamma P_r(b^{(l)}) = 0$ from $b^{(l)}$, an argument of $\varphi_l$ only.
#
# ## 4. Going down the layers (all sizes, induction over $l = L, .., 1$)
#
# *Claim:* $S_l = \Phi_0 + .. + \Phi_l = 0$ for every replica. For $l = L$ it is the first equation. *Step:* add the
# other two; with $z = (\omega^{(l)}, b^{(l)})$ we get $S_l + 2 \gamma P_r(z) = 0$, so $P_r(z) = 0$ for every $r$. By
# Lemma 4 all $z_r$ are equal. Then $P_r(\omega^{(l)}) = 0$ separately, and the second equation is $S_{l-1} = 0$.

# %%
fact(
    "adding two equations",
    "(S + 2 g Pw) + (F + 2 g Pb) = (S + F) + 2 g (Pw + Pb)",
    ["(S + 2*g*Pw) + (F + 2*g*Pb) == (S + F) + 2*g*(Pw + Pb)"],
    variables=("S", "F", "g", "Pw", "Pb"),
)
fact(
    "equal replicas",
    "if all replicas are x, the others add up to n x and P = x^2 - x (n x) / n = 0",
    ["n*x**2 - x*(n*x) == 0"],
    variables=("n", "x"),
)
argument("(i)", "this reaches l = 1: the replicas of all layers are equal")
argument(
    "(ii)",
    "the gradient of the penalty is 0 at equal replicas, so sum_u theta_u grad L^(r) = 0. The cells of E are products "
    "of those of the L^(r), so each u gives an incident cell of L^(r)",
)
argument("R = 1", "is excluded: the penalty would be 0/0")

# %% [markdown]
# ## 5. The cells of $E$ are products (all sizes)

# %%
argument(
    "measure",
    "a point in no product cell has one replica in the null set N; N times the space of the others is null, by Fubini",
)

# %% [markdown]
# ## 6. An instance for the blackboard: two classes at $x = \pm 1$, one neuron, $\gamma = 1$
#
# `equal` has $E = 0$ and is critical. `unequal` ($w = 1$ and $2$) has both losses zero, and $E = (2 - 1)^2 = 1$: moving
# $w^{(2)}$ towards $w^{(1)}$ and $v_2$ with it lowers $E$. `dead` is critical with equal replicas, `dead-unequal` is
# not.

# %%
problem = Problem.example("laurent-brecht-exact-penalty")
fact(
    "values",
    "E = 0, 1, 2, 3",
    ['loss("equal") == 0', 'loss("unequal") == 1', 'loss("dead") == 2', 'loss("dead-unequal") == 3'],
    problem,
)
for name, words in (("equal", ""), ("unequal", "not "), ("dead", ""), ("dead-unequal", "not ")):
    certified(f"{name} is {words}critical", problem.at(name).certificate("clarke_critical"))

# %% [markdown]
# ## 7. The certificates

# %%
for claim in ("LvB-T7i", "LvB-T7ii", "MLR-T4i", "MLR-T4ii", "MLR-Pprod"):
    decided(claim, "verified", problem)
decided("LvB-T7i", "verified", "laurent-brecht-not-one-versus-all-separable")
