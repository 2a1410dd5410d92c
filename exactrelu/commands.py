"""What the commands do: read, decide, print. `exactrelu.cli` holds their grammar and the exit codes of errors.

Nothing heavy is imported before it is known what is asked.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from exactrelu.errors import BudgetExceeded, MalformedInput, Unsupported

if TYPE_CHECKING:
    from exactrelu.budget import Budget

YES, NO, BAD, UNDECIDED, BUG = 0, 1, 2, 3, 4
LISTED = 1_000_000


def fail(options: argparse.Namespace, code: int, message: str, known: dict[str, Any] | None = None) -> int:
    """Say on one line what is wrong; a JSON document says that the answer is not complete, and what is known."""
    print(f"exactrelu {options.command}: {message}", file=sys.stderr)
    if code == UNDECIDED and options.json:
        print_json({**(known or {}), "complete": False, "reason": message})
    return code


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun.

    >>> counted(1, "cell"), counted(2, "adjacency", "adjacencies")
    ('1 cell', '2 adjacencies')
    """
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def print_arrays(point: dict[str, Any], indent: str) -> None:
    """Print the arrays of a point, a line each."""
    for name, array in point.items():
        rows = array if isinstance(array[0], list) else [array]
        print(f"{indent}{name} = {'; '.join(' '.join(row) for row in rows)}")


def spread(numbers: Iterable[int]) -> str:
    """From the least to the greatest.

    >>> spread([2, 0, 2]), spread([1, 1])
    ('0 to 2', '1')
    """
    known = set(numbers)
    low, high = min(known), max(known)
    return str(low) if low == high else f"{low} to {high}"


def print_json(value: Any) -> None:
    from exactrelu.jsonfile import pretty

    sys.stdout.write(pretty(value))


@contextmanager
def ticking(options: argparse.Namespace, what: str, parts: int = 1) -> Iterator[Budget]:
    """The budget (its share, if the work has several parts), with a progress bar where one can be seen."""
    from exactrelu.budget import Bar, Budget

    bar = None if options.quiet or options.json or not sys.stderr.isatty() else Bar(what)
    try:
        yield Budget(None if options.budget is None else options.budget / parts, bar)
    finally:
        if bar is not None:
            bar.close()


def writable(*paths: str | None) -> None:
    """Complain about an output that cannot be written before the work begins."""
    for path in paths:
        if path is None:
            continue
        folder = os.path.dirname(os.path.abspath(path))
        if os.path.isdir(path) or not os.path.isdir(folder) or not os.access(folder, os.W_OK):
            raise MalformedInput(path, "a folder or a place without write access", "a file that can be written")


def run_example(options: argparse.Namespace) -> int:
    """``exactrelu example [NAME]``."""
    from exactrelu import examples

    if options.name is None:
        if options.json:
            print_json({"examples": list(examples.names())})
        else:
            print("\n".join(examples.names()))
    else:
        sys.stdout.write(examples.text(options.name))
    return YES


def run_arrangement(options: argparse.Namespace) -> int:
    """``exactrelu arrangement FILE``."""
    from exactrelu.arrangement import Arrangement
    from exactrelu.certificate import Certificate
    from exactrelu.jsonfile import read_document

    writable(options.certificate)
    arrangement = Arrangement.from_dict(read_document(options.file).value)
    result: dict[str, Any] = {"count": None, "rank": arrangement.rank, "complete": False}
    with ticking(options, "chambers") as tick:
        tick()
        if options.count:
            result.update(count=arrangement.count(tick=tick), complete=True)
            chambers, walls = None, []
        else:
            chambers = arrangement.chambers(tick=tick)
            result.update(count=len(chambers), complete=True)
            classes = arrangement.parallel_classes
            walls = [[int(i), int(j), list(classes[c])] for i, j, c in zip(*chambers.walls(), strict=True)]
    listed = [] if chambers is None else [
        {"signs": c.signs, "witness": [str(value) for value in c.witness]} for c in chambers
    ]  # fmt: skip
    if options.certificate:
        if chambers is None:
            raise MalformedInput("--certificate", "--count", "the list of chambers (leave --count out)")
        statement = f"These are all {len(chambers)} chambers of the arrangement."
        proof = {"chambers": listed, "complete": True}
        Certificate("chambers", arrangement.to_dict(), statement, proof).write(options.certificate)
    if options.json:
        print_json(result if options.count else {**result, "chambers": listed, "walls": walls})
    else:
        print(f"{counted(result['count'], 'chamber')}, rank {result['rank']}")
        for chamber in listed:
            print(f"{chamber['signs']}  ({', '.join(chamber['witness'])})")
    return YES


