"""Is a point a local minimum? Lagrange multipliers on the pieces around it: every network, every loss.

Give each kink (a hidden unit u that is 0 at the point) a side tau_u, layer by layer. On the piece {tau_u A_u >= 0} all
units are polynomials, A_u among them; the loss is P + sum_j w_j max(D_j, 0), summed over the loss units that are 0 at
the point. The pieces cover a neighbourhood. On each let there be alpha_u >= 0 and 0 <= g_j <= w_j such that the
gradient at the point of

    l = P + sum_j g_j D_j - sum_u alpha_u tau_u A_u,    l <= L on the piece, l = L at the point,

is 0. If there are none, Farkas' lemma gives a direction on the piece with L'(d) < 0, and the loss falls on that line,
whatever its kinks: L' is the one-sided derivative. If there are, call A_u with alpha_u > 0 and D_j with 0 < g_j < w_j
tight. Then each of the following suffices, on a piece by itself.

*Cross term.* Let c be l with the squares (of the squared loss, and of weight decay) replaced by their tangents at the
point, so that l - c >= 0, with equality there. If c is constant on the zeros of some tight units whose derivatives are
independent, then c = c(0) + sum_k f_k rho_k, where f_k are these units and rho_k analytic (Hadamard's lemma); gradient
0 means rho_k(0) = 0. So near the point L >= c(0), as the multipliers alpha_u and g_j may vary a little:

    L - c(0) >= sum_u (alpha_u + tau_u rho_u) tau_u A_u + sum_j (w_j max(D_j, 0) - (g_j - rho_j) D_j) + .. >= 0.

(Without kinks: the residuals are orthogonal to what the outputs can do, as in Yun, Sra, Jadbabaie, 2018.)

*Second order, up to symmetry.* Let Z be the space of directions d along which the derivatives of all tight units are 0,
q the quadratic part of l, T the span of the directions of `Symmetry`. If q(d) > 0 for all d in Z that are not in T, the
loss is greater on the piece, up to symmetry. Let N be a complement of T. The map (s, n) -> flow of the symmetries by s
of (point + n) has at 0 the derivative T + N = everything: it is a submersion, L does not depend on s, and so only
points point + n count. If on the piece some n_k -> 0 in N have L(n_k) <= L(0) and n_k/|n_k| -> d, then

    sum_j (w_j max(D_j, 0) - g_j D_j)(n_k) + sum_u alpha_u tau_u A_u(n_k) + q(n_k) <= o(|n_k|^2),

and the summands of both sums are >= 0. Division by |n_k| gives d in Z, then division by |n_k|^2 gives q(d) <= 0: but d
is in N, not in T. (The second-order sufficient conditions, Nocedal and Wright, theorem 12.6, on each piece and modulo
a group: Morse-Bott. With Z = T they are of first order.) T lies in Z and in the radical of q on Z, because L and the
signs of the A_u and D_j that matter are invariant; so q on Z must have dim T eigenvalues 0 and no negative one.

Pieces without interior may be left out if sides of layer 1 show it, where A_u is linear. Units that do not matter (all
that they feed is switched off) need no side, nor at second order units of which no jet of degree 2 is left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq

from exactrelu.critical_cone import multipliers
from exactrelu.cross_term import CrossTerm
from exactrelu.errors import InternalContradiction
from exactrelu.forms import Forms
from exactrelu.germ import Curve, loss_germ, lowest_change
from exactrelu.jets import ZERO, Below, Jet, Jets, product, total
from exactrelu.linear import diagonalise, kernel, rank
from exactrelu.polynomial import to_flint
from exactrelu.rational import Matrix, Rational, Vector, dot
from exactrelu.signature import Columns, groups
from exactrelu.simplex import Simplex
from exactrelu.symmetry import Symmetry

FLAT = (
    "to first order the loss falls in no direction, but in some, which are no symmetry, it is flat, "
    "and neither its second order nor its cross term decides"
)


@dataclass(frozen=True)
class Kink:
    """A unit with a kink: data point, group and number, position in the signature, jet, side or (loss units) weight."""

    place: tuple[int, int, int]
    position: int
    jet: Jet
    side: int = 0
    weight: Rational = ZERO


def lagrange_tree(
    forms: Forms, parameters: Vector, columns: Columns, tick: Callable[[], None]
) -> dict[str, Any] | Curve | None:
    """The multipliers of all pieces and the translations, as plain data for a certificate; or a line on which the loss
    falls; or None, see `FLAT`.
    """
    return _Search(forms, parameters, columns, tick).run()


def strict_tree(
    forms: Forms, parameters: Vector, columns: Columns, tick: Callable[[], None]
) -> dict[str, Any] | tuple[Vector, ...]:
    """Of a local minimum the multipliers that show that it is strict; else directions along which it may not be.

    If there are no symmetries, and q(d) > 0 for all d in Z, d != 0, the loss is greater at all other points near.
    """
    search = _Search(forms, parameters, columns, tick)
    tree = search._branch(())
    if isinstance(tree, dict) and not search.rank and not search.flat:
        return tree
    return (*search.symmetry.translations, *search.flat)


def has_cross_term(tree: Mapping[str, Any]) -> bool:
    """Whether some leaf is decided by its cross term."""
    return "cross-term" in tree or any(has_cross_term(tree[side]) for side in "+-" if side in tree)


class _Search:
    def __init__(self, forms: Forms, parameters: Vector, columns: Columns, tick: Callable[[], None]) -> None:
        self.forms, self.instance, self.columns, self.tick = forms, forms.instance, columns, tick
        self.jets, self.size = Jets(self.instance, parameters), len(parameters)
        self.symmetry = Symmetry(self.instance, parameters, columns)
        self.rank = rank(self.symmetry.directions)
        self.layer_1 = Simplex(self.size)
        self.width, self.activated = sum(groups(self.instance)), self.instance.network.activated
        self.is_flat = False
        self.flat: list[Vector] = []  # directions of no first order, perhaps of no second

    def run(self) -> dict[str, Any] | Curve | None:
        tree = self._branch(())
        if not isinstance(tree, dict):
            return tree
        if self.is_flat:
            return None
        translations = self.symmetry.needed_translations
        return {"tree": tree, "translations": [self.instance.network.write(d) for d in translations]}

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
        if kink.place[1]:
            return None
        form = self.layer_1.form([side * kink.jet.linear.get(k, ZERO) for k in range(self.size)])
        self.layer_1.assert_lower(form, 0, strict=True, tag=kink.position)
        refuted = self.layer_1.check()
        return None if refuted is None else {"empty": _written(refuted)}

    def _position(self, i: int, group: int, unit: int) -> int:
        return i * self.width + sum(self.activated[:group]) + unit

    def _walk(self, sides: Sequence[int]) -> tuple[list[Kink], Kink | None, list[Below]]:
        """The kinks on the sides given, the first one that is left, and the signs of the hidden units before it."""
        first, second = self.instance.network.slopes
        below: list[Below] = [() for _ in self.columns]
        kinks: list[Kink] = []
        for number in range(len(self.activated)):
            for i, column in enumerate(self.columns):
                signs = list(column[number])
                jets = self.jets.layer(i, below[i]) if 0 in signs and first != second else []
                for u, jet in enumerate(jets):
                    if not signs[u] and u in self.symmetry.live[i][number] and not jet.is_zero:
                        position = self._position(i, number, u)
                        if len(kinks) == len(sides):
                            return kinks, Kink((i, number, u), position, jet), below
                        signs[u] = sides[len(kinks)]
                        kinks.append(Kink((i, number, u), position, jet, signs[u]))
                below[i] += (tuple(signs),)
        return kinks, None, below

    def _loss(self, below: list[Below]) -> tuple[Jet, list[Kink]]:
        """The jet of the loss without the loss units with a kink, and these."""
        instance, terms, kinks = self.instance, [(mpq(1), self.jets.decay)], list[Kink]()
        group = len(self.activated)
        for i, target in enumerate(instance.y):
            outputs = self.jets.outputs(i, below[i])
            for output, t in zip(outputs, target, strict=True) if isinstance(target, tuple) else ():
                residual = Jet(output.value - t, output.linear, output.quadratic)
                terms.append((instance.loss.weight(i, 0, len(instance.x)), product(residual, residual)))
            for u, unit in enumerate(instance.units[i]):
                s, jet = self.columns[i][group][u], self.jets.loss_unit(outputs, unit.terms)
                if s > 0:
                    terms.append((unit.weight, jet))
                elif s == 0 and not jet.is_zero:
                    kinks.append(Kink((i, group, u), self._position(i, group, u), jet, 0, unit.weight))
        return total(terms), kinks

    def _leaf(self, sides: list[Kink], below: list[Below]) -> dict[str, Any] | Curve:
        loss, margins = self._loss(below)
        rows = {kink.position: self._row(kink.jet) for kink in (*sides, *margins)}
        cone = {kink.position: tuple(kink.side * a for a in rows[kink.position]) for kink in sides}
        weighted = {kink.position: (kink.weight, rows[kink.position]) for kink in margins}
        found = multipliers(self._row(loss), cone, weighted, self.tick)
        if isinstance(found, tuple):
            return (found,)
        terms, tight = [(mpq(1), loss)], list[Kink]()
        for kink in (*sides, *margins):
            m = found.values.get(kink.position, ZERO)
            terms.append((-m * kink.side if kink.side else m, kink.jet))
            if m and (kink.side or m != kink.weight):
                tight.append(kink)
        lagrangian = total(terms)
        if any(lagrangian.linear.values()):
            raise InternalContradiction("Farkas' lemma: the multipliers do not balance the gradient")
        curves = self._flat_curves(lagrangian, tuple(rows[kink.position] for kink in tight), found.interior)
        self.flat += [curve[0] for curve in curves] + [found.interior] * bool(curves)
        if not curves:
            return {"multipliers": _written(found.values)}
        if self._cross_term(found.values, [*sides, *margins], tight, below):
            return {"cross-term": _written(found.values)}
        for curve in curves:
            self.tick()
            order, coefficient = lowest_change(loss_germ(self.instance, self.jets.parameters, curve))
            if order and coefficient < 0:
                return curve
        self.is_flat = True
        return {}

    def _row(self, jet: Jet) -> Vector:
        return tuple(jet.linear.get(k, ZERO) for k in range(self.size))

    def _flat_curves(self, lagrangian: Jet, tight: Matrix, interior: Vector) -> list[Curve]:
        """Curves to try; none if the quadratic part is positive where the tight units are 0, apart from symmetries."""
        basis = kernel(tight, columns=self.size)
        if len(basis) == self.rank:
            return []
        rows = [[ZERO] * self.size for _ in range(self.size)]
        for (i, j), c in lagrangian.quadratic.items():
            rows[i][j] += c
            rows[j][i] += c
        images = [[dot(row, b) for row in rows] for b in basis]
        congruence = diagonalise(tuple(tuple(dot(image, b) for b in basis) for image in images))
        if congruence.inertia.negative == 0 and congruence.inertia.zero == self.rank:
            return []
        curves: list[Curve] = []
        for d, row in zip(congruence.diagonal, congruence.transform, strict=True):
            direction = tuple(dot(column, row) for column in zip(*basis, strict=True))
            for s in (1, -1) if d <= 0 else ():
                moved = tuple(s * a for a in direction)
                curves += [(moved,), (tuple(a + b for a, b in zip(moved, interior, strict=True)),)]
        return curves

    def _cross_term(
        self, values: Mapping[int, Rational], kinks: list[Kink], tight: list[Kink], below: list[Below]
    ) -> bool:
        """Whether the cross term is constant where the tight units are 0."""
        term = CrossTerm(self.forms, self.jets.parameters, below)
        if not term.is_known or self._has_hidden_kinks(term, below):
            return False
        units = {}
        for kink in kinks:
            i, group, u = kink.place
            units[kink.position] = term.unit(*kink.place) if kink.side else term.margin(i, u)
        group = len(self.activated)
        active = [
            (i, u)
            for i, column in enumerate(self.columns)
            for u, s in enumerate(column[group] if self.instance.loss.is_hinge else ())
            if s > 0
        ]
        cross = term.tangent(active)
        for kink in kinks:
            m = to_flint(values.get(kink.position, ZERO))
            cross += units[kink.position] * (-m * kink.side if kink.side else m)
        self.tick()
        return term.is_constant(cross, [units[kink.position] for kink in tight])

    def _has_hidden_kinks(self, term: CrossTerm, below: list[Below]) -> bool:
        """Whether a unit that matters has no side, since no jet of degree 2 is left of it, although it is not 0."""
        first, second = self.instance.network.slopes
        return first != second and any(
            not s and u in self.symmetry.live[i][number] and not term.unit(i, number, u).is_zero()
            for i, column in enumerate(below)
            for number, signs in enumerate(column)
            for u, s in enumerate(signs)
        )


def _written(values: Mapping[Any, Rational]) -> dict[str, str]:
    return {str(position): str(m) for position, m in sorted(values.items()) if m}
