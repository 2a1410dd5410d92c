"""Liu, section 4.1: the minimisers of the loss in R on each cell, R* = A^+ y + (I - A^+ A) c, and their loss."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from exactrelu.cells import Cell
from exactrelu.certificate import Certificate
from exactrelu.emptiness import Empty
from exactrelu.errors import MalformedInput, Unsupported
from exactrelu.facts import expression, facts
from exactrelu.landscape import Problem
from exactrelu.linear import Inconsistent, kernel, product, pseudo_inverse, rank, solve, transpose
from exactrelu.problem import Instance
from exactrelu.rational import Matrix, Rational, Vector, combination, dot
from exactrelu.theorems.claim import Claim, Outcome, Tick, not_applicable
from exactrelu.theorems.liu.lifted import LiftedLoss, merged, on_cells, why_not_liu, with_points


@dataclass(frozen=True)
class CellSolution:
    """All minimisers of the loss in R on a cell: ``optimum`` + span of ``kernel``; ``optimum`` has the least norm.

    ``loss`` is the least value of the convex function L(R). Whether a minimiser comes from a point of the cell is the
    question of `exactrelu.theorems.liu.genuineness`.
    """

    cell: Cell
    lifted: LiftedLoss
    optimum: Vector
    kernel: tuple[tuple[int, ...], ...]
    loss: Rational

    @property
    def signature(self) -> str:
        """The signature of the cell."""
        return self.cell.signature

    @property
    def is_unique(self) -> bool:
        """Whether there is one minimiser only: rank A = K D."""
        return not self.kernel

    @property
    def rank(self) -> int:
        """The rank of A."""
        return self.lifted.size - len(self.kernel)

    @property
    def vectors(self) -> Matrix:
        """R_1, .., R_K of the minimiser of least norm."""
        return self.lifted.split(self.optimum)

    @cached_property
    def problem(self) -> Instance:
        """The problem with a point of the cell, named "cell"."""
        return with_points(self.lifted.problem, cell=self.cell.witness)

    @property
    def in_the_cell(self) -> str:
        """The relation that the point "cell" has the signature."""
        return f'signature("cell") == "{self.signature}"'

    @property
    def definitions(self) -> dict[str, str]:
        """X_i, R_j, e_i, G_j at the minimiser, and the matrix A."""
        return merged(self.lifted.definitions(self.lifted.texts(self.optimum)), {"A": self.lifted.matrix_text})

    @property
    def relations(self) -> list[str]:
        """dL/dR = 0, the rank and the kernel of A, the loss."""
        n = self.lifted.size
        zeros = expression((0,) * len(self.lifted.inputs))
        found = [self.in_the_cell, *(f"G{j + 1} == {self.lifted.nothing}" for j in range(self.lifted.neurons))]
        found += [f"rank(A) == {self.rank}", f"{self.lifted.value_text} == {self.loss}"]
        if self.kernel:
            found += [f"A @ {expression(k)} == {zeros}" for k in self.kernel]
            found += [f"rank({expression(self.kernel)}) == {n - self.rank}"]
        return found

    def certificate(self) -> Certificate:
        """The certificate that these are all minimisers: L is convex in R, dL/dR = 0, and A vanishes on the kernel."""
        shape = "is the only minimiser" if self.is_unique else f"is one of a family of dimension {len(self.kernel)}"
        words = f"On the cell {self.signature} the vector R* {shape} of the loss in R; its loss is {self.loss}."
        return facts(self.problem, words, self.relations, self.definitions)

    def __repr__(self) -> str:
        vectors = ", ".join(f"({', '.join(map(str, row))})" for row in self.vectors)
        free = " + " + " + ".join(f"c{i + 1} {k}" for i, k in enumerate(self.kernel)) if self.kernel else ""
        return f"CellSolution({self.signature}: R* = {vectors}{free}, L* = {self.loss})"


def least_squares(problem: Problem, cell: Cell | str) -> CellSolution:
    """The minimisers of the loss in R on a cell, given as such or by its signature.

    With the weights c_i of the data R* solves A^T C A R = A^T C y, C = diag(c); the solution of least norm is
    (A^T C A)^+ A^T C y, which is A^+ y where all weights are equal, as in equation (7). Raises `Unsupported` outside
    the setting of the paper, `MalformedInput` for a signature that no point has.

    >>> problem = Problem.example("liu-two-samples")
    >>> least_squares(problem, "+;+"), least_squares(problem, "+;-")
    (CellSolution(+;+: R* = (1, 1), L* = 0), CellSolution(+;-: R* = (1, 0) + c1 (0, 1), L* = 1/2))
    """
    why = why_not_liu(problem)
    if why:
        raise Unsupported(f"least squares on a cell: {why}")
    if isinstance(cell, str):
        found = problem.cell(cell)
        if isinstance(found, Empty):
            raise MalformedInput("signature", f'"{cell}"', "the signature of a cell: no point has this one")
        cell = found
    lifted = LiftedLoss.on(problem, cell.columns)
    scaled = tuple(tuple(c * a for a in row) for c, row in zip(lifted.weights, lifted.matrix, strict=True))
    normal = product(transpose(scaled), lifted.matrix)
    right = combination(zip(lifted.targets, scaled, strict=True), lifted.size)
    optimum = tuple(dot(row, right) for row in pseudo_inverse(normal))
    return CellSolution(cell, lifted, optimum, kernel(lifted.matrix, lifted.size), lifted.value(optimum))


# -------------------------------------------------------------------- claims


def convex(problem: Problem, tick: Tick) -> Outcome:
    """The Hessian of L in R, 2 A^T C A, is positive semidefinite."""

    def judge(cell: Cell) -> Outcome:
        proof = _hessian(
            least_squares(problem, cell), "The Hessian in R is positive semidefinite.", "positive_semidefinite(H)"
        )
        return Outcome("verified", "the Hessian in R is positive semidefinite", (proof,))

    return on_cells(problem, tick, judge)


def definite(problem: Problem, tick: Tick) -> Outcome:
    """As printed: the Hessian in R is positive definite."""

    def judge(cell: Cell) -> Outcome:
        found = least_squares(problem, cell)
        if found.is_unique:
            proof = _hessian(found, "The Hessian in R is positive definite.", "positive_definite(H)")
            return Outcome("verified", "the Hessian in R is positive definite", (proof,))
        k, n = expression(found.kernel[0]), expression((0,) * found.lifted.size)
        words = "The Hessian in R is singular: the minimiser of the loss is not unique."
        detail = f"the Hessian in R is singular, R* is not unique: {found}"
        return Outcome("refuted", detail, (_hessian(found, words, f"H @ {k} == {n}", f"norm2({k}) > 0"),))

    return on_cells(problem, tick, judge)


def _hessian(found: CellSolution, words: str, *relations: str) -> Certificate:
    scaled = "[" + ", ".join(f"weights[{i}]*A[{i}]" for i in range(len(found.lifted.inputs))) + "]"
    definitions = merged(found.definitions, {"H": f"2*transpose(A) @ {scaled}"})
    return facts(found.problem, words, [found.in_the_cell, *relations], definitions)


def minimisers(problem: Problem, tick: Tick) -> Outcome:
    """(5)-(9): R* = A^+ y + (I - A^+ A) c, L* = |A A^+ y - y|^2 / N, unique if and only if rank A = K D."""
    why = why_not_liu(problem) or ("" if _equal_weights(problem) else "equal weights of the data are needed")
    if why:
        return not_applicable(why)
    return on_cells(problem, tick, lambda cell: _minimisers(least_squares(problem, cell)))


def _equal_weights(problem: Problem) -> bool:
    return len({problem.loss.weight(i, 0, len(problem.x)) for i in range(len(problem.x))}) == 1


def _minimisers(found: CellSolution) -> Outcome:
    n = found.lifted.size
    inverse = pseudo_inverse(found.lifted.matrix, n)
    penrose = ["A @ P @ A == A", "P @ A @ P == P", "transpose(A @ P) == A @ P", "transpose(P @ A) == P @ A"]
    whole = (
        "["
        + ", ".join(f"R{j + 1}[{d}]" for j in range(found.lifted.neurons) for d in range(found.lifted.dimension))
        + "]"
    )
    relations = [*found.relations, *penrose, f"P @ y == {whole}", f"weights[0]*norm2(A @ P @ y - y) == {found.loss}"]
    relations += [f"rank(identity({n}) - P @ A) == {len(found.kernel)}" if found.kernel else f"P @ A == identity({n})"]
    if found.is_unique:
        relations.append("P @ y == P @ transpose(P) @ transpose(A) @ y")  # (8), with (A^T A)^-1 = P P^T
        relations.append(f"transpose(A) @ A @ (P @ transpose(P)) == identity({n})")
    words = f"R* = A^+ y + (I - A^+ A) c on the cell {found.signature}."
    proof = facts(found.problem, words, relations, merged(found.definitions, {"P": expression(inverse)}))
    shape = "unique" if found.is_unique else f"a family of dimension {len(found.kernel)}"
    return Outcome("verified", f"R* is {shape}, L* = {found.loss}", (proof,))


def _is_wide(problem: Problem) -> str:
    """Why the network is not over-parameterised in the sense of the paper, N < K D."""
    lifted = LiftedLoss(problem, ())
    return "" if len(problem.x) < lifted.size else f"N = {len(problem.x)} < K d = {lifted.size} is needed"


def solvable(problem: Problem, tick: Tick) -> Outcome:
    """As printed: if N < K d, then A R = y has infinitely many solutions."""
    return _about_wide(problem, tick, corrected=False)


def solvable_corrected(problem: Problem, tick: Tick) -> Outcome:
    """If N < K d, the minimisers are infinitely many; they solve A R = y if and only if y is in the range of A."""
    return _about_wide(problem, tick, corrected=True)


def _about_wide(problem: Problem, tick: Tick, corrected: bool) -> Outcome:
    why = why_not_liu(problem) or _is_wide(problem)
    if why:
        return not_applicable(why)

    def judge(cell: Cell) -> Outcome:
        found = least_squares(problem, cell)
        answer = solve(found.lifted.matrix, found.lifted.targets, found.lifted.size)
        relations = [f"{len(problem.x)} < {found.lifted.size}", *found.relations]
        detail = f"infinitely many solutions, {found}"
        if isinstance(answer, Inconsistent):
            m = expression(answer.multipliers)
            zeros = expression((0,) * found.lifted.size)
            relations += [
                f"{m} @ A == {zeros}",
                f"{m} @ y == {expression(answer.value)}",
                f"{expression(answer.value)} != 0",
            ]
            detail = f"A R = y has no solution ({found})"
        words = "The minimisers are infinitely many" + (
            ", and A R = y has no solution." if isinstance(answer, Inconsistent) else ", and solve A R = y."
        )
        proof = facts(found.problem, words, relations, found.definitions)
        fails = isinstance(answer, Inconsistent) and not corrected
        consistent = isinstance(answer, Inconsistent) == (found.loss > 0) and bool(found.kernel)
        return Outcome("refuted" if fails or not consistent else "verified", detail, (proof,))

    return on_cells(problem, tick, judge)


def subspaces(problem: Problem, tick: Tick) -> Outcome:
    """As printed: where R*_j is not unique, it is the whole space or a linear subspace."""
    return _about_parts(problem, tick, corrected=False)


def subspaces_corrected(problem: Problem, tick: Tick) -> Outcome:
    """R*_j is an affine subspace, of the dimension of the rank of the rows j of I - A^+ A."""
    return _about_parts(problem, tick, corrected=True)


def _about_parts(problem: Problem, tick: Tick, corrected: bool) -> Outcome:
    def judge(cell: Cell) -> Outcome:
        found = least_squares(problem, cell)
        if found.is_unique:
            return not_applicable("R* is unique")
        d, relations, words = found.lifted.dimension, list(found.relations), []
        refuted = False
        for j, own in enumerate(found.vectors):
            columns = tuple(k[j * d : (j + 1) * d] for k in found.kernel)
            dimension = rank(columns)
            relations.append(f"rank({expression(columns)}) == {dimension}")
            answer = solve(transpose(columns), tuple(-a for a in own))
            linear = not isinstance(answer, Inconsistent)
            if isinstance(answer, Inconsistent):
                m = expression(answer.multipliers)
                relations += [
                    f"{m} @ {expression(transpose(columns))} == {expression((0,) * len(columns))}",
                    f"{m} @ R{j + 1} != 0",
                ]
                refuted = refuted or bool(dimension)
            shape = "the whole space" if dimension == d else "linear" if linear else "affine, without 0"
            words.append(f"R*_{j + 1} is of dimension {dimension}, {shape}")
        detail = "; ".join(words)
        proof = facts(found.problem, f"{detail}.", relations, found.definitions)
        return Outcome("refuted" if refuted and not corrected else "verified", detail, (proof,))

    return on_cells(problem, tick, judge)


EXAMPLES = ("liu-two-samples", "liu-two-samples-opposite")

CLAIMS = (
    Claim(
        "LIU-A1", "Liu, Lemma A1 (squared loss)",
        "In each cell the loss is convex in R: its Hessian is positive semidefinite.",
        convex, EXAMPLES, family="lifted",
    ),
    Claim(
        "LIU-A2", "Liu, appendix F, proof of Lemma A2; section 3",
        "In each cell the Hessian of the loss in R is positive definite, so the minimiser is unique.",
        definite, EXAMPLES,
        "Convexity of l gives l'' >= 0 only, and x x^T is singular: the Hessian is positive semidefinite, and definite"
        " if and only if rank A = K d (squared loss). L(R) need not have a unique minimiser.", "lifted",
    ),
    Claim(
        "LIU-(5)-(9)", "Liu, equations (5) to (9)",
        "The minimisers of the loss in R are A^+ y + (I - A^+ A) c, the least loss is |A A^+ y - y|^2 / N, and the"
        " minimiser is unique if and only if rank A = K d.",
        minimisers, EXAMPLES, family="lifted",
    ),
    Claim(
        "LIU-4.1-2a", "Liu, section 4.1, case 2 a)",
        "If N < K d, then A R = y has infinitely many solutions.",
        solvable, ("liu-over-parameterised",),
        "A R = y may have no solution, since rows of A vanish where no unit is active. It is the minimisers that are"
        " infinitely many; they solve A R = y if and only if y is in the range of A.", "lifted",
    ),
    Claim(
        "LIU-4.1-2a-corrected", "Liu, section 4.1, case 2 a), corrected",
        "If N < K d, then the minimisers are infinitely many; they solve A R = y if and only if y is in the range of"
        " A.",
        solvable_corrected, ("liu-over-parameterised",), family="lifted",
    ),
    Claim(
        "LIU-4.1-2c", "Liu, section 4.1, after case 2",
        "Where R* is not unique, R*_j is the whole space or a linear subspace of it.",
        subspaces, EXAMPLES,
        "R*_j is an affine subspace, which need not contain 0, and may be a point; it is the whole space if and only if"
        " the rows j of I - A^+ A have full rank.", "lifted",
    ),
    Claim(
        "LIU-4.1-2c-corrected", "Liu, section 4.1, after case 2, corrected",
        "R*_j ranges over an affine subspace whose dimension is the rank of the rows j of I - A^+ A.",
        subspaces_corrected, EXAMPLES, family="lifted",
    ),
)  # fmt: skip
