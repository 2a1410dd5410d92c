"""Signatures: the signs of all units at a point of parameter space, or on a cell.

A signature is a string over ``+``, ``-``, ``0``: data point by data point (separated by ``;``), in it layer by
layer (separated by ``,``), and the loss's own units last. It is the function S of Laurent and von Brecht,
ICML 2018, equation (6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from exactrelu.errors import MalformedInput
from exactrelu.problem import Instance
from exactrelu.rational import Rational

Signs: TypeAlias = "tuple[int, ...]"
Columns: TypeAlias = "tuple[tuple[Signs, ...], ...]"
"""The signs of a signature: for each data point, for each group (layer, or loss), a tuple of signs."""

SYMBOLS = {1: "+", -1: "-", 0: "0"}


def sign(value: Rational) -> int:
    """The sign of a number: 1, -1 or 0."""
    return 1 if value > 0 else -1 if value < 0 else 0


def groups(instance: Instance) -> tuple[int, ...]:
    """The sizes of the groups of one data point: the activated layers, then the loss units if there are any."""
    return instance.network.activated + ((len(instance.units[0]),) if instance.loss.is_hinge else ())


def write(columns: Iterable[Iterable[Iterable[int]]]) -> str:
    """The string of a signature.

    >>> write([[[1, -1], [1]], [[0, 1], [-1]]])
    '+-,+;0+,-'
    """
    return ";".join(",".join("".join(SYMBOLS[s] for s in group) for group in column) for column in columns)


def read(instance: Instance, text: str, where: str = "signature") -> Columns:
    """The signs of a signature string; raises `MalformedInput` when it does not fit the problem."""
    sizes = groups(instance)
    columns = text.split(";")
    if len(columns) != len(instance.x):
        raise MalformedInput(where, f'"{text}"', f"{len(instance.x)} data points separated by ;")
    result = []
    for column in columns:
        parts = column.split(",") if sizes else []
        if tuple(len(part) for part in parts) != sizes or set(column) - set("+-0,"):
            needed = "groups of " + ", ".join(map(str, sizes)) + " signs (+, - or 0) separated by ,"
            raise MalformedInput(where, f'"{column}"', needed)
        result.append(tuple(tuple(1 if s == "+" else -1 if s == "-" else 0 for s in part) for part in parts))
    return tuple(result)


def of_point(instance: Instance, parameters: Sequence[Rational]) -> Columns:
    """The signs of all units at a point of parameter space, zeros included."""
    return of_preactivations(instance, [instance.network.preactivations(parameters, x) for x in instance.x])


def of_preactivations(instance: Instance, preactivations: Sequence[list[list[Rational]]]) -> Columns:
    """The signs of all units, given the pre-activations of every data point."""
    activated = len(instance.network.activated)
    result = []
    for i, pre in enumerate(preactivations):
        column = [tuple(sign(value) for value in layer) for layer in pre[:activated]]
        if instance.loss.is_hinge:
            outputs = instance.network.output(pre)
            column.append(tuple(sign(unit.argument(outputs)) for unit in instance.units[i]))
        result.append(tuple(column))
    return tuple(result)


def places(columns: Columns) -> Iterator[tuple[int, int, int, int]]:
    """All units in order: (data point, group, unit, sign)."""
    for i, column in enumerate(columns):
        for g, group in enumerate(column):
            for u, s in enumerate(group):
                yield i, g, u, s


def changed(columns: Columns, signs: Mapping[tuple[int, int, int], int]) -> Columns:
    """The signature with other signs at some units (data point, group, unit).

    >>> write(changed((((1, -1), (1,)),), {(0, 0, 1): 0}))
    '+0,+'
    """
    return tuple(
        tuple(tuple(signs.get((i, g, u), s) for u, s in enumerate(group)) for g, group in enumerate(column))
        for i, column in enumerate(columns)
    )


def unit_name(instance: Instance, i: int, group: int, unit: int) -> str:
    """What a unit is, in words; everything is counted from 1, classes from 0."""
    if group < len(instance.network.activated):
        return f"unit {unit + 1} of layer {group + 1} at data point {i + 1}"
    return f"loss unit {unit + 1} at data point {i + 1}"
