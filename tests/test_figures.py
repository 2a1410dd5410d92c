"""The figures of the papers: what is drawn is computed again here, by plain fractions, mpmath, or brute force."""

import json
import os
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise, product
from math import hypot, pi
from random import Random
from xml.etree import ElementTree

import mpmath
import pytest
from gmpy2 import mpq

from exactrelu import Problem
from exactrelu.cli import main
from exactrelu.errors import MalformedInput, Unsupported
from exactrelu.pictures.figures import (
    four_cells,
    kink_of_four_cells,
    probability_curves,
    three_classes,
    three_points,
    training_run,
    two_samples,
)
from exactrelu.pictures.figures.catalogue import FIGURES, draw
from exactrelu.pictures.figures.inputs import blind_region, neuron_lines
from exactrelu.pictures.figures.level_lines import level_lines
from exactrelu.pictures.picture import Wishes
from exactrelu.pictures.planes import RING
from exactrelu.pictures.polygon import area, box, contains
from exactrelu.theorems.claim import YES
from exactrelu.theorems.liu.expected_loss import least_location, loss_at, loss_band
from exactrelu.theorems.liu.figures import figure_4b
from exactrelu.theorems.milne.region import in_region

DRAWN = [name for name, figure in FIGURES.items() if figure.draw]
SLOW = {"liu-4", "liu-a4"}
FAST = [name for name in DRAWN if name not in SLOW]
ONCE = [pytest.param(n, marks=[pytest.mark.slow] if n != "milne-1" else []) for n in FAST if "anonymous" not in n]
HALF = Fraction(1, 2)
NONE = Wishes()


@pytest.fixture(scope="module")
def pictures():
    return {name: draw(name, NONE) for name in FAST}


def plain_output(arrays, x, slope=Fraction(0)):
    """A network with one hidden layer in plain fractions."""
    arrays = {name: [[Fraction(str(v)) for v in row] if isinstance(row, list) else Fraction(str(row)) for row in rows]
              for name, rows in arrays.items()}  # fmt: skip
    hidden = []
    for k, row in enumerate(arrays["W1"]):
        pre = sum(w * v for w, v in zip(row, x, strict=True)) + (arrays["b1"][k] if "b1" in arrays else 0)
        hidden.append(pre if pre > 0 else slope * pre)
    return [
        sum(v * h for v, h in zip(row, hidden, strict=True)) + (arrays["b2"][r] if "b2" in arrays else 0)
        for r, row in enumerate(arrays["W2"])
    ]


def arrays_of(problem, name):
    return problem.network.write(problem.points[name])


# ---------------------------------------- the three minima


def test_the_three_minima_have_the_losses_and_unsolved_points_of_plain_fractions(pictures):
    problem = Problem.example("laurent-brecht-three-minima")
    for panel in pictures["laurent-brecht-4"].facts["panels"]:
        arrays = arrays_of(problem, panel["point"])
        hinges = [
            max(0, 1 - y * plain_output(arrays, x)[0]) for x, y in zip(map(tuple, problem.x), problem.y, strict=True)
        ]
        assert Fraction(panel["loss"]) == Fraction(sum(hinges), 6)
        assert panel["unsolved"] == [i + 1 for i, hinge in enumerate(hinges) if hinge > 0]
        assert panel["local_minimum"] == "yes"
        assert panel["global_minimum"] == ("yes" if not any(hinges) else "no")


def test_unsolved_points_lie_in_the_blind_region_and_it_is_blind():
    problem = Problem.example("laurent-brecht-three-minima")
    window = box(mpq(-5), mpq(5), mpq(-3), mpq(3))
    region = blind_region(window, neuron_lines(problem, problem.points["dead-unsolved"]))
    assert area(region) == 12
    assert contains(region, problem.x[2]) and contains(region, problem.x[5]) and not contains(region, problem.x[0])
    random = Random(1)
    for _ in range(200):
        spot = tuple(mpq(random.randint(-40, 40), 13) for _ in range(2))
        dead = not any(
            a * spot[0] + b * spot[1] + c > 0 for a, b, c in neuron_lines(problem, problem.points["dead-unsolved"])
        )
        inside = abs(spot[0]) <= 5 and abs(spot[1]) <= 3
        assert contains(region, spot) is (dead and inside)


# ---------------------------------------- several classes


