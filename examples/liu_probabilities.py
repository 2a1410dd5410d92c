"""Figures 4 (b) and A4 of Liu with proved bounds: a table, or, with file names, whole curves as CSV.

    python examples/liu_probabilities.py                        # a table; some rows through the checker
    python examples/liu_probabilities.py figure_4b.csv a4.csv   # pieces "from, to, lower, upper" of the curves

For all x_w1 from "from" to "to" the probability P_t lies between "lower" and "upper", which are exact fractions.
"""

import sys
from pathlib import Path

from gmpy2 import mpq

from exactrelu import check
from exactrelu.rational import above, below
from exactrelu.theorems.liu.figures import as_csv, figure_4b, figure_a4a

NORMALS = (1, -1, 1, -1)  # of figure A4; the paper prints none
both, first = figure_4b(), figure_4b(gaps=(0,))
four = figure_a4a(NORMALS)

if len(sys.argv) == 3:
    for path, pieces in (
        (sys.argv[1], both.band(mpq(0), mpq(6), mpq(1, 10**6))),
        (sys.argv[2], four.band(mpq(1, 10), mpq(6), mpq(1, 1000))),
    ):
        Path(path).write_text(as_csv(("from", "to", "lower", "upper"), pieces), encoding="utf-8")
        print(f"{path}: {len(pieces)} pieces, at most {above(max(piece.upper for piece in pieces), 3)}")
else:
    print("x_w1   P_t, both gaps                   first gap alone                   four weights")
    for k in range(13):
        place = mpq(k, 2)
        rows = [both.at(place), first.at(place), four.at(place + mpq(1, 10))]
        print(f"{float(place):4}   " + "  ".join(f"[{below(r.lower, 9)}, {above(r.upper, 9)}]" for r in rows))
    for curve in (both, first, four):
        row = curve.at(mpq(1))
        print(f"at 1: the checker says: {check(curve.row_certificate(row)).reason}")
