"""How fast are the forms? Ratios in one run: our forms against the bare expansion, rings, and SymPy.

The problem: one hidden layer, N = 8 points in the plane, K = 2 ReLU neurons, hinge loss with its kinks. The cells are
those of one sheet of the lifted variables, taken evenly. Every form is made from the signature alone.

    python benchmarks/forms.py [--cells 2000]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from itertools import islice

import sympy
from sympy.polys.rings import ring

from exactrelu import Loss, Network, Problem
from exactrelu.forms import Forms
from exactrelu.polynomial import to_flint
from exactrelu.refinement import Walk
from exactrelu.sheets import parameter_sheets
from exactrelu.signature import Columns

POINTS = [(3, 1), (1, 4), (-2, 3), (-4, -1), (-1, -5), (2, -3), (5, -2), (-3, 5)]


def problem() -> Problem:
    """Eight points in general position, alternating labels."""
    return Problem(Network.dense([2, 2, 1]), x=POINTS, y=[1, -1] * 4, loss=Loss("hinge"))


def bare_flint(forms: Forms, cells: list[Columns]) -> None:
    """The loss on each cell by multiplying out the masked layers with flint, and nothing else."""
    instance, context = forms.instance, forms.ring.context
    generators = context.gens()
    w, b, v, c = generators[:4], generators[4:6], generators[6:8], generators[8]
    weights = [to_flint(units[0].weight) for units in instance.units]
    for columns in cells:
        total = context.constant(0)
        for x, y, weight, (hidden, (active,)) in zip(POINTS, [1, -1] * 4, weights, columns, strict=True):
            if active > 0:
                output = c
                for k, s in enumerate(hidden):
                    if s > 0:
                        output = output + v[k] * (w[2 * k] * x[0] + w[2 * k + 1] * x[1] + b[k])
                total += weight * (1 - y * output)


def with_rings(cells: list[Columns]) -> None:
    """The same with sympy.polys.rings."""
    _, *generators = ring("w1 w2 w3 w4 b1 b2 v1 v2 c", sympy.QQ)
    w, b, v, c = generators[:4], generators[4:6], generators[6:8], generators[8]
    for columns in cells:
        total = 0 * c
        for x, y, (hidden, (active,)) in zip(POINTS, [1, -1] * 4, columns, strict=True):
            if active > 0:
                output = c
                for k, s in enumerate(hidden):
                    if s > 0:
                        output = output + v[k] * (w[2 * k] * x[0] + w[2 * k + 1] * x[1] + b[k])
                total += sympy.QQ(1, 8) * (1 - y * output)


def with_sympy(cells: list[Columns]) -> None:
    """The same with sympy.expand."""
    w1, w2, w3, w4, b1, b2, v1, v2, c = sympy.symbols("w1 w2 w3 w4 b1 b2 v1 v2 c")
    w, b, v = (w1, w2, w3, w4), (b1, b2), (v1, v2)
    for columns in cells:
        total = sympy.Integer(0)
        for x, y, (hidden, (active,)) in zip(POINTS, [1, -1] * 4, columns, strict=True):
            if active > 0:
                output = c + sum(
                    v[k] * (w[2 * k] * x[0] + w[2 * k + 1] * x[1] + b[k]) for k, s in enumerate(hidden) if s > 0
                )
                total += (1 - y * output) / 8
        sympy.expand(total)


def timed(work: Callable[[], object]) -> float:
    """Seconds for one run."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cells", type=int, default=2000, help="how many cells")
    count = parser.parse_args().cells
    instance = problem()
    cells = [leaf.columns for leaf in islice(Walk(parameter_sheets(instance)[1]), 0, 4 * count, 4)]
    few = cells[:: max(1, len(cells) // 50)]
    bare = timed(lambda: bare_flint(Forms(instance), cells)) / len(cells)
    rows = [
        ("bare expansion with flint", bare),
        (
            "exactrelu, the polynomial",
            timed(lambda: [f.polynomial for f in map(Forms(instance).on, cells)]) / len(cells),
        ),
        (
            "exactrelu, all blocks and facts",
            timed(lambda: [(f.blocks, f.is_multilinear, f.is_trace_zero) for f in map(Forms(instance).on, cells)])
            / len(cells),
        ),
        ("sympy.polys.rings", timed(lambda: with_rings(few)) / len(few)),
        ("sympy.expand", timed(lambda: with_sympy(few)) / len(few)),
    ]
    print(f"{len(cells)} cells, time for each as a multiple of the bare expansion\n")
    print("| what | ratio |\n|---|---:|")
    for name, seconds in rows:
        print(f"| {name} | {seconds / bare:.2f} |")


if __name__ == "__main__":
    main()
