"""The expected loss of two weights that look outward, for Liu's Gaussian law (section 7.3): what figure 4 (a) samples.

The network is x - h1 to the right of h1, x - h2 to the left of h2 and 0 between, h2 <= h1. For a data point of class y
the coordinate is x = y + t with t standard normal, and its error to the right of h1 is x - h1 - y = t - h1. With
a = h1 - y and Q(a) = 1 - Phi(a),

    integral over t > a of (t - h1)^2 phi(t) dt = a phi(a) + Q(a) - 2 h1 phi(a) + h1^2 Q(a).
"""

from __future__ import annotations

from flint import arb
from gmpy2 import mpq

from exactrelu.errors import Unsupported
from exactrelu.rational import Rational
from exactrelu.theorems.liu.figures import Piece, Row
from exactrelu.theorems.liu.gaussian import BITS, MEANS, Ball, Enclosure, as_ball, density, precision

DIGITS = 12
ORIGIN, NEAR = mpq(0), mpq(1, 10**8)


def tail(a: Ball) -> Ball:
    """Q(a), the probability that a standard normal number exceeds a."""
    return (a / arb(2).sqrt()).erfc() / 2


def half_line(h: Ball, y: int) -> Ball:
    """The integral of (x - h - y)^2 over x > h for the class with mean y: that of (t - h)^2 over t > h - y."""
    a = h - y
    second, first, mass = a * density(a) + tail(a), density(a), tail(a)
    return second - 2 * h * first + h * h * mass


def expected_loss(h1: Ball, h2: Ball) -> Ball:
    """The mean of (output - y)^2 over both classes, for h2 <= h1. The left half-line is a right one, mirrored."""
    total = arb(0)
    for y in MEANS:
        between = tail(h2 - y) - tail(h1 - y)
        total += half_line(h1, y) + half_line(-h2, -y) + between
    return total / 2


def loss_at(h1: Rational, h2: Rational = ORIGIN) -> Row:
    """Bounds of the expected loss; raises `Unsupported` unless h2 <= h1.

    >>> row = loss_at(mpq(0))
    >>> row.upper - row.lower < mpq(1, 10**9)
    True
    """
    _demand_order(h1, h2)
    with precision(BITS):
        bounds = Enclosure.of(expected_loss(as_ball(h1), as_ball(h2))).rounded(DIGITS)
    return Row(h1, bounds.lower, bounds.upper)


def slope(h: Ball) -> Ball:
    """The derivative of the expected loss by h1: the sum of h1 Q(a) - phi(a) over both classes, a = h1 - y."""
    return sum((h * tail(h - y) - density(h - y) for y in MEANS), arb(0))


def least_location(width: Rational = NEAR) -> Enclosure:
    """Where the slope changes from negative to positive between 0 and 2, by bisection; there h1 is the h1* of (24).

    >>> print(least_location(mpq(1, 100)).lower)
    93/128
    """
    low, high = mpq(0), mpq(2)
    with precision(BITS):
        while high - low > width:
            middle = (low + high) / 2
            low, high = (middle, high) if slope(as_ball(middle)) < 0 else (low, middle)
        if not (slope(as_ball(low)) < 0 < slope(as_ball(high))):
            raise Unsupported("ball arithmetic does not decide where the expected loss is least")
    return Enclosure(low, high)


def loss_band(start: Rational, stop: Rational, pieces: int, h2: Rational = ORIGIN) -> tuple[Piece, ...]:
    """Bounds on whole intervals of x_w1: the loss in the middle, plus or minus the slope times the half width."""
    _demand_order(start, h2)
    step = (stop - start) / pieces
    found = []
    with precision(BITS):
        for k in range(pieces):
            left, right = start + k * step, start + (k + 1) * step
            ball = as_ball(left).union(as_ball(right))
            reach = Enclosure.of(slope(ball))
            most = max(abs(reach.lower), abs(reach.upper)) * step / 2
            middle = Enclosure.of(expected_loss(as_ball((left + right) / 2), as_ball(h2)))
            bounds = Enclosure(middle.lower - most, middle.upper + most).rounded(DIGITS)
            found.append(Piece(left, right, bounds.lower, bounds.upper))
    return tuple(found)


def _demand_order(h1: Rational, h2: Rational) -> None:
    if h2 > h1:
        raise Unsupported("the weights must not overlap: x_w2 <= x_w1 is needed")
