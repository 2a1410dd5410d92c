"""Losses: hinge, multiclass hinge, one-versus-all hinge, squared; weights, factor, weight decay, exact penalty.

All hinge losses are weighted sums of *loss units* max(t, 0) with t affine in the network's output, so
that one code serves the three of them. Nothing is averaged silently: ``weights`` says ``mean`` or ``sum``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from gmpy2 import mpq

from exactrelu.display import factor_latex
from exactrelu.errors import MalformedInput
from exactrelu.jsonfile import MISSING, Node
from exactrelu.rational import Matrix, Rational, Vector, rational, texts, vector

KINDS = ("hinge", "multiclass-hinge", "one-vs-all-hinge", "squared")
Target: TypeAlias = "int | Vector"
ZERO, ONE = mpq(0), mpq(1)


@dataclass(frozen=True)
class LossUnit:
    """One kink of a hinge loss: weight * max(1 + sum_r coefficient_r * output_r, 0).

    ``terms`` lists the pairs (r, coefficient).
    """

    weight: Rational
    terms: tuple[tuple[int, int], ...]

    def argument(self, outputs: Sequence[Any]) -> Any:
        """The number (or polynomial) whose positive part is taken."""
        total: Any = mpq(1)
        for index, coefficient in self.terms:
            total = total + outputs[index] if coefficient > 0 else total - outputs[index]
        return total


@dataclass(frozen=True)
class Penalty:
    """gamma * R/(R-1) * sum_r |P_r - mean of P_1, .., P_R|^2 = gamma/(R-1) * sum_{r<s} |P_r - P_s|^2, R the replicas.

    P_r is the r-th of the R consecutive blocks of equal length into which the weights and the biases of each hidden
    layer are cut: the replicas of Laurent and von Brecht, ICML 2018, (13).
    """

    gamma: Rational
    replicas: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "gamma", rational(self.gamma, "loss.penalty.gamma"))
        if self.gamma <= 0:
            raise MalformedInput("loss.penalty.gamma", str(self.gamma), "a positive number")
        if not isinstance(self.replicas, int) or isinstance(self.replicas, bool) or self.replicas < 2:
            raise MalformedInput("loss.penalty.replicas", str(self.replicas), "an integer of at least 2")


@dataclass(frozen=True)
class Loss:
    """factor * sum_i weight_i * l(output_i, target_i) + weight_decay / 2 * |parameters|^2 + penalty.

    ``kind`` is one of ``hinge`` (binary; Laurent and von Brecht, equation (1)), ``multiclass-hinge``
    (equation (2)), ``one-vs-all-hinge`` (equation (11)) and ``squared`` (|output - target|^2, no 1/2).
    ``weights`` is ``"mean"`` (1/N each), ``"sum"`` (1 each), or a positive number for each data point (a row of R
    numbers for one-versus-all). A ``penalty`` is for the one-versus-all loss of a network with hidden layers.

    >>> Loss("squared", factor="1/2", weights="sum")
    Loss(1/2 sum_i |output_i - y_i|^2)
    """

    kind: str
    factor: Rational = ONE
    weights: str | Matrix = "mean"
    weight_decay: Rational = ZERO
    penalty: Penalty | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise MalformedInput("loss.kind", f'"{self.kind}"', "one of " + ", ".join(f'"{k}"' for k in KINDS))
        object.__setattr__(self, "factor", rational(self.factor, "loss.factor"))
        object.__setattr__(self, "weight_decay", rational(self.weight_decay, "loss.weight_decay"))
        if self.factor <= 0:
            raise MalformedInput("loss.factor", str(self.factor), "a positive number")
        if self.weight_decay < 0:
            raise MalformedInput("loss.weight_decay", str(self.weight_decay), "a number that is not negative")
        if self.penalty is not None and self.kind != "one-vs-all-hinge":
            raise MalformedInput("loss.penalty", f'a penalty for kind "{self.kind}"', 'kind "one-vs-all-hinge"')
        if not isinstance(self.weights, str):
            object.__setattr__(self, "weights", tuple(_row(row, i) for i, row in enumerate(self.weights)))
        if isinstance(self.weights, str):
            if self.weights not in ("mean", "sum"):
                raise MalformedInput("loss.weights", f'"{self.weights}"', '"mean", "sum", or a list of numbers')
        else:
            for i, row in enumerate(self.weights):
                for r, value in enumerate(row):
                    if value <= 0:
                        where = f"loss.weights[{i}]" + (f"[{r}]" if len(row) > 1 else "")
                        raise MalformedInput(where, str(value), "a positive number")

    @property
    def is_hinge(self) -> bool:
        """Whether the loss is piecewise linear in the output."""
        return self.kind != "squared"

    @property
    def is_regularised(self) -> bool:
        """Whether there are terms that do not depend on the data: weight decay or a penalty."""
        return bool(self.weight_decay) or self.penalty is not None

    def weight(self, i: int, r: int, points: int) -> Rational:
        """The weight of data point i (and class r, for one-versus-all), the factor included."""
        if isinstance(self.weights, str):
            return self.factor / points if self.weights == "mean" else self.factor
        row = self.weights[i]
        return self.factor * row[r if len(row) > 1 else 0]

    def units(self, i: int, target: Target, outputs: int, points: int) -> tuple[LossUnit, ...]:
        """The loss units of data point i in the order of the signature; none for the squared loss.

        >>> [unit.terms for unit in Loss("multiclass-hinge").units(0, 1, 3, 1)]
        [((0, 1), (1, -1)), ((2, 1), (1, -1))]
        """
        if self.kind == "squared":
            return ()
        if not isinstance(target, int):
            raise MalformedInput(f"data.y[{i}]", "a vector", "a label")
        if self.kind == "hinge":
            return (LossUnit(self.weight(i, 0, points), ((0, -target),)),)
        if self.kind == "multiclass-hinge":
            weight = self.weight(i, 0, points)
            return tuple(LossUnit(weight, ((r, 1), (target, -1))) for r in range(outputs) if r != target)
        return tuple(LossUnit(self.weight(i, r, points), ((r, -1 if r == target else 1),)) for r in range(outputs))

    def check_shapes(self, outputs: int, points: int) -> None:
        """Raise `MalformedInput` unless the loss fits a network with so many outputs and so many data points."""
        if self.kind == "hinge" and outputs != 1:
            raise MalformedInput("network.widths", f"{outputs} outputs", "1 output for the binary hinge loss")
        if self.kind in ("multiclass-hinge", "one-vs-all-hinge") and outputs < 2:
            raise MalformedInput("network.widths", "1 output", f"at least 2 outputs for the {self.kind} loss")
        if not isinstance(self.weights, str):
            columns = outputs if self.kind == "one-vs-all-hinge" else 1
            if len(self.weights) != points:
                raise MalformedInput(
                    "loss.weights", f"{len(self.weights)} entries", f"{points}, one for each data point"
                )
            for i, row in enumerate(self.weights):
                if len(row) != columns:
                    raise MalformedInput(f"loss.weights[{i}]", f"{len(row)} entries", f"{columns}")

    @classmethod
    def read(cls, node: Node) -> Loss:
        """The loss in a problem file."""
        members = node.members(("kind",), ("factor", "weights", "weight_decay", "penalty"))
        kind = members["kind"].choice(KINDS)
        one = mpq(1)
        factor = members["factor"].number() if "factor" in members else one
        decay = members["weight_decay"].number() if "weight_decay" in members else mpq(0)
        weights: str | Matrix = "mean"
        given = members.get("weights", Node(MISSING))
        if isinstance(given.value, str):
            weights = given.choice(("mean", "sum"))
        elif given.value is not MISSING:
            rows = given.items('"mean", "sum", or a list of positive numbers')
            if kind == "one-vs-all-hinge":
                weights = tuple(tuple(entry.number() for entry in row.items("a row of weights")) for row in rows)
            else:
                weights = tuple((row.number(),) for row in rows)
        penalty = None
        if "penalty" in members:
            entries = members["penalty"].members(("gamma", "replicas"))
            replicas = entries["replicas"].integer(2, "an integer of at least 2")
            penalty = Penalty(entries["gamma"].number(), replicas)
        return cls(kind, factor, weights, decay, penalty)

    def to_dict(self) -> dict[str, Any]:
        """As in the key ``loss`` of a problem file, all defaults written out."""
        result: dict[str, Any] = {"kind": self.kind, "factor": str(self.factor)}
        if isinstance(self.weights, str):
            result["weights"] = self.weights
        elif self.kind == "one-vs-all-hinge":
            result["weights"] = texts(self.weights)
        else:
            result["weights"] = [str(row[0]) for row in self.weights]
        if self.weight_decay:
            result["weight_decay"] = str(self.weight_decay)
        if self.penalty is not None:
            result["penalty"] = {"gamma": str(self.penalty.gamma), "replicas": self.penalty.replicas}
        return result

    def _repr_latex_(self) -> str:
        listed = not isinstance(self.weights, str)
        own, other = (r"\mu_{i,y_i} ", r"\mu_{i,r} ") if listed else ("", "")
        body = {
            "hinge": r"\max(1 - y_i\, o_i, 0)",
            "multiclass-hinge": r"\sum_{r \neq y_i} \max(1 + o_{i,r} - o_{i,y_i}, 0)",
            "one-vs-all-hinge": rf"\Bigl({own}\max(1 - o_{{i,y_i}}, 0) "
            rf"+ \sum_{{r \neq y_i}} {other}\max(1 + o_{{i,r}}, 0)\Bigr)",
            "squared": r"\lVert o_i - y_i \rVert^2",
        }[self.kind]
        mean = r"\tfrac{1}{N} " if self.weights == "mean" else ""
        weight = r"\mu_i " if listed and self.kind != "one-vs-all-hinge" else ""
        tail = rf" + {factor_latex(self.weight_decay / 2)}\lVert \omega \rVert^2" if self.weight_decay else ""
        if self.penalty is not None:
            gamma = factor_latex(self.penalty.gamma / (self.penalty.replicas - 1))
            tail += rf" + {gamma}\sum_{{r<s}} \lVert \omega^{{(r)}} - \omega^{{(s)}} \rVert^2"
        return rf"$\displaystyle {factor_latex(self.factor)}{mean}\sum_i {weight}{body}{tail}$"

    def __repr__(self) -> str:
        weights = {"mean": "mean_i ", "sum": "sum_i "}.get(str(self.weights), "sum_i weight_i ")
        body = {
            "hinge": "max(1 - y_i output_i, 0)",
            "multiclass-hinge": "sum_r max(1 + output_ir - output_iy, 0)",
            "one-vs-all-hinge": "sum_r max(1 -+ output_ir, 0)",
            "squared": "|output_i - y_i|^2",
        }[self.kind]
        factor = "" if self.factor == 1 else f"{self.factor} "
        decay = f" + {self.weight_decay / 2} |parameters|^2" if self.weight_decay else ""
        if self.penalty is not None:
            decay += f" + penalty {self.penalty.gamma} on {self.penalty.replicas} replicas"
        return f"Loss({factor}{weights}{body}{decay})"


def _row(row: Any, i: int) -> Vector:
    """The weights of data point i, given as a number or as a row of numbers."""
    if isinstance(row, (tuple, list)):
        return vector(row, f"loss.weights[{i}]")
    return (rational(row, f"loss.weights[{i}]"),)
