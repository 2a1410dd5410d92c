"""Directions in which to look for descent, ascent or a jump of slope: guesses, always in the same order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, islice, product

from gmpy2 import mpq

from exactrelu.forms import CellForm
from exactrelu.polynomial import Polynomial, to_flint
from exactrelu.rational import Rational, Vector

SUPPORT_LIMIT = 8
TRIALS = 200


def fixed_directions(size: int) -> Iterator[Vector]:
    """The axes, both ways, then small integer vectors."""
    for j in range(size):
        for s in (1, -1):
            yield tuple(mpq(s if k == j else 0) for k in range(size))
    yield from islice(scattered(size), TRIALS)


def minimal_directions(form: CellForm, point: Sequence[Rational]) -> Iterator[Vector]:
    """Directions along which one monomial of the shifted polynomial stands alone.

    Shift the polynomial to the point and take a monomial whose variables are minimal: on the span of these
    variables every term contains all of them. Signs are tried in all ways. For a multi-affine polynomial one of
    them descends and another ascends: this is a proof that it has no extremum unless it is constant.
    """
    supports = {frozenset(monomial) for monomial, _ in shifted_terms(form, point)}
    minimal = sorted(
        (sorted(s) for s in supports if s and not any(other < s for other in supports if other)),
        key=lambda s: (len(s), s),
    )
    for support in minimal:
        if len(support) <= SUPPORT_LIMIT:
            for choice in product((1, -1), repeat=len(support)):
                signs = dict(zip(support, choice, strict=True))
                yield tuple(mpq(signs.get(j, 0)) for j in range(len(point)))


def shifted_terms(form: CellForm, point: Sequence[Rational]) -> list[tuple[tuple[int, ...], Rational]]:
    """The terms of the polynomial h -> p(point + h), the constant included."""
    moved = [g + to_flint(value) for g, value in zip(form.ring.context.gens(), point, strict=True)]
    return list(Polynomial(form.ring, form.polynomial.value.compose(*moved)).terms)


def scattered(size: int, growing: bool = False) -> Iterator[Vector]:
    """An endless fixed sequence of small integer vectors (a linear congruential generator, not random); those of a
    growing sequence come near every direction.
    """
    state, bound = 1, 3
    for number in count():
        vector = []
        for _ in range(size):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            vector.append(mpq((state >> 33) % (2 * bound + 1) - bound))
        yield tuple(vector)
        bound += growing and number % 50 == 49