def run_cells(options: argparse.Namespace) -> int:
    """``exactrelu cells FILE``."""
    from exactrelu.exploration import LIMIT
    from exactrelu.landscape import Problem, cells_certificate

    writable(options.graph, options.certificate)
    graph_format(options.graph)
    problem = Problem.load(options.file)
    listing = not options.count or bool(options.graph)
    parts = 3 if listing else 1
    with ticking(options, "cells", parts) as tick:
        try:
            cells = problem.cells(
                layer=options.layer, at=options.at, space=options.space, limit=options.limit or LIMIT, tick=tick
            )
        except BudgetExceeded as error:
            empty: dict[str, Any] = {} if options.count else {"cells": [], "edges": []}
            return fail(options, UNDECIDED, str(error), {"count": None, **empty})
    result: dict[str, Any] = {"count": cells.number, "complete": cells.complete}
    entries: list[dict[str, Any]] = []
    edges: list[list[Any]] = []
    if listing:
        _refuse_long(cells.number)
        with ticking(options, "list", parts) as tick:
            try:
                for cell in cells:
                    tick()
                    entry = {"signature": cell.signature, "witness": cell.point}
                    entries.append(entry if options.count else {**entry, "flat": cell.is_flat})
            except BudgetExceeded:
                result = {"count": len(entries), "complete": False}
        with ticking(options, "adjacencies", parts) as tick:
            try:
                edges.extend([i, j, list(u)] for i, j, u in cells.edges(tick) if max(i, j) < len(entries))
            except BudgetExceeded:
                result["complete"] = False
    if options.certificate:
        cells_certificate(cells).write(options.certificate)
    if options.graph:
        _write_cells(options.graph, entries, edges)
    if not options.count:
        result |= {"cells": entries, "edges": edges}
    if options.json:
        print_json(result)
    else:
        print(f"{counted(result['count'], 'cell')}{'' if result['complete'] else ', not known to be all'}")
        for entry in result.get("cells", []):
            print(entry["signature"] + ("  flat" if entry["flat"] else ""))
        if not options.count:
            print(counted(len(edges), "adjacency", "adjacencies"))
    return YES if result["complete"] else UNDECIDED


def _refuse_long(count: int) -> None:
    if count > LISTED:
        raise BudgetExceeded(f"{count} cells are too many to list (the limit is {LISTED}); use --count")


def graph_format(path: str | None) -> str:
    """The ending of a file for a graph; raises `MalformedInput` where none is known by it."""
    if path is None:
        return ""
    ending = os.path.splitext(path)[1]
    if ending not in (".graphml", ".json"):
        raise MalformedInput("--graph", f'"{path}"', "a name that ends in .graphml or .json")
    return ending


def write_graph(path: str, graph: Any) -> None:
    """Write a networkx graph in the format that the ending of the path says."""
    import json

    import networkx

    from exactrelu.jsonfile import write_whole

    if graph_format(path) == ".json":
        text = json.dumps(networkx.node_link_data(graph, edges="edges"), ensure_ascii=False)
    else:
        text = "\n".join(networkx.generate_graphml(graph)) + "\n"
    write_whole(path, text)


def _write_cells(path: str, cells: list[dict[str, Any]], edges: list[list[Any]]) -> None:
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from((i, {"signature": cell["signature"]}) for i, cell in enumerate(cells))
    for i, j, units in edges:
        graph.add_edge(i, j, units=units if graph_format(path) == ".json" else " ".join(map(str, units)))
    write_graph(path, graph)


def run_forms(options: argparse.Namespace) -> int:
    """``exactrelu forms FILE``."""
    from exactrelu.emptiness import Empty
    from exactrelu.exploration import LIMIT
    from exactrelu.jsonfile import write_whole
    from exactrelu.landscape import Problem, forms_certificate

    writable(options.latex, options.pdf, options.certificate)
    if options.fragment and options.latex is None:
        raise MalformedInput("--fragment", "no --latex", "--latex OUT, where it is written")
    problem = Problem.load(options.file)
    complete = True
    entries: list[dict[str, Any]] = []
    with ticking(options, "cells", parts=2) as tick:
        if options.cell is not None:
            cell = problem.cell(options.cell, limit=options.limit or LIMIT, tick=tick)
            if isinstance(cell, Empty):
                return _print_empty(options, cell)
            cells: Any = [cell]
        elif options.at is not None:
            cells = [problem.cell_at(options.at)]
        else:
            cells = problem.cells(at=options.start, limit=options.limit or LIMIT, tick=tick)
            complete = cells.complete
            if options.limit and cells.number > options.limit:
                cells, complete = cells[: options.limit], False
            _refuse_long(len(cells))
    with ticking(options, "forms", parts=2) as tick:
        try:
            for cell in cells:
                tick()
                entries.append(_form_entry(cell))
        except BudgetExceeded:
            complete = False
    done = cells[: len(entries)]
    if options.certificate:
        forms_certificate(problem, done).write(options.certificate)
    if options.latex or options.pdf:
        from exactrelu.latexmk import compile_pdf
        from exactrelu.reports.latex.cells import forms_document, forms_fragment

        all_of_them = complete and options.cell is None and options.at is None
        text = forms_document(problem, done, all_of_them)
        pdf = compile_pdf(text, tick=tick) if options.pdf else b""
        if options.latex:
            write_whole(options.latex, forms_fragment(problem, done, all_of_them) if options.fragment else text)
        if options.pdf:
            write_whole(options.pdf, pdf)
    if options.json:
        print_json({"cells": entries, "complete": complete})
    else:
        for entry in entries:
            _print_form(entry)
        if not complete:
            print(f"{counted(len(entries), 'cell')}, not known to be all")
    return YES if complete else UNDECIDED


