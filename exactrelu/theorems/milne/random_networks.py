"""Random networks of Milne's: no biases, weight decay; points in U(lambda), outside, of zero error, critical, zero."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from gmpy2 import mpq

from exactrelu.landscape import Problem
from exactrelu.loss import Loss
from exactrelu.network import Network
from exactrelu.rational import Rational, Vector

T = TypeVar("T")
RATES = ("1/4", "1/2", "1", "2")


class Choices(Protocol):
    """Where random choices come from: `exactrelu.theorems.random_instances.Stream`."""

    def integer(self, low: int, high: int) -> int:
        """An integer from low to high, both included."""

    def happens(self, parts: int, of: int) -> bool:
        """True with the probability parts / of."""

    def choice(self, options: Sequence[T]) -> T:
        """One of the options."""

    def number(self) -> Rational:
        """A short number, often an integer."""


def regularised_network(stream: Choices, slopes: tuple[Rational, Rational]) -> Problem:
    """One or two hidden layers and 1 to 3 data points.

    Either the targets are free, or they are the outputs at a point "fit", or the first one is such that a point
    "critical" is critical: only the weight 1, 1 of each layer is not 0 there, and only the first data point not 0.
    """
    hidden = 1 if stream.happens(2, 3) else 2
    widths = [stream.integer(1, 2), *(stream.integer(1, 2) for _ in range(hidden)), 1]
    network = Network.dense(widths, slopes, False, stream.happens(1, 2))
    count = stream.integer(1, 3)
    decay = mpq(stream.choice(RATES)) if stream.happens(5, 6) else mpq(0)
    x: list[Vector] = [tuple(stream.number() for _ in range(widths[0])) for _ in range(count)]
    y = [stream.number() for _ in range(count)]
    points: dict[str, Vector] = {"zero": (mpq(0),) * network.parameters}
    for name, scale in (("free", mpq(1)), ("small", mpq(1, stream.choice((8, 32))))):
        points[name] = tuple(scale * stream.number() for _ in range(network.parameters))
    points["kink"] = (*((mpq(0),) * widths[0]), *points["small"][widths[0] :])  # the first hidden unit is 0
    style = stream.choice(("free", "fit", "critical"))
    if style == "fit":
        points["fit"] = tuple(stream.number() for _ in range(network.parameters))
        y = [network.output(network.preactivations(points["fit"], row))[0] for row in x]
    if style == "critical":
        w = mpq(stream.choice(("1/2", "1", "2", "2/3")))
        x = [tuple(mpq(int(i == j == 0)) for j in range(widths[0])) for i in range(count)]
        y[0] = w ** (hidden + 1) + count * decay * w ** (1 - hidden)  # lambda w^2 = -(1/N) e o, o = w^(H+1)
        ones = {start for layer, start, _ in network.spans() if layer.size}
        points["critical"] = tuple(w if j in ones else mpq(0) for j in range(network.parameters))
    loss = Loss("squared", mpq(1, 2), weight_decay=decay)
    return Problem(network, tuple(x), tuple((t,) for t in y), loss, points)
