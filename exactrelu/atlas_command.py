"""``exactrelu atlas``: every local minimum of a landscape with one hidden layer and one output."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from exactrelu.commands import (
    UNDECIDED,
    YES,
    counted,
    graph_format,
    print_arrays,
    print_json,
    spread,
    ticking,
    writable,
    write_graph,
)
from exactrelu.critical_command import run_critical

if TYPE_CHECKING:
    from exactrelu.atlas import Atlas, MinimumSet


def run_atlas(options: argparse.Namespace) -> int:
    """``exactrelu atlas FILE``."""
    from exactrelu.certificate import demand_accepted
    from exactrelu.jsonfile import read_document
    from exactrelu.landscape import Problem

    if options.critical:
        return run_critical(options)
    writable(options.certificate, options.graph)
    graph_format(options.graph)
    problem = Problem.load(options.file)
    resume = None
    if options.resume:
        resume = {name: entry.value for name, entry in read_document(options.resume).entries().items()}
    with ticking(options, "atlas") as tick:
        found = problem.atlas(tick=tick, resume=resume)
    certificate = found.certificate()
    demand_accepted(certificate)
    if options.certificate:
        certificate.write(options.certificate)
    if options.graph:
        write_graph(options.graph, found.graph())
    if options.json:
        result: dict[str, Any] = {
            "local_minima": [_entry(found, each) for each in found.local_minima],
            "minimum": None if found.minimum is None else str(found.minimum),
            "complete": found.complete,
        }
        print_json(result if found.complete else {**result, "reason": found.reason})
    else:
        _print_atlas(found, options)
    return YES if found.complete else UNDECIDED


def _entry(found: Atlas, each: MinimumSet) -> dict[str, Any]:
    return {
        "value": str(each.value),
        "dimension": each.dimension,
        "kind": each.kind,
        "spurious": each.is_spurious if found.complete else None,
        "witness": found.instance.network.write(each.witness),
        "parameter_dimension": each.parameter_dimension,
        "component": each.component,
        "neurons": [found.search.name((q,)) for q in each.piece],
        "thin": [[found.search.name((2 * c,))[1:] for c in cells] for cells in each.thin],
        "whole": not each.is_part,
    }


def _print_atlas(found: Atlas, options: argparse.Namespace) -> None:
    if found.complete:
        print(f"all local minima: {counted(len(found.local_minima), 'set')}, global minimum {found.minimum}")
    else:
        print(f"some local minima: {counted(len(found.local_minima), 'set')}; {found.reason}")
    for value in sorted({each.value for each in found.local_minima}):
        sets = [each for each in found.local_minima if each.value == value]
        kinds = " and ".join(sorted({each.kind for each in sets}))
        rank = "" if not found.complete else "spurious, " if sets[0].is_spurious else "global, "
        parts = {each.component for each in sets if each.component is not None}
        dimensions = spread(each.dimension for each in sets)
        joined = f", {counted(len(parts), 'connected component')}" if parts else ""
        print(f"  loss {value}: {rank}{kinds}, {counted(len(sets), 'set')} of dimension {dimensions}{joined}")
        best = max(sets, key=lambda each: each.dimension)
        print_arrays(found.instance.network.write(best.witness), "    ")
    if options.certificate and not options.quiet:
        print(f"certificate written to {options.certificate}, accepted by the checker")
