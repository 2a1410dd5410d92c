"""Is the loss differentiable at a point on kinks? One hidden layer, each neuron feeding one output: decided.

The one-sided derivative is L'(d) = sum_j max(low_j D_j, high_j D_j) over the items, where D_j, what an output changes,
is a sum of functions of <x_j, d_k>, one for each neuron k, and of free terms (output weights and biases). The loss is
Lipschitz, so it is differentiable iff L' is linear:

- an item with low < high needs D_j >= 0 or D_j <= 0 throughout, or one single term, a fold; for else D_j changes its
  sign where no other term of L' has a kink that could undo this convex one;
- then L' is a sum of folds c |<x, d_k>|, and these are linearly independent for x that are not parallel.
"""

from __future__ import annotations

from gmpy2 import mpq

from exactrelu.rational import Rational, primitive
from exactrelu.shallow import Shallow


def has_linear_derivative(shallow: Shallow) -> bool:
    """Whether the one-sided derivative of the loss is linear."""
    jumps: dict[tuple[int, tuple[int, ...]], Rational] = {}
    for j, item in enumerate(shallow.items):
        parts = []
        free = any(j in row and row[j] for row in shallow.linear.values())
        for k, neuron in enumerate(shallow.neurons):
            if j in neuron.items and any(item.x):
                value = neuron.values[neuron.items.index(j)]
                slopes = [neuron.v * shallow.slope(value or mpq(s)) for s in (1, -1)]
                free = free or bool(value and shallow.slope(value))
                if any(slopes):
                    parts.append((k, slopes[0], slopes[1]))
        low, high = item.low, item.high
        if low != high:
            positive = any(up > 0 or down < 0 for _, up, down in parts)
            negative = any(up < 0 or down > 0 for _, up, down in parts)
            if free or (len(parts) > 1 and positive and negative):
                return False
            if not (positive and negative):
                low = high = high if positive else low
        for k, up, down in parts:
            jump = max(low * up, high * up) - min(low * down, high * down)
            line = primitive(item.x)
            scale = next(abs(a / b) for a, b in zip(item.x, line, strict=True) if b)
            key = k, max(line, tuple(-a for a in line))
            jumps[key] = jumps.get(key, mpq(0)) + jump * scale
    return not any(jumps.values())
