"""Theorem 6 of Yun, Sra and Jadbabaie as a construction: its values, its proofs, and what it refuses."""

from dataclasses import replace
from fractions import Fraction

import pytest
from gmpy2 import mpq

from exactrelu import Loss, Network, Problem, check, example
from exactrelu.errors import MalformedInput, Unsupported
from exactrelu.refinement import no_tick
from exactrelu.theorems.catalogue import CLAIMS, run, run_random, status
from exactrelu.theorems.random_instances import Stream, random_instance
from exactrelu.theorems.yun_sra_jadbabaie import spurious_minimum
from exactrelu.theorems.yun_sra_jadbabaie.bad_minima import bend, bend_at_gap, failing_condition, tie_break
from exactrelu.theorems.yun_sra_jadbabaie.linear_fit import fit, merged_fit

HALF_SUM = Loss("squared", factor="1/2", weights="sum")
LINE = ([[0], [1], [2]], [0, 0, 1])
CROSS = ([[0, -1], [0, 0], [0, 1], [1, 0]], [1, -2, 1, 1])
THREE = ([[1, 0], [0, 1], ["1/2", "1/2"]], [0, 0, 1])


def problem(data, slopes=(1, 0), width=2, loss=HALF_SUM, **network):
    x, y = data
    return Problem(Network.dense([len(x[0]), width, 1], slopes, **network), x, y, loss)


# Case, bad loss, better loss: computed by hand from the formulas of section 3.3 and appendix A6, with the best gamma
# (case 1) and alpha (case 2) that the proof allows.
KNOWN = [
    (LINE, (1, 0), 1, "1/12", "7/108"),
    (LINE, (1, "1/2"), 1, "1/12", "83/1152"),
    (CROSS, (1, 0), 2, "3", "373/128"),
    (CROSS, (1, "1/2"), 2, "3", "365/122"),
    (THREE, (1, "1/2"), 2, "1/3", "2239/6723"),
    (THREE, (1, 0), 2, "1/3", "271/819"),
]


@pytest.mark.parametrize(("data", "slopes", "case", "bad", "better"), KNOWN)
def test_the_construction_has_the_losses_of_the_formulas(data, slopes, case, bad, better):
    given = problem(data, slopes)
    made = spurious_minimum(given)
    assert (made.at("bad").loss, made.at("better").loss) == (Fraction(bad), Fraction(better))
    assert bend(fit(given), given.network.slopes).case == case
    proof = made.at("bad").certificate("local_minimum", "global_minimum")
    assert proof.proof["spurious"] and check(proof).accepted


def test_the_shipped_points_are_those_of_the_construction():
    for name in ("case-1", "case-1-leaky", "case-2", "case-2-leaky", "constant-fit", "merged-inputs"):
        shipped = example(f"yun2018-theorem-6-{name}")
        assert spurious_minimum(shipped) == shipped


def residuals_by_projection(x, y, weights):
    """y minus its projection on the affine functions of x, by Gram and Schmidt: no normal equations."""

    def product(a, b):
        return sum(w * p * q for w, p, q in zip(weights, a, b, strict=True))

    def without(a, basis):
        for b in basis:
            a = [p - product(a, b) / product(b, b) * q for p, q in zip(a, b, strict=True)]
        return a

    basis = []
    for column in ([mpq(1)] * len(x), *zip(*x, strict=True)):
        rest = without(list(column), basis)
        basis += [rest] if any(rest) else []
    return without(y, basis)


@pytest.mark.parametrize("number", range(25))
def test_on_random_data_the_bad_point_has_the_least_squares_risk_and_a_proof(number):
    given = random_instance("bad-minima", 5, number)
    made = spurious_minimum(given)
    bad, better = made.at("bad"), made.at("better")
    weights = [given.loss.weight(i, 0, len(given.x)) for i in range(len(given.x))]
    rest = residuals_by_projection(given.x, [y for (y,) in given.y], weights)
    assert bad.loss == sum(w * r * r for w, r in zip(weights, rest, strict=True)) > better.loss
    assert check(bad.certificate("local_minimum", "global_minimum")).accepted
    stream = Stream(f"moves {number}")
    for _ in range(20):  # no small move helps: an oracle that knows no proof
        moved = [p + mpq(stream.integer(-9, 9), 10**4) for p in bad.parameters]
        assert made.evaluate(moved) >= bad.loss


