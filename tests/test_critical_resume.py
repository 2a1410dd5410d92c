"""Critical sets found in several runs: each goes on from the certificate of the one before."""

import copy
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_atlas import XOR, changed, entry, places, problem_of
from test_critical_sets import between, random_problem, with_refutations

from exactrelu import Problem, check, critical_hinge, critical_squared
from exactrelu.cli import main
from exactrelu.critical_sets import CriticalSets
from exactrelu.errors import BudgetExceeded, MalformedInput

PROBLEMS: dict[str, Callable[[], Problem]] = {
    "squared": lambda: problem_of([[-1], [0], [1]], [0, 1, 0], 2, {"kind": "squared"}),
    "leaky": lambda: problem_of([[1], [-1], [2]], [0, 1, 2], 2, {"kind": "squared"}, (1, "1/2"), (True, False)),
    "hinge": lambda: problem_of([[-1, 0], [0, 1]], [1, -1], 1, {"kind": "hinge"}),
    "between": lambda: between([0, 2, 1]),
}


def steps(count: int) -> Callable[[], None]:
    """A tick that raises after so many calls."""
    left = count

    def tick() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise BudgetExceeded("the budget of some steps ran out")

    return tick


def part_of(problem: Problem, count: int) -> Any:
    """The certificate of a run of so many steps."""
    part = problem.critical_sets(tick=steps(count))
    assert not part.complete
    return json.loads(part.certificate().dumps())


def length(certificate: Any) -> int:
    return sum(len(part) for part in certificate.values() if isinstance(part, list))


def in_pieces(problem: Problem, first: int) -> tuple[CriticalSets, int]:
    """All sets, found in runs of more and more steps, and how many runs that took."""
    known, count, runs = None, first, 0
    while True:
        runs, count = runs + 1, count + count // 2
        try:
            found = problem.critical_sets(tick=steps(count), resume=known)
        except BudgetExceeded:  # before all of the earlier run was taken over
            continue
        if "budget" not in found.reason:
            return found, runs
        certificate = json.loads(found.certificate().dumps())
        assert check(certificate).accepted and (known is None or length(certificate) >= length(known))
        known = certificate


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_run_cut_into_pieces_ends_with_the_same_certificate(name: str) -> None:
    problem = PROBLEMS[name]()
    found, runs = in_pieces(problem, 60)
    assert runs > 4 and found.certificate().dumps() == problem.critical_sets().certificate().dumps()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["squared", "hinge"])
@pytest.mark.parametrize("seed", range(4000, 4030))
def test_random_runs_cut_into_pieces_end_with_the_same_certificate(seed: int, kind: str) -> None:
    problem = random_problem(seed, kind=kind)
    found, _ = in_pieces(problem, 150)
    assert found.certificate().dumps() == problem.critical_sets().certificate().dumps()


@pytest.mark.slow
@pytest.mark.parametrize("count", [20_000, 32_500])
def test_sets_that_are_no_polyhedra_and_refutations_are_taken_over(count: int) -> None:
    problem = with_refutations()
    whole, part = json.loads(problem.critical_sets().certificate().dumps()), part_of(problem, count)
    assert 0 < len(part["refuted"]) <= len(whole["refuted"]) and part["refuted"][0] == whole["refuted"][0]
    assert json.loads(problem.critical_sets(resume=part).certificate().dumps()) == whole


