"""Liu: least squares on cells, genuine minima, saddle points, minima on boundaries; oracles: SymPy, brute force."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
import sympy
from gmpy2 import mpq

from exactrelu import Loss, MalformedInput, Network, Problem, Unsupported, check, example
from exactrelu.linear import rank
from exactrelu.refinement import no_tick
from exactrelu.theorems.catalogue import CLAIMS, run, run_random, status
from exactrelu.theorems.liu import boundaries, genuineness, minima, saddles
from exactrelu.theorems.liu import example as worked
from exactrelu.theorems.liu import least_squares as squares
from exactrelu.theorems.liu.boundaries import facet_minimum
from exactrelu.theorems.liu.conditions import NoChoice
from exactrelu.theorems.liu.facets import OnFacet, facet_of, facets, on_facet
from exactrelu.theorems.liu.genuineness import Genuine, NotGenuine, genuine
from exactrelu.theorems.liu.least_squares import least_squares
from exactrelu.theorems.liu.lifted import LiftedLoss
from exactrelu.theorems.liu.saddles import NoSaddlePoint, SaddlePoint, proper_subsets, saddle_point
from exactrelu.theorems.random_instances import random_instance

MODULES = (squares, minima, genuineness, worked, saddles, boundaries)
OURS = [claim.id for module in MODULES for claim in module.CLAIMS]
RANDOM = [random_instance("lifted", 11, k) for k in range(6)]

TWO = Problem(Network.dense([1, 1, 1], bias=False), [[1], [2]], [1, 1], Loss("squared"))

# The loss at the points, and whether they are local minima and maxima (Liu, section 4.2, and the errata).
VERDICTS = {
    ("liu-local-maximum", "edge"): ("1", "no", "yes"),
    ("liu-local-maximum", "dead"): ("1", "yes", "yes"),
    ("liu-boundary-optimum", "optimum"): ("1/3", "no", "no"),
    ("liu-vanishing-optimum", "minimum"): ("1", "yes", "no"),
    ("liu-saddle-one-neuron", "saddle"): ("1", "no", "no"),
    ("liu-saddle", "saddle"): ("3/4", "no", "no"),
    ("liu-minimum-on-a-boundary", "minimum"): ("2/5", "yes", "no"),
    ("liu-duplicates", "accepted"): ("11/20", "no", "no"),
    ("liu-wrong-side", "accepted"): ("91/100", "no", "no"),
    ("liu-two-samples-opposite", "edge-r3-r4"): ("1/2", "yes", "no"),
    ("liu-two-samples-opposite", "edge-r1-r2"): ("1", "yes", "no"),
}


@pytest.mark.parametrize(("name", "point"), VERDICTS)
def test_the_points_of_the_errata_are_what_they_are_said_to_be(name, point):
    loss, minimum, maximum = VERDICTS[name, point]
    here = example(name).at(point)
    assert here.loss == Fraction(loss)
    assert (here.local_minimum().answer, here.local_maximum().answer) == (minimum, maximum)


# ---------------------------------------- least squares


def sympy_optimum(solution):
    """A^+ y and the loss by SymPy, for equal weights."""
    a = sympy.Matrix([[sympy.Rational(str(v)) for v in row] for row in solution.lifted.matrix])
    y = sympy.Matrix([sympy.Rational(str(v)) for v in solution.lifted.targets])
    r = a.pinv() * y
    e = a * r - y
    return [Fraction(str(v)) for v in r], Fraction(str((e.T * e)[0] / len(y))), a.rank()


@pytest.mark.parametrize(
    "problem", [example("liu-two-samples"), example("liu-saddle"), *RANDOM[:3]], ids=lambda p: p.name
)
def test_the_optimum_of_a_cell_is_that_of_the_pseudo_inverse_of_sympy(problem):
    for cell in problem.cells()[:5]:
        solution = least_squares(problem, cell)
        optimum, loss, order = sympy_optimum(solution)
        assert list(solution.optimum) == optimum and solution.loss == loss and solution.rank == order
        assert check(solution.certificate()).accepted


@pytest.mark.parametrize("problem", RANDOM, ids=lambda p: p.name)
def test_no_small_change_of_the_optimum_lowers_the_loss_in_r(problem):
    for cell in problem.cells()[:6]:
        solution = least_squares(problem, cell)
        loss, best = solution.lifted, solution.optimum
        assert loss.value(best) == solution.loss
        for k in range(loss.size):
            for step in (mpq(1, 7), mpq(-1, 7)):
                moved = tuple(a + step if i == k else a for i, a in enumerate(best))
                assert loss.value(moved) >= solution.loss
        for vector in solution.kernel:
            assert loss.value(tuple(a + b for a, b in zip(best, vector, strict=True))) == solution.loss


def test_the_loss_in_r_is_the_loss_at_points_of_the_cell():
    for problem in RANDOM:
        for cell in problem.cells()[:8]:
            loss = LiftedLoss.on(problem, cell.columns)
            assert loss.value(loss.lift(cell.witness)) == problem.evaluate(cell.witness)
            assert loss.parameters(*loss.weights_of(cell.witness)) == cell.witness


def test_weights_of_the_data_change_the_optimum():
    """x = 1, 1 with y = 0, 3: the weighted mean 1 for the weights 2 : 1, the mean 3/2 for equal ones."""
    problem = Problem(Network.dense([1, 1, 1], bias=False), [[1], [1]], [0, 3], Loss("squared"))
    weighted = replace(problem, loss=Loss("squared", weights=((2,), (1,))))
    assert least_squares(problem, "+;+").optimum == (Fraction(3, 2),)
    assert least_squares(weighted, "+;+").optimum == (1,) and least_squares(weighted, "+;+").loss == 6
    assert check(least_squares(weighted, "+;+").certificate()).accepted
    assert status(run(CLAIMS["LIU-(5)-(9)"], weighted, no_tick)) == "not applicable"


def test_a_changed_optimum_is_rejected_by_the_checker():
    certificate = least_squares(example("liu-two-samples"), "+;-").certificate()
    definitions = [[n, t.replace("[1, 0]", "[2, 0]") if n == "R1" else t] for n, t in certificate.proof["definitions"]]
    assert not check(replace(certificate, proof={**certificate.proof, "definitions": definitions})).accepted


@pytest.mark.parametrize(
    ("problem", "signature", "error", "words"),
    [
        (example("yun2018-three-point"), "++;++;++", Unsupported, "one hidden layer"),
        (example("liu-two-samples"), "+;0", MalformedInput, "signature"),
        (TWO, "+;-", MalformedInput, "no point"),
    ],
)  # fmt: skip
def test_least_squares_says_what_it_needs(problem, signature, error, words):
    with pytest.raises(error, match=words):
        least_squares(problem, signature)


# ---------------------------------------- genuine minima


def test_the_table_of_the_worked_example_for_both_labels():
    """Liu, section 4.2 and appendix B: L* = 1, 1/2, 1/2, 0; r4 is not genuine for the labels 1, -1 (section 4.3)."""
    equal = {row.cells[0]: row.cells[1:] for row in worked.table(example("liu-two-samples"))}
    assert equal == {
        "+;+": ("(1, 1)", "-", "0", "z > 0"), "+;-": ("(1, 0)", "(0, 1)", "1/2", "z > 0"),
        "-;+": ("(0, 1)", "(1, 0)", "1/2", "z > 0"), "-;-": ("(0, 0)", "(1, 0) (0, 1)", "1", "z > 0"),
    }  # fmt: skip
    opposite = {row.cells[0]: row.cells[-1] for row in worked.table(example("liu-two-samples-opposite"))}
    assert opposite == {"+;+": "no", "+;-": "z > 0", "-;+": "z < 0", "-;-": "z > 0"}


def brute_genuine(solution):
    """Whether a minimiser on a small grid of c comes from the cell, by signs only (a lower bound of the truth)."""
    loss, (signs, dimension) = solution.lifted, (solution.cell.columns, len(solution.kernel))
    if dimension > 2:
        return None
    for c in product([mpq(k, 2) for k in range(-8, 9)], repeat=dimension):
        r = solution.optimum
        for factor, vector in zip(c, solution.kernel, strict=True):
            r = tuple(a + factor * b for a, b in zip(r, vector, strict=True))
        good = all(
            not any(row)
            or any(all(s * sum(a * b for a, b in zip(row, x, strict=True)) * group[0][j] > 0
                       for group, x in zip(signs, loss.inputs, strict=True) if group[0][j]) for s in (1, -1))
            for j, row in enumerate(loss.split(r))
        )  # fmt: skip
        if good:
            return True
    return False


@pytest.mark.parametrize("problem", RANDOM, ids=lambda p: p.name)
def test_genuine_minima_agree_with_a_grid_and_with_the_decisions_about_points(problem):
    seen = set()
    for cell in problem.cells()[:12]:
        solution = least_squares(problem, cell)
        answer, grid = genuine(solution), brute_genuine(solution)
        if isinstance(answer, Genuine):
            assert answer.point().local_minimum().answer == "yes"
            assert answer.point().signature == cell.signature
        else:
            assert not grid and check(answer.certificate()).accepted
        if solution.is_unique:
            assert grid is isinstance(answer, Genuine)
        seen.add(type(answer))
    assert seen


def test_a_refutation_with_a_changed_multiplier_or_a_choice_left_out_is_rejected():
    answer = genuine(least_squares(example("liu-two-samples-opposite"), "+;+"))
    assert isinstance(answer, NotGenuine)
    certificate = answer.certificate()
    facts = certificate.proof["facts"]
    assert check(certificate).accepted and facts[-1] == "1 + 1 + 1 == 3**1"
    for k, fact in enumerate(facts[1:], 1):
        changed = [*facts[:k], fact.replace("==", "== 5 +"), *facts[k + 1 :]]
        assert not check(replace(certificate, proof={**certificate.proof, "facts": changed})).accepted
    fewer = replace(
        answer, refuted=replace(answer.refuted, refutations=dict(list(answer.refuted.refutations.items())[1:]))
    )
    assert not check(fewer.certificate()).accepted


def test_both_signs_of_z_are_tested():
    found = genuine(least_squares(example("liu-two-samples-opposite"), "-;+"))
    assert isinstance(found, Genuine) and found.signs == (-1,)


# ---------------------------------------- saddle points and boundaries


def test_saddle_points_are_saddle_points_and_their_absence_is_certified():
    kinds = set()
    for problem in [example("liu-saddle"), *RANDOM[:4]]:
        for cell in problem.cells()[:6]:
            solution = least_squares(problem, cell)
            for kept in proper_subsets(solution.lifted.neurons):
                found = saddle_point(solution, kept)
                kinds.add(type(found))
                if isinstance(found, SaddlePoint):
                    assert found.point().saddle().answer == "yes" and found.point().signature == cell.signature
                else:
                    assert check(found.certificate).accepted
    assert kinds == {SaddlePoint, NoSaddlePoint}


def test_the_quantities_of_theorem_3_on_the_strict_instance():
    """(18) = -3/5 and (19) = 2/5 in the paper's sums over the data, here means over three points."""
    place = on_facet(example("liu-minimum-on-a-boundary").at("minimum"))
    assert isinstance(place, OnFacet)
    assert place.slopes == (Fraction(-3, 5) / 3, Fraction(2, 5) / 3) and place.inequality_19 == place.slopes[1]
    assert place.theorem_3 and place.is_minimum and check(place.certificate("(17) to (19) hold")).accepted


