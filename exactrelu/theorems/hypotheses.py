"""Hypotheses about the data, decided exactly and with certificates of the kind ``data``.

With a hinge loss, the loss unit u of data point i is 1 + sum_r c_r o_r with weight w_iu, for outputs o. All that is
asked here is whether combinations of the vectors c (x) (x_i, 1) vanish, so that one code serves all hinge losses:
separability by an affine map is the alternative to a positive combination (Farkas), equal class weights are the
combination with multipliers w_iu (of c only), rare data one with multipliers lambda_i w_iu epsilon_iu.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, TypeAlias

from gmpy2 import mpq

from exactrelu.certificate import Certificate
from exactrelu.landscape import Problem
from exactrelu.loss import Loss
from exactrelu.lp import Constraint, Feasible, feasible
from exactrelu.rational import Matrix, Rational, Vector, texts
from exactrelu.theorems.claim import Fact, Tick

CHOICES = 100_000
Step: TypeAlias = "tuple[int, Rational, tuple[int, ...]]"
"""A data point, its lambda, and the loss units whose epsilon is 1."""


@dataclass(frozen=True)
class Separation:
    """An affine map (q_r, beta_r), a row for each output, that makes every loss unit <= 0: margin 1, q any length."""

    rows: Matrix

    @property
    def q(self) -> Vector:
        """The normal q of the binary case."""
        return self.rows[0][:-1]

    @property
    def beta(self) -> Rational:
        """The offset beta of the binary case."""
        return self.rows[0][-1]


def certificate(problem: Problem, name: str, answer: str, words: str, **witness: Any) -> Certificate:
    """The certificate of a property of the data."""
    proof = {"property": name, "answer": answer, "witness": witness}
    return Certificate("data", replace(problem, points={}).to_dict(), words, proof)


def separation(problem: Problem) -> Separation | None:
    """A separating affine map, None if there is none."""
    answer = feasible(*_system(problem))
    return _rows(problem, answer) if isinstance(answer, Feasible) else None


def _rows(problem: Problem, answer: Feasible) -> Separation:
    outputs = problem.network.widths[-1]
    size = len(answer.point) // outputs
    return Separation(tuple(answer.point[r * size : (r + 1) * size] for r in range(outputs)))


def separable(problem: Problem) -> Fact:
    """Whether an affine map of the inputs makes every loss unit <= 0.

    Hinge: linearly separable classes. One-versus-all: each class is separable from the rest. Multiclass: the score of
    the own class exceeds every other. Laurent and von Brecht, anonymous version, (13), (14), with q not of length 1.
    """
    answer = feasible(*_system(problem))
    if isinstance(answer, Feasible):
        words, rows = "The data are separated by an affine map.", texts(_rows(problem, answer).rows)
        return Fact("yes", "the data are separable", (certificate(problem, "separable", "yes", words, map=rows),))
    rest = iter(answer.multipliers)
    multipliers = [[next(rest) for _ in units] for units in problem.units]
    words = "No affine map separates the data."
    proof = certificate(problem, "separable", "no", words, multipliers=texts(multipliers))
    return Fact("no", "the data are not separable", (proof,))


def equal_class_weights(problem: Problem) -> Fact:
    """Whether the classes have equal weight: sum_iu w_iu c_r = 0 for every output r."""
    outputs = range(problem.network.widths[-1])
    sums = {r: mpq(0) for r in outputs}
    for units in problem.units:
        for unit in units:
            for r, c in unit.terms:
                sums[r] += unit.weight * c
    answer = "no" if any(sums.values()) else "yes"
    words = f"the class weights are {'not ' if answer == 'no' else ''}equal"
    return Fact(answer, words, (certificate(problem, "equal-class-weights", answer, f"{words.capitalize()}."),))


def rare(problem: Problem, tick: Tick) -> Fact:
    """Whether the weighted data are rare: Definition 1 of Laurent and von Brecht, ICML 2018, with epsilon_iu only for
    the classes r other than the own one; not all of them 0.

    Undecided when there are too many choices and the data are not separable (separable data are generic by Farkas).
    """
    if problem.network.slopes[1] == 0:
        return Fact("undecided", "rare data are defined for leaky units only")
    zero: Vector = (mpq(0),) * (problem.network.widths[-1] * (len(problem.x[0]) + 1))
    sums: dict[Vector, tuple[Step, ...]] = {}
    for i in range(len(problem.x)):
        tick()
        few = 2 ** len(problem.units[i]) <= CHOICES
        steps = {vector: (i, factor, chosen) for vector, factor, chosen in _steps(problem, i)} if few else {}
        if not few or len(steps) * (len(sums) + 1) > CHOICES:
            fact = separable(problem)
            if fact.answer == "yes":
                return Fact("no", "the data are separable, hence generic", fact.certificates)
            return Fact("undecided", "there are too many choices of lambda and epsilon")
        new: dict[Vector, tuple[Step, ...]] = {vector: (step,) for vector, step in steps.items()}
        for vector, before in sums.items():
            tick()
            for added, step in steps.items():
                new.setdefault(tuple(a + b for a, b in zip(vector, added, strict=True)), (*before, step))
        sums = new | sums
        if zero in sums:
            return _rare(problem, sums[zero])
    return Fact("no", "the data are generic", (certificate(problem, "rare", "no", "The weighted data are generic."),))


def rare_as_printed(problem: Problem) -> Fact:
    """Rare by Definition 1 as printed, where epsilon^(i, r) of the own class is in no equation: every data set is."""
    factor = problem.network.slopes[0] ** problem.network.hidden_layers
    epsilon = [[0] * len(units) + [0] for units in problem.units]
    epsilon[0][-1] = 1
    witness = {"lambda": [str(factor)] * len(problem.x), "epsilon": epsilon}
    words = "The weighted data are rare as Definition 1 is printed."
    proof = certificate(problem, "rare-as-printed", "yes", words, **witness)
    return Fact("yes", "rare as printed, with epsilon^(1, r_1) = 1 and all others 0", (proof,))


def recast(problem: Problem, kind: str) -> Problem:
    """The same data and network with another loss for several classes, all weights equal."""
    return problem if problem.loss.kind == kind else replace(problem, loss=Loss(kind))


def _vectors(problem: Problem, i: int) -> list[Vector]:
    """c (x) (x_i, 1) for each loss unit of data point i."""
    lifted = (*problem.x[i], mpq(1))
    outputs = range(problem.network.widths[-1])
    rows = [dict(unit.terms) for unit in problem.units[i]]
    return [tuple(row.get(r, 0) * value for r in outputs for value in lifted) for row in rows]


def _system(problem: Problem) -> tuple[list[Constraint], int]:
    vectors = [vector for i in range(len(problem.x)) for vector in _vectors(problem, i)]
    return [Constraint(vector, "<=", mpq(-1)) for vector in vectors], len(vectors[0])


def _steps(problem: Problem, i: int) -> Iterator[tuple[Vector, Rational, tuple[int, ...]]]:
    """What data point i may add: for each factor lambda and each non-empty choice of its loss units."""
    plus, minus = problem.network.slopes
    depth = problem.network.hidden_layers
    vectors = [tuple(u.weight * a for a in v) for u, v in zip(problem.units[i], _vectors(problem, i), strict=True)]
    for factor in sorted({plus**k * minus ** (depth - k) for k in range(depth + 1)}):
        for chosen in _subsets(range(len(vectors))):
            columns: Iterable[Sequence[Rational]] = zip(*(vectors[u] for u in chosen), strict=True)
            yield tuple(factor * sum(column, mpq(0)) for column in columns), factor, chosen


def _subsets(places: Sequence[int]) -> Iterator[tuple[int, ...]]:
    for size in range(1, len(places) + 1):
        yield from combinations(places, size)


def _rare(problem: Problem, steps: tuple[Step, ...]) -> Fact:
    factors = [problem.network.slopes[0] ** problem.network.hidden_layers] * len(problem.x)
    epsilon = [[0] * len(units) for units in problem.units]
    for i, factor, chosen in steps:
        factors[i] = factor
        for u in chosen:
            epsilon[i][u] = 1
    proof = certificate(
        problem, "rare", "yes", "The weighted data are rare.", **{"lambda": texts(factors), "epsilon": epsilon}
    )
    return Fact("yes", "the data are rare", (proof,))
