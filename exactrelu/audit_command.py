"""``exactrelu audit``: what the point of a float checkpoint is, and the exact critical point near it."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from exactrelu.commands import UNDECIDED, YES, print_json, ticking, writable
from exactrelu.point_command import described, print_point

if TYPE_CHECKING:
    from exactrelu.audit import Audit, Snapped
    from exactrelu.point import Point


def run_audit(options: argparse.Namespace) -> int:
    """``exactrelu audit FILE --checkpoint X``."""
    from exactrelu.audit import NOTE
    from exactrelu.landscape import Problem

    writable(options.certificate)
    problem = Problem.load(options.file)
    with ticking(options, "audit") as tick:
        audit = problem.audit(options.checkpoint, tick)
        point = _described(audit.point)
        snapped = None if audit.snapped is None else _of_snapped(audit.snapped)
    complete = snapped is not None and point["complete"] and snapped["complete"]
    result: dict[str, Any] = {
        "checkpoint": {"file": options.checkpoint, "matching": [vars(match) for match in audit.checkpoint.matches]},
        "point": point,
        "snapped": snapped,
        "tried": audit.tried,
        "reason": audit.reason or None,
        "note": NOTE,
        "complete": complete,
    }
    chosen: Point | None = audit.point
    if options.certificate_of == "snapped":
        chosen = audit.snapped.point if audit.snapped else None
    if options.certificate and chosen:
        chosen.certificate().write(options.certificate)
    if options.json:
        print_json(result)
    else:
        _print_audit(options, audit, result)
        if options.certificate and chosen and not options.quiet:
            what = options.certificate_of
            print(f"certificate of the {what} point written to {options.certificate}, accepted by the checker")
    if options.certificate and not chosen:
        print("exactrelu audit: no certificate is written: no exact critical point was found nearby", file=sys.stderr)
    return YES if complete else UNDECIDED


def _described(point: Point) -> dict[str, Any]:
    """The decisions about a point, whose certificate the checker has accepted, and its parameters."""
    from exactrelu.certificate import demand_accepted

    certificate = point.certificate()
    demand_accepted(certificate)
    return {"point": certificate.proof["point"], **described(point, certificate)}


def _of_snapped(snapped: Snapped) -> dict[str, Any]:
    return {
        **_described(snapped.point),
        "distance_squared": str(snapped.distance_squared),
        "how": snapped.candidate.how,
        "made_zero": list(snapped.made_zero),
        "crossed": list(snapped.crossed),
    }


def _print_audit(options: argparse.Namespace, audit: Audit, result: dict[str, Any]) -> None:
    from gmpy2 import mpfr, mpq, sqrt

    print(f"checkpoint {options.checkpoint}")
    for match in audit.checkpoint.matches:
        shape = " x ".join(map(str, match.shape))
        print(f"  {match.name:20} {match.entry} ({shape}, {match.kind})")
    print_point(result["point"])
    if not options.quiet:
        print(f"  {result['note']}")
    snapped = result["snapped"]
    if snapped is None:
        print(audit.reason)
        return
    distance, excess = mpq(snapped["distance_squared"]), audit.point.loss - mpq(snapped["loss"])
    if not distance:
        print("the checkpoint is an exact critical point itself")
        return
    change = f"whose loss is {'greater' if excess >= 0 else 'less'} by ~{mpfr(abs(excess)):.3g}"
    print("exact critical point nearby")
    print(f"  {'distance':20} ~{sqrt(distance):.3g} from the checkpoint, {change}")
    print(f"  {'found as':20} {snapped['how']}")
    if snapped["made_zero"]:
        print(f"  {'made to vanish':20} {', '.join(snapped['made_zero'])}")
    if snapped["crossed"]:
        print(f"  {'outside the cell':20} another sign than at the checkpoint: {', '.join(snapped['crossed'])}")
    print_point(snapped)
