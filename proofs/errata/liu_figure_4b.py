# %% [markdown]
# # Erratum: figure 4 (b) leaves out the second gap
#
# **Claims.** `LIU-F4b`, `LIU-F4b-corrected`
#
# **Source.** Liu, section 7.3 and figure 4 (b), with (24), (25), (26).
#
# **Statement.** *As printed:* with $x_{w_2} = 0$ fixed and $N = 100$, $P_t$ is close to 1 for $x_{w_1}$ far from the
# means, and high where the loss along $x_{w_1}$ is least. *Corrected:* by (25) and (26) $P_t < 3.9464342 \cdot 10^{-6}$
# for all $x_{w_1} \ge 0$.
#
# **Idea.** (26) is about the union of both gaps, and the second does not depend on $x_{w_1}$: it reaches from 0 to $-2
# \varphi(1) = -0.4839..$, with the probability $0.11699..$.
#
# **What would falsify it.** A place $x_{w_1} \ge 0$ with $P_t > \tfrac12$.

# %%
from gmpy2 import mpq

from exactrelu.narration import argument, certified, decided
from exactrelu.rational import above
from exactrelu.theorems.liu.figures import figure_4b

# %% [markdown]
# ## 1. What the figure shows: the first gap alone
#
# At $x_{w_1} = 6$ the first gap alone gives $0.9993$; at the minimum $0.7322..$ it gives 1.

# %%
alone, both = figure_4b(gaps=(0,)), figure_4b()
for place in (mpq(3, 4), mpq(6)):
    for name, curve in (("first gap", alone), ("both gaps", both)):
        row = curve.at(place)
        certified(f"{name}, x_w1 = {place}: at most {above(row.upper, 9)}", curve.row_certificate(row))
decided("LIU-F4b", "refuted", "liu-parallel-weights")
argument(
    "the approximation (E.8)",
    "with the largest gap in place of the union P_g is still at least P(g_2), and P_t below the same bound",
)

# %% [markdown]
# ## 2. What holds
#
# `liu_figure_4.py` proves it, with a table and bounds of the whole curve.

# %%
decided("LIU-F4b-corrected", "verified", "liu-parallel-weights")
argument("where P_t is high", "where both weights are near their best locations 0.7322.. and -0.7322..")
