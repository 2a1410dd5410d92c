"""Certificates of the kind ``facts``: true relations are accepted, false ones are not, enclosures agree with mpmath."""

import contextlib
import random
from fractions import Fraction

import mpmath
import pytest

from exactrelu import example
from exactrelu.checker import Malformed, Real, atan, check, erf, exp, log, pi, sqrt
from exactrelu.facts import expression, facts

TRUE = [
    "1/3 + 1/6 == 1/2",
    "2**10 == 1024",
    "2**-2 == 1/4",
    "-3 < -2 <= -2 < 0",
    "1 != 2",
    "[1, 2] + [3, 4] == [4, 6]",
    "2 * [1, 2] == [2, 4]",
    "[1, 2] * 2 / 4 == [1/2, 1]",
    "[[1, 2], [3, 4]] @ [1, 1] == [3, 7]",
    "[1, 1] @ [[1, 2], [3, 4]] == [4, 6]",
    "[[1, 2], [3, 4]] @ [[0, 1], [1, 0]] == [[2, 1], [4, 3]]",
    "[[1, 1], [0, 1]]**3 == [[1, 3], [0, 1]]",
    "[[1, 1], [0, 1]]**0 == identity(2)",
    "transpose([[1, 2, 3]]) == [[1], [2], [3]]",
    "trace([[1, 9], [9, 2]]) == 3",
    "rank([[1, 2], [2, 4]]) == 1",
    "det([[0, 2], [3, 4]]) == -6",
    "positive_definite([[2, 1], [1, 2]])",
    "positive_semidefinite([[1, 1], [1, 1]])",
    "norm2([[1, 2], [2, 0]]) == 9",
    "dot([1, 2], [3, 4]) == 11",
    "sum([1, 2, 3]) == 6",
    "max(1, 3, 2) == 3",
    "min(1, 1/2) == 1/2",
    "abs(-2/3) == 2/3",
    "[[5, 6], [7, 8]][1][0] == 7",
    "zeros(1, 2) == [[0, 0]]",
    "(s + t)**2 == s**2 + 2*s*t + t**2",
    'derivative(s*t**3, "t") == 3*s*t**2',
    'substitute(s*t**2, "t", s + 1) == s*(s + 1)**2',
    "exp(1) * exp(-1) < 1 + 1/10**30",
    "sqrt(2)**2 > 2 - 1/10**30",
    "4*atan(1) - pi() < 1/10**30",
    "erf(1) + erf(-1) < 1/10**20",
    "log(8) / log(2) > 299/100",
    "tanh(1/2) < 1/2",
    "exp(-1000) > 0",
    "pi() != 355/113",
    "1/exp(3) < exp(-2)",
    "sqrt(0) >= -1",
]
FALSE = [
    "1/3 == 1/4",
    "2 < 2",
    "2 != 2",
    "[1, 2] == [1, 3]",
    "rank([[1, 2], [2, 4]]) == 2",
    "positive_definite([[1, 1], [1, 1]])",
    "positive_definite([[1, 2], [2, 1]])",
    "positive_semidefinite([[0, 1], [1, 0]])",
    "s*t == s + t",
    "exp(1) > 272/100",
    "pi() > 355/113",
    "erf(1) > 85/100",
    "atan(1/2) < 46/100",
    "sqrt(2) < 141/100",
    "log(1/2) > -69/100",
    "tanh(2) > 1",
    "1 < 2 < 2",
    "1/0 == 1",
    "exp(0) > 1",
    "((2**1000)**1000)**1000 > 0",
    "log(0) < 0",
    "sqrt(-1) < 1",
    "1/(exp(0) - 1) > 0",
    "exp(10**9) > 1",
]
MALFORMED = [
    "exp(0) == 1",
    "0.5 == 1/2",
    "True",
    "1 +",
    "x == 1",
    'open("file")',
    "().__class__",
    "[1, [2]] == 1",
    "[] == []",
    "[1, 2] == 1",
    "s < 1",
    '1 < "a"',
    "2**(1/2) > 1",
    "2**10001 > 1",
    "[1, 2] * [3, 4] == 1",
    "[1, 2] @ [1] == 1",
    "[1][1] == 1",
    "[1][-1] == 1",
    "exp(1, 2) > 0",
    "exp([1]) > 0",
    "rank([1, 2]) == 1",
    "identity(1000) == 1",
    "positive_definite([[1, 2], [3, 4]])",
    "det([[1, 2]]) == 1",
    'loss("bad") == 1',
    'derivative(s, "u") == 1',
    "1 is 1",
    "1 == 1 and 2 == 2",
    "lambda: 1",
    "[i for i in [1]] == [1]",
    "s/t == 1",
    "norm2() == 0",
]


