"""Which slice of parameter space is drawn, which window of it, and which named points lie in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from statistics import median
from typing import TYPE_CHECKING

from gmpy2 import mpq

from exactrelu.errors import BudgetExceeded, MalformedInput, Unsupported
from exactrelu.linear import rank
from exactrelu.pictures.curves import curves
from exactrelu.pictures.picture import Wishes
from exactrelu.pictures.planes import Slice, Spot
from exactrelu.pictures.regions import Window
from exactrelu.rational import Rational, Vector, rational

if TYPE_CHECKING:
    from exactrelu.landscape import Problem

VERDICTS = (
    "global minimum", "spurious local minimum", "local minimum", "local maximum", "saddle", "critical", "not critical",
    "undecided",
)  # fmt: skip
"""A local minimum is called so where it is undecided whether it is global; critical: perhaps an extremum."""
BASES, PAIRS, TRIED = 12, 300, 40  # what is looked at in the choice of a slice: points, pairs of parameters, planes


@dataclass(frozen=True)
class Mark:
    """Named points that lie at one spot of a slice, and what is decided about them (one of `VERDICTS`)."""

    names: tuple[str, ...]
    spot: Spot
    loss: Rational
    verdict: str


@dataclass(frozen=True)
class View:
    """A slice, a window of it, the named points in it, and how it was chosen (empty: it was asked for)."""

    plane: Slice
    window: Window
    marks: tuple[Mark, ...]
    choice: str


def view(problem: Problem, wishes: Wishes) -> View:
    """The slice and the window that are asked for, or a telling choice."""
    if wishes.through is not None and wishes.axes is not None:
        raise MalformedInput("--through", "--axes too", "one of them")
    points = dict(problem.points)
    choice = ""
    if wishes.through is not None:
        a, b, c = (named(problem, name) for name in wishes.through)
        plane = Slice.through(problem, a, b, c, wishes.through)
    else:
        name, base = base_point(problem, wishes)
        points.setdefault(name, base)
        if wishes.axes is not None:
            plane = Slice.of_axes(problem, base, wishes.axes, name)
        else:
            plane, choice = _chosen(problem, name, base, fixed=wishes.at is not None)
    marks = tuple(_marks(problem, plane, points, wishes.tick))
    window = read_window(wishes.window) if wishes.window else _window(plane, marks)
    a, b, c, d = window
    marks = tuple(mark for mark in marks if a <= mark.spot[0] <= b and c <= mark.spot[1] <= d)
    return View(plane, window, marks, choice)


def named(problem: Problem, name: str) -> Vector:
    """A named point, or the point ``0``."""
    if name == "0" and name not in problem.points:
        return (mpq(0),) * problem.network.parameters
    return problem.point(name)


def read_window(texts: tuple[str, str, str, str]) -> Window:
    """The window that four exact numbers give.

    >>> read_window(("-1", "1", "0", "1/2"))[3]
    mpq(1,2)
    """
    a, b, c, d = (rational(text.strip(), "--window") for text in texts)
    if a >= b or c >= d:
        raise MalformedInput("--window", " ".join(texts), "x from, x to, y from, y to, in increasing order")
    return a, b, c, d


def base_point(problem: Problem, wishes: Wishes) -> tuple[str, Vector]:
    """The point at which two parameters move: a named one, else the exact global minimum, else a fixed point."""
    if wishes.at is not None:
        return wishes.at, named(problem, wishes.at)
    if problem.points:
        return next(iter(problem.points.items()))
    try:
        found = problem.minimum(tick=wishes.tick)
        if found.is_exact:
            return "the global minimum", found.argmin
    except (Unsupported, BudgetExceeded):
        pass
    return "a fixed point (none is named)", problem.network.default_point()


def _chosen(problem: Problem, name: str, base: Vector, fixed: bool) -> tuple[Slice, str]:
    """The plane with most named points: two parameters at one of them, else through three of them or two and 0.

    Planes in which the loss does not change in both coordinates come last.
    """
    names, points = problem.network.names, list(problem.points.items())[:BASES]
    if problem.network.parameters < 2:
        raise Unsupported("a slice needs two parameters, and this network has one")
    found: list[tuple[tuple[int, ...], Vector, Slice]] = []
    pairs = list(islice(_axis_pairs(problem), PAIRS))
    for number, (at, start) in enumerate([(name, base)] if fixed or not points else points):
        supports = [{j for j, (p, q) in enumerate(zip(start, point, strict=True)) if p != q} for _, point in points]
        for order, pair in enumerate(pairs):
            inside = len({point for support, (_, point) in zip(supports, points, strict=True) if support <= set(pair)})
            plane = Slice.of_axes(problem, start, (names[pair[0]], names[pair[1]]), at)
            found.append(((inside, 2, -number, -order), start, plane))
    if not fixed and max(score[0] for score, *_ in found) < 2:
        zero = ("0", (mpq(0),) * len(base))
        for number, trio in enumerate([*combinations(points, 3), *((zero, p, q) for p, q in combinations(points, 2))]):
            (a, p), (b, q), (c, r) = trio
            if rank(tuple(tuple(y - x for x, y in zip(p, other, strict=True)) for other in (q, r))) == 2:
                plane = Slice.through(problem, p, q, r, (a, b, c))
                inside = sum(plane.spot(point) is not None for _, point in points)
                found.append(((inside, 1, -number, 0), p, plane))
    found.sort(key=lambda entry: entry[0], reverse=True)
    telling = [_telling(plane, start) for _, start, plane in found[:TRIED]]
    (inside, kind, *_), _, plane = found[telling.index(max(telling))]
    reason = "two parameters at this point" if inside < 2 else f"it holds {inside} of the named points"
    return plane, f"chosen because {reason}" if inside >= 2 or kind == 1 else f"chosen: {reason}"


def _telling(plane: Slice, base: Vector) -> int:
    """In how many of the two coordinates the loss changes at some places near a point: 0, 1 or 2."""
    s, t = plane.spot(base) or (mpq(0), mpq(0))
    steps = (mpq(0), mpq(1, 3), mpq(-5, 7), mpq(2))
    table = [[plane.instance.evaluate(plane.parameters((s + p, t + q))) for q in steps] for p in steps]
    rows = any(len(set(row)) > 1 for row in table)
    columns = any(len(set(column)) > 1 for column in zip(*table, strict=True))
    return int(rows) + int(columns)


def _axis_pairs(problem: Problem) -> Iterator[tuple[int, int]]:
    """Pairs of parameters, the telling ones first: of one neuron, of the first layer, of one layer, of two layers."""
    network = problem.network
    layer = network.layers[0]
    unit = [entry.row for entry in sorted(layer.entries, key=lambda e: e.weight)] if layer.kind == "dense" else []
    unit += list(range(layer.outputs)) if layer.bias and unit else []
    starts = network.offsets

    def order(pair: tuple[int, int]) -> tuple[bool, ...]:
        first, second = pair
        blocks = [max(k for k, start in enumerate(starts[:-1]) if j >= start) for j in pair]
        one_neuron = second < len(unit) and unit[first] == unit[second]
        weights = second < layer.size
        return not one_neuron, not (one_neuron and weights), blocks != [0, 0], blocks[0] != blocks[1]

    yield from sorted(combinations(range(network.parameters), 2), key=order)


def _marks(problem: Problem, plane: Slice, points: dict[str, Vector], tick: Callable[[], None]) -> Iterator[Mark]:
    """The named points that lie in a plane, equal ones together."""
    found: dict[Spot, list[str]] = {}
    for name, point in points.items():
        spot = plane.spot(point)
        if spot is not None:
            found.setdefault(spot, []).append(name)
    for spot, names in found.items():
        parameters = plane.parameters(spot)
        yield Mark(tuple(names), spot, problem.evaluate(parameters), verdict(problem, parameters, tick))


def verdict(problem: Problem, parameters: Vector, tick: Callable[[], None]) -> str:
    """What is decided about a point, as one of `VERDICTS`."""
    point = problem.at(problem.network.write(parameters), tick)
    try:
        answers = {
            question: point.decision(question).answer
            for question in ("local_minimum", "local_maximum", "clarke_critical")
        }
        if answers["local_minimum"] == "yes":
            best = point.decision("global_minimum").answer
            return {"yes": "global minimum", "no": "spurious local minimum"}.get(str(best), "local minimum")
    except BudgetExceeded:
        return "undecided"
    if answers["local_maximum"] == "yes":
        return "local maximum"
    if answers["clarke_critical"] == "no":
        return "not critical"
    if answers["clarke_critical"] == "yes" and "undecided" not in answers.values():
        return "saddle"
    return "critical" if answers["clarke_critical"] == "yes" else "undecided"


def _window(plane: Slice, marks: tuple[Mark, ...]) -> Window:
    """A window with the marks and with the nearest walls of the first layer, its ends short numbers."""
    spots = [mark.spot for mark in marks] or [(mpq(0), mpq(0))]
    low = [min(spot[k] for spot in spots) for k in (0, 1)]
    high = [max(spot[k] for spot in spots) for k in (0, 1)]
    middle = [(p + q) / 2 for p, q in zip(low, high, strict=True)]
    half = [(q - p) / 2 for p, q in zip(low, high, strict=True)]
    lines = {
        curve.line
        for i in range(plane.points if plane.sizes else 0)
        for unit in plane.units(i, 0, ())
        for curve in curves(unit)
        if curve.is_line
    }
    distances = sorted(abs(a * middle[0] + b * middle[1] + c) / (abs(a) + abs(b)) for a, b, c in lines)
    reach = max([mpq(3, 2) * median(distances[: len(distances) // 2 + 1])] if distances else [mpq(0)])
    widest = max(*half, reach) or mpq(1)
    return _around(middle, [max(mpq(3, 2) * h, mpq(2, 3) * widest, reach) for h in half])


def rounded_window(spots: Sequence[Spot]) -> Window:
    """A window around some spots, with a margin, its ends short numbers."""
    low, high = ([f(spot[k] for spot in spots) for k in (0, 1)] for f in (min, max))
    widest = max(q - p for p, q in zip(low, high, strict=True)) / 2 or mpq(1)
    middle = [(p + q) / 2 for p, q in zip(low, high, strict=True)]
    half = [max((q - p) / 2 + widest * mpq(2, 5), widest * mpq(3, 5)) for p, q in zip(low, high, strict=True)]
    return _around(middle, half)


def _around(middle: Sequence[Rational], half: Sequence[Rational]) -> Window:
    ends: list[Rational] = []
    for m, h in zip(middle, half, strict=True):
        step = _step(h)
        ends += [(m - h) // step * step, -((-m - h) // step) * step]
    return ends[0], ends[1], ends[2], ends[3]


def _step(size: Rational) -> Rational:
    """A quarter of the power of ten at or below a size.

    >>> _step(mpq(7, 2)), _step(mpq(1, 30))
    (mpq(1,4), mpq(1,400))
    """
    step = mpq(1)
    while step > size:
        step /= 10
    while step * 10 <= size:
        step *= 10
    return step / 4
