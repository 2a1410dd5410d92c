# %% [markdown]
# # Erratum: the last layer cannot be rotated against a next one
#
# **Claims.** `MIL-L7-rotation`, `MIL-L7-turned`
#
# **Source.** Milne, *Piecewise strong convexity of neural networks*, proof of Lemma 7, (53).
#
# **Statement.** *As printed:* if $W_i \ne 0$ for some $i \in \{0, \dots, H\}$, replace $W_i, W_{i+1}$ by
# $W_i R^T, R W_{i+1}$ for a small rotation $R$. *Corrected:* for $i = H$ there is no $W_{i+1}$; rotate between
# $W_{H-1}$ and $W_H$. Hidden layers of one unit have no rotations, but the conclusion holds for them too
# (`milne_vacuity.py`).
#
# **Idea.** Take weights of which only the last layer is not zero.
#
# **What would falsify it.** Another choice of $i$ at this point.

# %%
from exactrelu import example
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. The point `last`: $W_1 = 0$, $W_2 = (\frac12, \frac14)$

# %%
problem = example("milne-linear")
fact("only the last layer", "|W_1|^2 = 0, |W_2|^2 = 5/16",
     ["norm2(parameter('last', 'W1')) == 0", "norm2(parameter('last', 'W2')) == 5/16"], problem)  # fmt: skip
decided("MIL-L7-rotation", "refuted", problem)

# %% [markdown]
# ## 2. The repair
#
# $R W_1 = 0$ stays, and $W_2 R^T$ moves: with $c = \frac35$, $s = \frac45$ from $(\frac12, \frac14)$ to
# $(\frac1{10}, \frac{11}{20})$.

# %%
fact(
    "the move",
    "(1/2, 1/4) R^T = (3/5/2 - 4/5/4, 4/5/2 + 3/5/4) = (1/10, 11/20), of the same norm",
    ["[[1/2, 1/4]] @ transpose([[3/5, -4/5], [4/5, 3/5]]) == [[1/10, 11/20]]", "(1/10)**2 + (11/20)**2 == 5/16"],
)
decided("MIL-L7-turned", "verified", problem)
argument("one unit", "for n_i = 1 the only rotation is 1; milne_vacuity.py proves Lemma 7 without rotations")
