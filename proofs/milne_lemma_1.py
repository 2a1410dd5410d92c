# %% [markdown]
# # The network is smooth for almost all weights
#
# **Claims.** `MIL-L1`
#
# **Source.** Milne, *Piecewise strong convexity of neural networks*, Lemma 1 and its proof in the appendix.
#
# **Statement.** For every input $a$ the output $y(a, W)$ of a ReLU network without biases is smooth in the weights $W$
# outside a set of measure zero.
#
# **Idea.** Hold the switches of the layers below a unit. Its input is then a polynomial in the weights. Either it is
# not zero, and vanishes on a null set only, or a whole layer below is off, and the output is constant.
#
# **What would falsify it.** A unit, with at least one switch on in each layer below, whose polynomial is zero.

# %%
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. On the blackboard: one input $a = 3$, two hidden neurons
#
# The first layer sees $3 w_1$ and $3 w_2$; with the switches $(s_1, s_2)$ the output unit sees
# $3 (v_1 s_1 w_1 + v_2 s_2 w_2)$. Only $s = (0, 0)$ makes it zero.

# %%
fact(
    "the boundaries",
    "3 w_1, 3 w_2, 3 v_1 w_1, 3 v_2 w_2, 3 (v_1 w_1 + v_2 w_2) are not the zero polynomial",
    ["3*w1 != 0", "3*w2 != 0", "3*v1*w1 != 0", "3*v2*w2 != 0", "3*(v1*w1 + v2*w2) != 0"],
    variables=("w1", "w2", "v1", "v2"),
)
fact(
    "all off",
    "for s = (0, 0) the output unit sees 0: the output is constant there",
    ["3*(v1*0*w1 + v2*0*w2) == 0"],
    variables=("w1", "w2", "v1", "v2"),
)

# %% [markdown]
# ## 2. All sizes

# %%
argument(
    "why never zero",
    "with the switches held a unit is a sum over paths; each path has a monomial of its own, so nothing cancels; if "
    "the input is not 0 and each layer below has a unit that is on, some path is left",
)
argument("null sets", "a polynomial that is not zero vanishes on a null set; there are finitely many of them")
argument("dead layers", "where a layer is off strictly, the output is constant near the point, hence smooth")
argument("zero on the way", "if a = 0, the output is 0 for all weights")

# %% [markdown]
# ## 3. On two networks, for all switches

# %%
decided("MIL-L1", "verified", "milne-two-neurons")
decided("MIL-L1", "verified", "milne-deep")
