# %% [markdown]
# # Erratum: a weight vector on the plane of a data point may be at the wrong part of it
#
# **Claims.** `LIU-D2`, `LIU-T3-corrected`
#
# **Source.** Liu, appendix D.2.
#
# **Statement.** *As printed:* for minima on a boundary there is no need to test $w_m$, since it is constrained on the
# boundary anyway. *Corrected:* its sides of the data points that are not parallel to $x_n$ must be tested as for the
# other neurons.
#
# **Idea.** $\langle w_m, x_n \rangle = 0$ is a whole plane, and the two cells meet in a part of it only.
#
# **What would falsify it.** No descent at the point below.

# %%
from exactrelu import Problem
from exactrelu.narration import certified, decided, fact
from exactrelu.theorems.liu.boundaries import facet_minimum
from exactrelu.theorems.liu.conditions import NoChoice
from exactrelu.theorems.liu.facets import facets

# %% [markdown]
# ## 1. The counterexample: four data points in the plane, one neuron
#
# $x = (1, 1), (2, -1), (0, 2), (-1, 0)$, $y = 1, -1, -1, 1$. The two cells: $x_1, x_2$ active, $x_4$ inactive, $x_3$ on
# the boundary; they meet in the ray $w = (r, 0)$, $r > 0$. The least squares of $x_1$, $x_2$ on the plane give $R =
# (-\tfrac15, 0)$, $e_1 = -\tfrac65$, $e_2 = \tfrac35$; for $z > 0$ (18) is $2 (e_1 - e_2) = -\tfrac{18}5$, and (19) is
# $-\tfrac{18}5 + 4 \cdot 1 = \tfrac25$ (as sums over the data points).

# %%
problem = Problem.example("liu-wrong-side")
fact(
    "(17) to (19)",
    "R = (-1/5, 0): P = 0, (18) < 0 < (19), for z > 0",
    ["e1 == -6/5", "e2 == 3/5", "e3 == 1", "dot(R, x[2]) == 0", "dot(G, x[2])*x[2] == dot(x[2], x[2])*G",
     "dot(G, x[2]) == -18/5", "dot(G, x[2]) + e3*dot(x[2], x[2]) == 2/5"],
    problem,
    {"R": "[-1/5, 0]", "e1": "dot(R, x[0]) - y[0]", "e2": "dot(R, x[1]) - y[1]", "e3": "dot(R, x[2]) - y[2]",
     "G": "e1*x[0] + e2*x[1]"},
)  # fmt: skip

# %% [markdown]
# ## 2. There is no minimum
#
# With $z > 0$ $w = R / z$ is on the other ray, $r < 0$: there $x_1$ and $x_2$ are inactive and $x_4$ is active, and not
# fitted.

# %%
fact(
    "signature",
    "x_1, x_2 inactive, x_3 on the boundary, x_4 active; loss 91/100",
    [
        'signature("accepted") == "-;-;0;+"',
        'loss("accepted") == 91/100',
        'outputs("accepted") == [[0], [0], [0], [1/5]]',
    ],
    problem,
)
certified("no local minimum", problem.at("accepted").certificate("local_minimum"))
decided("LIU-D2", "refuted", problem)

# %% [markdown]
# ## 3. What holds: with the test of $w_m$

# %%
for facet in facets(problem):
    found = facet_minimum(facet)
    print(f"           {facet}: {'no minimum' if isinstance(found, NoChoice) else found}")
decided("LIU-T3-corrected", "verified", problem)
