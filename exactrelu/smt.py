"""A guess by an SMT solver: better points in small boxes, made into curves. Optional; nothing rests on its word.

``pip install "exactrelu[smt]"`` brings z3. Where it finds a better point near a point that might be a local minimum,
the coordinates of the step, each taken to be of order t, t^2 or t^3 by its size, give curves to try; the loss along
them is then expanded exactly, and only a negative lowest coefficient refutes. That it finds none is no proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, product
from typing import Any

from gmpy2 import mpq

from exactrelu.germ import Curve
from exactrelu.problem import Instance
from exactrelu.rational import Rational, Vector

RADII = tuple(mpq(1, 4**k) for k in (1, 4))
EFFORT = 200_000  # z3's own measure, so that the same input gives the same answer


def guessed_curves(instance: Instance, point: Vector, tick: Callable[[], None]) -> Iterator[Curve]:
    """Curves on which the loss might fall; none where z3 is not installed, or with an exact penalty."""
    try:
        import z3
    except ImportError:
        return
    if instance.loss.penalty is not None:
        return
    for radius in RADII:
        tick()
        step = _better_step(z3, instance, point, radius)
        if step is not None:
            yield (step,)
            yield from _by_size(step, radius)


def _better_step(z3: Any, instance: Instance, point: Vector, radius: Rational) -> Vector | None:
    """A step in a box with a smaller loss; None if z3 knows none."""
    network, solver = instance.network, z3.SolverFor("QF_NRA")
    solver.set("rlimit", EFFORT)
    steps = [z3.Real(f"h{j}") for j in range(len(point))]
    values = [z3.Q(int(p.numerator), int(p.denominator)) + h for p, h in zip(point, steps, strict=True)]
    plus, minus = (_exact(z3, s) for s in network.slopes)
    total = _exact(z3, mpq(0))
    if instance.loss.weight_decay:
        total += _exact(z3, instance.loss.weight_decay / 2) * z3.Sum([v * v for v in values])
    for i, x in enumerate(instance.x):
        features: Sequence[Any] = [_exact(z3, a) for a in x]
        for number, (layer, start, stop) in enumerate(network.spans()):
            pre = [_exact(z3, mpq(0))] * layer.outputs
            for row, column, weight, coefficient in layer.entries:
                pre[row] = pre[row] + _exact(z3, coefficient) * values[start + weight] * features[column]
            if layer.bias:
                pre = [p + b for p, b in zip(pre, values[start + layer.size : stop], strict=True)]
            active = number < len(network.activated)
            features = [z3.If(p >= 0, plus * p, minus * p) for p in pre] if active else pre
        target = instance.y[i]
        if isinstance(target, tuple):
            weight = _exact(z3, instance.loss.weight(i, 0, len(instance.x)))
            for output, t in zip(features, target, strict=True):
                total += weight * (output - _exact(z3, t)) * (output - _exact(z3, t))
        for unit in instance.units[i]:
            argument = unit.argument(features)
            total += _exact(z3, unit.weight) * z3.If(argument >= 0, argument, 0)
    bound = _exact(z3, radius)
    solver.add(*(z3.And(-bound <= h, h <= bound) for h in steps), total < _exact(z3, instance.evaluate(point)))
    if solver.check() != z3.sat:
        return None
    model = solver.model()
    found = [model.eval(h, model_completion=True) for h in steps]
    rationals = [v if z3.is_rational_value(v) else v.approx(20) for v in found]
    return tuple(mpq(v.numerator_as_long(), v.denominator_as_long()) for v in rationals)


def _exact(z3: Any, value: Rational) -> Any:
    return z3.Q(int(value.numerator), int(value.denominator))


def _by_size(step: Vector, radius: Rational) -> Iterator[Curve]:
    """The step with its larger coordinates at order t, its smaller ones at order t^2, and t^3."""
    sizes = sorted({abs(a) for a in step if a}, reverse=True)
    cuts = [*(small for _, small in pairwise(sizes)), mpq(0)]
    for first, second in product(cuts, repeat=2):
        if first < second or not sizes:
            continue
        orders = [1 if abs(a) > first else 2 if abs(a) > second else 3 for a in step]
        yield tuple(
            tuple(a / radius**k if order == k else mpq(0) for a, order in zip(step, orders, strict=True))
            for k in (1, 2, 3)
        )
