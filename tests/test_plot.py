"""Pictures: the subdivision behind them is exact, every format is valid, and the same input gives the same bytes."""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from fractions import Fraction
from pathlib import Path

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exactrelu import Arrangement, Loss, Network, Problem, example
from exactrelu.budget import Budget
from exactrelu.cli import main
from exactrelu.errors import BudgetExceeded, MalformedInput, Unsupported
from exactrelu.examples import names, text
from exactrelu.pictures import style
from exactrelu.pictures.catalogue import KINDS, applicable
from exactrelu.pictures.curves import RING, Critical, curves, from_ball
from exactrelu.pictures.minima import minima_in
from exactrelu.pictures.picture import Wishes
from exactrelu.pictures.planes import InputPlane, Slice
from exactrelu.pictures.regions import joined
from exactrelu.pictures.subdivision import subdivision
from exactrelu.pictures.views import view
from exactrelu.polynomial import from_flint, to_flint
from exactrelu.signature import of_point, write

pytest.importorskip("matplotlib")

ROOT = Path(__file__).parent.parent
STRAIGHT = (
    ("liu-two-samples", "r1", ("W1_1_1", "W1_1_2")),
    ("laurent-brecht-one-neuron", "start", ("W1_1_1", "b1_1")),
    ("laurent-brecht-two-hidden-layers", "start", ("W1_1_1", "b1_1")),
    ("yun2018-three-point", "bad", ("W1_1_1", "W2_1_1")),
    ("laurent-brecht-three-minima", "global", ("W2_1_1", "W2_1_2")),
)
CURVED = (
    ("laurent-brecht-one-neuron", "start", ("W1_1_1", "W2_1_1")),
    ("laurent-brecht-three-minima", "all-dead", ("W1_1_1", "W2_1_1")),
    ("laurent-brecht-two-hidden-layers", "start", ("W1_1_1", "W2_1_1")),
    ("milne-deep", "inside", ("W1_1_1", "W2_1_1")),
)
WINDOW = (mpq(-3), mpq(2), mpq(-2), mpq(5, 2))


def parts_of(name, at, axes, window=WINDOW):
    problem = example(name)
    plane = Slice.of_axes(problem, problem.point(at), axes, at)
    return plane, subdivision(plane, window)


def value(curve, spot):
    s, t = (to_flint(x) for x in spot)
    terms = curve.value.to_dict().items()
    return from_flint(sum((c * s ** int(p) * t ** int(q) for (p, q), c in terms), start=to_flint(mpq(0))))


# ---------------------------------------------------------------------- exact geometry


@pytest.mark.parametrize(("name", "at", "axes"), STRAIGHT)
def test_the_polygons_of_a_straight_slice_fill_the_window_exactly(name, at, axes):
    _, parts = parts_of(name, at, axes)
    assert parts.is_straight
    assert sum(region.polygon.area for region in parts.regions) == (WINDOW[1] - WINDOW[0]) * (WINDOW[3] - WINDOW[2])


@pytest.mark.parametrize(("name", "at", "axes"), STRAIGHT)
def test_every_corner_of_a_polygon_lies_on_the_lines_of_its_sides(name, at, axes):
    _, parts = parts_of(name, at, axes)
    for region in parts.regions:
        polygon = region.polygon
        for k, side in enumerate(polygon.sides):
            if side is not None:
                assert (
                    value(side, polygon.vertices[k]) == 0 == value(side, polygon.vertices[k + 1 - len(polygon.sides)])
                )


@pytest.mark.parametrize(("name", "at", "axes"), [*STRAIGHT, *CURVED])
def test_a_point_of_a_region_has_its_signature_in_parameter_space(name, at, axes):
    plane, parts = parts_of(name, at, axes)
    assert len(parts.regions) > 1
    for region in parts.regions:
        assert of_point(plane.instance, plane.parameters(region.sample)) == region.columns


