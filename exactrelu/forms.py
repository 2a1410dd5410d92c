"""The loss on a cell as an exact polynomial, its blocks, derivatives and Hessian facts.

On a cell every activation is linear, so the outputs are multi-affine polynomials in the parameters and a hinge
loss is one too: Laurent and von Brecht, ICML 2018, Theorem 1. (The anonymous version prints the block of the
output bias twice and leaves out phi_L and phi_{L+2}; the blocks here are those of the ICML version.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gmpy2 import mpq

from exactrelu import signature as signatures
from exactrelu.display import ROWS, factor_latex
from exactrelu.errors import MalformedInput
from exactrelu.linear import Inertia, inertia
from exactrelu.polynomial import Monomial, Polynomial, Ring, to_flint
from exactrelu.problem import Instance
from exactrelu.rational import Matrix, Rational, Vector
from exactrelu.signature import Columns, Signs


class Forms:
    """The forms of a problem: expands the loss on any cell, keeping the columns that it has expanded.

    >>> from exactrelu.examples import example
    >>> problem = example("yun2018-three-point")
    >>> Forms(problem).on("++;++;++").outputs[0][0]
    Polynomial(b2_1 + W1_1_1*W2_1_1 + W1_2_1*W2_1_2 + b1_1*W2_1_1 + b1_2*W2_1_2)
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.ring = Ring(instance.network.names)
        self._columns: dict[tuple[int, tuple[Signs, ...]], tuple[list[Any], bool]] = {}
        self._layers: dict[tuple[int, tuple[Signs, ...]], list[Any]] = {}

    def on(self, signature: str | Columns) -> CellForm:
        """The form on the cell with this signature.

        Raises `MalformedInput` when the signature does not fit, or gives the sign 0 to a unit that does not vanish
        identically (or another sign to one that does). Whether the cell is empty is not asked here.
        """
        columns = signatures.read(self.instance, signature) if isinstance(signature, str) else signature
        depth = len(self.instance.network.activated)
        outputs: list[tuple[Any, ...]] = []
        for i, column in enumerate(columns):
            polynomials, lawful = self._column(i, column[:depth])
            if not lawful or any(s == 0 for group in column[depth:] for s in group):
                raise MalformedInput(
                    "signature", f'"{signatures.write(columns)}"',
                    f"the sign 0 for exactly the units that vanish identically (data point {i + 1})",
                )  # fmt: skip
            outputs.append(tuple(polynomials))
        return CellForm(self.instance, columns, self.ring, tuple(outputs))

    def output_terms(self) -> int:
        """No output has more terms than this: the number of paths through the network, biases included."""
        terms = sum(1 for _ in self.instance.x[0])
        for layer in self.instance.network.layers:
            incoming = max(Counter(entry.row for entry in layer.entries).values(), default=0)
            terms = incoming * (terms if layer is not self.instance.network.layers[0] else 1) + layer.bias
        return terms

    def is_open(self, columns: Columns) -> bool:
        """Whether the zeros of a signature are those of units that vanish identically, so that its cell is open."""
        depth = len(self.instance.network.activated)
        loss_zero = any(s == 0 for column in columns for group in column[depth:] for s in group)
        return not loss_zero and all(self._column(i, c[:depth])[1] for i, c in enumerate(columns))

    def preactivation(self, i: int, below: tuple[Signs, ...], unit: int) -> Polynomial:
        """The pre-activation of a unit at data point i, given the signs of the layers below it."""
        return Polynomial(self.ring, self._preactivations(i, below)[unit])

    def _column(self, i: int, hidden: tuple[Signs, ...]) -> tuple[list[Any], bool]:
        """The outputs at data point i as polynomials, and whether the zeros of the signature are lawful."""
        if (i, hidden) not in self._columns:
            lawful = all(
                bool(p) == bool(s)
                for layer, signs in enumerate(hidden)
                for p, s in zip(self._preactivations(i, hidden[:layer]), signs, strict=True)
            )
            if self.instance.network.output_activation:
                outputs = self._features(i, hidden)
            else:
                outputs = self._preactivations(i, hidden)
            self._columns[i, hidden] = outputs, lawful
        return self._columns[i, hidden]

    def _features(self, i: int, signs: tuple[Signs, ...]) -> list[Any]:
        """What enters the layer above the layers with these signs."""
        if not signs:
            return [to_flint(value) for value in self.instance.x[i]]
        pre = self._preactivations(i, signs[:-1])
        slope = self.instance.network.slope
        return [p * to_flint(slope(s)) for p, s in zip(pre, signs[-1], strict=True)]

    def _preactivations(self, i: int, below: tuple[Signs, ...]) -> list[Any]:
        if (i, below) not in self._layers:
            layer, start, stop = tuple(self.instance.network.spans())[len(below)]
            generators = self.ring.context.gens()
            features = self._features(i, below)
            pre = [self.ring.context.constant(0)] * layer.outputs
            for row, column, weight, coefficient in layer.entries:
                if features[column]:
                    pre[row] += generators[start + weight] * (features[column] * to_flint(coefficient))
            if layer.bias:
                pre = [p + g for p, g in zip(pre, generators[start + layer.size : stop], strict=True)]
            self._layers[i, below] = pre
        return self._layers[i, below]


