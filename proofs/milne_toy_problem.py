# %% [markdown]
# # The toy experiment: every run ends at the zero network
#
# **Claims.** `MIL-E1-zero`, `MIL-E1`
#
# **Source.** Milne, *Piecewise strong convexity of neural networks*, section 4 and figure 1.
#
# **Statement.** Target $\frac x4$ at 100 points of $[-1, 1]$, one hidden layer of two ReLU units without biases, a
# linear output, $\lambda = 0.4$. The only critical point of $\ell_\lambda$ is $W = 0$, for *all* data in $[-1, 1]$. If
# the mean of the $x_i^2$ is below $0.64$, it is in $U(\lambda)$.
#
# **Idea.** A critical point $W \ne 0$ needs $\frac{\lambda^2}{2 r^2} \le \ell(W) < \ell(0)$ (`milne_vacuity.py`). But
# $\ell(0)$ is too small.
#
# **What would falsify it.** A run of gradient descent that converges to something else.

# %%
from exactrelu import example
from exactrelu.narration import argument, decided, fact

# %% [markdown]
# ## 1. All data in $[-1, 1]$
#
# $\ell(0) = \frac1{2N} \sum \frac{x_i^2}{16} \le \frac1{32}$, and $r \le 1$.

# %%
fact("no critical point", "1/32 < lambda^2/2 = 0.08", ["1/32 < (2/5)**2/2", "(2/5)**2/2 == 8/100"])
argument("0 in U", "l(0) = s/32 and U(lambda) asks for l < lambda^2/(8 r^2) >= 0.02, where s is the mean of x_i^2")
fact("0 in U", "s/32 < 0.02 whenever s < 0.64; for points drawn from [-1, 1] s is near 1/3", ["64/100/32 == 2/100"])

# %% [markdown]
# ## 2. One data set of the experiment

# %%
toy = example("milne-toy")
fact(
    "in numbers",
    "2 r^2 l(0) < lambda^2, and even 8 r^2 l(0) < lambda^2",
    ["8*r2*l0 < weight_decay**2"],
    toy,
    {
        "l0": " + ".join(f"weights[{i}]*y[{i}]**2" for i in range(len(toy.x))),
        "r2": f"max({', '.join(f'norm2(x[{i}])' for i in range(len(toy.x)))})",
    },
)
decided("MIL-E1-zero", "verified", toy)

# %% [markdown]
# ## 3. What the experiment measures
#
# The paper finds that $87.2\% \pm 22.3\%$ of the loss change happens in $U(\lambda)$. Its random numbers are not
# printed, so the number itself cannot be decided; `examples/milne_toy_experiment.py` repeats it with an exact test, and
# finds a similar one.

# %%
argument("the end", "l_lambda falls to l(0), the loss of the zero network: U(lambda) is where the weights die out")
decided("MIL-E1", "undecided", toy)
