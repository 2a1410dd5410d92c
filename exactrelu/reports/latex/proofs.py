"""Proof trees in words: dual vectors with their patterns, cone proofs, multipliers of Lagrangians.

The trees are those of certificates of the kind ``point``; see the docstring of `exactrelu.checker`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gmpy2 import mpq

from exactrelu import typesetting
from exactrelu.network import Network
from exactrelu.problem import Instance
from exactrelu.reports.latex.tables import cut, table
from exactrelu.signature import groups

ENDS = {"empty": "no interior", "cross-term": "cross term", "multipliers": "second order"}
"""How a leaf of a Lagrangian proof ends, and how this is called."""
Leaf = tuple[list[str], Mapping[str, Any]]
"""The conditions on the path to a leaf, and the leaf."""


def item_names(instance: Instance) -> list[str]:
    """What the entries of a dual vector belong to: a data point, and an output or a loss unit of it if it has several.

    >>> from exactrelu.examples import example
    >>> item_names(example("liu-two-samples"))
    ['1', '2']
    """
    sizes = [len(y) if isinstance(y, tuple) else len(instance.units[i]) for i, y in enumerate(instance.y)]
    return [f"{i},{r}" if size > 1 else f"{i}" for i, size in enumerate(sizes, 1) for r in range(1, size + 1)]


def dual_vectors(instance: Instance, tree: Mapping[str, Any], limit: int) -> Iterator[str]:
    """The dual vector of each pattern, and the multipliers of the cone proofs."""
    items = item_names(instance)
    yield (
        "A dual vector $g$ has an entry for each "
        + ("summand of the loss" if any("," in name for name in items) else "data point")
        + ", between the one-sided derivatives of the loss with respect to the output there."
    )
    leaves = list(_dual_leaves(tree, [], items))
    rows = []
    for conditions, leaf in leaves[:limit]:
        cones = [
            line
            for k, proofs in enumerate(leaf["neurons"], 1)
            for sign, proof in proofs.items()
            if proof is not None
            for line in _cone_lines(k, sign, proof, items)
        ]
        rows.append(
            [
                ", \\erbreak ".join(conditions) or "all",
                f"${typesetting.vector_tex([mpq(g) for g in leaf['dual']], tight=True)}$",
                "; \\erbreak ".join(cones[:limit]) or "none needed",
            ]
        )
    yield table(["pattern", "$g$", "multipliers of the neurons' cones"], rows, "LLL")
    if more := cut(len(leaves), limit, "pattern", "patterns"):
        yield typesetting.macro("erhang") + more


def _dual_leaves(tree: Mapping[str, Any], path: list[str], items: Sequence[str]) -> Iterator[Leaf]:
    if "sign" in tree:
        k = tree["sign"] + 1
        for sign, relation in (("+", ">"), ("-", "<")):
            yield from _dual_leaves(tree[sign], [*path, f"$v_{{{k}}} {relation} 0$"], items)
    elif "split" in tree:
        k, point = tree["split"][0] + 1, _data_point(items[tree["split"][1]])
        for sign, relation in (("+", "\\ge"), ("-", "\\le")):
            condition = f"$\\langle x_{{{point}}}, d_{{{k}}} \\rangle {relation} 0$"
            yield from _dual_leaves(tree[sign], [*path, condition], items)
    else:
        yield path, tree


def _cone_lines(k: int, sign: str, proof: Mapping[str, Any], items: Sequence[str]) -> Iterator[str]:
    """A cone proof of neuron k while v_k has a sign, leaf by leaf."""
    relation = ">" if sign == "+" else "<"
    for path, leaf in _cone_leaves(proof, [], items):
        sides = ("; " + ", ".join(path)) if path else ""
        if "empty" in leaf:
            yield f"neuron {k} ($v_{{{k}}} {relation} 0${sides}): no interior, {_multipliers(leaf['empty'], items)}"
        else:
            yield f"neuron {k} ($v_{{{k}}} {relation} 0${sides}): {_multipliers(leaf['multipliers'], items)}"


def _cone_leaves(proof: Mapping[str, Any], path: list[str], items: Sequence[str]) -> Iterator[Leaf]:
    if "split" in proof:
        point = _data_point(items[int(proof["split"])])
        for sign, relation in (("+", "\\ge"), ("-", "\\le")):
            condition = f"$\\langle x_{{{point}}}, d \\rangle {relation} 0$"
            yield from _cone_leaves(proof[sign], [*path, condition], items)
    else:
        yield path, proof


def _data_point(item: str) -> str:
    return item.split(",")[0]


def _multipliers(values: Mapping[str, Any], items: Sequence[str]) -> str:
    shown = [f"$m_{{{items[int(j)]}}} = {typesetting.number(mpq(value))}$" for j, value in values.items()]
    return ", ".join(shown) or "$m = 0$"


def cone_proofs(instance: Instance, neurons: Sequence[Mapping[str, Any]], limit: int) -> Iterator[str]:
    """The proofs that the loss rises in no move of a neuron."""
    items = item_names(instance)
    lines = [
        line + (f", margin ${typesetting.number(mpq(proof['margin']))}$" if proof.get("margin") else "")
        for k, proofs in enumerate(neurons, 1)
        for sign, proof in proofs.items()
        if proof is not None
        for line in _cone_lines(k, sign, proof.get("cone", {"multipliers": {}}), items)
    ]
    text = "; \\erbreak ".join(lines[:limit])
    yield (f"{text[:1].upper()}{text[1:]}." if text else "No neuron moves.") + cut(len(lines), limit, "cone", "cones")


def multipliers_of_pieces(instance: Instance, tree: Mapping[str, Any], limit: int) -> Iterator[str]:
    """The multipliers on each piece around the point."""
    leaves = list(_lagrangian_leaves(tree, []))
    count = typesetting.counted(len(leaves), "piece", "pieces")
    yield f"There {'is' if len(leaves) == 1 else 'are'} {count}: the kinks have sides, in the order of the signature."
    alike: dict[tuple[str, str], list[str]] = {}
    for path, leaf in leaves:
        how, key = next((words, key) for key, words in ENDS.items() if key in leaf)
        alike.setdefault((how, _positions(instance, leaf[key])), []).append(_sides(path))
    rows = [
        [", \\erbreak ".join(sides[:limit]) + cut(len(sides), limit, "piece", "pieces"), how, multipliers]
        for (how, multipliers), sides in alike.items()
    ]
    yield table(["sides", "by", "multipliers"], rows[:limit], "LlL")
    if more := cut(len(rows), limit, "group", "groups"):
        yield typesetting.macro("erhang") + more


def _sides(path: Sequence[str]) -> str:
    return typesetting.macro("ersignature", typesetting.letters("".join(path))) if path else "all"


def _lagrangian_leaves(tree: Mapping[str, Any], path: list[str]) -> Iterator[Leaf]:
    if "+" in tree or "-" in tree:
        for sign in "+-":
            yield from _lagrangian_leaves(tree[sign], [*path, sign])
    else:
        yield path, tree


def _positions(instance: Instance, values: Mapping[str, Any]) -> str:
    """Multipliers of units, by their positions in the signature."""
    places = unit_places(instance)
    shown = [f"{places[int(j)]}: ${typesetting.number(mpq(value))}$" for j, value in values.items()]
    return "; \\erbreak ".join(shown) or "all zero"


def unit_places(instance: Instance) -> list[str]:
    """What the units of a signature are, by position."""
    depth, network = len(instance.network.activated), instance.network
    return [
        f"data point {i}, {_unit(network, group, unit, depth)}"
        for i in range(1, len(instance.x) + 1)
        for group, size in enumerate(groups(instance))
        for unit in range(1, size + 1)
    ]


def _unit(network: Network, group: int, unit: int, depth: int) -> str:
    return f"unit {unit} of layer {group + 1}" if group < depth else f"loss unit {unit}"
