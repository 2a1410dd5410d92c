"""``exactrelu point``: everything decided about a named point, as JSON or as a table."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from exactrelu.commands import UNDECIDED, YES, print_json, ticking, writable

if TYPE_CHECKING:
    from exactrelu.certificate import Certificate
    from exactrelu.point import Point

LONG = 40


def run_point(options: argparse.Namespace) -> int:
    """``exactrelu point FILE --at NAME``."""
    from exactrelu.certificate import demand_accepted
    from exactrelu.landscape import Problem

    writable(options.certificate)
    problem = Problem.load(options.file)
    with ticking(options, "point") as tick:
        point = problem.at(options.at, tick)
        certificate = point.certificate()
    demand_accepted(certificate)
    result = described(point, certificate)
    if options.certificate:
        certificate.write(options.certificate)
    if options.json:
        print_json(result)
    else:
        print(f"point {options.at}")
        print_point(result)
        if options.certificate and not options.quiet:
            print(f"  certificate written to {options.certificate}, accepted by the checker")
    return YES if result["complete"] else UNDECIDED


def described(point: Point, certificate: Certificate) -> dict[str, Any]:
    """What is decided about a point, with the keys of the contract; ``certificate`` is that of all decisions."""
    from exactrelu.linear import inertia
    from exactrelu.point import QUESTIONS

    decisions = {question: point.decision(question) for question in QUESTIONS}
    local, write = decisions["local_minimum"], point.instance.network.write
    result: dict[str, Any] = {"loss": str(point.loss), "signature": point.signature}
    result.update((question, decision.answer) for question, decision in decisions.items())
    if result["kind"] == "undecided":
        result["kind"] = None
    result["descent"] = dict(local.proof) if local.rule == "descent" else None
    result["constant_along"] = certificate.proof.get("constant_along", [])
    result["spurious"] = certificate.proof.get("spurious", False)
    result["better"] = dict(decisions["global_minimum"].proof) or None
    if point.form is not None and point.gradient is not None:
        result["gradient"] = write(point.gradient)
        if point.hessian is not None:
            result["hessian"] = vars(inertia(point.hessian))
    result.update(_around(point, decisions["clarke_critical"].answer))
    result["rules"] = {question: decision.rule for question, decision in decisions.items() if decision.rule}
    result["undecided"] = {q: d.reason for q, d in decisions.items() if d.answer == "undecided"}
    result["complete"] = not result["undecided"]
    return result


def _around(point: Point, clarke: str | None) -> dict[str, Any]:
    """The incident cells, and the element of least norm of the subdifferential with the cells that give it."""
    cells = point.incident_cells()
    result: dict[str, Any] = {"incident_cells": point.incident["cells"], "incident_complete": cells.complete}
    result["incident_count"] = cells.number
    if not cells.complete:
        result["incident_reason"] = cells.reason
    result["clarke"], write = None, point.instance.network.write
    if point.form is not None and point.gradient is not None:
        whole = [{"signature": point.form.signature, "multiplier": "1"}]
        result["clarke"] = {"least_norm": write(point.gradient), "direction": None, "multipliers": whole}
    elif clarke != "undecided":
        found = point.subdifferential
        result["clarke"] = {
            "least_norm": None if found.nearest is None else write(found.nearest),
            "direction": None if found.direction is None else write(found.direction),
            "multipliers": [{"signature": cell.signature, "multiplier": str(m)} for cell, m in found.cells],
        }
    return result


def print_point(result: dict[str, Any]) -> None:
    """The table of what is decided; numbers of more than 40 characters are shown as decimals."""
    print(f"  loss                 {shown(result['loss'])}")
    print(f"  signature            {result['signature']}")
    for question in result:
        if question == "kind" or (question not in result["rules"] and question not in result["undecided"]):
            continue
        rule = result["rules"].get(question) or result["undecided"].get(question, "")
        print(f"  {question.replace('_', ' '):20} {result[question]}" + (f" ({rule})" if rule else ""))
    if result["kind"]:
        print(f"  {'kind':20} {result['kind']}")
    if len(result["incident_cells"]) > 1:
        number = len(result["incident_cells"])
        more = "" if result["incident_complete"] else f" of {result['incident_count'] or 'an unknown number'}"
        print(f"  {'incident cells':20} {number}{more}")
    if "hessian" in result:
        print(f"  {'Hessian inertia':20} ({', '.join(str(n) for n in result['hessian'].values())})")
    if result["descent"]:
        better = result["descent"]["better"]
        coefficient = shown(result["descent"]["coefficient"])
        print(f"  {'descent':20} order {result['descent']['order']}, coefficient {coefficient};")
        print(f"                       loss {shown(better['loss'])} at t = {shown(better['t'])}")
    if result["spurious"]:
        print(f"  a spurious local minimum: another point has loss {shown(result['better']['loss'])}")


def shown(number: str) -> str:
    """A number for people: as it is if it is short, else to twelve digits, and marked so.

    >>> shown("1/3"), shown("1" * 30 + "/4" + "0" * 30)
    ('1/3', '~0.0277777777778')
    """
    from gmpy2 import mpfr, mpq

    return number if len(number) <= LONG else f"~{mpfr(mpq(number)):.12g}"
