"""Smallest counterexamples: what is found, that nothing smaller is missed, and that the checker sees to it."""

from __future__ import annotations

import copy
import itertools
import json
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from gmpy2 import mpq

from exactrelu import Loss, Network, Problem, checker
from exactrelu.budget import Budget
from exactrelu.checker import check
from exactrelu.cli import main
from exactrelu.configurations import Labelled, Size, data_sets, key, numbers, sizes
from exactrelu.errors import BudgetExceeded, MalformedInput
from exactrelu.properties import PROPERTIES, find
from exactrelu.search import Family, Result, search

LEAKY: tuple[Any, Any] = (1, "1/2")
FAMILIES = [
    Family("hinge"),
    Family("hinge", LEAKY, (True, False)),
    Family("squared", (1, 0), (False, True)),
    Family("squared", LEAKY, (False, False)),
]


def accepted(result: Result) -> str:
    verdict = check(json.loads(result.certificate().dumps()))
    assert verdict, verdict.reason
    return verdict.reason


# ---------------------------------------- data sets and their symmetries


def test_the_numbers_of_a_height_are_all_fractions_of_that_height() -> None:
    for height in (1, 2, 3, 4):
        every = {mpq(p, q) for p in range(-height, height + 1) for q in range(1, height + 1)}
        assert set(numbers(height)) == every and len(numbers(height)) == len(every)


def test_sizes_come_in_the_order_that_is_asked_for() -> None:
    bounds = {"points": (1, 2), "dimension": (1, 2), "neurons": (2, 2), "height": (1, 1)}
    assert [s.points for s in sizes(bounds, ["points", "dimension", "neurons", "height"])] == [1, 1, 2, 2]
    assert [s.points for s in sizes(bounds, ["dimension", "points", "neurons", "height"])] == [1, 2, 1, 2]
    with pytest.raises(MalformedInput):
        sizes(bounds, ["points", "height"])


def test_data_sets_of_increasing_height_are_a_partition_up_to_the_order_of_the_points() -> None:
    found = [
        tuple(sorted(zip(d.x, d.y, strict=True)))
        for height in (1, 2)
        for d in data_sets(Size(2, 1, 1, height), 1, is_hinge=True)
    ]
    every = itertools.combinations_with_replacement(sorted(itertools.product(numbers(2), (1, -1))), 2)
    assert sorted(found) == sorted(tuple(((x,), y) for x, y in each) for each in every)


@pytest.mark.parametrize("family", FAMILIES, ids=str)
def test_equivalent_data_sets_have_one_key_and_one_landscape(family: Family) -> None:
    """Linear maps of the rows, the order of points, and changes of labels: the values of the local minima agree."""
    rng = random.Random(f"{family}")
    for _ in range(6):
        entries = numbers(2)
        x = tuple(tuple(rng.choice(entries) for _ in range(2)) for _ in range(3))
        y = tuple(mpq(rng.choice((1, -1))) if family.loss == "hinge" else rng.choice(entries) for _ in x)
        a, b, c, d = rng.choice([(1, 2, 0, 1), (0, 1, -1, 0), (2, 1, 1, 1), (1, 1, 0, -3)])
        shift = (rng.choice(entries), rng.choice(entries)) if family.bias[0] else (0, 0)
        moved = [(a * p + b * q + shift[0], c * p + d * q + shift[1]) for p, q in x]
        sign = rng.choice((1, -1))
        scale = mpq(1) if family.loss == "hinge" else mpq(rng.choice((2, "1/3")))
        lift = mpq(5, 7) if family.loss == "squared" and family.bias[1] else mpq(0)
        order = rng.sample(range(3), 3)
        other = Labelled(
            tuple(tuple(map(mpq, moved[i])) for i in order), tuple(sign * scale * y[i] + lift for i in order)
        )
        assert family.key(Labelled(x, y)) == family.key(other)
        losses = [
            sorted({(s.value / f, s.kind) for s in family.problem(data, 1).atlas().local_minima})
            for data, f in ((Labelled(x, y), mpq(1)), (other, scale**2))
        ]
        assert losses[0] == losses[1]