@pytest.mark.parametrize(("name", "at", "axes"), [*STRAIGHT, *CURVED])
def test_every_point_of_a_fine_grid_lies_in_a_cell_that_was_found_or_on_a_wall(name, at, axes):
    plane, parts = parts_of(name, at, axes)
    known = set(parts.signatures)
    for i in range(1, 22):
        for j in range(1, 22):
            spot = (
                WINDOW[0] + (WINDOW[1] - WINDOW[0]) * mpq(i, 22),
                WINDOW[2] + (WINDOW[3] - WINDOW[2]) * mpq(j, 22),
            )
            columns = plane.signs_at(spot)
            if columns not in known:
                assert any(value(wall.curve, spot) == 0 for wall in parts.walls), write(columns)


@pytest.mark.parametrize(("name", "at", "axes"), [*STRAIGHT, *CURVED])
def test_the_units_of_a_wall_vanish_on_it_and_the_sides_differ_only_there(name, at, axes):
    plane, parts = parts_of(name, at, axes)
    for wall in parts.walls:
        for columns in wall.beside:
            for i, g, u in wall.units:
                unit = plane.units(i, g, columns[i][:g])[u]
                assert unit == 0 or unit.gcd(wall.curve.value).total_degree() == wall.curve.value.total_degree()
        one, other = wall.beside
        if wall.group == len(plane.sizes) - 1:  # no layer above that a kink could turn
            changed = {
                (i, g, u)
                for i, c in enumerate(one)
                for g, s in enumerate(c)
                for u, x in enumerate(s)
                if x != other[i][g][u]
            }
            assert changed <= set(wall.units)


@pytest.mark.parametrize(("name", "at", "axes"), CURVED)
def test_a_curved_wall_is_drawn_within_a_tenth_of_a_pixel_of_the_curve(name, at, axes):
    _, parts = parts_of(name, at, axes)
    pixel = (WINDOW[3] - WINDOW[2]) / 1000
    found = 0
    for wall in parts.walls:
        for s, t in wall.points[1:-1] if not wall.curve.is_line else ():
            found += 1
            near = [value(wall.curve, (s, t + step)) for step in (-pixel / 10, pixel / 10)]
            assert near[0] * near[1] <= 0
    assert found or name == "milne-deep"


def test_the_loss_polynomial_of_a_region_is_the_loss_at_its_points():
    for name, at, axes in [*STRAIGHT, *CURVED]:
        plane, parts = parts_of(name, at, axes)
        for region in parts.regions:
            s, t = (to_flint(x) for x in region.sample)
            terms = plane.loss(region.columns).to_dict().items()
            total = sum((c * s ** int(p) * t ** int(q) for (p, q), c in terms), start=to_flint(mpq(0)))
            assert from_flint(total) == plane.instance.evaluate(plane.parameters(region.sample))


def test_the_lines_of_lius_two_samples_are_the_axes_and_meet_at_the_origin():
    _, parts = parts_of("liu-two-samples", "r1", ("W1_1_1", "W1_1_2"))
    assert {wall.curve.text for wall in parts.walls} == {"s", "t"}
    assert sorted(write(columns) for columns in parts.signatures) == ["+;+", "+;-", "-;+", "-;-"]
    lines = joined(parts.walls, parts.window)
    assert len(lines) == 2 and {len(set(line.points)) for line in lines} == {3}


def test_a_hinge_wall_in_a_weight_and_an_output_weight_is_the_hyperbola():
    plane, parts = parts_of("laurent-brecht-one-neuron", "start", ("W1_1_1", "W2_1_1"))
    curved = {wall.curve.text for wall in parts.walls if not wall.curve.is_line}
    assert curved == {"-2 - t + 2*s*t", "-2 + t + 4*s*t"}  # 1 +- v (w x + 1/2) = 0 at x = -1 and x = 2
    assert plane.equation == "W1_1_1 = s, W2_1_1 = t, all else as at start"


def test_a_unit_that_vanishes_on_the_whole_slice_is_told_apart():
    problem = example("laurent-brecht-three-minima")
    zero = (mpq(0),) * problem.network.parameters
    plane = Slice.of_axes(problem, zero, ("W2_1_1", "W2_1_2"), "0")
    parts = subdivision(plane, WINDOW)
    assert len(parts.regions) == 1 and len(parts.vanishing) == 2 * len(problem.x)