def _print_empty(options: argparse.Namespace, empty: Any) -> int:
    from exactrelu.signature import write

    signature = write(empty.columns)
    if options.certificate:
        empty.certificate({"kind": "parameters"}).write(options.certificate)
    if options.json:
        farkas = [{str(k): str(m) for k, m in vector.items()} for vector in empty.farkas]
        print_json({"cells": [], "complete": True, "empty": signature, "farkas": farkas})
    else:
        print(f"no point has the signature {signature}")
    return NO


def _form_entry(cell: Any) -> dict[str, Any]:
    from exactrelu.rational import texts

    form = cell.form
    entry = {
        "signature": cell.signature,
        "witness": cell.point,
        "blocks": {name: str(block) for name, block in form.blocks.items()},
        "polynomial": str(form.polynomial),
        "multilinear": form.is_multilinear,
        "trace_zero": form.is_trace_zero,
        "flat": form.is_flat,
        "hessian": vars(form.inertia(cell.witness)),
    }
    if not form.instance.loss.is_hinge:
        entry["laplacian"] = str(form.laplacian)
        entry["laplacian_sum_of_squares"] = form.laplacian_is_sum_of_squares
    coefficients = form.lemma_2
    if coefficients is not None:
        entry["lemma_2"] = {name: texts(value) for name, value in vars(coefficients).items()}
    return entry


def _print_form(entry: dict[str, Any]) -> None:
    print(f"cell {entry['signature']}")
    for name, block in entry["blocks"].items():
        print(f"  {name} = {block}")
    hessian = entry["hessian"]
    facts = [name.replace("_", " ") for name in ("multilinear", "trace_zero", "flat") if entry[name]]
    if entry.get("laplacian_sum_of_squares"):
        facts.append("Laplacian a sum of squares")
    inertia = f"Hessian inertia ({hessian['positive']}, {hessian['negative']}, {hessian['zero']}) at the witness"
    print("  " + "; ".join([*facts, inertia]))


def earlier_certificate(path: str, what: str) -> dict[str, Any]:
    """The certificate from which a search, or another run, goes on."""
    from exactrelu.checker import Malformed, load

    needed = f"a certificate of an earlier {what}"
    try:
        found = load(path)
    except Malformed as error:
        raise MalformedInput(path, str(error), needed) from None
    if not isinstance(found, dict):
        raise MalformedInput(path, "no JSON object", needed)
    return found


def run_minimum(options: argparse.Namespace) -> int:
    """``exactrelu minimum FILE``."""
    from exactrelu.certificate import demand_accepted
    from exactrelu.jsonfile import MISSING, Node, read_document
    from exactrelu.landscape import Problem

    writable(options.certificate)
    problem = Problem.load(options.file)
    tree = None
    if options.resume:
        node = read_document(options.resume).entries().get("tree", Node(MISSING, "tree"))
        tree = {name: entry.value for name, entry in node.entries().items()}
    with ticking(options, "minimum") as tick:
        found = problem.minimum(tick=tick, resume=tree)
    certificate = found.certificate()
    demand_accepted(certificate)
    if options.certificate:
        certificate.write(options.certificate)
    result: dict[str, Any] = {
        "minimum": str(found.upper) if found.is_exact else None,
        "argmin": problem.network.write(found.argmin),
        "attained": True if found.is_exact else None,
        "pieces": found.pieces,
        "visited": found.visited,
        "lower": str(found.lower),
        "upper": str(found.upper),
        "complete": found.is_exact,
    }
    if options.json:
        print_json(result if found.is_exact else {**result, "reason": found.reason})
        return YES if found.is_exact else UNDECIDED
    if found.is_exact:
        print(f"global minimum {found.upper}, attained; {found.visited} of {found.pieces} pieces visited")
    else:
        print(f"global minimum between {found.lower} and {found.upper}: {found.reason}")
    print_arrays(result["argmin"], "  ")
    if options.certificate and not options.quiet:
        print(f"  certificate written to {options.certificate}, accepted by the checker")
    return YES if found.is_exact else UNDECIDED


