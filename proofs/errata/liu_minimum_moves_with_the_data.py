# %% [markdown]
# # Erratum: the minimum moves with the data, so $P_t$ is not its probability
#
# **Claims.** `LIU-(25),(26)`, `LIU-(25),(26)-corrected`
#
# **Source.** Liu, section 7.2, (25), (26).
#
# **Statement.** *As printed:* for $N$ independent samples the probability of a genuine local minimum is $P_t = (1 -
# P_g)^N$, where $P_g$ is the probability of the gaps between the weights and $h^*$, computed from the law of the data.
# *Corrected:* this is the probability that the samples miss these fixed gaps. The minimum of the loss of the samples is
# elsewhere, and so are its gaps.
#
# **Idea.** Take the weights at $h^*$ itself: the fixed gaps are empty and $P_t = 1$. But with positive probability the
# samples move their minimum across one of them.
#
# **What would falsify it.** An error in the lower bound of the probability of the event below.

# %%
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. The event (for all $N \ge 2$)
#
# Two weights at $h$ and $-h$ that look outward. Exactly one sample $x > h$, of class $-1$; exactly one sample below
# $-h$; the other $N - 2$ between. Then $F$ is the identity and $h_1^* = x - y = x + 1$: beyond the sample, which
# therefore lies in the gap.

# %%
fact(
    "h* for one sample",
    "(x - h + 1)^2 is least at h = x + 1, greater than x",
    ['substitute(derivative((x - h + 1)**2, "h"), "h", x + 1) == 0', "(x + 1) - x > 0"],
    variables=("x", "h"),
)
argument(
    "probability",
    "N (N - 1) q P_3 P_2^(N - 2) > 0, with q = Q(h + 1)/2 and P_3, P_2 the probabilities of the regions: there are "
    "N (N - 1) choices of the two samples",
)
argument("P_t = 1", "where h = h*, which has a solution h = 0.7322.., for every N: a contradiction")

# %% [markdown]
# ## 2. With numbers, for the paper's $N = 100$
#
# $h$ has 46 digits, so $h^*$ differs from $h$ by less than $w = 10^{-46}$. The density of the data is less than
# $\tfrac12$, so $P_g < w$, and $P_t \ge 1 - 100 w$. The event has a probability greater than $100 w$.

# %%
numbers = {
    "h": "7322259256864065822201989188390080958995363833/10**46",
    "w": "1/10**46",
    "e": "erf((h - 1)/sqrt(2))",
    "E": "erf((h + 1)/sqrt(2))",
    "best": "(exp(-(h - 1)**2/2) + exp(-(h + 1)**2/2))/sqrt(2*pi()) / (1 - (e + E)/2)",
    "q": "(1 - E)/4",
    "P3": "(2 - e - E)/4",
    "P2": "(e + E)/2",
    "event": "100*99*q*P3*P2**98",
}
fact(
    "N = 100",
    "|h* - h| < w, the density is < 1/2, P_t >= 1 - 100 w, the event has a probability > 100 w",
    ["h - w < best < h + w", "1/sqrt(2*pi()) < 1/2", "event > 100*w", "(1 - w)**100 >= 1 - 100*w"],
    definitions=numbers,
)

# %% [markdown]
# ## 3. The claim on eight samples, where the event is not so rare

# %%
decided("LIU-(25),(26)", "refuted", "liu-parallel-weights")
argument("how much", "the bound is crude; it shows that the formula is wrong, not by how much")

# %% [markdown]
# ## 4. What holds

# %%
decided("LIU-(25),(26)-corrected", "verified", "liu-parallel-weights")
