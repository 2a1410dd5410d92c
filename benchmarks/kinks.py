"""How fast is a local minimum at kinks decided? Against one linear program for each pattern of signs.

The points: m points of one class on a circle, m of the other halfway between neighbours, and neurons with w = 0 and
v = 1, at which every data point is a kink; the loss has a kink at m data points too. All are local minima (Jensen's
inequality), so no pattern can be skipped by luck. The peer decides by one exact linear program for each sign vector.

    python benchmarks/kinks.py [--seconds 60]
"""

from __future__ import annotations

import argparse
import time
from itertools import product

from exactrelu import Loss, Network, Problem
from exactrelu.lp import Constraint, Feasible, feasible

CIRCLES = {
    3: [(12, 0), (-6, 10), (-6, -10)],
    4: [(12, 0), (0, 12), (-12, 0), (0, -12)],
    5: [(12, 0), (4, 11), (-10, 7), (-10, -7), (4, -11)],
    7: [(12, 0), (7, 9), (-3, 12), (-11, 5), (-11, -5), (-3, -12), (7, -9)],
}
INSTANCES = [(3, 1, 3), (4, 1, 3), (4, 2, 3), (5, 2, 3), (5, 3, 3), (7, 3, 3)]  # m, neurons with w = 0, neurons


def problem(m: int, flat: int, neurons: int) -> Problem:
    """2 m data points; the other neurons are inactive on all of them."""
    outer = CIRCLES[m]
    halfway = [f"{a + c}/2 {b + d}/2".split() for (a, b), (c, d) in zip(outer, outer[1:] + outer[:1], strict=True)]
    point = {
        "W1": [[0, 0]] * flat + [[1, 0]] * (neurons - flat),
        "b1": [0] * flat + [-100] * (neurons - flat),
        "W2": [[1] * neurons],
        "b2": [1],
    }
    loss = Loss("hinge", weights="sum")
    x = [*outer, *halfway]
    return Problem(Network.dense([2, neurons, 1]), x=x, y=[-1] * m + [1] * m, loss=loss, points={"p": point})  # type: ignore[arg-type]


def one_by_one(p: Problem, flat: int, seconds: float) -> tuple[int, int]:
    """How many sign vectors there are, and how many linear programs are solved in the time; none must descend."""
    start, solved, m = time.perf_counter(), 0, len(p.x) // 2
    rows = [(*x, 1) for x in p.x]
    size = 3 * flat + 1 + m  # the moves of R, of the output bias, and an upper bound for each loss unit at its kink
    every = 2 ** (len(rows) * flat)
    for signs in product((1, -1), repeat=len(rows) * flat):
        constraints, changes = [], []
        for i, row in enumerate(rows):
            change = [0] * size
            change[3 * flat] = 1
            for k in range(flat):
                sign = signs[k * len(rows) + i]
                side = [0] * size
                side[3 * k : 3 * k + 3] = [sign * a for a in row]
                constraints.append(Constraint(side, ">=", 0))
                if sign > 0:
                    change[3 * k : 3 * k + 3] = row
            changes.append(change)
        fall = [sum(column) for column in zip(*changes[:m], strict=True)]
        for j in range(m):
            upper = [-a for a in changes[m + j]]
            upper[3 * flat + 1 + j] = -1
            constraints.append(Constraint(upper, "<=", 0))
            positive = [0] * size
            positive[3 * flat + 1 + j] = 1
            constraints.append(Constraint(positive, ">=", 0))
            fall[3 * flat + 1 + j] = 1
        constraints.append(Constraint(fall, "<=", -1))
        if isinstance(feasible(constraints, size), Feasible):
            raise AssertionError("the peer finds a descent from a local minimum")
        solved += 1
        if time.perf_counter() - start > seconds:
            break
    return every, solved


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="for the peer, on each instance")
    options = parser.parse_args()
    print("| data points | neurons | kinks | patterns of signs | times faster than one LP each |")
    print("|---|---|---|---|---|")
    for m, flat, neurons in INSTANCES:
        p = problem(m, flat, neurons)
        point = p.at("p")
        start = time.perf_counter()
        answer = point.local_minimum().answer
        own = time.perf_counter() - start
        if answer != "yes":
            raise AssertionError(f"a local minimum is answered {answer}")
        start = time.perf_counter()
        every, solved = one_by_one(p, flat, options.seconds)
        other = (time.perf_counter() - start) * (every / solved)
        mark = "" if solved == every else "about "
        print(f"| {2 * m} | {neurons} | {len(point.kinks)} | {every:,} | {mark}{other / own:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
