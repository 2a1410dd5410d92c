"""Random small one-hidden-layer problems with a point on kinks, often a local minimum, often just not one.

Neurons get weights orthogonal to data, zero weights, zero output weights; data repeat, are opposite or zero; margins
are made exactly 1. To plant a local minimum, the targets (squared loss) or the weights of the data (hinge loss) are a
random vertex of those for which every pattern around the point has multipliers that exclude a descent; then one of them
may be changed a little.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from landscape_oracle import Shallow, Side
from tableau import maximise

from exactrelu import Loss, Network, Problem

SLOPES = [("1", "0")] * 4 + [("1", "1/2")] * 2 + [("1", "1"), ("2", "3"), ("1", "2"), ("1/2", "1/4")]
PATTERNS = 40


def kinked(rng: random.Random, kinds: Sequence[str] = ("squared", "hinge"), patterns: int = PATTERNS) -> Problem:
    """A problem with the point "p", with not too many patterns around it."""
    kind = rng.choice(list(kinds))
    while True:
        problem = attempt(rng, kind)
        if problem is None:
            continue
        here = shallow(problem)
        chance = 0.05 if not here.loss else 0.25 if kind == "hinge" and not here.kinks else 1
        if here.count * 2 ** len(here.kinks) <= patterns and rng.random() < chance:
            return problem


def kinked_with_decay(rng: random.Random) -> Problem:
    """A problem with weight decay and the point "p"; the mean of the gradients of a few cells around it may be zero.

    At a critical point |w| = |v| for each neuron, so they are all 1 or all 0.
    """
    dimension, neurons = rng.choice([1, 2, 2]), rng.choice([1, 1, 2])
    bias = (dimension == 1 and rng.random() < 0.6, rng.random() < 0.5)
    x = data(rng, dimension, rng.randint(2, 6))
    size = dimension + bias[0]
    units = [(1, 0), (0, 1), (-1, 0), (0, -1), ("3/5", "4/5"), (0, 0)] if size == 2 else [(1,), (-1,), (0,)]
    w = [tuple(map(Fraction, rng.choice(units))) for _ in range(neurons)]
    v = [Fraction(rng.choice([1, -1]) * any(row)) for row in w]
    c = Fraction(rng.randint(-1, 1))
    arrays: dict[str, Any] = {"W1": [row[:dimension] for row in w], "W2": [v]}
    if bias[0]:
        arrays["b1"] = [row[dimension] for row in w]
    if bias[1]:
        arrays["b2"] = [c]
    slopes, decay = rng.choice(SLOPES), rng.choice(["1", "1/2", "1/6"])
    network = Network.dense([dimension, neurons, 1], slopes, bias)  # type: ignore[arg-type]

    def build(y: Sequence[Any]) -> Problem:
        return Problem(network, x, y, Loss("squared", "1/2", "sum", decay), {"p": arrays})  # type: ignore[arg-type]

    here = shallow(build([0] * len(x)))
    rows = []
    for k, sides in enumerate(here.sides):
        chosen = rng.choices(sides, k=rng.randint(1, 3))
        mean = [sum(column) / len(chosen) for column in zip(*(side.slopes for side in chosen), strict=True)]
        rows.append([*(here.activation(p) for p in here.preactivations(k)), -here.decay * v[k]])
        for j in range(size):
            rows.append([*(v[k] * s * i[j] for s, i in zip(mean, here.x, strict=True)), -here.decay * w[k][j]])
    if bias[1]:
        rows.append([*([Fraction(1)] * len(x)), -here.decay * c])
    g = solved(rows, [Fraction(rng.randint(-2, 2)) for _ in x])
    return build([o - a for o, a in zip(here.output, g, strict=True)])


def shallow(problem: Problem, name: str = "p") -> Shallow:
    """The oracle at a named point."""
    data = problem.to_dict()
    return Shallow(data, data["points"][name])


def attempt(rng: random.Random, kind: str) -> Problem | None:
    """A problem of a random style, None if the style does not fit what was drawn."""
    dimension, neurons = rng.choice([1, 2, 2]), rng.choice([1, 1, 2, 2, 3])
    maximal = rng.random() < 0.1  # dead neurons, no output bias: local maxima are likely
    bias = (rng.random() < 0.5, rng.random() < 0.5 and not maximal)
    slopes = SLOPES[0] if maximal else rng.choice(SLOPES)
    x = data(rng, dimension, rng.randint(1, rng.choice([2, 4 if neurons == 3 else 6])))
    inputs = [(*row, Fraction(1)) if bias[0] else tuple(row) for row in x]
    w = [neuron(rng, inputs) for _ in range(neurons)]
    zeros = [Fraction(0)] * (not maximal) * 2
    v = [rng.choice([*zeros, Fraction(1), Fraction(-1), Fraction(2), Fraction(-1, 2)]) for _ in w]
    c = Fraction(rng.choice([0, 0, 1, -1, 2]) if bias[1] else 0)
    if maximal and any(sum(a * b for a, b in zip(row, point, strict=True)) > 0 for row in w for point in inputs):
        return None
    network = Network.dense([dimension, neurons, 1], slopes, bias)  # type: ignore[arg-type]
    weights = [Fraction(rng.randint(1, 3), rng.choice([1, 2])) for _ in x]

    def build(y: Sequence[Any], weights: Sequence[Fraction]) -> Problem:
        arrays: dict[str, Any] = {"W1": [row[:dimension] for row in w], "W2": [v]}
        if bias[0]:
            arrays["b1"] = [row[dimension] for row in w]
        if bias[1]:
            arrays["b2"] = [c]
        rows = tuple((str(m),) for m in weights)
        return Problem(network, x, y, Loss(kind, 1, rows), {"p": arrays})  # type: ignore[arg-type]

    here = shallow(build([1] * len(x), weights))
    if kind == "squared":
        return squared(rng, here, weights, build, maximal)
    if rng.random() < 0.6:
        v, c = with_margins(rng, here)
        here = shallow(build([1] * len(x), weights))
    labels = [int(o) if o in (1, -1) and rng.random() < 0.9 else rng.choice([1, -1]) for o in here.output]
    if rng.random() < 0.65:
        here = shallow(build(labels, weights))
        if here.count > 12:
            return None
        weights = planted(rng, here)
        if min(weights) <= 0:
            return None
        if rng.random() < 0.3:
            weights[rng.randrange(len(weights))] *= 1 + Fraction(rng.choice([-1, 1]), rng.choice([2, 10, 100]))
    return build(labels, weights)


def squared(rng: random.Random, here: Shallow, weights: list[Fraction], build: Any, maximal: bool) -> Problem:
    """Targets that are random, or make the point minimal or maximal, or nearly so."""
    y = [Fraction(rng.randint(-2, 2), rng.choice([1, 1, 2])) for _ in here.x]
    if rng.random() < 0.65:
        here = shallow(build(y, weights))
        g = planted(rng, here)
        if maximal:
            g = [-a - b for a, b in zip(g, planted(rng, here), strict=True)]
        y = [o - a / (2 * m) for o, a, m in zip(here.output, g, weights, strict=True)]
        if rng.random() < 0.3:
            y[rng.randrange(len(y))] += Fraction(rng.choice([-1, 1]), rng.choice([1, 10, 100]))
    return build(y, weights)


def with_margins(rng: random.Random, here: Shallow) -> tuple[list[Fraction], Fraction]:
    """Output weights and bias that give some of the data the predictions 1 or -1; zero output weights remain so."""
    free = [k for k, v in enumerate(here.v) if v]
    size = len(free) + here.output_bias
    rows = []
    for i in rng.sample(range(len(here.x)), min(size, len(here.x))):
        features = [here.activation(here.preactivations(k)[i]) for k in free]
        rows.append([*features, *([Fraction(1)] * here.output_bias), Fraction(rng.choice([1, -1]))])
    start = [*(here.v[k] for k in free), *([here.c] * here.output_bias)]
    solution = solved(rows, start)
    v = list(here.v)
    for k, value in zip(free, solution, strict=False):
        v[k] = value
    return v, solution[-1] if here.output_bias else here.c


def solved(rows: list[list[Fraction]], start: list[Fraction]) -> list[Fraction]:
    """A solution of those equations <row[:-1], z> = row[-1] that do not contradict the ones before."""
    pivots: list[tuple[int, list[Fraction]]] = []
    for row in rows:
        for column, other in pivots:
            row = [a - row[column] * b for a, b in zip(row, other, strict=True)]
        column = next((j for j, a in enumerate(row[:-1]) if a), -1)
        if column >= 0:
            row = [a / row[column] for a in row]
            pivots = [(j, [a - o[column] * b for a, b in zip(o, row, strict=True)]) for j, o in pivots]
            pivots.append((column, row))
    result = list(start)
    for column, row in pivots:
        rest = sum((a * start[j] for j, a in enumerate(row[:-1]) if j not in dict(pivots)), Fraction(0))
        result[column] = row[-1] - rest
    return result


def data(rng: random.Random, dimension: int, count: int) -> list[list[Fraction]]:
    """Small data points; some repeat, some are opposite or multiples of others, some are zero."""
    x: list[list[Fraction]] = []
    for _ in range(count):
        if x and rng.random() < 0.25:
            factor = rng.choice([1, -1, 2])
            x.append([factor * a for a in rng.choice(x)])
        elif rng.random() < 0.05:
            x.append([Fraction(0)] * dimension)
        else:
            x.append([Fraction(rng.randint(-2, 2), rng.choice([1, 1, 1, 2])) for _ in range(dimension)])
    return x


def neuron(rng: random.Random, inputs: Sequence[Sequence[Fraction]]) -> tuple[Fraction, ...]:
    """Weights that are zero, or orthogonal to one or two of the inputs, or small integers."""
    size, style = len(inputs[0]), rng.random()
    if style < 0.12:
        return (Fraction(0),) * size
    first, second = rng.choice(list(inputs)), rng.choice(list(inputs))
    factor = rng.choice([1, -1])
    if style < 0.75 and size == 2 and any(first):
        return (factor * first[1], -factor * first[0])
    if style < 0.75 and size == 3:
        if rng.random() < 0.5:
            second = tuple(Fraction(rng.randint(-1, 1)) for _ in range(3))
        cross = [first[i - 2] * second[i - 1] - first[i - 1] * second[i - 2] for i in range(3)]
        return tuple(factor * a for a in cross)
    return tuple(Fraction(rng.randint(-2, 2)) for _ in range(size))


def planted(rng: random.Random, here: Shallow) -> list[Fraction]:
    """A random vertex of the slopes g (squared loss) or of the weights (hinge loss) that make a point minimal.

    The variables are: squared, g = g+ - g-; hinge, the weights; then, for each pattern, the slopes at kinks (hinge),
    and the multipliers of the cone of each neuron, that all these are scaled together makes the origin feasible.
    """
    count, squared = len(here.x), here.squared
    names: list[tuple[Any, ...]] = [("g", i, s) for i in range(count) for s in ((1, -1) if squared else (1,))]
    equal: list[dict[tuple[Any, ...], Fraction]] = []
    less: list[dict[tuple[Any, ...], Fraction]] = []
    margin: tuple[Any, ...] = ("margin",)
    names.append(margin)

    def slope(i: int, pattern: Any) -> dict[tuple[Any, ...], Fraction]:
        if squared:
            return {("g", i, s): Fraction(s) for s in (1, -1)}
        if i in here.kinks:
            return {("k", pattern, i): -here.y[i]}
        return {("g", i, 1): -here.y[i]} if here.y[i] * here.output[i] < 1 else {}

    def combine(weights: Sequence[Fraction], pattern: Any) -> dict[tuple[Any, ...], Fraction]:
        result: dict[tuple[Any, ...], Fraction] = {}
        for i, weight in enumerate(weights):
            for name, value in slope(i, pattern).items():
                result[name] = result.get(name, Fraction(0)) + weight * value
        return result

    groups: list[tuple[Any, list[tuple[int, Side]]]] = (
        [((k, j), [(k, side)]) for k, sides in enumerate(here.sides) for j, side in enumerate(sides)]
        if squared
        else [(j, list(enumerate(pattern))) for j, pattern in enumerate(here.patterns())]
    )
    for pattern, sides in groups:
        for i in here.kinks:
            names.append(("k", pattern, i))
            less.append({("k", pattern, i): Fraction(1), ("g", i, 1): Fraction(-1)})
        if here.output_bias:
            equal.append(combine([Fraction(1)] * count, pattern))
        for k, side in sides:
            strict = False
            if side.kind == "T":
                row = combine([-side.sign * here.activation(p) for p in here.preactivations(k)], pattern)
                strict = not squared and rng.random() < 0.5
                if strict:
                    row[margin] = Fraction(1)
                less.append(row)
            if strict:
                continue
            for i, _ in side.plane:
                names.append(("q", pattern, k, i))
            for entry in range(len(here.w[k])):
                weights = [side.sign * s * x[entry] for s, x in zip(side.slopes, here.x, strict=True)]
                row = combine(weights, pattern)
                for i, sign in side.plane:
                    row["q", pattern, k, i] = -sign * here.x[i][entry]
                equal.append(row)
    if not squared:
        less += [{margin: Fraction(1), ("g", i, 1): Fraction(-1)} for i in range(count)]
    place = {name: j for j, name in enumerate(names)}
    rows = []
    for row, signs in [(row, (1, -1)) for row in equal] + [(row, (1,)) for row in less]:
        for sign in signs:
            line = [Fraction(0)] * len(names)
            for name, value in row.items():
                line[place[name]] += sign * value
            rows.append(line)
    rows.append([Fraction(name[0] in ("g", "margin")) for name in names])
    bounds = [0] * (len(rows) - 1) + [1]
    result = [Fraction(0)] * count
    for goal in ["random", "random"] if squared else ["margin", "random"]:
        objective = [
            Fraction(rng.randint(-3, 3) if name[0] == "g" else 0) if goal == "random" else Fraction(name == margin)
            for name in names
        ]
        _, solution = maximise(objective, rows, bounds)
        for name, value in zip(names, solution, strict=True):
            if name[0] == "g":
                result[name[1]] += name[2] * value
    scale = rng.choice([1, 2, 6])
    return [scale * a for a in result]