@pytest.mark.parametrize("name", three_classes.PANELS)
def test_on_each_patch_the_class_has_the_largest_score_and_the_patches_fill_the_window(name):
    problem = Problem.example("laurent-brecht-three-classes")
    window = box(*map(mpq, three_classes.WINDOW))
    patches = list(three_classes.patches(problem, problem.points[name], window))
    assert sum(area(patch.polygon) for patch in patches) == area(window)
    random = Random(2)
    for patch in patches:
        weights = [random.randint(1, 9) for _ in patch.polygon]
        spot = [sum(w * c[j] for w, c in zip(weights, patch.polygon, strict=True)) / sum(weights) for j in (0, 1)]
        scores = plain_output(arrays_of(problem, name), [Fraction(str(v)) for v in spot])
        assert scores[patch.winner] == max(scores)
        for border in patch.borders:
            middle = [Fraction(str((border[0][j] + border[1][j]) / 2)) for j in (0, 1)]
            best = sorted(plain_output(arrays_of(problem, name), middle))
            assert best[-1] == best[-2]


def test_the_losses_of_the_classes_are_those_of_plain_fractions(pictures):
    problem = Problem.example("laurent-brecht-three-classes")
    for panel in pictures["laurent-brecht-5"].facts["panels"]:
        for x, r, said in zip(problem.x, problem.y, panel["losses"], strict=True):
            scores = plain_output(arrays_of(problem, panel["point"]), [Fraction(str(v)) for v in x])
            assert Fraction(said) == sum(max(0, 1 + s - scores[r]) for q, s in enumerate(scores) if q != r)
    assert [panel["loss"] for panel in pictures["laurent-brecht-5"].facts["panels"]] == ["0", "8/9"]


# ---------------------------------------- three points


@pytest.mark.parametrize("name", ["bad", "good"])
def test_the_graph_between_its_corners_is_the_output_of_the_network(name):
    problem = Problem.example("yun2018-three-point")
    graph = three_points.along_the_segment(problem, problem.points[name], mpq(-1, 2), mpq(3, 2))
    for (t0, y0), (t1, y1) in pairwise(graph):
        for share in (mpq(1, 7), mpq(1, 2), mpq(6, 7)):
            t = t0 + share * (t1 - t0)
            (output,) = plain_output(arrays_of(problem, name), [Fraction(str(1 - t)), Fraction(str(t))], HALF)
            assert output == Fraction(str(y0 + share * (y1 - y0)))


# ---------------------------------------- four cells


def test_the_four_cells_have_the_walls_and_the_losses_that_points_of_them_show():
    problem = Problem.example("laurent-brecht-four-cells")
    parts, cells = four_cells.cells(problem)
    assert {wall.curve.text for wall in parts.walls} == {"s", "-1 + s*t", "1 + 2*s*t"}
    random = Random(3)
    seen = set()
    for _ in range(300):
        w, v = (mpq(random.randint(-60, 60), 25) for _ in range(2))
        product_ = w * v
        number = 1 if w < 0 else 2 if product_ < mpq(-1, 2) else 4 if product_ > 1 else 3
        hinges = [max(0, 1 - max(w, 0) * v), max(0, 1 + 2 * max(w, 0) * v)]
        assert cells[number - 1].value(w, v) == float(mpq(3, 4) * hinges[0] + mpq(1, 4) * hinges[1])
        seen.add(number)
    assert seen == {1, 2, 3, 4}
    for wall in parts.walls:
        for s, t in wall.points:
            on = min(abs(s), abs(s * t - 1), abs(2 * s * t + 1))
            assert on < mpq(1, 10**6)  # the ends of a piece are limits
    facts = draw("laurent-brecht-1", NONE).facts["points"]
    assert facts["flat"] == {"loss": "1", "local_minimum": "yes", "kind": "flat"}
    assert facts["sharp"] == {"loss": "3/4", "local_minimum": "yes", "kind": "sharp"}


# ---------------------------------------- the kink of four cells


def test_the_gradients_at_the_kink_are_differences_of_the_loss_and_cancel(pictures):
    problem, facts = Problem.example("laurent-brecht-clarke"), pictures["laurent-brecht-3"].facts
    gradients = [[Fraction(v) for v in g] for g in facts["gradients"]]
    tenth = mpq(1, 10)
    found = set()
    for a, b in product((-1, 1), repeat=2):
        base = (1 + a * tenth, 1 + b * tenth)
        steps = [(base[0] + tenth / 2, base[1]), (base[0], base[1] + tenth / 2)]
        found.add(tuple(Fraction(str((problem.evaluate(x) - problem.evaluate(base)) / (tenth / 2))) for x in steps))
    assert found == {tuple(g) for g in gradients}
    weights = [Fraction(m) for m in facts["multipliers"]]
    assert [sum(w * g[j] for w, g in zip(weights, gradients, strict=True)) for j in (0, 1)] == [0, 0]


