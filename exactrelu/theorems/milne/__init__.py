"""Milne, Piecewise strong convexity of neural networks: one module for each group of results.

Networks without biases, one output, mean of half squares, weight decay lambda (`setting` says what is assumed).
"""

from exactrelu.theorems.milne import (
    convexity,
    gradient_descent,
    isolated_minima,
    linear_networks,
    region,
    smoothness,
    vacuity,
)

MODULES = (smoothness, convexity, region, vacuity, isolated_minima, linear_networks, gradient_descent)
CLAIMS = tuple(claim for module in MODULES for claim in module.CLAIMS)
