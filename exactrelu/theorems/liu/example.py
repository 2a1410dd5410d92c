"""Liu, section 4.2 and appendix B: two data points, one neuron, four cells; for both labels of the second point."""

from __future__ import annotations

from dataclasses import dataclass

from exactrelu.landscape import Problem, cells_certificate
from exactrelu.rational import Rational, Vector, matrix, vector
from exactrelu.theorems.claim import NO, YES, Claim, Outcome, Tick, not_applicable
from exactrelu.theorems.liu.genuineness import Genuine, NotGenuine, decided, genuine
from exactrelu.theorems.liu.least_squares import CellSolution, least_squares
from exactrelu.theorems.liu.lifted import why_not_liu

CELLS = {"r1": "-;-", "r2": "-;+", "r3": "+;-", "r4": "+;+"}
X = matrix([[1, 0], [0, 1]])


@dataclass(frozen=True)
class Row:
    """A cell with its minimisers of the loss in R, and whether one comes from a point of the cell."""

    solution: CellSolution
    answer: Genuine | NotGenuine

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """In words: signature, R* of least norm, a basis of the kernel, L*, and for which z it is genuine."""
        vectors = " ".join(f"({', '.join(map(str, row))})" for row in self.solution.vectors)
        kernel = " ".join(f"({', '.join(map(str, k))})" for k in self.solution.kernel) or "-"
        signs = ", ".join({1: "z > 0", -1: "z < 0", 0: "z = 0"}[s] for s in getattr(self.answer, "signs", ()))
        return self.solution.signature, vectors, kernel, str(self.solution.loss), signs or "no"


def table(problem: Problem, tick: Tick = lambda: None) -> list[Row]:
    """One row for each cell of a problem in the setting of the paper.

    >>> for row in table(Problem.example("liu-two-samples-opposite")):
    ...     print(*row.cells, sep=" | ")
    +;+ | (1, -1) | - | 0 | no
    +;- | (1, 0) | (0, 1) | 1/2 | z > 0
    -;+ | (0, -1) | (1, 0) | 1/2 | z < 0
    -;- | (0, 0) | (1, 0) (0, 1) | 1 | z > 0
    """
    rows = []
    for cell in problem.cells(tick=tick):
        tick()
        solution = least_squares(problem, cell)
        rows.append(Row(solution, genuine(solution)))
    return rows


def _is_example(problem: Problem, labels: Vector) -> str:
    """Why a problem is not the example of the paper."""
    same = not why_not_liu(problem) and problem.x == X and problem.y == tuple((y,) for y in labels)
    same = same and problem.network.widths == (2, 1, 1) and not problem.network.layers[0].bias
    return "" if same and problem.loss.weights == "mean" and problem.loss.factor == 1 else "this is about the example"


def _example(
    problem: Problem, tick: Tick, labels: Vector, expected: dict[str, tuple[Vector, int, Rational, bool]]
) -> Outcome:
    """Whether all cells have these R*, dimensions of the kernel, losses L*, and genuine minima or not."""
    why = _is_example(problem, labels)
    if why:
        return not_applicable(why)
    rows = {row.solution.signature: row for row in table(problem, tick)}
    proofs, words, right = [cells_certificate(problem.cells(tick=tick))], [], len(rows) == len(CELLS)
    for name, (optimum, dimension, loss, inner) in expected.items():
        row = rows[CELLS[name]]
        fact = decided(row.answer, tick)
        found = (row.solution.optimum, len(row.solution.kernel), row.solution.loss)
        right = right and found == (optimum, dimension, loss) and fact.answer == (YES if inner else NO)
        proofs += [row.solution.certificate(), *fact.certificates]
        words.append(f"{name}: {row.solution!r}, {fact.words}")
    return Outcome("verified" if right else "refuted", "; ".join(words), tuple(proofs))


def example(problem: Problem, tick: Tick) -> Outcome:
    """Labels 1, 1: a plateau of loss 1, two lines of loss 1/2, a single point of loss 0; all are genuine."""
    half, one, zero = vector(["1/2", 1, 0])
    expected = {
        "r1": ((zero, zero), 2, one, True),
        "r2": ((zero, one), 1, half, True),
        "r3": ((one, zero), 1, half, True),
        "r4": ((one, one), 0, zero, True),
    }
    return _example(problem, tick, (one, one), expected)


def opposite(problem: Problem, tick: Tick) -> Outcome:
    """Labels 1, -1: R* = (1, -1) lies outside r4, which has no differentiable local minimum; the others have."""
    half, one, zero = vector(["1/2", 1, 0])
    expected = {
        "r1": ((zero, zero), 2, one, True),
        "r2": ((zero, -one), 1, half, True),
        "r3": ((one, zero), 1, half, True),
        "r4": ((one, -one), 0, zero, False),
    }
    return _example(problem, tick, (one, -one), expected)


CLAIMS = (
    Claim(
        "LIU-Ex", "Liu, section 4.2 and appendix B, figure 2 (a)",
        "Inputs (1, 0), (0, 1), labels 1, 1: cell r1 is a plateau of loss 1, r2 and r3 have lines of minima of loss"
        " 1/2, r4 has the minimum (1, 1) of loss 0; all are genuine.",
        example, ("liu-two-samples",), family="lifted",
    ),
    Claim(
        "LIU-F2b", "Liu, section 4.3, figure 2 (b)",
        "With the labels 1, -1 the solution (1, -1) lies outside r4, which has no differentiable local minimum.",
        opposite, ("liu-two-samples-opposite",), family="lifted",
    ),
)  # fmt: skip
