"""A network trained in floats, audited: where gradient descent stopped, and the exact local minimum it stopped at."""

import tempfile
from pathlib import Path

import numpy

from exactrelu import check, example

# Yun, Sra, Jadbabaie 2018: three points, two hidden neurons with the slopes 1 and 1/2, half the sum of squares
problem = example("yun2018-three-point")
x, y = numpy.array([[1, 0], [0, 1], [0.5, 0.5]]), numpy.array([0, 0, 1.0])
rng = numpy.random.default_rng(0)
W1, b1 = 0.3 + 0.05 * rng.standard_normal((2, 2)), numpy.full(2, 0.1)
W2, b2 = numpy.array([0.5, 0.6]), 0.0
for _ in range(2000):
    z = x @ W1.T + b1
    slope = numpy.where(z > 0, 1, 0.5)
    hidden = slope * z
    residual = hidden @ W2 + b2 - y
    back = residual[:, None] * W2 * slope
    W1, b1 = W1 - 0.1 * back.T @ x, b1 - 0.1 * back.sum(0)
    W2, b2 = W2 - 0.1 * residual @ hidden, b2 - 0.1 * residual.sum()

with tempfile.TemporaryDirectory() as folder:
    file = str(Path(folder) / "trained.npz")
    numpy.savez(file, W1=W1, b1=b1, W2=W2[None], b2=[b2])
    audit = problem.audit(file)

loss = audit.point.loss
print(f"trained: loss {float(loss)}, exactly a fraction of {len(str(loss))} characters")
print(f"  critical: {audit.point.clarke_critical().answer}, local minimum: {audit.point.local_minimum().answer}")
point = audit.snapped.point
print(f"exact point at distance {float(audit.snapped.distance_squared) ** 0.5:.1e}: loss {point.loss}")
print(f"  local minimum: {point.local_minimum().answer}, global minimum: {point.global_minimum().answer}")
print(f"  the checker says: {check(point.certificate()).reason}")
