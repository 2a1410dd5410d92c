"""Linear programs over Q: a feasible point or a Farkas vector; an optimum with its dual, or a ray.

The functions here put systems to a fresh `Simplex` and check each answer, before it is returned, by short
functions that know nothing of the simplex. Whoever walks a tree of systems uses `Simplex` itself.
In every certificate a constraint counts in its form with <= or <: those with >= or > with all signs changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Literal, TypeAlias

from gmpy2 import mpq

from exactrelu.errors import InternalContradiction, MalformedInput, Unsupported
from exactrelu.rational import Rational, Vector, rational, vector
from exactrelu.simplex import Multipliers, Peak, Ray, Simplex

Relation: TypeAlias = Literal["<", "<=", "==", ">=", ">"]
RELATIONS = ("<", "<=", "==", ">=", ">")


@dataclass(frozen=True, repr=False)
class Constraint:
    """The linear constraint ``<coefficients, x> relation bound``; exact numbers of any kind are read.

    >>> Constraint((1, "1/2"), ">=", 3)
    Constraint((1, "1/2"), ">=", 3)
    >>> Constraint((1,), "=<", 3)
    Traceback (most recent call last):
    exactrelu.errors.MalformedInput: relation: found '=<', needed one of < <= == >= >
    """

    coefficients: Vector
    relation: Relation
    bound: Rational

    def __post_init__(self) -> None:
        if self.relation not in RELATIONS:
            raise MalformedInput("relation", repr(self.relation), f"one of {' '.join(RELATIONS)}")
        object.__setattr__(self, "coefficients", vector(self.coefficients, "coefficients"))
        object.__setattr__(self, "bound", rational(self.bound, "bound"))

    def __repr__(self) -> str:
        entries = ", ".join(map(_literal, self.coefficients)) + ("," if len(self.coefficients) == 1 else "")
        return f'Constraint(({entries}), "{self.relation}", {_literal(self.bound)})'


@dataclass(frozen=True)
class Feasible:
    """A point, short where that is easy, that satisfies every constraint."""

    point: Vector


@dataclass(frozen=True)
class Infeasible:
    """A Farkas vector: one multiplier for each constraint, >= 0 except for equations.

    The combination of the constraints, written with <= or <, reads 0 <= negative, or 0 < 0.
    """

    multipliers: Vector


@dataclass(frozen=True)
class Optimum:
    """An optimal point, its value, and the dual: a multiplier for each constraint, >= 0 except for equations.

    When a form is maximised, the combination of the constraints, written with <=, reads form <= value;
    when it is minimised, -form <= -value.
    """

    value: Rational
    point: Vector
    dual: Vector


@dataclass(frozen=True)
class Unbounded:
    """A feasible point and a direction in which one stays feasible and the objective improves for ever."""

    point: Vector
    ray: Vector


def feasible(constraints: Iterable[Constraint], n: int) -> Feasible | Infeasible:
    """A point of Q^n that satisfies all constraints, or the proof that there is none (Farkas, Motzkin).

    Raises `MalformedInput` if a constraint does not have n coefficients.

    >>> feasible([Constraint((1, 1), ">", 1), Constraint((1, -1), "==", "1/3")], 2)
    Feasible(point=(mpq(7,6), mpq(5,6)))
    >>> feasible([Constraint((2,), "<", 1), Constraint((3,), ">=", 2)], 1)
    Infeasible(multipliers=(mpq(1,2), mpq(1,3)))
    """
    system = tuple(constraints)
    simplex, refutation = _put(system, n)
    if refutation is not None:
        return _infeasible(refutation, system, n)
    point = simplex.model()
    _demand(point_fault(point, system))
    return Feasible(point)


def maximise(objective: Sequence[object], constraints: Iterable[Constraint]) -> Optimum | Unbounded | Infeasible:
    """The largest value of the form <objective, x> subject to weak constraints and equations.

    Raises `Unsupported` for a strict constraint (a supremum need not be attained: make it weak),
    `MalformedInput` for a wrong number of coefficients.

    >>> triangle = [Constraint((1, 0), "<=", 1), Constraint((0, 2), "<=", 1), Constraint((1, 1), ">=", 0)]
    >>> maximise((1, 1), triangle)
    Optimum(value=mpq(3,2), point=(mpq(1,1), mpq(1,2)), dual=(mpq(1,1), mpq(1,2), mpq(0,1)))
    >>> maximise((0, -1), triangle)
    Optimum(value=mpq(1,1), point=(mpq(1,1), mpq(-1,1)), dual=(mpq(1,1), mpq(0,1), mpq(1,1)))
    >>> maximise((-1,), [Constraint((1,), "<=", 1)])
    Unbounded(point=(mpq(0,1),), ray=(mpq(-1,1),))
    """
    system, target = tuple(constraints), vector(objective, "objective")
    n = len(target)
    for index, constraint in enumerate(system):
        if constraint.relation in ("<", ">"):
            raise Unsupported(
                f"constraints[{index}] is strict ({constraint.relation}): a supremum need not be attained; "
                "optimise over the weak constraint and look at the point"
            )
    simplex, refutation = _put(system, n)
    if refutation is not None:
        return _infeasible(refutation, system, n)
    answer: Peak | Ray = simplex.maximise(simplex.form(target))
    if isinstance(answer, Ray):
        point = simplex.model()
        _demand(point_fault(point, system) or ray_fault(answer.direction, target, system))
        return Unbounded(point, answer.direction)
    point, dual = simplex.model(short=False), _in_order(answer.multipliers, system)
    _demand(point_fault(point, system) or dual_fault(dual, target, answer.value, system))
    if sum(map(mul, target, point)) != answer.value:
        raise InternalContradiction("the optimal point does not have the optimal value")
    return Optimum(answer.value, point, dual)


def minimise(objective: Sequence[object], constraints: Iterable[Constraint]) -> Optimum | Unbounded | Infeasible:
    """The smallest value of the form <objective, x>: `maximise` of its negative, the value's sign undone.

    >>> minimise((2,), [Constraint((1,), ">=", 3)])
    Optimum(value=mpq(6,1), point=(mpq(3,1),), dual=(mpq(2,1),))
    """
    answer = maximise(tuple(-a for a in vector(objective, "objective")), constraints)
    return Optimum(-answer.value, answer.point, answer.dual) if isinstance(answer, Optimum) else answer


# -------------------------------------------------------------------- what is wrong with an answer


def point_fault(point: Vector, constraints: Sequence[Constraint]) -> str | None:
    """Which constraint a point violates; None if it violates none.

    >>> point_fault((mpq(1),), [Constraint((2,), ">", 2)])
    'constraints[0]: the point gives 2, which is not > 2'
    """
    for index, constraint in enumerate(constraints):
        value, relation, bound = _left(constraint, point), constraint.relation, constraint.bound
        holds = (value < bound and "<" in relation) or (value > bound and ">" in relation)
        if not holds and not (value == bound and "=" in relation):
            return f"constraints[{index}]: the point gives {value}, which is not {relation} {bound}"
    return None


def refutation_fault(multipliers: Vector, constraints: Sequence[Constraint], n: int) -> str | None:
    """Why multipliers do not refute a system of constraints on Q^n; None if they do.

    >>> refutation_fault((mpq(1), mpq(1)), [Constraint((1,), "<", 1), Constraint((1,), ">", 1)], 1)
    >>> refutation_fault((mpq(1), mpq(1)), [Constraint((1,), "<=", 1), Constraint((1,), ">=", 1)], 1)
    'the combination reads 0 <= 0'
    """
    fault, left, right = _combined(multipliers, constraints, n)
    if fault is None and any(left):
        fault = "the combination has a variable left"
    if fault is not None or right < 0:
        return fault
    strict = any(
        multiplier and constraint.relation in ("<", ">")
        for multiplier, constraint in zip(multipliers, constraints, strict=True)
    )
    return None if strict and right == 0 else f"the combination reads 0 {'<' if strict else '<='} {right}"


def dual_fault(dual: Vector, objective: Vector, value: Rational, constraints: Sequence[Constraint]) -> str | None:
    """Why multipliers do not prove objective <= value; None if they do.

    >>> dual_fault((mpq(2),), (mpq(2),), mpq(5), [Constraint((1,), "<=", 3)])
    'the combination bounds the objective by 6, not by 5'
    """
    fault, left, right = _combined(dual, constraints, len(objective))
    if fault is None and left != objective:
        fault = "the combination is not the objective"
    if fault is None and right != value:
        fault = f"the combination bounds the objective by {right}, not by {value}"
    return fault


def ray_fault(ray: Vector, objective: Vector, constraints: Sequence[Constraint]) -> str | None:
    """Why a direction is no ray along which the objective grows; None if it is.

    >>> ray_fault((mpq(1),), (mpq(1),), [Constraint((1,), "<=", 3)])
    'constraints[0]: the ray leaves it'
    """
    for index, constraint in enumerate(constraints):
        slope, relation = _left(constraint, ray), constraint.relation
        if (slope > 0 and ">" not in relation) or (slope < 0 and "<" not in relation):
            return f"constraints[{index}]: the ray leaves it"
    return None if sum(map(mul, objective, ray)) > 0 else "the objective does not grow along the ray"


def _combined(multipliers: Vector, constraints: Sequence[Constraint], n: int) -> tuple[str | None, Vector, Rational]:
    left, right = [mpq(0)] * n, mpq(0)
    if len(multipliers) != len(constraints):
        return f"{len(multipliers)} multipliers for {len(constraints)} constraints", tuple(left), right
    for index, (multiplier, constraint) in enumerate(zip(multipliers, constraints, strict=True)):
        if multiplier < 0 and constraint.relation != "==":
            return f"the multiplier of constraints[{index}] is negative", tuple(left), right
        weight = -multiplier if ">" in constraint.relation else multiplier
        left = [x + weight * a for x, a in zip(left, constraint.coefficients, strict=True)]
        right += weight * constraint.bound
    return None, tuple(left), right


def _left(constraint: Constraint, point: Vector) -> Rational:
    return sum((a * x for a, x in zip(constraint.coefficients, point, strict=True)), mpq(0))


def _demand(fault: str | None) -> None:
    if fault is not None:
        raise InternalContradiction(f"an answer of the simplex fails its check: {fault}")


# -------------------------------------------------------------------- to the simplex and back


def _put(system: Sequence[Constraint], n: int) -> tuple[Simplex, Multipliers | None]:
    simplex = Simplex(n)
    for index, constraint in enumerate(system):
        if len(constraint.coefficients) != n:
            found = f"{len(constraint.coefficients)} coefficients"
            raise MalformedInput(f"constraints[{index}]", found, f"{n}, one for each variable")
        form, strict = simplex.form(constraint.coefficients), constraint.relation in ("<", ">")
        if constraint.relation == "==":
            simplex.assert_equal(form, constraint.bound, index)
        elif "<" in constraint.relation:
            simplex.assert_upper(form, constraint.bound, strict, index)
        else:
            simplex.assert_lower(form, constraint.bound, strict, index)
    return simplex, simplex.check()


def _in_order(multipliers: Multipliers, system: Sequence[Constraint]) -> Vector:
    return tuple(multipliers.get(index, mpq(0)) for index in range(len(system)))


def _infeasible(multipliers: Multipliers, system: Sequence[Constraint], n: int) -> Infeasible:
    vector_of_all = _in_order(multipliers, system)
    _demand(refutation_fault(vector_of_all, system, n))
    return Infeasible(vector_of_all)


def _literal(number: Rational) -> str:
    return str(number) if number.denominator == 1 else f'"{number}"'
