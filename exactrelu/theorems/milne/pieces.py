"""The pieces of Milne's Theorem 3, l_lambda with the switches held: proofs that one is strongly convex at a point.

At a point inside a cell the Hessian of its piece is that of the loss. At a kink the pieces are those of the incident
cells; the certificate then holds the form q(X) = d^2/dt^2 phi(W + tX) at t = 0 as a polynomial in X, and
q(X) - theta |X|^2 as a sum of squares with positive coefficients (LDL^T).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from exactrelu.certificate import Certificate
from exactrelu.facts import expression
from exactrelu.forms import CellForm
from exactrelu.linear import Congruence, certify_positive_definite, certify_positive_semidefinite, diagonalise, inverse
from exactrelu.network import Network
from exactrelu.point import Point
from exactrelu.polynomial import to_flint
from exactrelu.rational import Matrix, Rational
from exactrelu.signature import Columns, Signs, write
from exactrelu.theorems.claim import (
    NO,
    UNDECIDED,
    YES,
    Fact,
)
from exactrelu.theorems.milne.setting import proved
from exactrelu.theorems.milne.switches import held, output, switch_names, too_large, weight_matrices

PIECES = 256


def piece(point: Point, columns: Columns) -> CellForm:
    """The loss with the switches that the signs choose (0 chooses s-), whatever the signs at the point."""
    network, forms = point.instance.network, point.forms
    outputs = []
    for i, column in enumerate(columns):
        features = [to_flint(value) for value in point.instance.x[i]]
        for k, (layer, start, _) in enumerate(network.spans()):
            generators = forms.ring.context.gens()
            pre = [forms.ring.context.constant(0)] * layer.outputs
            for row, below, weight, _ in layer.entries:
                pre[row] += generators[start + weight] * features[below]
            signs: Signs = column[k] if k < len(network.activated) else (1,) * layer.outputs
            plain = k >= len(network.activated)
            features = [
                p if plain else p * to_flint(_slope(network.slopes, s)) for p, s in zip(pre, signs, strict=True)
            ]
        outputs.append(tuple(features))
    return CellForm(point.instance, columns, forms.ring, tuple(outputs))


def _slope(slopes: tuple[Rational, Rational], s: int) -> Rational:
    return slopes[0] if s > 0 else slopes[1]


def pieces(point: Point) -> tuple[list[Columns], bool]:
    """The signatures of the pieces on which the point lies, and whether they are all: its cell, or incident ones."""
    if point.form is not None:
        return [point.columns], True
    found = point.incident_cells()
    return [cell.columns for cell in list(found)[:PIECES]], found.complete and len(found) <= PIECES


def sides(point: Point) -> list[Columns]:
    """All choices of signs where the point's are 0: they contain the incident cells. Empty if there are too many."""
    zeros = sum(s == 0 for column in point.columns for group in column for s in group)
    if 2**zeros > PIECES:
        return []
    result = []
    for signs in product((1, -1), repeat=zeros):
        left = iter(signs)
        result.append(tuple(tuple(tuple(s or next(left) for s in group) for group in c) for c in point.columns))
    return result


def shifted(matrix: Matrix, amount: Rational) -> Matrix:
    """The matrix plus a multiple of the identity."""
    return tuple(tuple(v + amount * (i == j) for j, v in enumerate(row)) for i, row in enumerate(matrix))


def curvature(point: Point, columns: Columns, shift: Rational, words: str, *, strict: bool = False) -> Fact:
    """Whether Hessian + shift I of a piece (with the decay) at the point is positive semidefinite (or definite)."""
    form = point.form if point.form is not None and columns == point.columns else None
    matrix = shifted((form or piece(point, columns)).hessian(point.parameters), shift)
    found = (certify_positive_definite if strict else certify_positive_semidefinite)(matrix)
    good = isinstance(found, Congruence)
    if form is not None:
        gap = f"hessian('W') + {expression(shift)}*identity({len(matrix)})"
        if good:
            relations, more = [f"positive_{'definite' if strict else 'semidefinite'}({gap})"], {}
        else:
            v = expression(list(found.vector)) if not isinstance(found, Congruence) else ""
            relations, more = ["norm2(v) > 0", f"v @ ({gap}) @ v {'<=' if strict else '<'} 0"], {"v": v}
        proof = proved(point.instance, point.parameters, words, relations, more)
    else:
        if too_large(point.instance):
            return Fact(UNDECIDED, too_large(point.instance))
        proof = _form_certificate(point, columns, shift, matrix, words)
    return Fact(YES if good else NO, words if good else f"not {words}", (proof,))


