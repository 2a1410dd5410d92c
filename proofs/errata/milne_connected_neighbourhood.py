# %% [markdown]
# # Erratum: the neighbourhood of Lemma 2 must be connected
#
# **Claims.** `MIL-L2`, `MIL-L2-any`
#
# **Source.** Milne, *Piecewise strong convexity of neural networks*, Lemma 2.
#
# **Statement.** *As printed:* if $W^*$ is a local maximum of $\ell$, then $\ell$ is not smooth on any open
# neighbourhood of $W^*$, unless it is constant on that neighbourhood. *Corrected:* on any *connected* open
# neighbourhood.
#
# **Idea.** The maximum principle works on connected sets. Two balls far apart form a neighbourhood of the centre of
# one.
#
# **What would falsify it.** A smooth function on two disjoint balls that must be constant on both.

# %%
from exactrelu import example
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. The instance
#
# Two ReLU neurons, data $1, 2$. At `dead` both neurons are off: $\ell$ is constant around it, so it is a local maximum.
# At `live` $\ell$ is smooth, with a gradient that is not zero.

# %%
problem = example("milne-dead-point")
fact("dead", "all units are negative at the point, and its gradient is 0",
     ["signature('dead') == '--,0;--,0'", "norm2(gradient('dead')) == 0"], problem)  # fmt: skip
fact("live", "smooth, gradient not 0", ["norm2(gradient('live')) > 0"], problem)
argument(
    "neighbourhood", "a small ball around each: an open set that contains dead; l is smooth on it, and not constant"
)
decided("MIL-L2-any", "refuted", problem)

# %% [markdown]
# ## 2. What holds
#
# On every cell the Laplacian of $\ell$ is a sum of squares (`milne_lemma_2.py`), so on a connected open set on which
# $\ell$ is smooth the maximum principle applies.

# %%
decided("MIL-L2", "verified", problem)
argument("maximum principle", "a subharmonic function with a maximum in a connected open set is constant on that set")