def test_critical_values_of_a_circle_and_a_line_are_its_ends_and_where_they_meet():
    s, t = RING.context.gens()
    critical = Critical()
    critical.add([*curves(s * s + t * t - 2), *curves(s - t)])
    intervals = critical.values(mpq(-9), mpq(9))
    assert [(a, b) for a, b in intervals if a == b] == [(-1, -1), (1, 1)]
    assert [
        a < -mpq(14142, 10000) < b or a * a <= 2 <= b * b or b * b <= 2 <= a * a for a, b in intervals if a != b
    ] == [
        True,
        True,
    ]


def test_the_roots_over_a_rational_are_certified_and_in_order():
    s, t = RING.context.gens()
    (curve,) = curves(t**3 - 3 * t + s)
    intervals = [from_ball(root) for root in curve.roots(mpq(1), 96)]
    assert len(intervals) == 3
    for low, high in intervals:
        assert (low**3 - 3 * low + 1) * (high**3 - 3 * high + 1) < 0 and high - low < mpq(1, 2**60)


@settings(max_examples=6, deadline=None)
@given(st.lists(st.integers(-3, 3), min_size=14, max_size=14), st.sampled_from(["hinge", "squared"]))
def test_on_random_planes_signatures_agree_with_the_network_and_none_is_missed(numbers, kind):
    network = Network.dense([1, 2, 1])
    problem = Problem(network, x=[[-1], [1], [2]], y=[1, -1, 1], loss=Loss(kind))
    first = tuple(mpq(n) for n in numbers[:7])
    second = tuple(mpq(n, 2) for n in numbers[7:])
    base = tuple(mpq(k - 3, 2) for k in range(7))
    plane = Slice(problem, base, first, second, ("s", "t"), "random")
    window = (mpq(-2), mpq(2), mpq(-1), mpq(3))
    parts = subdivision(plane, window)
    for region in parts.regions:
        assert plane.signs_at(region.sample) == region.columns
    known = set(parts.signatures)
    for i in range(1, 8):
        for j in range(1, 8):
            spot = mpq(-2) + mpq(4 * i, 8) + mpq(1, 97), mpq(-1) + mpq(4 * j, 8) + mpq(1, 89)
            columns = plane.signs_at(spot)
            assert columns in known or any(value(wall.curve, spot) == 0 for wall in parts.walls)
    if parts.is_straight:
        assert sum(region.polygon.area for region in parts.regions) == 16


def test_the_linear_regions_of_the_inputs_are_the_polygons_of_the_plane():
    problem = example("yun2018-three-point")
    parts = subdivision(InputPlane(problem, problem.point("good")), WINDOW)
    assert sum(region.polygon.area for region in parts.regions) == (WINDOW[1] - WINDOW[0]) * (WINDOW[3] - WINDOW[2])
    found = {write(region.columns) for region in parts.regions}
    assert found == {cell.signature for cell in problem.cells(space="input", at="good")}


# ---------------------------------------------------------------------- which slice


def test_the_default_slice_holds_all_seven_points_of_liu():
    seen = view(Problem.example("liu-two-samples"), Wishes())
    verdicts = {mark.names[0]: mark.verdict for mark in seen.marks}
    assert verdicts["r4"] == "global minimum" and verdicts["r1"] == "spurious local minimum" and len(verdicts) == 7


def test_a_plane_through_points_on_a_line_is_refused():
    problem = Problem.example("liu-two-samples")
    with pytest.raises(MalformedInput, match="lie on one line"):
        view(problem, Wishes(through=("origin", "r1", "r1")))


def test_the_plane_through_bad_and_good_and_the_origin_shows_both():
    seen = view(Problem.example("yun2018-three-point"), Wishes(through=("0", "bad", "good")))
    assert {(mark.names, mark.spot) for mark in seen.marks} == {(("bad",), (1, 0)), (("good",), (0, 1))}
    assert seen.plane.equation == "theta = s bad + t good"


# ---------------------------------------------------------------------- sets of local minima