def verdict(relation, problem=None, definitions=None):
    return check(facts(problem, "words", [relation], definitions, ("s", "t")))


@pytest.mark.parametrize("relation", TRUE)
def test_a_true_relation_is_accepted(relation):
    assert verdict(relation).accepted


@pytest.mark.parametrize("relation", FALSE)
def test_a_false_or_undecided_relation_is_rejected(relation):
    assert not verdict(relation).accepted


@pytest.mark.parametrize("relation", MALFORMED)
def test_what_is_no_relation_is_malformed(relation):
    with pytest.raises(Malformed):
        verdict(relation)


def test_a_relation_that_is_only_a_number_is_not_true():
    assert not verdict("1").accepted and not verdict("[[1]]").accepted


def test_definitions_are_in_order_and_define_new_names():
    assert verdict("b == 4", definitions={"a": "2", "b": "a + a"}).accepted
    for wrong in ({"b": "a", "a": "1"}, {"s": "1"}, {"1a": "1"}):
        with pytest.raises(Malformed):
            verdict("1 == 1", definitions=wrong)


def test_quantities_of_a_problem_are_those_of_its_named_points():
    problem = example("yun2018-three-point")
    point = problem.at("bad")
    relations = [
        'loss("bad") == 1/3',
        'gradient("bad") == 0 * gradient("bad")',
        f'outputs("bad") == {expression([[Fraction(1, 3)]] * 3)}',
        f'signature("bad") == "{point.signature}"',
        'parameter("bad", "W1") == [[1/4, 1/4], [1/4, 1/4]]',
        'parameter("bad", "b2") == [0]',
        "sum(y) == 1",
        "weights == [1/2, 1/2, 1/2]",
        "x[2] == [1/2, 1/2]",
        "weight_decay == 0",
        'trace(hessian("bad")) > 0',
        'positive_semidefinite(hessian("bad"))',
        'transpose(hessian("bad")) == hessian("bad")',
    ]
    for relation in relations:
        assert verdict(relation, problem).accepted, relation
    assert not verdict('loss("bad") == 1/4', problem).accepted


def test_the_gradient_at_a_kink_is_refused():
    problem = example("laurent-brecht-zero-loss-on-a-boundary")
    name = next(name for name in problem.points if "0" in problem.at(name).signature)
    assert "kink" in verdict(f'gradient("{name}") == 0', problem).reason


