"""Liu, section 6: the boundaries of two cells, and the quantities of Lemma 2 and Theorem 3 at their points.

Neuron m lies on the plane of a data point x_n, and strictly inside its sides of all data points that are no multiples
of x_n; the other neurons lie inside their cells. The two cells are those on the negative (1) and the positive side (2)
of x_n. With e and G as in `exactrelu.theorems.liu.lifted`, G_m over the active data points off the plane, the limits of
dL/dw_m are 2 z_m N1 and 2 z_m N2, equations (D.10), (D.11):

    N1 = G_m + sum of c_i e_i x_i over the negative multiples x_i of x_n,   N2 likewise over the positive multiples.

Both are multiples of x_n as soon as one is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from gmpy2 import mpq

from exactrelu.cells import Cell
from exactrelu.certificate import Certificate
from exactrelu.facts import expression, facts
from exactrelu.forms import Forms
from exactrelu.landscape import Problem
from exactrelu.point import Point
from exactrelu.rational import Matrix, Rational, Vector, combination, dot
from exactrelu.refinement import no_tick
from exactrelu.signature import Columns, write
from exactrelu.theorems.claim import Tick
from exactrelu.theorems.liu.lifted import MOST, LiftedLoss, merged, with_points


@dataclass(frozen=True)
class Facet:
    """The common boundary of two cells: neuron m, the data point n, and x_i = multiple * x_n for all i on the plane.

    ``columns`` are the signs on the boundary, 0 for neuron m at the data points of the plane.
    """

    forms: Forms
    columns: Columns
    neuron: int
    on_plane: tuple[tuple[int, Rational], ...]

    @property
    def n(self) -> int:
        """The data point of which the paper speaks."""
        return self.on_plane[0][0]

    @cached_property
    def loss(self) -> LiftedLoss:
        """The loss in R with neuron m inactive on the plane; on the boundary this makes no difference to e."""
        return LiftedLoss.on(self.forms.instance, self.columns)

    @property
    def normal(self) -> Vector:
        """x_n."""
        return self.loss.inputs[self.n]

    def near(self, side: int) -> tuple[int, ...]:
        """The data points of the plane that are active on this side of x_n (1 or -1)."""
        return tuple(i for i, multiple in self.on_plane if multiple * side > 0)

    def limits(self, r: Vector) -> tuple[Vector, Vector]:
        """N1 and N2."""
        one, two = (tuple(dot(form, (*r, 1)) for form in self.limit_forms(self.near(side))) for side in (-1, 1))
        return one, two

    def limit_forms(self, data: Iterable[int]) -> Matrix:
        """G_m and the parts of these data points of the plane, as functions of R, the constant last."""
        loss, chosen = self.loss, tuple(data)
        return tuple(
            combination(
                [(mpq(1), form), *((loss.weights[i] * loss.inputs[i][d], loss.residual_forms[i]) for i in chosen)],
                loss.size + 1,
            )
            for d, form in enumerate(loss.gradient_forms[self.neuron])
        )

    @property
    def definitions(self) -> dict[str, str]:
        """N1, N2, the plane's normal XN, and P = the part of G_m that is orthogonal to it, times |x_n|^2."""
        m, found = self.neuron + 1, {"XN": f"X{self.n + 1}"}
        for name, side in (("N1", -1), ("N2", 1)):
            terms = [f"G{m}", *(f"weights[{i}]*e{i + 1}*X{i + 1}" for i in self.near(side))]
            found[name] = " + ".join(terms)
        return {**found, "P": f"dot(G{m}, XN)*XN - dot(XN, XN)*G{m}"}

    def __repr__(self) -> str:
        return f"Facet({write(self.columns)}: neuron {self.neuron + 1} on the plane of data point {self.n + 1})"


def facet_of(point: Point) -> Facet | str:
    """The facet that a point lies on, or why it lies on none."""
    loss = LiftedLoss.on(point.instance, point.columns)
    zeros = [
        (i, j)
        for i, (group,) in enumerate(point.columns)
        for j, s in enumerate(group)
        if s == 0 and any(loss.inputs[i])
    ]
    neurons = {j for _, j in zeros}
    if len(neurons) != 1:
        return "no neuron is on a boundary" if not neurons else "several neurons are on boundaries"
    (m,) = neurons
    multiples = _multiples(loss, zeros[0][0], [i for i, _ in zeros])
    if multiples is None:
        return f"neuron {m + 1} is on several boundaries"
    return Facet(point.forms, point.columns, m, multiples)


def _multiples(loss: LiftedLoss, n: int, data: list[int]) -> tuple[tuple[int, Rational], ...] | None:
    """The multiples of x_n that some inputs are, None if one is none."""
    normal = loss.inputs[n]
    square = dot(normal, normal)
    found = [(i, dot(normal, loss.inputs[i]) / square) for i in data]
    parallel = all(tuple(a * t for a in normal) == loss.inputs[i] for i, t in found)
    return tuple(found) if parallel else None