def test_different_landscapes_have_different_keys() -> None:
    """Equal keys, equal values, on all data sets of two points on the line of height 2; there are four classes."""
    family, by_key = Family("hinge"), dict[Any, set[Any]]()
    for data in data_sets(Size(2, 1, 1, 2), 2, is_hinge=True):
        losses = tuple(sorted({s.value for s in family.problem(data, 1).atlas().local_minima}))
        by_key.setdefault(family.key(data), set()).add(losses)
    assert len(by_key) == 4  # equal or different points, equal or different labels
    assert all(len(losses) == 1 for losses in by_key.values())


def test_the_checker_and_the_engine_agree_on_which_data_sets_are_equivalent() -> None:
    """Two derivations of the key, on random pairs: coordinates by inverse matrices, and by Cramer's rule."""
    rng = random.Random(5)
    for family in FAMILIES:
        empty = search("spurious", family, points=(1, 1)).certificate().to_dict()
        names = checker.Exhaustion(checker.verified(empty)[0])
        groups: dict[Any, set[Any]] = {}
        for _ in range(150):
            n, d = rng.choice([(2, 1), (3, 1), (3, 2), (4, 1)])
            x = tuple(tuple(mpq(rng.randint(-2, 2)) for _ in range(d)) for _ in range(n))
            y = tuple(mpq(rng.choice((1, -1) if family.loss == "hinge" else (0, 1, 2))) for _ in range(n))
            plain = [[Fraction(int(a)) for a in row] for row in x], [Fraction(int(a)) for a in y]
            groups.setdefault(family.key(Labelled(x, y)), set()).add(str(names.name(*plain, 1)))
        assert all(len(group) == 1 for group in groups.values())
        assert len(set.union(*groups.values())) == len(groups)


# ---------------------------------------- what is found


def test_the_smallest_spurious_minimum_of_one_relu_needs_two_points_for_both_losses() -> None:
    """A dead neuron (Laurent and von Brecht): known for the hinge loss; one point is always fitted."""
    for loss in ("hinge", "squared"):
        result = search("spurious", Family(loss))
        assert result.complete and result.found[0].size == (2, 1, 1, 1)
        assert "the smallest data set with it has points 2" in accepted(result)


def test_leaky_hinge_networks_with_one_neuron_have_no_spurious_minimum_on_three_points_of_the_line() -> None:
    result = search("spurious", Family("hinge", LEAKY), points=(1, 3))
    assert result.complete and not result.found and len(result.exhausted) == 3
    assert accepted(result) == "spurious: no data set within the bounds"


def test_the_smallest_sharp_spurious_minimum_is_sharp_for_point_too() -> None:
    result = search("sharp-spurious", points=(1, 3))
    (case,) = result.found
    assert result.complete and case.size.points == 3
    point = case.finding.problem.at("spurious")
    answers = point.local_minimum().answer, point.global_minimum().answer, point.kind().answer
    assert answers == ("yes", "no", "sharp")
    assert any(entry.finding.flat for entry in result.cases), "some smaller data sets have flat spurious minima"
    accepted(result)


def test_a_network_without_biases_cannot_fit_a_point_at_zero() -> None:
    result = search("positive-minimum", Family(bias=(False, False)))
    assert result.found[0].finding.problem.x == ((0,),) and result.complete
    accepted(result)


def test_three_labels_in_alternation_are_the_smallest_distinct_data_that_one_neuron_cannot_fit() -> None:
    """A function s(w x + b) v + c is monotone on the line with ReLU, so + - + cannot be fitted, and less can."""
    result = search("positive-minimum", Family(distinct=True), points=(1, 4), all_found=True)
    assert result.complete and {case.size.points for case in result.found} == {3}
    for case in result.found:
        order = sorted(zip(case.finding.problem.x, case.finding.problem.y, strict=True))
        assert [y for _, y in order] in ([1, -1, 1], [-1, 1, -1])
    accepted(result)


