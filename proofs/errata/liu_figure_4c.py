# %% [markdown]
# # Erratum: figure 4 (c) is no tensor product
#
# **Claims.** `LIU-F4c`, `LIU-F4c-corrected`
#
# **Source.** Liu, section 7.3 and figure 4 (c), with (25), (26).
#
# **Statement.** *As printed:* for two weights that move, $P_t$ is the tensor product of the probabilities for each of
# them. *Corrected:* for $x_{w_1} \ge 0 \ge x_{w_2}$ the gaps are disjoint, and $P_t = (1 - p - q)^N$ with their
# probabilities $p, q$, which is less than $(1 - p)^N (1 - q)^N$.
#
# **Idea.** To miss two disjoint sets is not two independent events, for one sample.
#
# **What would falsify it.** Gaps with $p q > 0$ and $1 - p - q = (1 - p)(1 - q)$.

# %%
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. The difference (for all $p$, $q$)

# %%
fact(
    "difference",
    "(1 - p)(1 - q) - (1 - p - q) = p q",
    ["(1 - p)*(1 - q) - (1 - p - q) == p*q"],
    variables=("p", "q"),
)
fact("an example", "p = q = 1/4, N = 100: not even half", ["(1 - 1/4 - 1/4)**100 < (1 - 1/4)**200 / 2"])

# %% [markdown]
# ## 2. At weights 1 and $-1$, and others

# %%
decided("LIU-F4c", "refuted", "liu-parallel-weights")
argument(
    "another reading",
    "if each factor is P_t with the other weight at 0, the product is even less than 4 10^-6 squared, by figure 4 (b), "
    "while P_t = 1 where both weights are at their best: no product either",
)

argument(
    "the approximation (E.8)",
    "with the larger gap in place of the union P_t would be (1 - max(p, q))^N, greater than the product if p q > 0",
)

# %% [markdown]
# ## 3. What holds

# %%
decided("LIU-F4c-corrected", "verified", "liu-parallel-weights")
