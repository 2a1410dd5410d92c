"""``exactrelu search``: the smallest data set with a property, or the proof that there is none within bounds."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from exactrelu.commands import (
    NO,
    UNDECIDED,
    YES,
    counted,
    earlier_certificate,
    print_json,
    ticking,
    writable,
)

if TYPE_CHECKING:
    from exactrelu.search import Case, Result

BIASES = {"both": (True, True), "hidden": (True, False), "output": (False, True), "none": (False, False)}


def run_search(options: argparse.Namespace) -> int:
    """``exactrelu search [PROPERTY]``."""
    from exactrelu.certificate import demand_accepted
    from exactrelu.properties import CLAIMED, PROPERTIES
    from exactrelu.search import Family, search

    if options.property is None:
        known = {name: each.words for name, each in PROPERTIES.items()}
        claims = {
            f"{name}:ID": f"{words} at which a claim of the catalogue is refuted" for name, words in CLAIMED.items()
        }
        return _list_properties(options, known | claims)
    writable(options.certificate, options.problem)
    family = Family(options.loss, tuple(options.slopes), BIASES[options.bias], options.distinct)
    resume = options.resume and earlier_certificate(options.resume, "search")
    with ticking(options, "search") as tick:
        result = search(
            options.property, family, points=options.points, dimension=options.dimension, neurons=options.neurons,
            height=options.height, order=options.order.split(","), tick=tick, resume=resume, all_found=options.all,
        )  # fmt: skip
    certificate = result.certificate()
    demand_accepted(certificate)
    if options.certificate:
        certificate.write(options.certificate)
    if options.problem and result.found:
        from exactrelu.jsonfile import write_whole

        write_whole(options.problem, result.found[0].finding.problem.dumps())
    if options.json:
        print_json(_document(result))
    else:
        _print(result, options)
    if result.found:
        return YES if result.complete or not result.looked_for.is_invariant else UNDECIDED
    return NO if result.complete else UNDECIDED


def _list_properties(options: argparse.Namespace, known: dict[str, str]) -> int:
    if options.json:
        print_json({"properties": known})
    else:
        for name, words in known.items():
            print(f"{name:17} {words}")
    return YES


def _document(result: Result) -> dict[str, Any]:
    document = {
        "property": result.looked_for.name,
        "found": [_case(case) for case in result.found],
        "examined": result.examined,
        "exhausted": [size._asdict() for size in result.exhausted],
        "undecided": [_case(case) for case in result.undecided],
        "complete": result.complete,
    }
    return {**document, "reason": result.reason} if result.reason else document


def _case(case: Case) -> dict[str, Any]:
    return {"size": case.size._asdict(), "finding": case.finding.words, "problem": case.finding.problem.to_dict()}


def _print(result: Result, options: argparse.Namespace) -> None:
    print(str(result))
    for case in result.found:
        problem = case.finding.problem
        for x, y in zip(problem.x, problem.y, strict=True):
            print(f"  x = ({', '.join(map(str, x))}), y = {y[0] if isinstance(y, tuple) else y}")
        print(f"  {case.finding.words}")
    if result.reason:
        print(f"  {result.reason}")
    if not options.quiet:
        print(f"  {counted(result.examined, 'data set')} decided, up to symmetry")
        if options.problem and result.found:
            print(f"  problem written to {options.problem}")
        if options.certificate:
            print(f"  certificate written to {options.certificate}, accepted by the checker")