@pytest.mark.parametrize("family", FAMILIES, ids=str)
@pytest.mark.parametrize("name", PROPERTIES)
def test_no_smaller_data_set_has_the_property(name: str, family: Family) -> None:
    """Against brute force: the property of every data set of the exhausted sizes, without using symmetry."""
    result = search(name, family, points=(1, 3), dimension=(1, 1))
    accepted(result)
    for size in result.exhausted[:2]:
        for data in data_sets(size, 1, is_hinge=family.loss == "hinge"):
            problem = family.problem(data, size.neurons)
            if name == "positive-minimum":
                assert not problem.minimum().upper
            else:
                spurious = [s for s in problem.atlas().local_minima if s.is_spurious]
                assert all(name == "sharp-spurious" and s.kind == "flat" for s in spurious)


def test_linear_networks_have_a_spurious_minimum_on_three_points_of_the_plane_but_not_of_the_line() -> None:
    """LvB-S1, scenario 1, is false without equal class weights; the data set found is smaller than the erratum's."""
    linear = Family(slopes=(1, 1))
    result = search("spurious", linear, points=(1, 3), dimension=(1, 2))
    assert result.complete and result.found[0].size == (3, 2, 1, 1)
    accepted(result)
    refuted = search("claim:LvB-S1", Family(slopes=(1, 1), distinct=True), points=(3, 3), dimension=(2, 2))
    assert refuted.found and not refuted.complete, "the claim was tried at witnesses only"
    assert refuted.found[0].finding.words.startswith("refuted")
    assert linear.key(Labelled(*(getattr(refuted.found[0].finding.problem, a) for a in "xy"))) == linear.key(
        Labelled(*(getattr(result.found[0].finding.problem, a) for a in "xy"))
    )
    accepted(refuted)


@pytest.mark.slow
def test_a_claim_about_critical_points_is_tried_at_saddles_too() -> None:
    """LvB-T4 speaks of critical points: leaky units, separable data, then v = 0 or the loss is zero."""
    result = search("critical-claim:LvB-T4", Family("hinge", LEAKY, distinct=True), points=(1, 2))
    assert not result.found and not result.complete
    points = [len(case.finding.problem.points) for case in result.cases]
    minima = [len(case.finding.problem.atlas().local_minima) for case in result.cases]
    assert any(case.finding.words.startswith("verified") for case in result.cases)
    assert all(p >= m for p, m in zip(points, minima, strict=True)) and points != minima
    accepted(result)


def test_a_claim_that_holds_is_refuted_nowhere_and_the_search_does_not_call_that_a_proof() -> None:
    result = search("claim:LvB-T4", points=(1, 2))
    assert not result.found and not result.complete and "witness" in result.reason
    accepted(result)


def test_other_orders_of_size_find_other_smallest_data_sets() -> None:
    order = ["height", "dimension", "neurons", "points"]
    result = search("sharp-spurious", points=(1, 3), neurons=(1, 2), order=order)
    assert result.found[0].size == (3, 1, 1, 1)
    accepted(result)


def test_bad_questions_are_refused_by_name() -> None:
    with pytest.raises(MalformedInput, match="one of spurious"):
        find("surprising")
    with pytest.raises(MalformedInput, match="claim:ID"):
        find("claim:nobody")
    with pytest.raises(MalformedInput, match="points"):
        search("spurious", points=(3, 2))
    with pytest.raises(MalformedInput, match="loss"):
        Family("absolute")


# ---------------------------------------- budgets, resuming


