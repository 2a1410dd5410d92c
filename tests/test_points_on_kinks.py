"""Verdicts on kinks: the engine against the oracle, against search by chance, against itself in other coordinates."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import pytest
from disguises import DISGUISES, side_by_side, two_classes, with_a_solved_output
from kinked_points import kinked, kinked_with_decay, shallow
from landscape_oracle import Shallow
from problems import Oracle, random_point, random_problem

from exactrelu import BudgetExceeded, Loss, MalformedInput, Network, Problem, check
from exactrelu.point import Point

QUESTIONS = ("local_minimum", "local_maximum", "clarke_critical", "differentiable", "saddle", "strict", "isolated")
WORDS = {True: "yes", False: "no"}
BLOCKS = 10
STEPS = 2000  # of a decision; points as small as these need a few dozen


def truth(here: Shallow) -> dict[str, str | None]:
    """What the oracle says."""
    minimum, maximum, critical = here.local_minimum(), here.local_maximum(), here.clarke_critical()
    return {
        "local_minimum": WORDS[minimum],
        "local_maximum": WORDS[maximum],
        "clarke_critical": WORDS[critical],
        "differentiable": WORDS[here.differentiable()],
        "saddle": WORDS[critical and not minimum and not maximum],
        "strict": "no",  # (v, w) -> (v / r, r w); v is free where w = 0, and w where v = 0
        "isolated": "no",
        "kind": None if not minimum else "flat" if here.is_flat() else "sharp",
    }


def at(problem: Problem, name: str = "p") -> Point:
    """A named point, that answers `undecided` instead of running for ever."""
    steps = 0

    def tick() -> None:
        nonlocal steps
        steps += 1
        if steps > STEPS:
            raise BudgetExceeded("more steps than a point as small as this needs")

    return problem.at(problem.network.write(problem.point(name)), tick)


def answers(point: Point) -> dict[str, str | None]:
    """What the engine says."""
    return {question: point.decision(question).answer for question in (*QUESTIONS, "kind")}


def assert_right(problem: Problem, rng: random.Random, rounds: int) -> None:
    """The verdicts are those of the oracle, no search contradicts them, and the checker accepts their proofs."""
    here, point = shallow(problem), at(problem)
    assert point.loss == here.loss
    found = answers(point)
    for question, right in truth(here).items():
        assert found[question] == right, (question, problem.dumps())
    assert not (found["local_minimum"] == "yes" and here.found(rng, -1, rounds))
    assert not (found["local_maximum"] == "yes" and here.found(rng, 1, rounds))
    verdict = check(point.certificate())
    assert verdict.accepted, (verdict.reason, problem.dumps())
    for question in QUESTIONS:
        verdict = check(point.decide(question).certificate)
        assert verdict.accepted, (question, verdict.reason, problem.dumps())


@pytest.mark.parametrize("seed", range(150))
def test_the_verdicts_are_those_of_the_oracle(seed: int) -> None:
    rng = random.Random(f"kinks {seed}")
    assert_right(kinked(rng), rng, 20)


def hinge(slopes: Any, bias: Any, weights: Any, x: Any, y: Any, point: Any) -> Problem:
    """One neuron and the hinge loss."""
    network = Network.dense([len(x[0]), 1, 1], slopes, bias)
    return Problem(network, x, y, Loss("hinge", 1, tuple((w,) for w in weights)), {"p": point})


HARD = {
    "data that are all zero": hinge(
        (1, 0), (False, True), [1, 1], [[0], [0]], [1, -1], {"W1": [[0]], "W2": [[0]], "b2": [1]}
    ),
    "cuts that converge, no minimum": hinge(
        (1, 2), (True, False), ["1/3", 1, 1], [[0], [-1], ["-1/2"]], [1, -1, -1],
        {"W1": [[-1]], "b1": [-1], "W2": [[1]]},
    ),
    "cuts that converge, a minimum": hinge(
        (2, 3), (False, True), [1, 1, "2/3", 1], [[0, 0], [1, -2], [-1, 2], [0, 1]], [-1, 1, 1, -1],
        {"W1": [[1, 0]], "W2": [[1]], "b2": [-1]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HARD)
def test_points_that_were_not_decided_once(name: str) -> None:
    assert_right(HARD[name], random.Random(name), 60)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_the_verdicts_are_those_of_the_oracle_on_thousands_of_points(block: int) -> None:
    for seed in range(150):
        rng = random.Random(f"many kinks {block} {seed}")
        assert_right(kinked(rng, patterns=60), rng, 40)


# ---------------------------------------------------------------- other coordinates


def relabelled(data: dict[str, Any], rng: random.Random) -> None:
    """The neurons in another order."""
    order = list(range(data["network"]["widths"][1]))
    rng.shuffle(order)
    for key in ("W1", "b1"):
        if key in data["points"]["p"]:
            data["points"]["p"][key] = [data["points"]["p"][key][k] for k in order]
    data["points"]["p"]["W2"] = [[data["points"]["p"]["W2"][0][k] for k in order]]


def rescaled(data: dict[str, Any], rng: random.Random) -> None:
    """(v, w) -> (v / r, r w) for each neuron."""
    point = data["points"]["p"]
    for k in range(data["network"]["widths"][1]):
        r = Fraction(rng.randint(1, 5), rng.randint(1, 5))
        point["W1"][k] = [str(r * Fraction(a)) for a in point["W1"][k]]
        if "b1" in point:
            point["b1"][k] = str(r * Fraction(point["b1"][k]))
        point["W2"][0][k] = str(Fraction(point["W2"][0][k]) / r)


def permuted(data: dict[str, Any], rng: random.Random) -> None:
    """The data in another order."""
    order = list(range(len(data["data"]["x"])))
    rng.shuffle(order)
    for part, key in (("data", "x"), ("data", "y"), ("loss", "weights")):
        data[part][key] = [data[part][key][i] for i in order]


def split(data: dict[str, Any], rng: random.Random) -> None:
    """A data point twice, with its weight shared."""
    i = rng.randrange(len(data["data"]["x"]))
    share = Fraction(rng.randint(1, 4), 5)
    weight = Fraction(data["loss"]["weights"][i])
    data["loss"]["weights"][i] = str(share * weight)
    data["loss"]["weights"].append(str((1 - share) * weight))
    for key in ("x", "y"):
        data["data"][key].append(data["data"][key][i])


def mirrored(data: dict[str, Any], rng: random.Random) -> None:
    """All targets, output weights and the output bias with the opposite sign."""
    point = data["points"]["p"]
    data["data"]["y"] = [-y if isinstance(y, int) else str(-Fraction(y)) for y in data["data"]["y"]]
    point["W2"] = [[str(-Fraction(v)) for v in point["W2"][0]]]
    if "b2" in point:
        point["b2"] = [str(-Fraction(v)) for v in point["b2"]]


def reflected(data: dict[str, Any], rng: random.Random) -> None:
    """Another basis of the inputs: x -> A x and w -> A^-T w, for a shear A with a change of sign."""
    point, a = data["points"]["p"], rng.randint(-2, 2)
    if data["network"]["widths"][0] == 1:
        data["data"]["x"] = [[str(-Fraction(v)) for v in row] for row in data["data"]["x"]]
        point["W1"] = [[str(-Fraction(v)) for v in row] for row in point["W1"]]
        return
    data["data"]["x"] = [[str(Fraction(p) + a * Fraction(q)), str(-Fraction(q))] for p, q in data["data"]["x"]]
    point["W1"] = [[p, str(a * Fraction(p) - Fraction(q))] for p, q in point["W1"]]


def weighted_twice(data: dict[str, Any], rng: random.Random) -> None:
    """The whole loss times a positive number."""
    data["loss"]["factor"] = "7/3"


CHANGES = [relabelled, rescaled, permuted, split, mirrored, reflected, weighted_twice]


def assert_unchanged(change: Callable[[dict[str, Any], random.Random], None], rng: random.Random) -> None:
    problem = kinked(rng)
    data = json.loads(problem.dumps())
    change(data, rng)
    other = Problem.loads(json.dumps(data))
    here, there = at(problem), at(other)
    if change is not weighted_twice:
        assert there.loss == here.loss
    assert answers(there) == answers(here), (problem.dumps(), other.dumps())


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_the_verdicts_do_not_depend_on_the_coordinates(change: Any, seed: int) -> None:
    assert_unchanged(change, random.Random(f"{change.__name__} {seed}"))


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_the_verdicts_do_not_depend_on_the_coordinates_of_many_points(change: Any) -> None:
    for seed in range(60):
        assert_unchanged(change, random.Random(f"many {change.__name__} {seed}"))


# ---------------------------------------------------------------- certificates


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """All numbers and answers in a document, with their places."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from leaves(entry, (*path, key))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from leaves(entry, (*path, index))
    elif not isinstance(value, bool):
        yield path, value


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with another value at a place."""
    result = copy.deepcopy(document)
    inner = result
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return result


def is_number(value: Any) -> bool:
    try:
        Fraction(value)
    except (ValueError, TypeError):
        return False
    return True


def assert_mutations_are_rejected_or_true(problem: Problem, rng: random.Random, count: int) -> None:
    """After a change of any number the checker rejects, or what it accepts is what the oracle says."""
    document = json.loads(json.dumps(at(problem).certificate(*QUESTIONS).to_dict()))
    assert check(document).accepted
    places = [(path, value) for path, value in leaves(document) if is_number(value)]
    for path, value in rng.sample(places, min(count, len(places))):
        change = rng.choice([Fraction(1), Fraction(-1), Fraction(1, 7), -2 * Fraction(value)])
        changed = Fraction(value) + change
        mutated = replaced(document, path, int(changed) if type(value) is int else str(changed))
        if is_accepted(mutated):
            data = {"bias": [True, True], **mutated["problem"]}
            there = Shallow(data, mutated["point"])
            if there.count * 2 ** len(there.kinks) > 200:
                continue
            said = truth(there)
            for question, decision in mutated["decisions"].items():
                assert decision["answer"] in (said[question], "undecided"), (path, mutated)


def assert_the_opposite_is_rejected(problem: Problem) -> None:
    """No answer can be turned around, whatever proof of the same certificate is borrowed for it."""
    document = json.loads(json.dumps(at(problem).certificate(*QUESTIONS).to_dict()))
    for question in QUESTIONS:
        turned = {"yes": "no", "no": "yes"}[document["decisions"][question]["answer"]]
        for other in QUESTIONS:
            borrowed = {**document["decisions"][other], "answer": turned}
            mutated = replaced(document, ("decisions", question), borrowed)
            assert not is_accepted(mutated), (question, mutated)


def assert_forgeries_are_rejected(problem: Problem, rng: random.Random, count: int) -> None:
    """A proof of the opposite, borrowed from a point where it is true, is rejected; whole, or with parts exchanged."""
    here = at(problem)
    for _ in range(count):
        lender = neighbour(problem, rng)
        for question in QUESTIONS[:4] if lender else ():
            document = json.loads(json.dumps(here.certificate(question).to_dict()))
            proofs = json.loads(json.dumps(at(lender).certificate(question).to_dict()))["decisions"]
            borrowed = proofs[question]
            if {borrowed["answer"], document["decisions"][question]["answer"]} != {"yes", "no"}:
                continue
            assert not is_accepted({**document, "decisions": proofs}), (question, document, borrowed)
            parts = {path: part for path, part in branches(borrowed) if path}
            for path in rng.sample(list(parts), min(8, len(parts))):
                part = parts[rng.choice(list(parts))] if rng.random() < 0.7 else None
                forged = replaced(document, ("decisions", question), replaced(borrowed, path, part))
                assert not is_accepted(forged), (question, forged)


def neighbour(problem: Problem, rng: random.Random) -> Problem | None:
    """The problem with one number of the data, the weights or the point changed; None if that is not allowed."""
    data = json.loads(problem.dumps())
    numbers = {path: v for path, v in leaves(data) if path[0] in ("data", "points", "loss") and is_number(v)}
    path = rng.choice(list(numbers))
    value = Fraction(numbers[path])
    moved = value + Fraction(rng.choice([-1, 1]), rng.choice([1, 2, 10]))
    try:
        return Problem.loads(
            json.dumps(replaced(data, path, -int(value) if type(numbers[path]) is int else str(moved)))
        )
    except MalformedInput:
        return None


def branches(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """All parts of a document."""
    yield path, value
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        yield from branches(entry, (*path, key))


def is_accepted(document: Any) -> bool:
    try:
        return bool(check(document))
    except ValueError:
        return False


@pytest.mark.parametrize("seed", range(40))
def test_a_changed_number_in_a_proof_is_rejected_or_the_proof_is_still_true(seed: int) -> None:
    rng = random.Random(f"mutation {seed}")
    problem = kinked(rng)
    assert_mutations_are_rejected_or_true(problem, rng, 12)
    assert_the_opposite_is_rejected(problem)
    assert_forgeries_are_rejected(problem, rng, 2)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_many_changed_numbers_in_proofs_are_rejected_or_the_proofs_are_still_true(block: int) -> None:
    for seed in range(14):
        rng = random.Random(f"mutations {block} {seed}")
        problem = kinked(rng)
        assert_mutations_are_rejected_or_true(problem, rng, 25)
        assert_the_opposite_is_rejected(problem)
        assert_forgeries_are_rejected(problem, rng, 6)


# ---------------------------------------------------------------- other networks with the same verdicts


def assert_seen_through(problem: Problem) -> None:
    """In each disguise the verdicts are the same; those without a complete method may be undecided."""
    right = truth(shallow(problem))
    for disguise in DISGUISES:
        other = disguise(problem)
        if other is None:
            continue
        point = at(other)
        for question in (*QUESTIONS[:4], "kind"):
            answer = point.decision(question).answer
            decided = disguise in (two_classes, side_by_side)
            assert answer == right[question] or (answer == "undecided" and not decided), (question, other.dumps())
        verdict = check(point.certificate())
        assert verdict.accepted, (verdict.reason, other.dumps())


@pytest.mark.parametrize("seed", range(40))
def test_a_point_is_decided_alike_in_every_disguise(seed: int) -> None:
    assert_seen_through(kinked(random.Random(f"disguise {seed}"), patterns=16))


@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_many_points_are_decided_alike_in_every_disguise(block: int) -> None:
    for seed in range(15):
        assert_seen_through(kinked(random.Random(f"disguises {block} {seed}")))


def assert_a_solved_output_spoils_no_minimum(seed: str) -> None:
    problem = kinked(random.Random(seed))
    other = with_a_solved_output(problem)
    if other is None:
        return
    here, point = shallow(problem), at(other)
    assert point.loss == here.loss
    minimum = point.local_minimum().answer
    if here.local_minimum():
        assert minimum != "no", other.dumps()
        assert point.clarke_critical().answer != "no", other.dumps()
    if minimum == "yes":
        place = [str(v) for v in point.parameters]
        assert not contradiction(other, place, random.Random(seed), -1, 60), other.dumps()
    verdict = check(point.certificate())
    assert verdict.accepted, (verdict.reason, other.dumps())


@pytest.mark.parametrize("seed", range(40))
def test_a_second_output_that_meets_its_targets_spoils_no_minimum(seed: int) -> None:
    assert_a_solved_output_spoils_no_minimum(f"solved {seed}")


@pytest.mark.slow
def test_a_second_output_that_meets_its_targets_spoils_no_minimum_of_many() -> None:
    for seed in range(200):
        assert_a_solved_output_spoils_no_minimum(f"many solved {seed}")


def assert_forgeries_in_disguise_are_rejected(rng: random.Random, count: int) -> None:
    problem = kinked(rng, patterns=16)
    for disguise in (*DISGUISES, with_a_solved_output):
        other = disguise(problem)
        if other is not None:
            assert_forgeries_are_rejected(other, rng, count)


@pytest.mark.parametrize("seed", range(10))
def test_proofs_of_the_opposite_are_rejected_in_every_disguise(seed: int) -> None:
    assert_forgeries_in_disguise_are_rejected(random.Random(f"forged {seed}"), 1)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_many_proofs_of_the_opposite_are_rejected_in_every_disguise(block: int) -> None:
    for seed in range(4):
        assert_forgeries_in_disguise_are_rejected(random.Random(f"forged {block} {seed}"), 3)


# ---------------------------------------------------------------- weight decay


def assert_right_with_decay(seed: str) -> str:
    """Criticality is that of the oracle; extrema, decided or not, are not contradicted."""
    rng = random.Random(seed)
    problem = kinked_with_decay(rng)
    here, point = shallow(problem), at(problem)
    critical = point.clarke_critical().answer
    assert critical == WORDS[here.clarke_critical()], problem.dumps()
    place = [str(v) for v in point.parameters]
    for answer, sense in ((point.local_minimum().answer, -1), (point.local_maximum().answer, 1)):
        assert not (answer == "yes" and contradiction(problem, place, rng, sense, 40)), problem.dumps()
        assert not (answer == "yes" and critical == "no"), problem.dumps()
    verdict = check(point.certificate())
    assert verdict.accepted, (verdict.reason, problem.dumps())
    return critical


def test_criticality_with_weight_decay_is_that_of_the_oracle() -> None:
    found = [assert_right_with_decay(f"decay {seed}") for seed in range(40)]
    assert min(found.count("yes"), found.count("no")) >= 8


@pytest.mark.slow
def test_criticality_with_weight_decay_is_that_of_the_oracle_at_many_points() -> None:
    for seed in range(200):
        assert_right_with_decay(f"much decay {seed}")


# ---------------------------------------------------------------- other networks


def contradiction(problem: Problem, place: list[Any], rng: random.Random, sense: int, rounds: int) -> Any:
    """Parameters very near a point with a smaller (sense -1) or larger (1) loss, by chance; for any network."""
    oracle = Oracle(problem)
    start = [Fraction(v) for v in place]
    here = oracle.value(start)
    for turn in range(rounds):
        eps = Fraction(1, 10 ** (6, 9, 15)[turn % 3])
        chosen = rng.random()
        moved = []
        for v in start:
            scale = eps if v or chosen < 0.4 else eps**2 if chosen < 0.8 else eps * rng.choice([1, eps])
            moved.append(v + scale * rng.randint(-3, 3) * (rng.random() < 0.6))
        if (oracle.value(moved) - here) * sense > 0:
            return moved
    return None


STYLES = [
    ("dense", (2, 2, 1)), ("dense", (2, 2, 2)), ("dense", (2, 2, 2, 1)), ("dense", (1, 2, 1, 1)),
    ("conv", (4, 4, 1)), ("deep-conv", (4, 6, 2, 1)), ("linear", (4, 2, 1)),
]  # fmt: skip
KINDS = ["squared", "hinge", "multiclass-hinge", "one-vs-all-hinge"]


def assert_never_contradicted(kind: str, style: str, widths: Any, rng: random.Random, rounds: int) -> None:
    problem = random_problem(rng, kind, widths, style, decay=rng.random() < 0.2, bias=rng.random() < 0.5)
    place = random_point(rng, problem, 1, 1)
    if rng.random() < 0.3:
        place = [v if rng.random() < 0.5 else "0" for v in place]
    point = problem.at(problem.network.write([Fraction(v) for v in place]))
    minimum, maximum = point.local_minimum().answer, point.local_maximum().answer
    assert not (minimum == "yes" and contradiction(problem, place, rng, -1, rounds))
    assert not (maximum == "yes" and contradiction(problem, place, rng, 1, rounds))
    if "yes" in (minimum, maximum):
        assert point.clarke_critical().answer != "no"
    verdict = check(point.certificate())
    assert verdict.accepted, (verdict.reason, problem.dumps())


@pytest.mark.parametrize(("style", "widths"), STYLES)
@pytest.mark.parametrize("kind", KINDS)
def test_verdicts_on_other_networks_are_never_contradicted_by_search(kind: str, style: str, widths: Any) -> None:
    rng = random.Random(f"{kind} {style} {widths}")
    for _ in range(4):
        assert_never_contradicted(kind, style, widths, rng, 30)


@pytest.mark.slow
@pytest.mark.parametrize(("style", "widths"), STYLES)
@pytest.mark.parametrize("kind", KINDS)
def test_verdicts_on_many_other_networks_are_never_contradicted(kind: str, style: str, widths: Any) -> None:
    rng = random.Random(f"many {kind} {style} {widths}")
    for _ in range(15):
        assert_never_contradicted(kind, style, widths, rng, 60)
