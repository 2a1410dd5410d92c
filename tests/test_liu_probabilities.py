"""Liu, section 7: parallel weights on the line, Gaussian data, the figures; oracles are least squares and mpmath."""

import csv
from dataclasses import replace
from fractions import Fraction
from io import StringIO
from itertools import pairwise, product

import mpmath
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exactrelu import Loss, Network, Problem, check, example
from exactrelu.errors import Unsupported
from exactrelu.linear import pseudo_inverse, rank
from exactrelu.rational import above, below, parse
from exactrelu.refinement import no_tick
from exactrelu.theorems.catalogue import CLAIMS, run, run_random, status
from exactrelu.theorems.liu.figures import A4_LOCATIONS, as_csv, figure_4b, figure_4c, figure_a4a, figure_a4b
from exactrelu.theorems.liu.gaussian import Enclosure, GaussianWeights, Union
from exactrelu.theorems.liu.parallel_weights import Line, parallel
from exactrelu.theorems.liu.probabilities import decimals, expected_rank, missing

TWO, FOUR = "liu-parallel-weights", "liu-four-parallel-weights"
OURS = [c for c in CLAIMS if CLAIMS[c].family == "parallel"]
NUMBERS = st.integers(-8, 8).map(lambda k: mpq(k, 4))
LINES = st.builds(
    lambda data, weights: Line(
        tuple(mpq(x, 3) + mpq(1, 7) for x, _ in data), tuple(mpq(y) for _, y in data),
        tuple(n for n, _ in weights), tuple(h for _, h in weights),
    ),
    st.lists(st.tuples(st.integers(-9, 9), st.sampled_from((-1, 1))), min_size=1, max_size=8),
    st.lists(st.tuples(st.sampled_from((-1, 1)), NUMBERS), min_size=1, max_size=4),
)  # fmt: skip


# ---------------------------------------- the problem on the line


@given(LINES)
@settings(max_examples=60, deadline=None)
def test_the_system_of_22_is_that_of_the_normal_equations_of_the_residuals(line):
    """Directly: residual_i = sum_k I_ik x_i - y_i - sum_k I_ik h_k, so the normal equations are A^T A h = A^T b."""
    a = [[mpq(int(n * (x - h) > 0)) for n, h in zip(line.normals, line.locations, strict=True)] for x in line.x]
    b = [sum(row) * x - y for row, x, y in zip(a, line.x, line.y, strict=True)]
    size = range(len(line.normals))
    gram = tuple(tuple(sum((row[l] * row[k] for row in a), mpq(0)) for k in size) for l in size)
    right = tuple(sum((row[l] * value for row, value in zip(a, b, strict=True)), mpq(0)) for l in size)
    assert line.f_matrix == gram and line.f_vector == right
    least = [sum(p * q for p, q in zip(row, b, strict=True)) for row in pseudo_inverse(tuple(map(tuple, a)))]
    assert line.loss(line.best) == line.loss(least)
    if rank(tuple(map(tuple, a))) == len(line.normals):
        assert list(line.best) == least


@given(LINES, st.lists(NUMBERS, min_size=4, max_size=4))
@settings(max_examples=60, deadline=None)
def test_no_locations_have_a_smaller_loss_on_the_cell_than_the_best(line, moves):
    moved = [h + d for h, d in zip(line.best, moves, strict=False)]
    assert line.loss(moved) >= line.loss(line.best)


@given(LINES)
@settings(max_examples=40, deadline=None)
def test_the_loss_on_the_line_is_that_of_the_network(line):
    network = Network.dense([1, len(line.normals), 1], bias=[True, False])
    point = (
        *map(mpq, line.normals),
        *(-n * h for n, h in zip(line.normals, line.locations, strict=True)),
        *line.normals,
    )
    problem = Problem(network, [[x] for x in line.x], line.y, Loss("squared", weights="sum"), {"p": point})
    assert problem.at("p").loss == line.loss(line.locations)
    found = parallel(problem, "p")
    assert not isinstance(found, str)
    assert (found.line, found.direction) == (line, (mpq(1),))


def test_figure_3_right_gives_the_diagonal_system_of_23():
    """By hand: to the right of 3/4 are x = 2, 3 of class 1; to the left of 0 are -1/4 (class 1), -1/2, -2, -3."""
    line = parallel(example(TWO), "outward").line
    assert line.f_matrix == ((2, 0), (0, 4)) and line.f_vector == (2 + 3 - 2, mpq(-23, 4) - 1 + 3)


