"""Exact rational numbers: read from files and Python values, printed in lowest terms.

The one scalar type inside the package is `gmpy2.mpq`, here called `Rational`. Floats never enter
unless asked for by `dyadic`, which takes a float as the dyadic rational that it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from numbers import Rational as RationalABC
from typing import Any, TypeAlias

from gmpy2 import mpq, mpz

from exactrelu.errors import InexactError, MalformedInput

Rational: TypeAlias = "mpq"
Vector: TypeAlias = "tuple[mpq, ...]"
Matrix: TypeAlias = "tuple[Vector, ...]"

NEEDED = 'an exact number such as 3, 0.25, "-2/7" or "1e-3"'
EXPONENT_LIMIT = 100_000
LENGTH_LIMIT = 200_000  # of the checker, too
_MPQ = type(mpq())
_NUMBER = re.compile(r"([+-]?)(\d+)/(\d+)|([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?", re.ASCII)


def parse(text: str, where: str = "number") -> mpq:
    """The rational number that a string denotes: an integer, a fraction, or a decimal as written.

    Raises `MalformedInput`, which names ``where``, for anything else.

    >>> parse("-2/7"), parse("0.1"), parse("1e-3")
    (mpq(-2,7), mpq(1,10), mpq(1,1000))
    >>> parse("1/0", "data.y[0]")
    Traceback (most recent call last):
    exactrelu.errors.MalformedInput: data.y[0]: found "1/0", needed a fraction with a non-zero denominator
    """
    if len(text) > LENGTH_LIMIT:
        raise MalformedInput(where, f'"{text}"', f"a number of at most {LENGTH_LIMIT} characters")
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise MalformedInput(where, f'"{text}"', NEEDED)
    sign, numerator, denominator, decimal_sign, whole, digits, exponent = match.groups()
    if numerator is not None:
        if not denominator.strip("0"):
            raise MalformedInput(where, f'"{text}"', "a fraction with a non-zero denominator")
        value = mpq(mpz(numerator), mpz(denominator))
        return -value if sign == "-" else value
    if not (whole or digits):
        raise MalformedInput(where, f'"{text}"', NEEDED)
    power = int(exponent or 0) - len(digits or "")
    if abs(int(exponent or 0)) > EXPONENT_LIMIT:
        raise MalformedInput(where, f'"{text}"', f"an exponent of at most {EXPONENT_LIMIT} in absolute value")
    value = mpq(mpz((whole or "") + (digits or "")))
    value = value * mpz(10) ** power if power >= 0 else value / mpz(10) ** -power
    return -value if decimal_sign == "-" else value


def rational(value: Any, where: str = "number") -> mpq:
    """The exact number that a Python value is: int, Fraction, Decimal, mpq, SymPy Rational, or a string.

    Raises `InexactError` for a float, `MalformedInput` for what is no number (booleans included).

    >>> from fractions import Fraction
    >>> rational(3), rational("1/2"), rational(Fraction(2, 6))
    (mpq(3,1), mpq(1,2), mpq(1,3))
    >>> rational(0.5)
    Traceback (most recent call last):
    exactrelu.errors.InexactError: found the float 0.5, needed an exact number: \
