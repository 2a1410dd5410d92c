"""How many pieces does the global minimum take? Branches bounded against the pieces that there are.

The peer solves the program of every piece (a set of chambers with signs, one for each neuron), with the same exact
solver, from a random sample of pieces, extrapolated to all of them.

    python benchmarks/minimum.py [--pieces 200]
"""

from __future__ import annotations

import argparse
import random
import time

from exactrelu import Arrangement, Loss, Network, Problem
from exactrelu.conic_fit import Conic, Summand
from exactrelu.rays import products, rays

INSTANCES = [
    (8, 2, "hinge"),
    (8, 2, "squared"),
    (10, 2, "hinge"),
    (10, 2, "squared"),
    (8, 3, "squared"),
    (10, 3, "squared"),
]


def problem(points: int, neurons: int, loss: str) -> Problem:
    """Random integral points in the plane with random labels."""
    rng = random.Random(points)
    x = [[rng.randint(-9, 9), rng.randint(-9, 9)] for _ in range(points)]
    labels = [-1, 1] if loss == "hinge" else list(range(-5, 6))
    return Problem(Network.dense([2, neurons, 1]), x=x, y=[rng.choice(labels) for _ in x], loss=Loss(loss))  # type: ignore[arg-type]


def seconds_of_a_piece(p: Problem, neurons: int, sample: int) -> float:
    """The mean time of the program of one piece."""
    rows = tuple((*x, 1) for x in p.x)
    found = [(ray, products(ray, rows)) for ray in rays(rows, lambda: None)]
    columns = tuple(tuple(s * max(a, 0) for a in row) for _, row in found for s in (1, -1))
    targets = [y[0] if isinstance(y, tuple) else y for y in p.y]
    weights = [p.loss.weight(i, 0, len(p.x)) for i in range(len(p.x))]
    summands = tuple(Summand(w, t) for w, t in zip(weights, targets, strict=True))
    conic = Conic(summands, p.loss.is_hinge, True, columns, lambda: None)
    chambers, rng = [c.signs for c in Arrangement(rows).chambers()], random.Random(1)
    start = time.perf_counter()
    for _ in range(sample):
        allowed: set[int] = set()
        for _ in range(neurons):
            signs, side = rng.choice(chambers), rng.randrange(2)
            inside = (
                r
                for r, (_, row) in enumerate(found)
                if all(s * a >= 0 for s, a in zip(numbers(signs), row, strict=True))
            )
            allowed |= {2 * r + side for r in inside}
        conic.fit(sorted(allowed))
    return (time.perf_counter() - start) / sample


def numbers(signs: str) -> list[int]:
    return [1 if s == "+" else -1 for s in signs]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pieces", type=int, default=200, help="how many pieces the peer solves")
    options = parser.parse_args()
    print(
        "| data points | neurons | loss | minimum | branches bounded | pieces | times faster than all pieces (about) |"
    )
    print("|---|---|---|---|---|---|---|")
    for points, neurons, loss in INSTANCES:
        p = problem(points, neurons, loss)
        start = time.perf_counter()
        found = p.minimum()
        own = time.perf_counter() - start
        if not found.is_exact:
            raise AssertionError("the minimum is not found")
        other = seconds_of_a_piece(p, neurons, options.pieces) * found.pieces
        row = (points, neurons, loss, found.upper, f"{found.visited:,}", f"{found.pieces:,}", f"{other / own:,.0f}")
        print("| " + " | ".join(map(str, row)) + " |", flush=True)


if __name__ == "__main__":
    main()