TERMS = 20_000  # of all outputs together; larger forms are refused


def _block_latex(name: str) -> str:
    """The name of a block in LaTeX: phi_0, r_1_2, decay."""
    letter, _, index = name.partition("_")
    if not index:
        return rf"\text{{{letter}}}"
    return rf"\varphi_{{{index}}}" if letter == "phi" else f"{letter}_{{{index.replace('_', ',')}}}"


@dataclass(frozen=True)
class BinaryCoefficients:
    """The coefficients of Lemma 2 (one hidden layer, binary hinge): the loss on the cell is

    delta - gamma c - sum_k v_k (<a_k, w_k> + alpha_k b_k).

    Laurent and von Brecht, anonymous version, equations (8) to (12), with weights mu_i in the place of 1/N. Without an
    output bias c, or hidden biases b_k, their terms are absent.

    >>> from exactrelu.examples import example
    >>> problem = example("laurent-brecht-one-neuron")
    >>> form = Forms(problem).on("-,+;+,+;+,-")
    >>> form.lemma_2.alpha, form.lemma_2.gamma, form.lemma_2.delta
    ((mpq(1,3),), mpq(0,1), mpq(2,3))
    """

    a: tuple[Vector, ...]
    alpha: Vector
    gamma: Rational
    delta: Rational


