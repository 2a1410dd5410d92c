"""A deep linear network with the squared loss at a named point: l(W, b) = l_0(R, c), R = W_{H+1:1}, c the bias.

With the slope s of the units the outputs are s^H R x + c, and l_0(R, c) = sum_i weight_i |s^H R x_i + c - y_i|^2 is
convex.
Without biases c = 0: this is the setting of Yun, Sra, Jadbabaie, section 2.1, equation (1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest

from gmpy2 import mpq

from exactrelu.certificate import Certificate
from exactrelu.facts import expression, facts
from exactrelu.germ import Curve
from exactrelu.landscape import Problem
from exactrelu.linear import product, transpose
from exactrelu.network import Network
from exactrelu.point import Point
from exactrelu.rational import Matrix, Rational
from exactrelu.theorems.claim import NO, YES, Fact, Tick
from exactrelu.theorems.yun_sra_jadbabaie.factorisation import Weights, scaled
from exactrelu.theorems.yun_sra_jadbabaie.saddle_curve import plus, saddle_curve, times

ZERO = mpq(0)


def why_not_matrices(network: Network) -> str:
    """Why a network is not a tuple of free matrices; empty if it is."""
    if any(layer.kind != "dense" for layer in network.layers):
        return "dense layers are needed"
    return "a network without biases is needed" if any(layer.bias for layer in network.layers) else ""


def why_not_linear(problem: Problem) -> str:
    """Why a problem is not that of a dense linear network with the squared loss; empty if it is."""
    network = problem.network
    if problem.loss.is_hinge or problem.loss.is_regularised:
        return "the squared loss without weight decay is needed"
    if any(layer.kind != "dense" for layer in network.layers):
        return "dense layers are needed"
    if network.slopes[0] != network.slopes[1] or network.output_activation:
        return "linear units are needed, and no activation of the output"
    return ""


def why_not_deep_linear(problem: Problem) -> str:
    """Why the setting of section 2.1 is not that of a problem; empty if it is."""
    return why_not_linear(problem) or why_not_matrices(problem.network)


def only_first_bias(network: Network) -> bool:
    """Whether layer 1 alone has a bias, and is not the last one: then b_1 is a column of W_1, and x has an entry 1."""
    return [layer.bias for layer in network.layers] == [True, *[False] * network.hidden_layers] and len(
        network.layers
    ) > 1


def why_not_biases(network: Network) -> str:
    """Why the biases are neither those of `only_first_bias` nor include that of the last layer; empty if they are."""
    if only_first_bias(network) or network.layers[-1].bias:
        return ""
    return "a bias in the last layer, or in the first one alone, is needed"


def why_not_wide(network: Network) -> str:
    """Why a network does not have d_i >= min(d_x, d_y) in all hidden layers; empty if it has.

    With `only_first_bias`, d_x counts the entry 1.
    """
    widths = network.widths
    least = min(widths[0] + only_first_bias(network), widths[-1])
    narrowest = min(widths[1:-1], default=widths[0])
    return f"a hidden layer has width {narrowest} < min(d_x, d_y) = {least}" if narrowest < least else ""


@dataclass(frozen=True)
class LinearPoint:
    """A named point of a problem for which `why_not_linear` is empty.

    The biases are none, or such that `why_not_biases` is empty. With `only_first_bias`, ``weights``, ``gradient`` and
    d_x are those of the augmented data (x, 1).
    """

    problem: Problem
    name: str
    tick: Tick

    @property
    def factor(self) -> Rational:
        """s^H, the slope of the units to the number of hidden layers."""
        return self.problem.network.slopes[0] ** self.problem.network.hidden_layers

    @cached_property
    def arrays(self) -> dict[str, Matrix]:
        """W1, b1, .. of the point; biases as columns."""
        parameters = self.problem.point(self.name)
        result: dict[str, Matrix] = {}
        for name, start, stop, shape in self.problem.network.blocks:
            width = shape[1] if len(shape) == 2 else 1
            result[name] = tuple(parameters[k : k + width] for k in range(start, stop, width))
        return result

    @cached_property
    def weights(self) -> Weights:
        """(W_1, .., W_{H+1})."""
        matrices = [self.arrays[f"W{i}"] for i in range(1, len(self.problem.network.layers) + 1)]
        if only_first_bias(self.problem.network):
            matrices[0] = tuple((*w, *b) for w, b in zip(matrices[0], self.arrays["b1"], strict=True))
        return Weights(tuple(matrices))

    @property
    def inputs(self) -> Matrix:
        """The data, a row for each point."""
        x = self.problem.x
        return tuple((*row, mpq(1)) for row in x) if only_first_bias(self.problem.network) else x

    @cached_property
    def residuals(self) -> Matrix:
        """Outputs minus targets, a row for each data point."""
        parameters, network = self.problem.point(self.name), self.problem.network
        rows = []
        for x, y in zip(self.problem.x, self.problem.y, strict=True):
            outputs = network.preactivations(parameters, x)[-1]
            rows.append(tuple(o - t for o, t in zip(outputs, y if isinstance(y, tuple) else (y,), strict=True)))
        return tuple(rows)

    @cached_property
    def gradient(self) -> Matrix:
        """G = the gradient of l_0 in R, of shape (d_y, d_x): 2 s^H sum_i weight_i r_i x_i^T."""
        count = len(self.problem.x)
        weighted = tuple(
            tuple(2 * self.factor * self.problem.loss.weight(i, 0, count) * r for r in row)
            for i, row in enumerate(self.residuals)
        )
        return product(transpose(weighted), self.inputs)

    @property
    def is_stationary(self) -> bool:
        """Whether grad l_0 = 0."""
        return not any(map(any, self.gradient))

    @cached_property
    def point(self) -> Point:
        """The point, with the curves of Theorem 1 proposed where grad l_0 is not 0."""
        point = self.problem.at(self.name, self.tick)
        if any(point.gradient or ()) or self.is_stationary:
            return point
        return replace(point, curves=self.curves)

    @cached_property
    def curves(self) -> tuple[Curve, ...]:
        """The descending and the ascending curve, which exist at a critical point of a wide network."""
        found = saddle_curve(self.weights, self.gradient)
        return tuple(self._flat(found.directions(sense)) for sense in (-1, 1)) if found else ()

    def _flat(self, directions: list[tuple[Matrix, ...]]) -> Curve:
        """Directions of the weights as directions of all parameters; the last bias moves so that c stays."""
        arrays = {f"W{i}": [d[i - 1] for d in directions] for i in range(1, self.weights.depth + 1)}
        if only_first_bias(self.problem.network):
            arrays["b1"] = [tuple(row[-1:] for row in d) for d in arrays["W1"]]
            arrays["W1"] = [tuple(row[:-1] for row in d) for d in arrays["W1"]]
        last = f"b{self.weights.depth}"
        if last in self.arrays:
            arrays[last] = self._last_bias([[w, *d] for w, *d in zip(self.weights.matrices, *directions, strict=True)])
        curve = []
        for degree in range(max(map(len, arrays.values()))):
            values: list[Rational] = []
            for name, start, stop, _ in self.problem.network.blocks:
                known = arrays.get(name, [])
                values += [a for row in known[degree] for a in row] if degree < len(known) else [ZERO] * (stop - start)
            curve.append(tuple(values))
        return tuple(curve)

    def _last_bias(self, moved: Sequence[list[Matrix]]) -> list[Matrix]:
        """The coefficients from t on of b_{H+1}(t) = c - sum_{i <= H} s^(H+1-i) W_{H+1:i+1}(t) b_i."""
        last = self.weights.depth
        result: list[Matrix] = []
        for i in range(1, last):
            if f"b{i}" not in self.arrays:
                continue
            shift: list[Matrix] = [scaled(-(self.problem.network.slopes[0] ** (last - i)), self.arrays[f"b{i}"])]
            for matrices in moved[i:]:
                shift = times(matrices, shift)
            zero = scaled(0, shift[0])
            result = [plus(a, b) for a, b in zip_longest(result, shift[1:], fillvalue=zero)]
        while result and not any(map(any, result[-1])):
            result.pop()
        return result

    # ------------------------------------------------------------------ certificates

    @cached_property
    def definitions(self) -> dict[str, str]:
        """The texts that define W1, .., R, the residuals E and the gradient G for a certificate of the kind facts."""
        last, at = self.weights.depth, repr(self.name)
        rows = ", ".join(f"weights[{i}] * E[{i}]" for i in range(len(self.problem.x)))
        return {
            **{f"W{i}": f"parameter({at}, 'W{i}')" for i in range(1, last + 1)},
            **({"W1": expression(self.weights.matrices[0])} if only_first_bias(self.problem.network) else {}),
            "X": "x" if self.inputs == self.problem.x else expression(self.inputs),
            "R": self.between(last, 1),
            "E": f"outputs({at}) - {self.targets}",
            "G": f"{expression(2 * self.factor)} * transpose([{rows}]) @ X",
        }

    @property
    def targets(self) -> str:
        """The text of the targets as a matrix, a row for each data point."""
        count = len(self.problem.x)
        return "y" if self.weights.widths[-1] > 1 else f"[{', '.join(f'[y[{i}]]' for i in range(count))}]"

    def between(self, i: int, j: int) -> str:
        """The text of W_{i:j}."""
        return " @ ".join(f"W{k}" for k in range(i, j - 1, -1)) or f"identity({self.weights.widths[i]})"

    def states(self, words: str, *relations: str, more: Mapping[str, str] | None = None) -> Certificate:
        """The certificate of relations in the names of `definitions`, and more."""
        return facts(
            self.problem, f'At the point "{self.name}" {words}.', relations, {**self.definitions, **(more or {})}
        )

    @cached_property
    def stationary(self) -> Fact:
        """Whether grad l_0 = 0 at the product."""
        d_y, d_x = self.weights.widths[-1], self.weights.widths[0]
        sign, answer = ("==", YES) if self.is_stationary else ("!=", NO)
        words = f"grad l_0 {'=' if self.is_stationary else 'is not'} 0"
        return Fact(answer, words, (self.states(words, f"G {sign} zeros({d_y}, {d_x})"),))

    @property
    def critical(self) -> Fact:
        """Whether the point is critical."""
        fact = Fact.of(self.point.clarke_critical())
        return replace(fact, words=fact.words.replace("clarke ", ""))

    @property
    def saddle(self) -> Fact:
        """Whether the point is a saddle."""
        return Fact.of(self.point.saddle())

    @property
    def least(self) -> Fact:
        """That R is a global minimum of l_0, hence the point one of l: only where `is_stationary`.

        The identity l_0(R + D, c + e) = l_0(R, c) + sum_i weight_i |s^H D x_i + e|^2, in the entries of D and, where
        the last layer has a bias, of e, is stated.
        """
        d_y, d_x = self.weights.widths[-1], self.weights.widths[0]
        names = [[f"D_{r}_{c}" for c in range(1, d_x + 1)] for r in range(1, d_y + 1)]
        shift = [f"e_{r}" for r in range(1, d_y + 1)] if self.problem.network.layers[-1].bias else []
        count = range(len(self.problem.x))
        change = f"{expression(self.factor)} * X @ transpose(D)"
        more = {"D": matrix_of(names), "change": f"{change} + {matrix_of([shift for _ in count])}" if shift else change}
        values = " + ".join(f"weights[{i}] * norm2(E[{i}] + change[{i}])" for i in count)
        squares = " + ".join(f"weights[{i}] * norm2(change[{i}])" for i in count)
        relations = [f"{values} == loss({self.name!r}) + {squares}", *(f"weights[{i}] > 0" for i in count)]
        words = f'The product of "{self.name}" is a global minimum of the convex l_0, and so is the point of the loss.'
        variables = [name for row in [*names, shift] for name in row]
        proof = facts(self.problem, words, relations, {**self.definitions, **more}, variables)
        return Fact(YES, f"a global minimum with loss {self.point.loss}", (proof,))


def matrix_of(names: Sequence[Sequence[str]]) -> str:
    """The text of a matrix of names.

    >>> matrix_of([["a", "b"]])
    '[[a, b]]'
    """
    return f"[{', '.join('[' + ', '.join(row) + ']' for row in names)}]"
