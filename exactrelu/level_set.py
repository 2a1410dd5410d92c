"""Lines through a point along which the loss is constant near the point.

The positive rescaling of a hidden layer, (W_l, b_l) -> r (W_l, b_l), W_{l+1} -> W_{l+1} / r, never changes a loss
without decay, so with a hidden layer no minimum is strict or isolated. What is listed here besides are straight lines:
on a cell the outputs are affine in the parameters of one layer, so those that change no output that counts form a
space.
"""

from __future__ import annotations

from collections.abc import Iterator

from gmpy2 import mpq

from exactrelu.germ import loss_germ, lowest_change
from exactrelu.linear import kernel
from exactrelu.neighbourhood import Neighbourhood
from exactrelu.rational import Rational, Vector
from exactrelu.shallow import Shallow

ZERO = mpq(0)
Row = dict[int, Rational]


def constant_lines(point: Neighbourhood, shallow: Shallow | None) -> tuple[Vector, ...]:
    """Directions d, for each layer a basis of those found, such that t -> loss(point + t d) is constant near t = 0."""
    if point.instance.loss.is_regularised:
        return ()
    found: list[Vector] = []
    size = len(point.parameters)
    for places, rows in _on_a_kink(shallow) if shallow is not None else _in_a_cell(point):
        matrix = tuple(tuple(row.get(j, ZERO) for j in places) for row in rows)
        for vector in kernel(matrix, len(places)):
            entries = dict(zip(places, vector, strict=True))
            line = tuple(mpq(entries.get(j, 0)) for j in range(size))
            back = tuple(-a for a in line)
            if not any(lowest_change(loss_germ(point.instance, point.parameters, [d]))[0] for d in (line, back)):
                found.append(line)
    return tuple(found)


def _in_a_cell(point: Neighbourhood) -> Iterator[tuple[list[int], list[Row]]]:
    """For each layer its parameters, and the derivatives of what counts for the loss, at a smooth point."""
    form = point.form
    if form is None:
        return
    network, offsets = point.instance.network, point.instance.network.offsets
    if point.instance.loss.is_hinge:
        polynomials = [form.polynomial]  # multi-affine: in one layer at a time it is affine
    else:
        polynomials = [residual for row in form.residuals for residual in row]
    for layer in range(len(network.layers)):
        places = list(range(offsets[layer], offsets[layer + 1]))
        yield places, [{j: p.derivative(j).evaluate(point.parameters) for j in places} for p in polynomials]


def _on_a_kink(shallow: Shallow) -> Iterator[tuple[list[int], list[Row]]]:
    """For the inputs of the neurons, then for the rest, what must not change: outputs that count, kinks."""
    inputs = [j for neuron in shallow.neurons for j in neuron.inputs]
    changes: list[Row] = [{} for _ in shallow.items]
    kinks: list[Row] = []
    features: list[Row] = [{} for _ in shallow.items]
    for neuron in shallow.neurons:
        for j, value in zip(neuron.items, neuron.values, strict=True):
            x = shallow.items[j].x
            if value:
                features[j][neuron.weight] = shallow.slope(value) * value
                factor = neuron.v * shallow.slope(value)
                changes[j].update((place, factor * a) for place, a in zip(neuron.inputs, x, strict=True))
            elif neuron.v:
                kinks.append(dict(zip(neuron.inputs, x, strict=True)))
    for place, coefficients in shallow.linear.items():
        for j, a in coefficients.items():
            changes[j][place] = features[j][place] = a
    counts = [j for j, item in enumerate(shallow.items) if item.low or item.high]
    counts = counts if shallow.instance.loss.is_hinge else list(range(len(shallow.items)))
    linear = list(shallow.linear)
    if inputs:
        yield inputs + linear, [changes[j] for j in counts] + kinks
    weights = [neuron.weight for neuron in shallow.neurons]
    yield weights + ([] if inputs else linear), [features[j] for j in counts]
