"""Exact numbers: every way to write one, every way to get it wrong, and floats only as the dyadics that they are."""

from __future__ import annotations

import re
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy
import pytest
from gmpy2 import mpfr, mpq, mpz
from hypothesis import assume, given
from hypothesis import strategies as st

import exactrelu
from exactrelu import InexactError, MalformedInput, dyadic
from exactrelu.rational import matrix, parse, primitive, rational, text, texts, vector


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3", (3, 1)), ("-2/7", (-2, 7)), ("0.25", (1, 4)), ("1e-3", (1, 1000)), ("0.1", (1, 10)), ("0", (0, 1)),
        ("-0", (0, 1)), ("+4", (4, 1)), ("4/6", (2, 3)), ("0/5", (0, 1)), ("007", (7, 1)), ("1E2", (100, 1)),
        ("-1.5e+1", (-15, 1)), (".5", (1, 2)), ("2.", (2, 1)), ("-0.0", (0, 1)), ("12.50", (25, 2)),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_is_written(written: str, value: tuple[int, int]) -> None:
    assert parse(written) == mpq(*value)


@pytest.mark.parametrize(
    "written",
    [
        "", " ", "1/0", "-3/00", "NaN", "nan", "Infinity", "-Infinity", "inf", "true", "1/", "/2", "1//2", "1/-2",
        "--1",
        "1 ", " 1", "1 /2", "1_000", "1,5", "0x10", "1e", "e5", ".", "-", "+", "-.", "1e1.5", "1/2e3", "1.5/2", "½",
        "٣", "1e99999999999", "1\n", "\n1", "1e5e5", "2+3", "(1)", "1e100001", "1e-100001", "0e999999", "1e999999999",
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_with_its_place(written: str) -> None:
    with pytest.raises(MalformedInput) as error:
        parse(written, "data.x[0][1]")
    assert error.value.where == "data.x[0][1]"
    assert str(error.value).startswith("data.x[0][1]: found ")


@given(st.fractions())
def test_a_number_survives_being_written(value: Fraction) -> None:
    written = text(rational(value))
    assert Fraction(written) == value
    assert parse(written) == rational(value)
    assert "/" not in written or not written.endswith("/1")
    assert "+" not in written


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12))
def test_a_decimal_is_taken_as_written(value: Decimal) -> None:
    assert parse(str(value)) == mpq(Fraction(value))


@given(st.text(alphabet="0123456789+-/.eE ", max_size=12))
def test_a_string_is_an_exact_number_exactly_when_fractions_read_it_so(written: str) -> None:
    """The standard library as oracle; it also accepts blanks around, which a file must not contain."""
    assume(not re.search(r"[eE][+-]?\d{4}", written))
    try:
        expected = Fraction(written)
    except (ValueError, ZeroDivisionError):
        expected = None
    if expected is None or written != written.strip():
        with pytest.raises(MalformedInput):
            parse(written)
    else:
        assert parse(written) == mpq(expected)


def test_numbers_of_10000_digits_survive_the_round_trip() -> None:
    numerator, denominator = "-" + "9" * 10_000, "8" * 9_999 + "7"
    value = parse(f"{numerator}/{denominator}")
    assert parse(text(value)) == value
    assert value * parse(denominator) == parse(numerator)
    long = parse("0." + "3" * 10_000)
    assert long.denominator == mpz(10) ** 10_000
    limit = sys.get_int_max_str_digits()
    assert texts((value,))[0] == text(value)
    assert sys.get_int_max_str_digits() == limit, "no global configuration is changed"


def test_a_large_exponent_within_the_limit_is_exact() -> None:
    assert parse("1e1000") == mpz(10) ** 1000
    assert parse("-25e-402") == mpq(-1, 4) / mpz(10) ** 400


