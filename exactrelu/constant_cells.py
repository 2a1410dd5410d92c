"""Is the loss constant on some incident cell? Then a local minimum is flat (type I), else sharp (type II).

Laurent and von Brecht, ICML 2018, section 2. A coefficient of the loss as a polynomial in the parameters, with open
signs as in `exactrelu.relaxation`, that cannot be 0 excludes all patterns below a node of the search at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from gmpy2 import mpq

from exactrelu.errors import MalformedInput
from exactrelu.forms import TERMS
from exactrelu.incidence import Decided, Incidence, IncidentCell, Pattern
from exactrelu.rational import Rational
from exactrelu.relaxation import MultiAffine, add, columns_with, lowest_value
from exactrelu.shallow import Shallow

ZERO, ONE = mpq(0), mpq(1)
GUIDED = 40


def constant_cell(incidence: Incidence) -> IncidentCell | dict[str, Any] | str:
    """An incident cell on which the loss is constant; or the tree that excludes it; or why neither is known."""
    if incidence.instance.squares:
        return {}  # the Laplacian of the loss is positive
    if incidence.shallow is not None:
        return _of_shallow(incidence, incidence.shallow)
    if incidence.near.forms.output_terms() > TERMS:
        return "the outputs near the point have too many terms to be expanded"
    forms = incidence.near.forms
    if incidence.reason:
        for cell in chain(incidence.sampled, _scaled(incidence)):
            if forms.on(cell.columns).is_flat:
                return cell
        tree = incidence.search(
            incidence.order(range(len(incidence.fans)), False), lambda signs: {} if _varies(incidence, signs) else None
        )
        if not isinstance(tree, Pattern):
            return tree
        return f"{incidence.reason}; no incident cell that was found has constant loss"
    order = incidence.everything

    def leaf(signs: Decided) -> dict[str, Any] | None:
        if len(signs) < len(order):
            return None
        try:
            return None if forms.on(columns_with(incidence, signs)).is_flat else {}
        except MalformedInput:  # a deeper unit vanishes identically on this cell
            return {}

    found = incidence.search(order, leaf)
    return incidence.cell(found.signs) if isinstance(found, Pattern) else found


def _scaled(incidence: Incidence) -> Iterator[IncidentCell]:
    """Cells on curves that begin by scaling the last layer up: hinge units that vanish without need become negative."""
    start = incidence.instance.network.offsets[-2]
    radial = tuple(value if j >= start else ZERO for j, value in enumerate(incidence.parameters))
    for step in ((), *((d,) for d in incidence.directions[:GUIDED])):
        cell = incidence.entered((radial, *step))
        if cell is not None:
            yield cell


def _varies(incidence: Incidence, signs: Decided) -> bool:
    """Whether a coefficient of the loss (squared: of a residual) cannot be 0, in a network of any depth.

    Monomials list the parameters by their places, and the open units by -1 - position.
    """
    instance, columns = incidence.instance, columns_with(incidence, signs)
    network, (first, second) = instance.network, instance.network.slopes
    whole: MultiAffine = {}
    parts: list[MultiAffine] = []
    for i, x in enumerate(instance.x):
        features: list[MultiAffine] = [{(): value} for value in x]
        for number, (layer, start, stop) in enumerate(network.spans()):
            incidence.tick()
            units: list[MultiAffine] = [{} for _ in range(layer.outputs)]
            for row, source, weight, coefficient in layer.entries:
                add(units[row], {(start + weight, *m): c for m, c in features[source].items()}, coefficient)
            for row in range(layer.outputs if layer.bias else 0):
                add(units[row], {(stop - layer.outputs + row,): ONE}, ONE)
            features = units
            for unit, s in enumerate(columns[i][number] if number < len(network.activated) else ()):
                slope = _open(first, second, s, -1 - incidence.position(i, number, unit))
                features[unit] = _times(units[unit], slope)
        parts += features
        for number, hinge in enumerate(instance.units[i]):
            argument: MultiAffine = {(): ONE}
            for r, c in hinge.terms:
                add(argument, features[r], mpq(c))
            place = -1 - incidence.position(i, len(incidence.offsets) - 1, number)
            add(whole, _times(argument, _open(ONE, ZERO, columns[i][-1][number], place)), hinge.weight)
    for p in [whole] if instance.loss.is_hinge else parts:
        sorted_out: dict[tuple[int, ...], MultiAffine] = {}
        for m, c in p.items():
            rest = sorted_out.setdefault(tuple(sorted(v for v in m if v >= 0)), {})
            add(rest, {tuple(sorted(v for v in m if v < 0)): c}, ONE)
        if any(m and _is_positive(q) for m, q in sorted_out.items()):
            return True
    return False


def _times(p: MultiAffine, q: MultiAffine) -> MultiAffine:
    result: MultiAffine = {}
    for n, d in q.items():
        add(result, {(*m, *n): c for m, c in p.items()}, d)
    return result


def _is_positive(p: MultiAffine) -> bool:
    """Whether the bounds of a polynomial show that it is positive, or that it is negative."""
    return bool(lowest_value(p, {}) > 0 or lowest_value({m: -c for m, c in p.items()}, {}) > 0)


def _of_shallow(incidence: Incidence, shallow: Shallow) -> IncidentCell | dict[str, Any]:
    """Neurons apart from the loss units are independent; the others are searched together with the loss units."""

    def leaf(signs: Decided) -> dict[str, Any] | None:
        return {} if _certainly_moves(incidence, shallow, signs) else None

    chosen: dict[int, int] = {}
    apart = [k for k, fan in enumerate(incidence.fans) if k not in incidence.touched and fan.rows]
    orders = [incidence.order([k], False) for k in apart]
    for order in [*orders, incidence.order(incidence.touched, True)]:
        found = incidence.search(order, leaf)
        if not isinstance(found, Pattern):
            return found
        chosen.update(found.signs)
    return incidence.cell(chosen)


def _certainly_moves(incidence: Incidence, shallow: Shallow, signs: Decided) -> bool:
    """Whether some coefficient of the loss is not 0, however the open signs are completed.

    Those of v_k (w_k, b_k) are sum_j g_j slope_kj x_j over the items, those of the linear parameters sum_j g_j a_j; for
    the squared loss each output must be constant.
    """
    squared = not incidence.instance.loss.is_hinge
    if squared and shallow.linear:
        return True
    positions = _positions(incidence)
    slopes = [_open(ONE, ZERO, signs.get(p, 0), p) if p in incidence.kinks else None for p in positions]
    weights: list[MultiAffine] = []
    for item, slope in zip(shallow.items, slopes, strict=True):
        active = item.high if item.high > 0 else item.low
        weights.append({m: active * c for m, c in slope.items()} if slope is not None else {(): item.low})
    sums: list[MultiAffine] = []
    for row in shallow.linear.values():
        total: MultiAffine = {}
        for j, a in row.items():
            add(total, weights[j], a)
        sums.append(total)
    first, second = shallow.slopes
    for k, neuron in enumerate(shallow.neurons):
        parts: list[MultiAffine] = [{} for _ in neuron.w]
        for j, value in zip(neuron.items, neuron.values, strict=True):
            here = positions[j] // incidence.width * incidence.width + incidence.offsets[0] + k
            sign = (1 if value > 0 else -1) if value else signs.get(here, 0)
            slope = _open(first, second, sign, here)
            if squared:
                if any(shallow.items[j].x) and lowest_value(slope, {}) > 0:
                    return True
                continue
            product: MultiAffine = {}
            for m, c in slope.items():
                add(product, {tuple(sorted((*m, *n))): d for n, d in weights[j].items()}, c)
            for part, x in zip(parts, shallow.items[j].x, strict=True):
                add(part, product, x)
        sums += parts
    return any(map(_is_positive, sums))


def _open(plus: Rational, minus: Rational, sign: int, position: int) -> MultiAffine:
    """The slope of a unit with this sign, or (0) with an open one."""
    return {(): plus if sign > 0 else minus} if sign else {(): minus, (position,): plus - minus}


def _positions(incidence: Incidence) -> list[int]:
    """For each item a position at its data point: that of its loss unit, if it has one."""
    instance, last = incidence.instance, len(incidence.offsets) - 1
    if instance.loss.is_hinge:
        units = ((i, u) for i, row in enumerate(instance.units) for u in range(len(row)))
        return [incidence.position(i, last, u) for i, u in units]
    outputs = instance.network.widths[-1]
    return [i * incidence.width for i in range(len(instance.x)) for _ in range(outputs)]