@pytest.mark.parametrize("name", PROBLEMS)
def test_what_is_known_is_not_found_again(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted: linear programs with the squared loss, points that are decided with the hinge loss."""
    problem, count = PROBLEMS[name](), 0
    module, work = (critical_squared, "feasible") if problem.loss.kind == "squared" else (critical_hinge, "Point")
    own = getattr(module, work)

    def counted(*given: Any, **named: Any) -> Any:
        nonlocal count
        count += 1
        return own(*given, **named)

    monkeypatch.setattr(module, work, counted)
    whole = json.loads(problem.critical_sets().certificate().dumps())
    needed, count = count, 0
    part = part_of(problem, 600 if name == "between" else 350)
    done, count = count, 0
    assert problem.critical_sets(resume=part).certificate().to_dict() == whole
    assert done > 10 and count <= needed - done + 1
    count = 0
    assert problem.critical_sets(resume=whole).certificate().to_dict() == whole and count == 0


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_run_that_is_stopped_at_once_loses_nothing(name: str) -> None:
    problem = PROBLEMS[name]()
    part = part_of(problem, 600 if name == "between" else 350)
    for count in range(0, 400, 20):
        try:
            found = problem.critical_sets(tick=steps(count), resume=part)
        except BudgetExceeded:
            continue
        again = json.loads(found.certificate().dumps())
        assert check(again).accepted
        for key in ("hulls", "empty", "sets", "spaces", "trees", "ranges", "refuted", "barren", "strata"):
            assert all(each in again[key] for each in part.get(key, ()))
        return
    pytest.fail("never taken over")


@pytest.mark.parametrize("count", range(100, 600, 7))
def test_a_budget_that_runs_out_in_a_decision_leaves_proved_sets(count: int) -> None:
    assert check(part_of(problem_of([[-1, 0], [0, 1], [1, 1]], [1, -1, 1], 1, {"kind": "hinge"}), count)).accepted


def test_other_certificates_are_refused_by_name() -> None:
    problem = PROBLEMS["squared"]()
    part, other = part_of(problem, 350), part_of(PROBLEMS["leaky"](), 350)
    for wrong, where in (
        ({}, "kind"),
        (problem.atlas().certificate().to_dict(), "kind"),
        (part_of(PROBLEMS["hinge"](), 200), "kind"),
        (other, "problem"),
        ({**part, "problem": {}}, "format"),
        ({**part, "chambers": part["chambers"][::-1]}, "chambers"),
        ({**part, "rays": 3}, "chambers"),
        ({key: value for key, value in part.items() if key != "hulls"}, "hulls"),
        ({**part, "hulls": [{**part["hulls"][0], "face": []}]}, "face"),
        ({**part, "empty": [{**part["empty"][0], "support": ["(+++)"]}]}, "support"),
        ({**part, "sets": [{"active": []}]}, "witness"),
    ):
        with pytest.raises(MalformedInput, match=where):
            problem.critical_sets(resume=wrong)
    hinge = PROBLEMS["hinge"]()
    part = part_of(hinge, 350)
    with pytest.raises(MalformedInput, match="rejected"):
        hinge.critical_sets(resume={**part, "strata": [{**part["strata"][0], "value": "7"}]})
    with pytest.raises(MalformedInput, match="resume"):
        hinge.critical_sets(resume={**part, "strata": 3})


@pytest.mark.parametrize("name", ["line", "hinge"])
def test_a_changed_certificate_is_refused_or_leads_to_the_same_sets(name: str) -> None:
    line = problem_of([[-1], [0], [1]], [0, 1, 0], 1, {"kind": "squared"})
    problem = line if name == "line" else PROBLEMS[name]()
    whole, part = problem.critical_sets(), part_of(problem, 70 if name == "line" else 350)
    names = [(s.value, s.active, s.inactive, s.kind, s.dimension) for s in whole.sets]
    rng, refused = random.Random(5), 0
    every = [path for path in places(part) if path and path[0] not in ("problem", "statement", "format")]
    for path in rng.sample(every, 30):
        mutant = copy.deepcopy(part)
        entry(mutant, path[:-1])[path[-1]] = rng.choice(changed(entry(part, path)) or [None])
        try:
            found = problem.critical_sets(resume=mutant)
        except MalformedInput:
            refused += 1
            continue
        assert check(json.loads(found.certificate().dumps())).accepted
        assert sorted(names) == sorted((s.value, s.active, s.inactive, s.kind, s.dimension) for s in found.sets)
    assert 5 < refused < 30


def test_the_command_goes_on_from_a_certificate(tmp_path: Path, capsys: Any) -> None:
    problem = problem_of(XOR, [0, 1, 1, 0], 1, {"kind": "squared"})
    path, part, out = tmp_path / "p.json", tmp_path / "part.json", tmp_path / "c.json"
    path.write_text(problem.dumps())
    part.write_text(json.dumps(part_of(problem, 100)))
    assert main(["atlas", str(path), "--critical", "--resume", str(part), "--certificate", str(out)]) == 0
    assert out.read_text() == problem.critical_sets().certificate().dumps()
    assert main(["atlas", str(path), "--critical", "--resume", str(path)]) == 2
    assert 'resume.kind: found nothing, needed "critical-sets"' in capsys.readouterr().err
    assert main(["atlas", str(path), "--critical", "--resume", str(tmp_path / "none.json")]) == 2
    assert main(["atlas", str(path), "--critical", "--resume", str(part), "--budget", "0"]) == 3
