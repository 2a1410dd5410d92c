# %% [markdown]
# # The rank of $F$ for Gaussian data
#
# **Claims.** `LIU-S3-corrected`
#
# **Source.** Liu, section 7.2, first paragraph; the printed sentence is refuted in
# `errata/liu_singular_gaussian_system.py`.
#
# **Statement.** Let the law of $x$ have a positive density on the line. The rank of $F$ is the number of different
# weights $(n_k, h_k)$, less one for each location after the first at which both normals occur. So $F h = f$ has one
# solution if and only if all weights differ and at most one location has both normals.
#
# **Idea.** $F$ is the Gram matrix of the functions $1[n_k (x - h_k) > 0]$: its kernel consists of their linear
# relations.
#
# **What would falsify it.** A linear relation between half-lines that is no combination of the ones below.

# %%
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. Relations between half-lines (all sizes)
#
# $F_{lk} = \int I_l I_k$, so $c^T F c = \int (\sum_k c_k I_k)^2$, and $F c = 0$ if and only if $\sum_k c_k I_k = 0$
# almost everywhere, since the density is positive.

# %%
fact(
    "square",
    "the form of F is the integral of a square, shown for three weights at one x",
    ["(c1*a + c2*b + c3*d)**2 == c @ G @ c"],
    definitions={"c": "[c1, c2, c3]", "G": "[[a*a, a*b, a*d], [b*a, b*b, b*d], [d*a, d*b, d*d]]"},
    variables=("c1", "c2", "c3", "a", "b", "d"),
)
argument("equal weights", "two equal weights have equal functions: one relation for each repetition")
argument(
    "jumps",
    "let all weights differ. At a location h the sum jumps by c(+, h) - c(-, h), an absent weight counted 0. So at a "
    "location with one normal its coefficient is 0; with both they are equal, and together they add that constant",
)
argument("constants", "what remains is the sum of these constants, which must be 0: one equation for the pairs")
argument("count", "p pairs give p - 1 relations if p >= 1, and none if p = 0")

# %% [markdown]
# ## 2. For the blackboard: locations 1 and $-1$, both normals at each
#
# From right to left the regions see the weights (1, 3), (2, 3), (2, 4): three rows, and the relation $1 + 1 - 1 - 1$.

# %%
fact(
    "two pairs",
    "rank 3, and the vector (1, 1, -1, -1) in the kernel",
    ["rank(V) == 3", "V @ [1, 1, -1, -1] == [0, 0, 0]"],
    definitions={"V": "[[1, 0, 1, 0], [0, 1, 1, 0], [0, 1, 0, 1]]"},
)
fact(
    "one pair",
    "the locations 1, 1, 0, -1: rank 4",
    ["rank(V) == 4"],
    definitions={"V": "[[1, 0, 1, 0], [0, 1, 1, 0], [0, 1, 0, 0], [0, 1, 0, 1]]"},
)

# %% [markdown]
# ## 3. The claim, at points of two problems
#
# $F = \sum_j P_j v_j v_j^T$ with the rows $v_j$ of $V$ and the probabilities $P_j$ of the regions. The checker encloses
# these and finds them positive; so the rank of $F$ is that of $V$, which is exact.

# %%
decided("LIU-S3-corrected", "verified", "liu-parallel-weights")
decided("LIU-S3-corrected", "verified", "liu-four-parallel-weights")