@dataclass(frozen=True)
class CellForm:
    """The loss on one cell: a polynomial in the parameters, in the order and with the names of the network.

    ``raw_outputs[i][r]`` is output r at data point i as a flint polynomial.

    >>> from exactrelu import example
    >>> form = example("laurent-brecht-one-neuron").form("-,+;+,+;+,-")
    >>> form.polynomial, form.is_multilinear, form.is_trace_zero
    (Polynomial(2/3 - 1/3*b1_1*W2_1_1), True, True)
    >>> {name: str(block) for name, block in form.blocks.items()}
    {'phi_0': '0', 'phi_1': '-1/3*b1_1*W2_1_1', 'phi_2': '0', 'phi_3': '2/3'}
    """

    instance: Instance
    columns: Columns
    ring: Ring
    raw_outputs: tuple[tuple[Any, ...], ...]

    @property
    def signature(self) -> str:
        """The signature of the cell."""
        return signatures.write(self.columns)

    @cached_property
    def outputs(self) -> tuple[tuple[Polynomial, ...], ...]:
        """The network's outputs at the data points."""
        return tuple(tuple(Polynomial(self.ring, p) for p in row) for row in self.raw_outputs)

    @cached_property
    def residuals(self) -> tuple[tuple[Polynomial, ...], ...]:
        """Output minus target at the data points (squared loss only)."""
        return tuple(
            tuple(p - self.ring.constant(t) for p, t in zip(row, target, strict=True))
            for row, target in zip(self.outputs, self.instance.y, strict=True)
            if isinstance(target, tuple)
        )

    @cached_property
    def undecayed(self) -> Polynomial:
        """The loss without weight decay."""
        total = self.ring.context.constant(0)
        points = len(self.instance.x)
        for i, row in enumerate(self.residuals):
            weight = to_flint(self.instance.loss.weight(i, 0, points))
            for residual in row:
                total += weight * residual.value**2
        for i, units in enumerate(self.instance.units):
            for unit, s in zip(units, self.columns[i][-1] if units else (), strict=True):
                if s > 0:
                    argument: Any = 1
                    for r, coefficient in unit.terms:
                        argument = argument + self.raw_outputs[i][r] * coefficient
                    total += argument * to_flint(unit.weight)
        return Polynomial(self.ring, total)

    @cached_property
    def decay(self) -> Polynomial:
        """The weight decay term, lambda / 2 times the squared norm of all parameters, and the exact penalty."""
        terms: list[tuple[Monomial, Rational]] = []
        for c, i, j in self.instance.squares:
            terms += [((i, i), c)] if j is None else [((i, i), c), ((j, j), c), ((i, j), -2 * c)]
        return self.ring.from_terms(terms)

    @property
    def polynomial(self) -> Polynomial:
        """The loss on the cell."""
        return self.undecayed + self.decay if self.instance.squares else self.undecayed

    @cached_property
    def blocks(self) -> dict[str, Polynomial]:
        """The blocks phi_0, .., phi_{L+2} of Theorem 1 (hinge losses), or the residuals r_i (squared loss).

        phi_0 holds the terms without a bias, phi_l those with the bias of layer l, phi_{L+1} those with the output
        bias, phi_{L+2} the constant. A block ``decay`` is added when there is weight decay or a penalty.
        """
        result: dict[str, Polynomial] = {}
        if self.instance.loss.is_hinge:
            last = self.instance.network.hidden_layers + 2
            parts: list[list[tuple[tuple[int, ...], Rational]]] = [[] for _ in range(last + 1)]
            for monomial, coefficient in self.undecayed.terms:
                bias = max((self._bias_layer[j] for j in monomial), default=last)
                parts[bias].append((monomial, coefficient))
            result = {f"phi_{j}": self.ring.from_terms(part) for j, part in enumerate(parts)}
        else:
            for i, row in enumerate(self.residuals, 1):
                for r, residual in enumerate(row, 1):
                    result[f"r_{i}" if len(row) == 1 else f"r_{i}_{r}"] = residual
        if self.instance.squares:
            result["decay"] = self.decay
        return result

    @cached_property
    def _layer(self) -> tuple[int, ...]:
        """The layer (counted from 1) of each parameter."""
        return tuple(
            number
            for number, (layer, _, _) in enumerate(self.instance.network.spans(), 1)
            for _ in range(layer.parameters)
        )

    @cached_property
    def _bias_layer(self) -> tuple[int, ...]:
        """The layer of each parameter that is a bias, 0 for weights."""
        return tuple(
            number if name.startswith("b") else 0 for name, number in zip(self.ring.names, self._layer, strict=True)
        )

    @cached_property
    def is_multilinear(self) -> bool:
        """Whether the loss (without decay) is multi-affine and each phi_l is linear in each of its arguments.

        A proof by inspection of all terms: phi_l is multilinear in (b_l, W_{l+1}, .., W_{L+1}) iff every term has
        exactly one variable of each of these blocks and no other. Laurent and von Brecht, ICML 2018, Theorem 1.
        """
        if not self.undecayed.is_multi_affine:
            return False
        if not self.instance.loss.is_hinge:
            return True
        layers = len(self.instance.network.layers)
        for monomial, _ in self.undecayed.terms:
            bias = max((self._bias_layer[j] for j in monomial), default=layers + 1)
            first = bias if bias else 1
            if sorted(self._layer[j] for j in monomial) != list(range(first, layers + 1)):
                return False
            if sum(1 for j in monomial if self._bias_layer[j]) != (1 if 0 < bias <= layers else 0):
                return False
        return True

    @cached_property
    def laplacian(self) -> Polynomial:
        """The trace of the Hessian, as a polynomial."""
        return self.polynomial.laplacian()

    @property
    def is_trace_zero(self) -> bool:
        """Whether the Hessian has trace zero at every point, as a polynomial identity: the loss is harmonic."""
        return self.laplacian.is_zero

    @cached_property
    def laplacian_squares(self) -> tuple[tuple[Rational, Polynomial], ...]:
        """Pairs (c, q), c > 0, such that the Laplacian of a squared loss is sum c q^2 + weight_decay * n.

        The q are the partial derivatives of the outputs: Milne, proof of Lemma 2. The identity holds because the
        outputs are multi-affine, hence harmonic.
        """
        points = len(self.instance.x)
        return tuple(
            (2 * self.instance.loss.weight(i, 0, points), derivative)
            for i, row in enumerate(self.residuals)
            for output in row
            for j in range(len(self.ring.names))
            if not (derivative := output.derivative(j)).is_zero
        )

    @cached_property
    def laplacian_is_sum_of_squares(self) -> bool:
        """Whether the identity of `laplacian_squares` holds, checked as an identity of polynomials."""
        total = self.ring.constant(self.instance.loss.weight_decay * len(self.ring.names)).value
        for c, q in self.laplacian_squares:
            total = total + to_flint(c) * q.value**2
        return not self.instance.loss.is_hinge and bool(total == self.laplacian.value)

    @cached_property
    def is_flat(self) -> bool:
        """Whether the loss is constant on the cell.

        A squared loss is iff the outputs are: its Laplacian is a sum of squares of their derivatives.
        """
        if self.instance.squares or self.instance.loss.is_hinge:
            return self.polynomial.is_constant
        return all(output.is_constant for row in self.outputs for output in row)

    @cached_property
    def _jets(self) -> list[tuple[Rational, Rational | None, Polynomial]]:
        """The loss as a sum of (weight, target, output): weight * (output - target)^2, or weight * output."""
        points = len(self.instance.x)
        if self.instance.loss.is_hinge:
            return [(mpq(1), None, self.undecayed)]
        return [
            (self.instance.loss.weight(i, 0, points), mpq(0), residual)
            for i, row in enumerate(self.residuals)
            for residual in row
        ]

    def value(self, point: Sequence[Rational]) -> Rational:
        """The polynomial's value at a point (the loss, when the point lies in the closed cell)."""
        return self.polynomial.evaluate(point)

    def gradient(self, point: Sequence[Rational]) -> Vector:
        """The gradient of the polynomial at a point."""
        total = [mpq(0)] * len(point)
        for c, i, k in self.instance.squares:
            slope = 2 * c * (point[i] - (0 if k is None else point[k]))
            total[i] += slope
            if k is not None:
                total[k] -= slope
        for weight, target, output in self._jets:
            value, first, _ = multi_affine_jet(output, point, order=1)
            factor = weight if target is None else 2 * weight * value
            for j, slope in first.items():
                total[j] += factor * slope
        return tuple(total)

    def hessian(self, point: Sequence[Rational]) -> Matrix:
        """The Hessian matrix of the polynomial at a point."""
        size = len(point)
        total = [[mpq(0)] * size for _ in range(size)]
        for c, p, q in self.instance.squares:
            total[p][p] += 2 * c
            if q is not None:
                total[q][q] += 2 * c
                total[p][q] -= 2 * c
                total[q][p] -= 2 * c
        for weight, target, output in self._jets:
            value, first, second = multi_affine_jet(output, point, order=2)
            factor = weight if target is None else 2 * weight * value
            for (i, j), entry in second.items():
                total[i][j] += factor * entry
                total[j][i] += factor * entry
            if target is not None:
                for i, a in first.items():
                    for j, b in first.items():
                        total[i][j] += 2 * weight * a * b
        return tuple(tuple(row) for row in total)

    def inertia(self, point: Sequence[Rational]) -> Inertia:
        """The numbers of positive, negative and zero eigenvalues of the Hessian at a point."""
        return inertia(self.hessian(point))

    @cached_property
    def lemma_2(self) -> BinaryCoefficients | None:
        """The coefficients of Lemma 2, summed from the signs and the data; None where the lemma does not apply.

        It applies to one dense hidden layer, one dense output layer without activation, and the binary hinge.
        """
        instance, network = self.instance, self.instance.network
        dense = all(layer.kind == "dense" for layer in network.layers)
        if network.hidden_layers != 1 or instance.loss.kind != "hinge" or network.output_activation or not dense:
            return None
        neurons, dimension = network.widths[1], network.widths[0]
        a = [[mpq(0)] * dimension for _ in range(neurons)]
        alpha = [mpq(0)] * neurons
        gamma = delta = mpq(0)
        for i, (hidden, (active,)) in enumerate(self.columns):
            unit = instance.units[i][0]
            if active <= 0:
                continue
            label = -unit.terms[0][1]
            gamma += unit.weight * label
            delta += unit.weight
            for k, s in enumerate(hidden):
                factor = unit.weight * label * network.slope(s)
                alpha[k] += factor
                for j, value in enumerate(instance.x[i]):
                    a[k][j] += factor * value
        return BinaryCoefficients(tuple(tuple(row) for row in a), tuple(alpha), gamma, delta)

    def sympy(self) -> Any:
        """The loss on the cell as a SymPy expression."""
        return self.polynomial.sympy()

    def __repr__(self) -> str:
        size = sum(len(p) ** 2 for row in self.raw_outputs for p in row)  # of the squares, before they are expanded
        if self.instance.loss.is_hinge or size <= TERMS:
            return f"CellForm({self.signature!r}: {self.polynomial!r})"
        return f"CellForm({self.signature!r}: squares of {', '.join(self.blocks)})"

    def _repr_latex_(self) -> str:
        """The loss, of the squared kind by its residuals, so that nothing long is expanded."""
        if self.instance.loss.is_hinge:
            lines = [("\\ell", self.polynomial.latex_lines())]
        else:
            rows, points = self.instance.loss.weights, len(self.instance.x)
            common = self.instance.loss.weight(0, 0, points) if isinstance(rows, str) else None
            factor = factor_latex(self.instance.loss.factor if common is None else common)
            weight = r"\mu_i " if common is None else ""
            decay = r" + \text{decay}" if self.instance.squares else ""
            lines = [("\\ell", [rf"{factor}\sum_i {weight}\lVert r_i \rVert^2{decay}"])]
            shown = list(self.blocks.items())
            lines += [(_block_latex(name), block.latex_lines()) for name, block in shown[:ROWS]]
            if len(shown) > ROWS:
                lines.append(("", [rf"\vdots \quad ({len(shown)}\text{{ of them}})"]))
        equal, between = "&=", r" \\ &"
        body = r" \\ ".join(f"{name} {equal if name else '&'} {between.join(parts)}" for name, parts in lines)
        return rf"$\displaystyle \begin{{aligned}} {body} \end{{aligned}}$"


