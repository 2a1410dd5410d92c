"""The proof checker of exactrelu: it trusts nobody, and it needs nothing but the Python standard library.

    python checker.py [--json] FILE...        ("-" is standard input; the file runs wherever it is copied to)

Exit status 0: all accepted. 1: some certificate is rejected, and the line says where and why. 2: some file is
malformed (no JSON, a missing or unknown key, a wrong shape, a bad number). This text is the specification of
``exactrelu.certificate/1``; the indented examples are complete but for the common keys, and the tests run
them.

Conventions
===========
A certificate is one JSON object with the common keys ``"format": "exactrelu.certificate/1"``, ``"kind"``,
``"problem"`` (a whole ``exactrelu.problem/1`` object; for the kind "chambers" an ``exactrelu.arrangement/1``
object) and ``"statement"`` (words for people: printed, *never trusted*), and the keys of its kind. No other
keys, no key twice. What is proved is proved of the problem that is embedded. The words in the last brackets
of the output are the checker's own. Limits: a number of more than 200,000 characters, an exponent beyond
100,000 and a network of more than 10^6 weights are malformed; polynomials of more than 500,000 terms are not
expanded, and the certificate is rejected.

*Numbers* are JSON integers, JSON decimals taken as written (0.1 is 1/10) or strings "3", "-2/7", "0.25",
"1e-3". *Points* of parameter space are objects of arrays {"W1": [[..]], "b1": [..], "W2": .., ..} as in a
problem file (w1, w2 flat for structured layers, no b where there is no bias). *Variables* are named W1_2_3
(row 2, column 3 of W1), w1_3, b1_2 and ordered layer by layer, weights before biases. A *polynomial* maps
monomials (names in that order separated by blanks, repeated for powers, "" for 1) to coefficients that are
not 0: {"": "1", "W1_1_1 W2_1_1": "-1/8"}.

*Loss*: factor * sum_i weight_i * l_i + weight_decay/2 * |all parameters|^2, with weight_i = 1/N ("mean", the
default), 1 ("sum") or as listed (for one-versus-all a row of weights, one for each class). The activation is
s(t) = s_plus max(t, 0) + s_minus min(t, 0). With output o and target y, l = |o - y|^2 for "squared";
otherwise l is the sum of max(u, 0) over the *loss units* u: 1 - y o ("hinge"); 1 + o_r - o_y for each class r
other than y ("multiclass-hinge"); 1 - o_r for r = y and 1 + o_r for the other classes r ("one-vs-all-hinge").

*Units*: for each data point, layer by layer, the pre-activations z of the hidden units (and of the output
units, if "output_activation"), then the loss units. A *signature* gives their signs + - 0, data points
separated by ";", layers (the loss units are the last one) by ",". Positions count from 0 and skip the
separators. Given the signs of the units before it, a unit is a polynomial in the parameters: an activation of
sign + or - is multiplication by s_plus or s_minus. A unit *vanishes identically* if that polynomial is zero.
A *cell* is the set of all parameters with a given signature in which 0 stands only for units that vanish
identically; it is open, and the loss on it is one polynomial.

The examples speak of P: one ReLU neuron without bias on the line, data 1 and -1, targets 0 and 1, so that the
loss is (v max(w, 0) - 0)^2 + (v max(-w, 0) - 1)^2. The file would hold P whole in the place of "problem":

    {"format": "exactrelu.problem/1",
     "network": {"widths": [1, 1, 1], "activation": "relu", "bias": [false, false]},
     "loss": {"kind": "squared", "weights": "sum"}, "data": {"x": [["1"], ["-1"]], "y": ["0", "1"]}}

chambers: the chambers of the hyperplanes <normal, x> = offset
==============================================================
Each witness must have the signs of <normal, x> - offset that are listed, 0 only where normal and offset are
zero; the sign vectors must differ. If "complete", the length of the list must be the number of chambers,
which the checker counts by itself: count(A) = count(A without h) + count(A restricted to h). Problem of the
example: {"normals": [[1, 0], [0, 1]]}.

    {"kind": "chambers", "complete": true, "chambers": [
      {"signs": "++", "witness": ["1", "1"]}, {"signs": "+-", "witness": ["1", "-1"]},
      {"signs": "-+", "witness": ["-1", "1"]}, {"signs": "--", "witness": ["-1", "-1"]}]}

cells: cells of parameter space, of one layer, or of the input
==============================================================
"space" is {"kind": "parameters"}; {"kind": "layer", "layer": l, "at": point}, in which only layer l (from 1)
varies; or {"kind": "input", "at": point}, in which x varies: one data point, no loss units. Each witness (a
whole point, equal to "at" outside layer l; or {"x": [..]}) must have the signature that is listed; a 0 must
vanish identically in the variables of the space; signatures must differ. If "complete", there is a "proof",
by one of two rules.

*product* (whole parameter space, one hidden layer, squared loss, no output activation: all kinks are in layer
1). Layer 1 dense: each neuron sees the arrangement of the data points (with a last entry 1 if layer 1 has a
bias); its chambers are listed and counted as above; there are (number of chambers) ^ (number of neurons)
cells. Layer 1 structured: the chambers of all units of all data points (data point by data point) in the
space of the layer's weights and biases. "count" is the number of cells; "cells" may list some of them, all or
none.

    {"kind": "cells", "space": {"kind": "parameters"}, "complete": true,
     "cells": [{"signature": "+;-", "witness": {"W1": [["1"]], "W2": [["1"]]}}],
     "proof": {"rule": "product", "count": "2",
               "chambers": [{"signs": "+-", "witness": ["1"]}, {"signs": "-+", "witness": ["-1"]}]}}

*refinement*: all cells are listed. On a *sheet* every unit is affine in the free variables, given the signs
before it. Sheets:
- layer, input: one sheet, the space itself. Parameters of a network without hidden layer: one, likewise.
- parameters, all kinks in layer 1 (as for *product*): one sheet; layer 1 is free, nothing else matters.
- parameters, one dense hidden layer of K neurons, a dense output layer with one output: 2^K sheets. Dividing
  v_k and multiplying (w_k, b_k) by |v_k| > 0 changes no unit's sign, and v_k = 0 on no open set, so v_k may
  be taken +1 or -1. The sheets are v = +..+, .., -..- in the order of itertools.product("+-", repeat=K); all
  but v is free.
Other spaces have no complete proof. For each sheet a *tree*: visit the units in the order of the signature. A
unit that is constant has its sign (0 for zero). At any other the tree branches, and the flat list has one
entry for it, depth first, + before -: 1 if both sides are followed, {"+": farkas} if + is empty and only - is
followed, {"-": farkas}, or both keys. A *farkas* object {position: multiplier > 0}, not empty, refutes the
inequalities sign_j f_j > 0 of the branching units on the path (this one with the sign of the empty side):
sum_j multiplier_j sign_j f_j must be a constant <= 0. A path that has passed all units is a cell, which must
be listed.

    {"kind": "cells", "space": {"kind": "parameters"}, "complete": true,
     "cells": [{"signature": "+;-", "witness": {"W1": [["1"]], "W2": [["1"]]}},
               {"signature": "-;+", "witness": {"W1": [["-1"]], "W2": [["1"]]}}],
     "proof": {"rule": "refinement",
               "trees": [[1, {"+": {"0": "1", "1": "1"}}, {"-": {"0": "1", "1": "1"}}]]}}

empty-cell: no point has this signature
=======================================
For each sheet one farkas object, over all units of the signature whose sign is + or - (constant ones too).

    {"kind": "empty-cell", "space": {"kind": "parameters"}, "signature": "+;+",
     "farkas": [{"0": "1", "1": "1"}]}

forms: the loss on some cells of parameter space
================================================
All is recomputed. Hinge kinds, L hidden layers: "blocks" are phi_0 (monomials without a bias), phi_l (those
with one from b_l, 1 <= l <= L + 1) and phi_{L+2} (the constant); squared: r_i (r_i_j for several outputs),
output minus target, i and j from 1. With weight decay also "decay" = weight_decay/2 * |parameters|^2. A zero
block is {}. "multilinear": the loss without decay has degree <= 1 in each variable and, for hinge kinds, each
monomial of phi_l has just one variable of each of b_l, W_{l+1}, .., W_{L+1} (of phi_0: W_1, .., W_{L+1}).
"trace_zero": the Laplacian of the loss is 0. "flat": the loss is constant. "hessian": the inertia at the
witness. Optional, squared: "laplacian_sum_of_squares": whether Laplacian = sum_i 2 weight_i sum_j |grad
o_ij|^2 + weight_decay * (number of parameters) as polynomials.

    {"kind": "forms", "cells": [{"signature": "+;-", "witness": {"W1": [["1"]], "W2": [["1"]]},
      "blocks": {"r_1": {"W1_1_1 W2_1_1": "1"}, "r_2": {"": "-1"}}, "multilinear": false, "trace_zero": false,
      "flat": false, "hessian": {"positive": 1, "negative": 1, "zero": 0}, "laplacian_sum_of_squares": true}]}

point: what holds at one point
==============================
"loss" and "signature" are recomputed. The point is *smooth* if each unit of sign 0 vanishes identically, or
is an activation with s_plus = s_minus: then the loss is one polynomial near it. L(t) stands for the loss
along a curve, a polynomial in t for all small t > 0. "decisions" has entries {"answer": .., "rule": .., ..}
or {"answer": "undecided", "reason": words}:

differentiable   yes  smooth
                 no   kink         "direction" d: the one-sided derivatives along d and -d do not add up to 0
clarke_critical  yes  zero-gradient      smooth, gradient 0
                 no   gradient           smooth, gradient not 0
local_minimum    yes  constant           smooth, the polynomial is constant
                 yes  sum-of-squares     smooth, squared, no decay: the cross term
                                         sum_ij weight_i r_ij(w*) (o_ij(w) - o_ij(w*)) is the zero polynomial
                                         in w, so L(w) - L(w*) = sum_ij weight_i (o_ij(w) - o_ij(w*))^2 >= 0
                 yes  positive-definite  smooth, gradient 0, positive definite Hessian
                 yes  zero-loss          the loss is 0
                 no   descent            "curve" [d_1, d_2, ..] is w + t d_1 + t^2 d_2 + .., at most 100 d_k;
                                         L(t) = L(0) + coefficient * t^order + higher, coefficient < 0; and
                                         "better" {"t", "loss"}: there, t > 0, L is exactly loss < L(0)
local_maximum    yes  constant           smooth, the polynomial is constant
                 no   ascent             likewise with coefficient > 0 and "worse" {"t", "loss"}, loss > L(0)
global_minimum   yes  zero-loss          the loss is 0
                 no   better-point       "point" and its "loss", which is smaller
kind             "flat"  constant        local_minimum is yes; smooth, the polynomial is constant
                 "sharp" not-constant    local_minimum is yes; smooth, the polynomial is not constant
                 null    none            local_minimum is no

"at" may name the point in problem.points that it is; "spurious": true claims local_minimum yes and
global_minimum no.

    {"kind": "point", "point": {"W1": [["1"]], "W2": [["0"]]}, "loss": "1", "signature": "+;-",
     "spurious": true,
     "decisions": {"differentiable": {"answer": "yes", "rule": "smooth"},
       "local_minimum": {"answer": "yes", "rule": "sum-of-squares"},
       "local_maximum": {"answer": "no", "rule": "ascent", "curve": [{"W1": [["0"]], "W2": [["1"]]}],
                         "order": 2, "coefficient": "1", "worse": {"t": "1", "loss": "2"}},
       "global_minimum": {"answer": "no", "rule": "better-point",
                          "point": {"W1": [["-1"]], "W2": [["1"]]}, "loss": "0"}}}
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm
from typing import Any, NamedTuple

DIGITS, EXPONENT, WEIGHTS, TERMS = 200_000, 100_000, 10**6, 500_000  # nothing larger is checked
ZERO, ONE = Fraction(0), Fraction(1)


class Malformed(ValueError):
    """The file is not a certificate: where, and what is wrong."""


class Rejected(Exception):
    """The proof has a hole: where, and what does not hold."""


@dataclass(frozen=True)
class Verdict:
    """The outcome of `check`: true iff accepted. ``reason``: what was proved, or what does not hold."""

    accepted: bool
    reason: str

    def __bool__(self) -> bool:
        return self.accepted


def require(condition: bool, reason: str) -> None:
    if not condition:
        raise Rejected(reason)


# ---------------------------------------- reading

NUMBER = re.compile(r"([+-]?)(?:(\d+)/(\d+)|(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?)", re.ASCII)


def show(value: object) -> str:
    """A short description of anything, for messages."""
    if isinstance(value, (dict, list, tuple)):
        return "an object" if isinstance(value, dict) else "a list"
    words = str(value) if isinstance(value, (int, Fraction)) else repr(value)
    return words if len(words) <= 60 else f"{words[:40]}... ({len(words)} characters)"


def number(value: Any, where: str) -> Fraction:
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        return Fraction(value)
    match = NUMBER.fullmatch(value) if isinstance(value, str) and len(value) <= DIGITS else None
    if match is None:
        raise Malformed(f"{where}: {show(value)} is not an exact number")
    sign, numerator, denominator, whole, decimals, exponent = match.groups(default="")
    if not numerator:
        if abs(int(exponent or 0)) > EXPONENT:
            raise Malformed(f"{where}: the exponent of {show(value)} is beyond {EXPONENT}")
        power = int(exponent or 0) - len(decimals)
        result = Fraction(int(whole + decimals) * 10 ** max(power, 0), 10 ** max(-power, 0))
    elif int(denominator):
        result = Fraction(int(numerator), int(denominator))
    else:
        raise Malformed(f"{where}: the denominator of {show(value)} is 0")
    return -result if sign == "-" else result


def members(value: Any, where: str, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Any]:
    required, optional = list(required), set(optional)
    if not isinstance(value, dict):
        raise Malformed(f"{where}: {show(value)} where an object is needed")
    missing = [key for key in required if key not in value]
    unknown = [key for key in value if key not in required and key not in optional]
    if missing or unknown:
        raise Malformed(f"{where}: {'missing' if missing else 'unknown'} key {show((missing or unknown)[0])}")
    return value


def items(value: Any, where: str, length: int | None = None) -> Sequence[Any]:
    if not isinstance(value, (list, tuple)):
        raise Malformed(f"{where}: {show(value)} where a list is needed")
    if length is not None and len(value) != length:
        raise Malformed(f"{where}: {len(value)} entries where {length} are needed")
    return value


def vector(value: Any, where: str, length: int | None = None) -> list[Fraction]:
    return [number(entry, f"{where}[{k}]") for k, entry in enumerate(items(value, where, length))]


def matrix(value: Any, where: str, rows: int, columns: int) -> list[list[Fraction]]:
    return [vector(row, f"{where}[{k}]", columns) for k, row in enumerate(items(value, where, rows))]


def of_type(kind: type, value: Any, where: str) -> Any:
    if type(value) is not kind:
        raise Malformed(f"{where}: {show(value)} where a value of type {kind.__name__} is needed")
    return value


def natural(value: Any, where: str, least: int = 1) -> int:
    if of_type(int, value, where) < least:
        raise Malformed(f"{where}: {show(value)} where an integer >= {least} is needed")
    return int(value)


# ---------------------------------------- polynomials


class Polynomial:
    """A polynomial over Q that is not constant: {sorted tuple of variables: coefficient}.

    Constants are plain Fractions: an *element* is a Fraction or a Polynomial, and ZERO is the only zero.
    One class for polynomials in the parameters, affine forms, and polynomials in t (which is variable 0).
    """

    def __init__(self, terms: dict[tuple[int, ...], Fraction]):
        self.terms = terms

    def __add__(self, other: Any) -> Any:
        return total((self, other))

    def __mul__(self, other: Any) -> Any:
        product: dict[tuple[int, ...], Fraction] = {}
        bounded(len(self.terms) * len(terms(other)) // 20)
        for (m, a), (n, b) in itertools.product(self.terms.items(), terms(other).items()):
            key = tuple(sorted(m + n)) if n else m
            product[key] = product.get(key, ZERO) + a * b
        bounded(len(product))
        return element(product)

    __radd__, __rmul__ = __add__, __mul__


Element = Any  # Fraction | Polynomial


def bounded(size: int) -> None:
    require(size <= TERMS, "a polynomial is too large to be expanded")


def terms(value: Element) -> dict[tuple[int, ...], Fraction]:
    return value.terms if isinstance(value, Polynomial) else {(): value} if value else {}


def element(terms: dict[tuple[int, ...], Fraction]) -> Element:
    terms = {monomial: c for monomial, c in terms.items() if c}
    return Polynomial(terms) if any(terms) else terms.get((), ZERO)


def total(summands: Iterable[Element]) -> Element:
    result: dict[tuple[int, ...], Fraction] = {}
    for summand in summands:
        for monomial, c in terms(summand).items():
            result[monomial] = result.get(monomial, ZERO) + c
        bounded(len(result))
    return element(result)


def variables(count: int) -> list[Element]:
    return [Polynomial({(index,): ONE}) for index in range(count)]


def gradient(p: Element, size: int) -> list[Element]:
    parts: list[dict[tuple[int, ...], Fraction]] = [{} for _ in range(size)]
    for m, c in terms(p).items():
        for v in set(m):
            k = m.index(v)
            parts[v][m[:k] + m[k + 1 :]] = c * m.count(v)
    return [element(part) for part in parts]


def value_at(p: Element, point: Sequence[Fraction]) -> Fraction:
    value = ZERO
    for m, c in terms(p).items():
        for v in m:
            c *= point[v]
        value += c
    return value


def sign(value: Element) -> str:
    """The sign of a number; of a polynomial in t, its sign for all small t > 0."""
    if isinstance(value, Polynomial):
        value = value.terms[min(value.terms, key=len)]
    return "+" if value > 0 else "-" if value < 0 else "0"


def hessian_inertia(p: Element, point: Sequence[Fraction]) -> tuple[int, int, int]:
    n = len(point)
    return inertia([[value_at(second, point) for second in gradient(first, n)] for first in gradient(p, n)])


def inertia(rows: Iterable[Sequence[Fraction]]) -> tuple[int, int, int]:
    """How many positive, negative and zero squares a symmetric matrix has, by congruence (Sylvester)."""
    a, squares = [list(row) for row in rows], []
    while a:
        pivot = next((k for k in range(len(a)) if a[k][k]), None)
        if pivot is None:  # the diagonal is 0: add row and column j to row and column i, then a_ii = 2 a_ij
            pair = next(((i, j) for i in range(len(a)) for j in range(i) if a[i][j]), None)
            if pair is None:
                break
            pivot, j = pair
            a[pivot] = [p + q for p, q in zip(a[pivot], a[j], strict=True)]
            for row in a:
                row[pivot] += row[j]
        top = a.pop(pivot)
        d = top.pop(pivot)
        squares.append(d)
        for row in a:
            ratio = row.pop(pivot) / d
            row[:] = [p - ratio * q for p, q in zip(row, top, strict=True)]
    return sum(d > 0 for d in squares), sum(d < 0 for d in squares), len(a)


# ---------------------------------------- the problem: network, data, loss


class Layer(NamedTuple):
    """z -> W z + b, with W[r, column] = the sum of coefficient * parameter[start + weight] over rows[r]."""

    dense: bool
    rows: list[list[tuple[int, int, Fraction]]]  # (column, weight, coefficient)
    start: int
    size: int  # how many weights; the biases, one for each unit, follow
    bias: bool
    activated: bool

    @property
    def end(self) -> int:
        return self.start + self.size + (len(self.rows) if self.bias else 0)


@dataclass(frozen=True)
class Problem:
    layers: list[Layer]
    inputs: int
    slopes: dict[str, Fraction]  # by the sign of the unit
    kind: str
    weights: list[list[Fraction]]  # of data point i (and class r, for one-versus-all); the factor included
    weight_decay: Fraction
    x: list[list[Fraction]]
    y: list[Any]  # a label, or for the squared loss a vector
    points: dict[str, list[Fraction]]

    @property
    def outputs(self) -> int:
        return len(self.layers[-1].rows)

    @property
    def size(self) -> int:
        return self.layers[-1].end

    @property
    def kinks_in_layer_1(self) -> bool:
        return len(self.layers) == 2 and self.kind == "squared" and not self.layers[1].activated

    def arrays(self) -> Iterator[tuple[str, int, int]]:
        """Name, rows and columns of the arrays of a point; 0 rows: a flat list."""
        inputs = self.inputs
        for k, layer in enumerate(self.layers, 1):
            yield (f"W{k}", len(layer.rows), inputs) if layer.dense else (f"w{k}", 0, layer.size)
            if layer.bias:
                yield f"b{k}", 0, len(layer.rows)
            inputs = len(layer.rows)

    def names(self) -> Iterator[str]:
        for name, rows, columns in self.arrays():
            for r in range(1, max(rows, 1) + 1):
                yield from (f"{name}_{r}_{c}" if rows else f"{name}_{c}" for c in range(1, columns + 1))

    def point(self, value: Any, where: str) -> list[Fraction]:
        members(value, where, [name for name, _, _ in self.arrays()])
        point: list[Fraction] = []
        for name, rows, columns in self.arrays():
            spot, array = f"{where}.{name}", value[name]
            for row in matrix(array, spot, rows, columns) if rows else [vector(array, spot, columns)]:
                point += row
        return point

    def groups(self) -> list[int]:
        """How many units the layers of a signature have; the loss units come last."""
        widths = [len(layer.rows) for layer in self.layers if layer.activated]
        return widths if self.kind == "squared" else [*widths, len(self.loss_units(0))]

    def loss_units(self, i: int) -> list[tuple[Fraction, dict[int, int]]]:
        """The units u = 1 + sum_r c_r o_r of data point i, as pairs (weight, {r: c_r})."""
        y, w = self.y[i], self.weights[i]
        if self.kind == "hinge":
            return [(w[0], {0: -y})]
        if self.kind == "multiclass-hinge":
            return [(w[0], {r: 1, y: -1}) for r in range(self.outputs) if r != y]
        return [(w[r], {r: -1 if r == y else 1}) for r in range(self.outputs)]


def read_layer(value: Any, where: str, inputs: int, outputs: int, channels_before: int) -> tuple[Any, ...]:
    """(dense, rows, number of weights, channels)."""
    kind = value.get("kind") if isinstance(value, dict) else None
    if kind == "dense":
        members(value, where, ["kind"])
        rows = [[(c, r * inputs + c, ONE) for c in range(inputs)] for r in range(outputs)]
        return True, rows, inputs * outputs, 1
    if kind == "linear":
        basis = items(members(value, where, ["kind", "basis"])["basis"], f"{where}.basis")
        if not basis:
            raise Malformed(f"{where}.basis: an empty list")
        bs = [matrix(b, f"{where}.basis[{k}]", outputs, inputs) for k, b in enumerate(basis)]
        places = list(itertools.product(range(inputs), range(len(bs))))
        rows = [[(c, k, bs[k][r][c]) for c, k in places if bs[k][r][c]] for r in range(outputs)]
        return False, rows, len(bs), 1
    if kind != "conv1d":
        raise Malformed(f"{where}: a layer has the kind dense, conv1d or linear")
    members(value, where, ["kind", "channels", "kernel"], ["stride"])
    channels, kernel = (natural(value[key], f"{where}.{key}") for key in ("channels", "kernel"))
    stride = natural(value.get("stride", 1), f"{where}.stride")
    length, rest = divmod(inputs, channels_before)
    steps = (length - kernel) // stride + 1
    if rest or kernel > length or channels * steps != outputs:
        raise Malformed(f"{where}: channels, kernel and stride do not fit the widths {inputs} and {outputs}")
    taps = list(itertools.product(range(channels_before), range(kernel)))
    rows = [
        [(i * length + step * stride + k, (channel * channels_before + i) * kernel + k, ONE) for i, k in taps]
        for channel in range(channels)
        for step in range(steps)
    ]
    return False, rows, channels * channels_before * kernel, channels


def read_network(value: Any, where: str) -> tuple[int, list[Layer], dict[str, Fraction]]:
    """The input width, the layers, and the slopes of the activation."""
    members(value, where, ["widths", "activation"], ["bias", "layers", "output_activation"])
    widths = [natural(n, f"{where}.widths") for n in items(value["widths"], f"{where}.widths")]
    count = len(widths) - 1
    if count < 1 or sum(a * b for a, b in itertools.pairwise(widths)) > WEIGHTS:
        raise Malformed(f"{where}.widths: too few, or more than {WEIGHTS} weights")
    bias = items(value.get("bias", [True] * count), f"{where}.bias", count)
    kinds = items(value.get("layers", [{"kind": "dense"}] * count), f"{where}.layers", count)
    activated = of_type(bool, value.get("output_activation", False), f"{where}.output_activation")
    layers: list[Layer] = []
    start, channels = 0, 1
    for k in range(count):
        spot = f"{where}.layers[{k}]"
        dense, rows, size, channels = read_layer(kinds[k], spot, widths[k], widths[k + 1], channels)
        with_bias = of_type(bool, bias[k], f"{where}.bias[{k}]")
        layers.append(Layer(dense, rows, start, size, with_bias, activated or k < count - 1))
        start = layers[-1].end
    activation, where = value["activation"], f"{where}.activation"
    if activation == "relu" or activation == "linear":
        plus, minus = ONE, ONE if activation == "linear" else ZERO
    elif isinstance(activation, dict) and "leaky" in activation:
        plus, minus = ONE, number(members(activation, where, ["leaky"])["leaky"], f"{where}.leaky")
        if not 0 < minus < 1:
            raise Malformed(f"{where}.leaky: a slope between 0 and 1 is needed")
    else:
        plus, minus = vector(members(activation, where, ["slopes"])["slopes"], f"{where}.slopes", 2)
        if plus <= 0 or minus < 0:
            raise Malformed(f"{where}.slopes: s_plus > 0 and s_minus >= 0 are needed")
    # A unit of sign 0 has the value 0, whatever its slope; with one slope for both signs it has that slope.
    return widths[0], layers, {"+": plus, "-": minus, "0": plus if plus == minus else ZERO}


def read_target(value: Any, where: str, kind: str, outputs: int) -> Any:
    if kind == "squared":
        return vector(value if isinstance(value, (list, tuple)) else [value], where, outputs)
    label = number(value, where)
    if label not in ((-1, 1) if kind == "hinge" else range(outputs)):
        raise Malformed(f"{where}: {show(value)} is not a label of the loss {kind}")
    return int(label)


def read_problem(value: Any, where: str = "problem") -> Problem:
    read_header(value, "exactrelu.problem/1", ["network", "loss", "data"], ["points"])
    inputs, layers, slopes = read_network(value["network"], f"{where}.network")
    outputs = len(layers[-1].rows)
    loss = members(value["loss"], f"{where}.loss", ["kind"], ["factor", "weights", "weight_decay"])
    kind = loss["kind"]
    if kind not in ("hinge", "multiclass-hinge", "one-vs-all-hinge", "squared"):
        raise Malformed(f"{where}.loss.kind: unknown loss {show(kind)}")
    if (kind == "hinge" and outputs != 1) or (kind.endswith("-hinge") and outputs == 1):
        raise Malformed(f"{where}.loss.kind: the loss {kind} does not fit {outputs} outputs")
    factor = number(loss.get("factor", 1), f"{where}.loss.factor")
    weight_decay = number(loss.get("weight_decay", 0), f"{where}.loss.weight_decay")
    data = members(value["data"], f"{where}.data", ["x", "y"])
    n = len(items(data["x"], f"{where}.data.x"))
    x = matrix(data["x"], f"{where}.data.x", n, inputs)
    targets = items(data["y"], f"{where}.data.y", n)
    y = [read_target(t, f"{where}.data.y[{i}]", kind, outputs) for i, t in enumerate(targets)]
    given, columns = loss.get("weights", "mean"), outputs if kind == "one-vs-all-hinge" else 1
    if given == "mean" or given == "sum":
        weights = [[Fraction(1, max(n, 1)) if given == "mean" else ONE] * columns] * n
    elif columns > 1:
        weights = matrix(given, f"{where}.loss.weights", n, columns)
    else:
        weights = [[w] for w in vector(given, f"{where}.loss.weights", n)]
    if n == 0 or factor <= 0 or weight_decay < 0 or any(w <= 0 for row in weights for w in row):
        raise Malformed(f"{where}: data, a factor > 0, weights > 0 and a weight_decay >= 0 are needed")
    weights = [[factor * w for w in row] for row in weights]
    problem = Problem(layers, inputs, slopes, kind, weights, weight_decay, x, y, {})
    for name, point in of_type(dict, value.get("points", {}), f"{where}.points").items():
        problem.points[name] = problem.point(point, f"{where}.points.{name}")
    return problem


def read_header(value: Any, form: str, required: list[str], optional: list[str]) -> None:
    members(value, "problem", ["format", *required], ["name", "source", *optional])
    if value["format"] != form:
        raise Malformed(f"problem.format: {show(value['format'])} where {form} is needed")
    for key in ("name", "source"):
        of_type(str, value.get(key, ""), f"problem.{key}")


def forward(
    problem: Problem,
    parameters: Sequence[Element],
    x: Sequence[Element],
    i: int | None,
    sign_of: Callable[[Element], str],
) -> tuple[list[Element], Element]:
    """The outputs at x and (with the target of data point i) the weighted sum of max(loss unit, 0).

    ``sign_of`` is asked for the sign of every unit, in the order of the signature.
    """
    values = list(x)
    for layer in problem.layers:
        sums = pre_activations(layer, parameters, values)
        values = [problem.slopes[sign_of(z)] * z for z in sums] if layer.activated else sums
    hinge: Element = ZERO
    if i is not None and problem.kind != "squared":
        for weight, coefficients in problem.loss_units(i):
            unit = loss_unit(coefficients, values)
            hinge = hinge + (weight * unit if sign_of(unit) == "+" else ZERO)
    return values, hinge


def pre_activations(layer: Layer, parameters: Sequence[Element], values: Sequence[Element]) -> list[Element]:
    sums, bias, size = [], layer.start + layer.size, 0
    for r, row in enumerate(layer.rows):
        products = [
            (w if c == 1 else c * w) * values[column]
            for column, weight, c in row
            if (w := parameters[layer.start + weight]) and values[column]
        ]
        if layer.bias:
            products.append(parameters[bias + r])
        sums.append(total(products))
        size += len(terms(sums[-1]))
        bounded(size)
    return sums


def loss_unit(coefficients: dict[int, int], outputs: Sequence[Element]) -> Element:
    return total([ONE, *(c * outputs[r] for r, c in coefficients.items())])


class Signs:
    """Answers `forward`: takes the signs from a signature, or else from the units; remembers both."""

    def __init__(self, given: str | None = None):
        self.given, self.found, self.forms = given, "", list[Element]()

    def __call__(self, form: Element) -> str:
        self.found += sign(form) if self.given is None else self.given[len(self.found)]
        self.forms.append(form)
        return self.found[-1]


Passes = list[tuple[list[Element], Element]]


def passes(problem: Problem, parameters: Sequence[Element], sign_of: Callable[[Element], str]) -> Passes:
    """`forward` for all data points in order."""
    return [forward(problem, parameters, x, i, sign_of) for i, x in enumerate(problem.x)]


def loss(problem: Problem, results: Passes) -> Element:
    """The loss without weight decay, given the outputs and hinge losses of the data points."""
    parts: list[Element] = []
    for i, (outputs, hinge) in enumerate(results):
        parts.append(hinge)
        if problem.kind == "squared":
            residuals = [o + -y for o, y in zip(outputs, problem.y[i], strict=True)]
            parts += [problem.weights[i][0] * r * r for r in residuals]
    return total(parts)


def decay(problem: Problem, parameters: Sequence[Element]) -> Element:
    return total(problem.weight_decay / 2 * p * p for p in parameters) if problem.weight_decay else ZERO


# ---------------------------------------- chambers


def integral(row: Sequence[Fraction]) -> list[int]:
    """The row times a positive number that makes it integral."""
    scale = lcm(*(entry.denominator for entry in row))
    return [entry.numerator * (scale // entry.denominator) for entry in row]


def primitive(row: Sequence[int]) -> tuple[int, ...]:
    """One representative of the hyperplane <row, x> = 0."""
    divisor = gcd(*row) if next(entry for entry in row if entry) > 0 else -gcd(*row)
    return tuple(entry // divisor for entry in row)


def count_chambers(rows: Iterable[Sequence[int]], limit: int) -> int:
    """The number of chambers of the hyperplanes <row, x> = 0, or some number > limit if it exceeds the limit.

    Each h adds as many chambers as the hyperplanes before it, restricted to h, have. (The recursion is
    shallow: rank r means at least 2^r chambers, so the limit is met first.)
    """
    hyperplanes = list(dict.fromkeys(primitive(row) for row in rows if any(row)))
    if hyperplanes and len(hyperplanes[0]) == 2:  # lines through the origin of the plane
        return 2 * len(hyperplanes)
    result = 1
    for k, h in enumerate(hyperplanes):
        if result > limit:
            break
        p = next(j for j, entry in enumerate(h) if entry)  # on h, coordinate p is a function of the others
        rest = [j for j in range(len(h)) if j != p]
        restricted = [[h[p] * g[j] - g[p] * h[j] for j in rest] for g in hyperplanes[:k]]
        result += count_chambers(restricted, limit - result)
    return result


def verify_chambers(rows: list[list[Fraction]], listed: Any, where: str, complete: bool, affine: bool) -> int:
    """How many chambers are listed; affine: rows end with -offset, the last coordinate is 1."""
    normals, seen = [integral(row) for row in rows], set()
    for k, entry in enumerate(items(listed, where)):
        spot = f"{where}[{k}]"
        members(entry, spot, ["signs", "witness"])
        witness = vector(entry["witness"], f"{spot}.witness", len(rows[0]) - affine)
        x = integral([*witness, ONE] if affine else witness)
        products = [sum(a * b for a, b in zip(h, x, strict=True)) for h in normals]
        found = "".join("+" if p > 0 else "-" if p < 0 else "0" for p in products)
        inside = all(p or not any(h) for p, h in zip(products, normals, strict=True))
        claimed = of_type(str, entry["signs"], f"{spot}.signs")
        require(claimed == found, f"{spot}: the witness has the signs {show(found)}")
        require(inside, f"{spot}: the witness lies on a hyperplane")
        require(found not in seen, f"{spot}: the same signs twice")
        seen.add(found)
    if complete:
        # An affine arrangement is one half of the central one that contains the hyperplane at infinity too.
        infinity = [[0] * (len(rows[0]) - 1) + [1]] if affine else []
        halves = 2 if affine else 1
        count = count_chambers(normals + infinity, halves * len(seen)) // halves
        more = f"more than the {len(seen)} that are listed" if count > len(seen) else str(count)
        require(count == len(seen), f"{where}: {len(seen)} are listed, but there are {more}")
    return len(seen)


def check_chambers(certificate: dict[str, Any]) -> str:
    value = certificate["problem"]
    read_header(value, "exactrelu.arrangement/1", ["normals"], ["offsets"])
    count = len(items(value["normals"], "problem.normals"))
    dimension = len(items(value["normals"][0], "problem.normals[0]")) if count else 0
    if not dimension:
        raise Malformed("problem.normals: at least one normal with at least one entry is needed")
    rows = matrix(value["normals"], "problem.normals", count, dimension)
    offsets = vector(value.get("offsets", [0] * count), "problem.offsets", count)
    if any(offsets):
        rows = [[*row, -offset] for row, offset in zip(rows, offsets, strict=True)]
    complete = of_type(bool, certificate["complete"], "complete")
    listed = verify_chambers(rows, certificate["chambers"], "chambers", complete, any(offsets))
    return f"{listed} chambers" + (", and no others" if complete else "")


# ---------------------------------------- cells


@dataclass(frozen=True)
class Space:
    """Parameter space, one layer of it, or the input: variables for what is free, numbers for what is not."""

    problem: Problem
    kind: str
    parameters: list[Element]
    inputs: list[list[Element]]

    @property
    def groups(self) -> list[int]:
        groups = self.problem.groups()
        return groups[:-1] if self.kind == "input" and self.problem.kind != "squared" else groups

    def run(self, parameters: Sequence[Any], inputs: Sequence[Any], sign_of: Any) -> None:
        for i, x in enumerate(inputs):
            forward(self.problem, parameters, x, None if self.kind == "input" else i, sign_of)

    def run_by_groups(self, parameters: Sequence[Any], sign_of: Any) -> None:
        """As `run`, but a layer for all data points before the next one; the loss units come last."""
        problem, values = self.problem, list(self.inputs)
        for layer in problem.layers:
            values = [pre_activations(layer, parameters, v) for v in values]
            if layer.activated:
                values = [[problem.slopes[sign_of(z)] * z for z in sums] for sums in values]
        if self.kind != "input" and problem.kind != "squared":
            for i, outputs in enumerate(values):
                for _, coefficients in problem.loss_units(i):
                    sign_of(loss_unit(coefficients, outputs))

    def order(self) -> list[int]:
        """The positions of the units, in the order of `run_by_groups`."""
        width = sum(self.groups)
        starts = list(itertools.accumulate(self.groups, initial=0))
        points = range(len(self.inputs))
        return [i * width + j for a, b in itertools.pairwise(starts) for i in points for j in range(a, b)]

    def spell(self, signs: str) -> str:
        """The signature with these signs."""
        rest = iter(signs)
        point = [",".join("".join(itertools.islice(rest, n)) for n in self.groups) for _ in self.inputs]
        return ";".join(point)

    def signs(self, signature: Any, where: str) -> str:
        signs = str(of_type(str, signature, where)).replace(",", "").replace(";", "")
        fits = len(signs) == sum(self.groups) * len(self.inputs) and self.spell(signs) == signature
        if not fits or set(signs) - set("+-0"):
            raise Malformed(f"{where}: {show(signature)} does not have the shape of a signature")
        return signs

    def cell(self, signature: Any, witness: Any, where: str) -> tuple[str, list[Fraction]]:
        """The signs and the witness of a cell, after a check that it is a cell and the witness lies in it."""
        signs, point, inputs = self.signs(signature, f"{where}.signature"), self.parameters, self.inputs
        if self.kind == "input":
            x = members(witness, f"{where}.witness", ["x"])["x"]
            inputs = [vector(x, f"{where}.witness.x", self.problem.inputs)]
        else:
            point = self.problem.point(witness, f"{where}.witness")
            agree = all(type(p) is Polynomial or p == q for p, q in zip(self.parameters, point, strict=True))
            require(agree, f'{where}.witness: differs from "at" outside the layer')
        at_witness, on_cell = Signs(), Signs(signs)
        self.run(point, inputs, at_witness)
        require(at_witness.found == signs, f"{where}: the signature is {show(self.spell(at_witness.found))}")
        if "0" in signs:
            self.run(self.parameters, self.inputs, on_cell)
            for k, form in enumerate(on_cell.forms):
                require(signs[k] != "0" or form == ZERO, f"{where}: unit {k} is 0 at the witness only")
        return signs, point

    def sheets(self) -> tuple[int, Iterator[list[Element]]]:
        """How many sheets there are, and the parameters on each."""
        problem, layers = self.problem, self.problem.layers
        if self.kind != "parameters" or len(layers) == 1:
            return 1, iter([self.parameters])
        if problem.kinks_in_layer_1:
            end = layers[0].end
            return 1, iter([self.parameters[:end] + [ZERO] * (problem.size - end)])
        possible = len(layers) == 2 and layers[0].dense and layers[1].dense and problem.outputs == 1
        require(possible, "no complete proof exists for this space")
        first, neurons = layers[1].start, layers[1].size
        before, after = self.parameters[:first], self.parameters[first + neurons :]
        return 2**neurons, (before + list(v) + after for v in itertools.product((ONE, -ONE), repeat=neurons))


def read_space(problem: Problem, value: Any) -> Space:
    kind = value.get("kind") if isinstance(value, dict) else None
    if kind == "parameters":
        members(value, "space", ["kind"])
        return Space(problem, kind, variables(problem.size), list[list[Element]](problem.x))
    if kind not in ("layer", "input"):
        raise Malformed("space: an object of the kind parameters, layer or input is needed")
    members(value, "space", ["kind", "layer", "at"] if kind == "layer" else ["kind", "at"])
    point: list[Element] = list(problem.point(value["at"], "space.at"))
    if kind == "input":
        return Space(problem, kind, point, [variables(problem.inputs)])
    l = natural(value["layer"], "space.layer")
    if l > len(problem.layers):
        raise Malformed(f"space.layer: there are {len(problem.layers)} layers")
    free = slice(problem.layers[l - 1].start, problem.layers[l - 1].end)
    point[free] = variables(problem.size)[free]
    return Space(problem, kind, point, list[list[Element]](problem.x))


def verify_farkas(farkas: Any, inequalities: dict[int, Element], where: str) -> None:
    """That the inequalities form > 0 cannot hold together: a positive combination is a constant <= 0."""
    summands = []
    for key, m in of_type(dict, farkas, where).items():
        if re.fullmatch(r"0|[1-9]\d{0,9}", str(key), re.ASCII) is None:
            raise Malformed(f"{where}: {show(key)} is not a position")
        multiplier = number(m, f"{where}.{key}")
        require(int(key) in inequalities, f"{where}: there is no inequality at position {key}")
        require(multiplier > 0, f"{where}.{key}: the multiplier {show(m)} is not positive")
        summands.append(multiplier * inequalities[int(key)])
    combination = total(summands)
    refuted = bool(summands) and type(combination) is Fraction and combination <= 0
    require(refuted, f"{where}: the combination is not a constant <= 0, so nothing is refuted")


class EmptyRegion(Exception):
    """Both sides of a unit are refuted: nothing is left on this path of a tree."""


def verify_tree(space: Space, parameters: list[Element], tree: Any, where: str, listed: set[str]) -> None:
    """That all cells that meet the sheet are listed."""
    entries, order = enumerate(items(tree, where)), space.order()
    stack: list[tuple[str, dict[int, Element]]] = [("", {})]  # the paths that are still to be followed
    while stack:
        try:
            visited = follow_path(space, parameters, order, *stack.pop(), entries, stack, where)
        except EmptyRegion:
            continue
        signs = "".join(s for _, s in sorted(zip(order, visited, strict=True)))
        require(signs in listed, f"{where}: {show(space.spell(signs))} is neither listed nor refuted")
    require(next(entries, None) is None, f"{where}: entries are left over when the tree is complete")


def follow_path(
    space: Space,
    parameters: list[Element],
    order: list[int],
    known: str,
    inequalities: dict[int, Element],
    entries: Iterator[tuple[int, Any]],
    stack: list[tuple[str, dict[int, Element]]],
    where: str,
) -> str:
    """Go on from the ``known`` signs, where ``inequalities`` hold, to a cell; its signs. Where both sides are
    followed, take + and leave - on the stack. The signs are in the order of the visits.
    """
    signs = ""

    def sign_of(form: Element) -> str:
        nonlocal signs
        if len(signs) < len(known):
            choice = known[len(signs)]
        elif type(form) is Fraction:
            choice = sign(form)
        else:
            place, entry = next(entries, (-1, None))
            require(place >= 0, f"{where}: the list ends before the tree does")
            k, sides = order[len(signs)], {"+": form, "-": -ONE * form}
            refuted: dict[str, Any] = {}
            if type(entry) is not int or entry != 1:
                refuted = members(entry, f"{where}[{place}]", (), sides)
                if not refuted:
                    raise Malformed(f"{where}[{place}]: an empty object")
            for side, farkas in refuted.items():
                verify_farkas(farkas, {**inequalities, k: sides[side]}, f"{where}[{place}].{side}")
            followed = [side for side in sides if side not in refuted]
            if not followed:
                raise EmptyRegion
            if len(followed) == 2:
                stack.append((signs + "-", {**inequalities, k: sides["-"]}))
            choice = followed[0]
            inequalities[k] = sides[choice]
        signs += choice
        return choice

    space.run_by_groups(parameters, sign_of)
    return signs


def check_cells(certificate: dict[str, Any]) -> str:
    space = read_space(read_problem(certificate["problem"]), certificate["space"])
    if of_type(bool, certificate["complete"], "complete") != ("proof" in certificate):
        raise Malformed('proof: needed if "complete" is true, and only then')
    listed: set[str] = set()
    for k, entry in enumerate(items(certificate["cells"], "cells")):
        members(entry, f"cells[{k}]", ["signature", "witness"])
        signs, _ = space.cell(entry["signature"], entry["witness"], f"cells[{k}]")
        require(signs not in listed, f"cells[{k}]: the same signature twice")
        listed.add(signs)
    if not certificate["complete"]:
        return f"{len(listed)} cells of the {space.kind} space"
    proof = certificate["proof"]
    rule = proof.get("rule") if isinstance(proof, dict) else None
    if rule == "product":
        members(proof, "proof", ["rule", "count", "chambers"])
        return f"exactly {show(verify_product(space, proof))} cells, {len(listed)} of them listed"
    if rule != "refinement":
        raise Malformed(f"proof: unknown rule {show(rule)}")
    trees = items(members(proof, "proof", ["rule", "trees"])["trees"], "proof.trees")
    count, sheets = space.sheets()
    require(len(trees) == count, f"proof.trees: {len(trees)} where there are {show(count)} sheets")
    for k, (parameters, tree) in enumerate(zip(sheets, trees, strict=True)):
        verify_tree(space, parameters, tree, f"proof.trees[{k}]", listed)
    return f"{len(listed)} cells of the {space.kind} space, and no others"


def verify_product(space: Space, proof: dict[str, Any]) -> Fraction:
    problem, first = space.problem, space.problem.layers[0]
    possible = space.kind == "parameters" and problem.kinks_in_layer_1
    require(possible, "proof: the product rule needs the whole parameter space, with all kinks in layer 1")
    if first.dense:
        rows, neurons = [[*x, ONE] if first.bias else list(x) for x in problem.x], len(first.rows)
    else:
        units = Signs("+" * len(first.rows) * len(problem.x))
        space.run(next(space.sheets()[1]), space.inputs, units)
        rows, neurons = [[terms(z).get((v,), ZERO) for v in range(first.end)] for z in units.forms], 1
    count = verify_chambers(rows, proof["chambers"], "proof.chambers", complete=True, affine=False)
    claimed = number(proof["count"], "proof.count")
    small = (count.bit_length() - 1) * neurons <= claimed.numerator.bit_length()
    require(small and claimed == count**neurons, f"proof.count: {show(claimed)} is not {count} ^ {neurons}")
    return claimed


def check_empty_cell(certificate: dict[str, Any]) -> str:
    space = read_space(read_problem(certificate["problem"]), certificate["space"])
    signs = space.signs(certificate["signature"], "signature")
    count, sheets = space.sheets()
    listed = items(certificate["farkas"], "farkas")
    require(len(listed) == count, f"farkas: {len(listed)} where there are {show(count)} sheets")
    for k, (parameters, farkas) in enumerate(zip(sheets, listed, strict=True)):
        units = Signs(signs)
        space.run(parameters, space.inputs, units)
        sided = {j: f if signs[j] == "+" else -ONE * f for j, f in enumerate(units.forms) if signs[j] != "0"}
        verify_farkas(farkas, sided, f"farkas[{k}]")
    return f"no point of the {space.kind} space has the signature {show(certificate['signature'])}"


# ---------------------------------------- forms


def read_polynomial(value: Any, where: str, index: dict[str, int]) -> dict[tuple[int, ...], Fraction]:
    result = {}
    for words, coefficient in of_type(dict, value, where).items():
        monomial = tuple(index.get(name, -1) for name in of_type(str, words, where).split(" ") if words)
        if -1 in monomial or list(monomial) != sorted(monomial):
            raise Malformed(f"{where}: {show(words)} is not a monomial in the order of the parameters")
        result[monomial] = number(coefficient, f"{where}.{words}")
    return result


def blocks_of(problem: Problem, data: Element, results: Passes) -> tuple[dict[str, Element], bool]:
    """The blocks of the loss without decay, and whether it is multilinear."""
    multilinear = all(len(set(m)) == len(m) for m in terms(data))
    if problem.kind == "squared":
        residuals = {}
        for (i, (outputs, _)), j in itertools.product(enumerate(results), range(problem.outputs)):
            name = f"r_{i + 1}_{j + 1}" if problem.outputs > 1 else f"r_{i + 1}"
            residuals[name] = outputs[j] + -problem.y[i][j]
        return residuals, multilinear
    owner: list[tuple[str, int]] = []  # of each variable
    for l, layer in enumerate(problem.layers, 1):
        owner += [("W", l)] * layer.size + [("b", l)] * (layer.end - layer.start - layer.size)
    last = len(problem.layers)  # L + 1
    blocks: list[dict[tuple[int, ...], Fraction]] = [{} for _ in range(last + 2)]
    for m, c in terms(data).items():
        owners = [owner[v] for v in m]
        block = next((l for letter, l in owners if letter == "b"), 0) if m else last + 1
        arguments = [("b", block)] * (1 <= block <= last) + [("W", l) for l in range(block + 1, last + 1)]
        multilinear = multilinear and owners == arguments
        blocks[block][m] = c
    return {f"phi_{l}": element(block) for l, block in enumerate(blocks)}, multilinear


def check_forms(certificate: dict[str, Any]) -> str:
    problem = read_problem(certificate["problem"])
    space = read_space(problem, {"kind": "parameters"})
    index = {name: v for v, name in enumerate(problem.names())}
    required = ["signature", "witness", "blocks", "multilinear", "trace_zero", "flat", "hessian"]
    optional = ["laplacian_sum_of_squares"] if problem.kind == "squared" else []
    seen: set[str] = set()
    for k, cell in enumerate(items(certificate["cells"], "cells")):
        where = f"cells[{k}]"
        members(cell, where, required, optional)
        signs, point = space.cell(cell["signature"], cell["witness"], where)
        require(signs not in seen, f"{where}: the same signature twice")
        seen.add(signs)
        results = passes(problem, space.parameters, Signs(signs))
        data, penalty = loss(problem, results), decay(problem, space.parameters)
        blocks, multilinear = blocks_of(problem, data, results)
        if problem.weight_decay:
            blocks["decay"] = penalty
        members(cell["blocks"], f"{where}.blocks", blocks)
        for name, block in blocks.items():
            spot = f"{where}.blocks.{name}"
            same = read_polynomial(cell["blocks"][name], spot, index) == terms(block)
            require(same, f"{spot}: not the polynomial that the problem has")
        whole = data + penalty
        laplacian = total(gradient(d, problem.size)[v] for v, d in enumerate(gradient(whole, problem.size)))
        squares = [
            2 * problem.weights[i][0] * d * d
            for i, (outputs, _) in enumerate(results)
            for o in outputs
            for d in (gradient(o, problem.size) if "laplacian_sum_of_squares" in cell else [])
        ]
        identity = terms(laplacian) == terms(total([*squares, problem.weight_decay * problem.size]))
        facts = [
            ("multilinear", multilinear),
            ("trace_zero", laplacian == ZERO),
            ("flat", type(whole) is Fraction),
            ("laplacian_sum_of_squares", identity),
        ]
        for name, fact in facts:
            claimed = of_type(bool, cell.get(name, fact), f"{where}.{name}")
            require(claimed == fact, f"{where}.{name}: it is {fact}")
        hessian = members(cell["hessian"], f"{where}.hessian", ["positive", "negative", "zero"])
        claim = tuple(
            natural(hessian[key], f"{where}.hessian", 0) for key in ("positive", "negative", "zero")
        )
        found = hessian_inertia(whole, point)
        require(claim == found, f"{where}.hessian: the inertia (positive, negative, zero) is {found}")
    return f"the loss on {len(seen)} cells"


# ---------------------------------------- a point: one small function for each rule


class Place:
    """A point of parameter space, and what is near it."""

    def __init__(self, problem: Problem, point: list[Fraction], answers: dict[str, Any]):
        self.problem, self.point, self.answers = problem, point, answers
        self.units = Signs()
        self.results = passes(problem, point, self.units)
        self.loss: Fraction = loss(problem, self.results) + decay(problem, point)

    def loss_at(self, point: Sequence[Element]) -> Element:
        """The loss at a point, or along a curve for all small t > 0."""
        return loss(self.problem, passes(self.problem, point, Signs())) + decay(self.problem, point)

    @cached_property
    def results_near(self) -> Passes:
        """Outputs and hinge losses as polynomials near the point; rejected if it is not smooth."""
        problem, units, groups = self.problem, Signs(self.units.found), self.problem.groups()
        results = passes(problem, variables(problem.size), units)
        activations = sum(groups) - (groups[-1] if problem.kind != "squared" else 0)
        one_slope = problem.slopes["+"] == problem.slopes["-"]
        for k, form in enumerate(units.forms):
            no_kink = form == ZERO or (one_slope and k % sum(groups) < activations)
            require(units.found[k] != "0" or no_kink, f"the point is not smooth: unit {k} has a kink there")
        return results

    @cached_property
    def polynomial(self) -> Element:
        """The loss near the point; rejected if it is not smooth."""
        return loss(self.problem, self.results_near) + decay(self.problem, variables(self.problem.size))

    @property
    def gradient_is_zero(self) -> bool:
        return not any(value_at(p, self.point) for p in gradient(self.polynomial, self.problem.size))


Rule = Callable[[Place, dict[str, Any], str], None]


def smooth(place: Place, entry: dict[str, Any], where: str) -> None:
    require(bool(place.results_near), f"{where}: not smooth")


def kink(place: Place, entry: dict[str, Any], where: str) -> None:
    d = place.problem.point(entry["direction"], f"{where}.direction")
    lines = [[element({(): p, (0,): s * q}) for p, q in zip(place.point, d, strict=True)] for s in (1, -1)]
    slopes = [terms(place.loss_at(line)).get((0,), ZERO) for line in lines]
    require(slopes[0] + slopes[1] != 0, f"{where}: the one-sided derivatives along d and -d add up to 0")


def zero_gradient(place: Place, entry: dict[str, Any], where: str) -> None:
    require(place.gradient_is_zero, f"{where}: the gradient is not 0")


def nonzero_gradient(place: Place, entry: dict[str, Any], where: str) -> None:
    require(not place.gradient_is_zero, f"{where}: the gradient is 0")


def constant(place: Place, entry: dict[str, Any], where: str) -> None:
    require(type(place.polynomial) is Fraction, f"{where}: the loss is not constant near the point")


def not_constant(place: Place, entry: dict[str, Any], where: str) -> None:
    require(type(place.polynomial) is Polynomial, f"{where}: the loss is constant near the point")


def sum_of_squares(place: Place, entry: dict[str, Any], where: str) -> None:
    problem = place.problem
    fits = problem.kind == "squared" and not problem.weight_decay
    require(fits, f"{where}: needs the squared loss without weight decay")
    cross = total(
        problem.weights[i][0] * (o_star - y) * (o + -o_star)
        for i, (outputs, _) in enumerate(place.results_near)
        for o, o_star, y in zip(outputs, place.results[i][0], problem.y[i], strict=True)
    )
    require(cross == ZERO, f"{where}: the cross term is not the zero polynomial")


def positive_definite(place: Place, entry: dict[str, Any], where: str) -> None:
    zero_gradient(place, entry, where)
    found = hessian_inertia(place.polynomial, place.point)
    require(found == (place.problem.size, 0, 0), f"{where}: the inertia of the Hessian is {found}")


def zero_loss(place: Place, entry: dict[str, Any], where: str) -> None:
    require(place.loss == 0, f"{where}: the loss is {show(place.loss)}, not 0")


def along_curve(direction: str, key: str) -> Rule:
    def rule(place: Place, entry: dict[str, Any], where: str) -> None:
        listed = enumerate(items(entry["curve"], f"{where}.curve"))
        steps = [place.point, *(place.problem.point(d, f"{where}.curve[{k}]") for k, d in listed)]
        order = natural(entry["order"], f"{where}.order")
        coefficient = number(entry["coefficient"], f"{where}.coefficient")
        members(entry[key], f"{where}.{key}", ["t", "loss"])
        t, value = (number(entry[key][name], f"{where}.{key}.{name}") for name in ("t", "loss"))
        require(len(steps) <= 101, f"{where}.curve: more than 100 terms")
        curve = [element({(0,) * k: d[v] for k, d in enumerate(steps)}) for v in range(place.problem.size)]
        germ = {len(m): c for m, c in terms(place.loss_at(curve)).items() if m}
        lowest = min(germ, default=0)
        agree = lowest == order and germ[lowest] == coefficient
        require(agree, f"{where}: not the order and coefficient of the loss along the curve")
        require(
            sign(coefficient) == direction, f"{where}.coefficient: {show(coefficient)} has the wrong sign"
        )
        found = place.loss_at([value_at(p, [t]) for p in curve])
        require(t > 0, f"{where}.{key}.t: {show(t)} is not positive")
        require(found == value, f"{where}.{key}: the loss there is {show(found)}")
        require(sign(value - place.loss) == direction, f"{where}.{key}: {show(value)} is on the wrong side")

    return rule


def better_point(place: Place, entry: dict[str, Any], where: str) -> None:
    found = place.loss_at(place.problem.point(entry["point"], f"{where}.point"))
    require(number(entry["loss"], f"{where}.loss") == found, f"{where}: the loss there is {show(found)}")
    require(found < place.loss, f"{where}: {show(found)} is not smaller than the loss {show(place.loss)}")


def at_minimum(answer: str, *rules: Rule) -> Rule:
    """For the kind of a minimum: local_minimum has this answer, and the rules hold."""

    def rule(place: Place, entry: dict[str, Any], where: str) -> None:
        require(place.answers.get("local_minimum") == answer, f"{where}: local_minimum is not {answer}")
        for each in rules:
            each(place, entry, where)

    return rule


# (decision, answer, rule): the function that verifies it, and the keys that it reads besides answer and rule
CURVE = ("curve", "order", "coefficient")
RULES: dict[tuple[str, Any, Any], tuple[Rule, tuple[str, ...]]] = {
    ("differentiable", "yes", "smooth"): (smooth, ()),
    ("differentiable", "no", "kink"): (kink, ("direction",)),
    ("clarke_critical", "yes", "zero-gradient"): (zero_gradient, ()),
    ("clarke_critical", "no", "gradient"): (nonzero_gradient, ()),
    ("local_minimum", "yes", "constant"): (constant, ()),
    ("local_minimum", "yes", "sum-of-squares"): (sum_of_squares, ()),
    ("local_minimum", "yes", "positive-definite"): (positive_definite, ()),
    ("local_minimum", "yes", "zero-loss"): (zero_loss, ()),
    ("local_minimum", "no", "descent"): (along_curve("-", "better"), (*CURVE, "better")),
    ("local_maximum", "yes", "constant"): (constant, ()),
    ("local_maximum", "no", "ascent"): (along_curve("+", "worse"), (*CURVE, "worse")),
    ("global_minimum", "yes", "zero-loss"): (zero_loss, ()),
    ("global_minimum", "no", "better-point"): (better_point, ("point", "loss")),
    ("kind", "flat", "constant"): (at_minimum("yes", constant), ()),
    ("kind", "sharp", "not-constant"): (at_minimum("yes", not_constant), ()),
    ("kind", None, "none"): (at_minimum("no"), ()),
}


def check_point(certificate: dict[str, Any]) -> str:
    problem = read_problem(certificate["problem"])
    point = problem.point(certificate["point"], "point")
    if "at" in certificate:
        name = of_type(str, certificate["at"], "at")
        require(problem.points.get(name) == point, f"at: the problem has no such point {show(name)}")
    decisions = members(certificate["decisions"], "decisions", (), {decision for decision, _, _ in RULES})
    answers = {name: e.get("answer") if isinstance(e, dict) else None for name, e in decisions.items()}
    place = Place(problem, point, answers)
    space = read_space(problem, {"kind": "parameters"})
    signs = space.signs(certificate["signature"], "signature")
    require(signs == place.units.found, f"signature: it is {show(space.spell(place.units.found))}")
    require(number(certificate["loss"], "loss") == place.loss, f"loss: it is {show(place.loss)}")
    summary = [f"loss {show(place.loss)}"]
    for name, entry in decisions.items():
        where, answer = f"decisions.{name}", answers[name]
        summary.append(f"{name} {'null' if answer is None else answer}")
        if answer == "undecided":
            of_type(str, members(entry, where, ["answer", "reason"])["reason"], f"{where}.reason")
            continue
        rule = entry.get("rule") if isinstance(entry, dict) else None
        readable = isinstance(rule, str) and (answer is None or isinstance(answer, str))
        if not readable or (name, answer, rule) not in RULES:
            raise Malformed(f"{where}: unknown rule {show(rule)} for the answer {show(answer)}")
        verify, keys = RULES[name, answer, rule]
        verify(place, members(entry, where, ["answer", "rule", *keys]), where)
    if "spurious" in certificate:
        if certificate["spurious"] is not True:
            raise Malformed("spurious: it is true, or it is absent")
        pair = answers.get("local_minimum"), answers.get("global_minimum")
        require(pair == ("yes", "no"), "spurious: needs local_minimum yes and global_minimum no")
        summary.append("spurious")
    return ", ".join(summary)


# ---------------------------------------- certificates, files, command line

# the kind: the function that verifies it, the keys that it must have and those that it may have
KINDS: dict[str, tuple[Callable[[dict[str, Any]], str], list[str], list[str]]] = {
    "chambers": (check_chambers, ["chambers", "complete"], []),
    "cells": (check_cells, ["space", "cells", "complete"], ["proof"]),
    "empty-cell": (check_empty_cell, ["space", "signature", "farkas"], []),
    "forms": (check_forms, ["cells"], []),
    "point": (check_point, ["point", "loss", "signature", "decisions"], ["at", "spurious"]),
}


@contextmanager
def long_numbers() -> Iterator[None]:
    """Python reads numbers of more than 4300 digits only if it is told to."""
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        yield
    finally:
        sys.set_int_max_str_digits(limit)


def check(certificate: Any) -> Verdict:
    """Verify a certificate: a dict, or an object with a method ``to_dict``. Raises `Malformed`."""
    if hasattr(certificate, "to_dict"):
        certificate = certificate.to_dict()
    with long_numbers():
        kind = certificate.get("kind") if isinstance(certificate, dict) else None
        if not isinstance(kind, str) or kind not in KINDS:
            raise Malformed(f"kind: unknown kind {show(kind)}")
        verify, required, optional = KINDS[kind]
        members(certificate, "certificate", ["format", "kind", "problem", "statement", *required], optional)
        if certificate["format"] != "exactrelu.certificate/1":
            raise Malformed(f"format: {show(certificate['format'])} where exactrelu.certificate/1 is needed")
        of_type(str, certificate["statement"], "statement")
        try:
            return Verdict(True, verify(certificate))
        except Rejected as rejected:
            return Verdict(False, str(rejected))


def load(path: str) -> Any:
    """The JSON document in a file, with exact numbers; "-" is standard input. Raises `Malformed`."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise Malformed("an object has a key twice")
        return dict(pairs)

    def decimal(digits: str) -> Fraction:
        return number(digits, "a number")

    try:
        with long_numbers(), open(sys.stdin.fileno() if path == "-" else path, "rb") as file:
            return json.loads(
                file.read().decode(),
                parse_int=lambda digits: decimal(digits).numerator,
                parse_float=decimal,
                parse_constant=decimal,
                object_pairs_hook=unique,
            )
    except OSError as error:
        raise Malformed(f"cannot be read: {error.strerror}") from error
    except RecursionError as error:
        raise Malformed("not JSON: nested too deeply") from error
    except ValueError as error:
        raise Malformed(str(error) if isinstance(error, Malformed) else f"not JSON: {error}") from error


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Check certificates of exactrelu.")
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args(arguments)
    status, records = 0, []
    for path in options.files:
        try:
            certificate = load(path)
            verdict = check(certificate)
            words = f"rejected: {verdict.reason}"
            if verdict:
                head = f"accepted ({certificate['kind']}): {certificate['statement']}"
                words = f"{head} [checked: {verdict.reason}]"
            status = max(status, 0 if verdict else 1)
        except Malformed as error:
            status, verdict = 2, Verdict(False, f"malformed: {error}")
            words = verdict.reason
        records.append({"file": path, "accepted": verdict.accepted, "reason": verdict.reason})
        if not options.json:
            line = "".join(c if c.isprintable() else " " for c in f"{path}: {words}")
            encoding = sys.stdout.encoding or "ascii"
            print(line.encode(encoding, "backslashreplace").decode(encoding))
    if options.json:
        print(json.dumps(records, indent=1))
    return status


if __name__ == "__main__":
    sys.exit(main())