class Steps:
    """A budget of so many steps."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise BudgetExceeded("the steps ran out")


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("sharp-spurious", 0),
        ("sharp-spurious", 30),
        ("sharp-spurious", 3000),
        pytest.param("claim:LvB-S1", 200, marks=pytest.mark.slow),
    ],
)
def test_an_interrupted_search_says_what_is_known_and_goes_on_from_its_certificate(name: str, steps: int) -> None:
    family = Family("hinge", LEAKY)
    whole = search(name, family, points=(1, 3))
    part = search(name, family, points=(1, 3), tick=Steps(steps))
    assert part.complete or part.reason
    accepted(part)
    counter = Steps(10**6)
    rest = search(name, family, points=(1, 3), resume=part.certificate().to_dict(), tick=counter)
    assert (rest.complete, rest.examined, rest.exhausted) == (whole.complete, whole.examined, whole.exhausted)
    accepted(rest)
    again = Steps(10**6)
    search(name, family, points=(1, 3), tick=again)
    assert counter.left >= again.left, "what is known is not decided again"


def test_a_certificate_of_another_search_and_a_forged_one_are_not_gone_on_from() -> None:
    certificate = search("spurious", points=(1, 1)).certificate().to_dict()
    with pytest.raises(MalformedInput, match="another certificate"):
        search("sharp-spurious", resume=certificate)
    forged = copy.deepcopy(certificate)
    forged["cases"][0]["certificates"][0]["sets"][0]["value"] = "7"
    with pytest.raises(MalformedInput, match="rejected"):
        search("spurious", resume=forged)


def test_a_budget_of_no_time_ends_with_an_incomplete_answer() -> None:
    result = search("spurious", tick=Budget(seconds=0))
    assert not result.complete and not result.examined and "ran out" in result.reason


# ---------------------------------------- false certificates


def test_a_certificate_without_one_of_its_cases_is_rejected() -> None:
    certificate = search("spurious", Family("hinge", LEAKY), points=(1, 3)).certificate().to_dict()
    for k in range(len(certificate["cases"])):
        cut = {**certificate, "cases": certificate["cases"][:k] + certificate["cases"][k + 1 :]}
        verdict = check(cut)
        assert not verdict and "no case for x = (" in verdict.reason


def test_the_proof_of_one_data_set_does_not_serve_for_another() -> None:
    certificate = search("spurious", Family("hinge", LEAKY), points=(1, 2)).certificate().to_dict()
    for one, other in itertools.permutations(range(len(certificate["cases"])), 2):
        borrowed = copy.deepcopy(certificate)
        borrowed["cases"][one]["certificates"] = certificate["cases"][other]["certificates"]
        assert "another problem" in check(borrowed).reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"property": "sharp-spurious"}, "no such local minimum"),
        ({"exhausted": 7}, "more than there are sizes"),
        ({"exhausted": 0}, "not exhausted"),
        ({"network": {"activation": {"slopes": ["1", "1/3"]}, "bias": [True, True]}}, "not a problem of this family"),
        ({"loss": {"kind": "hinge", "factor": "1", "weights": "sum"}}, "not a problem of this family"),
        ({"distinct": True}, "not within the bounds"),
        ({"found": []}, "not exhausted"),
    ],
)
def test_a_false_claim_about_a_search_is_rejected(change: dict[str, Any], reason: str) -> None:
    certificate = search("spurious", points=(1, 3)).certificate().to_dict()
    assert check(certificate)
    verdict = check({**certificate, **change})
    assert not verdict and reason in verdict.reason


def test_what_was_found_is_not_the_smallest_if_a_smaller_data_set_is_equivalent() -> None:
    """No network without biases fits the label 1 at the point 0 of the line; so none does at that of the plane."""
    network, loss = {"activation": "relu", "bias": [False, False]}, {"kind": "hinge"}

    def case(x: list[str], w: str, v: str, minimum: str) -> dict[str, Any]:
        problem = {
            "format": "exactrelu.problem/1",
            "network": {"widths": [len(x), 1, 1], **network},
            "loss": loss,
            "data": {"x": [x], "y": [1]},
        }
        head = {"format": "exactrelu.certificate/1", "kind": "minimum", "statement": "", "problem": problem}
        point = {"W1": [[w] * len(x)], "W2": [[v]]}
        bounds = {"upper": minimum, "lower": minimum, "tree": {"dual": [str(-int(minimum))]}}
        return {"problem": problem, "certificates": [{**head, "point": point, **bounds}]}

    verdict = check(
        {
            "format": "exactrelu.certificate/1",
            "kind": "exhaustion",
            "problem": {},
            "statement": "",
            "property": "positive-minimum",
            "network": network,
            "loss": loss,
            "distinct": False,
            "order": ["points", "dimension", "neurons", "height"],
            "bounds": {"points": [1, 1], "dimension": [1, 2], "neurons": [1, 1], "height": [1, 1]},
            "exhausted": 1,
            "complete": True,
            "cases": [case(["1"], "1", "1", "0")],
            "found": [case(["0", "0"], "0", "0", "1")],
        }
    )
    assert verdict and verdict.reason.endswith("dimension 1, neurons 1, height 1")


def test_a_flat_set_needs_a_constant_cell_that_holds_all_of_it() -> None:
    """Each change of a proof of flatness is rejected."""
    certificate = search("sharp-spurious", points=(1, 3)).certificate().to_dict()
    changed = 0
    for k, case in enumerate(certificate["cases"]):
        for entry in range(len(case.get("flat", []))):
            for change in ("drop", "point", "dual", "curve"):
                forged = copy.deepcopy(certificate)
                flat = forged["cases"][k]["flat"]
                if change == "drop":
                    del flat[entry]
                elif change == "dual":
                    flat[entry]["dual"] = ["1"] * len(flat[entry]["dual"])
                elif change == "curve":
                    flat[entry]["cells"][0]["curve"] = [
                        {name: [["0"]] if name[0] == "W" else ["0"] for name in ("W1", "b1", "W2", "b2")}
                    ]
                    flat[entry]["cells"][0]["point"] = {"W1": [["0"]], "b1": ["0"], "W2": [["0"]], "b2": ["0"]}
                else:
                    point = flat[entry]["cells"][0]["point"]
                    point["W1"], point["b1"] = [["0"]], ["1"]
                assert not check(forged), (k, entry, change)
                changed += 1
    assert changed


# ---------------------------------------- the command


def test_the_command_prints_writes_and_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    certificate, problem = tmp_path / "c.json", tmp_path / "p.json"
    arguments = ["search", "sharp-spurious", "--certificate", str(certificate), "--problem", str(problem)]
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert out.startswith("The smallest data set with a sharp local minimum that is not global: points 3")
    assert main(["check", str(certificate)]) == 0
    assert main(["point", str(problem), "--at", "spurious"]) == 0
    assert main([*arguments, "--json", "--resume", str(certificate)]) == 0
    capsys.readouterr()
    assert main(["search", "sharp-spurious", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["complete"] and document["found"][0]["size"]["points"] == 3
    assert Problem.load(str(problem)).to_dict() == document["found"][0]["problem"]


def test_the_exit_code_is_one_when_there_is_none_and_three_when_it_is_open(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "spurious", "--points", "1", "--quiet"]) == 1
    assert capsys.readouterr().out.startswith("No data set within the bounds")
    assert main(["search", "spurious", "--budget", "0", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["complete"] is False
    assert main(["search"]) == 0
    assert "sharp-spurious" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["surprising"],
        ["spurious", "--order", "points"],
        ["spurious", "--slopes", "0", "1"],
        ["spurious", "--resume", "nowhere.json"],
        ["spurious", "--certificate", "/nowhere/c.json"],
    ],
)
def test_bad_arguments_end_with_exit_code_two_and_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1


def test_ranges_that_are_empty_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("3-2", "0", "x", "1-"):
        with pytest.raises(SystemExit):
            main(["search", "spurious", "--points", text])
        assert "needed B or A-B" in capsys.readouterr().err


def test_a_whole_problem_has_the_property_that_was_found_for_its_data() -> None:
    case = search("spurious", Family("squared", LEAKY), points=(1, 3)).found[0]
    given = case.finding.problem
    built = Problem(Network.dense([1, 1, 1], LEAKY), given.x, given.y, Loss("squared"))
    assert any(s.is_spurious for s in built.atlas().local_minima)


def test_a_key_does_not_depend_on_which_basis_comes_first() -> None:
    rows = ((mpq(1), mpq(0)), (mpq(0), mpq(1)), (mpq(1), mpq(1)))
    names = {
        key(tuple(rows[i] for i in order), tuple(mpq(1) for _ in order), is_hinge=True, has_bias=True)
        for order in itertools.permutations(range(3))
    }
    assert len(names) == 1
