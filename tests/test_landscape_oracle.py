"""The oracle of the points on kinks, judged by itself: two ways to decide, a search by chance, and the instances."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from gmpy2 import mpq
from kinked_points import kinked, shallow
from landscape_oracle import Shallow, chambers
from problems import Oracle, random_point
from tableau import maximise
from test_instances import CASES, instance, is_decidable

SEEDS = range(40)


def assert_consistent(here: Shallow, rng: random.Random, rounds: int) -> None:
    """The primal and the dual verdict, the search, and the incident cells agree."""
    minimum, maximum = here.local_minimum(), here.local_maximum()
    assert minimum == here.dual_minimum()
    assert not (minimum and here.found(rng, -1, rounds))
    assert not (maximum and here.found(rng, 1, rounds))
    assert here.clarke_critical() or not (minimum or maximum)
    assert set(here.sampled(rng, 10)) <= set(here.incident())


@pytest.mark.parametrize("seed", SEEDS)
def test_the_verdicts_of_the_oracle_do_not_contradict_each_other(seed: int) -> None:
    rng = random.Random(seed)
    problem = kinked(rng)
    here = shallow(problem)
    assert here.loss == Oracle(problem).value(problem.point("p"))
    assert_consistent(here, rng, 30)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_the_verdicts_of_the_oracle_do_not_contradict_each_other_on_many_points(block: int) -> None:
    for seed in range(1000 + 100 * block, 1100 + 100 * block):
        rng = random.Random(seed)
        assert_consistent(shallow(kinked(rng)), rng, 60)


def test_all_verdicts_are_frequent() -> None:
    """Without this the tests of the engine against the oracle would say little."""
    seen: Counter[tuple[str, bool, bool]] = Counter()
    margins = 0
    for seed in range(200):
        here = shallow(kinked(random.Random(seed)))
        kind = "squared" if here.squared else "hinge"
        seen[kind, here.local_minimum(), here.local_maximum()] += 1
        margins += bool(here.kinks)
    for kind in ("squared", "hinge"):
        assert seen[kind, True, False] >= 10
        assert seen[kind, False, False] >= 10
        assert seen[kind, False, True] >= 1
        assert seen[kind, True, True] >= 1
    assert margins >= 25


@pytest.mark.parametrize(("path", "name"), CASES)
def test_the_oracle_confirms_the_instances(path: Path, name: str) -> None:
    problem, expected = instance(path)
    if not is_decidable(problem):
        pytest.skip("several layers, several outputs, or weight decay")
    here = shallow(problem, name)
    minimum = here.local_minimum()
    found = {
        "loss": str(here.loss),
        "local_minimum": "yes" if minimum else "no",
        "local_maximum": "yes" if here.local_maximum() else "no",
        "clarke_critical": "yes" if here.clarke_critical() else "no",
        "kind": None if not minimum else "flat" if here.is_flat() else "sharp",
    }
    for question, truth in expected[name].items():
        assert found.get(question, truth) == truth, question
    assert_consistent(here, random.Random(name), 60)


def test_the_loss_of_the_oracle_is_the_loss_from_the_definition() -> None:
    rng = random.Random(5)
    for _ in range(30):
        problem = kinked(rng)
        place = [mpq(v) for v in random_point(rng, problem)]
        there = Shallow(problem.to_dict(), problem.network.write(place))
        assert there.loss == Oracle(problem).value(place)


def test_the_chambers_of_repeated_and_opposite_rows() -> None:
    one, minus = (Fraction(1), Fraction(0)), (Fraction(-2), Fraction(0))
    assert chambers([one, one, minus]) == [(1, 1, -1), (-1, -1, 1)]
    assert chambers([]) == [()]


def test_a_linear_program_with_a_known_optimum() -> None:
    """max x + y with x + 2 y <= 4 and 3 x + y <= 6: at (8/5, 6/5)."""
    assert maximise([1, 1], [[1, 2], [3, 1]], [4, 6]) == (Fraction(14, 5), [Fraction(8, 5), Fraction(6, 5)])
    with pytest.raises(ValueError, match="unbounded"):
        maximise([1, 0], [[-1, 1]], [1])