def run_claims(options: argparse.Namespace) -> int:
    """``exactrelu claims [ID] [FILE] [--random N --seed S] [--errata]``."""
    from exactrelu.jsonfile import pretty
    from exactrelu.proof_files import errata_table, proofs_of
    from exactrelu.theorems import catalogue
    from exactrelu.theorems.claim import Outcome

    if options.errata:
        return _print_errata(options, errata_table(catalogue.CLAIMS.values()))
    if options.all and options.id not in catalogue.CLAIMS and options.file is None:
        options.id, options.file = None, options.id  # claims --all FILE
    if options.random and options.file is not None:
        raise MalformedInput("claims", "a file and --random", "one of them")
    if options.id is not None and options.id not in catalogue.CLAIMS:
        known = ", ".join(catalogue.CLAIMS)
        raise MalformedInput("claims", f'no claim "{options.id}"', f"one of: {known}")
    problem = None
    if options.file is not None:
        from exactrelu.landscape import Problem

        problem = Problem.load(options.file)
    running = options.all or options.id is not None or options.random is not None
    entries = []
    with ticking(options, "claims") as tick:
        for claim in [catalogue.CLAIMS[options.id]] if options.id else catalogue.CLAIMS.values():
            outcomes: list[tuple[str, Outcome]] = []
            try:
                if options.random:
                    outcomes = catalogue.run_random(claim, options.random, options.seed, tick)
                elif running:
                    outcomes = catalogue.run(claim, problem, tick)
            except (BudgetExceeded, Unsupported) as error:
                outcomes = [("", Outcome("undecided", str(error)))]
            entries.append(catalogue.entry(claim, outcomes))
    statuses = {entry["status"] for entry in entries} if running else set()
    lines = [line for entry in entries for line in entry["instances"]] if running else []
    late = tick.is_over and any(line["status"] == "undecided" for line in lines)
    proofs = proofs_of(options.id) if options.id else ()
    if options.id:
        entries[0]["proofs"] = [{"file": f"proofs/{proof.name}", "text": proof.header} for proof in proofs]
    if options.json:
        print_json({"claims": entries, **({"complete": "undecided" not in statuses and not late} if running else {})})
    else:
        for entry in entries:
            print(f"{entry['id']:10} " + (f"{entry['status']:15} " if running else "") + entry["source"])
            if options.id:
                print(f"  {entry['statement']}")
            for line in entry["instances"] if running else []:
                print(f"  {line['status']:15} {line['instance']}: {line['detail']}")
                if "problem" in line:
                    print(pretty(line["problem"]), end="")
            if options.id and "erratum" in entry:
                print(f"  erratum: {entry['erratum']}")
        for proof in [] if options.quiet or options.file or options.random else proofs:
            print(f"\nproofs/{proof.name}\n\n{proof.header}")
    if options.all:  # a catalogue with its errata: what counts is that everything was decided
        return UNDECIDED if "undecided" in statuses or late else YES
    return NO if "refuted" in statuses else UNDECIDED if "undecided" in statuses or late else YES


def _print_errata(options: argparse.Namespace, table: str) -> int:
    from exactrelu.theorems import catalogue

    if options.json:
        print_json({"claims": [catalogue.entry(claim, []) for claim in catalogue.CLAIMS.values() if claim.erratum]})
    else:
        print(table, end="")
    return YES


def run_check(options: argparse.Namespace) -> int:
    """``exactrelu check CERTIFICATE..``."""
    from exactrelu import checker
    from exactrelu.budget import alarm
    from exactrelu.reading import traced

    code = YES
    results: list[dict[str, Any]] = []
    for path in options.certificates:
        try:
            with alarm(options.budget):
                document = checker.load(path)
                verdict, lines = traced(document) if options.lines else (checker.check(document), [])
        except checker.Malformed as error:
            print(f"exactrelu check: {path}: malformed: {error}", file=sys.stderr)
            results.append({"file": path, "accepted": False, "reason": f"malformed: {error}"})
            code = BAD
            continue
        results.append({"file": path, "accepted": verdict.accepted, "reason": verdict.reason})
        if options.json:
            from exactrelu.certificate import digest

            results[-1] |= {"sha256": digest(document)} | ({"lines": [n for n, _ in lines]} if options.lines else {})
        if not verdict.accepted and code == YES:
            code = NO
        if not options.json:
            print(f"{path}: {'accepted' if verdict.accepted else 'rejected'}: {verdict.reason}")
            if options.lines:
                print(f"{counted(len(lines), 'line')} of exactrelu.checker:")
                print("\n".join(f"{n:5} {text}" for n, text in lines))
    first = next((str(result["reason"]) for result in results if not result["accepted"]), "all accepted")
    if options.json:
        print_json(
            results[0] if len(results) == 1 else {"certificates": results, "accepted": code == YES, "reason": first}
        )
    return code