def test_the_path_of_descent_takes_the_gradient_of_the_side_it_is_on():
    problem = Problem.example("laurent-brecht-clarke")
    path, lengths = kink_of_four_cells.descent(problem, kink_of_four_cells.START, 25)
    for (x, y), (u, v), length in zip(path, path[1:], lengths, strict=False):
        slopes = [mpq(1, 2) - (1 if value < 1 else 0) for value in (x, y)]
        assert ((x - u) / length, (y - v) / length) == tuple(slopes)


# ---------------------------------------- two samples


@pytest.mark.parametrize(
    ("name", "values"),
    [("liu-two-samples", ["1", "1/2", "1/2", "0"]), ("liu-two-samples-opposite", ["1", "1", "1/2", "1/2"])],
)
def test_the_least_values_of_the_cells_are_those_of_appendix_b_and_nothing_is_lower(name, values):
    problem = Problem.example(name)
    cells = two_samples.quadrants(problem)
    assert [str(cell.value) for cell in cells] == values
    y = [mpq(1), mpq(1) if values[3] == "0" else mpq(-1)]
    for cell in cells:
        (left, low), _, (right, high), _ = cell.polygon
        for i, j in product(range(9), repeat=2):
            s, t = left + (right - left) * mpq(i, 8), low + (high - low) * mpq(j, 8)
            plain = ((max(s, 0) - y[0]) ** 2 + (max(t, 0) - y[1]) ** 2) / 2
            assert cell.at(s, t) == plain >= cell.value
        (a, b), (c, d) = cell.least
        assert cell.at(a, c) == cell.at(b, d) == cell.value


@pytest.mark.parametrize("name", two_samples.NAMES)
def test_an_end_is_a_minimum_iff_no_point_near_it_is_lower(name):
    problem = Problem.example(name)
    near = [mpq(k, 1000) for k in (-2, -1, 0, 1, 2)]
    for minima in two_samples.local_minima(problem, two_samples.quadrants(problem)):
        for (s, t), decided in minima.ends:
            around = [problem.evaluate((s + e, t + f, mpq(1))) for e, f in product(near, repeat=2)]
            assert decided is (min(around) >= minima.cell.value)


def test_with_opposite_labels_the_upper_right_cell_has_no_minimum_inside(pictures):
    cells = pictures["liu-2"].facts["liu-two-samples-opposite"]["cells"]
    assert cells[3]["at"] == [["1", "1"], ["0", "0"]]


def test_at_the_minimum_on_a_boundary_the_gradients_are_opposite_multiples_of_the_sample(pictures):
    facts = pictures["liu-a2"].facts
    assert facts["local_minimum"] == "yes" and facts["sample"] == 3
    x, y = [(1, 1), (2, -1), (0, 1)], [1, 1, -1]
    here = (Fraction(3, 5), Fraction(0))
    found = []
    for active in (True, False):
        errors = [sum(a * w for a, w in zip(p, here, strict=True)) - t for p, t in zip(x, y, strict=True)]
        errors[2] = errors[2] if active else 0
        found.append([sum(Fraction(2, 3) * e * p[j] for e, p in zip(errors, x, strict=True)) for j in (0, 1)])
    assert [[Fraction(v) for v in g[:2]] for g in facts["gradients"]] == found
    assert facts["multiples"] == ["4/15", "-2/5"] and [g[0] for g in found] == [0, 0]


# ---------------------------------------- level lines


def test_a_circle_is_drawn_whole():
    s, t = RING.context.gens()
    value = (s - 1) ** 2 + (t - 1) ** 2
    lines = level_lines(value, box(mpq(0), mpq(3), mpq(0), mpq(3)), mpq(1, 4))
    length = sum(hypot(c - a, d - b) for line in lines for (a, b), (c, d) in pairwise(line))
    assert abs(length - pi) < 0.01
    assert all(abs((x - 1) ** 2 + (y - 1) ** 2 - 0.25) < 1e-9 for line in lines for x, y in line)


