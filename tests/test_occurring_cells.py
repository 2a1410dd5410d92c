"""Faces without critical points where the mean gradients leave room: neurons on walls whose rays leave V."""

import copy
import json
import random
from functools import cache
from typing import Any

import pytest
from gmpy2 import mpq
from test_atlas import changed, entry, places, problem_of
from test_mean_gradients import search_of

from exactrelu import Problem, check, occurring_cells
from exactrelu.checker import Malformed, Rejected, Strata
from exactrelu.critical_hinge import SOME
from exactrelu.occurring_cells import OccurringCells

# data, labels, slopes; the face of a neuron with v = 0 beside one with w = 0, v < 0; is there a critical point?
CASES: dict[str, Any] = {
    "one split": ([[2, 1], [0, 1], [1, -2], [0, -1]], [1, 1, 1, -1], (1, 0), "+-++", False),
    "excluded cells": ([[-1, -2], [1, 0], [-1, -1], [1, 1]], [1, 1, 1, -1], (1, 0), "++-+", False),
    "leaky": ([[0, -2], [-1, 0], [0, 2], [-1, 1]], [1, 1, 1, -1], (1, "1/2"), "--++", False),
    "leaky split": ([[-2, -2], [1, 1], [1, 0], [2, 1]], [1, 1, 1, -1], (1, "1/2"), "+-++", False),
    "critical": ([[0, -1], [-1, 1], [-1, 0], [1, -1]], [1, -1, 1, 1], (1, 0), "+++-", True),
}


def problem_with(name: str) -> Problem:
    x, y, slopes, _, _ = CASES[name]
    return problem_of(x, y, 2, {"kind": "hinge", "weights": "sum"}, slopes, (False, True))


@cache
def cells_of(name: str) -> tuple[Problem, Strata, OccurringCells, Any]:
    """The margins of the points with the label 1 are 1, as the output bias is 1."""
    problem = problem_with(name)
    search, strata = search_of(problem)
    faces = {face.name: face for face in search.faces.all}
    units = tuple(0 if target == 1 else 1 for target in CASES[name][1])
    cells = OccurringCells(search.faces, ((faces["0000"], -1),), units, faces[CASES[name][3]])
    return problem, strata, cells, cells.search()


def entry_of(cells: OccurringCells, tree: Any) -> dict[str, Any]:
    units = "".join("-0+"[s + 1] for s in cells.units)
    return {"active": ["-(0000)"], "units": units, "inactive": f"({cells.face.name})", "tree": tree}


def answer(problem: Problem, w: Any) -> str:
    """Whether the point beside a neuron with w = 0, v = -1 is critical."""
    arrays = {"W1": [[0, 0], [str(a) for a in w]], "W2": [[-1, 0]], "b2": [1]}
    return problem.at(arrays).clarke_critical().answer


@pytest.mark.parametrize("name", CASES)
def test_a_face_has_a_critical_point_or_a_proof_that_the_checker_accepts(name: str) -> None:
    problem, strata, cells, tree = cells_of(name)
    rng = random.Random(3)
    if CASES[name][4]:
        assert tree is None and cells.critical is not None and answer(problem, cells.critical) == "yes"
        return
    strata.read_barren(entry_of(cells, tree), "barren[0]")
    assert ("split" in tree) == ("split" in name)
    for _ in range(25):
        w = cells.faces.sum((r, mpq(rng.randint(1, 9), rng.randint(1, 9))) for r in cells.face.rays)
        assert answer(problem, w) == "no"


@pytest.mark.parametrize("name", [name for name in CASES if not CASES[name][4]])
def test_a_changed_proof_is_rejected_or_is_one_too(name: str) -> None:
    """In other faces, or with other units, that are accepted there is no critical point either."""
    _, strata, cells, tree = cells_of(name)
    rng, given, accepted, tried = random.Random(5), entry_of(cells, tree), 0, 0
    every = [path for path in places(given) if path]
    for path in rng.sample(every, min(len(every), 120)):
        for value in changed(entry(given, path)):
            mutant = copy.deepcopy(given)
            entry(mutant, path[:-1])[path[-1]] = value
            tried += 1
            try:
                strata.read_barren(mutant, "barren[0]")
            except (Malformed, Rejected):
                continue
            accepted += 1
            same = {key: mutant[key] == given[key] for key in ("active", "units", "inactive")}
            assert all(same.values()), [key for key in same if not same[key]]
    assert accepted < tried / 3


def test_a_vector_off_the_margins_excludes_nothing() -> None:
    _, strata, cells, tree = cells_of("excluded cells")
    for k, sign in enumerate("+-"):
        mutant = entry_of(cells, copy.deepcopy(tree))
        for each in mutant["tree"]["excluded"]:
            each["farkas"][sign] = ["0", "0", "0", str(k + 1)]
        with pytest.raises(Rejected, match="may occur"):
            strata.read_barren(mutant, "barren[0]")


def test_a_proof_that_divides_nothing_again_and_again_is_too_large() -> None:
    _, strata, cells, tree = cells_of("one split")
    for depth in (1, 20, 200):
        deep = tree
        for _ in range(depth):
            deep = {"split": ["0"] * 4, "+": {"excluded": []}, "-": {"excluded": []}, "0": deep}
        if depth < 200:
            strata.read_barren(entry_of(cells, deep), "barren[0]")
        else:
            with pytest.raises(Rejected, match="too large"):
                strata.read_barren(entry_of(cells, deep), "barren[0]")


def test_no_part_of_a_proof_can_be_left_out() -> None:
    _, strata, cells, tree = cells_of("excluded cells")
    strata.read_barren(entry_of(cells, tree), "barren[0]")
    for mutant in ({**tree, "excluded": []}, {**tree, "sign": "+-".replace(tree["sign"], "")}, {**tree, "duals": []}):
        with pytest.raises(Rejected):
            strata.read_barren(entry_of(cells, mutant), "barren[0]")


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_list_with_such_faces_is_complete(name: str) -> None:
    found = problem_with(name).critical_sets()
    certificate = json.loads(found.certificate().dumps())
    assert found.complete and check(certificate).accepted
    face, is_critical = CASES[name][3:]
    beside = [
        s for s in found.sets if s.active == ("-(0000)",) and s.inactive == (f"({face})",) and s.units.count("0") == 3
    ]
    assert [s.part for s in beside] == [SOME] * is_critical
    barren = [each["inactive"] for each in certificate["barren"]]
    assert (f"({face})" in barren) != is_critical
    for k in range(len(barren)):
        fewer = [*certificate["barren"][:k], *certificate["barren"][k + 1 :]]
        assert not check({**certificate, "barren": fewer}).accepted


@pytest.mark.slow
def test_what_is_left_open_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With more cells than are looked at the list says so, and cannot be said to be complete."""
    monkeypatch.setattr(occurring_cells, "WORK", 0)
    found = problem_with("one split").critical_sets()
    assert not found.complete and found.reason.startswith("open: ")
    certificate = json.loads(found.certificate().dumps())
    assert check(certificate).accepted and not check({**certificate, "complete": True}).accepted
