"""Random exact instances on which claims are tried: small data, often separable, and points planted on kinks.

Everything follows from the family, the seed and the number of the instance, by a generator of its own (SplitMix64 of
Steele, Lea and Flood), so that an instance is the same everywhere and for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TypeVar

from gmpy2 import mpq

from exactrelu.errors import MalformedInput
from exactrelu.landscape import Problem
from exactrelu.loss import Loss, Target
from exactrelu.network import Network
from exactrelu.rational import Rational, Vector, dot
from exactrelu.replicas import exact_penalty, join
from exactrelu.theorems.laurent_von_brecht.binary import with_separating_point
from exactrelu.theorems.milne.random_networks import regularised_network
from exactrelu.theorems.yun_sra_jadbabaie.random_networks import linear_network

T = TypeVar("T")
RELU, LEAKY, LINEAR = (mpq(1), mpq(0)), (mpq(1), mpq(1, 2)), (mpq(1), mpq(1))
STEEP = (mpq(1, 2), mpq(2))
FAMILIES: dict[str, tuple[str, ...]] = {
    "binary-relu": ("hinge relu",),
    "binary-leaky": ("hinge leaky", "hinge leaky", "hinge linear"),
    "binary-linear": ("hinge linear",),
    "binary": ("hinge relu", "hinge leaky", "hinge linear"),
    "binary-small": ("small relu", "small leaky", "small linear"),
    "leaky": ("hinge leaky", "multiclass-hinge leaky"),
    "multiclass": ("multiclass-hinge relu", "multiclass-hinge leaky"),
    "one-versus-all": ("one-vs-all-hinge relu", "one-vs-all-hinge leaky"),
    "penalty": ("penalty relu", "penalty leaky"),
    "penalty-small": ("small-penalty relu", "small-penalty leaky"),
    "squared": ("squared relu", "squared leaky"),
    "deep": ("deep relu", "deep leaky"),
    "hinge": ("hinge relu", "hinge leaky", "multiclass-hinge relu", "one-vs-all-hinge relu", "deep relu"),
}
FAMILIES["any"] = tuple(dict.fromkeys(kind for kinds in FAMILIES.values() for kind in kinds))
FAMILIES["bad-minima"] = ("misfit relu", "misfit leaky", "misfit steep")  # Yun, Sra, Jadbabaie, Theorem 6
FAMILIES["three-points"] = ("three relu", "three leaky", "three leaky", "three steep")  # the same, Theorem 7
FAMILIES["parallel"] = ("parallel relu",)  # Liu, section 7
FAMILIES["lifted"] = ("lifted relu",)  # Liu, sections 3 to 6
FAMILIES["deep-linear"] = ("matrices linear",)  # Yun, Sra, Jadbabaie, section 2
FAMILIES["deep-linear-biases"] = ("affine linear",)
FAMILIES["milne"] = ("regularised relu", "regularised relu", "regularised leaky", "regularised linear")


class Stream:
    """Random choices that follow from words alone.

    >>> Stream("a").integer(0, 9), Stream("a").integer(0, 9), Stream("b").integer(0, 9)
    (1, 1, 6)
    """

    def __init__(self, words: str) -> None:
        self.state = int.from_bytes(sha256(words.encode()).digest()[:8])

    def bits(self) -> int:
        """64 random bits."""
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        z = self.state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        return z ^ (z >> 31)

    def integer(self, low: int, high: int) -> int:
        """An integer from low to high, both included."""
        return low + self.bits() % (high - low + 1)

    def choice(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.integer(0, len(options) - 1)]

    def happens(self, parts: int, of: int) -> bool:
        """True with the probability parts / of."""
        return self.integer(1, of) <= parts

    def number(self) -> Rational:
        """A short number, often an integer."""
        return mpq(self.integer(-2, 2)) if self.happens(3, 4) else mpq(self.integer(-5, 5), 2)


def random_instance(family: str, seed: int, number: int) -> Problem:
    """The instance of a family with a seed and a number; raises `MalformedInput` for an unknown family.

    >>> random_instance("binary-relu", 1, 0) == random_instance("binary-relu", 1, 0)
    True
    """
    if family not in FAMILIES:
        raise MalformedInput("family", f'"{family}"', f"one of: {', '.join(FAMILIES)}")
    stream = Stream(f"{family} {seed} {number}")
    kind, units = stream.choice(FAMILIES[family]).split()
    if kind == "parallel":
        return replace(_parallel(stream), name=f"{family}, seed {seed}, instance {number}", source="random")
    if kind in ("matrices", "affine"):
        problem = linear_network(stream, biased=kind == "affine")
        return replace(problem, name=f"{family}, seed {seed}, instance {number}", source="random")
    if kind == "lifted":
        return replace(_lifted(stream), name=f"{family}, seed {seed}, instance {number}", source="random")
    slopes = {"relu": RELU, "leaky": LEAKY, "linear": LINEAR, "steep": STEEP}[units]
    if kind == "regularised":
        name = f"{family}, seed {seed}, instance {number}"
        return replace(regularised_network(stream, slopes), name=name, source="random")
    replicas = kind.endswith("penalty")
    loss = "one-vs-all-hinge" if replicas else {"deep": "hinge", "small": "hinge"}.get(kind, kind)
    own = {"misfit": _misfit, "three": _three_points}.get(kind)
    problem = own(stream, slopes) if own else _problem(stream, loss, slopes, kind)
    points = {f"p{k}": planted_point(stream, problem) for k in range(3)}
    problem = replace(problem, points=points, name=f"{family}, seed {seed}, instance {number}", source="random")
    if loss == "hinge" and stream.happens(1, 2):
        problem = with_separating_point(problem)
    return _replicated(stream, problem) if replicas else problem


def _problem(stream: Stream, kind: str, slopes: tuple[Rational, Rational], shape: str) -> Problem:
    small = shape.startswith("small")  # few cells
    dimension = 1 if small else stream.integer(1, 2)
    outputs = 1 if kind in ("hinge", "squared") else stream.integer(2, 3)
    count = stream.integer(2, 3 if small else 4)
    x = tuple(tuple(mpq(stream.integer(-2, 2)) for _ in range(dimension)) for _ in range(count))
    y = _labels(stream, kind, x, outputs)
    widths = (
        [dimension, 2, 1, outputs] if shape == "deep" else [dimension, 1 if small else stream.integer(1, 2), outputs]
    )
    bias = [True] * (len(widths) - 2) + [stream.happens(3, 4)]
    if kind == "squared" and stream.happens(1, 3):
        bias = [False] * len(bias)
    return Problem(Network.dense(widths, slopes, bias), x, y, Loss(kind, weights=_weights(stream, kind, y, outputs)))


def _lifted(stream: Stream) -> Problem:
    """Labels 1 and -1, the squared loss, no output bias, two entries to each weight vector; many lie on boundaries."""
    bias, neurons, count = stream.happens(1, 3), stream.integer(1, 2), stream.integer(2, 4)
    inputs = [(mpq(stream.integer(-2, 2)), mpq(1) if bias else mpq(stream.integer(-2, 2))) for _ in range(count)]
    problem = Problem(
        Network.dense([1 if bias else 2, neurons, 1], RELU, [bias, False]),
        tuple(x[:1] if bias else x for x in inputs),
        tuple((mpq(stream.choice((-1, 1))),) for _ in range(count)),
        Loss("squared"),
    )
    points = {}
    for name in ("p0", "p1", "p2"):
        rows = []
        for _ in range(neurons):
            a, b = stream.choice(inputs)
            scale = stream.choice((mpq(-1), mpq(1), mpq(1, 2)))
            rows.append((b * scale, -a * scale) if stream.happens(1, 2) else (stream.number(), stream.number()))
        first = [r[0] for r in rows] + [r[1] for r in rows] if bias else [a for r in rows for a in r]
        points[name] = (*first, *(stream.choice((mpq(0), mpq(-1), mpq(1), mpq(1, 2))) for _ in rows))
    return replace(problem, points=points)


def _parallel(stream: Stream) -> Problem:
    """Labels 1 and -1, the squared loss, and points whose weight vectors are parallel; some meet a data point."""
    direction = stream.choice([(mpq(1),), (mpq(0), mpq(1)), (mpq(3, 5), mpq(4, 5)), (mpq(1), mpq(1))])
    outward = stream.happens(1, 3)  # two weights that look away from each other
    neurons, count = 2 if outward else stream.integer(1, 4), 2 * stream.integer(1, 4)
    x = tuple(tuple(mpq(stream.integer(-5, 5), 2) for _ in direction) for _ in range(count))
    y = tuple((mpq(stream.choice((-1, 1)) if stream.happens(1, 4) else (-1) ** i),) for i in range(count))
    points = {}
    for name in ("p0", "p1", "p2"):
        scales = [stream.choice((-2, -1, 1, 1)) * mpq(1, 2) for _ in range(neurons)]
        at_data = [stream.happens(1, 5) for _ in scales]
        places = [dot(direction, stream.choice(x)) if at else stream.number() + mpq(1, 4) for at in at_data]
        if outward:
            scales, places = [mpq(1), mpq(-1)], sorted(places, reverse=True)
        top = [stream.choice((mpq(1), mpq(-1), mpq(2))) for _ in scales]
        biases = [-a * h for a, h in zip(scales, places, strict=True)]
        points[name] = (*(a * u for a in scales for u in direction), *biases, *top)
    network = Network.dense([len(direction), neurons, 1], RELU, [True, False])
    return Problem(network, x, y, Loss("squared"), points)


def _misfit(stream: Stream, slopes: tuple[Rational, Rational]) -> Problem:
    """Distinct inputs whose labels no affine function fits, and half of the time an affine function plus c (1, -2, 1)
    on inputs (0, -1), (0, 0), (0, 1), and maybe (1, -1), (1, 0), (1, 1): then the residuals of equal outputs cancel.
    """
    offset, slope = stream.number(), stream.number()
    data: list[tuple[tuple[int, ...], Rational]] = []
    if stream.happens(1, 2):
        lines, rest = stream.integer(1, 2), stream.integer(0, 2)
        data += [((a, k), offset + slope * a + c * e)
                 for a, c in zip(range(lines), (stream.choice((-1, 1, 2)), stream.number()), strict=False)
                 for k, e in ((-1, 1), (0, -2), (1, 1))]  # fmt: skip
        data += [((2 + j, stream.integer(-2, 2)), offset + slope * (2 + j)) for j in range(rest)]
    else:
        dimension, rest = stream.integer(1, 3), stream.integer(0, 3)
        bent = stream.choice((-2, -1, 1, 3))  # the second difference of the labels of three inputs on a line
        data += [((k, *[0] * (dimension - 1)), offset + k * slope + (bent if k == 2 else 0)) for k in range(3)]
        others = ((3 + j, *(stream.integer(-2, 2) for _ in range(dimension - 1))) for j in range(rest))
        data += [(x, stream.number()) for x in others]
    if stream.happens(1, 2):
        data.reverse()
    network = Network.dense([len(data[0][0]), stream.integer(2, 3), 1], slopes)
    x, y = tuple(tuple(map(mpq, x)) for x, _ in data), tuple((mpq(y),) for _, y in data)
    return Problem(network, x, y, Loss("squared", "1/2", stream.choice(("sum", "mean"))))


def _three_points(stream: Stream, slopes: tuple[Rational, Rational]) -> Problem:
    """The data of Theorem 7 with slopes times 1, 2 or 1/3, and s- once more by 1 or 1/5."""
    factor, second = stream.choice((mpq(1), mpq(2), mpq(1, 3))), stream.choice((mpq(1), mpq(1, 5)))
    network = Network.dense([2, 2, 1], (factor * slopes[0], factor * second * slopes[1]))
    return replace(Problem.example("yun2018-three-point"), network=network, points={})


def _labels(stream: Stream, kind: str, x: Sequence[Vector], outputs: int) -> tuple[Target, ...]:
    """Labels, three times out of four by the scores of a random affine map, so that the data are separable."""
    if kind == "squared":
        return tuple((stream.number(),) for _ in x)
    rows = [[stream.number() for _ in range(len(x[0]) + 1)] for _ in range(max(outputs, 2))]
    scores = [[dot(row, (*point, 1)) for row in rows] for point in x]
    classes = [max(range(len(rows)), key=lambda r: score[r]) for score in scores]
    if stream.happens(1, 4):
        classes = [stream.integer(0, len(rows) - 1) for _ in x]
    return tuple(2 * c - 1 if kind == "hinge" else c for c in classes)


def _weights(stream: Stream, kind: str, y: Sequence[Target], outputs: int) -> str | tuple[Vector, ...]:
    """The mean, equal weights for the classes, or random weights."""
    style = stream.choice(("mean", "equal", "random"))
    if style == "mean" or kind == "squared":
        return "mean"
    if style == "random":
        columns = outputs if kind == "one-vs-all-hinge" else 1
        return tuple(tuple(mpq(stream.integer(1, 4), 4) for _ in range(columns)) for _ in y)
    if kind == "one-vs-all-hinge":
        shares = [[mpq(1, 2 * sum((other == r) == (label == r) for other in y)) for r in range(outputs)] for label in y]
        return tuple(map(tuple, shares))
    return tuple((mpq(1, 2 * sum(other == label for other in y)),) for label in y)


def planted_point(stream: Stream, problem: Problem) -> Vector:
    """A point of parameter space at which, likely, hidden units vanish at data points, and loss units do.

    Biases are chosen after the weights, so that a unit vanishes at a data point, or is dead. Some output weights are 0,
    and sometimes all of them.
    """
    constant = stream.happens(1, 5)
    network = problem.network
    features: list[Vector] = list(problem.x)
    values: list[Rational] = []
    for number, layer in enumerate(network.layers, 1):
        last = number == len(network.layers)
        drawn = [(stream.number(), stream.happens(1, 4) or constant) for _ in range(layer.size)]
        weights = [mpq(0) if last and zero else value for value, zero in drawn]
        rows = [layer.apply([*weights, *[mpq(0)] * layer.outputs], feature) for feature in features]
        biases = (
            _top(stream, problem, rows)
            if last
            else [_hidden(stream, [r[k] for r in rows]) for k in range(layer.outputs)]
        )
        values += weights + (biases if layer.bias else [])
        shifts = biases if layer.bias else [mpq(0)] * layer.outputs
        pre = [[a + b for a, b in zip(row, shifts, strict=True)] for row in rows]
        features = [tuple(network.slope(v) * v for v in row) for row in pre]
    return tuple(values)


def _hidden(stream: Stream, sums: list[Rational]) -> Rational:
    """The bias of a hidden unit: zero at a data point, dead (or zero and else dead), active everywhere, or free."""
    style = stream.choice(("kink", "kink", "dead", "edge", "active", "free"))
    bias = {"kink": -stream.choice(sums), "dead": -max(sums) - 1, "edge": -max(sums), "active": 1 - min(sums)}
    return mpq(bias.get(style, stream.number()))


def _top(stream: Stream, problem: Problem, rows: list[list[Rational]]) -> list[Rational]:
    """The output biases: all loss units of a data point vanish (or its residuals do), or they are free."""
    if stream.happens(1, 4):
        return [stream.number() for _ in rows[0]]
    i = stream.integer(0, len(rows) - 1)
    target = problem.y[i]
    if isinstance(target, tuple):
        goals: list[Rational] = list(target)
    elif problem.loss.kind == "hinge":
        goals = [mpq(target)]
    else:
        low = -1 if problem.loss.kind == "one-vs-all-hinge" else 0
        goals = [mpq(1 if r == target else low) for r in range(len(rows[0]))]
    return [goal - value for goal, value in zip(goals, rows[i], strict=True)]


def _replicated(stream: Stream, problem: Problem) -> Problem:
    """The penalised problem, with points of equal replicas and of different ones."""
    whole = exact_penalty(problem, stream.choice(("1", "1/2", "3")))
    parts = list(problem.points.values())
    mixed = join([stream.choice(parts) for _ in range(problem.network.widths[-1])], problem.network)
    return replace(whole, points={**whole.points, "mixed": mixed}, name=problem.name)
