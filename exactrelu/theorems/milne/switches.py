"""Networks with their switches held, as expressions in certificates: the outputs become polynomials in the weights.

Milne writes the network as a product of matrices and of diagonal matrices of switches, S_i(a, W). With the switches
held it is a linear network. They may be held at numbers (those of a cell), or be variables: what then holds as an
identity of polynomials holds on all cells at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod

from exactrelu.facts import expression
from exactrelu.network import Network
from exactrelu.problem import Instance
from exactrelu.rational import Rational
from exactrelu.signature import Signs

PATHS = 200


def weight_matrices(network: Network, name: Callable[[str], str] = str) -> dict[str, str]:
    """M1, M2, ..: the layers as matrices of variables, named as in the network."""
    result = {}
    for k, (block, first, last, (_, columns)) in enumerate(network.blocks, 1):
        names = [name(v) for v in network.names[first:last]]
        rows = [names[j : j + columns] for j in range(0, len(names), columns)]
        result[f"M{k}"] = f"[{', '.join('[' + ', '.join(row) + ']' for row in rows)}]"
        assert block == f"W{k}"
    return result


def switch_names(network: Network) -> list[list[str]]:
    """A variable for each switch of one data point, layer by layer."""
    return [[f"s{k}_{u}" for u in range(1, width + 1)] for k, width in enumerate(network.activated, 1)]


def output(network: Network, i: int, switches: Sequence[Sequence[str]]) -> dict[str, str]:
    """The definitions of ``o{i}``, the output at data point i, from M1, M2, .. and expressions for the switches."""
    result, below = {}, f"x[{i}]"
    for k in range(1, len(network.layers) + 1):
        z = f"z{i}_{k}"
        result[z] = f"M{k} @ {below}"
        if k <= len(switches):
            entries = ", ".join(f"{s}*{z}[{u}]" for u, s in enumerate(switches[k - 1]))
            below = f"a{i}_{k}"
            result[below] = f"[{entries}]"
        else:
            below = z
    result[f"o{i}"] = f"{below}[0]"
    return result


def held(network: Network, column: Sequence[Signs]) -> list[list[str]]:
    """The switches of one data point at the slopes that its signs choose; a unit of sign 0 has s-, as in the paper."""
    slopes: tuple[Rational, Rational] = network.slopes
    depth = len(network.activated)
    return [[expression(slopes[0] if s > 0 else slopes[1]) for s in group] for group in column[:depth]]


def too_large(problem: Instance) -> str:
    """Why identities in all weights are not expanded; empty if they are."""
    paths = prod(problem.network.widths)
    return f"{paths} paths through the network, the limit is {PATHS}" if paths > PATHS else ""