write "0.5" for 1/2, or exactrelu.dyadic(0.5) for the double
    """
    if type(value) is _MPQ:
        return value
    if isinstance(value, str):
        return parse(value, where)
    if isinstance(value, bool):
        raise MalformedInput(where, str(value).lower(), NEEDED)
    if getattr(value, "is_Rational", False):  # a SymPy number, without importing SymPy
        return mpq(int(value.p), int(value.q))
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:  # a NumPy scalar
        if type(value.item()) is type(value):  # a long double, which has no Python equal
            raise InexactError(value)
        return rational(value.item(), where)
    if isinstance(value, Decimal) and value.is_finite():
        return parse(str(value), where)
    if isinstance(value, float) or type(value).__name__ == "mpfr":
        raise InexactError(value)
    if isinstance(value, (int, RationalABC, mpz)):
        return mpq(value)
    if type(value).__name__ == "fmpz":  # flint
        return mpq(int(value))
    if hasattr(value, "p") and hasattr(value, "q"):
        return mpq(int(value.p), int(value.q))
    raise MalformedInput(where, type(value).__name__ if not isinstance(value, dict) else "an object", NEEDED)


def vector(values: Iterable[object], where: str = "vector") -> Vector:
    """A tuple of exact numbers.

    >>> vector([1, "1/2"])
    (mpq(1,1), mpq(1,2))
    """
    return tuple(rational(value, f"{where}[{index}]") for index, value in enumerate(values))


def matrix(rows: Iterable[Iterable[object]], where: str = "matrix") -> Matrix:
    """A tuple of rows of exact numbers, all of one length; raises `MalformedInput` when ragged.

    >>> matrix([[1, "1/2"], [0, 3]])
    ((mpq(1,1), mpq(1,2)), (mpq(0,1), mpq(3,1)))
    """
    result = tuple(vector(row, f"{where}[{index}]") for index, row in enumerate(rows))
    for index, row in enumerate(result):
        if len(row) != len(result[0]):
            raise MalformedInput(f"{where}[{index}]", f"{len(row)} entries", f"{len(result[0])}, as in row 0")
    return result


def dyadic(value: Any, where: str = "float") -> Any:
    """A float, or an array of floats, as the dyadic rational numbers that it holds.

    Arrays (NumPy, torch, nested lists) become nested tuples, mappings of arrays dictionaries. Raises `MalformedInput`,
    which names the place below ``where``, for NaN and infinities.

    >>> dyadic(0.1)
    mpq(3602879701896397,36028797018963968)
    >>> dyadic([0.5, [0.25]])
    (mpq(1,2), (mpq(1,4),))
    >>> dyadic({"b1": [0.5, float("nan")]}, "checkpoint")
    Traceback (most recent call last):
    exactrelu.errors.MalformedInput: checkpoint.b1[1]: found nan, needed a finite number
    """
    if isinstance(value, Mapping):
        return {key: dyadic(entry, f"{where}.{key}") for key, entry in value.items()}
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    if not hasattr(value, "tolist") and hasattr(value, "__array__"):
        value = value.__array__()
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return tuple(dyadic(entry, f"{where}[{index}]") for index, entry in enumerate(value))
    if isinstance(value, float) or type(value).__name__ == "longdouble":
        if value != value or value in (float("inf"), float("-inf")):
            raise MalformedInput(where, str(value), "a finite number")
        return mpq(*value.as_integer_ratio())
    return rational(value, where)


def text(value: mpq) -> str:
    """The number in lowest terms, the sign in front.

    >>> text(rational("4/6")), text(rational(-3))
    ('2/3', '-3')
    """
    return str(value)


def texts(value: Any) -> Any:
    """A number as a string, nested tuples of numbers as nested lists of strings: ready for JSON.

    >>> texts(((mpq(1, 2), mpq(3)),))
    [['1/2', '3']]
    """
    return [texts(entry) for entry in value] if isinstance(value, (tuple, list)) else str(value)


def below(value: mpq, digits: int) -> str:
    """The greatest decimal with so many significant digits that is at most the number: a lower bound for people.

    >>> below(mpq(2, 3), 3), below(mpq(-2, 3), 3), below(mpq(1, 2), 3)
    ('0.666', '-0.667', '0.5')
    """
    return _rounded(value, Context(prec=digits, rounding=ROUND_FLOOR))


def above(value: mpq, digits: int) -> str:
    """The least decimal with so many significant digits that is at least the number: an upper bound for people.

    >>> above(mpq(2, 3), 3), above(mpq(1, 3 * 10**9), 3)
    ('0.667', '3.34e-10')
    """
    return _rounded(value, Context(prec=digits, rounding=ROUND_CEILING))


def _rounded(value: mpq, context: Context) -> str:
    quotient = context.divide(Decimal(int(value.numerator)), Decimal(int(value.denominator)))
    return f"{quotient:e}" if quotient and quotient.adjusted() < -4 else f"{quotient:g}"


def primitive(values: Sequence[mpq]) -> tuple[int, ...]:
    """The primitive integer vector on the ray of a rational vector (the zero vector stays zero).

    >>> primitive(vector(["1/2", "-1/3", 0]))
    (3, -2, 0)
    """
    from math import gcd, lcm

    scale = lcm(*(int(value.denominator) for value in values)) if values else 1
    integers = [int(value * scale) for value in values]
    divisor = gcd(*integers) if integers else 1
    return tuple(integer // divisor for integer in integers) if divisor else tuple(integers)


def dot(a: Iterable[Any], b: Iterable[Any]) -> Rational:
    """The scalar product.

    >>> dot((mpq(1, 2), mpq(3)), (4, 5))
    mpq(17,1)
    """
    return sum((p * q for p, q in zip(a, b, strict=True)), mpq(0))


def combination(terms: Iterable[tuple[Rational, Sequence[Any]]], size: int) -> Vector:
    """The sum of factor * vector, for vectors of this size.

    >>> combination([(mpq(2), (1, 0)), (mpq(-1), (0, 1))], 2)
    (mpq(2,1), mpq(-1,1))
    """
    result = [mpq(0)] * size
    for factor, row in terms:
        if factor:
            result = [a + factor * b for a, b in zip(result, row, strict=True)]
    return tuple(result)
