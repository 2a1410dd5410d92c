"""Searches for smallest counterexamples: what symmetry saves, and what the checker takes.

    python benchmarks/search.py

For each search: the data sets within the bounds, those left up to symmetry, and the time of the search, of the sealed
checker on its certificate, and of the same search with the order of the points as the only symmetry, as ratios.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

from exactrelu import check
from exactrelu.configurations import BOUNDS, data_sets
from exactrelu.properties import find
from exactrelu.search import Family, Result, search

LEAKY: tuple[Any, Any] = (1, "1/2")
CASES: dict[str, tuple[str, Family, dict[str, tuple[int, int]]]] = {
    "spurious, leaky hinge, up to 3 points, height 2": (
        "spurious",
        Family("hinge", LEAKY),
        {"points": (1, 3), "height": (1, 2)},
    ),
    "spurious, linear hinge, up to 4 points": ("spurious", Family("hinge", (1, 1)), {"points": (1, 4)}),
    "spurious, leaky squared, up to 2 points, height 2": (
        "spurious",
        Family("squared", LEAKY),
        {"points": (1, 2), "height": (1, 2)},
    ),
    "no fit, ReLU hinge, up to 3 points of the plane, 2 neurons": (
        "positive-minimum",
        Family("hinge", distinct=True),
        {"points": (1, 3), "dimension": (1, 2), "neurons": (2, 2)},
    ),
}


def size_of(result: Result) -> int:
    """The number of data sets of the sizes that are exhausted."""
    low, is_hinge = result.bounds[BOUNDS[-1]][0], result.family.loss == "hinge"
    return sum(1 for size in result.exhausted for _ in data_sets(size, low, is_hinge=is_hinge))


def main() -> None:
    print("| search | data sets | up to symmetry | seconds | checker | without symmetry |\n|---|---|---|---|---|---|")
    for name, (wanted, family, bounds) in CASES.items():
        start = time.perf_counter()
        result = search(wanted, family, **bounds)
        own = time.perf_counter() - start
        certificate = json.loads(result.certificate().dumps())
        start = time.perf_counter()
        assert check(certificate).accepted
        checker = time.perf_counter() - start
        start = time.perf_counter()
        search(replace(find(wanted), is_invariant=False), family, **bounds)
        plain = time.perf_counter() - start
        numbers = f"{size_of(result)} | {result.examined} | {own:.1f} | {checker / own:.2f} | {plain / own:.0f}"
        print(f"| {name} | {numbers} |", flush=True)


if __name__ == "__main__":
    main()
