"""``exactrelu atlas --critical``: every Clarke critical point of a landscape with one hidden layer and one output."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from exactrelu.commands import (
    UNDECIDED,
    YES,
    counted,
    earlier_certificate,
    print_arrays,
    print_json,
    spread,
    ticking,
    writable,
)
from exactrelu.errors import MalformedInput

if TYPE_CHECKING:
    from exactrelu.critical_sets import CriticalSet, CriticalSets


def run_critical(options: argparse.Namespace) -> int:
    """``exactrelu atlas FILE --critical``."""
    from exactrelu.certificate import demand_accepted
    from exactrelu.landscape import Problem

    if options.graph:
        raise MalformedInput("--graph", "it with --critical", "either; --graph is about local minima alone")
    writable(options.certificate)
    problem = Problem.load(options.file)
    resume = earlier_certificate(options.resume, "run with --critical") if options.resume else None
    with ticking(options, "critical sets") as tick:
        found = problem.critical_sets(tick=tick, resume=resume)
    certificate = found.certificate()
    demand_accepted(certificate)
    if options.certificate:
        certificate.write(options.certificate)
    if options.json:
        result = {"critical_sets": [_entry(found, each) for each in found.sets], "complete": found.complete}
        print_json(result if found.complete else {**result, "reason": found.reason})
    else:
        _print(found, options)
    return YES if found.complete else UNDECIDED


def _entry(found: CriticalSets, each: CriticalSet) -> dict[str, Any]:
    return {
        "value": str(each.value),
        "dimension": each.dimension,
        "parameter_dimension": each.parameter_dimension,
        "active": list(each.active),
        "inactive": list(each.inactive),
        "units": each.units,
        "part": each.part,
        "local_minimum": each.local_minimum,
        "local_maximum": each.local_maximum,
        "kind": each.kind,
        "witness": found.instance.network.write(each.witness),
    }


def _print(found: CriticalSets, options: argparse.Namespace) -> None:
    if found.complete:
        print(f"all Clarke critical points: {counted(len(found.sets), 'set')}")
    else:
        print(f"some Clarke critical points: {counted(len(found.sets), 'set')}; {found.reason}")
    last = None
    for (value, kind), sets in found.groups.items():
        if value != last:
            print(f"  loss {value}:")
        last, dimensions = value, spread(each.dimension for each in sets)
        print(f"    {kind}, {counted(len(sets), 'set')} of dimension {dimensions}, such as")
        print_arrays(found.instance.network.write(sets[0].witness), "      ")
    if options.certificate and not options.quiet:
        print(f"certificate written to {options.certificate}, accepted by the checker")
