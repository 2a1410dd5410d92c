"""Properties of a data set that `exactrelu.search` looks for, each decided with a proof that the checker accepts.

*spurious*: the landscape has a local minimum that is not global. *sharp-spurious*: it has one that is sharp.
*positive-minimum*: no network of this size fits the data. *claim:ID* and *critical-claim:ID*: a claim of the catalogue
is refuted at some local minimum, or at some Clarke critical point; these are tried at a witness of each set of such
points, which proves a refutation, but not that there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from gmpy2 import mpq

from exactrelu.atlas import Atlas, MinimumSet
from exactrelu.certificate import Certificate
from exactrelu.critical_sets import CriticalSets
from exactrelu.errors import InternalContradiction, MalformedInput, Unsupported
from exactrelu.landscape import Problem
from exactrelu.point import Point
from exactrelu.rational import Vector, texts
from exactrelu.theorems import catalogue

Tick = Callable[[], None]
CLAIMED = {"claim": "a local minimum", "critical-claim": "a Clarke critical point"}


@dataclass(frozen=True)
class Finding:
    """Whether a data set has a property: ``yes``, ``no`` or ``undecided``, in words, with the proof.

    ``problem`` names the points that the proof is about. ``flat`` has for sharp-spurious the constant cells that show
    that spurious sets are flat.
    """

    answer: str
    words: str
    problem: Problem
    certificates: tuple[Certificate, ...] = ()
    flat: tuple[dict[str, Any], ...] = field(default=())


@dataclass(frozen=True)
class Property:
    """A property: its name, what it says, how it is decided; whether all data sets of one ``key`` agree in it."""

    name: str
    words: str
    decide: Callable[[Problem, Tick], Finding]
    is_invariant: bool = True


def find(name: str) -> Property:
    """The property with a name; raises `MalformedInput`.

    >>> find("spurious").words
    'a local minimum that is not global'
    """
    if name in PROPERTIES:
        return PROPERTIES[name]
    kind, _, claim = name.partition(":")
    if kind in CLAIMED and claim in catalogue.CLAIMS:
        words = f"{CLAIMED[kind]} at which {claim} is refuted"
        is_critical = kind == "critical-claim"
        decide = partial(_refuted, claim=claim, is_critical=is_critical)
        return Property(name, words, decide, is_invariant=False)
    needed = f"one of {', '.join(PROPERTIES)}, or {' or '.join(f'{k}:ID' for k in CLAIMED)} (see exactrelu claims)"
    raise MalformedInput("property", f'"{name}"', needed)


def _pass_on(found: Atlas | CriticalSets, tick: Tick) -> None:
    """Raise the interruption, or the end of the budget, that a list keeps to itself."""
    if found.reason == "interrupted":
        raise KeyboardInterrupt
    tick()


def _spurious(problem: Problem, tick: Tick, kinds: tuple[str, ...]) -> Finding:
    found = problem.atlas(tick=tick)
    _pass_on(found, tick)
    least = found.minimum
    minimum = None
    if least is None:
        minimum = problem.minimum(tick=tick)
        least = minimum.upper
        if not minimum.is_exact:
            return Finding("undecided", found.reason, problem)
    hit = next((s for s in found.local_minima if s.value > least and s.kind in kinds), None)
    if hit is not None:
        best = minimum.argmin if minimum else next(s.witness for s in found.local_minima if s.value == least)
        named = with_points(problem, {"spurious": hit.witness, "better": best})
        proof = named.at("spurious", tick).certificate("local_minimum", "global_minimum", "kind")
        words = f"a {hit.kind} local minimum of loss {hit.value}, and a point of loss {least}"
        return Finding("yes", words, named, (proof,))
    if not found.complete:
        return Finding("undecided", found.reason, problem)
    places = [number for number, s in enumerate(found.local_minima) if s.value > least]
    flat = tuple(_flat(found, number, found.local_minima[number], problem, tick) for number in places)
    words = "all spurious local minima are flat" if flat else "all local minima are global"
    return Finding("no", words, problem, (found.certificate(),), flat)


def _flat(found: Atlas, number: int, each: MinimumSet, problem: Problem, tick: Tick) -> dict[str, Any]:
    """For a flat set: for each choice of chambers a cell of constant loss whose closure contains the set.

    The cell is given by a curve that starts at a point of the set and enters it; the dual vector shows which columns no
    optimum uses, so that it is known between which walls the set lies. Raises `Unsupported` where v of a neuron with
    v = 0 moves along the curve: what that does to a margin of exactly 1 depends on w, so other points may be sharp.
    """
    pieces, cells = found.search.pieces, []
    for choice in each.thin or ((),):
        point = Point(problem.forms, found.search.member(each.piece, choice), tick=tick)
        decision = point.decision("kind")
        if decision.answer != "flat":
            raise InternalContradiction("a set of flat minima has a point in its relative interior that is not")
        curve = decision.proof.get("curve", [])
        if any(mpq(v) for term in curve for v in term["W2"][0][len(each.piece) :]):
            raise Unsupported("a set with v = 0 is flat at a point, perhaps not at all of its points")
        cells.append({"point": problem.network.write(point.parameters), "curve": curve})
    allowed = {j for q in each.piece for j in pieces.columns(q)}
    unused = sorted(allowed - set(pieces.optimal(each.piece).weights))
    return {"set": number, "dual": texts(pieces.face_vector(each.piece, unused)), "cells": cells}


def _positive(problem: Problem, tick: Tick) -> Finding:
    found = problem.minimum(tick=tick)
    tick()
    if found.lower > 0:
        words = f"the global minimum is {found.lower}" if found.is_exact else f"the loss is at least {found.lower}"
        return Finding("yes", words, with_points(problem, {"best": found.argmin}), (found.certificate(),))
    if not found.upper:
        return Finding("no", "a network fits the data", problem, (found.certificate(),))
    return Finding("undecided", found.reason, problem)


def _refuted(problem: Problem, tick: Tick, claim: str, is_critical: bool) -> Finding:
    if is_critical:
        critical = problem.critical_sets(tick=tick)
        _pass_on(critical, tick)
        name, witnesses = "critical", [each.witness for each in critical.sets]
    else:
        minima = problem.atlas(tick=tick)
        _pass_on(minima, tick)
        name, witnesses = "minimum", [each.witness for each in minima.local_minima]
    named = with_points(problem, {f"{name} {number}": w for number, w in enumerate(witnesses, 1)})
    outcome = catalogue.CLAIMS[claim].run(named, tick)
    tick()
    answer = {"refuted": "yes", "undecided": "undecided"}.get(outcome.status, "no")
    return Finding(answer, f"{outcome.status}: {outcome.detail}", named, outcome.certificates)


def with_points(problem: Problem, points: dict[str, Vector]) -> Problem:
    """The problem with these named points."""
    return Problem(problem.network, problem.x, problem.y, problem.loss, points, problem.name, problem.source)


PROPERTIES = {
    each.name: each
    for each in (
        Property(
            "spurious",
            "a local minimum that is not global",
            lambda problem, tick: _spurious(problem, tick, ("flat", "sharp")),
        ),
        Property(
            "sharp-spurious",
            "a sharp local minimum that is not global",
            lambda problem, tick: _spurious(problem, tick, ("sharp",)),
        ),
        Property("positive-minimum", "no network of this size that fits it (the global minimum is > 0)", _positive),
    )
}
