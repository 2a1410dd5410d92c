# %% [markdown]
# # Erratum: in the proof of Corollary 2 the product is called a saddle point
#
# **Claims.** `YSJ-C2-proof`
#
# **Source.** Yun, Sra, Jadbabaie 2018, proof of Corollary 2, first sentence.
#
# **Statement.** *As printed:* if $\nabla \ell_0 \ne 0$ at the product of a critical tuple, the product is a saddle
# point. *Corrected:* the tuple is a saddle point of $\ell$. The product is not even a critical point of $\ell_0$.
#
# **Idea.** A misprint, $W_{H+1:1}$ for $(W_i)$; the corollary itself is right.
#
# **What would falsify it.** A saddle of $\ell_0$ at which its gradient is not 0.

# %%
from exactrelu import example
from exactrelu.narration import decided, fact

# %% [markdown]
# ## 1. The counterexample: $\ell_0(R) = \tfrac12 |R - \operatorname{diag}(2, 1)|^2$ at $R = \operatorname{diag}(2, 0)$

# %%
problem = example("yun2018-deep-linear-saddle")
product = 'parameter("saddle", "W2") @ parameter("saddle", "W1")'
fact("no critical point", "grad l_0 = diag(0, -1)", [f"{product} - [[2, 0], [0, 1]] == [[0, 0], [0, -1]]"], problem)
decided("YSJ-C2-proof", "refuted", problem)

# %% [markdown]
# ## 2. What holds

# %%
decided("YSJ-C2", "verified", problem)
