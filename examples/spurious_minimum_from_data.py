"""Data that no affine function fits give a ReLU network a spurious local minimum: here it is, with a better point."""

from exactrelu import Loss, Network, Problem, check
from exactrelu.theorems.yun_sra_jadbabaie import spurious_minimum

# Any regression data will do, and any slopes that differ; here a parabola, three neurons, the ReLU.
x = [[-2], [-1], [0], [1], [2]]
parabola = Problem(Network.dense([1, 3, 1]), x, [value**2 for (value,) in x], Loss("squared"), name="parabola")

made = spurious_minimum(parabola)
bad, better = made.at("bad"), made.at("better")
print(f"bad: loss {bad.loss}, {bad.local_minimum()}")
print(f"better: loss {better.loss}, {better.local_minimum()}")

certificate = bad.certificate("local_minimum", "global_minimum")
print(certificate)
print(check(certificate))

# Infinitely many others: the first layer times alpha, the second by 1 / alpha.
print([str(spurious_minimum(parabola, alpha).at("bad").loss) for alpha in ("1/3", 1, 7)])
