"""Liu, section 5: saddle points inside cells.

At a critical point inside a cell let J be the set of neurons with dL/dR_j = 0. For the others z_j = 0, so R_j = 0: the
R_j of J solve B R = b, equation (14), the least squares of these neurons, the residuals e are the same for all
solutions, and <G_j, w_j> = 0 for j outside J, equation (15). If J is not everything the point is a saddle point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TypeAlias

from exactrelu.cells import Cell
from exactrelu.certificate import Certificate
from exactrelu.facts import expression, facts
from exactrelu.landscape import Problem, cells_certificate
from exactrelu.linear import Congruence, certify_positive_semidefinite, kernel, product, transpose
from exactrelu.point import Point
from exactrelu.rational import Matrix, Vector
from exactrelu.theorems.claim import (
    NO,
    UNDECIDED,
    YES,
    Claim,
    Fact,
    Outcome,
    Tick,
    implication,
    joint,
    not_applicable,
    on_all_points,
)
from exactrelu.theorems.liu.conditions import Condition, NoChoice, choose, solution
from exactrelu.theorems.liu.genuineness import STRICT, CellPoint, inside, refutation, stationary
from exactrelu.theorems.liu.least_squares import CellSolution, least_squares
from exactrelu.theorems.liu.lifted import MOST, LiftedLoss, is_interior, merged, on_cells, why_not_liu, with_points
from exactrelu.theorems.liu.minima import SOME, derivatives, is_stationary

Kept: TypeAlias = "tuple[int, ...]"


@dataclass(frozen=True, repr=False)
class SaddlePoint(CellPoint):
    """A point inside a cell with gradient 0 at which dL/dR_j = 0 for the neurons ``kept`` and for no others."""

    solution: CellSolution
    kept: Kept
    parameters: Vector


@dataclass(frozen=True)
class NoSaddlePoint:
    """Why there is no such point in the cell, in words, with the certificate."""

    kept: Kept
    words: str
    certificate: Certificate


def saddle_point(cell_solution: CellSolution, kept: Sequence[int]) -> SaddlePoint | NoSaddlePoint:
    """A saddle point inside a cell with dL/dR_j = 0 for exactly the neurons of ``kept``, which are not all.

    >>> solution = least_squares(Problem.example("liu-two-samples-opposite"), "+;+")
    >>> saddle_point(solution, ())
    SaddlePoint(z = 0, w = (1, 1))
    """
    loss, cell, kept = cell_solution.lifted, cell_solution.cell, tuple(kept)
    others = [j for j in range(loss.neurons) if j not in kept]
    common = [*stationary(loss, kept), *(c for j in others for c in inside(loss, cell, j, 0))]
    found = choose(common, [{s: inside(loss, cell, j, s) for s in STRICT} for j in kept], loss.size)
    if isinstance(found, NoChoice):
        words = f"no solution of B R = b for {_names(kept)} comes from the cell"
        return NoSaddlePoint(kept, words, refutation(cell_solution, found, words))
    halves, witnesses = loss.half_gradient(found.point), loss.weights_of(cell.witness)[0]
    rows = dict(zip(range(loss.neurons), witnesses, strict=True))
    signs = dict.fromkeys(others, 0) | dict(zip(kept, found.signs, strict=True))
    for j, own in zip(range(loss.neurons), loss.split(found.point), strict=True):
        if signs[j]:
            rows[j] = tuple(signs[j] * a for a in own)
    for j in others:
        row = _on_hyperplane(loss, cell, j, halves[j])
        if isinstance(row, str):
            return _without(cell_solution, kept, found.point, j, row)
        rows[j] = row
    return SaddlePoint(cell_solution, kept, loss.parameters(list(rows.values()), [signs[j] for j in rows]))


def _on_hyperplane(loss: LiftedLoss, cell: Cell, j: int, normal: Vector) -> Vector | str:
    """A vector w in the cell of neuron j with <G_j, w> = 0, where G_j is not 0, or the relation that refutes it."""
    if not any(normal):
        return f"G{j + 1} == {loss.nothing}"
    conditions = [Condition(f"dot(W, G{j + 1})", (*normal, normal[0] * 0))]
    for i, ((signs,), x) in enumerate(zip(cell.columns, loss.inputs, strict=True)):
        if s := signs[j]:
            form = (*(s * a for a in x), normal[0] * 0)
            conditions.append(Condition(f"{'-' if s < 0 else ''}dot(W, X{i + 1})", form, ">"))
    return solution(conditions, loss.dimension)


def _without(found: CellSolution, kept: Kept, r: Vector, j: int, relation: str) -> NoSaddlePoint:
    loss = found.lifted
    zero = relation.startswith("G")
    words = f"dL/dR_{j + 1} = 0" if zero else f"no w_{j + 1} of the cell is orthogonal to dL/dR_{j + 1}"
    names = [f"w{d + 1}" for d in range(loss.dimension)]
    definitions = merged({"W": f"[{', '.join(names)}]"}, loss.definitions(loss.texts(r)))
    relations = [found.in_the_cell, *(f"G{k + 1} == {loss.nothing}" for k in kept)]
    relations += [f"R{k + 1} == {loss.nothing}" for k in range(loss.neurons) if k not in kept]
    statement = f"With the least squares of {_names(kept)}: {words}."
    return NoSaddlePoint(kept, words, facts(found.problem, statement, [*relations, relation], definitions, names))


def _names(kept: Kept) -> str:
    return f"neurons {', '.join(str(j + 1) for j in kept)}" if kept else "no neuron"


def proper_subsets(neurons: int) -> Iterator[Kept]:
    """All sets of neurons but the whole."""
    for size in range(neurons):
        yield from combinations(range(neurons), size)


def _is_saddle(found: SaddlePoint | NoSaddlePoint, tick: Tick) -> Fact:
    """Whether there is a saddle point; one that was found is decided anew at its point."""
    if isinstance(found, NoSaddlePoint):
        return Fact(NO, found.words, (found.certificate,))
    fact = Fact.of(found.point(tick).saddle())
    return replace(fact, words=f"{fact.words} at {found!r}") if fact.answer != UNDECIDED else fact


# -------------------------------------------------------------------- claims


def for_all_combinations(problem: Problem, tick: Tick) -> Outcome:
    """As printed: for every combination of neurons there is a differentiable saddle point, in some cell."""
    why = why_not_liu(problem)
    if why:
        return not_applicable(why)
    cells = problem.cells(tick=tick)
    if cells.number > MOST:
        return Outcome(UNDECIDED, f"there are {cells.number} cells, too many")
    solutions = [least_squares(problem, cell) for cell in cells]
    return joint(
        (_names(kept), _somewhere(solutions, kept, tick, cells_certificate(cells)))
        for kept in proper_subsets(problem.network.widths[1])
    )


def _somewhere(solutions: Sequence[CellSolution], kept: Kept, tick: Tick, all_cells: Certificate) -> Outcome:
    proofs, words = [all_cells], []
    for cell_solution in solutions:
        tick()
        fact = _is_saddle(saddle_point(cell_solution, kept), tick)
        if fact.answer != NO:
            return Outcome("verified" if fact.answer == YES else UNDECIDED, fact.words, fact.certificates)
        proofs += fact.certificates
        words.append(f"{cell_solution.signature}: {fact.words}")
    return Outcome("refuted", f"no saddle point in any cell ({'; '.join(words)})", tuple(proofs))


def by_membership(problem: Problem, tick: Tick) -> Outcome:
    """In each cell, for each combination: a saddle point exists if and only if all w_j can lie inside their cells."""

    def judge(cell: Cell) -> Outcome:
        cell_solution = least_squares(problem, cell)
        outcomes = []
        for kept in proper_subsets(cell_solution.lifted.neurons):
            tick()
            found = saddle_point(cell_solution, kept)
            fact = _is_saddle(found, tick)
            status = "verified" if (fact.answer == YES) == isinstance(found, SaddlePoint) else "refuted"
            status = UNDECIDED if fact.answer == UNDECIDED else status
            outcomes.append((_names(kept), Outcome(status, fact.words, fact.certificates)))
        return joint(outcomes)

    return on_cells(problem, tick, judge)


def critical_points(problem: Problem, tick: Tick) -> Outcome:
    """A critical point inside a cell is a saddle point if and only if dL/dR_j is not 0 for some j; else a minimum."""

    def judge(point: Point) -> Outcome:
        if not is_interior(point):
            return not_applicable("not inside a cell")
        stays = is_stationary(point)
        saddle, minimum = Fact.of(point.saddle()), Fact.of(point.local_minimum())
        other = minimum if stays.answer == YES else saddle
        premises = [lambda: Fact.of(point.clarke_critical()), lambda: replace(stays, answer=YES)]
        return implication(premises, lambda: other)

    return _about_saddles(problem, tick, judge)


def indefinite(problem: Problem, tick: Tick) -> Outcome:
    """At a saddle point inside a cell the Hessian is indefinite."""

    def judge(point: Point) -> Outcome:
        if not is_interior(point):
            return not_applicable("not inside a cell")
        return implication([lambda: Fact.of(point.saddle())], lambda: _has_indefinite_hessian(point))

    return _about_saddles(problem, tick, judge)


def _has_indefinite_hessian(point: Point) -> Fact:
    hessian = point.hessian
    if hessian is None:
        return Fact(UNDECIDED, point.second_order_obstacle)
    down = certify_positive_semidefinite(hessian)
    up = certify_positive_semidefinite(tuple(tuple(-a for a in row) for row in hessian))
    problem = with_points(point.instance, point=point.parameters)
    if isinstance(down, Congruence) or isinstance(up, Congruence):
        sign = "" if isinstance(down, Congruence) else "-"
        relation = f'positive_semidefinite({sign}hessian("point"))'
        return Fact(NO, "a semidefinite Hessian", (facts(problem, "The Hessian is semidefinite.", [relation]),))
    relations = [f"{expression(u.vector)} @ H @ {expression(u.vector)} {r} 0" for u, r in ((down, "<"), (up, ">"))]
    proof = facts(problem, "The Hessian is indefinite.", relations, {"H": 'hessian("point")'})
    return Fact(YES, "an indefinite Hessian", (proof,))


def equations(problem: Problem, tick: Tick) -> Outcome:
    """At a saddle point inside a cell some dL/dR_j is not 0, z_j = 0 there, and (14) and (15) hold."""

    def judge(point: Point) -> Outcome:
        if not is_interior(point):
            return not_applicable("not inside a cell")
        return implication([lambda: Fact.of(point.saddle())], lambda: _has_equations(point))

    return _about_saddles(problem, tick, judge)


def _has_equations(point: Point) -> Fact:
    loss = LiftedLoss.on(point.instance, point.columns)
    z, halves = loss.weights_of(point.parameters)[1], loss.half_gradient(loss.lift(point.parameters))
    others = [j for j, own in enumerate(halves) if any(own)]
    proof = derivatives(point)
    if not others or any(z[j] for j in others) or any(point.gradient or ()):
        return Fact(NO, "(14) or (15) fails, or all dL/dR_j are 0", (proof,))
    return Fact(YES, f"(14) and (15) hold, with dL/dR_j not 0 for neurons {[j + 1 for j in others]}", (proof,))


def _about_saddles(problem: Problem, tick: Tick, judge: Callable[[Point], Outcome]) -> Outcome:
    why = why_not_liu(problem)
    return not_applicable(why) if why else on_all_points(with_cell_saddles(problem, tick), tick, judge)


def with_cell_saddles(problem: Problem, tick: Tick) -> Problem:
    """The problem with saddle points of its first cells as points, besides its own."""
    cells = problem.cells(tick=tick)
    points = dict(problem.points)
    for index in range(min(cells.number, SOME)):
        cell_solution = least_squares(problem, cells[index])
        for kept in proper_subsets(cell_solution.lifted.neurons):
            tick()
            found = saddle_point(cell_solution, kept)
            if isinstance(found, SaddlePoint):
                points[f"saddle of {cell_solution.signature}, {_names(kept)} stationary"] = found.parameters
    return replace(problem, points=points)


def square_is_solvable(problem: Problem, tick: Tick) -> Outcome:
    """As printed: B R = b is solvable because B is square. Refuted where B R = k is not, for a kernel vector k of B."""

    def judge(cell: Cell) -> Outcome:
        found = least_squares(problem, cell)
        loss = found.lifted
        normal = _normal(loss)
        null = kernel(normal)
        if not null:
            return Outcome("verified", "B is invertible", (_about_b(found, "det(B) != 0"),))
        k = expression(null[0])
        proof = _about_b(found, f"{k} @ B == {expression((0,) * loss.size)}", f"dot({k}, {k}) != 0")
        return Outcome("refuted", f"B is square and singular: B R = {k} has no solution, since {k} B = 0", (proof,))

    return on_cells(problem, tick, judge)


def normal_is_solvable(problem: Problem, tick: Tick) -> Outcome:
    """B R = b is solvable since it is a normal equation: B = A^T C A, b = A^T C y."""

    def judge(cell: Cell) -> Outcome:
        found = least_squares(problem, cell)
        whole = "[" + ", ".join(
            f"R{j + 1}[{d}]" for j in range(found.lifted.neurons) for d in range(found.lifted.dimension)
        ) + "]"  # fmt: skip
        proof = _about_b(found, f"B @ {whole} == transpose(S) @ y")
        return Outcome("verified", "B R* = b", (proof,))

    return on_cells(problem, tick, judge)


def _normal(loss: LiftedLoss) -> Matrix:
    scaled = tuple(tuple(c * a for a in row) for c, row in zip(loss.weights, loss.matrix, strict=True))
    return product(transpose(scaled), loss.matrix)


def _about_b(found: CellSolution, *relations: str) -> Certificate:
    scaled = "[" + ", ".join(f"weights[{i}]*A[{i}]" for i in range(len(found.lifted.inputs))) + "]"
    definitions = merged(found.definitions, {"S": scaled, "B": "transpose(S) @ A"})
    return facts(found.problem, "The matrix B = A^T C A of all neurons.", [found.in_the_cell, *relations], definitions)


SADDLES = ("liu-saddle-one-neuron", "liu-saddle")

CLAIMS = (
    Claim(
        "LIU-T2", "Liu, Theorem 2",
        "For every combination of neurons that is not all of them there are differentiable saddle points with dL/dR_j ="
        " 0 for these neurons only.",
        for_all_combinations, ("liu-local-maximum",),
        "There may be none: for x = 1, y = 1 and one neuron (15) reads w = 0, which is inside no cell. For a"
        " combination there is one in a cell if and only if the w_j can be chosen inside their cells (LIU-C2).",
        "lifted",
    ),
    Claim(
        "LIU-T2-corrected", "Liu, Theorem 2, corrected",
        "A critical point inside a cell is a saddle point if dL/dR_j is not 0 for some j, and a local minimum if it is"
        " 0 for all j.",
        critical_points, (*SADDLES, "liu-two-samples"), family="lifted",
    ),
    Claim(
        "LIU-(14)-(15)", "Liu, Theorem 2, equations (14) and (15)",
        "At a saddle point inside a cell some dL/dR_j are not 0; for these z_j = 0 and <dL/dR_j, w_j> = 0, and the R_j"
        " of the others solve B R = b.",
        equations, SADDLES, family="lifted",
    ),
    Claim(
        "LIU-T2-square", "Liu, proof of Theorem 2",
        "B R = b is solvable because B is a square matrix.",
        square_is_solvable, ("liu-two-samples",),
        "A square matrix may be singular, and then B R = k has no solution for a vector k of its kernel. B R = b is"
        " solvable because it is a normal equation.", "lifted",
    ),
    Claim(
        "LIU-T2-square-corrected", "Liu, proof of Theorem 2, corrected",
        "B R = b is solvable, since B = A^T A and b = A^T y have the same range (with weights: A^T C A and A^T C y).",
        normal_is_solvable, ("liu-two-samples",), family="lifted",
    ),
    Claim(
        "LIU-S2", "Liu, section 5.1",
        "At saddle points inside cells the Hessian is indefinite.",
        indefinite, SADDLES, family="lifted",
    ),
    Claim(
        "LIU-C2", "Liu, appendix C.2",
        "A cell has a saddle point with dL/dR_j = 0 for exactly some neurons if and only if, for a solution of (14),"
        " (15) with dL/dR_j not 0 for the others, all w_j lie inside their cells.",
        by_membership, ("liu-local-maximum", *SADDLES), family="lifted",
    ),
)  # fmt: skip
