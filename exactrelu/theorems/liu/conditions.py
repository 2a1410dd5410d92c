"""Systems of affine conditions that are written down as they are solved: a solution, or an identity that refutes them.

The identity is a relation for a certificate of the kind ``facts``: a combination of the conditions, with positive
multipliers for inequalities, is a number that contradicts them (Farkas, Motzkin).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exactrelu.facts import expression
from exactrelu.lp import Constraint, Feasible, feasible
from exactrelu.rational import Vector, combination


@dataclass(frozen=True)
class Condition:
    """An affine function of n variables (the constant last), as an expression and as numbers; it is >, >= or == 0."""

    text: str
    form: Vector
    relation: str = "=="


@dataclass(frozen=True)
class Choice:
    """A solution, and what was chosen for each neuron."""

    signs: tuple[int, ...]
    point: Vector


@dataclass(frozen=True)
class NoChoice:
    """For some beginnings of a choice, which leave no complete choice out, an identity that refutes them."""

    refutations: Mapping[tuple[int, ...], str]
    options: int
    neurons: int

    @property
    def relations(self) -> list[str]:
        """The identities, and that the beginnings are of all choices: their shares of these add up to all."""
        sizes = [self.options ** (self.neurons - len(signs)) for signs in self.refutations]
        return [*self.refutations.values(), f"{' + '.join(map(str, sizes))} == {self.options}**{self.neurons}"]


def solution(conditions: Sequence[Condition], n: int) -> Vector | str:
    """A solution of all conditions, or the identity that refutes them.

    >>> from exactrelu.rational import vector
    >>> above, below = Condition("r - 2", vector((1, -2)), ">"), Condition("1 - r", vector((-1, 1)), ">=")
    >>> solution([above], 1)
    (mpq(3,1),)
    >>> solution([above, below], 1)
    '1*(r - 2) + 1*(1 - r) == (-1)'
    """
    system = [Constraint(c.form[:-1], c.relation, -c.form[-1]) for c in conditions]  # type: ignore[arg-type]
    answer = feasible(system, n)
    if isinstance(answer, Feasible):
        return answer.point
    signs = [m if c.relation != "==" else -m for m, c in zip(answer.multipliers, conditions, strict=True)]
    used = [(m, c) for m, c in zip(signs, conditions, strict=True) if m]
    value = combination(((m, c.form) for m, c in used), n + 1)[-1]
    return " + ".join(f"{expression(m)}*({c.text})" for m, c in used) + f" == {expression(value)}"


def choose(
    common: Sequence[Condition], options: Sequence[Mapping[int, Sequence[Condition]]], n: int
) -> Choice | NoChoice:
    """One option for each neuron such that the conditions, with those common to all, can hold together."""
    refutations: dict[tuple[int, ...], str] = {}

    def search(signs: tuple[int, ...], system: list[Condition]) -> Choice | None:
        found = solution(system, n)
        if isinstance(found, str):
            refutations[signs] = found
            return None
        if len(signs) == len(options):
            return Choice(signs, found)
        for sign, conditions in options[len(signs)].items():
            deeper = search((*signs, sign), [*system, *conditions])
            if deeper is not None:
                return deeper
        return None

    found = search((), list(common))
    return found or NoChoice(refutations, len(options[0]) if options else 1, len(options))
