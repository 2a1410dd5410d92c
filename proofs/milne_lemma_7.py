# %% [markdown]
# # A linear network has no critical point in $U(\lambda)$ but zero
#
# **Claims.** `MIL-L7`, `MIL-L7-turned`, `MIL-R7`
#
# **Source.** Milne, *Piecewise strong convexity of neural networks*, Lemma 7, its proof, and the remark after it.
#
# **Statement.** For a linear network with $H \ge 1$ hidden layers of more than one unit, $\ell_\lambda$ has no critical
# point $W \ne 0$ in $U(\lambda)$.
#
# **Idea.** The paper rotates a hidden layer: $R W_j$ and $W_{j+1} R^T$ give the same network and the same norms, so $W$
# is not isolated, while Lemma 5 says that it is. (`milne_vacuity.py` proves more, without rotations and for ReLU
# networks too.)
#
# **What would falsify it.** A rotation that changes the loss of a linear network, or a critical point in $U(\lambda)$.

# %%
from exactrelu import example
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. The rotation, for all angles
#
# Two hidden units, weights $w_1, w_2$ below and $v_1, v_2$ above. With $c^2 + s^2 = 1$ the rotated network has the
# output $(c v_1 - s v_2)(c w_1 - s w_2) + (s v_1 + c v_2)(s w_1 + c w_2)$.

# %%
fact(
    "the output",
    "it is (c^2 + s^2) (v_1 w_1 + v_2 w_2)",
    ["(c*v1 - s*v2)*(c*w1 - s*w2) + (s*v1 + c*v2)*(s*w1 + c*w2) == (c**2 + s**2)*(v1*w1 + v2*w2)"],
    variables=("c", "s", "v1", "v2", "w1", "w2"),
)
fact(
    "the norms",
    "|(c w_1 - s w_2, s w_1 + c w_2)|^2 = (c^2 + s^2) (w_1^2 + w_2^2)",
    ["(c*w1 - s*w2)**2 + (s*w1 + c*w2)**2 == (c**2 + s**2)*(w1**2 + w2**2)"],
    variables=("c", "s", "w1", "w2"),
)
argument("all sizes", "R^T R = I between the layers; a rotation keeps the Euclidean norm of a matrix")
argument("it moves W", "if W_j or W_(j+1) has a row or column that is not 0, some small rotation of a plane moves it")

# %% [markdown]
# ## 2. A critical point and its circle
#
# $y = v_1 w_1 + v_2 w_2$ with inputs $(1, 0)$, target $1$, $\lambda = \frac34$. `critical` is $w = v = (\frac12, 0)$,
# `turned` the same after the rotation with $c = \frac35$, $s = \frac45$. Both are critical, and outside $U(\frac34)$,
# as they must be.

# %%
linear = example("milne-linear")
fact(
    "the circle",
    "both gradients are 0, both losses 15/32",
    [f"norm2(gradient('{p}')) == 0" for p in ("critical", "turned")]
    + [f"loss('{p}') == 15/32" for p in ("critical", "turned")],
    linear,
)
decided("MIL-L7", "verified", linear)
decided("MIL-L7-turned", "verified", linear)

# %% [markdown]
# ## 3. Switches do interfere
#
# The remark after the proof: in a ReLU network a rotation may change the loss. (The conclusion holds all the same.)

# %%
decided("MIL-R7", "verified", "milne-deep")
decided("MIL-T2-zero", "verified", "milne-deep")