def facets(problem: Problem, tick: Tick = no_tick) -> Iterator[Facet]:
    """The facets between the first cells of a problem, each once."""
    cells = problem.cells(tick=tick)
    listed: list[Cell] = [cells[k] for k in range(min(cells.number, MOST))]
    known = {cell.columns for cell in listed}
    loss = LiftedLoss(problem, ())
    for cell in listed:
        for m in range(loss.neurons):
            for n, x in enumerate(loss.inputs):
                everything = [i for i, other in enumerate(loss.inputs) if any(other)]
                plane = (
                    _multiples(loss, n, [i for i in everything if any(x) and _multiples(loss, n, [i])])
                    if any(x)
                    else None
                )
                if not plane or plane[0][0] != n or cell.columns[n][0][m] > 0:
                    continue
                data = {i for i, _ in plane}
                turned = _with_signs(cell.columns, m, data, lambda s: -s)
                if turned in known:
                    yield Facet(cell.forms, _with_signs(cell.columns, m, data, lambda s: 0), m, plane)


def _with_signs(columns: Columns, m: int, data: set[int], change: Callable[[int], int]) -> Columns:
    return tuple(
        (tuple(change(s) if j == m and i in data else s for j, s in enumerate(group)),)
        for i, (group,) in enumerate(columns)
    )


@dataclass(frozen=True)
class OnFacet:
    """A point on a facet, and the quantities of Lemma 2 and Theorem 3 there."""

    point: Point
    facet: Facet

    @cached_property
    def r(self) -> Vector:
        """R at the point."""
        return self.facet.loss.lift(self.point.parameters)

    @cached_property
    def z(self) -> Rational:
        """z_m."""
        return self.facet.loss.weights_of(self.point.parameters)[1][self.facet.neuron]

    @cached_property
    def others_stationary(self) -> bool:
        """Whether dL/dR_j = 0 for the neurons that are not on the boundary."""
        halves = self.facet.loss.half_gradient(self.r)
        return not any(any(own) for j, own in enumerate(halves) if j != self.facet.neuron)

    @cached_property
    def slopes(self) -> tuple[Rational, Rational] | None:
        """z_m <N1, x_n> and z_m <N2, x_n>, None if N1 is no multiple of x_n: the left sides of (18) and (19), / N."""
        one, two = self.facet.limits(self.r)
        normal = self.facet.normal
        square = dot(normal, normal)
        if any(dot(one, normal) * a != square * b for a, b in zip(normal, one, strict=True)):
            return None
        return self.z * dot(one, normal), self.z * dot(two, normal)

    @property
    def is_minimum(self) -> bool:
        """The corrected test."""
        if not self.others_stationary or self.slopes is None:
            return False
        if self.z == 0:
            return not any(a for limit in self.facet.limits(self.r) for a in limit)
        return bool(self.slopes[0] <= 0 <= self.slopes[1])

    @property
    def lemma_2(self) -> bool:
        """(16) as printed: dL/dw_m has the direction of -x_n on one side, of x_n on the other."""
        return self.slopes is not None and bool(self.slopes[0] < 0 < self.slopes[1])

    @property
    def inequality_19(self) -> Rational:
        """The left side of (19) / N, in which x_n is the only data point of the plane that becomes active."""
        loss, n = self.facet.loss, self.facet.n
        normal = self.facet.normal
        first = self.z * dot(self.facet.limits(self.r)[0], normal)
        return first + self.z * loss.weights[n] * loss.residuals(self.r)[n] * dot(normal, normal)

    @property
    def theorem_3(self) -> bool:
        """(17) to (19) as printed."""
        if not self.others_stationary or self.slopes is None:
            return False
        return bool(self.slopes[0] < 0 < self.inequality_19)

    def certificate(self, words: str) -> Certificate:
        """The certificate of D R = d or not, and of the left sides of (18) and (19), with all data of the plane too."""
        facet, loss = self.facet, self.facet.loss
        problem, m = with_points(self.point.instance, point=self.point.parameters), self.facet.neuron
        halves, z = loss.half_gradient(self.r), f'parameter("point", "W2")[0][{m}]'
        one, two = facet.limits(self.r)
        relations = [f'signature("point") == "{self.point.signature}"', f'{loss.value_text} == loss("point")']
        relations += [f"G{j + 1} {'!=' if any(own) else '=='} {loss.nothing}" for j, own in enumerate(halves) if j != m]
        relations += [f"P {'!=' if self.slopes is None else '=='} {loss.nothing}", f"dot(R{m + 1}, XN) == 0"]
        relations += [f"N1 == {expression(one)}", f"N2 == {expression(two)}"]
        relations += [f"{z}*dot({name}, XN) == {expression(self.z * dot(limit, facet.normal))}"
                      for name, limit in (("N1", one), ("N2", two))]  # fmt: skip
        n = facet.n
        relations.append(f"{z}*(dot(N1, XN) + weights[{n}]*e{n + 1}*dot(XN, XN)) == {expression(self.inequality_19)}")
        definitions = merged(loss.definitions(loss.point_texts("point")), facet.definitions)
        return facts(problem, f"{words}.", relations, definitions)


def on_facet(point: Point) -> OnFacet | str:
    """The point on its facet, or why it lies on none."""
    facet = facet_of(point)
    return facet if isinstance(facet, str) else OnFacet(point, facet)
