# %% [markdown]
# # Erratum: a square system need not be solvable, but a normal equation is
#
# **Claims.** `LIU-T2-square`, `LIU-T2-square-corrected`
#
# **Source.** Liu, appendix C.1, after (C.6).
#
# **Statement.** *As printed:* $B R = b$ is always solvable because $B$ is square. *Corrected:* it is always solvable
# because $B = A^T A$ and $b = A^T y$.
#
# **Idea.** The conclusion is right, the reason is not.
#
# **What would falsify it.** A solution of the system of section 1.

# %%
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. A square system without a solution
#
# $\begin{pmatrix}0 & 1\\ 0 & 0\end{pmatrix} R = (0, 1)$: the second equation reads $0 = 1$. And with a matrix $B$ of
# the paper's own example, cell $r_3$: $B = \tfrac12 \begin{pmatrix}1 & 0\\ 0 & 0\end{pmatrix}$, right side $(0, 1)$.

# %%
fact(
    "no solution",
    "(0, 1) M = 0, but (0, 1) (0, 1)^T = 1",
    ["[0, 1] @ [[0, 1], [0, 0]] == [0, 0]", "[0, 1] @ [0, 1] == 1"],
)
decided("LIU-T2-square", "refuted", "liu-two-samples")

# %% [markdown]
# ## 2. Why $A^T A R = A^T y$ is solvable (all sizes)
#
# If $u^T A^T A = 0$, then $|A u|^2 = 0$, so $u^T A^T y = 0$: nothing contradicts it. $A^+ y$ is a solution.

# %%
argument("Fredholm", "a linear system is solvable if and only if no combination of its rows reads 0 = 1")
decided("LIU-T2-square-corrected", "verified", "liu-two-samples")
decided("LIU-T2-square-corrected", "verified", "liu-over-parameterised")