@pytest.mark.parametrize(
    ("bounds", "function", "low", "high"),
    [
        (exp, mpmath.exp, -40, 40),
        (log, mpmath.log, 1, 900),
        (sqrt, mpmath.sqrt, 0, 900),
        (atan, mpmath.atan, -90, 90),
        (erf, mpmath.erf, -8, 8),
    ],
)
def test_enclosures_contain_the_value_that_mpmath_finds(bounds, function, low, high):
    generator = random.Random(1)
    with mpmath.workdps(400):
        for _ in range(40):
            q = Fraction(generator.randint(low * 1000, high * 1000), generator.choice([1000, 997, 1024])) + (low > 0)
            value = function(mpmath.mpf(q.numerator) / q.denominator)
            for bits in (64, 1024):
                below, above = bounds(q, bits)
                assert mpmath.mpf(below.numerator) / below.denominator - mpmath.mpf(10) ** -390 <= value
                assert value <= mpmath.mpf(above.numerator) / above.denominator + mpmath.mpf(10) ** -390
                assert above - below < Fraction(1, 2 ** (bits // 2))


def test_pi_has_the_known_digits():
    below, above = Real(pi).at(256)
    assert below < Fraction(314159265358979323846264338327950288419716939937511, 10**50) + Fraction(
        1, 10**50
    ) and above > Fraction(314159265358979323846264338327950288419716939937510, 10**50)


# ---------------------------------------- false claims that look like true ones


@pytest.mark.parametrize(
    "relation",
    [
        "trace([[1, 2]]) == 1",
        "[1, 2]**2 == 5",
        "[[1, 2]]**0 == [[1]]",
        "[[[1], [2]], [[3], [4]]] == [[[1], [2]], [[3], [4]]]",
        '"loss" != 3',
        "(1 < 2) != 1",
        'sum(5) != "a"',
        'sum("a") == "a"',
        "1 == 1 # and the loss is 0",
        "\uff53 == s",
        "\u017f == s",
        "max(*[1, 2]) == 2",
        "[exp(0)] == [1]",
        "1 == 1, 2 == 3",
        "[1, 2][0:1] == [1]",
        "1 if 1 else 2 == 3",
        'f"{1}" == "1"',
        "(s := 1) == 1",
        "None == None",
        "1j * 1j == -1",
    ],
)
def test_what_only_looks_like_a_relation_is_malformed(relation: str) -> None:
    with pytest.raises(Malformed):
        verdict(relation)


@pytest.mark.parametrize("name", ["exp", "loss", "\ufb01", "a b", "", "1", "s"])
def test_a_name_is_one_word_of_ascii_letters_and_new(name: str) -> None:
    for changed in ({"definitions": [[name, "1"]]}, {"variables": ["s", name]}):
        with pytest.raises(Malformed, match="no new name"):
            check({**facts(None, "words", ["1 == 1"], None, ("s",)).to_dict(), **changed})


LARGE = {
    "((t**1000)**1000)**1000 == t": {},
    "(t**1000)**3 == t": {},
    "norm2(a_60) > 0": {"a_0": "[1, 2]"} | {f"a_{k + 1}": f"[a_{k}, a_{k}]" for k in range(60)},
    "identity(100)**1000 == identity(100)": {},
    "det(b * identity(50)) > 0": {"b": "(2**1000)**10"},
    "rank(transpose([v]) @ [v]) == 1": {"v": "[" + "1, " * 2000 + "1]"},
    "(s + t + (s + 1)**30)**60 == 0": {},
    'substitute(p, "t", s + 1 + s**2) == 0': {"p": "t**900"},
    "exp(4096) - exp(4096) > 0": {},
    "sqrt(2)**1000 > a_3000": {"a_0": "exp(1)"} | {f"a_{k + 1}": f"a_{k} + 1" for k in range(3000)},
}


@pytest.mark.parametrize("relation", LARGE)
def test_a_short_text_cannot_ask_for_much_work(relation: str) -> None:
    try:
        assert not verdict(relation, definitions=LARGE[relation])
    except Malformed as error:
        assert "matrix" in str(error)


def test_enclosures_of_large_and_small_numbers_are_found_at_once() -> None:
    for relation in (
        "erf(32) < 1",
        "exp(-4096) > 0",
        "log(10**1000) > 2302",
        "log(10**-1000) < -2302",
        "atan(10**1000) * 2 < pi()",
        "atan(10**-1000) > 0",
        "sqrt(10**1000) > 10**499",
        "exp(exp(2)) < 1619",
    ):
        assert verdict(relation)


@pytest.mark.parametrize("field", ["facts", "definitions", "variables"])
def test_a_changed_field_is_rejected_or_malformed(field):
    good = facts(None, "words", ["a * t == t + t"], {"a": "2"}, ("t",)).to_dict()
    assert check(good).accepted
    for wrong in ([], ["a == 3"], [["a", "3"]], ["u"], None, 7, [[]], {}):
        with contextlib.suppress(Malformed):
            assert not check({**good, field: wrong}).accepted
