"""Liu: the landscape of one hidden layer without output bias, in the variables R_j = z_j w_j."""

from exactrelu.theorems.liu import (
    boundaries,
    cells,
    example,
    experiments,
    genuineness,
    least_squares,
    minima,
    parallel_minima,
    probabilities,
    saddles,
)

MODULES = (
    cells, least_squares, minima, genuineness, example, saddles, boundaries,
    parallel_minima, probabilities, experiments,
)  # fmt: skip
CLAIMS = tuple(claim for module in MODULES for claim in module.CLAIMS)
