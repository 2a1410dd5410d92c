"""What a one-hidden-layer loss with one output does near a point: a second opinion in plain fractions.

It reads the plain data of a problem file and shares nothing with the engine. It goes the primal way: near the point the
changes of the predictions form finitely many cones, one for each *pattern* (a chamber of the data that each neuron has
on its plane, and the sign that each zero output weight takes); on each of them the loss is convex, and linear programs
look for a descent. A neuron with v = 0 and w != 0 reaches only |change of v w - t w| <= eps t, for a small eps.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from brute_force import feasible
from tableau import inner, maximise

Vec = tuple[Fraction, ...]
THIN = (Fraction(1, 8), Fraction(1, 2**20), Fraction(1, 2**200))  # no number of a test is as small as the last
STEP = Fraction(1, 2**300)


@dataclass(frozen=True)
class Side:
    """One neuron of a pattern: the sign of its output weight, its slopes at the data, the signs of the data in use."""

    kind: str  # "A": v != 0; "O": v = 0 and w = 0; "T": v = 0 and w != 0
    sign: int
    slopes: Vec
    plane: tuple[tuple[int, int], ...]  # (data point on the plane, its sign)


@dataclass(frozen=True)
class Column:
    """A variable >= 0 of the programs: a direction of one neuron (or of the output bias, -1), and what it does."""

    neuron: int
    entry: int  # the entry of w, or -1 for the thickness t
    direction: int
    effect: Vec  # on the predictions
    slack: Vec  # on the signs of the data on the planes of the pattern, all neurons


class Shallow:
    """A point of a problem with one dense hidden layer and one output.

    Only the gradients and `clarke_critical` know of weight decay.
    """

    def __init__(self, problem: dict[str, Any], point: dict[str, Any]) -> None:
        network, loss, data = problem["network"], problem["loss"], problem["data"]
        self.hidden_bias, self.output_bias = network["bias"]
        self.above, self.below = map(Fraction, network["activation"]["slopes"])
        self.x = [tuple(map(Fraction, row)) + (Fraction(1),) * self.hidden_bias for row in data["x"]]
        self.squared = loss["kind"] == "squared"
        self.y = [Fraction(y) for y in data["y"]]
        factor, weights = Fraction(loss["factor"]), loss["weights"]
        shares = {"mean": [Fraction(1, len(self.x))] * len(self.x), "sum": [Fraction(1)] * len(self.x)}
        given = shares[weights] if isinstance(weights, str) else [Fraction(v) for v in weights]
        self.mu = [factor * weight for weight in given]
        rows = [tuple(map(Fraction, row)) for row in point["W1"]]
        if self.hidden_bias:
            rows = [(*row, Fraction(b)) for row, b in zip(rows, point["b1"], strict=True)]
        self.w: list[Vec] = rows
        self.v: Vec = tuple(map(Fraction, point["W2"][0]))
        self.c = Fraction(point["b2"][0]) if self.output_bias else Fraction(0)
        self.decay = Fraction(loss.get("weight_decay", 0))

    # ------------------------------------------------------------------ the loss

    def activation(self, value: Fraction) -> Fraction:
        return (self.above if value > 0 else self.below) * value

    def predictions(self, w: Sequence[Vec], v: Sequence[Fraction], c: Fraction) -> list[Fraction]:
        return [
            c + sum((a * self.activation(inner(row, x)) for a, row in zip(v, w, strict=True) if a), Fraction(0))
            for x in self.x
        ]

    def loss_of(self, predictions: Sequence[Fraction]) -> Fraction:
        if self.squared:
            return sum((m * (o - y) ** 2 for m, o, y in zip(self.mu, predictions, self.y, strict=True)), Fraction(0))
        terms = zip(self.mu, predictions, self.y, strict=True)
        return sum((m * max(1 - y * o, Fraction(0)) for m, o, y in terms), Fraction(0))

    def value(self, w: Sequence[Vec], v: Sequence[Fraction], c: Fraction) -> Fraction:
        """The loss at any parameters."""
        return self.loss_of(self.predictions(w, v, c))

    @cached_property
    def output(self) -> list[Fraction]:
        return self.predictions(self.w, self.v, self.c)

    @cached_property
    def loss(self) -> Fraction:
        """The loss at the point."""
        return self.loss_of(self.output)

    @cached_property
    def kinks(self) -> list[int]:
        """The data points with margin exactly 1."""
        return [] if self.squared else [i for i, o in enumerate(self.output) if self.y[i] * o == 1]

    @cached_property
    def slopes(self) -> list[Fraction]:
        """The derivative of the loss by each prediction; at a margin of exactly 1 the side where it is 0."""
        if self.squared:
            return [2 * m * (o - y) for m, o, y in zip(self.mu, self.output, self.y, strict=True)]
        return [-m * y * (y * o < 1) for m, o, y in zip(self.mu, self.output, self.y, strict=True)]

    def preactivations(self, k: int) -> list[Fraction]:
        return [inner(self.w[k], x) for x in self.x]

    # ------------------------------------------------------------------ patterns

    @cached_property
    def sides(self) -> list[list[Side]]:
        """For each neuron what it can look like near the point."""
        result = []
        for k, (row, v) in enumerate(zip(self.w, self.v, strict=True)):
            pre = self.preactivations(k)
            on_plane = [i for i, p in enumerate(pre) if p == 0 and any(self.x[i])]
            kind = "A" if v else "T" if any(row) else "O"
            signs = [1 if v > 0 else -1] if v else [1, -1]
            found = []
            for chamber in chambers([self.x[i] for i in on_plane]):
                plane = tuple(zip(on_plane, chamber, strict=True))
                side = dict(plane)
                slopes = tuple(
                    self.above if side.get(i, p) > 0 or not any(self.x[i]) else self.below for i, p in enumerate(pre)
                )
                found += [Side(kind, sign, slopes, plane) for sign in signs]
            result.append(found)
        return result

    @property
    def count(self) -> int:
        """The number of patterns."""
        return prod(map(len, self.sides))

    def patterns(self) -> Iterator[tuple[Side, ...]]:
        return product(*self.sides)

    def columns(self, pattern: Sequence[Side]) -> list[Column]:
        """The variables of a pattern: changes of v w for each neuron, thicknesses t, the change of the output bias."""
        size = sum(len(side.plane) for side in pattern)
        nothing, result, start = (Fraction(0),) * size, [], 0
        for k, side in enumerate(pattern):
            for j, direction in product(range(len(self.w[k])), (1, -1)):
                effect = tuple(side.sign * s * x[j] * direction for s, x in zip(side.slopes, self.x, strict=True))
                slack = list(nothing)
                for place, (i, sign) in enumerate(side.plane, start):
                    slack[place] = sign * self.x[i][j] * direction
                result.append(Column(k, j, direction, effect, tuple(slack)))
            if side.kind == "T":
                effect = tuple(side.sign * self.activation(p) for p in self.preactivations(k))
                result.append(Column(k, -1, 1, effect, nothing))
            start += len(side.plane)
        if self.output_bias:
            for direction in (1, -1):
                result.append(Column(-1, 0, direction, (Fraction(direction),) * len(self.x), nothing))
        return result

    def cone(self, pattern: Sequence[Side], columns: Sequence[Column], eps: Fraction) -> list[list[Fraction]]:
        """Rows with <row, variables> <= 0: the chambers, and the thin boxes of neurons with v = 0."""
        rows = [[-column.slack[place] for column in columns] for place in range(len(columns[0].slack))]
        for k, side in enumerate(pattern):
            if side.kind == "T":
                for j in range(len(self.w[k])):
                    here = {(k, j): Fraction(1), (k, -1): -eps}
                    rows.append([here.get((column.neuron, column.entry), Fraction(0)) for column in columns])
        return rows

    # ------------------------------------------------------------------ local extrema

    def local_minimum(self) -> bool:
        """Whether the point is a local minimum."""
        return self.descent() is None

    def local_maximum(self) -> bool:
        """Whether the point is a local maximum."""
        return self.ascent() is None

    def descent(self) -> tuple[list[Vec], Vec, Fraction] | None:
        """Parameters very near the point with a smaller loss, if it is no local minimum."""
        for pattern in self.patterns():
            columns = self.columns(pattern)
            for eps in self.thickness(pattern):
                solution = self.steepest(pattern, columns, eps)
                if solution is None:
                    break
            else:
                return self.confirmed(pattern, columns, solution, -1)
        return None

    def thickness(self, pattern: Sequence[Side]) -> tuple[Fraction, ...]:
        return THIN if any(side.kind == "T" for side in pattern) else THIN[:1]

    def steepest(
        self, pattern: Sequence[Side], columns: Sequence[Column], eps: Fraction
    ) -> list[Fraction] | None:  # fmt: skip
        """A direction of descent on a pattern: the one-sided derivative is linear but for the margins of exactly 1."""
        kinks = self.kinks
        goal = [-inner(self.slopes, column.effect) for column in columns] + [-self.mu[i] for i in kinks]
        rows = [row + [Fraction(0)] * len(kinks) for row in self.cone(pattern, columns, eps)]
        for place, i in enumerate(kinks):
            unit = [Fraction(-(place == other)) for other in range(len(kinks))]
            rows.append([-self.y[i] * column.effect[i] for column in columns] + unit)
        rows.append([Fraction(1)] * len(columns) + [Fraction(0)] * len(kinks))
        value, solution = maximise(goal, rows, [0] * (len(rows) - 1) + [1])
        return solution[: len(columns)] if value > 0 else None

    def ascent(self) -> tuple[list[Vec], Vec, Fraction] | None:
        """Parameters very near the point with a larger loss, if it is no local maximum."""
        for pattern in self.patterns():
            columns = self.columns(pattern)
            eps = self.thickness(pattern)[-1]
            for goal, extra in self.ascents(columns):
                rows = [*self.cone(pattern, columns, eps), *extra, [Fraction(1)] * len(columns)]
                value, solution = maximise(goal, rows, [0] * (len(rows) - 1) + [1])
                if value > 0:
                    return self.confirmed(pattern, columns, solution, 1)
        return None

    def ascents(self, columns: Sequence[Column]) -> Iterator[tuple[list[Fraction], list[list[Fraction]]]]:
        """Goals (with further rows <= 0) one of which is positive somewhere on the cone iff the loss grows somewhere.

        Hinge: the one-sided derivative is the greatest of finitely many linear functions. Squared: some prediction
        changes where the derivative is not negative.
        """
        slope = [inner(self.slopes, column.effect) for column in columns]
        if self.squared:
            for i, sign in product(range(len(self.x)), (1, -1)):
                yield [sign * column.effect[i] for column in columns], [[-s for s in slope]]
        else:
            for chosen in product((0, 1), repeat=len(self.kinks)):
                active = [i for i, used in zip(self.kinks, chosen, strict=True) if used]
                changes = [sum((-self.mu[i] * self.y[i] * c.effect[i] for i in active), Fraction(0)) for c in columns]
                yield [a + b for a, b in zip(slope, changes, strict=True)], []

    def confirmed(
        self, pattern: Sequence[Side], columns: Sequence[Column], solution: Sequence[Fraction], sense: int
    ) -> tuple[list[Vec], Vec, Fraction]:
        """The parameters that a solution stands for, close to the point; their loss is compared exactly."""
        step = STEP
        while True:
            moved = self.moved(pattern, columns, solution, step)
            if (self.value(*moved) - self.loss) * sense > 0:
                return moved
            step /= 2**100
            assert step > Fraction(1, 2**2000), "the direction of a linear program does not do what it should"

    def moved(
        self, pattern: Sequence[Side], columns: Sequence[Column], solution: Sequence[Fraction], step: Fraction
    ) -> tuple[list[Vec], Vec, Fraction]:
        """The point, moved by step**2 times a solution (step: the output weight of a neuron that was zero)."""
        change = [[Fraction(0)] * len(row) for row in self.w]
        thick, shift = [Fraction(0)] * len(self.w), Fraction(0)
        for column, amount in zip(columns, solution, strict=True):
            if column.neuron < 0:
                shift += column.direction * amount
            elif column.entry < 0:
                thick[column.neuron] += amount
            else:
                change[column.neuron][column.entry] += column.direction * amount
        w, v = [], []
        for k, side in enumerate(pattern):
            scale = {"A": step**2 / (abs(self.v[k]) or 1), "O": step, "T": 1 / (thick[k] or 1)}[side.kind]
            w.append(tuple(a + scale * b for a, b in zip(self.w[k], change[k], strict=True)))
            v.append({"A": self.v[k], "O": side.sign * step, "T": side.sign * step**2 * thick[k]}[side.kind])
        return w, tuple(v), self.c + step**2 * shift

    def dual_minimum(self) -> bool:
        """Whether each pattern has multipliers that exclude a descent: a second way to decide a local minimum."""
        return all(
            any(self.multipliers(pattern, choice) for choice in product((0, 1), repeat=self.flexible(pattern)))
            for pattern in self.patterns()
        )

    def flexible(self, pattern: Sequence[Side]) -> int:
        return sum(side.kind == "T" for side in pattern)

    def multipliers(self, pattern: Sequence[Side], choice: Sequence[int]) -> bool:
        """Whether slopes g of the data (at a margin of exactly 1 a number between both sides) prove the pattern.

        sum g = 0 if there is an output bias; for each neuron, sign * sum_i g_i slope_i x_i lies in the cone of the
        sign_i x_i on its plane; or, where v = 0 and w != 0, instead sign * sum_i g_i s(<w, x_i>) > 0 (choice 1), and
        >= 0 otherwise. Variables: h (the constant 1, scaled), a share of each kink, the cone's multipliers, the margin.
        """
        kinks = self.kinks
        places = [(k, i, sign) for k, side in enumerate(pattern) for i, sign in side.plane]
        width = 1 + len(kinks) + len(places) + 1
        slope_rows = [[Fraction(0)] * width for _ in self.x]
        for i, g in enumerate(self.slopes):
            slope_rows[i][0] = g
        for place, i in enumerate(kinks, 1):
            slope_rows[i][place] = -self.mu[i] * self.y[i]

        def weighted(weights: Sequence[Fraction]) -> list[Fraction]:
            return [inner(weights, column) for column in zip(*slope_rows, strict=True)]

        equal, less = [], []
        if self.output_bias:
            equal.append(weighted([Fraction(1)] * len(self.x)))
        decisions = iter(choice)
        for k, side in enumerate(pattern):
            if side.kind == "T":
                row = weighted([-side.sign * self.activation(p) for p in self.preactivations(k)])
                positive = next(decisions)
                row[-1] += positive
                less.append(row)
                if positive:
                    continue
            for j in range(len(self.w[k])):
                row = weighted([side.sign * s * x[j] for s, x in zip(side.slopes, self.x, strict=True)])
                for place, (neuron, i, sign) in enumerate(places, 1 + len(kinks)):
                    if neuron == k:
                        row[place] -= sign * self.x[i][j]
                equal.append(row)
        for place in range(1, 1 + len(kinks)):
            less.append([Fraction(-1 if j == 0 else int(j == place)) for j in range(width)])
        less.append([Fraction(-1 if j == 0 else int(j == width - 1)) for j in range(width)])
        rows = [*equal, *([-a for a in row] for row in equal), *less, [Fraction(j == 0) for j in range(width)]]
        return maximise([Fraction(j == width - 1) for j in range(width)], rows, [0] * (len(rows) - 1) + [1])[0] > 0

    # ------------------------------------------------------------------ incident cells

    def incident(self) -> Iterator[tuple[tuple[Vec, ...], tuple[int, ...]]]:
        """The full-dimensional cells around the point: the slopes of the neurons, the signs of the margins at kinks."""
        seen = set()
        for pattern in self.patterns():
            slopes = tuple(side.slopes for side in pattern)
            for signs in product((1, -1), repeat=len(self.kinks)):
                if (slopes, signs) not in seen and self.is_realised(pattern, signs):
                    seen.add((slopes, signs))
                    yield slopes, signs

    def is_realised(self, pattern: Sequence[Side], signs: Sequence[int]) -> bool:
        """Whether the margins at kinks take the signs somewhere on a pattern, as near to the point as one likes."""
        if not self.kinks:
            return True
        columns = self.columns(pattern)
        rows = [[*row, Fraction(0)] for row in self.cone(pattern, columns, THIN[-1])]
        for place in range(len(columns[0].slack)):
            rows[place][-1] = Fraction(1)
        for i, sign in zip(self.kinks, signs, strict=True):
            rows.append([sign * self.y[i] * column.effect[i] for column in columns] + [Fraction(1)])
        for index, column in enumerate(columns):
            if column.neuron >= 0 and column.entry < 0:
                rows.append([-Fraction(j == index) for j in range(len(columns))] + [Fraction(1)])
        rows.append([Fraction(1)] * (len(columns) + 1))
        goal = [Fraction(0)] * len(columns) + [Fraction(1)]
        return maximise(goal, rows, [0] * (len(rows) - 1) + [1])[0] > 0

    def cell_slopes(self, signs: Sequence[int]) -> list[Fraction]:
        """The derivative of the loss by each prediction, with the margins at kinks on the sides of the signs."""
        result = list(self.slopes)
        for i, sign in zip(self.kinks, signs, strict=True):
            result[i] = -self.mu[i] * self.y[i] * (sign > 0)
        return result

    def gradient(self, slopes: Sequence[Vec], signs: Sequence[int]) -> Vec:
        """The gradient at the point of the polynomial of an incident cell: all w, then v, then c."""
        g = self.cell_slopes(signs)
        hidden = [a for v, side in zip(self.v, slopes, strict=True) for a in self.pull(g, side, v)]
        outer = [inner(g, [self.activation(p) for p in self.preactivations(k)]) for k in range(len(self.w))]
        gradient = (*hidden, *outer, *([sum(g, Fraction(0))] if self.output_bias else []))
        place = [*(a for row in self.w for a in row), *self.v, self.c]
        return tuple(a + self.decay * b for a, b in zip(gradient, place, strict=False))

    def pull(self, g: Sequence[Fraction], slopes: Vec, factor: Fraction = Fraction(1)) -> list[Fraction]:
        """factor * sum_i g_i slope_i x_i."""
        weights = [factor * a * s for a, s in zip(g, slopes, strict=True)]
        return [inner(weights, column) for column in zip(*self.x, strict=True)]

    def clarke_critical(self) -> bool:
        """Whether 0 is a convex combination of the gradients of the incident cells."""
        return holds_origin([self.gradient(*cell) for cell in self.incident()])

    def differentiable(self) -> bool:
        """Whether the one-sided derivative is linear in the change of all parameters.

        To first order a neuron with v != 0 moves by a change of w, which has a pattern, and by one of v; a neuron with
        v = 0 only by one of v. On each pattern, and between the kinks that a first-order change moves, it is linear.
        """
        choices = [sides if v else [None] for sides, v in zip(self.sides, self.v, strict=True)]
        seen = {piece for moving in product(*choices) for piece in self.linear_pieces(moving)}
        return len(seen) == 1

    def linear_pieces(self, moving: Sequence[Side | None]) -> Iterator[Vec]:
        """The linear pieces of the one-sided derivative on a pattern, as gradients by all parameters."""
        columns, rows = [], []
        for k, side in enumerate(moving):
            for j in range(len(self.w[k])):
                slopes = side.slopes if side else (Fraction(0),) * len(self.x)
                columns.append([self.v[k] * s * x[j] for s, x in zip(slopes, self.x, strict=True)])
        columns += [[self.activation(p) for p in self.preactivations(k)] for k in range(len(self.w))]
        columns += [[Fraction(1)] * len(self.x)] * self.output_bias
        start = 0
        for k, side in enumerate(moving):
            for i, sign in side.plane if side else ():
                row = [Fraction(0)] * len(columns)
                row[start : start + len(self.w[k])] = [-sign * a for a in self.x[i]]
                rows.append(row)
            start += len(self.w[k])
        active = [i for i in self.kinks if any(column[i] for column in columns)]
        for signs in product((1, -1), repeat=len(active)):
            cut = [[s * self.y[i] * c[i] for c in columns] for i, s in zip(active, signs, strict=True)]
            strict = [[*row, *(-a for a in row), Fraction(1)] for row in [*rows, *cut]]
            size = 2 * len(columns)
            goal = [Fraction(j == size) for j in range(size + 1)]
            if maximise(goal, [*strict, [Fraction(1)] * (size + 1)], [0] * len(strict) + [1])[0] > 0:
                g = self.cell_slopes([dict(zip(active, signs, strict=True)).get(i, 1) for i in self.kinks])
                for i in set(self.kinks) - set(active):
                    g[i] = Fraction(0)
                yield tuple(inner(g, column) for column in columns)

    def is_flat(self) -> bool:
        """Whether the loss is constant on some incident cell."""
        return any(self.is_constant(*cell) for cell in self.incident())

    def is_constant(self, slopes: Sequence[Vec], signs: Sequence[int]) -> bool:
        """Whether the polynomial of an incident cell is constant."""
        if self.squared:
            moves = any(s and any(x) for side in slopes for s, x in zip(side, self.x, strict=True))
            return not moves and not self.output_bias
        g = self.cell_slopes(signs)
        return not any(any(self.pull(g, side)) for side in slopes) and not (self.output_bias and sum(g))

    def sampled(self, rng: random.Random, rounds: int) -> Iterator[tuple[tuple[Vec, ...], tuple[int, ...]]]:
        """Incident cells that random curves point + t d + t^2 e enter, told by lowest coefficients."""
        for _ in range(rounds):

            def curve(*start: Fraction) -> list[list[Fraction]]:
                return [[v, *(Fraction(rng.randint(-9, 9)) for _ in range(2))] for v in start]

            w, v = [curve(*row) for row in self.w], curve(*self.v)
            c = curve(self.c)[0] if self.output_bias else [Fraction(0)]
            slopes, outputs = [], [list(c) for _ in self.x]
            for row, factor in zip(w, v, strict=True):
                here = []
                for i, x in enumerate(self.x):
                    pre = [inner(x, [entry[power] for entry in row]) for power in range(3)]
                    here.append(self.above if lowest(pre) > 0 or not any(x) else self.below)
                    outputs[i] = add(outputs[i], [here[-1] * a for a in times(pre, factor)])
                slopes.append(tuple(here))
            margins = [lowest(add([Fraction(1)], [-self.y[i] * a for a in outputs[i]])) for i in self.kinks]
            degenerate = any(
                not any(inner(x, [entry[power] for entry in row]) for power in range(3))
                for row in w for x in self.x if any(x)
            )  # fmt: skip
            if all(margins) and not degenerate:
                yield tuple(slopes), tuple(1 if m > 0 else -1 for m in margins)

    # ------------------------------------------------------------------ search

    def found(self, rng: random.Random, sense: int, rounds: int) -> tuple[list[Vec], Vec, Fraction] | None:
        """A parameter vector very near the point with a smaller (sense -1) or a larger (sense 1) loss, by chance.

        Neurons with v = 0 and w != 0 turn by eps while all else moves by eps^2; at v = 0, w = 0 both move by eps.
        """
        for turn in range(rounds):
            eps = Fraction(1, 10 ** (6, 9, 15)[turn % 3])
            only = rng.randrange(len(self.w)) if turn % 4 == 1 else None
            along = turn % 5 == 2  # along v only
            straight = turn % 7 == 3  # everything at one scale
            w, v = [], []
            for k, row in enumerate(self.w):
                moves = only in (None, k)
                coarse = eps if straight or not self.v[k] else eps**2
                fine = eps if straight or (not self.v[k] and not any(row)) else eps**2
                turned = self.tangent(rng) if rng.random() < 0.5 else [rng.randint(-3, 3) for _ in row]
                w.append(tuple(a + coarse * b * (moves and not along) for a, b in zip(row, turned, strict=True)))
                v.append(self.v[k] + fine * rng.randint(-3, 3) * moves)
            c = self.c + (eps if straight else eps**2) * rng.randint(-3, 3) * self.output_bias
            if (self.value(w, v, c) - self.loss) * sense > 0:
                return w, tuple(v), c
        return None

    def tangent(self, rng: random.Random) -> list[Fraction]:
        """A direction of w that keeps a data point where it is, or that is one."""
        x = rng.choice(self.x)
        result = [Fraction(rng.randint(-3, 3)) for _ in x]
        square = inner(x, x)
        if not square or rng.random() < 0.3:
            return [rng.choice((-1, 1)) * a for a in x]
        part = inner(result, x) / square
        return [a - part * b for a, b in zip(result, x, strict=True)]


def chambers(rows: Sequence[Vec]) -> list[tuple[int, ...]]:
    """The sign vectors of the chambers of <row, x> = 0, by Fourier-Motzkin elimination."""
    found: list[tuple[int, ...]] = [()]
    for length in range(1, len(rows) + 1):
        longer = [(*signs, sign) for signs in found for sign in (1, -1)]
        found = [
            signs
            for signs in longer
            if feasible(
                [(*(s * a for a in row), Fraction(0)) for s, row in zip(signs, rows[:length], strict=True)],
                len(rows[0]),
            )
        ]
    return found


def holds_origin(vectors: Sequence[Vec]) -> bool:
    """Whether 0 is a convex combination."""
    distinct = sorted(set(vectors))
    rows: list[list[Fraction]] = [list(row) for row in zip(*distinct, strict=True)]
    rows += [[-a for a in row] for row in rows]
    rows.append([Fraction(1)] * len(distinct))
    return maximise([1] * len(distinct), rows, [0] * (len(rows) - 1) + [1])[0] == 1


def lowest(polynomial: Sequence[Fraction]) -> Fraction:
    """The lowest coefficient that is not 0."""
    return next((a for a in polynomial if a), Fraction(0))


def times(p: Sequence[Fraction], q: Sequence[Fraction]) -> list[Fraction]:
    """The product of two polynomials."""
    result = [Fraction(0)] * (len(p) + len(q) - 1)
    for (i, a), (j, b) in product(enumerate(p), enumerate(q)):
        result[i + j] += a * b
    return result


def add(p: Sequence[Fraction], q: Sequence[Fraction]) -> list[Fraction]:
    """The sum of two polynomials."""
    size = max(len(p), len(q))
    return [(p[i] if i < len(p) else Fraction(0)) + (q[i] if i < len(q) else Fraction(0)) for i in range(size)]
