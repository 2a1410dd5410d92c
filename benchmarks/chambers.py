"""Chambers per second: exactrelu and its peers on the same instances, in one run. Prints a Markdown table.

    python benchmarks/chambers.py                      # all instances but the largest, 20 seconds for each peer
    python benchmarks/chambers.py --instances resonance-6 --limit 60

Peers that are not installed are named and skipped (`pip install .[bench]`). Each run has its own process. The trees
go depth first, so that a run that hits the time limit still has a rate: that of the chambers found until then, marked
with `~`. All trees enumerate only one chamber of each opposite pair, and count it twice, as exactrelu does.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing.connection import Connection

from exactrelu import gallery
from exactrelu.arrangement import Arrangement
from exactrelu.deletion_restriction import count

Row = tuple[int, ...]


@dataclass(frozen=True)
class Run:
    """What a run found, and whether it came to its end."""

    chambers: int
    seconds: float
    complete: bool = True
    walls: float = 0.0  # seconds for the adjacency
    megabytes: int = 0

    @property
    def rate(self) -> float:
        return self.chambers / self.seconds


def random_data(points: int, dimension: int, bound: int, seed: int) -> Arrangement:
    """Data points with random integer coordinates, bias appended."""
    rng = random.Random(seed)
    return gallery.data([[rng.randint(-bound, bound) for _ in range(dimension)] for _ in range(points)])


INSTANCES: dict[str, tuple[Callable[[], Arrangement], int]] = {
    "data-40-d2": (lambda: random_data(40, 2, 10, 101), 1364),
    "data-24-d3": (lambda: random_data(24, 3, 10, 120), 4036),
    "data-16-d5": (lambda: random_data(16, 5, 9, 0), 9888),
    "resonance-5": (lambda: gallery.resonance(5), 11292),
    "threshold-5": (lambda: gallery.threshold(5), 94572),
    "data-20-d6": (lambda: random_data(20, 6, 9, 0), 87592),
    "resonance-6": (lambda: gallery.resonance(6), 1066044),
}


def exactrelu_run(arrangement: Arrangement, limit: float) -> Run:
    """Sign vectors and witnesses (checked again), then the adjacency; the best of three, after a warm-up."""
    gallery.generic(9, 4).chambers().walls()
    best = Run(0, float("inf"))
    for _ in range(3 if arrangement.rank < 6 else 2):
        start = time.perf_counter()
        chambers = arrangement.chambers()
        middle = time.perf_counter()
        chambers.walls()
        end = time.perf_counter()
        if middle - start < best.seconds:
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            best = Run(len(chambers), middle - start, walls=end - middle, megabytes=memory)
    return best


def count_run(arrangement: Arrangement, limit: float) -> Run:
    """The number alone, by deletion and restriction in plain Python."""
    rows = arrangement.hyperplanes.essential_rows
    start = time.perf_counter()
    return Run(count(rows), time.perf_counter() - start)


def ppl_run(arrangement: Arrangement, limit: float) -> Run:
    """A tree of PPL polyhedra, made by adding one constraint to a copy; the witness is the sum of the generators."""
    from ppl import C_Polyhedron, Linear_Expression

    rows = arrangement.hyperplanes.essential_rows
    start = time.perf_counter()
    forms = [Linear_Expression(list(row), 0) for row in rows]
    root = C_Polyhedron(len(rows[0]), "universe")
    root.add_constraint(forms[0] >= 0)
    stack, found = [(root, 1, "+")], 0
    while stack:
        cone, index, signs = stack.pop()
        for place in range(index, len(forms)):
            form = forms[place]
            if cone.bounds_from_above(form):
                signs += "-"
            elif cone.bounds_from_below(form):
                signs += "+"
            else:
                other = C_Polyhedron(cone)
                other.add_constraint(form <= 0)
                stack.append((other, place + 1, signs + "-"))
                cone.add_constraint(form >= 0)
                signs += "+"
        witness = [0] * len(rows[0])
        for generator in cone.generators():
            if generator.is_ray():
                witness = [x + int(y) for x, y in zip(witness, generator.coefficients(), strict=True)]
        found += 2
        if time.perf_counter() - start > limit:
            return Run(found, time.perf_counter() - start, not stack)
    return Run(found, time.perf_counter() - start)


def tree_run(rows: Sequence[Row], limit: float, solve: Callable[[list[int]], list | None]) -> Run:
    """A tree with one linear program for each node: `solve` has a point with the given signs, or None."""
    start = time.perf_counter()
    point = solve([1])
    stack, found = [([1], point)], 0
    while stack:
        signs, point = stack.pop()
        for row in rows[len(signs) :]:
            value = sum(x * y for x, y in zip(row, point, strict=True))
            here = 1 if value >= 0 else -1
            other = solve([*signs, -here])
            if other is not None:
                stack.append(([*signs, -here], other))
            if abs(value) < 1e-9:  # on the hyperplane, so that this side needs a program as well
                point = solve([*signs, here])
                if point is None:
                    signs, point = stack.pop()
                    continue
            signs.append(here)
        found += 2
        if time.perf_counter() - start > limit:
            return Run(found, time.perf_counter() - start, not stack)
    return Run(found, time.perf_counter() - start)


def cdd_run(arrangement: Arrangement, limit: float) -> Run:
    """The tree with one exact linear program of cddlib for each node."""
    import cdd

    rows = arrangement.hyperplanes.essential_rows
    sides = {s: [[-1, *(s * entry for entry in row)] for row in rows] for s in (1, -1)}

    def solve(signs: list[int]) -> list | None:
        matrix = cdd.Matrix([sides[s][k] for k, s in enumerate(signs)], number_type="fraction")
        matrix.obj_type = cdd.LPObjType.MIN
        matrix.obj_func = [0] * (len(rows[0]) + 1)
        program = cdd.LinProg(matrix)
        program.solve()
        return list(program.primal_solution) if program.status == cdd.LPStatusType.OPTIMAL else None

    return tree_run(rows, limit, solve)


def highs_run(arrangement: Arrangement, limit: float) -> Run:
    """The tree with one floating-point linear program of HiGHS for each node, warm started; not exact."""
    import highspy
    import numpy as np

    rows = arrangement.hyperplanes.essential_rows
    width = len(rows[0])
    model = highspy.Highs()
    model.silent()
    infinity = highspy.kHighsInf
    for _ in range(width):
        model.addVar(-infinity, infinity)
    for row in rows:
        model.addRow(-infinity, infinity, width, np.arange(width), np.array(row, dtype=float))
    current = [0] * len(rows)

    def solve(signs: list[int]) -> list | None:
        for place in range(len(rows)):
            wanted = signs[place] if place < len(signs) else 0
            if wanted != current[place]:
                low, high = {0: (-infinity, infinity), 1: (1, infinity), -1: (-infinity, -1)}[wanted]
                model.changeRowBounds(place, low, high)
                current[place] = wanted
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return list(model.getSolution().col_value)

    return tree_run(rows, limit, solve)


def sage_run(arrangement: Arrangement, limit: float) -> Run:
    """Sage's HyperplaneArrangements(..).regions(); killed at the time limit."""
    import passagemath_polyhedra  # noqa: F401
    from sage.geometry.hyperplane_arrangement.arrangement import HyperplaneArrangements
    from sage.rings.rational_field import QQ

    rows = arrangement.hyperplanes.essential_rows
    space = HyperplaneArrangements(QQ, tuple(f"x{i}" for i in range(len(rows[0]))))
    planes = space(*[[row, 0] for row in rows])
    start = time.perf_counter()
    return Run(len(planes.regions()), time.perf_counter() - start)


