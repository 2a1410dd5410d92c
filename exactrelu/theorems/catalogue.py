"""The catalogue of claims, and running them on their own instances or on a problem of yours."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from exactrelu.errors import Unsupported
from exactrelu.landscape import Problem
from exactrelu.theorems import laurent_von_brecht, liu, milne, yun_sra_jadbabaie
from exactrelu.theorems.claim import Claim, Outcome, Tick
from exactrelu.theorems.random_instances import random_instance

CLAIMS: dict[str, Claim] = {
    claim.id: claim for module in (laurent_von_brecht, milne, liu, yun_sra_jadbabaie) for claim in module.CLAIMS
}


def run(claim: Claim, problem: Problem | None, tick: Tick) -> list[tuple[str, Outcome]]:
    """The outcomes of a claim on a problem, or on its own instances."""
    if problem is not None:
        return [(problem.name or "the problem", claim.run(problem, tick))]
    return [(name, claim.run(Problem.example(name), tick)) for name in claim.instances]


def run_random(claim: Claim, count: int, seed: int, tick: Tick) -> list[tuple[str, Outcome]]:
    """The outcomes of a claim on random instances of its family; of a refutation the problem is kept."""
    outcomes = []
    for number in range(count):
        problem = random_instance(claim.family, seed, number)
        try:
            outcome = claim.run(problem, tick)
        except Unsupported as error:
            outcome = Outcome("undecided", str(error))
        outcomes.append((problem.name, replace(outcome, problem=problem) if outcome.status == "refuted" else outcome))
    return outcomes


def status(outcomes: list[tuple[str, Outcome]]) -> str:
    """The status of a claim: refuted once is refuted; verified when it is on one instance and refuted on none.

    A claim that has not been run is undecided; one whose hypotheses fail on all instances is not applicable.
    """
    found = {outcome.status for _, outcome in outcomes}
    for candidate in ("refuted", "verified", "undecided"):
        if candidate in found:
            return candidate
    return "not applicable" if found else "undecided"


def entry(claim: Claim, outcomes: list[tuple[str, Outcome]]) -> dict[str, Any]:
    """A claim as a row of the catalogue."""
    ran = [
        {
            "instance": name,
            "status": o.status,
            "detail": o.detail,
            **({"problem": o.problem.to_dict()} if o.problem else {}),
        }
        for name, o in outcomes
    ]
    result: dict[str, Any] = {
        "id": claim.id,
        "source": claim.source,
        "statement": claim.statement,
        "status": status(outcomes),
        "instances": ran or list(claim.instances),
    }
    if claim.erratum:
        result["erratum"] = claim.erratum
    return result
