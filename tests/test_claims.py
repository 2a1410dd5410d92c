"""The claims of the papers run, with the outcomes that are known; what is verified has been through the checker."""

import json
from dataclasses import replace

import pytest
from gmpy2 import mpq

from exactrelu import Loss, Network, Problem, check, example
from exactrelu.errors import BudgetExceeded, InternalContradiction, MalformedInput
from exactrelu.refinement import no_tick
from exactrelu.replicas import class_problem
from exactrelu.theorems.catalogue import CLAIMS, entry, run, run_random, status
from exactrelu.theorems.claim import Outcome, seen
from exactrelu.theorems.hypotheses import (
    equal_class_weights,
    rare,
    rare_as_printed,
    recast,
    separable,
    separation,
)
from exactrelu.theorems.random_instances import FAMILIES, random_instance

# Refuted: the errata, each on an instance of its own.
REFUTED = {name for name, claim in CLAIMS.items() if claim.erratum} - {"MIL-L2", "YSJ-A9.1", "LvB-C3ii"}
# No instance can decide a sketch, or runs of float training.
UNDECIDED = {"MLR-F1", "MIL-E1", "MIL-(20)", "MIL-Table1", "MIL-Table2", "MIL-F2", "LIU-S4", "LIU-FA4"}
OURS = [name for name in CLAIMS if name.startswith(("LvB", "MLR"))]


@pytest.mark.parametrize("name", CLAIMS)
def test_every_claim_has_its_known_status_on_its_own_instances(name):
    outcomes = run(CLAIMS[name], None, no_tick)
    assert status(outcomes) == ("refuted" if name in REFUTED else "undecided" if name in UNDECIDED else "verified")
    decided = [outcome for _, outcome in outcomes if outcome.status in ("verified", "refuted")]
    assert decided or name in UNDECIDED
    assert all(outcome.certificates for outcome in decided)


def test_a_claim_with_a_rejected_certificate_or_with_none_is_a_bug():
    problem = example("laurent-brecht-one-neuron")
    (point,) = seen(problem.at("start"))
    wrong = replace(point, proof={**point.proof, "loss": "7"})
    for outcome in (Outcome("verified", "", (wrong,)), Outcome("refuted", "")):
        claim = replace(CLAIMS["LvB-L1"], procedure=lambda problem, tick, outcome=outcome: outcome)
        with pytest.raises(InternalContradiction):
            claim.run(problem, no_tick)


def test_flat_minima_of_rare_data_need_not_survive_a_change_of_the_data():
    """The minima of figure 2 do: there each data point is solved or dead."""
    (outcome,) = [o for _, o in run(CLAIMS["MLR-S5"], example("laurent-brecht-rare"), no_tick)]
    assert outcome.status == "not applicable"


def test_an_erratum_says_what_holds_instead():
    for name in REFUTED:
        assert CLAIMS[name].erratum


def test_every_row_of_the_two_papers_is_a_claim():
    """The lemmas, theorems, corollaries and figures of the two versions; MLR has four theorems, LvB seven."""
    rows = [
        f"MLR-{row}"
        for row in (
            "L1",
            "T1i",
            "T1ii",
            "T1iii",
            "L2",
            "(15)",
            "L3i",
            "L3ii",
            "T2",
            "D1",
            "T3",
            "(26)-(27)",
            "T4i",
            "T4ii",
            "C1",
            "L4",
            "F1",
            "F2a",
            "F2b",
            "F2c",
            "(4)",
        )
    ]
    rows += [f"MLR-S{k}" for k in range(1, 10)] + [f"LvB-S{k}" for k in range(6)]
    rows += [f"LvB-{row}" for row in ("types", "L1", "T1", "C1", "C2", "T2", "MR1", "D1", "D1b", "T3", "MR2", "F2",
                                      "D2", "F3", "T4", "T5", "(10)", "F4a", "F4b", "F4c", "T6", "F5", "(11)", "(12)",
                                      "T7i", "T7ii", "C3i", "C3ii", "C4", "End")]  # fmt: skip
    assert set(rows) <= set(CLAIMS)


@pytest.mark.parametrize("name", ["LvB-T1", "LvB-C1", "LvB-C2", "MLR-L2", "MLR-S1", "LvB-T6", "LvB-T7i", "LvB-D1"])
def test_a_claim_on_hinge_losses_is_not_applicable_to_the_squared_loss(name):
    assert status(run(CLAIMS[name], example("yun2018-three-point"), no_tick)) == "not applicable"


def test_a_claim_on_deep_networks_is_undecided_when_not_all_cells_are_known():
    (_, outcome), *_ = run(CLAIMS["LvB-L1"], example("convolution"), no_tick)
    assert outcome.status == "undecided" and "there may be more" in outcome.detail


def test_multilinearity_of_deep_networks_is_decided_by_their_paths():
    for name in ("convolution", "laurent-brecht-two-hidden-layers"):
        (_, outcome), *_ = run(CLAIMS["LvB-T1"], example(name), no_tick)
        assert outcome.status == "verified" and "paths" in outcome.detail


def test_the_multilinear_claim_is_not_applicable_with_weight_decay():
    loss = Loss("hinge", weight_decay=1)
    problem = Problem(Network.dense([1, 1, 1]), x=[[1]], y=[1], loss=loss)
    assert status(run(CLAIMS["LvB-T1"], problem, no_tick)) == "not applicable"


def test_a_claim_that_was_not_run_is_listed_as_undecided_with_its_instances():
    row = entry(CLAIMS["LvB-T1"], [])
    assert row["status"] == "undecided" and "convolution" in row["instances"]


# ---------------------------------------- hypotheses about the data

