"""The atlas against the checker, and against deciding one point for each piece.

    python benchmarks/atlas.py

For each landscape: the pieces, the sets of local minima, and the time for the atlas, for its certificate in the sealed
checker, and for the decision of local minimality at one optimum of every piece by `Point`, all as ratios.
"""

from __future__ import annotations

import json
import time
from itertools import combinations_with_replacement

from exactrelu import Problem, check
from exactrelu.lifted import Lifted
from exactrelu.pieces import Pieces
from exactrelu.point import Point

XOR = [[0, 0], [0, 1], [1, 0], [1, 1]]
SIX = [[0, 0], [0, 1], [1, 0], [1, 1], [2, 1], [1, 3]]


def problem(x: list[list[int]], y: list[int], neurons: int, kind: str) -> Problem:
    document = {
        "format": "exactrelu.problem/1",
        "network": {"widths": [2, neurons, 1], "activation": "relu"},
        "loss": {"kind": kind},
        "data": {"x": x, "y": y},
    }
    return Problem.loads(json.dumps(document))


CASES = {
    "exclusive or, 2 neurons, squared": problem(XOR, [0, 1, 1, 0], 2, "squared"),
    "exclusive or, 2 neurons, hinge": problem(XOR, [-1, 1, 1, -1], 2, "hinge"),
    "6 points, 1 neuron, squared": problem(SIX, [0, 1, 1, 0, 2, 1], 1, "squared"),
    "6 points, 2 neurons, squared": problem(SIX, [0, 1, 1, 0, 2, 1], 2, "squared"),
    "6 points, 2 neurons, hinge": problem(SIX, [-1, 1, 1, -1, 1, -1], 2, "hinge"),
}


def main() -> None:
    print("| landscape | pieces | sets | seconds | checker | one point for each piece |\n|---|---|---|---|---|---|")
    for name, case in CASES.items():
        start = time.perf_counter()
        atlas = case.atlas()
        own = time.perf_counter() - start
        certificate = json.loads(atlas.certificate().dumps())
        start = time.perf_counter()
        assert check(certificate).accepted
        checker = time.perf_counter() - start
        start = time.perf_counter()
        pieces = Pieces(Lifted(case, lambda: None))
        every = list(combinations_with_replacement(pieces.signed, case.network.widths[1]))
        for piece in every:
            optimal = pieces.optimal(piece)
            point = pieces.lifted.parameters(optimal.vectors, [1 - 2 * (q % 2) for q in piece], optimal.bias)
            Point(case.forms, point).local_minimum()
        points = time.perf_counter() - start
        numbers = f"{len(every)} | {len(atlas.local_minima)} | {own:.1f} | {checker / own:.2f} | {points / own:.2f}"
        print(f"| {name} | {numbers} |", flush=True)


if __name__ == "__main__":
    main()
