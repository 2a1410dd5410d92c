"""One-hidden-layer problems with one output in other clothes: other networks in which the same point is decided alike.

The loss of each of them is that of the problem composed with a smooth map of the parameters that is a submersion at the
point. So the point is a local minimum, a local maximum, Clarke critical, differentiable in both or in none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from landscape_oracle import Shallow

from exactrelu import Problem

Document = dict[str, Any]


def plain(problem: Problem) -> Document:
    """The data of a problem, to be changed."""
    return json.loads(problem.dumps())


def negated(values: list[str]) -> list[str]:
    return [str(-Fraction(v)) for v in values]


def two_classes(problem: Problem) -> Problem | None:
    """The multiclass hinge with two classes sees only the difference of the outputs."""
    data = plain(problem)
    if data["loss"]["kind"] != "hinge":
        return None
    point = data["points"]["p"]
    data["loss"]["kind"] = "multiclass-hinge"
    data["network"]["widths"][-1] = 2
    data["data"]["y"] = [int(y > 0) for y in data["data"]["y"]]
    first = [str(k) for k in range(1, len(point["W2"][0]) + 1)]
    point["W2"] = [first, [str(Fraction(v) + Fraction(a)) for v, a in zip(point["W2"][0], first, strict=True)]]
    if "b2" in point:
        point["b2"] = ["3", str(Fraction(point["b2"][0]) + 3)]
    return Problem.loads(json.dumps(data))


def deeper(problem: Problem) -> Problem | None:
    """A layer below in which all units are active: x -> x + (size, .., size)."""
    data = plain(problem)
    if not data["network"]["bias"][0]:
        return None
    point, width = data["points"]["p"], data["network"]["widths"][0]
    size = 1 + max(abs(Fraction(v)) for row in data["data"]["x"] for v in row)
    slope = Fraction(data["network"]["activation"]["slopes"][0])
    data["network"]["widths"].insert(0, width)
    data["network"]["bias"].insert(0, True)
    deep = {
        "W1": [["1" if j == k else "0" for j in range(width)] for k in range(width)],
        "b1": [str(size)] * width,
        "W2": [[str(Fraction(v) / slope) for v in row] for row in point["W1"]],
        "b2": [
            str(Fraction(b) - size * sum(map(Fraction, row))) for row, b in zip(point["W1"], point["b1"], strict=True)
        ],
        "W3": point["W2"],
    }
    data["points"]["p"] = deep | ({"b3": point["b2"]} if "b2" in point else {})
    return Problem.loads(json.dumps(data))


def structured(problem: Problem, layers: list[Any]) -> Problem:
    """The same with the weights of the first layer as a flat list."""
    data = plain(problem)
    data["network"]["layers"] = layers
    point = data["points"]["p"]
    data["points"]["p"] = {"w1": [v for row in point.pop("W1") for v in row], **point}
    return Problem.loads(json.dumps(data))


def convolution(problem: Problem) -> Problem:
    """A convolution with one place: its channels are the neurons."""
    width, neurons, _ = plain(problem)["network"]["widths"]
    layer = {"kind": "conv1d", "channels": neurons, "kernel": width, "stride": 1}
    return structured(problem, [layer, {"kind": "dense"}])


def basis(problem: Problem) -> Problem:
    """A first layer that is a linear combination of the unit matrices."""
    width, neurons, _ = plain(problem)["network"]["widths"]
    units = [
        [["1" if (r, c) == (k, j) else "0" for c in range(width)] for r in range(neurons)]
        for k in range(neurons) for j in range(width)
    ]  # fmt: skip
    return structured(problem, [{"kind": "linear", "basis": units}, {"kind": "dense"}])


def side_by_side(problem: Problem) -> Problem:
    """Two copies, the second with all targets and outputs negated; each neuron feeds one of two outputs."""
    data = plain(problem)
    point, network = data["points"]["p"], data["network"]
    width, neurons, _ = network["widths"]
    squared = data["loss"]["kind"] == "squared"
    network["widths"] = [width, 2 * neurons, 2]
    units = [
        [["1" if (r, c) == (k // neurons, k) else "0" for c in range(2 * neurons)] for r in range(2)]
        for k in range(2 * neurons)
    ]
    network["layers"] = [{"kind": "dense"}, {"kind": "linear", "basis": units}]
    both = {"W1": point["W1"] * 2, "w2": [*point["W2"][0], *negated(point["W2"][0])]}
    if "b1" in point:
        both["b1"] = point["b1"] * 2
    if "b2" in point:
        both["b2"] = [point["b2"][0], *negated(point["b2"])]
    data["points"]["p"] = both
    if squared:
        data["data"]["y"] = [[y, *negated([y])] for y in data["data"]["y"]]
    else:
        data["loss"]["kind"] = "one-vs-all-hinge"
        data["loss"]["weights"] = [[weight, weight] for weight in data["loss"]["weights"]]
        data["data"]["y"] = [int(y < 0) for y in data["data"]["y"]]
    return Problem.loads(json.dumps(data))


def with_a_solved_output(problem: Problem) -> Problem | None:
    """A second output, fed by all neurons, that meets its targets: a local minimum stays one.

    The squared loss does not change when both outputs and their targets are rotated, here by (3, 4) / 5. With the hinge
    loss of each class the second class is not the right one for any data point, and its margins are large.
    """
    data = plain(problem)
    point, network = data["points"]["p"], data["network"]
    if not network["bias"][1]:
        return None
    here = Shallow(data, point)
    extra = [Fraction(k % 2) for k in range(len(here.v))]
    outputs = here.predictions(here.w, extra, Fraction(0))
    network["widths"][-1] = 2
    if data["loss"]["kind"] == "squared":
        rows, biases = rotated(here.v, extra), rotated([here.c], [Fraction(0)])
        targets = zip(*rotated(here.y, outputs), strict=True)
        data["data"]["y"] = [[str(a), str(b)] for a, b in targets]
    else:
        rows, biases = [here.v, extra], [[here.c], [-1 - max(outputs)]]
        data["loss"]["kind"] = "one-vs-all-hinge"
        data["loss"]["weights"] = [[weight, "1/3"] for weight in data["loss"]["weights"]]
        if any(y < 0 for y in data["data"]["y"]):
            return None
        data["data"]["y"] = [0 for _ in data["data"]["y"]]
    point["W2"] = [[str(v) for v in row] for row in rows]
    point["b2"] = [str(row[0]) for row in biases]
    return Problem.loads(json.dumps(data))


def rotated(first: Sequence[Fraction], second: Sequence[Fraction]) -> list[list[Fraction]]:
    """Two rows, rotated into each other by the angle with cosine 3/5 and sine 4/5."""
    pairs = list(zip(first, second, strict=True))
    return [[(3 * a - 4 * b) / 5 for a, b in pairs], [(4 * a + 3 * b) / 5 for a, b in pairs]]


DISGUISES: list[Callable[[Problem], Problem | None]] = [two_classes, deeper, convolution, basis, side_by_side]
