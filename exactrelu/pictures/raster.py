"""The loss on a grid in floats: only for the colour between walls, never for where a wall is."""

from __future__ import annotations

from typing import Any

import numpy as np

from exactrelu.pictures.planes import Slice
from exactrelu.pictures.regions import Window
from exactrelu.problem import Instance


def loss_grid(plane: Slice, window: Window, columns: int, rows: int) -> Any:
    """The loss at the centres of the pixels of a window, an array of shape (rows, columns), the lowest row first.

    >>> from exactrelu.examples import example
    >>> from gmpy2 import mpq
    >>> problem = example("liu-two-samples")
    >>> plane = Slice.of_axes(problem, problem.point("r1"), ("W1_1_1", "W1_1_2"), "r1")
    >>> loss_grid(plane, (mpq(0), mpq(2), mpq(0), mpq(2)), 1, 1).shape
    (1, 1)
    """
    a, b, c, d = map(float, window)
    s = a + (b - a) * (np.arange(columns) + 0.5) / columns
    t = c + (d - c) * (np.arange(rows) + 0.5) / rows
    grid_s, grid_t = np.meshgrid(s, t)
    vectors = zip(plane.origin, plane.first, plane.second, strict=True)
    values = [float(o) + float(f) * grid_s + float(g) * grid_t for o, f, g in vectors]
    return losses(plane.instance, values, np.zeros_like(grid_s))


def losses(instance: Instance, values: list[Any], zero: Any) -> Any:
    """The loss for arrays of parameters, one array for each parameter, all of the shape of ``zero``."""
    total = zero
    for i, x in enumerate(instance.x):
        result = outputs(instance, values, [zero + float(entry) for entry in x])
        target = instance.y[i]
        if isinstance(target, tuple):
            weight = float(instance.loss.weight(i, 0, len(instance.x)))
            for output, y in zip(result, target, strict=True):
                total = total + weight * (output - float(y)) ** 2
        else:
            for unit in instance.units[i]:
                argument = zero + 1
                for r, coefficient in unit.terms:
                    argument = argument + coefficient * result[r]
                total = total + float(unit.weight) * np.maximum(argument, 0)
    for weight, p, q in instance.squares:
        total = total + float(weight) * (values[p] - (0 if q is None else values[q])) ** 2
    return total


def outputs(instance: Instance, values: list[Any], features: list[Any]) -> list[Any]:
    """The outputs of the network, for arrays of parameters and of inputs."""
    network = instance.network
    positive, negative = map(float, network.slopes)
    for number, (layer, start, stop) in enumerate(network.spans()):
        pre = [features[0] * 0] * layer.outputs
        for row, column, weight, coefficient in layer.entries:
            pre[row] = pre[row] + float(coefficient) * values[start + weight] * features[column]
        if layer.bias:
            pre = [p + b for p, b in zip(pre, values[start + layer.size : stop], strict=True)]
        activated = number < len(network.activated)
        features = [np.where(p > 0, positive * p, negative * p) for p in pre] if activated else pre
    return features