def test_scaled_weights_are_brought_to_unit_normals_and_heights():
    problem = example(TWO)
    values = list(problem.points["genuine"])
    scaled = [*(5 * v for v in values[:4]), *(5 * v for v in values[4:6]), *(v * 7 for v in values[6:])]
    both = [parallel(replace(problem, points={"p": tuple(v)}), "p").line for v in (values, scaled)]
    assert both[0] == both[1]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"W1": [["3/5", "4/5"], ["1", "0"]]}, "not parallel"),
        ({"W1": [["0", "0"], ["1", "0"]]}, "zero"),
    ],
)
def test_weights_that_are_not_parallel_are_refused(change, why):
    problem = example(TWO)
    arrays = {**problem.network.write(problem.points["genuine"]), **change}
    assert why in parallel(replace(problem, points={"p": arrays}), "p")


def test_a_hinge_loss_or_an_output_bias_is_refused():
    for network, loss in [
        (Network.dense([1, 1, 1], bias=[True, True]), Loss("squared")),
        (Network.dense([1, 1, 1], bias=[True, False]), Loss("hinge")),
        (Network.dense([1, 1, 1], (1, "1/2"), bias=[True, False]), Loss("squared")),
        (Network.dense([1, 1, 1], bias=[False, False]), Loss("squared")),
    ]:
        problem = Problem(network, [[1]], [1], loss, {"p": (1,) * network.parameters})
        assert isinstance(parallel(problem, "p"), str)


# ---------------------------------------- Gaussian data


def masses(h, n):
    """P_+, P_-, and the truncated means, by numerical integration with 40 digits."""
    ends = [h, mpmath.inf] if n > 0 else [-mpmath.inf, h]
    result = []
    for y in (1, -1):
        p = mpmath.quad(lambda t, y=y: mpmath.npdf(t, y, 1), ends)
        result.append((p, mpmath.quad(lambda t, y=y: t * mpmath.npdf(t, y, 1), ends) / p))
    return result


@pytest.mark.parametrize("n", [1, -1])
@pytest.mark.parametrize("h", ["-3/2", "0", "1/3", "2"])
def test_formula_24_with_integrals_by_mpmath_lies_in_the_enclosure(h, n):
    with mpmath.workdps(40):
        (p, m), (q, l) = masses(mpmath.mpf(Fraction(h).numerator) / Fraction(h).denominator, n)
        value = (p * m + q * l - p + q) / (p + q)
        bounds = GaussianWeights((n,), (mpq(h),)).best[0]
        low, high = (mpmath.mpf(int(b.numerator)) / int(b.denominator) for b in (bounds.lower, bounds.upper))
        assert low < value < high and high - low < mpmath.mpf(10) ** -10


def solved_by_mpmath(normals, places):
    """(E.4), (E.5) and P_g, with the regions and their integrals, all in floating point of 40 digits."""
    cuts = sorted(set(places))
    ends = [-mpmath.inf, *cuts, mpmath.inf]
    size = len(normals)
    f, g = mpmath.zeros(size), mpmath.zeros(size, 1)
    for a, b in pairwise(ends):
        inside = (a + b) / 2 if -mpmath.inf < a and b < mpmath.inf else (b - 1 if b < mpmath.inf else a + 1)
        active = [n * (inside - h) > 0 for n, h in zip(normals, places, strict=True)]
        mass = [mpmath.ncdf(b - y) - mpmath.ncdf(a - y) for y in (1, -1)]
        first = [y * p + mpmath.npdf(a - y) - mpmath.npdf(b - y) for y, p in zip((1, -1), mass, strict=True)]
        for l in range(size):
            if active[l]:
                g[l] += sum(active) * sum(first) - (mass[0] - mass[1])
                for k in range(size):
                    f[l, k] += sum(mass) * active[k]
    return mpmath.lu_solve(f, g)


@pytest.mark.parametrize("normals", list(product((1, -1), repeat=4))[::3])
def test_four_weights_solve_the_system_that_mpmath_solves(normals):
    places = (mpq(3, 2), mpq(1, 5), mpq(-1, 3), mpq(-2))
    with mpmath.workdps(40):
        floats = [mpmath.mpf(int(h.numerator)) / int(h.denominator) for h in places]
        solution = solved_by_mpmath(normals, floats)
        weights = GaussianWeights(normals, places)
        for k, bounds in enumerate(weights.best):
            low, high = (mpmath.mpf(int(b.numerator)) / int(b.denominator) for b in (bounds.lower, bounds.upper))
            assert low < solution[k] < high
        gaps = sorted(sorted(pair) for pair in zip(floats, solution, strict=True))
        total, reached = mpmath.mpf(0), -mpmath.inf
        for a, b in gaps:
            a = max(a, reached)
            if b > a:
                total += sum(mpmath.ncdf(b - y) - mpmath.ncdf(a - y) for y in (1, -1)) / 2
                reached = b
        found = weights.gap_probability()
        assert float(found.lower) - 1e-12 <= total <= float(found.upper) + 1e-12
        assert found.upper - found.lower < mpq(1, 10**10)


