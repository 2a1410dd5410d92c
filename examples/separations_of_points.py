"""How many ways are there to separate points by a hyperplane? Cover's count, from an arrangement of the points."""

from math import comb

from exactrelu import Arrangement

points = [(k, k * k) for k in range(-4, 5)]
arrangement = Arrangement([(*point, 1) for point in points])
cover = 2 * sum(comb(len(points) - 1, j) for j in range(3))
print(f"{len(points)} points in the plane: {len(arrangement.chambers())} dichotomies, Cover's formula gives {cover}")
print(f"one of them: {arrangement.chambers()[1]}")