LINE = Problem(Network.dense([1, 1, 1], (1, "1/2")), [[0], [1], [2]], [1, -1, 1], Loss("hinge"))
TWO = Problem(Network.dense([1, 1, 2], (1, "1/2")), [[0], [1], [2]], [0, 1, 0], Loss("multiclass-hinge"))


def test_two_classes_on_the_line_are_separable_when_an_interval_separates_them():
    apart = replace(LINE, y=(-1, 1, 1))
    assert separable(LINE).answer == "no" and separable(apart).answer == "yes"
    found = separation(apart)
    assert all(y * (found.q[0] * x[0] + found.beta) >= 1 for x, y in zip(apart.x, apart.y, strict=True))
    for fact in (separable(LINE), separable(apart)):
        assert all(check(proof).accepted for proof in fact.certificates)


def test_three_scores_may_separate_what_no_class_against_the_rest_does():
    """The data of the erratum to Corollary 4: the middle class lies between the other two."""
    problem = example("laurent-brecht-not-one-versus-all-separable")
    assert separable(recast(problem, "multiclass-hinge")).answer == "yes"
    assert separable(problem).answer == "no"
    assert [separable(class_problem(problem, r)).answer for r in range(3)] == ["yes", "no", "yes"]


@pytest.mark.parametrize(
    ("weights", "answer"),
    [(("1/4", "1/2", "1/4"), "yes"), (("1/5", "1/2", "3/10"), "no"), (("2/5", "2/5", "1/5"), "yes")],
)
def test_rare_data_of_definition_1(weights, answer):
    """Rare; generic after a change of the weights; rare through alpha = 1/2."""
    fact = rare(replace(TWO, loss=Loss("multiclass-hinge", weights=tuple((w,) for w in weights))), no_tick)
    assert fact.answer == answer and all(check(proof).accepted for proof in fact.certificates)


def test_two_points_of_two_classes_are_generic_but_rare_as_printed():
    pair = replace(TWO, x=TWO.x[:2], y=TWO.y[:2])
    assert rare(pair, no_tick).answer == "no" and rare_as_printed(pair).answer == "yes"
    assert all(check(proof).accepted for f in (rare(pair, no_tick), rare_as_printed(pair)) for proof in f.certificates)


def test_separable_data_with_many_choices_are_generic():
    x = [[mpq(k, k + 1) ** 3] for k in range(1, 15)]
    many = Problem(Network.dense([1, 1, 1], (1, "1/2")), x, [1] * 14, Loss("hinge"))
    fact = rare(many, no_tick)
    assert (fact.answer, fact.words) == ("no", "the data are separable, hence generic")


def test_too_many_choices_of_classes_are_not_tried():
    """Two equal inputs of different classes are not separable; 2^19 choices for each are too many."""
    many = Problem(Network.dense([1, 1, 20], (1, "1/2")), [[1], [1]], [0, 1], Loss("multiclass-hinge"))
    fact = rare(many, no_tick)
    assert fact.answer == "undecided" and "too many" in fact.words


def test_rare_data_need_leaky_units():
    assert rare(replace(TWO, network=Network.dense([1, 1, 2])), no_tick).answer == "undecided"


@pytest.mark.parametrize(("weights", "answer"), [(("1/4", "1/2", "1/4"), "yes"), (("1/3", "1/3", "1/3"), "no")])
def test_class_weights_are_compared_exactly(weights, answer):
    fact = equal_class_weights(replace(LINE, loss=Loss("hinge", weights=tuple((w,) for w in weights))))
    assert fact.answer == answer and check(fact.certificates[0]).accepted


# ---------------------------------------- random instances


@pytest.mark.parametrize("family", FAMILIES)
def test_random_instances_follow_from_their_seed_and_lie_on_kinks(family):
    made = [random_instance(family, 3, k) for k in range(12)]
    assert made == [random_instance(family, 3, k) for k in range(12)]
    assert made != [random_instance(family, 4, k) for k in range(12)]
    assert all(Problem.loads(problem.dumps()) == problem for problem in made)
    points = [problem.at(name) for problem in made for name in problem.points]
    assert sum(bool(point.kinks) for point in points) > len(points) / 3 or "linear" in family


def test_an_unknown_family_is_refused():
    with pytest.raises(MalformedInput, match="family"):
        random_instance("quantum", 0, 0)


@pytest.mark.parametrize("name", [name for name in OURS if not CLAIMS[name].erratum])
def test_no_random_instance_refutes_a_true_claim(name):
    assert status(run_random(CLAIMS[name], 2, 7, no_tick)) != "refuted"


def test_random_instances_find_the_errata_and_keep_the_problem():
    outcomes = run_random(CLAIMS["MLR-S1"], 4, 0, no_tick)
    row = entry(CLAIMS["MLR-S1"], outcomes)
    refuted = [line for line in row["instances"] if line["status"] == "refuted"]
    assert row["status"] == "refuted" and refuted
    again = Problem.loads(json.dumps(refuted[0]["problem"]))
    assert status(run(CLAIMS["MLR-S1"], again, no_tick)) == "refuted"


def test_random_instances_find_that_deep_linear_networks_have_suboptimal_minima():
    """Scenario 1 without equal class weights; the README runs it."""
    (outcome,) = [o for _, o in run_random(CLAIMS["LvB-S1"], 20, 1, no_tick) if o.status == "refuted"]
    assert outcome.problem is not None and outcome.problem.network.slopes == (1, 1)
    assert equal_class_weights(outcome.problem).answer == "no"


def test_a_budget_stops_a_claim():
    def tick():
        raise BudgetExceeded("enough")

    with pytest.raises(BudgetExceeded):
        run(CLAIMS["LvB-D1-corrected"], example("laurent-brecht-rare"), tick)
