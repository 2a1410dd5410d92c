"""A referee's question: is the claimed point a spurious local minimum? The answer comes with a certificate."""

import sys

from exactrelu import check, example, load

problem = load(sys.argv[1]) if len(sys.argv) > 1 else example("yun2018-three-point")
for name in problem.points:
    point = problem.at(name)
    certificate = point.certificate()
    print(f"{point}: local minimum {point.local_minimum().answer}, global minimum {point.global_minimum().answer}")
    print(f"  the checker says: {check(certificate).reason}")
