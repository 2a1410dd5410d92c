# %% [markdown]
# # A tour of exactrelu
#
# Every number below is rational, no float decides anything, and each answer comes with a proof that an independent
# checker accepts. This file runs as a script, and as a notebook:
# `python -m exactrelu.narration examples/tour.py tour.ipynb` makes it.

# %%
import exactrelu
from exactrelu import Budget, Loss, Network, Problem, check, example

exactrelu.load_ipython_extension()  # in a notebook, numbers are shown as fractions

# %% [markdown]
# ## A counterexample from a paper
#
# Yun, Sra and Jadbabaie (2018, Theorem 7) claim that a network with two neurons has a spurious local minimum on three
# data points. The problem is shipped with the package, with the two points that the paper names.

# %%
problem = example("yun2018-three-point")
problem

# %%
bad = problem.at("bad")
print(bad)
bad.local_minimum()

# %% [markdown]
# A *no* carries its refutation: here a better point.

# %%
bad.global_minimum()

# %% [markdown]
# The certificate holds the whole problem and the proof. The checker shares no code with what found the proof.

# %%
verdict = check(bad.certificate())
print("accepted" if verdict.accepted else "rejected")
verdict

# %% [markdown]
# ## The loss near the point
#
# On each cell of parameter space no unit changes its sign, and the loss is one polynomial: half the sum of squares of
# these residuals.

# %%
bad.form

# %%
cells = problem.cells()
print(len(cells), "cells, all of them:", cells.complete)
cells

# %% [markdown]
# ## On a kink
#
# With ReLUs the points of interest often lie where the loss has no gradient. This one is a local minimum all the same,
# proved by dual vectors for all patterns of signs around it.

# %%
kinked = example("laurent-brecht-unbalanced-relu").at("vanishing")
print(kinked.differentiable(), kinked.local_minimum(), kinked.global_minimum(), sep="\n")
kinked.incident_cells()

# %% [markdown]
# ## The whole landscape
#
# With one hidden layer and one output, the global minimum and all local minima are found, and proved to be all.

# %%
liu = example("liu-two-samples-opposite")
liu.minimum()

# %%
atlas = liu.atlas(tick=Budget(seconds=60))
print(atlas)
atlas

# %% [markdown]
# The loss over the two input weights, with its exact kinks and the points that the problem names. (Pictures need
# matplotlib: `pip install "exactrelu[plot]"`.)

# %%
exactrelu.plot(example("liu-two-samples"), "surface")

# %% [markdown]
# ## A problem of your own
#
# Numbers are integers, fractions or strings. A float is refused, and the message says what to write in its place.

# %%
mine = Problem(
    Network.dense([1, 2, 1]),
    x=[[0], [1], ["5/2"]], y=[1, 0, 1], loss=Loss("squared", factor="1/2"),
    points={"dead": {"W1": [[-1], [-1]], "b1": [-1, -2], "W2": [[1, 1]], "b2": ["2/3"]}},
)  # fmt: skip
dead = mine.at("dead")
print(dead.loss, dead.local_minimum(), dead.global_minimum(), dead.kind(), sep="\n")
dead

# %%
try:
    mine.at({"W1": [[0.1], [1]], "b1": [0, 0], "W2": [[1, 1]], "b2": [0]})
except exactrelu.InexactError as error:
    print(error)

# %% [markdown]
# ## Hyperplanes by themselves

# %%
arrangement = exactrelu.Arrangement([[1, 0], [0, 1], ["1/2", 1]])
print(arrangement.count(), "chambers")
arrangement.chambers()
