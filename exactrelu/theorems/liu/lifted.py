"""Liu, section 2: on a cell the loss is a convex quadratic function of R = (R_1, .., R_K), R_j = z_j w_j.

Inputs x_i have a last entry 1 if the hidden units have biases (D entries in all). For the activity I_ij (1 where unit j
is active at data point i, else 0) and the weights c_i of the data (the paper: 1/N)

    L(R) = sum_i c_i e_i^2,   e_i = sum_j I_ij <R_j, x_i> - y_i,   dL/dR_j = 2 G_j,   G_j = sum_i c_i I_ij e_i x_i.

A lifted loss also writes these quantities down for certificates of the kind ``facts``, under the names X1, R1, e1, G1,
and so on, all counted from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from gmpy2 import mpq

from exactrelu.cells import Cell
from exactrelu.facts import expression
from exactrelu.landscape import Problem
from exactrelu.point import Point
from exactrelu.problem import Instance
from exactrelu.rational import Matrix, Rational, Vector, combination, dot
from exactrelu.signature import Columns
from exactrelu.theorems.claim import Outcome, Tick, not_applicable

MOST = 64
"""Claims about all cells look at no more than so many."""


def why_not_liu(problem: Instance) -> str:
    """Why a problem is not in the setting of the paper; empty if it is."""
    network = problem.network
    if network.hidden_layers != 1 or network.widths[-1] != 1 or network.layers[1].bias:
        return "one hidden layer, one output and no output bias are needed"
    if any(layer.kind != "dense" for layer in network.layers) or network.output_activation:
        return "dense layers and no output activation are needed"
    if problem.loss.is_hinge or problem.loss.is_regularised:
        return "the squared loss without weight decay is needed"
    return "" if network.slopes == (1, 0) else "ReLU units are needed"


@dataclass(frozen=True)
class LiftedLoss:
    """The loss in R for an activity ``active`` (N rows of K entries).

    >>> loss = LiftedLoss(Problem.example("liu-two-samples"), ((True,), (False,)))
    >>> loss.matrix
    ((mpq(1,1), mpq(0,1)), (mpq(0,1), mpq(0,1)))
    >>> loss.value((mpq(3), mpq(5))), loss.half_gradient((mpq(3), mpq(5)))
    (mpq(5,2), ((mpq(1,1), mpq(0,1)),))
    """

    problem: Instance
    active: tuple[tuple[bool, ...], ...]

    @classmethod
    def on(cls, problem: Instance, columns: Columns) -> LiftedLoss:
        """The loss in R with the units active that have the sign +."""
        return cls(problem, tuple(tuple(s > 0 for s in group) for (group,) in columns))

    @property
    def neurons(self) -> int:
        """K."""
        return self.problem.network.widths[1]

    @cached_property
    def inputs(self) -> Matrix:
        """The inputs x_i, with a last entry 1 if there are biases: shape (N, D)."""
        tail = (mpq(1),) if self.problem.network.layers[0].bias else ()
        return tuple((*x, *tail) for x in self.problem.x)

    @property
    def dimension(self) -> int:
        """D."""
        return len(self.inputs[0])

    @property
    def size(self) -> int:
        """K D, the number of entries of R."""
        return self.neurons * self.dimension

    @cached_property
    def targets(self) -> Vector:
        """The targets y (N)."""
        return tuple(y[0] if isinstance(y, tuple) else mpq(y) for y in self.problem.y)

    @cached_property
    def weights(self) -> Vector:
        """The weights c_i of the data points, all positive (N)."""
        return tuple(self.problem.loss.weight(i, 0, len(self.inputs)) for i in range(len(self.inputs)))

    @cached_property
    def matrix(self) -> Matrix:
        """A of equation (6): row i is (I_i1 x_i, .., I_iK x_i); shape (N, K D)."""
        zero = (mpq(0),) * self.dimension
        return tuple(
            tuple(a for on in row for a in (x if on else zero)) for row, x in zip(self.active, self.inputs, strict=True)
        )

    def block(self, j: int, row: Sequence[Rational]) -> Vector:
        """A row of D entries in the place of neuron j: K D entries."""
        zeros = (mpq(0),) * self.dimension
        return tuple(a for k in range(self.neurons) for a in (row if k == j else zeros))

    def split(self, r: Vector) -> Matrix:
        """R_1, .., R_K."""
        return tuple(r[j * self.dimension : (j + 1) * self.dimension] for j in range(self.neurons))

    def residuals(self, r: Vector) -> Vector:
        """e_i (N)."""
        return tuple(dot(row, r) - y for row, y in zip(self.matrix, self.targets, strict=True))

    def value(self, r: Vector) -> Rational:
        """L(R)."""
        return sum((c * e * e for c, e in zip(self.weights, self.residuals(r), strict=True)), mpq(0))

    def half_gradient(self, r: Vector) -> Matrix:
        """G_1, .., G_K, half of the derivatives by R_1, .., R_K."""
        return self.split(
            combination(((c * e, a) for c, e, a in zip(self.weights, self.residuals(r), self.matrix, strict=True)),
                        self.size)
        )  # fmt: skip

    # ------------------------------------------------------------------ affine functions of R: K D + 1 entries

    @cached_property
    def residual_forms(self) -> Matrix:
        """e_i as functions of R, the constant last."""
        return tuple((*row, -y) for row, y in zip(self.matrix, self.targets, strict=True))

    @cached_property
    def gradient_forms(self) -> tuple[Matrix, ...]:
        """The entries of G_1, .., G_K as functions of R."""
        return tuple(
            tuple(
                combination(
                    ((c * x[d], e) for c, x, on, e in self._summands(j) if on), self.size + 1
                )
                for d in range(self.dimension)
            )
            for j in range(self.neurons)
        )  # fmt: skip

    def _summands(self, j: int) -> list[tuple[Rational, Vector, bool, Vector]]:
        on = [row[j] for row in self.active]
        return list(zip(self.weights, self.inputs, on, self.residual_forms, strict=True))

    # ------------------------------------------------------------------ parameters

    def lift(self, parameters: Vector) -> Vector:
        """R of a point of parameter space."""
        rows, z = self.weights_of(parameters)
        return tuple(z[j] * a for j, row in enumerate(rows) for a in row)

    def weights_of(self, parameters: Vector) -> tuple[Matrix, Vector]:
        """The rows w_j (with the bias as last entry) and z of a point."""
        d, k = len(self.problem.x[0]), self.neurons
        biases = parameters[k * d : -k]
        rows = tuple((*parameters[j * d : (j + 1) * d], *biases[j : j + 1]) for j in range(k))
        return rows, parameters[-k:]

    def parameters(self, rows: Sequence[Vector], z: Sequence[Rational]) -> Vector:
        """The point with these rows w_j and these z."""
        d = len(self.problem.x[0])
        return (*(a for row in rows for a in row[:d]), *(a for row in rows for a in row[d:]), *map(mpq, z))

    # ------------------------------------------------------------------ texts for certificates

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The names of the entries of R as variables."""
        return tuple(f"r{j + 1}_{d + 1}" for j in range(self.neurons) for d in range(self.dimension))

    def texts(self, r: Vector) -> list[str]:
        """Numbers R_1, .., R_K as expressions."""
        return [expression(row) for row in self.split(r)]

    def variable_texts(self) -> list[str]:
        """Variables R_1, .., R_K as expressions."""
        names = iter(self.variables)
        return [f"[{', '.join(next(names) for _ in range(self.dimension))}]" for _ in range(self.neurons)]

    def point_texts(self, name: str) -> list[str]:
        """R_1, .., R_K at a named point as expressions."""
        bias = self.problem.network.layers[0].bias
        return [f'parameter("{name}", "W2")[0][{j}]*{row_text(name, j, len(self.problem.x[0]), bias)}'
                for j in range(self.neurons)]  # fmt: skip

    def definitions(self, r: Sequence[str]) -> dict[str, str]:
        """X_i, R_j, e_i, G_j for the given expressions of R_1, .., R_K."""
        tail = ", 1" if self.problem.network.layers[0].bias else ""
        found = {}
        for i, x in enumerate(self.problem.x):
            found[f"X{i + 1}"] = f"[{', '.join(f'x[{i}][{d}]' for d in range(len(x)))}{tail}]"
        for j, text in enumerate(r):
            found[f"R{j + 1}"] = text
        for i, row in enumerate(self.active):
            found[f"e{i + 1}"] = "".join(f"dot(R{j + 1}, X{i + 1}) + " for j, on in enumerate(row) if on) + f"(-y[{i}])"
        for j in range(self.neurons):
            terms = [f"weights[{i}]*e{i + 1}*X{i + 1}" for i, row in enumerate(self.active) if row[j]]
            found[f"G{j + 1}"] = " + ".join(terms) or self.nothing
        return found

    @property
    def nothing(self) -> str:
        """The zero vector of D entries as an expression."""
        return expression((0,) * self.dimension)

    @property
    def matrix_text(self) -> str:
        """A of equation (6) as an expression in X1, X2, .."""
        entries = range(self.dimension)
        return "[" + ", ".join(
            "[" + ", ".join(f"X{i + 1}[{d}]" if on else "0" for on in row for d in entries) + "]"
            for i, row in enumerate(self.active)
        ) + "]"  # fmt: skip

    @property
    def value_text(self) -> str:
        """The loss as an expression in e1, e2, .."""
        return " + ".join(f"weights[{i}]*e{i + 1}**2" for i in range(len(self.inputs)))