def minima_of(name, **wishes):
    problem = Problem.example(name)
    seen = view(problem, Wishes(**wishes))
    parts = subdivision(seen.plane, seen.window)
    return problem, seen.plane, minima_in(problem, parts, 500, lambda: None)


def test_the_minima_of_lius_two_samples_are_a_quadrant_two_half_lines_and_a_point():
    _, _, found = minima_of("liu-two-samples")
    assert [(write(region.columns)[:3], loss) for region, loss in found.areas] == [("-,+", 1)]
    assert {(curve.text, loss) for curve, _, loss in found.curves} == {("-1 + s", mpq(1, 2)), ("-1 + t", mpq(1, 2))}
    assert found.points == (((1, 1), 0),)


@pytest.mark.parametrize(
    "name", ["liu-two-samples", "liu-two-samples-opposite", "yun2018-three-point", "yun2018-deep-linear-one-output"]
)
def test_other_points_of_a_set_of_local_minima_are_local_minima_by_themselves(name):
    problem, plane, found = minima_of(name)
    spots = [region.polygon.inside for region, _ in found.areas]
    for curve, points, _ in found.curves:
        if curve.is_line:
            spots.append(tuple((p + 2 * q) / 3 for p, q in zip(*points, strict=True)))
    spots += [spot for spot, _ in found.points]
    losses = {problem.evaluate(plane.parameters(spot)) for spot in spots}
    assert losses <= {loss for group in (found.areas, found.curves, found.points) for *_, loss in group}
    for spot in spots:
        assert problem.at(problem.network.write(plane.parameters(spot))).local_minimum().answer == "yes"
    assert found.areas or found.curves or found.points


def test_yuns_bad_point_lies_on_a_curve_of_spurious_minima_in_the_plane_with_the_good_one():
    _, _, found = minima_of("yun2018-three-point")
    assert {loss for *_, loss in found.curves} == {mpq(1, 3)}
    assert all(value(curve, (mpq(1), mpq(0))) == 0 for curve, *_ in found.curves)


def test_where_the_theory_does_not_apply_no_sets_of_minima_are_claimed():
    assert minima_of("milne-deep")[2] is None
    assert minima_of("laurent-brecht-unbalanced-relu")[2] is None  # curved walls


# ---------------------------------------------------------------------- every kind, every format


def problem_file(tmp_path, name="liu-two-samples"):
    path = tmp_path / f"{name}.json"
    path.write_text(text(name))
    return str(path)