def test_both_cases_and_the_constant_fit_occur_among_the_random_data():
    data = [fit(random_instance("bad-minima", 5, k)) for k in range(25)]
    assert {bool(d.unbalanced_cuts) for d in data} == {True, False}
    assert any(d.least_gap is None for d in data)


def test_all_positive_alpha_give_local_minima_of_one_loss():
    for alpha in ("1/7", 1, 30):
        bad = spurious_minimum(problem(CROSS, (3, 2)), alpha).at("bad")
        assert (bad.loss, bad.local_minimum().answer, bad.isolated().answer) == (3, "yes", "no")


@pytest.mark.parametrize("slopes", [("1/2", 2), (1, 3), (5, "1/9"), ("1001/1000", 1), (1, "1001/1000")])
@pytest.mark.parametrize("data", [LINE, CROSS, THREE])
def test_any_slopes_that_differ_will_do(data, slopes):
    made = spurious_minimum(problem(data, slopes, width=4))
    assert made.at("better").loss < made.at("bad").loss and made.at("bad").local_minimum().answer == "yes"


def test_data_may_have_weights_and_inputs_of_irrational_length():
    x, y = [[1, 1], [0, 2], [-1, 3], [4, 0]], [1, -2, 1, "1/3"]
    weights = tuple((mpq(w),) for w in (1, 2, 3, 4))
    for loss in (HALF_SUM, Loss("squared"), Loss("squared", weights=weights)):
        made = spurious_minimum(problem((x, y), loss=loss))
        assert made.at("better").loss < made.at("bad").loss and made.at("bad").local_minimum().answer == "yes"


def test_the_order_of_the_data_does_not_matter():
    for data in (LINE, CROSS):
        losses = set()
        for turn in range(len(data[0])):
            x, y = (part[turn:] + part[:turn] for part in data)
            losses.add(spurious_minimum(problem((x, y), (1, "1/2"))).at("better").loss)
        assert len(losses) == 1


def test_labels_times_k_have_losses_times_k_squared():
    for data in (LINE, CROSS):
        one, three = (spurious_minimum(problem((data[0], [k * y for y in data[1]]))) for k in (1, 3))
        assert [three.at(name).loss for name in ("bad", "better")] == [9 * one.at(n).loss for n in ("bad", "better")]


def test_the_better_point_is_no_better_than_the_global_minimum():
    made = spurious_minimum(problem(LINE))
    assert made.minimum().upper == made.minimum().lower <= made.at("better").loss


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (problem(([[0], [1], [2]], [1, 3, 5])), "(C6.1) fails"),
        (problem(([[0], [0]], [0, 1])), "(C6.2) fails"),
        (problem(LINE, (1, 1)), "(C6.3) fails"),
        (problem(LINE, width=1), "(C6.4) fails"),
        (problem(LINE, bias=[False, True]), "biases"),
        (problem(LINE, bias=[True, False]), "biases"),
        (problem(LINE, loss=Loss("squared", weight_decay=1)), "weight decay"),
        (problem(LINE, output_activation=True), "without activation"),
        (Problem(Network.dense([1, 2, 2, 1]), *LINE, HALF_SUM), "one hidden layer"),
        (Problem(Network.dense([1, 2, 1]), [[0], [1]], [1, -1], Loss("hinge")), "squared loss"),
    ],
)
def test_data_and_networks_that_miss_a_condition_are_refused_by_its_name(given, why):
    assert why in failing_condition(given)
    with pytest.raises(Unsupported, match=why.replace("(", r"\(").replace(")", r"\)")):
        spurious_minimum(given)
    (outcome,) = [outcome for _, outcome in run(CLAIMS["YSJ-T6"], given, no_tick)]
    assert outcome.status == "not applicable" and why.split(" fails")[0] in outcome.detail


@pytest.mark.parametrize("alpha", [0, -1])
def test_alpha_must_be_positive(alpha):
    with pytest.raises(MalformedInput, match="alpha"):
        spurious_minimum(problem(LINE), alpha)


