"""Fans of gradients: the multipliers, the hull and the plane are exact, and 0 in or out is that of the full space."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from exactrelu import Arrangement, Loss, Network, Problem
from exactrelu.cli import main
from exactrelu.errors import MalformedInput, Unsupported
from exactrelu.pictures import clarke_fan
from exactrelu.pictures.clarke_plane import Fan, Shadow, factors
from exactrelu.pictures.picture import Wishes
from exactrelu.pictures.polygon import area, box, clipped, contains, hull, segment, turn
from exactrelu.rational import dot

KINKS = [
    ("laurent-brecht-clarke", "kink"),
    ("laurent-brecht-clarke", "edge"),
    ("laurent-brecht-exact-penalty", "equal"),
    ("laurent-brecht-exact-penalty", "unequal"),
    ("laurent-brecht-leaky-penalty", "one-vanishing"),
    ("laurent-brecht-three-classes", "active-unsolved"),
    ("laurent-brecht-three-minima", "dead-unsolved"),
    ("laurent-brecht-unbalanced-relu", "vanishing"),
    ("liu-duplicates", "accepted"),
    ("liu-two-samples", "origin"),
    ("liu-wrong-side", "accepted"),
    ("milne-deep", "kink"),
]
NUMBERS = st.integers(-4, 4).map(lambda k: mpq(k, 2))
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=12)


def fan(name, at):
    return Fan.at(Problem.example(name).at(at))


# ---------------------------------------- polygons


@given(POINTS)
def test_a_hull_contains_its_points_and_all_its_corners_are_among_them(points):
    corners = hull(points)
    assert set(corners) <= set(points)
    assert all(contains(corners, point) for point in points)
    if len(corners) > 2:
        ring = [*corners, *corners[:2]]
        assert all(turn(a, b, c) > 0 for a, b, c in zip(ring, ring[1:], ring[2:], strict=False))


@given(POINTS, st.tuples(NUMBERS, NUMBERS))
def test_a_point_is_outside_a_hull_iff_some_line_separates_it(points, point):
    corners = hull(points)
    normals = [(a, b) for a in range(-8, 9) for b in range(-8, 9)]
    apart = any(all(a * x + b * y > a * point[0] + b * point[1] for x, y in corners) for a, b in normals)
    assert contains(corners, point) is not apart


@given(POINTS, NUMBERS, NUMBERS, NUMBERS)
def test_a_line_cuts_a_polygon_into_two_of_the_same_total_area(points, a, b, c):
    whole = hull(points)
    if len(whole) > 2:
        parts = [clipped(whole, s * a, s * b, s * c) for s in (1, -1)]
        if a or b:
            assert sum(area(part) for part in parts if len(part) > 2) == area(whole)
        assert all(contains(whole, corner) for part in parts for corner in part)


def test_the_segment_of_a_line_in_a_box_ends_on_the_border():
    square = box(mpq(0), mpq(2), mpq(0), mpq(2))
    assert segment(square, mpq(1), mpq(1), mpq(-1)) == ((0, 1), (1, 0))
    assert segment(square, mpq(1), mpq(1), mpq(-9)) == ()


# ---------------------------------------- fans


@pytest.mark.parametrize(("name", "at"), KINKS)
def test_the_multipliers_give_the_element_of_least_norm_and_it_is_the_decision(name, at):
    found = fan(name, at)
    decision = Problem.example(name).at(at).clarke_critical()
    assert found.answer.answer == decision.answer
    size = len(found.names)
    total = [sum((ray.multiplier * ray.gradient[j] for ray in found.rays), mpq(0)) for j in range(size)]
    assert sum(ray.multiplier for ray in found.rays) == 1
    assert tuple(total) == found.answer.nearest
    if decision.answer == "no":
        u = found.answer.nearest
        assert dot(u, u) > 0 and all(dot(u, ray.gradient) >= dot(u, u) for ray in found.rays)
    else:
        assert not any(total)


@pytest.mark.parametrize(("name", "at"), KINKS)
def test_each_gradient_is_the_slope_of_the_loss_along_the_curve_into_its_cell(name, at):
    problem = Problem.example(name)
    found = fan(name, at)
    here = found.point.parameters
    t = mpq(1, 10**15)
    for ray in found.rays:
        for cell in ray.cells:
            first = cell.curve[0]
            there = tuple(
                p + sum(step[j] * t ** (k + 1) for k, step in enumerate(cell.curve)) for j, p in enumerate(here)
            )
            slope = (problem.evaluate(there) - problem.evaluate(here)) / t
            assert abs(slope - dot(ray.gradient, first)) < mpq(1, 10**9)


@pytest.mark.parametrize(("name", "at"), KINKS)
def test_the_telling_plane_shows_whether_0_is_in_the_hull(name, at):
    found = fan(name, at)
    shadow = Shadow(found, found.telling())
    assert all(contains(shadow.hull, point) for point in shadow.points)
    if found.complete or found.answer.answer == "no":
        assert shadow.holds_zero is (found.answer.answer == "yes")
    first, second = (axis.direction for axis in shadow.axes)
    assert dot(first, second) == 0


def test_the_hull_of_the_unbalanced_network_is_the_known_parallelogram():
    found = fan("laurent-brecht-unbalanced-relu", "vanishing")
    shadow = Shadow(found, found.named(("W2_1_1", "b2_1")))
    third = Fraction(1, 3)
    assert set(shadow.hull) == {(-2 * third, -third), (third, 0), (2 * third, third), (-third, 0)}
    assert sorted(ray.multiplier for ray in found.rays) == [0, 0, Fraction(1, 2), Fraction(1, 2)]


def test_a_plane_whose_shadow_covers_0_while_the_hull_does_not_is_said_to_do_so():
    problem = Problem.example("laurent-brecht-exact-penalty")
    picture = clarke_fan.draw(problem, Wishes(at="unequal", axes=("b1_1", "b1_2")))
    assert picture.facts["critical"] == "no" and picture.facts["zero_in_projection"] is True
    assert "0 is not in the hull" in picture.caption and "shadow of the hull covers 0" in picture.caption
    telling = clarke_fan.draw(problem, Wishes(at="unequal"))
    assert telling.facts["zero_in_projection"] is False and "already in it 0 is outside" in telling.caption


def test_incident_cells_that_are_not_known_to_be_all_are_said_to_be_not():
    problem = Problem.example("laurent-brecht-three-classes")
    picture = clarke_fan.draw(problem, Wishes(at="active-unsolved"))
    assert picture.facts["complete"] is False and "not drawn are others" in picture.caption
    assert picture.facts["critical"] == "yes"


@pytest.mark.parametrize(("name", "at"), KINKS)
def test_the_hull_from_the_parts_of_the_neurons_is_that_of_all_gradients(name, at):
    found = fan(name, at)
    parts = factors(found.point)
    if parts and found.complete:
        axes = found.telling()
        assert Shadow(replace(found, factors=parts), axes).hull == Shadow(found, axes).hull


def test_of_thousands_of_incident_cells_the_hull_is_that_of_all():
    x = [[1, 0], [0, 1], [1, 1], [2, 1], [1, 2], [3, 1], [1, 3], [-1, 2], [2, -1], [3, 2], [2, 3], [5, 1]]
    points = {"a": {"W1": [[0, 0]] * 3, "W2": [[1, 1, -1]]}}
    problem = Problem(Network.dense([2, 3, 1], bias=False), x, [1, -1] * 6, Loss("squared"), points=points)
    found = Fan.at(problem.at("a"))
    assert found.number == 24**3 and not found.complete and found.factors
    shadow = Shadow(found, found.telling())
    assert shadow.is_whole and shadow.holds_zero
    moves = [(a, b) for a in range(-16, 17) for b in range(-16, 17)]
    parts = []
    for k, v in enumerate((1, 1, -1)):
        part = set()
        for a, b in moves:
            sides = [p[0] * a + p[1] * b for p in x]
            if all(sides):
                active = [(p, (-1) ** i) for i, p in enumerate(x) if sides[i] > 0]
                slope = [sum((mpq(-2 * y * v * p[j], 12) for p, y in active), mpq(0)) for j in (0, 1)]
                part.add(shadow.of((*[mpq(0)] * (2 * k), *slope, *[mpq(0)] * (7 - 2 * k))))
        parts.append(part)
    sums = {(a + c + e, b + d + f) for (a, b), (c, d), (e, f) in product(*parts)}
    assert shadow.hull == hull(sums)
    assert "the hull is that of all" in clarke_fan.draw(problem, Wishes()).caption


def test_a_point_on_no_kink_has_its_gradient_as_fan():
    picture = clarke_fan.draw(Problem.example("liu-two-samples"), Wishes(at="r3"))
    (only,) = picture.facts["gradients"]
    assert only["multiplier"] == "1" and "no unit vanishes" in picture.caption


def test_without_a_name_the_first_point_on_a_kink_is_drawn():
    assert clarke_fan.draw(Problem.example("liu-two-samples"), Wishes()).facts["at"] == "edge-r3-r4"


def test_what_has_no_points_or_no_such_parameters_is_refused_by_name():
    problem = Problem.example("liu-two-samples")
    with pytest.raises(MalformedInput, match="W9"):
        clarke_fan.draw(problem, Wishes(at="origin", axes=("W9", "W2_1_1")))
    with pytest.raises(MalformedInput, match="twice"):
        clarke_fan.draw(problem, Wishes(at="origin", axes=("W2_1_1", "W2_1_1")))
    bare = Problem(problem.network, problem.x, problem.y, problem.loss)
    with pytest.raises(Unsupported, match="names no points"):
        clarke_fan.draw(bare, Wishes())
    assert "arrangement" in clarke_fan.why_not(Arrangement([[1, 0], [0, 1]]))


def test_the_picture_of_a_fan_is_the_same_twice():
    problem = Problem.example("laurent-brecht-unbalanced-relu")
    first, second = (clarke_fan.draw(problem, Wishes(at="vanishing")).svg() for _ in range(2))
    assert first == second and "<svg" in first


def test_a_wish_that_a_kind_does_not_look_at_is_refused_by_name(tmp_path, capsys):
    problem, out = tmp_path / "p.json", tmp_path / "p.svg"
    problem.write_text(Problem.example("liu-two-samples").dumps())
    for wish, others in ((["--window", "0", "1", "0", "1"], "slice, surface, data"), (["--limit", "3"], "graph")):
        assert main(["plot", str(problem), "--kind", "clarke", *wish, "-o", str(out)]) == 2
        said = capsys.readouterr().err
        assert wish[0] in said and "clarke" in said and others in said and not out.exists()
    assert main(["plot", str(problem), "--kind", "clarke", "--at", "nowhere", "-o", str(out)]) == 2
    assert main(["plot", str(problem), "--kind", "clarke", "--at", "origin", "-o", str(out), "--quiet"]) == 0
    assert out.read_text().startswith("<?xml")
