# %% [markdown]
# # Erratum: a corollary about points that do not exist
#
# **Claims.** `LvB-C3ii`
#
# **Source.** Laurent, von Brecht, ICML 2018, Corollary 3 (ii).
#
# **Statement.** *As printed:* leaky units, equal class weights: a local minimum of the penalised loss with $v_r = 0$
# for some $r$ is a global minimum. *Corrected:* there is no such local minimum. Every local minimum is a global one,
# with loss zero, when each class is separable from the rest.
#
# **Idea.** Move the replica of class $r$ by a small $\rho$ in the separating direction, at the price $O(\rho^2)$ of the
# penalty, and let $v_r$ grow with $\rho$: the loss gains more.
#
# **What would falsify it.** A local minimum of $E$ with $v_r = 0$, for separable data with equal class weights.

# %%
from exactrelu import Problem
from exactrelu.narration import argument, certified, decided, fact

# %% [markdown]
# ## 1. The smallest case: $x = \pm 1$, two classes, one neuron each, at $w = 0$, $b = 1$, $v_1 = 0$, $c_1 = 0$
#
# Move to $w^{(1)} = \rho$, $v_1 = 2 \gamma \rho$. The neuron has the values $1 \pm \rho > 0$. The penalty of two
# replicas is $\gamma \cdot 2 \cdot 2 (\rho / 2)^2 = \gamma \rho^2$.

# %%
fact(
    "change of E",
    "1/2 (1 - v (1 + rho)) + 1/2 (1 + v (1 - rho)) - 1 + gamma rho^2 = - gamma rho^2 with v = 2 gamma rho",
    [
        "1/2 * (1 - 2*g*rho * (1 + rho)) + 1/2 * (1 + 2*g*rho * (1 - rho)) - 1 + g*rho**2 == -g*rho**2",
        "g * 2 * (rho/2)**2 + g * 2 * (rho/2)**2 == g*rho**2",
    ],
    variables=("g", "rho"),
)

# %% [markdown]
# ## 2. For all sizes
#
# At a critical point all replicas are equal (`laurent_von_brecht_theorem_7.py`). Let $v_r = 0$. If $|c_r| > 1$, moving
# $c_r$ towards 0 lowers the loss. Else slide $c_r$ into $(-1, 1)$, where the loss does not change. Let $h = \sum_i
# \mu_i y_i \sigma_\alpha(\langle w_k, x_i \rangle + b_k)$. If $h \ne 0$ the gradient in $v$ is not zero. If $h = 0$,
# moving $(w_k, b_k)$ by $\delta (q, \beta)$ makes $h \ge \kappa \delta$ with $\kappa > 0$
# (`laurent_von_brecht_theorem_5.py`), and the penalty is at most $C \delta^2$ larger.

# %%
fact(
    "choice of v",
    "- v kappa delta + C delta^2 = - C delta^2 < 0 at v = 2 C delta / kappa",
    ["-(2*C*d) * d + C*d**2 == -C*d**2"],
    variables=("C", "d"),
)
argument("conclusion", "E falls at points as near as one likes: no local minimum has v_r = 0, so part (ii) is empty")

# %% [markdown]
# ## 3. On the instance, by certificates: neither point with a vanishing classifier is a local minimum

# %%
problem = Problem.example("laurent-brecht-leaky-penalty")
for name in ("vanishing", "one-vanishing"):
    certified(f'"{name}" is not a local minimum', problem.at(name).certificate("local_minimum"))
decided("LvB-C3ii", "verified", problem)
