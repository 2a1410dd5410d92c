# %% [markdown]
# # Erratum: scaling by a negative factor leaves the cell
#
# **Claims.** `LIU-S1`, `LIU-S1-corrected`
#
# **Source.** Liu, section 3, after Theorem 1.
#
# **Statement.** *As printed:* since $z_j w_j = c z_j \cdot \tfrac1c w_j$ for $c \ne 0$, with $\{z_j, w_j\}$ also $\{c
# z_j, w_j / c\}$ achieves the least loss. *Corrected:* for $c > 0$.
#
# **Idea.** The product stays, but $w_j / c$ has the other sides of all data points if $c < 0$.
#
# **What would falsify it.** A loss of 0 at $(-1, (-1, -1))$ below.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. The counterexample: $x = (1, 0), (0, 1)$, $y = 1, 1$
#
# $(z, w) = (1, (1, 1))$ has the loss 0. With $c = -1$ it becomes $(-1, (-1, -1))$, which is dead: the loss is 1.

# %%
problem = Problem.example("liu-two-samples")
turned = Problem(problem.network, problem.x, problem.y, problem.loss,
                 {"r4": problem.points["r4"], "turned": (-1, -1, -1)}, "c = -1")  # fmt: skip
fact(
    "losses",
    "0 becomes 1, with the same R = (1, 1)",
    ['loss("r4") == 0', 'loss("turned") == 1',
     'parameter("turned", "W2")[0][0]*parameter("turned", "W1")[0] == [1, 1]',
     'parameter("r4", "W2")[0][0]*parameter("r4", "W1")[0] == [1, 1]'],
    turned,
)  # fmt: skip
decided("LIU-S1", "refuted", problem)

# %% [markdown]
# ## 2. What holds

# %%
argument("c > 0", "c z max(<w/c, x>, 0) = z max(<w, x>, 0); for c < 0 it is -z max(-<w, x>, 0), whatever c is")
decided("LIU-S1-corrected", "verified", problem)
