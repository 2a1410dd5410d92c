"""The enumeration of chambers: known numbers, brute force, invariances, degenerate and huge arrangements."""

from __future__ import annotations

import random
from itertools import combinations
from math import comb, factorial

import brute_force
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import arrangements

from exactrelu import evaluation, gallery, last_facet, restriction
from exactrelu.arrangement import Arrangement
from exactrelu.errors import BudgetExceeded, MalformedInput


def signs_of(arrangement: Arrangement) -> list[str]:
    return [chamber.signs for chamber in arrangement.chambers()]


def assert_consistent(arrangement: Arrangement) -> None:
    """Every witness has its signs, the signs are different and sorted, and their number is the count."""
    chambers = arrangement.chambers(verify=True)
    signs = [chamber.signs for chamber in chambers]
    assert signs == sorted(set(signs))  # '+' stands before '-' in ASCII too
    assert all(arrangement.signs(chamber.witness) == chamber.signs for chamber in chambers)
    assert len(chambers) == arrangement.count()


# Known numbers.


@pytest.mark.parametrize(("m", "d"), [(1, 1), (3, 2), (8, 2), (9, 3), (10, 4), (9, 6), (5, 7), (70, 2), (66, 3)])
def test_general_position_attains_covers_number(m: int, d: int) -> None:
    """Cover, *Geometrical and statistical properties of systems of linear inequalities* (1965), theorem 1."""
    arrangement = gallery.generic(m, d)
    assert len(arrangement.chambers()) == arrangement.count() == 2 * sum(comb(m - 1, i) for i in range(d))


@pytest.mark.parametrize(
    ("n", "number"), [(1, 4), (2, 14), (3, 104), (4, 1882), pytest.param(5, 94572, marks=pytest.mark.slow)]
)
def test_threshold_functions_are_those_of_oeis_a000609(n: int, number: int) -> None:
    assert len(gallery.threshold(n).chambers(verify=True)) == number


@pytest.mark.parametrize(("n", "number"), [(1, 2), (2, 6), (3, 32), (4, 370), (5, 11292)])
def test_resonance_arrangements_have_the_chambers_of_oeis_a034997(n: int, number: int) -> None:
    assert len(gallery.resonance(n).chambers(verify=True)) == number


@pytest.mark.slow
def test_the_resonance_arrangement_of_six_variables_has_1066044_chambers() -> None:
    assert len(gallery.resonance(6).chambers()) == 1066044


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6])
def test_reflection_arrangements_have_as_many_chambers_as_their_group_has_elements(n: int) -> None:
    """Humphreys, *Reflection Groups and Coxeter Groups* (1990), section 1.12."""
    assert len(gallery.braid(n).chambers()) == factorial(n)
    assert len(gallery.boolean(n).chambers()) == 2**n
    if n <= 5:
        assert len(gallery.type_b(n).chambers()) == 2**n * factorial(n)
        assert len(gallery.type_d(n).chambers()) == (2 ** (n - 1) * factorial(n) if n > 1 else 1)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_deformations_of_the_braid_arrangement_have_their_known_numbers(n: int) -> None:
    """Stanley, *An Introduction to Hyperplane Arrangements* (2007), lecture 5."""
    assert len(gallery.shi(n).chambers(verify=True)) == (n + 1) ** (n - 1)
    assert len(gallery.catalan(n).chambers(verify=True)) == factorial(n) * comb(2 * n, n) // (n + 1)
    assert len(gallery.linial(n).chambers(verify=True)) == [1, 2, 7, 36][n - 1]


# Brute force.


@settings(max_examples=150, deadline=None)
@given(arrangements())
def test_the_chambers_are_the_feasible_sign_vectors(arrangement: Arrangement) -> None:
    expected = brute_force.chambers(arrangement.normals, arrangement.offsets, arrangement.dimension)
    assert signs_of(arrangement) == list(expected)
    assert_consistent(arrangement)


@settings(max_examples=40, deadline=None)
@given(arrangements(max_hyperplanes=6, max_dimension=4))
def test_adjacent_chambers_differ_at_one_class_of_hyperplanes(arrangement: Arrangement) -> None:
    signs = signs_of(arrangement)
    classes = arrangement.parallel_classes
    expected = []
    for (i, x), (j, y) in combinations(enumerate(signs), 2):
        crossed = tuple(k for k, (a, b) in enumerate(zip(x, y, strict=True)) if a != b)
        if crossed in classes:
            expected.append((i, j, crossed))
    found = zip(*(part.tolist() for part in arrangement.chambers().walls()), strict=True)
    assert [(i, j, classes[number]) for i, j, number in found] == expected


@settings(max_examples=40, deadline=None)
@given(arrangements(max_hyperplanes=8, max_dimension=5))
def test_count_equals_the_number_of_chambers_found(arrangement: Arrangement) -> None:
    assert_consistent(arrangement)


# Degenerate arrangements.


def test_no_hyperplanes_leave_one_chamber() -> None:
    for dimension in range(3):
        (chamber,) = Arrangement([], dimension=dimension).chambers(verify=True)
        assert (chamber.signs, chamber.witness) == ("", (0,) * dimension)