PEERS: dict[str, tuple[Callable[[Arrangement, float], Run], str | None]] = {
    "exactrelu": (exactrelu_run, None),
    "count alone": (count_run, None),
    "PPL tree": (ppl_run, "ppl"),
    "cddlib tree": (cdd_run, "cdd"),
    "HiGHS tree (float)": (highs_run, "highspy"),
    "Sage regions()": (sage_run, "passagemath_polyhedra"),
}


def _child(pipe: Connection, peer: str, instance: str, limit: float) -> None:
    try:
        pipe.send(PEERS[peer][0](INSTANCES[instance][0](), limit))
    except Exception as error:
        pipe.send(f"{type(error).__name__}: {error}")


def measured(peer: str, instance: str, limit: float) -> Run | str:
    """One run in its own process; text if it failed or had to be killed."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_child, args=(theirs, peer, instance, limit))
    process.start()
    theirs.close()
    try:
        finished = ours.poll(None if peer in ("exactrelu", "count alone") else limit + 15)
        return ours.recv() if finished else f"over {limit:g} s"
    except EOFError:
        return "ended without an answer"
    finally:
        process.kill()
        process.join()


def cell(run: Run | str, instance: str, ours: Run) -> str:
    """A cell of the table: the rate, and how many times faster exactrelu is."""
    if isinstance(run, str):
        if not run.startswith("over"):
            return run
        seconds = float(run.split()[1])
        return f"< {ours.chambers / seconds:,.0f} (over {ours.rate * seconds / ours.chambers:,.0f}x)"
    if run.complete and run.chambers != INSTANCES[instance][1]:
        return f"wrong: {run.chambers} chambers"
    mark = "" if run.complete else "~"
    return f"{mark}{run.rate:,.0f} ({ours.rate / run.rate:,.1f}x)"


def main() -> None:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = ", ".join(INSTANCES)
    parser.add_argument(
        "--instances", nargs="*", choices=list(INSTANCES), default=list(INSTANCES)[:-1], help=f"out of {names}"
    )
    parser.add_argument(
        "--peers",
        nargs="*",
        choices=list(PEERS)[1:],
        default=list(PEERS)[1:],
        help=f"out of {', '.join(list(PEERS)[1:])}",
    )
    parser.add_argument("--limit", type=float, default=20, help="seconds for each peer on each instance")
    options = parser.parse_args()
    peers = []
    for peer in options.peers:
        module = PEERS[peer][1]
        if module is None or find_spec(module) is not None:
            peers.append(peer)
        else:
            print(f"skipped: {peer} ({module} is not installed)\n")
    print("Chambers per second; in brackets: how many times faster exactrelu is.\n")
    print("| instance | chambers | exactrelu | with adjacency | memory |", *(f" {peer} |" for peer in peers), sep="")
    print("|---|---|---|---|---|", *("---|" for _ in peers), sep="")
    for instance in options.instances:
        ours = measured("exactrelu", instance, options.limit)
        if isinstance(ours, str) or ours.chambers != INSTANCES[instance][1]:
            raise SystemExit(f"{instance}: exactrelu: {ours}")
        together = ours.chambers / (ours.seconds + ours.walls)
        print(
            f"| {instance} | {ours.chambers:,} | {ours.rate:,.0f} | {together:,.0f} | {ours.megabytes} MB |",
            *(f" {cell(measured(peer, instance, options.limit), instance, ours)} |" for peer in peers),
            sep="",
            flush=True,
        )


if __name__ == "__main__":
    main()
