"""Is a point a strict local minimum up to symmetry? First and second order, for every network and loss.

Let d be the displacement from the point, and give each kink (a hidden unit u that is 0 at the point) a side tau_u,
layer by layer. On the piece {tau_u A_u(d) >= 0} all units are polynomials, A_u among them; the loss is P(d) +
sum_j w_j max(D_j(d), 0), summed over the loss units that are 0 at the point. The pieces cover a neighbourhood. On each
let there be alpha_u >= 0 and 0 <= g_j <= w_j such that the gradient at 0 of

    l(d) = P(d) + sum_j g_j D_j(d) - sum_u alpha_u tau_u A_u(d),    l <= loss on the piece, equal at 0,

vanishes. Let Z be the space of the d at which the derivatives of A_u with alpha_u > 0 and of D_j with 0 < g_j < w_j are
0, q the quadratic part of l, and T the space spanned by the directions of `Symmetry`. If q(d) > 0 for all d in Z that
are not in T, the point is a local minimum, strict up to symmetry:

Let N be a complement of T. The map (s, n) -> flow of the symmetries by s of point + n has at 0 the derivative T + N =
everything, so it is a submersion, and the loss does not depend on s: it suffices that L(n) > L(0) for all small n != 0
in N. Else there are n_k -> 0 on one piece with L(n_k) <= L(0) and n_k/|n_k| -> d. With l(n_k) = L(0) + q(n_k) + ..,

    sum_j (w_j max(D_j, 0) - g_j D_j)(n_k) + sum_u alpha_u tau_u A_u(n_k) + q(n_k) <= o(|n_k|^2),

and the summands of both sums are >= 0. Division by |n_k| gives d in Z, then division by |n_k|^2 gives q(d) <= 0: but d
is in N, so not in T. (The second-order sufficient conditions of nonlinear programming, Nocedal and Wright, theorem
12.6, piece by piece and modulo a group: Morse-Bott. With Z = T it is a statement of first order.)

Pieces without interior may be left out if sides of layer 1 show it, where A_u is linear. Units that do not matter (what
they feed is switched off), and units of which no jet of degree 2 is left, need no side: l does not depend on it. T lies
in Z and in the radical of q on Z (L, and the sign of each A_u and D_j that matters, are invariant), so the condition
is: q on Z has no negative eigenvalue and dim T times 0.

Conversely, where there are no multipliers, Farkas' lemma gives a direction on the piece with L'(d) < 0, and the loss
falls on that line, whatever the kinks: L' is its one-sided derivative. Among all multipliers some with the smallest Z
are taken (strict complementarity), so at first order nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq

from exactrelu.errors import InternalContradiction
from exactrelu.germ import Curve
from exactrelu.jets import ZERO, Jet, Jets, product, total
from exactrelu.linear import diagonalise, kernel, rank
from exactrelu.problem import Instance
from exactrelu.rational import Matrix, Rational, Vector
from exactrelu.signature import Columns, groups
from exactrelu.simplex import Simplex
from exactrelu.symmetry import Symmetry

NOT_STRICT = (
    "the loss falls in no direction to first order, but is flat to first order along directions that are no symmetry, "
    "where its second order does not decide"
)


@dataclass(frozen=True)
class Kink:
    """A unit with a kink: its position in the signature, its jet, its side (loss units: 0) and weight (loss units)."""

    position: int
    jet: Jet
    side: int
    weight: Rational = ZERO


@dataclass(frozen=True)
class Undecided:
    """Curves on which the loss may fall, since first and second order do not tell."""

    curves: tuple[Curve, ...]


def strict_minimum(
    instance: Instance, parameters: Vector, columns: Columns, tick: Callable[[], None]
) -> dict[str, Any] | Curve | Undecided:
    """The multipliers of all pieces and the translations, as plain data for a certificate; or a line on which the loss
    falls; or why neither.
    """
    return _Search(instance, parameters, columns, tick).run()


class _Search:
    def __init__(self, instance: Instance, parameters: Vector, columns: Columns, tick: Callable[[], None]) -> None:
        self.instance, self.columns, self.tick = instance, columns, tick
        self.jets, self.size = Jets(instance, parameters), len(parameters)
        self.symmetry = Symmetry(instance, parameters, columns)
        self.rank = rank(self.symmetry.directions)
        self.layer_1 = Simplex(self.size)
        self.curves: list[Curve] = []

    def run(self) -> dict[str, Any] | Curve | Undecided:
        tree = self._branch(())
        if not isinstance(tree, dict):
            return tree
        if self.curves:
            return Undecided(tuple(self.curves))
        translations = [self.instance.network.write(d) for d in self.symmetry.translations]
        return {"tree": tree, "translations": translations}

    def _branch(self, sides: tuple[int, ...]) -> dict[str, Any] | Curve:
        self.tick()
        kinks, last, below = self._walk(sides)
        if not last:
            return self._leaf(kinks, below)
        proof: dict[str, Any] = {}
        for side, name in ((1, "+"), (-1, "-")):
            self.layer_1.push()
            found = self._enter(last, side) or self._branch((*sides, side))
            self.layer_1.pop()
            if not isinstance(found, dict):
                return found
            proof[name] = found
        return proof

    def _enter(self, kink: Kink, side: int) -> dict[str, Any] | None:
        """Restrict to a side of a unit of layer 1; the proof that nothing is left, if it is so."""
        if kink.position % self._width >= self.instance.network.widths[1]:
            return None
        form = self.layer_1.form([side * kink.jet.linear.get(k, ZERO) for k in range(self.size)])
        self.layer_1.assert_lower(form, 0, strict=True, tag=kink.position)
        refuted = self.layer_1.check()
        return None if refuted is None else {"empty": _written(refuted)}

    @property
    def _width(self) -> int:
        return sum(groups(self.instance))

    def _walk(self, sides: Sequence[int]) -> tuple[list[Kink], Kink | None, list[tuple[tuple[int, ...], ...]]]:
        """The kinks on the sides given, the first one that is left, and the signs of the hidden units before it."""
        first, second = self.instance.network.slopes
        below: list[tuple[tuple[int, ...], ...]] = [() for _ in self.columns]
        kinks: list[Kink] = []
        for number, start in enumerate(self._starts):
            for i, column in enumerate(self.columns):
                signs = list(column[number])
                jets = self.jets.layer(i, below[i]) if 0 in signs and first != second else []
                for u, jet in enumerate(jets):
                    if not signs[u] and u in self.symmetry.live[i][number] and not jet.is_zero:
                        position = i * self._width + start + u
                        if len(kinks) == len(sides):
                            return kinks, Kink(position, jet, 0), below
                        signs[u] = sides[len(kinks)]
                        kinks.append(Kink(position, jet, signs[u]))
                below[i] += (tuple(signs),)
        return kinks, None, below

    @property
    def _starts(self) -> list[int]:
        widths = self.instance.network.activated
        return [sum(widths[:number]) for number in range(len(widths))]

    def _loss(self, below: list[tuple[tuple[int, ...], ...]]) -> tuple[Jet, list[Kink]]:
        """The jet of the loss without the loss units with a kink, and these."""
        instance, terms, kinks = self.instance, [(mpq(1), self.jets.decay)], list[Kink]()
        for i, target in enumerate(instance.y):
            outputs = self.jets.outputs(i, below[i])
            for output, t in zip(outputs, target if isinstance(target, tuple) else (), strict=False):
                residual = Jet(output.value - t, output.linear, output.quadratic)
                terms.append((instance.loss.weight(i, 0, len(instance.x)), product(residual, residual)))
            for u, unit in enumerate(instance.units[i]):
                s, jet = self.columns[i][-1][u], self.jets.loss_unit(outputs, unit.terms)
                if s > 0:
                    terms.append((unit.weight, jet))
                elif s == 0 and not jet.is_zero:
                    position = i * self._width + sum(instance.network.activated) + u
                    kinks.append(Kink(position, jet, 0, unit.weight))
        return total(terms), kinks

    def _leaf(self, sides: list[Kink], below: list[tuple[tuple[int, ...], ...]]) -> dict[str, Any] | Curve:
        loss, margins = self._loss(below)
        program = _Program(self.size, loss, sides, margins)
        found = program.solve(self.tick)
        if not isinstance(found, dict):
            return (found,)
        multipliers = {kink.position: found.get(kink.position, ZERO) for kink in (*sides, *margins)}
        terms, tight = [(mpq(1), loss)], list[Vector]()
        for kink in (*sides, *margins):
            m = multipliers[kink.position]
            terms.append((-m * kink.side if kink.side else m, kink.jet))
            if m and (kink.side or m != kink.weight):
                tight.append(tuple(kink.jet.linear.get(k, ZERO) for k in range(self.size)))
        lagrangian = total(terms)
        if any(lagrangian.linear.values()):
            raise InternalContradiction("Farkas' lemma: the multipliers do not balance the gradient")
        self._second_order(lagrangian, tuple(tight), program.interior)
        return {"multipliers": _written(multipliers)}

    def _second_order(self, lagrangian: Jet, tight: Matrix, interior: Vector) -> None:
        """Keeps curves to try unless the quadratic part is positive on Z outside T."""
        basis = kernel(tight, columns=self.size)
        if len(basis) == self.rank:
            return
        rows = [[ZERO] * self.size for _ in range(self.size)]
        for (i, j), c in lagrangian.quadratic.items():
            rows[i][j] += c
            rows[j][i] += c
        images = [[_dot(row, b) for row in rows] for b in basis]
        congruence = diagonalise(tuple(tuple(_dot(image, b) for b in basis) for image in images))
        if congruence.inertia.negative == 0 and congruence.inertia.zero == self.rank:
            return
        for d, row in zip(congruence.diagonal, congruence.transform, strict=True):
            if d <= 0:
                direction = tuple(_dot(column, row) for column in zip(*basis, strict=True))
                for s in (1, -1):
                    moved = tuple(s * a for a in direction)
                    self.curves.append((moved,))
                    if any(interior):
                        self.curves.append((tuple(a + b for a, b in zip(moved, interior, strict=True)),))


class _Program:
    """Is P' d + sum_j w_j max(D_j' d, 0) >= 0 where tau_u A_u' d >= 0? In variables d and y_j >= D_j' d, y_j >= 0."""

    def __init__(self, size: int, loss: Jet, sides: Sequence[Kink], margins: Sequence[Kink]) -> None:
        self.size, self.simplex = size, Simplex(size + len(margins))
        extra = [ZERO] * len(margins)

        def padded(jet: Jet, factor: int) -> Vector:
            return (*(factor * jet.linear.get(k, ZERO) for k in range(size)), *extra)

        self.rows: dict[Hashable, Vector] = {("side", kink.position): padded(kink.jet, kink.side) for kink in sides}
        for n, kink in enumerate(margins):
            unit = tuple(mpq(k == size + n) for k in range(self.simplex.dimension))
            self.rows["low", kink.position] = unit
            self.rows["high", kink.position] = tuple(a + b for a, b in zip(unit, padded(kink.jet, -1), strict=True))
        self.rows = {tag: row for tag, row in self.rows.items() if any(row)}
        self.forms = {tag: self.simplex.form(row) for tag, row in self.rows.items()}
        self.loss = self.simplex.form((*padded(loss, 1)[:size], *(kink.weight for kink in margins)))
        self.interior: Vector = (ZERO,) * size

    def solve(self, tick: Callable[[], None]) -> dict[int, Rational] | Vector:
        """The multipliers by position, as many as possible strict; or a direction in which the loss falls."""
        simplex = self.simplex
        for tag, form in self.forms.items():
            simplex.assert_lower(form, 0, tag=tag)
        simplex.push()
        simplex.assert_upper(self.loss, 0, strict=True, tag="loss")
        refuted = simplex.check()
        if refuted is None:
            return simplex.model()[: self.size]
        simplex.pop()
        simplex.assert_upper(self.loss, 0, tag="loss")
        simplex.check()
        sums: dict[Hashable, Rational] = dict(refuted)
        loose = set[Hashable]()
        for tag, form in self.forms.items():
            if tag in sums or tag in loose:
                continue
            tick()
            simplex.push()
            simplex.assert_lower(form, 0, strict=True, tag=tag)
            refuted = simplex.check()
            if refuted is None:
                model = simplex.model()
                loose.update(t for t, row in self.rows.items() if _dot(row, model) > 0)
                self.interior = tuple(a + b for a, b in zip(self.interior, model, strict=False))
            for name, m in (refuted or {}).items():
                sums[name] = sums.get(name, ZERO) + m
            simplex.pop()
        scale = sums["loss"]
        return {tag[1]: m / scale for tag, m in sums.items() if isinstance(tag, tuple) and tag[0] != "low"}


def _written(multipliers: Mapping[Any, Rational]) -> dict[str, str]:
    return {str(position): str(m) for position, m in sorted(multipliers.items()) if m}


def _dot(a: Sequence[Any], b: Sequence[Any]) -> Rational:
    return sum((p * q for p, q in zip(a, b, strict=True)), ZERO)