def test_equal_inputs_are_merged_to_their_mean_label():
    given = problem(([[0], [0], [1], [2]], [-1, 1, 0, 1]))
    merged = merged_fit(given)
    assert (merged.labels, merged.weights) == ((0, 0, 1), (1, mpq(1, 2), mpq(1, 2)))
    made = spurious_minimum(given)
    assert made.at("bad").loss == merged.risk + 1 and made.at("bad").local_minimum().answer == "yes"
    assert made.at("better").loss < made.at("bad").loss
    assert "(C6.2)" in run(CLAIMS["YSJ-T6"], given, no_tick)[0][1].detail


def test_where_the_mean_labels_are_fitted_the_best_fit_is_a_global_minimum():
    given = problem(([[0], [0]], [0, 1]))
    assert status(run(CLAIMS["YSJ-T6-sharp"], given, no_tick)) == "verified"
    least = given.minimum()
    assert least.lower == least.upper == fit(given).risk == Fraction(1, 4)


def test_every_cut_of_j_gives_a_better_point():
    given = random_instance("bad-minima", 5, 0)
    data = next(d for d in (fit(random_instance("bad-minima", 5, k)) for k in range(9)) if len(d.unbalanced_cuts) > 1)
    assert given.network.slopes[0] > 0
    for cut in data.unbalanced_cuts:
        one = bend_at_gap(data, (mpq(1), mpq(0)), cut)
        assert one.risk(one.best) < data.risk and 0 < one.best <= one.limit


def test_the_two_units_push_one_way_at_low_inputs_and_the_other_way_at_high_ones_for_all_alpha_up_to_1():
    given = problem(CROSS, (1, "1/2"))
    data, network = fit(given), given.network
    one, tie = bend(data, network.slopes), tie_break(data)
    assert one.low == (tie.j1,) and (tie.j1, tie.j2) == (0, 1)
    for alpha in (mpq(1, 1000), mpq(1, 3), mpq(1)):
        for i, x in enumerate(data.inputs):
            first, second = network.preactivations(one.point(alpha, network), x)[0]
            assert first < 0 < second if i in one.low else second < 0 < first


OWN = [name for name, claim in CLAIMS.items() if claim.family == "bad-minima"]


@pytest.mark.parametrize("name", OWN)
def test_random_data_refute_only_the_claims_with_an_undefined_constant(name):
    outcomes = [outcome for _, outcome in run_random(CLAIMS[name], 12, 3, no_tick)]
    assert "verified" in {outcome.status for outcome in outcomes}
    refuted = [outcome for outcome in outcomes if outcome.status == "refuted"]
    assert bool(refuted) == (name in ("YSJ-T6-c2", "YSJ-LA2"))
    for outcome in refuted:
        assert outcome.problem is not None and fit(outcome.problem).least_gap is None


def test_a_claim_on_one_case_does_not_apply_to_the_other():
    line, cross = example("yun2018-theorem-6-case-1"), example("yun2018-theorem-6-case-2")
    assert status(run(CLAIMS["YSJ-T6-c1"], cross, no_tick)) == "not applicable"
    for name in ("YSJ-T6-c2", "YSJ-T6-c2-corrected", "YSJ-LA1.1", "YSJ-LA2"):
        assert status(run(CLAIMS[name], line, no_tick)) == "not applicable"


@pytest.mark.parametrize("name", ["YSJ-T6-eta", "YSJ-(4)-(5)", "YSJ-LA1.3", "YSJ-LA2-corrected", "YSJ-T6-c2-corrected"])
def test_the_facts_of_a_claim_are_about_its_data(name):
    """With another label for the first data point the same relations are false."""
    (outcome,) = [o for _, o in run(CLAIMS[name], example("yun2018-theorem-6-case-2"), no_tick)]
    proof = outcome.certificates[0]
    data = {**proof.problem["data"], "y": ["2", *proof.problem["data"]["y"][1:]]}
    other = replace(proof, problem={**proof.problem, "data": data})
    assert check(proof).accepted and not check(other).accepted