def test_every_format_is_valid_and_the_same_on_two_runs(tmp_path):
    path = problem_file(tmp_path)
    starts = {".svg": b"<?xml", ".pdf": b"%PDF-", ".png": b"\x89PNG\r\n"}
    for ending in starts:
        assert main(["plot", path, "-o", str(tmp_path / f"a{ending}"), "--quiet"]) == 0
    runs = [["plot", path, "-o", str(tmp_path / f"b{ending}")] for ending in starts]
    code = f"from exactrelu.cli import main\nfor run in {runs!r}: main(run)"
    there = {"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], check=True, env=there, stdout=subprocess.DEVNULL)
    for ending, start in starts.items():
        data = (tmp_path / f"a{ending}").read_bytes()
        assert data == (tmp_path / f"b{ending}").read_bytes()
        assert data.startswith(start) and b"2026" not in data[:2000]
    assert ET.parse(tmp_path / "a.svg").getroot().tag.endswith("svg")


@pytest.mark.parametrize("kind", ["slice", "surface", "data", "graph", "pieces"])
def test_every_kind_names_itself_and_its_facts_in_json(tmp_path, capsys, kind):
    out = tmp_path / "x.svg"
    assert main(["plot", problem_file(tmp_path), "-o", str(out), "--kind", kind, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["kind"] == kind and told["output"] == str(out) and told["caption"].startswith("liu-two-samples. ")
    labels = re.findall(r"<!-- (.*?) -->", out.read_text())
    assert labels


def test_the_facts_of_a_slice_are_exact_and_complete(tmp_path, capsys):
    out = tmp_path / "x.svg"
    assert main(["plot", problem_file(tmp_path), "-o", str(out), "--kind", "slice", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["window"] == ["-3/2", "3/2", "-3/2", "3/2"]
    losses = {region["signature"]: region["loss"] for region in told["regions"]}
    assert losses["-;-"] == "1" and losses["+;-"] == "1 - s + 1/2*s**2"
    assert {wall["curve"] for wall in told["walls"]} == {"s = 0", "t = 0"}
    for wall in told["walls"]:
        assert all(Fraction(x) is not None for end in wall["ends"] for x in end)


def test_the_data_picture_tells_solved_unsolved_and_dead_points_apart():
    facts = KINDS["data"].draw(Problem.example("laurent-brecht-one-neuron"), Wishes(at="start")).facts
    assert [each["state"] for each in facts["data"]] == ["dead", "unsolved", "solved"]


def test_a_neuron_without_a_hyperplane_is_named_in_the_caption_of_the_data():
    caption = KINDS["data"].draw(Problem.example("laurent-brecht-three-classes"), Wishes()).caption
    assert "Neuron 2 has no hyperplane: it is negative everywhere." in caption


def test_the_cell_graph_carries_the_exact_infima():
    facts = KINDS["graph"].draw(Problem.example("liu-two-samples"), Wishes()).facts
    assert {node["signature"]: node["best"] for node in facts["nodes"]} == {
        "+;+": "0", "+;-": "1/2", "-;+": "1/2", "-;-": "1",
    }  # fmt: skip
    assert [node["signature"] for node in facts["nodes"] if node["ringed"]] == ["+;+"]
    assert len(facts["edges"]) == 4


def test_the_pieces_that_are_ringed_are_those_with_local_minima():
    problem = Problem.example("liu-two-samples-opposite")
    facts = KINDS["pieces"].draw(problem, Wishes()).facts
    graph = problem.atlas().graph()
    assert {n["signature"] for n in facts["nodes"] if n["ringed"]} == {n for n in graph if graph.nodes[n]["minimum"]}


def test_the_tope_graph_of_an_arrangement_file_is_drawn(tmp_path, capsys):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(Arrangement([[1, 0], [0, 1], [1, 1]]).to_dict()))
    assert main(["plot", str(path), "-o", str(tmp_path / "a.svg"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["kind"] == "graph" and len(told["nodes"]) == 6 and len(told["edges"]) == 6
    assert not KINDS["graph"].why_not(Arrangement([[1]])) and KINDS["slice"].why_not(Arrangement([[1]]))


def test_a_graph_that_is_too_large_is_refused_with_another_way():
    with pytest.raises(Unsupported, match=r"at least 36 cells are too many .*--graph"):
        KINDS["graph"].draw(Problem.example("yun2018-three-point"), Wishes(limit=20))


def test_captions_say_the_equation_and_how_the_slice_was_chosen():
    caption = KINDS["slice"].draw(Problem.example("yun2018-three-point"), Wishes()).caption
    assert "theta = s bad + t good (chosen because it holds 2 of the named points)" in caption
    assert "bad: spurious local minimum, loss 1/3; good: global minimum, loss 0." in caption


# ---------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["-o", "x.gif"], 2, 'found "x.gif", needed a name that ends in .svg, .pdf or .png'),
        ([], 2, "-o: found nothing, needed the file for the picture"),
        (["-o", "x.svg", "--kind", "pie"], 2, '--kind: found "pie", needed one of: slice'),
        (["-o", "x.svg", "--at", "nowhere"], 2, 'found no point "nowhere"'),
        (["-o", "x.svg", "--axes", "W1_1_1", "Q"], 2, '--axes: found "Q", needed two of the parameters'),
        (["-o", "x.svg", "--axes", "W1_1_1", "W1_1_1"], 2, "two different parameters"),
        (["-o", "x.svg", "--window", "1", "0", "0", "1"], 2, "--window: found 1 0 0 1"),
        (["-o", "x.svg", "--window", "0", "one", "0", "1"], 2, '--window: found "one", needed an exact number'),
        (["-o", "x.svg", "--size", "0", "3"], 2, "--size: found 0, needed inches from 1 to 40"),
        (["-o", "no/such/folder/x.svg"], 2, "a file that can be written"),
        (["-o", "x.svg", "--through", "r1", "r2", "r3", "--axes", "W1_1_1", "W1_1_2"], 2, "needed one of them"),
        (["-o", "x.svg", "--budget", "0"], 3, "the budget of 0 seconds ran out"),
        (["-o", "x.svg", "--kind", "slice", "--limit", "1"], 3, "more than 1 regions"),
    ],
)
def test_a_bad_wish_is_named_and_nothing_is_written(tmp_path, monkeypatch, capsys, options, code, message):
    path = problem_file(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["plot", path, *options]) == code
    assert message in capsys.readouterr().err
    assert not (tmp_path / "x.svg").exists() and not (tmp_path / "x.gif").exists()


def test_a_window_may_begin_with_a_negative_fraction(tmp_path, capsys):
    window = ["-1/2", "3/2", "-0.25", "2"]
    out = str(tmp_path / "x.svg")
    assert main(["plot", problem_file(tmp_path), "--window", *window, "-o", out, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["window"] == ["-1/2", "3/2", "-1/4", "2"]


def test_a_kind_that_does_not_apply_is_refused_with_the_kinds_that_do(tmp_path, capsys):
    out = str(tmp_path / "x.svg")
    assert main(["plot", problem_file(tmp_path, "milne-deep"), "--kind", "pieces", "-o", out]) == 3
    error = capsys.readouterr().err
    assert "the loss has weight decay" in error and "--kind may be: slice, surface" in error


def test_a_missing_matplotlib_is_refused_by_name(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main(["plot", problem_file(tmp_path), "-o", str(tmp_path / "x.svg")]) == 3
    assert 'pip install "exactrelu[plot]"' in capsys.readouterr().err


def test_the_kinds_are_listed_with_why_one_does_not_apply(tmp_path, capsys):
    assert main(["plot", problem_file(tmp_path, "milne-deep"), "--list", "--json"]) == 0
    kinds = {entry["kind"]: entry for entry in json.loads(capsys.readouterr().out)["kinds"]}
    assert kinds["slice"]["applies"] and not kinds["pieces"]["applies"]
    assert "weight decay" in kinds["pieces"]["reason"]


def test_a_budget_that_runs_out_while_a_figure_is_saved_stops_it():
    with pytest.raises(BudgetExceeded):
        style.rendered(style.new_figure(), ".png", "", Budget(0))


# ---------------------------------------------------------------------- the README, all examples


@pytest.mark.parametrize("name", ["slice.svg", "surface.svg"])
def test_the_pictures_of_the_readme_are_those_that_the_script_draws(tmp_path, name):
    sys.path.insert(0, str(ROOT / "examples"))
    try:
        import readme_pictures
    finally:
        sys.path.pop(0)
    kind, problem, wishes = readme_pictures.PICTURES[name]
    KINDS[kind].draw(Problem.example(problem), wishes).save(str(tmp_path / name), caption=False)
    committed, drawn = ((folder / name).read_text() for folder in (ROOT / "docs" / "pictures", tmp_path))
    labels, paths = re.compile(r"<!-- (.*?) -->"), re.compile("<path ")
    assert labels.findall(committed) == labels.findall(drawn)
    assert abs(len(paths.findall(committed)) - len(paths.findall(drawn))) < 20  # glyphs differ between versions
    assert len(committed) < 150_000
    assert f"docs/pictures/{name}" in (ROOT / "README.md").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_every_shipped_problem_has_pictures_of_every_kind_that_applies(name, tmp_path):
    problem = Problem.example(name)
    kinds = applicable(problem)
    assert {"slice", "surface"} <= set(kinds)
    for kind, entry in kinds.items():
        try:
            picture = entry.draw(problem, Wishes())
        except Unsupported as error:
            assert "too many" in str(error), (kind, error)  # and said at once
            continue
        picture.save(str(tmp_path / "x.svg"))
        assert ET.parse(tmp_path / "x.svg") and picture.caption
