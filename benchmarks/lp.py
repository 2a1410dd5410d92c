"""How fast the exact simplex is, as ratios to itself from scratch and to other solvers on the same systems.

Run ``python benchmarks/lp.py``. Solvers that are not installed are skipped by name; ratios are what counts,
the times are those of the machine at hand.
"""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable
from time import perf_counter

from exactrelu.lp import Constraint, Feasible, Relation, feasible
from exactrelu.simplex import Simplex


def sign_tree(n: int, m: int, seed: int, limit: int, incremental: bool) -> tuple[int, int, float]:
    """Walks the tree of sign vectors of m random forms in n variables: steps, refuted steps, seconds."""
    rng = random.Random(seed)
    forms = [tuple(rng.randint(-3, 3) for _ in range(n)) for _ in range(m)]
    simplex = Simplex(n)
    path: list[Constraint] = []
    steps = refuted = 0

    def decide(index: int, relation: Relation) -> bool:
        if not incremental:
            path.append(Constraint(forms[index], relation, 0))
            return isinstance(feasible(path, n), Feasible)
        handle = simplex.form(forms[index])
        (simplex.assert_lower if relation == ">" else simplex.assert_upper)(handle, 0, True, index)
        return simplex.check() is None

    def descend(index: int) -> None:
        nonlocal steps, refuted
        relations: tuple[Relation, ...] = ("<", ">") if index < m else ()
        for relation in relations:
            if steps >= limit:
                return
            steps += 1
            simplex.push()
            if decide(index, relation):
                descend(index + 1)
            else:
                refuted += 1
            del path[index:]
            simplex.pop()

    start = perf_counter()
    descend(0)
    return steps, refuted, perf_counter() - start


def systems(m: int, n: int, count: int) -> list[tuple[list[list[int]], list[int]]]:
    """Random systems A x <= b of m rows and n variables, about half of them feasible."""
    rng = random.Random(m * n)
    return [
        ([[rng.randint(-9, 9) for _ in range(n)] for _ in range(m)], [rng.randint(-2, 9) for _ in range(m)])
        for _ in range(count)
    ]


def exact(rows: list[list[int]], bounds: list[int]) -> bool:
    constraints = [Constraint(tuple(row), "<=", bound) for row, bound in zip(rows, bounds, strict=True)]
    return isinstance(feasible(constraints, len(rows[0])), Feasible)


def cddlib(rows: list[list[int]], bounds: list[int]) -> bool:
    cdd = importlib.import_module("cdd")
    matrix = cdd.Matrix([[b, *(-a for a in row)] for row, b in zip(rows, bounds, strict=True)], number_type="fraction")
    matrix.rep_type = cdd.RepType.INEQUALITY
    matrix.obj_type, matrix.obj_func = cdd.LPObjType.MAX, [0] * (len(rows[0]) + 1)
    program = cdd.LinProg(matrix)
    program.solve()
    return bool(program.status == cdd.LPStatusType.OPTIMAL)


def highs(rows: list[list[int]], bounds: list[int]) -> bool:
    optimize = importlib.import_module("scipy.optimize")
    n = len(rows[0])
    return bool(optimize.linprog([0] * n, rows, bounds, bounds=[(None, None)] * n).status == 0)


def average(solver: Callable[..., bool], problems: list[tuple[list[list[int]], list[int]]]) -> tuple[float, int]:
    start = perf_counter()
    feasible_ones = sum(solver(*problem) for problem in problems)
    return (perf_counter() - start) / len(problems), feasible_ones


def main() -> None:
    print("one step (push, assert, check, pop) in the tree of sign vectors of m forms in n variables")
    for n, m in ((4, 8), (8, 8), (8, 16), (5, 20), (12, 20)):
        steps, refuted, fast = sign_tree(n, m, 1, 4000, incremental=True)
        again, _, slow = sign_tree(n, m, 1, steps if steps < 800 else 800, incremental=False)
        unit = fast / steps
        print(
            f"  {m:3} x {n:2}: {unit * 1e6:6.0f} us a step ({steps} steps, {refuted} refuted), "
            f"from scratch {slow / again / unit:5.1f} times as long"
        )
    print("one system A x <= b from scratch")
    for m, n, count in ((16, 4, 60), (30, 10, 20), (60, 20, 8)):
        problems = systems(m, n, count)
        unit, found = average(exact, problems)
        print(f"  {m:3} x {n:2}: {unit * 1e3:7.2f} ms ({found} of {count} feasible)", end="")
        for name, module, solver in (("cddlib", "cdd", cddlib), ("HiGHS, floats", "scipy.optimize", highs)):
            try:
                importlib.import_module(module)
            except ImportError:
                print(f"; {name}: skipped, {module} is not installed", end="")
                continue
            time, other = average(solver, problems)
            verdict = "" if other == found else f", but {other} feasible"
            print(f"; {name}: {time / unit:.2f} times as long{verdict}", end="")
        print()


if __name__ == "__main__":
    main()