@pytest.mark.parametrize(
    "value",
    [3, "3", Fraction(3), mpq(3), mpz(3), numpy.array(3), Fraction(6, 2), "6/2", "3.0", "30e-1"],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_every_exact_type_is_taken(value: Any) -> None:
    assert rational(value) == 3
    assert type(rational(value)) is type(mpq())


def test_sympy_numbers_are_taken() -> None:
    import sympy

    assert rational(sympy.Rational(2, 7)) == mpq(2, 7)
    assert rational(sympy.Integer(-4)) == -4


def test_flint_fractions_are_taken_and_irrational_numbers_refused() -> None:
    import flint
    import sympy

    assert rational(flint.fmpq(2, 7)) == mpq(2, 7)
    for inexact in (sympy.pi, sympy.Float("0.1"), sympy.sqrt(2), sympy.Symbol("x"), sympy.oo, sympy.nan):
        with pytest.raises(exactrelu.ExactReluError):
            rational(inexact)


@pytest.mark.parametrize("kind", [numpy.int8, numpy.int64, numpy.uint64])
def test_numpy_integers_are_exact_numbers(kind: Any) -> None:
    assert rational(kind(3)) == 3


def test_an_integer_array_is_a_matrix() -> None:
    assert matrix(numpy.array([[1, 2], [3, 4]])) == ((1, 2), (3, 4))


def test_flint_integers_are_exact_numbers() -> None:
    import flint

    assert rational(flint.fmpz(2)) == 2


def test_a_decimal_object_is_an_exact_number() -> None:
    assert rational(Decimal("0.1")) == mpq(1, 10)


@pytest.mark.parametrize(
    "value", [0.5, 0.1, float("nan"), float("inf"), numpy.float64(0.5), numpy.float32(0.5), numpy.float16(0.5),
              numpy.array(0.5), mpfr("0.5")],
    ids=lambda value: f"{type(value).__name__} {value}",
)  # fmt: skip
def test_a_float_raises_with_advice(value: Any) -> None:
    with pytest.raises(InexactError, match="needed an exact number") as error:
        rational(value)
    assert "dyadic" in str(error.value)
    assert isinstance(error.value, TypeError)
    assert "\n" not in str(error.value)


def test_the_advice_on_a_float_names_the_decimal_and_the_dyadic() -> None:
    with pytest.raises(InexactError) as error:
        rational(0.1)
    assert 'write "0.1" for 1/10' in str(error.value)
    assert "exactrelu.dyadic(0.1)" in str(error.value)


def test_the_advice_on_a_numpy_float_can_be_followed() -> None:
    with pytest.raises(InexactError) as error:
        rational(numpy.float32(0.5))
    advised = str(error.value).split('write "')[1].split('"')[0]
    assert parse(advised) == mpq(1, 2)


def test_a_long_double_raises_with_advice() -> None:
    with pytest.raises(InexactError):
        rational(numpy.longdouble(0.5))


@pytest.mark.parametrize("value", [True, False, None, [], {}, (1, 2), object(), 1j, b"1", numpy.bool_(True), {1}])
def test_what_is_no_number_at_all_is_malformed(value: Any) -> None:
    with pytest.raises(MalformedInput) as error:
        rational(value, "loss.factor")
    assert error.value.where == "loss.factor"


def test_vectors_and_matrices_name_the_entry() -> None:
    with pytest.raises(MalformedInput) as error:
        matrix([[1, 2], [3, "x"]], "data.x")
    assert error.value.where == "data.x[1][1]"
    with pytest.raises(MalformedInput) as ragged:
        matrix([[1, 2], [3]], "data.x")
    assert ragged.value.where == "data.x[1]"
    with pytest.raises(InexactError):
        vector([1, 2.0])
    assert matrix([]) == ()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_taken_as_the_dyadic_rational_that_it_is(value: float) -> None:
    taken = dyadic(value)
    assert float(taken) == value
    assert (taken.denominator & (taken.denominator - 1)) == 0
    assert Fraction(str(taken)) == Fraction(value)


def test_arrays_of_floats_become_nested_tuples_of_dyadics() -> None:
    assert dyadic(numpy.array([[0.5, 0.1]])) == ((mpq(1, 2), mpq(0.1)),)
    assert dyadic(numpy.array([0.1], dtype=numpy.float32)) == (mpq(*float(numpy.float32(0.1)).as_integer_ratio()),)
    assert dyadic(numpy.array([1, 2**60 + 1])) == (1, 2**60 + 1)
    assert dyadic([0.5, [0.25, 3], "1/3"]) == (mpq(1, 2), (mpq(1, 4), mpq(3)), mpq(1, 3))
    assert dyadic(numpy.float32(0.25)) == mpq(1, 4)
    assert dyadic(numpy.zeros((0, 2))) == ()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), numpy.array([numpy.nan]), [[numpy.inf]]])
def test_what_is_not_finite_is_no_dyadic_number(value: Any) -> None:
    with pytest.raises(MalformedInput):
        dyadic(value)


class Tensor:
    """What a torch tensor looks like from outside, without torch; ``double`` rounds as torch does."""

    def __init__(self, values: Any) -> None:
        self.values = numpy.array(values)

    def detach(self) -> Tensor:
        return self

    def cpu(self) -> Tensor:
        return self

    def double(self) -> Tensor:
        return Tensor(self.values.astype(numpy.float64))

    def is_floating_point(self) -> bool:
        return bool(self.values.dtype.kind == "f")

    def tolist(self) -> Any:
        return self.values.tolist()


def test_a_checkpoint_is_taken_key_by_key() -> None:
    state = {"hidden.weight": Tensor([[0.5, -0.25]]), "hidden.bias": Tensor([1.0])}
    assert dyadic(state) == {"hidden.weight": ((mpq(1, 2), mpq(-1, 4)),), "hidden.bias": (mpq(1),)}


def test_an_integer_tensor_is_exact() -> None:
    assert dyadic(Tensor([2**60 + 1])) == (2**60 + 1,)


def test_no_public_name_is_hidden_by_a_submodule() -> None:
    import exactrelu.network

    for name in exactrelu.__all__:
        assert not isinstance(getattr(exactrelu, name), type(exactrelu)), name


@given(st.lists(st.fractions(max_denominator=50), max_size=5))
def test_the_primitive_vector_is_on_the_same_ray(values: list[Fraction]) -> None:
    from math import gcd

    found = primitive([rational(v) for v in values])
    assert gcd(*found) in (0, 1)
    scale = next((Fraction(p) / v for p, v in zip(found, values, strict=True) if v), Fraction(1))
    assert scale > 0
    assert [Fraction(p) for p in found] == [scale * v for v in values]