def test_the_fixed_point_of_figure_4_is_where_two_symmetric_weights_have_no_gap():
    """h = (phi(h-1) + phi(h+1)) / (Q(h-1) + Q(h+1)), solved by mpmath."""
    with mpmath.workdps(40):

        def excess(h):
            return h - (mpmath.npdf(h - 1) + mpmath.npdf(h + 1)) / (mpmath.ncdf(1 - h) + mpmath.ncdf(-1 - h))

        h = mpmath.findroot(excess, 0.73)
        assert mpmath.nstr(h, 25) == "0.7322259256864065822201989"
    near = mpq("7322259256864065822201989/10000000000000000000000000")
    assert GaussianWeights((1, -1), (near, -near)).gap_probability().upper < mpq(1, 10**24)


def test_with_the_second_weight_at_zero_its_best_location_is_minus_two_phi_of_one():
    with mpmath.workdps(40):
        value = -2 * mpmath.npdf(1)
        assert mpmath.nstr(value, 30) == "-0.483941449038286699595660385871"
        share = (mpmath.ncdf(-1) - mpmath.ncdf(value - 1) + mpmath.ncdf(1) - mpmath.ncdf(value + 1)) / 2
        assert mpmath.nstr(share, 25) == "0.11699726540161809859751"
        assert mpmath.nstr((1 - share) ** 100, 14) == "3.9464341079773e-6"
    for h in (0, 1, 6):
        weights = GaussianWeights((1, -1), (mpq(h), mpq(0)))
        assert weights.best[1].lower < mpq("-0.4839414490382") < weights.best[1].upper + mpq(1, 10**11)
        assert weights.trapped(100).upper < mpq("0.0000039464342")


@pytest.mark.parametrize(("normals", "places"), [((1, 1), (0, 0)), ((1, -1, 1, -1), (1, 1, -1, -1))])
def test_weights_that_see_the_same_have_no_unique_best_locations(normals, places):
    weights = GaussianWeights(normals, tuple(map(mpq, places)))
    assert rank(weights.patterns) < len(normals)
    with pytest.raises(Unsupported):
        _ = weights.best


@given(st.lists(st.tuples(st.sampled_from((-1, 1)), st.integers(-2, 2)), min_size=1, max_size=6))
def test_the_rank_is_the_number_of_weights_less_the_pairs_after_the_first(weights):
    found = GaussianWeights(tuple(n for n, _ in weights), tuple(mpq(h) for _, h in weights))
    assert rank(found.patterns) == expected_rank(found)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=6), st.integers(-80, 80))
def test_a_union_of_intervals_contains_the_points_of_its_intervals(intervals, k):
    place = mpq(k, 30) + mpq(1, 1000)
    union = Union.of(intervals)
    assert any(a <= place <= b for a, b in union.parts) == any(a <= place <= b for a, b in intervals)


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**9), st.integers(1, 6))
def test_rounding_goes_outward(numerator, denominator, digits):
    value = mpq(numerator, denominator)
    short = Enclosure(value, value).rounded(digits)
    assert short.lower <= value <= short.upper


def test_the_event_that_contradicts_25_has_the_probability_of_a_simulation_by_hand():
    """Two data: one of class -1 right of h, one left of -h; 2 * Q(h+1)/2 * P(x < -h)."""
    with mpmath.workdps(30):
        h = mpmath.mpf(1)
        value = mpmath.ncdf(-2) * (mpmath.ncdf(-2) + mpmath.ncdf(0)) / 2
    found = missing(GaussianWeights((1, -1), (mpq(1), mpq(-1))), 2)
    assert h == 1 and float(found.lower) <= value <= float(found.upper) + 1e-18


# ---------------------------------------- figures


def test_rows_of_figure_4b_agree_with_mpmath():
    for row in figure_4b().table([mpq(1, 2), mpq(3)]):
        h = mpmath.mpf(row.parameter.numerator) / int(row.parameter.denominator)
        best = (mpmath.npdf(h - 1) + mpmath.npdf(h + 1)) / (mpmath.ncdf(1 - h) + mpmath.ncdf(-1 - h))
        other = -2 * mpmath.npdf(1)
        p = sum(
            abs(mpmath.ncdf(best - y) - mpmath.ncdf(h - y)) + mpmath.ncdf(-y) - mpmath.ncdf(other - y) for y in (1, -1)
        )
        assert float(row.lower) * (1 - 1e-9) <= (1 - p / 2) ** 100 <= float(row.upper) * (1 + 1e-9)


def test_a_row_is_proved_by_its_certificate_and_not_with_tighter_bounds():
    curve = figure_4b()
    row = curve.at(mpq(2))
    assert check(curve.row_certificate(row)).accepted
    for wrong in (row._replace(upper=row.lower), row._replace(lower=row.upper)):
        assert not check(curve.row_certificate(wrong)).accepted


