"""Checkpoints: the arrays of a trained network, in their exact values, matched with the parameters of a network.

The file formats are those of `exactrelu.checkpoint_files`. A float is the dyadic rational that it is; nothing is
rounded. The names are those of problem files (``W1``, ``b1``, ..) or end in ``weight`` and ``bias``, as those of torch
modules do (``0.weight``, ``fc1.bias``); weights have the shape (outputs, inputs).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from exactrelu.errors import MalformedInput
from exactrelu.network import Layer, Network
from exactrelu.rational import Rational, Vector, dyadic

WRAPPERS = ("state_dict", "model_state_dict", "model")
NAMES = 'the names W1, b1, .. of a problem file, or names that end in "weight" and "bias", such as 0.weight, 0.bias'
_NAME = re.compile(r"(?:(.*)[._/])?(weight|bias|w|b)", re.IGNORECASE)
Shape = tuple[int, ...]


@dataclass(frozen=True)
class Array:
    """An array of exact numbers, flat and row by row, with its shape and the kind of number that it was read from."""

    shape: Shape
    values: Vector
    kind: str = "exact"

    @classmethod
    def read(cls, value: Any, where: str) -> Array:
        """An array of floats or exact numbers: NumPy, torch, nested lists; raises `MalformedInput` for NaN, infinities
        and ragged lists.

        >>> Array.read([[0.5, 1]], "W1")
        Array(shape=(1, 2), values=(mpq(1,2), mpq(1,1)), kind='exact')
        """
        kind = str(getattr(value, "dtype", "exact")).removeprefix("torch.")
        if "bool" in kind or "complex" in kind or kind == "object":
            raise MalformedInput(where, f"entries of the type {kind}", "real numbers")
        shape, values = _flat(dyadic(value, where), where)
        return cls(shape, values, kind)


@dataclass(frozen=True)
class Match:
    """One array of the network and the entry of the checkpoint that it is read from."""

    name: str
    entry: str
    shape: Shape
    kind: str


@dataclass(frozen=True)
class Checkpoint:
    """A point of parameter space read from a checkpoint, and which entry each of its arrays is.

    >>> floats = {"0.weight": [[0.5, 0.1]], "0.bias": [0.0], "2.weight": [[2.0]], "2.bias": [-1.0]}
    >>> found = Checkpoint.read(Network.dense([2, 1, 1]), floats)
    >>> found.parameters[:2]
    (mpq(1,2), mpq(3602879701896397,36028797018963968))
    >>> [(match.name, match.entry) for match in found.matches]
    [('W1', '0.weight'), ('b1', '0.bias'), ('W2', '2.weight'), ('b2', '2.bias')]
    """

    parameters: Vector
    matches: tuple[Match, ...]

    def __repr__(self) -> str:
        return f"Checkpoint({', '.join(f'{match.name}: {match.entry}' for match in self.matches)})"

    @classmethod
    def read(cls, network: Network, arrays: Mapping[str, Any], where: str = "checkpoint") -> Checkpoint:
        """The point that named arrays are; raises `MalformedInput` where names or shapes do not fit, or leave a choice.

        Names of the form ``weight`` and ``bias`` are grouped by what stands before. If the groups differ in numbers
        only, the numbers give the order of the layers; else the shapes must leave one order.
        """
        for wrapper in WRAPPERS:
            if isinstance(arrays.get(wrapper), Mapping):
                arrays, where = arrays[wrapper], f"{where}.{wrapper}"
        found = {str(name): Array.read(value, f"{where}.{name}") for name, value in arrays.items()}
        if len(found) == 1 and next(iter(found.values())).shape == (network.parameters,):
            ((entry, array),) = found.items()
            return cls(array.values, (Match("all parameters", entry, array.shape, array.kind),))
        own = {name for name, *_ in network.blocks}
        entries = _own(own, found, where) if own & set(found) else _by_layers(network, found, where)
        values: list[Rational] = []
        matches = []
        for name, _, _, shape in network.blocks:
            if name not in entries:
                beside = f" (there are: {', '.join(found)})" if found else ""
                raise MalformedInput(f"{where}.{name}", "nothing", f"this array, of shape {_text(shape)}{beside}")
            array = found[entries[name]]
            allowed = _shapes(network.layers[int(name[1:]) - 1]) if name[0] in "Ww" else (shape,)
            _demand(array.shape, allowed, f"{where}.{entries[name]}", name)
            values.extend(array.values)
            matches.append(Match(name, entries[name], array.shape, array.kind))
        return cls(tuple(values), tuple(matches))


def _flat(value: Any, where: str) -> tuple[Shape, Vector]:
    if not isinstance(value, tuple):
        if isinstance(value, dict):
            raise MalformedInput(where, "an object", "an array of numbers")
        return (), (value,)
    parts = [_flat(entry, f"{where}[{index}]") for index, entry in enumerate(value)]
    for index, (shape, _) in enumerate(parts):
        if shape != parts[0][0]:
            found, needed = (f"shape {_text(s)}" for s in (shape, parts[0][0]))
            raise MalformedInput(f"{where}[{index}]", found, f"{needed}, as in [0]")
    below = parts[0][0] if parts else ()
    return (len(parts), *below), tuple(number for _, values in parts for number in values)


def _shapes(layer: Layer) -> tuple[Shape, ...]:
    """The shapes that the weights of a layer may have."""
    if layer.kind == "dense":
        return ((layer.outputs, layer.inputs),)
    if layer.kind == "conv1d":
        structure = dict(layer.structure)
        kernels = structure["channels"] * structure["kernel"]
        return ((layer.size,), (structure["channels"], layer.size // kernels, structure["kernel"]))
    return ((layer.size,),)


def _own(names: set[str], found: Mapping[str, Array], where: str) -> dict[str, str]:
    for name in found:
        if name not in names:
            raise MalformedInput(f"{where}.{name}", "an unknown name", f"one of: {', '.join(sorted(names))}")
    return {name: name for name in found}


def _by_layers(network: Network, found: Mapping[str, Array], where: str) -> dict[str, str]:
    """The entry of each array of the network, for names that end in ``weight`` and ``bias``."""
    groups: dict[str, dict[str, str]] = {}
    for entry in found:
        match = _NAME.fullmatch(entry)
        if match is None:
            raise MalformedInput(f"{where}.{entry}", "a name that is not understood", NAMES)
        parts, letter = groups.setdefault(match[1] or "", {}), match[2][0].lower()
        if parts.setdefault(letter, entry) != entry:
            raise MalformedInput(f"{where}.{entry}", f"the same array as {parts[letter]}", "one of them")
    if len(groups) != len(network.layers):
        needed = f"{len(network.layers)}, the layers of {network!r}"
        raise MalformedInput(where, f"{len(groups)} layers ({', '.join(found) or 'no arrays'})", needed)
    result: dict[str, str] = {}
    for group, (name, *_) in zip(_order(network, groups, found, where), _weight_blocks(network), strict=True):
        for letter, entry in groups[group].items():
            if letter == "b" and not network.layers[int(name[1:]) - 1].bias:
                raise MalformedInput(f"{where}.{entry}", "a bias", f"none: layer {name[1:]} has no bias")
            result[name if letter == "w" else f"b{name[1:]}"] = entry
    return result


def _weight_blocks(network: Network) -> list[tuple[str, int, int, Shape]]:
    return [block for block in network.blocks if block[0][0] in "Ww"]


def _order(
    network: Network, groups: Mapping[str, Mapping[str, str]], found: Mapping[str, Array], where: str
) -> Sequence[str]:
    """The groups in the order of the layers: that of their numbers if they differ in nothing else, or of the shapes."""
    if len({re.sub(r"\d+", "#", group) for group in groups}) == 1:
        return sorted(groups, key=lambda group: [int(number) for number in re.findall(r"\d+", group)])

    def fitting(number: int, left: frozenset[str]) -> Iterator[tuple[str, ...]]:
        if number == len(network.layers):
            yield ()
            return
        for group in (group for group in groups if group in left):
            weight = groups[group].get("w")
            if weight is not None and found[weight].shape in _shapes(network.layers[number]):
                yield from ((group, *rest) for rest in fitting(number + 1, left - {group}))

    orders = list(islice(fitting(0, frozenset(groups)), 2))
    if len(orders) == 1:
        return orders[0]
    listed = ", ".join(f"{entry} {_text(array.shape)}" for entry, array in found.items())
    needed = "; ".join(f"{name} {_text(shape)}" for name, _, _, shape in network.blocks)
    how = "in several orders" if orders else "in no order"
    raise MalformedInput(
        where, f"arrays that fit the layers {how}: {listed}", f"{needed}; name them so, or number the layers"
    )


def _demand(shape: Shape, allowed: Sequence[Shape], where: str, name: str) -> None:
    if shape not in allowed:
        needed = f"{' or '.join(map(_text, allowed))}, the shape of {name}"
        if shape[::-1] in allowed:
            needed += "; it seems to be transposed: weights have the shape (outputs, inputs)"
        raise MalformedInput(where, f"shape {_text(shape)}", needed)


def _text(shape: Shape) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