def row_text(name: str, j: int, inputs: int, bias: bool) -> str:
    """w_j of a named point, with its bias as last entry, as an expression."""
    entries = [f'parameter("{name}", "W1")[{j}][{d}]' for d in range(inputs)]
    if bias:
        entries.append(f'parameter("{name}", "b1")[{j}]')
    return f"[{', '.join(entries)}]"


def with_points(problem: Instance, **points: Vector) -> Instance:
    """The same problem with these points only."""
    return replace(problem, points=points)


def is_interior(point: Point) -> bool:
    """Whether a point lies inside a cell."""
    return not point.vanishing


def on_cells(problem: Problem, tick: Tick, judge: Callable[[Cell], Outcome]) -> Outcome:
    """Decide a claim on every cell: refuted on one, else verified if it is on some, undecided on none and all are seen.

    Looks at the first `MOST` cells.
    """
    why = why_not_liu(problem)
    if why:
        return not_applicable(why)
    cells = problem.cells(tick=tick)
    found: dict[str, list[tuple[str, Outcome]]] = {}
    for index in range(min(cells.number, MOST)):
        tick()
        cell = cells[index]
        outcome = judge(cell)
        if outcome.status == "refuted":
            return replace(outcome, detail=f"on {cell.signature}: {outcome.detail}")
        found.setdefault(outcome.status, []).append((cell.signature, outcome))
    verified = found.get("verified", [])
    proofs = tuple(proof for _, outcome in verified for proof in outcome.certificates)
    detail = _details(verified)
    if "undecided" in found or cells.number > MOST:
        more = _details(found.get("undecided", [])) or f"there are {cells.number} cells, {MOST} were looked at"
        return Outcome("undecided", "; ".join(filter(None, (detail, more))), proofs)
    if verified:
        return Outcome("verified", detail, proofs)
    return not_applicable(_details(found.get("not applicable", [])))


def _details(outcomes: Sequence[tuple[str, Outcome]]) -> str:
    """What holds on the cells, those with the same words together."""
    places: dict[str, list[str]] = {}
    for signature, outcome in outcomes:
        places.setdefault(outcome.detail, []).append(signature)
    return "; ".join(f"{_some(signatures)}: {detail}" for detail, signatures in places.items())


def _some(signatures: Sequence[str]) -> str:
    return ", ".join(signatures) if len(signatures) <= 4 else f"{signatures[0]} and {len(signatures) - 1} more cells"


def merged(*definitions: Mapping[str, str]) -> dict[str, str]:
    """Definitions one after the other."""
    return {name: text for own in definitions for name, text in own.items()}