def test_hyperplanes_with_zero_normals_have_a_constant_sign() -> None:
    (chamber,) = Arrangement([[0, 0], [0, 0], [0, 0]], offsets=[0, 1, -1]).chambers()
    assert chamber.signs == "0-+"
    assert signs_of(Arrangement([[0, 0]])) == ["0"]
    assert signs_of(Arrangement([[0, 0], [0, 1], [0, 0]], offsets=[3, 0, 0])) == ["-+0", "--0"]


def test_repeated_and_opposite_hyperplanes_add_no_chamber() -> None:
    arrangement = Arrangement([[2, 0], [1, 1], [-1, 0], ["1/3", "1/3"], [0, 0]])
    assert arrangement.parallel_classes == ((0, 2), (1, 3))
    assert signs_of(arrangement) == ["++-+0", "+---0", "-+++0", "--+-0"]


def test_parallel_affine_hyperplanes_are_not_merged() -> None:
    arrangement = Arrangement([[1], [1], [-2], [1]], offsets=[0, 1, -2, 5])
    assert arrangement.parallel_classes == ((0,), (1, 2), (3,))
    assert signs_of(arrangement) == ["++-+", "++--", "+-+-", "--+-"]
    assert arrangement.count() == 4


def test_rank_one_in_a_larger_space() -> None:
    chambers = Arrangement([[0, "2/3", 0], [0, -5, 0]]).chambers()
    assert [(c.signs, c.witness) for c in chambers] == [("+-", (0, 1, 0)), ("-+", (0, -1, 0))]


def test_more_hyperplanes_than_the_bits_of_a_word() -> None:
    assert_consistent(gallery.generic(140, 2))
    arrangement = gallery.data([[x, y] for x in range(-4, 5) for y in range(-4, 4)])
    assert len(arrangement.parallel_classes) == 72
    i, j, _ = arrangement.chambers().walls()
    matrix = arrangement.chambers().sign_matrix()
    assert np.array_equal((matrix[i] != matrix[j]).sum(axis=1), np.ones(len(i)))
    # Euler: with V rays, E two-dimensional faces and F chambers on the sphere, V - E + F = 2
    graph = arrangement.tope_graph()
    assert graph.number_of_nodes() + sum(1 for _ in rays(arrangement)) - graph.number_of_edges() == 2


def rays(arrangement: Arrangement) -> set[tuple[int, ...]]:
    """The rays in which planes through the origin of Q^3 meet."""
    found = set()
    normals = [tuple(int(entry) for entry in row) for row in arrangement.normals]
    for p, q in combinations(normals, 2):
        cross = np.cross(p, q)
        if cross.any():
            ray = cross // np.gcd.reduce(cross)
            found |= {tuple(ray.tolist()), tuple((-ray).tolist())}
    return found


# Huge numbers take other paths.


@pytest.mark.parametrize("size", [10**5, 10**9, 10**18, 10**50])
@pytest.mark.parametrize("dimension", [2, 3, 4])
def test_huge_entries_are_exact(size: int, dimension: int) -> None:
    rng = random.Random(size * dimension)
    assert_consistent(Arrangement([[rng.randint(-size, size) for _ in range(dimension)] for _ in range(8)]))


def test_a_small_arrangement_in_huge_coordinates_has_the_same_chambers() -> None:
    small = gallery.braid(4)
    scale = [10**50, 10**50 + 1, 3, 7]
    huge = Arrangement([[x * s for x, s in zip(row, scale, strict=True)] for row in small.normals])
    assert len(huge.chambers(verify=True)) == 24


def test_nearly_parallel_hyperplanes_are_kept_apart() -> None:
    big = 10**40
    arrangement = Arrangement([[1, 0], [big, 1], [big, -1], [big + 1, 1]])
    assert len(arrangement.chambers(verify=True)) == 8
    assert_consistent(arrangement)


def test_witnesses_of_rank_nine_beyond_64_bits() -> None:
    rng = random.Random(1)
    assert_consistent(Arrangement([[rng.randint(-99, 99) for _ in range(9)] for _ in range(11)]))


def test_small_chunks_and_sorting_by_hash_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = signs_of(gallery.resonance(4)), signs_of(gallery.threshold(4))
    monkeypatch.setattr(restriction, "PAIR_LIMIT", 50)
    monkeypatch.setattr(evaluation, "ENTRY_LIMIT", 64)
    monkeypatch.setattr(evaluation, "FEW", 1)
    monkeypatch.setattr(last_facet, "LONGEST", 1)
    monkeypatch.setattr(last_facet, "SHORTEST", 1)
    assert (signs_of(gallery.resonance(4)), signs_of(gallery.threshold(4))) == expected
    monkeypatch.setattr(restriction, "HASH_FACTORS", (0, 0, 0, 0))  # every hash collides: sort by all words
    assert (signs_of(gallery.resonance(4)), signs_of(gallery.threshold(4))) == expected


# Invariances.


