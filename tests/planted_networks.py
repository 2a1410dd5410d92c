"""Random small networks of any shape with a point "p" on kinks, planted so that the loss often falls in no direction.

On each pattern of sides of the kinks the directional derivative is linear, apart from the margins that are 0. By linear
programming the targets (squared loss) or the weights of the data (hinge losses) are chosen such that every pattern has
multipliers. Derivatives are taken with dual numbers in the oracle's forward pass.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice
from typing import Any

from problems import Oracle

from exactrelu import Layer, Loss, Network, Problem
from exactrelu.rational import rational
from exactrelu.simplex import Simplex

Kink = tuple[int, int, int]  # data point, layer, unit
SLOPES = [("1", "0")] * 4 + [("1", "1/2"), ("2", "3"), ("1", "1")]
PATTERNS = 12


class Dual:
    """value + sum slope_k d_k."""

    def __init__(self, value: Fraction, slopes: Mapping[int, Fraction]) -> None:
        self.value, self.slopes = value, {k: c for k, c in slopes.items() if c}

    def __add__(self, other: Any) -> Dual:
        other = other if isinstance(other, Dual) else Dual(Fraction(other), {})
        keys = {**self.slopes, **other.slopes}
        return Dual(
            self.value + other.value,
            {k: self.slopes.get(k, Fraction(0)) + other.slopes.get(k, Fraction(0)) for k in keys},
        )

    __radd__ = __add__

    def __mul__(self, other: Any) -> Dual:
        other = other if isinstance(other, Dual) else Dual(Fraction(other), {})
        left = Dual(Fraction(0), {k: c * other.value for k, c in self.slopes.items()})
        return left + Dual(self.value * other.value, {k: c * self.value for k, c in other.slopes.items()})

    __rmul__ = __mul__

    def __sub__(self, other: Any) -> Dual:
        return self + other * -1

    def __rsub__(self, other: Any) -> Dual:
        return self * -1 + other


def planted(
    rng: random.Random, kinds: tuple[str, ...] = ("squared", "multiclass-hinge", "one-vs-all-hinge", "hinge")
) -> Problem:
    """A problem that has kinks at the point, most often with multipliers on every pattern."""
    while True:
        found = attempt(rng, rng.choice(kinds))
        if found is not None:
            return found


def network(rng: random.Random, kind: str) -> Network:
    """One to three layers, dense or with a convolution."""
    slopes = rng.choice(SLOPES)
    outputs = 1 if kind == "hinge" else rng.choice([1, 2, 2]) if kind == "squared" else rng.choice([2, 3])
    if rng.random() < 0.12:
        layers = (Layer.conv1d(3, 2, 1, 2, bias=rng.random() < 0.3), Layer.dense(2, outputs, rng.random() < 0.5))
        return Network(layers, slopes)  # type: ignore[arg-type]
    widths = [rng.choice([1, 2]), rng.choice([1, 2, 2]), outputs]
    if rng.random() < 0.55:
        widths.insert(1, rng.choice([1, 2]))
    return Network.dense(widths, slopes, [rng.random() < 0.45 for _ in widths[1:]], rng.random() < 0.12)


def attempt(rng: random.Random, kind: str) -> Problem | None:
    """A problem, None if the point is a minimum with loss 0, or has too many patterns, or no multipliers."""
    net, count = network(rng, kind), rng.randint(1, 4)
    outputs = net.widths[-1]
    x = [[Fraction(rng.randint(-2, 2)) for _ in range(net.widths[0])] for _ in range(count)]
    point = [Fraction(rng.choice([0, 0, 1, -1, 2, -2, 1, -1]), rng.choice([1, 1, 2])) for _ in range(net.parameters)]
    if kind == "squared":
        y: list[Any] = [[Fraction(rng.randint(-2, 2)) for _ in range(outputs)] for _ in x]
    else:
        y = [rng.choice([-1, 1]) if kind == "hinge" else rng.randrange(outputs) for _ in x]
    weights = [[Fraction(rng.randint(1, 3))] * (outputs if kind == "one-vs-all-hinge" else 1) for _ in x]

    def build(y: list[Any], weights: list[list[Fraction]]) -> Problem:
        rows = tuple(tuple(map(str, row)) for row in weights)
        return Problem(net, x, y, Loss(kind, 1, rows), {"p": tuple(point)})  # type: ignore[arg-type]

    problem = build(y, weights)
    patterns = list(islice(derivatives(Oracle(problem), point), PATTERNS + 1))
    if len(patterns) > PATTERNS or not any(sides for sides, _ in patterns):
        return None
    if rng.random() < 0.85:
        found = multipliers(rng, Oracle(problem), patterns)
        if found is None:
            return None
        if kind == "squared":
            base = patterns[0][1]
            y = [[o.value - g / (2 * w) for o, g, (w,) in zip(out, row, [w] * outputs, strict=True)]
                 for out, row, w in zip(base, found, weights, strict=True)]  # fmt: skip
        else:
            weights = found
        problem = build(y, weights)
    return problem if problem.at("p").loss else None


def derivatives(
    oracle: Oracle, point: list[Fraction], sides: Mapping[Kink, int] | None = None
) -> Iterator[tuple[dict[Kink, tuple[int, Dual]], list[list[Dual]]]]:
    """For each pattern: the kinks with their sides and derivatives, and the outputs of each data point."""
    chosen = dict(sides or {})
    values = [Dual(v, {k: Fraction(1)}) for k, v in enumerate(point)]
    found: dict[Kink, tuple[int, Dual]] = {}
    outputs = []
    for i, x in enumerate(oracle.x):
        missing: list[Kink] = []

        def activate(layer: int, unit: int, z: Any, i: int = i, missing: list[Kink] = missing) -> Dual:
            z, place = z + Dual(Fraction(0), {}), (i, layer, unit)
            side = 1 if z.value > 0 else -1
            if not z.value and z.slopes and oracle.above != oracle.below:
                missing += [] if place in chosen else [place]
                side = chosen.get(place, 1)
                found[place] = side, z
            return z * (oracle.above if side > 0 else oracle.below)

        outputs.append([o + Dual(Fraction(0), {}) for o in oracle.run(values, x, activate, Fraction(0))[1]])
        if missing:
            for side in (1, -1):
                yield from derivatives(oracle, point, {**chosen, missing[0]: side})
            return
    yield found, outputs


def multipliers(rng: random.Random, oracle: Oracle, patterns: list[Any]) -> list[list[Fraction]] | None:
    """Slopes of the outputs (squared loss) or weights that have multipliers on each pattern: a random vertex of all."""
    rows: list[dict[Any, Fraction]] = []
    bounds: list[dict[Any, Fraction]] = []
    names: set[Any] = set()
    for k, (sides, outputs) in enumerate(patterns):
        gradient: dict[int, dict[Any, Fraction]] = {}

        def add(name: Any, dual: Dual, factor: int, gradient: dict[int, dict[Any, Fraction]] = gradient) -> None:
            names.add(name)
            for p, c in dual.slopes.items():
                gradient.setdefault(p, {})[name] = gradient.get(p, {}).get(name, Fraction(0)) + factor * c

        for i, out in enumerate(outputs):
            if oracle.is_squared:
                for r, o in enumerate(out):
                    add(("g", i, r, 1), o, 1)
                    add(("g", i, r, -1), o, -1)
                continue
            for u, (_, unit) in enumerate(oracle.loss_units(i, out)):
                name = ("g", i, u if oracle.loss["kind"].startswith("one") else 0, 1)
                names.add(name)
                if unit.value > 0:
                    add(name, unit, 1)
                elif not unit.value:
                    add((k, i, u), unit, 1)
                    bounds.append({(k, i, u): Fraction(1), name: Fraction(-1)})
        for place, (side, unit) in sides.items():
            add((k, place), unit, -side)
        rows += gradient.values()
    order = sorted(names, key=str)
    chosen = [name for name in order if name[0] == "g"]
    simplex = Simplex(len(order))

    def form(row: Mapping[Any, Fraction]) -> int:
        return simplex.form([rational(str(row.get(name, 0))) for name in order])

    for k, row in enumerate(rows):
        simplex.assert_equal(form(row), 0, tag=("equal", k))
    for k, row in enumerate(bounds):
        simplex.assert_upper(form(row), 0, tag=("bound", k))
    for name in order:
        least = 1 if name in chosen and not oracle.is_squared else 0
        simplex.assert_lower(form({name: Fraction(1)}), least, tag=("least", name))
        if name in chosen:
            simplex.assert_upper(form({name: Fraction(1)}), 12, tag=("most", name))
    if simplex.check() is not None:
        return None
    totals = [Fraction(0)] * len(order)
    for _ in range(2):
        objective = {name: Fraction(rng.randint(-3, 3)) for name in chosen}
        if any(objective.values()):
            simplex.maximise(form(objective))
        totals = [a + Fraction(str(b)) / 2 for a, b in zip(totals, simplex.model(), strict=True)]
    value = dict(zip(order, totals, strict=True))
    scale = rng.choice([1, 2, 6])
    sizes = [max(name[2] for name in chosen if name[1] == i) + 1 for i in range(len(oracle.x))]
    return [
        [scale * (value[("g", i, r, 1)] - value.get(("g", i, r, -1), Fraction(0))) for r in range(size)]
        for i, size in enumerate(sizes)
    ]
