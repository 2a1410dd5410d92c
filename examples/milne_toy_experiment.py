"""Milne's toy experiment, with an exact test of membership: which part of training lies in the region U(lambda)?

    python examples/milne_toy_experiment.py [RUNS] [--seed SEED]        (the paper has 1000 runs)

The target is x/4 at 100 points drawn from [-1, 1]; two ReLU neurons without biases, a linear output, weight decay
lambda = 0.4, gradient descent with step 0.1 from the usual random weights of PyTorch (uniform, up to 1/sqrt(inputs)).
The steps are taken in floating point. But each network on the way is then looked at as the dyadic rational numbers that
its weights are: its loss, and whether it is in U(lambda), are exact.
"""

import argparse
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from random import Random
from statistics import mean, pstdev

from gmpy2 import mpq

from exactrelu import Loss, Network, Problem, check, dyadic
from exactrelu.theorems.claim import YES
from exactrelu.theorems.milne.region import in_region

COUNT, DECAY, STEP, LONGEST = 100, mpq(2, 5), 0.1, 2000
NEAR_ZERO = mpq(1, 2**40)  # |W|^2 at which a run has converged


@dataclass(frozen=True)
class Data:
    """Points of the line with targets x/4, and what the loss needs of them."""

    x: list[float]

    @cached_property
    def squares(self):
        """The exact squares of the points."""
        return [dyadic(x) ** 2 for x in self.x]

    @cached_property
    def right(self):
        """The sum of the squares of the points on the right of 0."""
        return sum(s for x, s in zip(self.x, self.squares, strict=True) if x > 0)

    @cached_property
    def left(self):
        """The sum of the squares of the points on the left of 0."""
        return sum(self.squares) - self.right

    @cached_property
    def radius2(self):
        """r^2."""
        return max(self.squares)


def slopes(w, v):
    """The network is a x for x > 0 and b x for x < 0: a, b."""
    products = [(p, p * q) for p, q in zip(w, v, strict=True)]
    return sum(pq for p, pq in products if p > 0), sum(pq for p, pq in products if p < 0)


def training_error(data, w, v):
    """l(W), the mean of half squares; exact for exact weights."""
    a, b = slopes(w, v)
    quarter = mpq(1, 4)
    return ((a - quarter) ** 2 * data.right + (b - quarter) ** 2 * data.left) / (2 * COUNT)


def descend(right, left, w, v):
    """One step of gradient descent on l + lambda/2 |W|^2, in floating point."""
    a, b = slopes(w, v)
    slope = [((a - 0.25) * right if p > 0 else (b - 0.25) * left) / COUNT for p in w]
    decay = float(DECAY)
    each = list(zip(w, v, slope, strict=True))
    moved = [p - STEP * (s * q + decay * p) for p, q, s in each]
    return moved, [q - STEP * (s * p + decay * q) for p, q, s in each]


@dataclass
class Run:
    """What is known about one run, exactly."""

    data: Data
    path: list[tuple[list[float], list[float]]]
    losses: list[mpq]  # l_lambda, of each network on the way
    inside: list[bool]  # whether it is in U(lambda)

    @property
    def entry(self):
        """The first network in U(lambda)."""
        return self.inside.index(True)

    @property
    def fraction(self):
        """The loss change from the entry on, as a fraction of the whole: the paper's quantity."""
        return (self.losses[self.entry] - self.losses[-1]) / (self.losses[0] - self.losses[-1])

    @property
    def only_zero_is_critical(self):
        """2 r^2 l(0) < lambda^2: by exact theory W = 0 is the only critical point, and the only minimiser."""
        return 2 * self.data.radius2 * training_error(self.data, [], []) < DECAY**2


def train(random):
    """A run, from random data and weights to the zero network."""
    data = Data([random.uniform(-1, 1) for _ in range(COUNT)])
    right, left = float(data.right), float(data.left)
    w, v = ([random.uniform(-1, 1) / sqrt(inputs) for _ in range(2)] for inputs in (1, 2))
    path, losses, inside = [], [], []
    for _ in range(LONGEST):
        exact = dyadic(w), dyadic(v)
        size2, error = sum(q * q for part in exact for q in part), training_error(data, *exact)
        path.append((w, v))
        losses.append(error + DECAY / 2 * size2)
        inside.append(8 * data.radius2 * error < DECAY**2)  # H = 1: l < lambda^2 / (8 r^2)
        if size2 < NEAR_ZERO:
            break
        w, v = descend(right, left, w, v)
    return Run(data, path, losses, inside)


def certified(run):
    """Whether the checker accepts the membership of the networks before and at the entry, and at the end."""
    places = {"start": 0, "entry": run.entry, "end": -1}
    points = {name: tuple(dyadic(q) for part in run.path[k] for q in part) for name, k in places.items()}
    x = [[dyadic(value)] for value in run.data.x]
    loss = Loss("squared", mpq(1, 2), weight_decay=DECAY)
    problem = Problem(Network.dense([1, 2, 1], bias=False), x, [row[0] / 4 for row in x], loss, points)
    facts = {name: in_region(problem.at(name)) for name in places}
    agree = all((facts[name].answer == YES) == run.inside[k] for name, k in places.items())
    return agree and all(check(proof).accepted for fact in facts.values() for proof in fact.certificates)


def main():
    """Train, and print a table."""
    parser = argparse.ArgumentParser(description="Milne's toy experiment with an exact test of membership.")
    parser.add_argument("runs", nargs="?", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    random = Random(options.seed)
    runs = [train(random) for _ in range(options.runs)]
    shares = [100 * float(run.fraction) for run in runs]
    steps = [(run, k) for run in runs for k in range(len(run.losses) - 1)]
    table = [
        ("runs, networks looked at", f"{len(runs)}, {sum(len(run.losses) for run in runs)}"),
        ("loss change in U(lambda)", f"{mean(shares):.1f}% +- {pstdev(shares):.1f}%"),
        ("  in the paper, 1000 runs", "87.2% +- 22.3%"),
        ("runs that start in U(lambda)", sum(run.entry == 0 for run in runs)),
        ("runs that leave it again", sum(not all(run.inside[run.entry :]) for run in runs)),
        ("steps that do not lower the loss", sum(run.losses[k + 1] >= run.losses[k] for run, k in steps)),
        ("runs that end at the zero network", sum(len(run.path) < LONGEST for run in runs)),
        ("runs where theory allows no other end", sum(run.only_zero_is_critical for run in runs)),
        ("first run, certificates accepted", certified(runs[0])),
    ]
    for words, value in table:
        print(f"{words:40} {value}")
    print("\nshare of the loss change in U(lambda)")
    for low in range(0, 100, 20):
        count = sum(low <= share < low + 20 or (low == 80 and share >= 100) for share in shares)
        print(f"  {low:3}% to {low + 20:3}%  {count:5}  {'*' * round(50 * count / len(runs))}")
    print(
        "\nExact theory: where 2 r^2 l(0) < lambda^2, W = 0 is the only critical point of the regularised loss."
        "\nEvery run ends there, at a network that is constantly 0 and has learnt nothing of x/4."
    )


if __name__ == "__main__":
    main()