@settings(max_examples=40, deadline=None)
@given(arrangements(), st.randoms(use_true_random=False))
def test_permuting_the_hyperplanes_permutes_the_signs(arrangement: Arrangement, rng: random.Random) -> None:
    order = list(range(len(arrangement)))
    rng.shuffle(order)
    permuted = Arrangement(
        [arrangement.normals[i] for i in order],
        [arrangement.offsets[i] for i in order],
        dimension=arrangement.dimension,
    )
    assert {"".join(x[i] for i in order) for x in signs_of(arrangement)} == set(signs_of(permuted))


@settings(max_examples=40, deadline=None)
@given(arrangements(), st.data())
def test_positive_factors_change_nothing_and_negative_ones_flip_letters(
    arrangement: Arrangement, data: st.DataObject
) -> None:
    factor = st.integers(-5, 5).filter(bool)
    factors = [data.draw(factor) for _ in range(len(arrangement))]
    scaled = Arrangement(
        [[f * x for x in row] for f, row in zip(factors, arrangement.normals, strict=True)],
        [f * x for f, x in zip(factors, arrangement.offsets, strict=True)],
        dimension=arrangement.dimension,
    )
    flip = {"+": "-", "-": "+", "0": "0"}
    expected = {
        "".join(flip[a] if f < 0 else a for a, f in zip(x, factors, strict=True)) for x in signs_of(arrangement)
    }
    assert set(signs_of(scaled)) == expected


@settings(max_examples=40, deadline=None)
@given(arrangements(), st.data())
def test_a_unimodular_change_of_coordinates_changes_no_signs(arrangement: Arrangement, data: st.DataObject) -> None:
    rows = [list(row) for row in arrangement.normals]
    if arrangement.dimension > 1:
        for _ in range(3):
            i, j = data.draw(st.permutations(range(arrangement.dimension)))[:2]
            factor = data.draw(st.integers(-4, 4))
            for row in rows:
                row[i] += factor * row[j]
    changed = Arrangement(rows, arrangement.offsets, dimension=arrangement.dimension)
    assert signs_of(changed) == signs_of(arrangement)


# The sequence.


def test_the_sequence_is_indexed_like_a_list() -> None:
    chambers = gallery.braid(4).chambers()
    listed = list(chambers)
    assert len(listed) == 24
    assert chambers[-1] == listed[-1]
    assert chambers[5:2:-1] == tuple(listed[5:2:-1])
    with pytest.raises(IndexError):
        chambers[24]


@settings(max_examples=40, deadline=None)
@given(arrangements())
def test_arrays_and_objects_agree(arrangement: Arrangement) -> None:
    chambers = arrangement.chambers()
    matrix, points = chambers.sign_matrix(), chambers.witness_array()
    letters = {1: "+", -1: "-", 0: "0"}
    for index, chamber in enumerate(chambers):
        assert "".join(letters[entry] for entry in matrix[index].tolist()) == chamber.signs
        point = [int(entry) for entry in points[index]]
        if arrangement.is_central:
            assert tuple(point) == chamber.witness
        else:
            assert point[-1] > 0
            assert tuple(entry * point[-1] for entry in chamber.witness) == tuple(point[:-1])
        assert chambers.index_of(chamber.signs) == index


def test_signs_of_no_chamber_have_no_index() -> None:
    chambers = Arrangement([[1], [1]], offsets=[0, 1]).chambers()
    for signs in ("-+", "+", "00", "+0"):
        with pytest.raises(MalformedInput, match="signs"):
            chambers.index_of(signs)


def test_opposite_chambers_stand_at_mirrored_places() -> None:
    chambers = gallery.threshold(3).chambers()
    assert np.array_equal(chambers.sign_matrix(), -chambers.sign_matrix()[::-1])
    assert np.array_equal(chambers.witness_array(), -chambers.witness_array()[::-1])


def test_witnesses_of_central_arrangements_are_primitive_and_short() -> None:
    points = gallery.data([[x, y] for x in range(4) for y in range(4)]).chambers().witness_array()
    assert np.all(np.gcd.reduce(points, axis=1) == 1)
    assert abs(points).max() < 128


# Limits.


def test_too_many_chambers_are_refused() -> None:
    with pytest.raises(BudgetExceeded, match="above the limit of 5000"):
        gallery.resonance(5).chambers(limit=5000)
    assert len(gallery.resonance(5).chambers(limit=11292)) == 11292
    assert len(gallery.boolean(3).chambers(limit=8)) == 8
    with pytest.raises(BudgetExceeded):
        gallery.boolean(3).chambers(limit=7)
    with pytest.raises(BudgetExceeded):
        gallery.boolean(40).chambers()
    with pytest.raises(BudgetExceeded):
        gallery.resonance(9).chambers(limit=100_000)


def test_a_tick_may_stop_the_enumeration_and_the_count() -> None:
    def tick() -> None:
        raise BudgetExceeded("time is up")

    with pytest.raises(BudgetExceeded, match="time is up"):
        gallery.resonance(4).chambers(tick=tick)
    with pytest.raises(BudgetExceeded, match="time is up"):
        gallery.resonance(4).count(tick=tick)
