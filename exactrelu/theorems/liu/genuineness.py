"""Liu, section 4.3: does a minimiser R* of the loss in R come from a point inside its cell?

With R_j = z_j w_j the row w_j is in the cell of neuron j if, for the sign s_j of z_j, s_j <R*_j, x_i> has the sign of
the cell for all i: test (11) for z_j > 0, test (12) for z_j < 0. The paper allows <= 0 at inactive data points, and
forgets that R*_j = 0 is reached by z_j = 0 and any w_j of the cell. Here the tests are exact, the signs of all neurons
are chosen together, and the answer is a point of the cell, or a refutation of each choice of signs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exactrelu.cells import Cell
from exactrelu.certificate import Certificate
from exactrelu.facts import expression, facts
from exactrelu.landscape import Problem
from exactrelu.point import Point
from exactrelu.rational import Vector
from exactrelu.refinement import no_tick
from exactrelu.theorems.claim import NO, UNDECIDED, YES, Claim, Fact, Outcome, Tick, not_applicable
from exactrelu.theorems.liu.conditions import Choice, Condition, NoChoice, choose
from exactrelu.theorems.liu.least_squares import CellSolution, least_squares
from exactrelu.theorems.liu.lifted import LiftedLoss, on_cells

STRICT, PRINTED = (1, -1, 0), (1, -1)
SIGNS = {1: "z > 0", -1: "z < 0", 0: "z = 0"}


class CellPoint:
    """A point that comes from the least squares of a cell."""

    solution: CellSolution
    parameters: Vector

    def point(self, tick: Tick = no_tick) -> Point:
        """The point, about which one can ask."""
        return Point(self.solution.cell.forms, self.parameters, tick=tick)

    def __repr__(self) -> str:
        rows, z = self.solution.lifted.weights_of(self.parameters)
        words = (f"z = {a}, w = ({', '.join(map(str, row))})" for a, row in zip(z, rows, strict=True))
        return f"{type(self).__name__}({'; '.join(words)})"


@dataclass(frozen=True, repr=False)
class Genuine(CellPoint):
    """A point of the cell (``parameters``) whose R = (z_j w_j) is a minimiser of the loss in R on the cell.

    ``signs`` are those of z. Under the printed tests the point may lie on the boundary of the cell.
    """

    solution: CellSolution
    signs: tuple[int, ...]
    parameters: Vector


@dataclass(frozen=True)
class NotGenuine:
    """No minimiser comes from the cell: each choice of signs of z is refuted."""

    solution: CellSolution
    refuted: NoChoice

    def certificate(self, words: str = "") -> Certificate:
        """The certificate: combinations of dL/dR = 0 and of the conditions of the cell that cannot hold."""
        return refutation(self.solution, self.refuted, words)

    def __repr__(self) -> str:
        return f"NotGenuine({self.solution.signature})"


def inside(loss: LiftedLoss, cell: Cell, j: int, sign: int, *, closed: bool = False) -> list[Condition]:
    """That w_j = R_j / z_j is in its cell, where z_j has this sign; for the sign 0: R_j = 0.

    With ``closed`` the inactive data points may have <R_j, x_i> / z_j = 0, as in (11) and (12).
    """
    if sign == 0:
        return [
            Condition(f"R{j + 1}[{d}]", (*loss.block(j, _unit(d, loss.dimension)), 0)) for d in range(loss.dimension)
        ]
    conditions = []
    for i, ((signs,), x) in enumerate(zip(cell.columns, loss.inputs, strict=True)):
        if side := signs[j] * sign:
            form = (*loss.block(j, tuple(side * a for a in x)), 0)
            relation = ">=" if closed and signs[j] < 0 else ">"
            conditions.append(Condition(f"{'-' if side < 0 else ''}dot(R{j + 1}, X{i + 1})", form, relation))
    return conditions


def stationary(loss: LiftedLoss, neurons: Iterable[int]) -> list[Condition]:
    """dL/dR_j = 0 for some neurons."""
    return [Condition(f"G{j + 1}[{d}]", loss.gradient_forms[j][d]) for j in neurons for d in range(loss.dimension)]


def genuine(solution: CellSolution, signs: Sequence[int] = STRICT, *, closed: bool = False) -> Genuine | NotGenuine:
    """Whether a minimiser comes from inside the cell: equations (11) to (13), corrected.

    ``signs`` (1, -1) and ``closed`` are the tests as they are printed.

    >>> problem = Problem.example("liu-two-samples-opposite")
    >>> genuine(least_squares(problem, "+;-")), genuine(least_squares(problem, "+;+"))
    (Genuine(z = 1, w = (1, -1)), NotGenuine(+;+))
    """
    loss, cell = solution.lifted, solution.cell
    options = [{s: inside(loss, cell, j, s, closed=closed) for s in signs} for j in range(loss.neurons)]
    found = choose(stationary(loss, range(loss.neurons)), options, loss.size)
    if isinstance(found, NoChoice):
        return NotGenuine(solution, found)
    rows, _ = loss.weights_of(cell.witness)
    chosen = [
        tuple(s * a for a in own) if s else row
        for s, own, row in zip(found.signs, loss.split(found.point), rows, strict=True)
    ]
    return Genuine(solution, found.signs, loss.parameters(chosen, found.signs))


def refutation(solution: CellSolution, refuted: NoChoice, words: str = "") -> Certificate:
    """The certificate that no R with dL/dR = 0 satisfies the conditions, whatever the signs of z."""
    loss = solution.lifted
    choices = "; ".join(", ".join(SIGNS[s] for s in signs) or "any z" for signs in refuted.refutations)
    statement = words or f"No minimiser of the loss in R comes from a point of the cell {solution.signature}"
    definitions = loss.definitions(loss.variable_texts())
    relations = [solution.in_the_cell, *refuted.relations]
    return facts(solution.problem, f"{statement} (for {choices}).", relations, definitions, loss.variables)


def decided(found: Genuine | NotGenuine, tick: Tick) -> Fact:
    """Whether the cell has a differentiable local minimum; a minimum that was found is decided anew at its point."""
    if isinstance(found, NotGenuine):
        return Fact(NO, "no differentiable local minimum", (found.certificate(),))
    fact = Fact.of(found.point(tick).local_minimum())
    words = f"{fact.words} at {found!r}" if fact.answer != UNDECIDED else fact.words
    return Fact(fact.answer, words, fact.certificates)


def _unit(d: int, size: int) -> tuple[int, ...]:
    return tuple(int(k == d) for k in range(size))


# -------------------------------------------------------------------- claims


def _wanted(solution: CellSolution, unique: bool) -> str:
    if solution.is_unique == unique:
        return ""
    return "R* is unique" if solution.is_unique else "R* is not unique"


def printed_tests(problem: Problem, tick: Tick, unique: bool) -> Outcome:
    """Tests (11), (12) (R* unique) or (13) as printed, against the truth about the cell.

    Where they accept a point on the boundary of a cell without a minimum inside, that point counts if it is a minimum.
    """

    def judge(cell: Cell) -> Outcome:
        solution = least_squares(problem, cell)
        if why := _wanted(solution, unique):
            return not_applicable(why)
        printed, truth = genuine(solution, PRINTED, closed=True), genuine(solution)
        fact = decided(truth, tick)
        if isinstance(printed, NotGenuine):
            proof = printed.certificate(f"The printed tests fail on {solution.signature}")
            return _agreement(fact, NO, "the tests reject R*", proof)
        if isinstance(truth, NotGenuine):
            accepted = decided(printed, tick)
            if accepted.answer == YES:
                return not_applicable(f"{accepted.words}, on the boundary")
            fact = Fact(
                accepted.answer, f"{fact.words}, {accepted.words}", (*fact.certificates, *accepted.certificates)
            )
        return _agreement(fact, YES, "the tests accept R*", solution.certificate())

    return on_cells(problem, tick, judge)


def _agreement(fact: Fact, expected: str, words: str, proof: Certificate) -> Outcome:
    if fact.answer == UNDECIDED:
        return Outcome(UNDECIDED, fact.words)
    status = "verified" if fact.answer == expected else "refuted"
    return Outcome(status, f"{words}: {fact.words}", (proof, *fact.certificates))


def corrected_tests(problem: Problem, tick: Tick, unique: bool) -> Outcome:
    """The strict tests, or R*_j = 0: a point that they give is a local minimum; where they fail there is none."""

    def judge(cell: Cell) -> Outcome:
        solution = least_squares(problem, cell)
        if why := _wanted(solution, unique):
            return not_applicable(why)
        found = genuine(solution)
        expected = YES if isinstance(found, Genuine) else NO
        return _agreement(decided(found, tick), expected, "as tested", solution.certificate())

    return on_cells(problem, tick, judge)


def one_by_one(problem: Problem, tick: Tick) -> Outcome:
    """The alternative test: if for each neuron some R*_j meets the cell, then there is a genuine minimum."""

    def judge(cell: Cell) -> Outcome:
        solution = least_squares(problem, cell)
        if solution.is_unique:
            return not_applicable("R* is unique")
        loss = solution.lifted
        everything = stationary(loss, range(loss.neurons))
        alone = []
        for j in range(loss.neurons):
            found = choose(everything, [{s: inside(loss, cell, j, s) for s in PRINTED}], loss.size)
            if not isinstance(found, Choice):
                return not_applicable(f"R*_{j + 1} does not meet its cell")
            alone.append(found)
        answer = genuine(solution)
        fact = decided(answer, tick)
        words = "; ".join(f"R_{j + 1} = {expression(loss.split(a.point)[j])}" for j, a in enumerate(alone))
        proofs = tuple(_alone(solution, j, found) for j, found in enumerate(alone))
        status = {YES: "verified", NO: "refuted"}.get(fact.answer, UNDECIDED)
        return Outcome(status, f"each R*_j meets its cell ({words}): {fact.words}", (*proofs, *fact.certificates))

    return on_cells(problem, tick, judge)


def _alone(solution: CellSolution, j: int, found: Choice) -> Certificate:
    """That a minimiser has its R_j in the cell of neuron j."""
    loss = solution.lifted
    relations = [f"G{k + 1} == {loss.nothing}" for k in range(loss.neurons)]
    relations += [f"{c.text} {c.relation} 0" for c in inside(loss, solution.cell, j, found.signs[0])]
    words = f"A minimiser whose R_{j + 1}, for {SIGNS[found.signs[0]]}, is in the cell of neuron {j + 1}."
    return facts(solution.problem, words, [solution.in_the_cell, *relations], loss.definitions(loss.texts(found.point)))


UNIQUE = ("liu-boundary-optimum", "liu-vanishing-optimum")
FREE = ("liu-boundary-optimum-free", "liu-vanishing-optimum-free")
WHY = (
    "False both ways. With <= a minimiser on the boundary of the cell is accepted, which need not be a local minimum;"
    " and R*_j = 0 is rejected, although z_j = 0 with any w_j of the cell is a local minimum. True with < and >, or"
    " R*_j = 0, for each neuron j."
)

CLAIMS = (
    Claim(
        "LIU-(10)-(12)", "Liu, equations (10) to (12)",
        "If R* is unique, it is a genuine differentiable local minimum if and only if, for each j, <R*_j, x_i> is > 0"
        " for I_ij = 1 and <= 0 for I_ij = 0 (z_j > 0), or < 0 and >= 0 (z_j < 0).",
        lambda problem, tick: printed_tests(problem, tick, unique=True), UNIQUE, WHY, "lifted",
    ),
    Claim(
        "LIU-(10)-(12)-corrected", "Liu, equations (10) to (12), corrected",
        "If R* is unique, its cell has a differentiable local minimum if and only if, for each j, the inequalities (11)"
        " hold strictly, or (12) strictly, or R*_j = 0.",
        lambda problem, tick: corrected_tests(problem, tick, unique=True),
        ("liu-two-samples", "liu-two-samples-opposite", *UNIQUE), family="lifted",
    ),
    Claim(
        "LIU-(13)", "Liu, equation (13)",
        "If R* is not unique, a genuine differentiable local minimum exists if and only if the half-spaces (13) in c,"
        " for one choice of the signs of z, meet.",
        lambda problem, tick: printed_tests(problem, tick, unique=False), FREE, WHY, "lifted",
    ),
    Claim(
        "LIU-(13)-corrected", "Liu, equation (13), corrected",
        "If R* is not unique, its cell has a differentiable local minimum if and only if for one choice of z_j > 0,"
        " z_j < 0 or R*_j = 0 for each j the strict inequalities have a common solution c.",
        lambda problem, tick: corrected_tests(problem, tick, unique=False),
        ("liu-two-samples", "liu-two-samples-opposite", "liu-joint-intersection", *FREE), family="lifted",
    ),
    Claim(
        "LIU-4.3b", "Liu, section 4.3, the other way of judging",
        "If for each neuron j the set of all R*_j meets the cell of neuron j, then there are genuine differentiable"
        " local minima.",
        one_by_one, ("liu-joint-intersection",),
        "The R*_j share the free vector c: each may meet its cell, for different c. The inequalities of all neurons"
        " must be solved together, as in (13).", "lifted",
    ),
)  # fmt: skip
