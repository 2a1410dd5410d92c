"""The loss in the parameters of one layer and the output biases, where the signs of all units are known.

The other parameters stay, so that the units and the outputs are affine. Hence the loss is a quadratic function of the
step d of these parameters, d^T H d / 2 + g^T d + const (H = 0 for a hinge loss without weight decay), and the units
that are to vanish give equations E d = e. Its critical points on the piece are the solutions d of

    H d + E^T m = -g,    E d = e    for some m.

They form an affine space: H is positive semidefinite, so that two solutions differ by an element of ker H and ker E.
The shortest solution is the one that is orthogonal to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from gmpy2 import mpq

from exactrelu.linear import Solution, kernel, solve
from exactrelu.rational import Rational, Vector, combination, dot
from exactrelu.sheets import Affine, LayerSheet, Place
from exactrelu.signature import Columns, Signs, places

ZERO, ONE = mpq(0), mpq(1)


@dataclass(frozen=True)
class AffinePiece(LayerSheet):
    """The points with the signs ``columns`` (0 for the units that are to vanish) where only one layer and the output
    biases differ from ``base``.

    >>> from exactrelu.examples import example
    >>> from exactrelu.signature import of_point
    >>> problem = example("yun2018-three-point")
    >>> base = problem.network.read({"W1": [["1/4", "1/4"]] * 2, "b1": [0, 0], "W2": [["1/2", "1/2"]], "b2": [0]})
    >>> problem.evaluate(AffinePiece(problem, 1, base, of_point(problem, base)).nearest_critical())
    mpq(1,3)
    """

    columns: Columns

    @cached_property
    def moving(self) -> tuple[int, ...]:
        """The parameters that move: those of the layer, then the output biases."""
        offsets, last = self.instance.network.offsets, self.instance.network.layers[-1]
        layer = range(offsets[self.layer - 1], offsets[self.layer])
        biases = range(offsets[-1] - last.outputs, offsets[-1]) if last.bias else ()
        return tuple(dict.fromkeys(chain(layer, biases)))

    @property
    def variables(self) -> int:
        return len(self.moving)

    def _preactivations(self, i: int, group: int, signs: tuple[Signs, ...]) -> tuple[Affine, ...]:
        network = self.instance.network
        forms = super()._preactivations(i, group, signs)
        if group + 1 < len(network.layers) or self.layer == len(network.layers) or not network.layers[-1].bias:
            return forms
        rows = [list(form) for form in forms]
        first = self.variables - len(rows)
        for r, row in enumerate(rows):
            row[-1] -= self.base[self.moving[first + r]]
            row[first + r] += ONE
        return tuple(map(tuple, rows))

    @cached_property
    def start(self) -> Vector:
        """The values at the base of the parameters that move."""
        return tuple(self.base[j] for j in self.moving)

    @cached_property
    def units(self) -> dict[Place, Affine]:
        """The pre-activations and the loss units' arguments: forms in the step, the value at the base last."""
        return {
            (i, g, u): self._stepped(self.forms(i, g, self.columns[i][:g])[u]) for i, g, u, _ in places(self.columns)
        }

    def _stepped(self, form: Affine) -> Affine:
        return (*form[:-1], dot(form[:-1], self.start) + form[-1])

    def distances(self) -> Iterator[tuple[Rational, Place]]:
        """The units that vanish somewhere, each with the squared distance from the base at which it does."""
        for place, (*slopes, value) in self.units.items():
            if any(slopes) or not value:
                yield value and value * value / dot(slopes, slopes), place

    @cached_property
    def equations(self) -> tuple[Affine, ...]:
        """The forms of the units that are to vanish, nearest first, without those that depend on the others."""
        return self._eliminated[0]

    @cached_property
    def contradictions(self) -> tuple[Place, ...]:
        """The units that are to vanish, but cannot where the nearer ones do."""
        return self._eliminated[1]

    @cached_property
    def _eliminated(self) -> tuple[tuple[Affine, ...], tuple[Place, ...]]:
        distances = {place: distance for distance, place in self.distances()}
        wanted = [(i, g, u) for i, g, u, s in places(self.columns) if s == 0]
        chosen: list[Affine] = []
        echelon: list[tuple[int, Affine]] = []
        impossible = [place for place in wanted if place not in distances]
        for place in sorted((place for place in wanted if place in distances), key=lambda p: (distances[p], p)):
            row = self.units[place]
            for pivot, known in echelon:
                if row[pivot]:
                    row = combination([(ONE, row), (-row[pivot] / known[pivot], known)], len(row))
            first = next((n for n, entry in enumerate(row) if entry), None)
            if first is None:
                continue
            if first == self.variables:
                impossible.append(place)
            else:
                echelon.append((first, row))
                chosen.append(self.units[place])
        return tuple(chosen), tuple(impossible)

    @cached_property
    def squares(self) -> list[tuple[Rational, Affine]]:
        """Terms c * form^2 of the loss: squared residuals, weight decay, penalty."""
        instance, depth = self.instance, len(self.instance.network.activated)
        result: list[tuple[Rational, Affine]] = []
        for i, target in enumerate(instance.y):
            if isinstance(target, tuple):
                forms = map(self._stepped, self._outputs(i, self.columns[i][:depth]))
                weight = instance.loss.weight(i, 0, len(instance.x))
                result += [(weight, (*form[:-1], form[-1] - t)) for form, t in zip(forms, target, strict=True)]
        for c, p, q in instance.squares:
            slopes = tuple(mpq((j == p) - (j == q)) for j in self.moving)
            result.append((c, (*slopes, self.base[p] - (ZERO if q is None else self.base[q]))))
        return result

    @cached_property
    def active(self) -> list[tuple[Rational, Affine]]:
        """Terms c * form of the loss: the loss units with the sign +."""
        depth = len(self.instance.network.activated)
        return [
            (unit.weight, self.units[i, depth, u])
            for i, units in enumerate(self.instance.units)
            for u, unit in enumerate(units)
            if self.columns[i][depth][u] > 0
        ]

    def nearest_critical(self) -> Vector | None:
        """The critical point of the loss on the piece that is nearest to the base, as a point of parameter space.

        None if there is none, or if there are `contradictions`. The signs of the other units are not looked at.
        """
        if self.contradictions:
            return None
        size, equations = self.variables, self.equations
        terms = [(2 * c * form[-1], form) for c, form in self.squares] + self.active
        gradient = combination(terms, size + 1)[:-1]
        squares = [(c, form[:-1]) for c, form in self.squares]
        hessian = [combination([(2 * c * form[j], form) for c, form in squares], size) for j in range(size)]
        normals = [form[:-1] for form in equations]
        idle = kernel(tuple(chain((form for _, form in squares), normals)), size)
        empty = (ZERO,) * len(normals)
        rows = [(*hessian[j], *(normal[j] for normal in normals)) for j in range(size)]
        rows += [(*row, *empty) for row in chain(normals, idle)]
        right = [*(-g for g in gradient), *(-form[-1] for form in equations), *(ZERO for _ in idle)]
        found = solve(tuple(rows), tuple(right), size + len(normals))
        if not isinstance(found, Solution):
            return None
        step = found.point[:size]
        values = list(self.base)
        for j, change in zip(self.moving, step, strict=True):
            values[j] += change
        return tuple(values)