def test_level_lines_are_cut_at_the_polygon_and_upright_ones_are_found():
    s, t = RING.context.gens()
    square = box(mpq(0), mpq(1), mpq(0), mpq(1))
    assert level_lines(s, square, mpq(1, 2)) == [[(0.5, 0.0), (0.5, 1.0)]]
    assert level_lines(s * 0 + 1, square, mpq(1)) == []
    assert [(0.0, 0.0), (1.0, 0.0)] in level_lines(s * t + t, square, mpq(0))
    (line,) = level_lines(s * t, square, mpq(1, 4))
    assert all(0 <= x <= 1 and 0 <= y <= 1 and abs(x * y - 0.25) < 1e-9 for x, y in line)
    assert abs(line[0][0] - 0.25) < 1e-6 and abs(line[-1][0] - 1) < 1e-6


# ---------------------------------------- the training run


def test_the_run_takes_the_steps_of_gradient_descent_and_enters_the_region_where_it_is_said_to():
    problem = Problem.example("milne-toy")
    run = training_run.run(problem, problem.points["start"], 20)
    for here, there in list(pairwise(run.path))[::5]:
        point = problem.at(problem.network.write(here))
        for p, q, slope in zip(here, there, point.gradient, strict=True):
            assert abs(q - (p - slope / 10)) <= mpq(1, 2**49)
    for k in (run.entry - 1, run.entry):
        inside = in_region(problem.at(problem.network.write(run.path[k]))).answer == YES
        assert inside is (run.errors[k] < run.bound) is (k >= run.entry)


def test_the_training_errors_are_those_of_plain_fractions(pictures):
    problem, facts = Problem.example("milne-toy"), pictures["milne-1"].facts
    errors = []
    for x, y in zip(problem.x, problem.y, strict=True):
        (output,) = plain_output(arrays_of(problem, "start"), [Fraction(str(x[0]))])
        errors.append((output - Fraction(str(y[0]))) ** 2 / 2)
    assert Fraction(facts["training_errors"][0]) == sum(errors) / 100
    largest = max(Fraction(str(x[0])) ** 2 for x in problem.x)
    assert Fraction(facts["bound"]) == Fraction(2, 5) ** 2 / (8 * largest)
    assert facts["inside"][facts["entry"] :] == [True] * (len(facts["inside"]) - facts["entry"])


# ---------------------------------------- Liu's curves


def plain_loss(h1, h2):
    def error(x, y):
        output = x - h1 if x > h1 else x - h2 if x < h2 else 0
        return (output - y) ** 2 * mpmath.npdf(x, y, 1)

    cuts = [-14, h2, (h1 + h2) / 2, h1, 14]
    return sum(mpmath.quad(lambda x, y=y: error(x, y), cuts) for y in (1, -1)) / 2


@pytest.mark.parametrize(("h1", "h2"), [("0.5", "0"), ("3", "0"), ("1", "-2")])
def test_the_expected_loss_is_the_integral(h1, h2):
    row = loss_at(mpq(h1), mpq(h2))
    value = plain_loss(mpmath.mpf(h1), mpmath.mpf(h2))
    assert float(row.lower) - 1e-9 <= value <= float(row.upper) + 1e-9
    assert row.upper - row.lower < mpq(1, 10**10)
    with pytest.raises(Unsupported, match="overlap"):
        loss_at(mpq(0), mpq(1))


def test_the_band_of_the_loss_holds_on_whole_pieces():
    for piece in loss_band(mpq(0), mpq(6), 60)[::9]:
        for share in (0.02, 0.37, 0.98):
            x = float(piece.start) + share * float(piece.stop - piece.start)
            assert float(piece.lower) <= plain_loss(mpmath.mpf(x), mpmath.mpf(0)) <= float(piece.upper)


def test_the_loss_is_least_where_the_first_gap_is_empty():
    least = least_location()
    assert least.lower <= mpq("0.7322259256864065822") <= least.upper
    assert figure_4b(gaps=(0,)).at(mpq("0.7322259256864065822")).lower > mpq(999999, 10**6)


def test_the_map_holds_the_values_of_the_curve_with_both_weights_moved():
    values = probability_curves.map_values(6)
    for row, column in ((0, 0), (5, 1), (0, 5), (3, 2)):
        first, second = mpq(2 * column + 1, 2), -6 + mpq(2 * row + 1, 2)
        both = figure_4b(second).at(first)
        cell = values[row][column]
        assert max(cell.lower, both.lower) <= min(cell.upper, both.upper)


def test_a_band_is_nowhere_higher_than_it_says_and_holds_the_rows():
    curve = figure_4b()
    pieces = probability_curves.band(curve, mpq(1), mpq(2), lambda: None)
    assert pieces[0].start == 1 and pieces[-1].stop == 2
    assert all(a.stop == b.start for a, b in pairwise(pieces))
    assert all(piece.upper <= mpq(3, 2) * piece.lower for piece in pieces)
    for piece in pieces[::40]:
        row = curve.at((2 * piece.start + piece.stop) / 3)
        assert piece.lower <= row.upper and row.lower <= piece.upper