def _form_certificate(point: Point, columns: Columns, shift: Rational, matrix: Matrix, words: str) -> Certificate:
    """q(X) + shift |X|^2 = sum_k d_k (row_k X)^2 as polynomials in X, where matrix = R^T diag(d) R."""
    problem = point.instance
    names, definitions = _moves(problem.network), _along(point)
    for i, column in enumerate(columns):
        definitions.update(output(problem.network, i, held(problem.network, column)))
    errors = " + ".join(f"weights[{i}]*(o{i} - y[{i}])**2" for i in range(len(columns)))
    squares = " + ".join(f"{name}**2" for name in names)
    definitions["X2"] = squares
    definitions["phi"] = errors
    definitions["q"] = "substitute(derivative(derivative(phi, 't'), 't'), 't', 0) + weight_decay*X2"
    congruence = diagonalise(matrix)
    rows = _columns(inverse(congruence.transform))
    terms = [
        f"{expression(d)}*({' + '.join(f'{expression(c)}*{name}' for c, name in zip(row, names, strict=True) if c)})**2"
        for d, row in zip(congruence.diagonal, rows, strict=True)
        if d
    ]
    relations = [f"signature('W') == '{point.signature}'", f"q + {expression(shift)}*X2 == {' + '.join(terms) or '0'}"]
    piece_of = f"{words} (switches of the cell {write(columns)})"
    return proved(problem, point.parameters, piece_of, relations, definitions, (*names, "t"))


def _moves(network: Network) -> list[str]:
    """X1_1_1, ..: a variable for the move of each weight."""
    return [name.replace("W", "X") for name in network.names]


def _along(point: Point) -> dict[str, str]:
    """The layers of W + tX."""
    matrices = weight_matrices(point.instance.network, lambda name: name.replace("W", "X"))
    return {k: f"parameter('W', '{k.replace('M', 'W')}') + t*{text}" for k, text in matrices.items()}


def _columns(matrix: Matrix) -> list[Sequence[Rational]]:
    return [tuple(row[k] for row in matrix) for k in range(len(matrix))]


def on_pieces(point: Point, shift: Rational, words: str) -> Fact:
    """Whether Hessian + shift I is positive definite on all pieces at a point."""
    if point.form is not None:
        return curvature(point, point.columns, shift, words, strict=True)
    if not any(point.parameters) and point.instance.network.hidden_layers > 1:
        return _at_the_origin(point, shift, words)
    found = [curvature(point, columns, shift, words, strict=True) for columns in sides(point)]
    listed, complete = (found, True) if found else ([], False)
    if not found or any(fact.answer != YES for fact in found):
        columns, complete = pieces(point)
        listed = [curvature(point, c, shift, words, strict=True) for c in columns]
    worst = next((fact for fact in listed if fact.answer != YES), None)
    if worst is not None:
        return worst
    if not complete:
        return Fact(UNDECIDED, f"{words} on {len(listed)} pieces; there may be more")
    proofs = tuple(proof for fact in listed for proof in fact.certificates)
    return Fact(YES, f"{words} on all pieces, for {len(listed)} choices of switches", proofs)


def _at_the_origin(point: Point, shift: Rational, words: str) -> Fact:
    """H > 1: at W = 0 the second derivatives are those of the decay, whatever the switches: variables here."""
    problem = point.instance
    if too_large(problem):
        return Fact(UNDECIDED, too_large(problem))
    names = switch_names(problem.network)
    relations = ["size2 == 0", f"weight_decay + {expression(shift)} > 0"]
    definitions, variables = _along(point), [*_moves(problem.network), "t"]
    for i in range(len(problem.x)):
        own = [[f"{s}_{i}" for s in layer] for layer in names]
        definitions.update(output(problem.network, i, own))
        variables += [s for layer in own for s in layer]
        relations.append(f"substitute(derivative(derivative((o{i} - y[{i}])**2, 't'), 't'), 't', 0) == 0")
    words = f"{words} on all pieces, for all switches"
    return Fact(YES, words, (proved(problem, point.parameters, words, relations, definitions, variables),))