def test_two_data_points_on_the_plane_count_twice():
    place = on_facet(example("liu-duplicates").at("accepted"))
    assert isinstance(place, OnFacet) and len(place.facet.on_plane) == 2
    assert place.theorem_3 and not place.is_minimum
    assert place.slopes == (Fraction(-3, 5) / 4, Fraction(-3, 5) / 4) and place.inequality_19 == Fraction(2, 5) / 4


def test_a_point_on_several_boundaries_is_on_no_facet():
    problem = example("liu-two-samples")
    assert facet_of(problem.at("origin")) == "neuron 1 is on several boundaries"
    assert facet_of(problem.at("r1")) == "no neuron is on a boundary"


@pytest.mark.parametrize("name", ["liu-two-samples", "liu-two-samples-opposite", "liu-wrong-side", "liu-duplicates"])
def test_with_one_neuron_each_facet_is_an_edge_between_two_cells(name):
    problem = example(name)
    assert len(list(facets(problem))) == len(list(problem.cells().edges()))
    for facet in facets(problem):
        found = facet_minimum(facet)
        if not isinstance(found, NoChoice):
            assert found.local_minimum().answer == "yes" and found.columns == facet.columns


@pytest.mark.parametrize("number", range(40))
def test_the_corrected_test_on_boundaries_is_that_of_the_dual_vectors(number):
    problem = random_instance("lifted", 5, number)
    for name in problem.points:
        place = on_facet(problem.at(name))
        if isinstance(place, OnFacet):
            assert place.is_minimum == (place.point.local_minimum().answer == "yes")