def multi_affine_jet(
    polynomial: Polynomial, point: Sequence[Rational], order: int
) -> tuple[Rational, dict[int, Rational], dict[tuple[int, int], Rational]]:
    """Value, first and mixed second derivatives (i < j) of a multi-affine polynomial at a point.

    >>> x, y = Ring(("x", "y")).variables
    >>> multi_affine_jet(x * y + x, [mpq(2), mpq(3)], order=2)
    (mpq(8,1), {0: mpq(4,1), 1: mpq(2,1)}, {(0, 1): mpq(1,1)})
    """
    value = mpq(0)
    first: dict[int, Rational] = {}
    second: dict[tuple[int, int], Rational] = {}
    for monomial, coefficient in polynomial.terms:
        zeros = [j for j in monomial if not point[j]]
        if len(zeros) > order:
            continue
        for position, j in enumerate(monomial):
            partial = coefficient
            for k in monomial:
                if k != j:
                    partial *= point[k]
            if partial:
                first[j] = first.get(j, mpq(0)) + partial
            if order > 1:
                for k in monomial[position + 1 :]:
                    mixed = coefficient
                    for m in monomial:
                        if m not in (j, k):
                            mixed *= point[m]
                    if mixed:
                        second[j, k] = second.get((j, k), mpq(0)) + mixed
        if not zeros:
            product = coefficient
            for j in monomial:
                product *= point[j]
            value += product
    return value, first, second
