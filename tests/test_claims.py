"""The claims of the papers run, with the outcomes that are known; what is verified has been through the checker."""

import pytest

from exactrelu import Loss, Network, Problem, check, example
from exactrelu.refinement import no_tick
from exactrelu.theorems.catalogue import CLAIMS, entry, run, status

# Refuted: the errata. The anonymous version prints Theorem 1 without two blocks, and claims an indefinite Hessian and a
# null boundary set without the hypotheses that they need.
REFUTED = {"MLR-L1", "MLR-T1i", "MLR-S1"}


@pytest.mark.parametrize("name", CLAIMS)
def test_every_claim_has_its_known_status_on_its_own_instances(name):
    outcomes = run(CLAIMS[name], None, no_tick)
    assert status(outcomes) == ("refuted" if name in REFUTED else "verified")
    for _, outcome in outcomes:
        assert outcome.certificates
        assert all(check(certificate).accepted for certificate in outcome.certificates)


def test_an_erratum_says_what_holds_instead():
    for name in REFUTED:
        assert CLAIMS[name].erratum


@pytest.mark.parametrize("name", ["LvB-T1", "LvB-C1", "LvB-C2", "MLR-L2", "MLR-S1"])
def test_a_claim_on_hinge_losses_is_not_applicable_to_the_squared_loss(name):
    assert status(run(CLAIMS[name], example("yun2018-three-point"), no_tick)) == "not applicable"


def test_a_claim_on_deep_networks_is_undecided_when_not_all_cells_are_known():
    (_, outcome), *_ = run(CLAIMS["LvB-T1"], example("convolution"), no_tick)
    assert outcome.status == "undecided" and "there may be more" in outcome.detail


def test_the_multilinear_claim_is_not_applicable_with_weight_decay():
    loss = Loss("hinge", weight_decay=1)
    problem = Problem(Network.dense([1, 1, 1]), x=[[1]], y=[1], loss=loss)
    assert status(run(CLAIMS["LvB-T1"], problem, no_tick)) == "not applicable"


def test_a_claim_that_was_not_run_is_listed_as_undecided_with_its_instances():
    row = entry(CLAIMS["LvB-T1"], [])
    assert row["status"] == "undecided" and "convolution" in row["instances"]