# ---------------------------------------- claims


@pytest.mark.parametrize("name", [name for name in OURS if not CLAIMS[name].erratum])
def test_no_random_instance_refutes_a_corrected_claim(name):
    assert status(run_random(CLAIMS[name], 3, 2, no_tick)) != "refuted"


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in OURS if not CLAIMS[name].erratum])
def test_no_random_instance_of_many_refutes_a_corrected_claim(name):
    assert status(run_random(CLAIMS[name], 60, 1, no_tick)) != "refuted"


@pytest.mark.parametrize(
    "name", ["LIU-T1a", "LIU-T1b", "LIU-S1", "LIU-A2", "LIU-4.1-2c", "LIU-4.3b", "LIU-L2", "LIU-T3"]
)
def test_random_instances_find_the_errata(name):
    assert status(run_random(CLAIMS[name], 8, 0, no_tick)) == "refuted"


@pytest.mark.parametrize("name", OURS)
def test_a_claim_of_liu_is_not_applicable_outside_its_setting(name):
    hinge = Problem(Network.dense([1, 1, 1], bias=False), [[1]], [1], Loss("hinge"), {"p": (mpq(1), mpq(1))})
    leaky = Problem(
        Network.dense([1, 1, 1], (1, "1/2"), bias=False), [[1]], [1], Loss("squared"), {"p": (mpq(1), mpq(1))}
    )
    for problem in (hinge, leaky, example("yun2018-three-point")):
        ((_, outcome),) = run(CLAIMS[name], problem, no_tick)
        assert outcome.status == "not applicable" and outcome.detail


def test_over_parameterised_cells_need_not_solve_a_r_equal_y():
    """A = [[1, 1, 1], [0, 0, 0]], y = (1, 1)."""
    solution = least_squares(example("liu-over-parameterised"), "+;-")
    assert rank(solution.lifted.matrix) == 1 and len(solution.kernel) == 2 and solution.loss == Fraction(1, 2)
