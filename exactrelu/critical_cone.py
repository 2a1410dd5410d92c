"""Multipliers of a piecewise linear function on a cone, as few of them zero as possible; or a direction of descent.

The function <loss, d> + sum_j weight_j max(<margin_j, d>, 0) on the cone {<side_u, d> >= 0} is >= 0 iff

    loss + sum_j g_j margin_j = sum_u alpha_u side_u,    alpha_u >= 0,    0 <= g_j <= weight_j

has a solution. The critical cone is where it is 0. By strict complementarity (Goldman and Tucker) some solution has
alpha_u > 0 wherever side_u is 0 on the critical cone, and 0 < g_j < weight_j wherever margin_j is, so that the span of
the cone is the space on which all these are 0. It is the mean of solutions found for one row after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

from gmpy2 import mpq

from exactrelu.rational import Rational, Vector, dot
from exactrelu.simplex import Simplex

ZERO = mpq(0)


@dataclass(frozen=True)
class Multipliers:
    """The multipliers alpha_u and g_j that are not 0, by key, and a direction in the interior of the critical cone."""

    values: Mapping[int, Rational]
    interior: Vector


def multipliers(
    loss: Vector, sides: Mapping[int, Vector], margins: Mapping[int, tuple[Rational, Vector]],
    tick: Callable[[], None],
) -> Multipliers | Vector:  # fmt: skip
    """The multipliers, or a direction in the cone along which the function falls.

    >>> one, two = (mpq(1), mpq(0)), (mpq(0), mpq(1))
    >>> multipliers(one, {7: one}, {8: (mpq(3), two)}, lambda: None)
    Multipliers(values={7: mpq(1,1)}, interior=(mpq(0,1), mpq(-1,1)))
    >>> multipliers(two, {7: one}, {8: (mpq(3), two)}, lambda: None)
    (mpq(0,1), mpq(-1,1))
    """
    size, extra = len(loss), (ZERO,) * len(margins)
    simplex = Simplex(size + len(margins))  # the variables are d and y_j >= max(<margin_j, d>, 0)
    rows: dict[Hashable, Vector] = {("side", key): (*row, *extra) for key, row in sides.items() if any(row)}
    for n, (key, (_, row)) in enumerate(margins.items()):
        unit = tuple(mpq(k == n) for k in range(len(margins)))
        rows["low", key] = (*((ZERO,) * size), *unit)
        rows["high", key] = (*(-a for a in row), *unit)
    forms = {tag: simplex.form(row) for tag, row in rows.items()}
    objective = simplex.form((*loss, *(weight for weight, _ in margins.values())))
    for tag, form in forms.items():
        simplex.assert_lower(form, 0, tag=tag)
    simplex.push()
    simplex.assert_upper(objective, 0, strict=True, tag="loss")
    refuted = simplex.check()
    if refuted is None:
        return simplex.model()[:size]
    simplex.pop()
    simplex.assert_upper(objective, 0, tag="loss")
    sums, loose, interior = dict(refuted), set[Hashable](), (ZERO,) * size
    for tag, form in forms.items():
        if tag in sums or tag in loose:
            continue
        tick()
        simplex.push()
        simplex.assert_lower(form, 0, strict=True, tag=tag)
        refuted = simplex.check()
        if refuted is None:
            model = simplex.model()
            loose.update(other for other, row in rows.items() if dot(row, model) > 0)
            interior = tuple(a + b for a, b in zip(interior, model[:size], strict=True))
        for name, m in (refuted or {}).items():
            sums[name] = sums.get(name, ZERO) + m
        simplex.pop()
    scale = sums["loss"]
    values = {tag[1]: m / scale for tag, m in sums.items() if isinstance(tag, tuple) and tag[0] != "low"}
    return Multipliers(dict(sorted(values.items())), interior)