# ---------------------------------------- all of them


@pytest.mark.parametrize("name", ONCE)
def test_a_figure_is_valid_in_all_formats_and_the_same_twice(name, pictures, tmp_path):
    first, again = pictures[name], draw(name, NONE)
    assert first.caption == again.caption and first.facts == again.facts
    for ending, head in (("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        paths = [tmp_path / f"{number}.{ending}" for number in (1, 2)]
        for path, picture in zip(paths, (first, again), strict=True):
            picture.save(str(path))
        assert paths[0].read_bytes().startswith(head)
        assert paths[0].read_bytes() == paths[1].read_bytes()
    assert ElementTree.parse(tmp_path / "1.svg").getroot().tag.endswith("svg")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SLOW))
def test_the_long_figures_are_valid_and_their_bounds_are_in_order(name):
    picture = draw(name, NONE)
    assert ElementTree.fromstring(picture.svg()).tag.endswith("svg")
    if name == "liu-a4":
        for panel in picture.facts.values():
            assert len(panel) == 16
            assert all(Fraction(low) <= Fraction(high) for rows in panel.values() for _, low, high in rows)
    else:
        assert all(Fraction(p[2]) <= Fraction(p[3]) for p in picture.facts["both_gaps"] + picture.facts["loss"])
        assert max(Fraction(p[3]) for p in picture.facts["both_gaps"]) < Fraction(39465, 10**10)


@pytest.mark.parametrize("name", [name for name, figure in FIGURES.items() if not figure.draw])
def test_a_figure_without_printed_data_is_refused_by_name_with_the_reason(name):
    with pytest.raises(Unsupported, match="is not redrawn") as refused:
        draw(name, NONE)
    assert FIGURES[name].source in str(refused.value) and FIGURES[name].refusal in str(refused.value)


def test_an_unknown_figure_is_bad_input():
    with pytest.raises(MalformedInput, match="liu-2"):
        draw("figure-9", NONE)


def test_a_figure_does_not_depend_on_the_hash_seed(pictures):
    code = (
        "from exactrelu.pictures.figures.catalogue import draw\n"
        "from exactrelu.pictures.picture import Wishes\n"
        "import sys; sys.stdout.write(draw('laurent-brecht-3', Wishes()).svg())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "77"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, check=True)
    assert done.stdout.decode() == pictures["laurent-brecht-3"].svg()


# ---------------------------------------- the command line


def run(*arguments):
    return main(["plot", *arguments])


def test_the_command_writes_a_figure_and_says_what_it_shows(tmp_path, capsys):
    out = tmp_path / "milne.svg"
    assert run("--figure", "milne-1", "-o", str(out), "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["figure"] == "milne-1" and document["bound"] == "1250/62001"
    assert ElementTree.parse(out).getroot().tag.endswith("svg")


def test_the_list_of_figures_says_which_cannot_be_redrawn_and_why(capsys):
    assert run("--figures", "--json") == 0
    entries = json.loads(capsys.readouterr().out)["figures"]
    assert [entry["figure"] for entry in entries] == list(FIGURES)
    assert all(entry["drawn"] is not bool(entry["reason"]) for entry in entries)
    assert run("--figures") == 0
    assert "not redrawn: a sketch" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--figure", "figure-9"], "--figure"),
        (["--figure", "liu-2", "--axes", "W1_1_1", "W1_1_2"], "--axes"),
        (["--figure", "liu-2", "--at", "r1"], "--at"),
        (["problem.json", "--figure", "liu-2"], "FILE"),
        (["problem.json", "--figures"], "FILE"),
        ([], "FILE"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments, said, tmp_path, capsys):
    out = tmp_path / "x.svg"
    assert run(*arguments, "-o", str(out)) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1 and said in message and not out.exists()


def test_a_figure_that_is_refused_or_takes_too_long_leaves_no_file(tmp_path, capsys):
    out = tmp_path / "x.png"
    assert run("--figure", "milne-2", "-o", str(out)) == 3
    assert "Milne, figure 2 is not redrawn" in capsys.readouterr().err
    assert run("--figure", "liu-4", "--budget", "0.05", "-o", str(out)) == 3
    assert run("--figure", "milne-1", "-o", str(tmp_path / "x.gif")) == 2
    assert run("--figure", "milne-1") == 2
    assert list(tmp_path.iterdir()) == []