@pytest.mark.parametrize("curve", [figure_4b(), figure_4b(gaps=(0,)), figure_a4a((1, -1, 1, -1))])
def test_the_pieces_of_a_curve_join_and_contain_its_rows(curve):
    pieces = curve.band(mpq(1, 2), mpq(1), mpq(1, 5), finest=mpq(1, 64))
    assert pieces[0].start == mpq(1, 2) and pieces[-1].stop == 1
    assert all(a.stop == b.start for a, b in pairwise(pieces))
    for piece in pieces:
        for place in (piece.start, (2 * piece.start + piece.stop) / 3, piece.stop):
            row = curve.at(place)
            assert piece.lower <= row.upper and row.lower <= piece.upper


def test_the_figure_counts_the_first_gap_only():
    """At x_w1 = 6 the first gap alone gives 0.9993, both gaps less than four millionths."""
    alone, both = figure_4b(gaps=(0,)).at(mpq(6)), figure_4b().at(mpq(6))
    assert alone.lower > mpq(999, 1000) and both.upper < mpq(4, 10**6)


def test_figure_4c_is_symmetric_in_the_two_weights():
    grid = [mpq(1, 2), mpq(2)]
    values = {(row.parameter, -h): row for h, row in figure_4c(grid, [-h for h in grid])}
    for a, b in ((grid[0], grid[1]), (grid[1], grid[0])):
        assert values[a, b].lower <= values[b, a].upper


def test_the_curves_of_figure_a4_start_at_the_printed_locations():
    for normals in ((1, -1, 1, -1), (-1, 1, 1, -1)):
        start = GaussianWeights(normals, A4_LOCATIONS).trapped(100)
        for row in (figure_a4a(normals).at(mpq(1, 10)), figure_a4b(normals).at(mpq(0))):
            assert row.lower <= start.lower <= start.upper <= row.upper


def test_a_table_is_written_as_exact_fractions():
    rows = list(csv.reader(StringIO(as_csv(("x", "low", "high"), figure_4b().table([mpq(1, 2)])))))
    assert rows[0] == ["x", "low", "high"] and rows[1][0] == "1/2"
    assert Fraction(rows[1][1]) < Fraction(rows[1][2])


# ---------------------------------------- claims


@pytest.mark.parametrize("name", [c for c in OURS if not CLAIMS[c].erratum])
def test_no_random_parallel_weights_refute_what_is_true(name):
    assert status(run_random(CLAIMS[name], 4, 11, no_tick)) != "refuted"


def test_a_reduced_minimum_inside_its_cell_is_no_minimum_of_the_network():
    problem = replace(example(TWO), points={"genuine": example(TWO).points["genuine"]})
    assert [status(run(CLAIMS[c], problem, no_tick)) for c in ("LIU-7.1", "LIU-7.1-network")] == ["verified", "refuted"]


@pytest.mark.parametrize(
    ("point", "found"),
    [("two-pairs", "refuted"), ("one-pair", "verified"), ("figure-a4", "verified")],
)
def test_two_pairs_of_opposite_weights_make_f_singular_and_one_pair_does_not(point, found):
    problem = replace(example(FOUR), points={point: example(FOUR).points[point]})
    assert status(run(CLAIMS["LIU-S3"], problem, no_tick)) == found
    assert status(run(CLAIMS["LIU-S3-corrected"], problem, no_tick)) == "verified"


def test_claims_on_parallel_weights_are_not_applicable_to_a_problem_without_them():
    for name in OURS:
        assert status(run(CLAIMS[name], example("liu-two-samples"), no_tick)) == "not applicable"


def test_weights_along_a_vector_of_irrational_length_have_no_gaussian_claims():
    network = Network.dense([2, 1, 1], bias=[True, False])
    problem = Problem(network, [[1, 0], [0, 3]], [1, -1], Loss("squared"), {"p": (1, 1, -2, 1)})
    (_, outcome), *_ = run(CLAIMS["LIU-(E.7)-(E.10)"], problem, no_tick)
    assert outcome.status == "not applicable" and "length 1" in outcome.detail
    assert status(run(CLAIMS["LIU-(20)-(22)"], problem, no_tick)) == "verified"


@pytest.mark.parametrize("value", [mpq(2, 3), mpq(-2, 3), mpq(1, 10**9 + 7), mpq(10**12 + 1), mpq(1, 8), mpq(0)])
def test_bounds_in_sentences_are_rounded_outward(value):
    low, high = parse(below(value, 3)), parse(above(value, 3))
    assert low <= value <= high
    assert high - low <= abs(value) / 100
    lower, upper = decimals(Enclosure(value, value + 1), 4).strip("[]").split(", ")
    assert parse(lower) <= value and value + 1 <= parse(upper)
