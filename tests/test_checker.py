"""The sealed checker: it accepts what is proved, it rejects every mutation, and it needs no package."""

from __future__ import annotations

import copy
import itertools
import json
import math
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from exactrelu import checker
from exactrelu.checker import Malformed, Verdict, check

Certificate = dict[str, Any]


def certificate(kind: str, problem: Any, **fields: Any) -> Certificate:
    head = {"format": "exactrelu.certificate/1", "kind": kind, "problem": problem, "statement": "words"}
    return copy.deepcopy({**head, **fields})


def network(widths: list[int], bias: list[bool], activation: Any = "relu", **more: Any) -> Any:
    return {"widths": widths, "bias": bias, "activation": activation, **more}


def problem(net: Any, loss: Any, x: Any, y: Any, **more: Any) -> Any:
    data = {"x": x, "y": y}
    return {"format": "exactrelu.problem/1", "network": net, "loss": loss, "data": data, **more}


SQUARED = {"kind": "squared", "weights": "sum"}
P = problem(network([1, 1, 1], [False, False]), SQUARED, [["1"], ["-1"]], ["0", "1"])
HINGE = problem(network([1, 1, 1], [False, False]), {"kind": "hinge"}, [["1"]], [1])
BAD = {"W1": [["1/4", "1/4"], ["1/4", "1/4"]], "b1": ["0", "0"], "W2": [["2/3", "2/3"]], "b2": ["0"]}
GOOD = {"W1": [["1", "-2"], ["-2", "1"]], "b1": ["0", "0"], "W2": [["-2", "-2"]], "b2": ["0"]}
YUN = problem(
    network([2, 2, 1], [True, True], {"slopes": ["1", "1/2"]}),
    {"kind": "squared", "factor": "1/2", "weights": "sum"},
    [["1", "0"], ["0", "1"], ["1/2", "1/2"]],
    ["0", "0", "1"],
    name="yun2018-three-point",
    points={"bad": BAD},
)
PARAMETERS = {"kind": "parameters"}


def point1(w: str, v: str) -> Any:
    return {"W1": [[w]], "W2": [[v]]}


def yes(rule: str, answer: Any = "yes", **more: Any) -> Any:
    return {"answer": answer, "rule": rule, **more}


def one_point(problem: Any, point: Any, loss: str, signature: str, /, **decisions: Any) -> Certificate:
    return certificate("point", problem, point=point, loss=loss, signature=signature, decisions=decisions)


def cells(problem: Any, space: Any, listed: list[tuple[str, Any]], proof: Any = None) -> Certificate:
    entries = [{"signature": signature, "witness": witness} for signature, witness in listed]
    more = {"proof": proof} if proof else {}
    return certificate("cells", problem, space=space, cells=entries, complete=proof is not None, **more)


def refinement(*trees: Any) -> Any:
    return {"rule": "refinement", "trees": list(trees)}


def zero_move(**moves: Any) -> Any:
    """A direction at Yun's point: zero but for the arrays that are given."""
    zero = {"W1": [["0", "0"], ["0", "0"]], "b1": ["0", "0"], "W2": [["0", "0"]], "b2": ["0"]}
    return {**zero, **moves}


def form(signature: str, witness: Any, blocks: Any, inertia: tuple[int, int, int], **facts: Any) -> Any:
    hessian = dict(zip(("positive", "negative", "zero"), inertia, strict=True))
    return {"signature": signature, "witness": witness, "blocks": blocks, "hessian": hessian, **facts}


LABELS = {"x": [["1"], ["-1"]], "y": ["1", "-1"]}


def about_data(name: str, x: list[Any], y: list[Any], answer: str, loss: Any = None, **witness: Any) -> Certificate:
    leaky = network([1, 1, 1 if -1 in y else 2], [True, True], {"leaky": "1/2"})
    given = problem(leaky, loss or {"kind": "hinge"}, x, y)
    return certificate("data", given, property=name, answer=answer, witness=witness)


def docstring_examples() -> Iterator[Certificate]:
    """The indented examples of the specification, in the order of the kinds."""
    text = checker.__doc__ or ""
    blocks = [json.loads(block) for block in re.findall(r"(?m)^    \{.*(?:\n     .*)*", text)]
    plane = {"format": "exactrelu.arrangement/1", "normals": [[1, 0], [0, 1]]}
    for block in blocks[1:]:
        own = {"chambers": plane, "exhaustion": {}, "data": {**blocks[0], "loss": {"kind": "hinge"}, "data": LABELS}}
        own["critical-strata"] = {**own["data"], "data": {"x": [["1"]], "y": [1]}}
        yield certificate(block["kind"], own.get(block.pop("kind"), blocks[0]), **block)


CERTIFICATES = Path(__file__).parent / "certificates"  # of points on kinks
BOTH = {"0": "1", "1": "1"}
REPLICAS = [[["1", "0"], ["0", "0"]], [["0", "0"], ["0", "1"]]]
ACCEPTED: dict[str, Certificate] = {
    **{f"docstring-{k}-{example['kind']}": example for k, example in enumerate(docstring_examples())},
    "affine-chambers": certificate(
        "chambers",
        {
            "format": "exactrelu.arrangement/1",
            "normals": [["1", "0"], ["0", "1"], ["1", "1"], ["0", "0"]],
            "offsets": ["0", "0", "1", "0"],
        },
        complete=True,
        chambers=[
            {"signs": "+++0", "witness": ["1", "1"]},
            {"signs": "++-0", "witness": ["1/4", "1/4"]},
            {"signs": "+-+0", "witness": ["3", "-1"]},
            {"signs": "+--0", "witness": ["1", "-1"]},
            {"signs": "-++0", "witness": ["-1", "3"]},
            {"signs": "-+-0", "witness": ["-1", "1"]},
            {"signs": "---0", "witness": ["-1", "-1"]},
        ],
    ),
    "hinge-cells": cells(
        HINGE,
        PARAMETERS,
        [("+,+", point1("1", "1/2")), ("+,-", point1("1", "2")), ("-,+", point1("-1", "1"))],
        refinement([1, 1], [1, {"-": BOTH}]),
    ),
    "output-activation-cells": cells(
        problem(network([1, 1, 1], [False, False], output_activation=True), SQUARED, [["1"]], ["0"]),
        PARAMETERS,
        [("+,+", point1("1", "1")), ("+,-", point1("1", "-1")), ("-,0", point1("-1", "1"))],
        refinement([1, {"-": BOTH}], [1, {"+": BOTH}]),
    ),
    "layer-cells": cells(
        HINGE,
        {"kind": "layer", "layer": 2, "at": point1("1", "0")},
        [("+,+", point1("1", "0")), ("+,-", point1("1", "2"))],
        refinement([1]),
    ),
    "input-cells": cells(
        HINGE,
        {"kind": "input", "at": point1("1", "1")},
        [("+", {"x": ["1"]}), ("-", {"x": ["-1"]})],
        refinement([1]),
    ),
    "no-hidden-layer-cells": cells(
        problem(network([1, 1], [True]), {"kind": "hinge"}, [["1"]], [-1]),
        PARAMETERS,
        [("+", {"W1": [["0"]], "b1": ["0"]}), ("-", {"W1": [["-3"]], "b1": ["0"]})],
        refinement([1]),
    ),
    "convolution-product": cells(
        problem(
            network(
                [2, 2, 1],
                [False, False],
                layers=[{"kind": "conv1d", "channels": 1, "kernel": 1}, {"kind": "dense"}],
            ),
            SQUARED,
            [["1", "-1"]],
            ["0"],
        ),
        PARAMETERS,
        [("+-", {"w1": ["1"], "W2": [["0", "0"]]})],
        {
            "rule": "product",
            "count": "2",
            "chambers": [{"signs": "+-", "witness": ["1"]}, {"signs": "-+", "witness": ["-1"]}],
        },
    ),
    "incomplete-cells-with-zero": cells(
        problem(network([1, 1, 1], [False, True]), SQUARED, [["0"], ["1"]], ["0", "1"]),
        PARAMETERS,
        [("0;+", {"W1": [["1"]], "W2": [["1"]], "b2": ["0"]})],
    ),
    "empty-hinge-cell": certificate(
        "empty-cell", HINGE, space=PARAMETERS, signature="-,-", farkas=[{"1": "1"}, {"1": "1"}]
    ),
    "hinge-forms": certificate(
        "forms",
        HINGE,
        cells=[
            form(
                "+,+",
                point1("1", "1/2"),
                {"phi_0": {"W1_1_1 W2_1_1": "-1"}, "phi_1": {}, "phi_2": {}, "phi_3": {"": "1"}},
                (1, 1, 0),
                multilinear=True,
                trace_zero=True,
                flat=False,
            ),
            form(
                "+,-",
                point1("1", "2"),
                {"phi_0": {}, "phi_1": {}, "phi_2": {}, "phi_3": {}},
                (0, 0, 2),
                multilinear=True,
                trace_zero=True,
                flat=True,
            ),
        ],
    ),
    "multiclass-forms": certificate(
        "forms",
        problem(network([1, 2], [True]), {"kind": "multiclass-hinge", "factor": 2}, [["3"]], [0]),
        cells=[
            form(
                "+",
                {"W1": [["0"], ["0"]], "b1": ["0", "0"]},
                {
                    "phi_0": {"W1_1_1": "-6", "W1_2_1": "6"},
                    "phi_1": {"b1_1": "-2", "b1_2": "2"},
                    "phi_2": {"": "2"},
                },
                (0, 0, 4),
                multilinear=True,
                trace_zero=True,
                flat=False,
            )
        ],
    ),
    "one-versus-all-forms": certificate(
        "forms",
        problem(
            network([1, 2], [False]),
            {"kind": "one-vs-all-hinge", "weights": [["1", "2"]], "weight_decay": "4"},
            [["3"]],
            [0],
        ),
        cells=[
            form(
                "++",
                {"W1": [["0"], ["0"]]},
                {
                    "phi_0": {"W1_1_1": "-3", "W1_2_1": "6"},
                    "phi_1": {},
                    "phi_2": {"": "3"},
                    "decay": {"W1_1_1 W1_1_1": "2", "W1_2_1 W1_2_1": "2"},
                },
                (2, 0, 0),
                multilinear=True,
                trace_zero=False,
                flat=False,
            )
        ],
    ),
    "not-separable": about_data(
        "separable", [["0"], ["1"], ["2"]], [1, -1, 1], "no", multipliers=[["1"], ["2"], ["1"]]
    ),
    "separable-classes": about_data(
        "separable",
        [["0"], ["1"]],
        [0, 1],
        "yes",
        {"kind": "multiclass-hinge"},
        map=[["0", "0"], ["2", "-1"]],
    ),
    "equal-class-weights": about_data(
        "equal-class-weights",
        [["0"], ["1"], ["2"]],
        [1, -1, 1],
        "yes",
        {"kind": "hinge", "weights": ["1/4", "1/2", "1/4"]},
    ),
    "unequal-class-weights": about_data("equal-class-weights", [["0"], ["1"], ["2"]], [1, -1, 1], "no"),
    "rare": about_data(
        "rare",
        [["0"], ["1"], ["2"]],
        [0, 1, 0],
        "yes",
        {"kind": "multiclass-hinge", "weights": ["2/5", "2/5", "1/5"]},
        **{"lambda": ["1/2", "1", "1"], "epsilon": [[1], [1], [1]]},
    ),
    "generic": about_data(
        "rare", [["0"], ["1"], ["2"]], [0, 1, 0], "no", {"kind": "multiclass-hinge", "weights": ["1/5", "1/2", "3/10"]}
    ),
    "rare-as-printed": about_data(
        "rare-as-printed",
        [["0"], ["1"]],
        [0, 1],
        "yes",
        {"kind": "multiclass-hinge"},
        **{"lambda": ["1", "1"], "epsilon": [[0, 1], [0, 0]]},
    ),
    "penalty-forms": certificate(
        "forms",
        problem(
            network([1, 2, 2], [False, False], layers=[{"kind": "dense"}, {"kind": "linear", "basis": REPLICAS}]),
            {"kind": "one-vs-all-hinge", "penalty": {"gamma": "3", "replicas": 2}},
            [["1"]],
            [0],
        ),
        cells=[
            form(
                "-+,++",
                {"W1": [["-1"], ["1"]], "w2": ["1", "1"]},
                {
                    "phi_0": {"W1_2_1 w2_2": "1"},
                    "phi_1": {},
                    "phi_2": {},
                    "phi_3": {"": "2"},
                    "decay": {"W1_1_1 W1_1_1": "3", "W1_2_1 W1_2_1": "3", "W1_1_1 W1_2_1": "-6"},
                },
                (2, 1, 1),
                multilinear=True,
                trace_zero=False,
                flat=False,
            )
        ],
    ),
    "penalty-point": one_point(
        problem(
            network([1, 2, 2], [False, True], layers=[{"kind": "dense"}, {"kind": "linear", "basis": REPLICAS}]),
            {"kind": "one-vs-all-hinge", "penalty": {"gamma": "3", "replicas": 2}},
            [["1"]],
            [0],
        ),
        {"W1": [["-1"], ["-1"]], "w2": ["1", "1"], "b2": ["3", "-2"]},
        "0",
        "--,--",
        clarke_critical=yes("zero-gradient"),
        local_minimum=yes("zero-loss"),
    ),
    "yun-point": {
        **one_point(
            YUN,
            BAD,
            "1/3",
            "++;++;++",
            differentiable=yes("smooth"),
            clarke_critical=yes("zero-gradient"),
            local_minimum=yes("sum-of-squares"),
            local_maximum=yes(
                "ascent",
                "no",
                curve=[zero_move(b2=["1"])],
                order=2,
                coefficient="3/2",
                worse={"t": "1", "loss": "11/6"},
            ),
            global_minimum=yes("better-point", "no", point={**GOOD, "W2": [["-2", "-2"]]}, loss="0"),
            kind=yes("not-constant", "sharp"),
        ),
        "at": "bad",
        "spurious": True,
    },
    "zero-loss-point": one_point(
        P,
        point1("-1", "1"),
        "0",
        "-;+",
        local_minimum=yes("zero-loss"),
        global_minimum=yes("zero-loss"),
        clarke_critical={"answer": "undecided", "reason": "nobody tried"},
    ),
    "not-critical-point": one_point(
        P,
        point1("-2", "1"),
        "1",
        "-;+",
        clarke_critical=yes("gradient", "no"),
        saddle=yes("not-critical", "no"),
        kind=yes("none", None),
        local_minimum=yes(
            "descent",
            "no",
            curve=[point1("1", "0"), point1("-1", "0")],
            order=1,
            coefficient="-2",
            better={"t": "1/2", "loss": "9/16"},
        ),
    ),
    "kink-point": one_point(
        P, point1("0", "1"), "1", "0;0", differentiable=yes("kink", "no", direction=point1("1", "0"))
    ),
    "constant-point": one_point(
        HINGE,
        point1("-1", "1"),
        "1",
        "-,+",
        local_minimum=yes("constant"),
        local_maximum=yes("constant"),
        kind=yes("constant", "flat"),
        global_minimum=yes("better-point", "no", point=point1("1", "2"), loss="0"),
    ),
    "positive-definite-point": one_point(
        problem(network([1, 1], [False]), SQUARED, [["1"]], ["3"]),
        {"W1": [["3"]]},
        "0",
        "",
        local_minimum=yes("positive-definite"),
        strict=yes("positive-definite"),
        isolated=yes("positive-definite"),
    ),
    "not-isolated-point": one_point(
        problem(network([2, 1], [False]), SQUARED, [["1", "0"]], ["3"]),
        {"W1": [["3", "1"]]},
        "0",
        "",
        local_minimum=yes("zero-loss"),
        strict=yes("constant-line", "no", direction={"W1": [["0", "1"]]}),
        isolated=yes("constant-line", "no", direction={"W1": [["0", "2"]]}),
    ),
    "strict-point-on-a-kink": one_point(
        problem(network([1, 1], [False]), {"kind": "hinge", "weights": ["2", "1"]}, [["1"], ["1"]], [1, -1]),
        {"W1": [["1"]]},
        "2",
        "0;+",
        local_minimum=yes("dual-vectors", tree={"dual": ["-1", "1"], "neurons": []}),
        strict=yes("lagrangian", tree={"multipliers": {"0": "1"}}),
        isolated=yes("lagrangian", tree={"multipliers": {"0": "1"}}),
    ),
    "end-of-a-ray-of-minima": one_point(
        problem(network([1, 1], [False]), {"kind": "hinge", "weights": "sum"}, [["1"], ["1"]], [1, -1]),
        {"W1": [["1"]]},
        "2",
        "0;+",
        local_minimum=yes("dual-vectors", tree={"dual": ["-1", "1"], "neurons": []}),
        strict=yes("constant-ray", "no", direction={"W1": [["-1"]]}),
        isolated=yes("constant-ray", "no", direction={"W1": [["-1/2"]]}),
    ),
    "hinge-minimum": certificate(
        "minimum",
        problem(network([1, 1, 1], [False, True]), {"kind": "hinge"}, [["1"], ["2"], ["3"]], [1, -1, 1]),
        point={"W1": [["0"]], "W2": [["1"]], "b2": ["1"]},
        upper="2/3",
        lower="2/3",
        tree={"dual": ["-1/6", "1/3", "-1/6"]},
    ),
    "squared-minimum": certificate(
        "minimum",
        P,
        point=point1("-1", "1"),
        upper="0",
        lower="-1/2",
        tree={
            "state": 0,
            "children": [{"dual": ["0", "0"]}, {"state": 0, "point": 1, "children": [{"dual": ["1", "0"]}] * 2}],
        },
    ),
    "global-point": one_point(
        problem(network([1, 1, 1], [False, True]), {"kind": "hinge"}, [["1"], ["2"], ["3"]], [1, -1, 1]),
        {"W1": [["0"]], "W2": [["1"]], "b2": ["1"]},
        "2/3",
        "0,0;0,+;0,0",
        global_minimum=yes("bounding-tree", tree={"dual": ["-1/6", "1/3", "-1/6"]}),
    ),
    "saddle-point": one_point(
        problem(network([1, 1, 1], [False, False], "linear"), SQUARED, [["1"], ["-1"]], ["0", "1"]),
        point1("0", "0"),
        "1",
        "0;0",
        clarke_critical=yes("zero-gradient"),
        local_minimum=yes(
            "descent", "no", curve=[point1("-1", "1")], order=2, coefficient="-2", better={"t": "1/2", "loss": "5/8"}
        ),
        local_maximum=yes(
            "ascent", "no", curve=[point1("-1", "-1")], order=2, coefficient="2", worse={"t": "1", "loss": "5"}
        ),
        saddle=yes("neither"),
        strict=yes("no-minimum", "no"),
        isolated=yes("no-minimum", "no"),
    ),
    **{path.stem: json.loads(path.read_text()) for path in sorted(CERTIFICATES.glob("*.json"))},
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_hand_written_certificate_is_accepted(name: str) -> None:
    assert check(ACCEPTED[name]) and check(ACCEPTED[name]).reason


# ---------------------------------------- mutations

Path_ = tuple[Any, ...]
IRRELEVANT = {"statement", "name", "source", "reason"}


def replacements(value: Any) -> Iterator[Any]:
    """Other values for one leaf: numbers moved and negated, signs and answers flipped."""
    if isinstance(value, bool) or value is None:
        yield from (not value, "yes", 7)
    elif isinstance(value, int) or re.fullmatch(r"-?\d+(/\d+)?", value):
        number = Fraction(value)
        for other in {number + 1, number - 1, -number, number + Fraction(1, 97)} - {number}:
            yield int(other) if isinstance(value, int) and other.denominator == 1 else str(other)
        yield True
    elif value in ("yes", "no", "undecided", "flat", "sharp"):
        yield from {"yes", "no", "undecided", "flat", "sharp", None} - {value}
    else:
        yield value + "x"
        for k, sign in enumerate(value):
            if sign in "+-0;,":
                yield from (value[:k] + other + value[k + 1 :] for other in "+-0" if other != sign)
                yield value[:k] + value[k + 1 :]


def mutations(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """All small changes of a JSON value, each as (path of the change, the whole changed value)."""
    if isinstance(value, dict):
        yield (*path, "extra"), {**value, "extra": "1"}
        for key, entry in value.items():
            if key not in IRRELEVANT:
                yield (*path, key, "deleted"), {k: v for k, v in value.items() if k != key}
                for where, changed in mutations(entry, (*path, key)):
                    yield where, {**value, key: changed}
    elif isinstance(value, list):
        if value:
            yield (*path, "shortened"), value[:-1]
            yield (*path, "lengthened"), [*value, value[-1]]
        for k, entry in enumerate(value):
            for where, changed in mutations(entry, (*path, k)):
                yield where, [*value[:k], changed, *value[k + 1 :]]
    else:
        for other in replacements(value):
            yield (*path, other), other


def survivors(name: str) -> list[Path_]:
    """The mutations of a certificate that are accepted."""
    result = []
    for path, mutant in mutations(ACCEPTED[name]):
        try:
            if check(mutant):
                result.append(path)
        except Malformed:
            pass
    return result


WEAKER = {
    "deleted",
    "shortened",
    False,
}  # an optional claim is withdrawn, a listed item dropped, a yes to completeness
GIVEN = {
    "problem",
    "witness",
    "point",
    "at",
    "direction",
    "curve",
    "farkas",
    "tree",
    "lower",
    "neurons",
    "constant_along",
    "translations",
    "vector",
    "weights",
    "theta",
    "worse",
}  # data, or one of many valid witnesses


def naive(problem: Any, point: Any, x: list[Fraction], i: int | None) -> tuple[str, Fraction]:
    """The signature and the loss of one data point, written without any sharing with the checker."""
    net, values, groups = problem["network"], x, []
    plus, minus = {"relu": (1, 0), "linear": (1, 1)}.get(str(net["activation"])) or map(
        Fraction, net["activation"]["slopes"]
    )
    last = len(net["widths"]) - 1
    for l in range(1, last + 1):
        basis = net["layers"][l - 1].get("basis") if "layers" in net else None
        if basis:
            pairs = [(Fraction(w), b) for w, b in zip(point[f"w{l}"], basis, strict=True)]
            sums = [sum(w * Fraction(b[r][c]) * v for w, b in pairs for c, v in enumerate(values)) for r in range(2)]
        elif f"w{l}" in point:  # only the convolution with one kernel entry occurs in these tests
            sums = [Fraction(point[f"w{l}"][0]) * v for v in values]
        else:
            sums = [
                sum((Fraction(w) * v for w, v in zip(row, values, strict=True)), Fraction(0)) for row in point[f"W{l}"]
            ]
        sums = [s + Fraction(b) for s, b in zip(sums, point.get(f"b{l}", ["0"] * len(sums)), strict=True)]
        values = sums
        if l < last or net.get("output_activation"):
            groups.append(sums)
            values = [max(s, Fraction(0)) * plus + min(s, Fraction(0)) * minus for s in sums]
    loss, total, n = problem["loss"], Fraction(0), len(problem["data"]["x"])
    if i is not None:
        y, given = problem["data"]["y"][i], loss.get("weights", "mean")
        weight = Fraction(1, n) if given == "mean" else Fraction(1)
        if loss["kind"] == "squared":
            total = weight * sum((o - Fraction(t)) ** 2 for o, t in zip(values, [y], strict=True))
        else:
            units = [1 - y * values[0]] if loss["kind"] == "hinge" else []
            if loss["kind"] == "multiclass-hinge":
                units = [1 + o - values[y] for r, o in enumerate(values) if r != y]
            if loss["kind"] == "one-vs-all-hinge":
                units = [1 - o if r == y else 1 + o for r, o in enumerate(values)]
            total = sum((weight * max(u, Fraction(0)) for u in units), Fraction(0))
            groups.append(units)
    signs = ["".join("+" if s > 0 else "-" if s < 0 else "0" for s in group) for group in groups]
    return ",".join(signs), total * Fraction(loss.get("factor", 1))


def naive_whole(problem: Any, point: Any) -> tuple[str, Fraction]:
    xs = [[Fraction(v) for v in x] for x in problem["data"]["x"]]
    parts = [naive(problem, point, x, i) for i, x in enumerate(xs)]
    total = sum((loss for _, loss in parts), Fraction(0))
    if penalty := problem["loss"].get("penalty"):  # on two replicas of one weight in these tests
        total += Fraction(penalty["gamma"]) * (Fraction(point["W1"][0][0]) - Fraction(point["W1"][1][0])) ** 2
    return ";".join(signs for signs, _ in parts), total


def numbers_of(value: Any) -> list[Any]:
    """The places of the numbers in a point, as (list, index)."""
    if isinstance(value, dict):
        return [place for key in value for place in numbers_of(value[key])]
    return [p for k, v in enumerate(value) for p in (numbers_of(v) if isinstance(v, list) else [(value, k)])]


GRID = [Fraction(k, 3) for k in (-20, -7, -4, -2, 2, 4, 7, 20)]


def samples(point: Any, around: bool = False) -> Iterator[Any]:
    """Points on a grid, or close to the given point (the corners of a small cube, as many as feasible)."""
    point = copy.deepcopy(point)
    places = numbers_of(point)
    base = [Fraction(row[k]) for row, k in places]
    steps = [Fraction(s, 10**4) for s in (-1, 0, 1)] if around else GRID
    for move in itertools.islice(itertools.product(steps, repeat=len(places)), 5_000):
        for (row, k), b, s in zip(places, base, move, strict=True):
            row[k] = b + s if around else s
        yield point


def refuted(c: Certificate) -> bool:
    """Whether a brute-force search finds that a certificate claims something false."""
    p = c["problem"]
    if c["kind"] == "chambers":
        offsets = [Fraction(b) for b in p.get("offsets", [0] * len(p["normals"]))]
        found = set()
        for x in itertools.product([*GRID, *(g + 1 for g in GRID), Fraction(1, 9)], repeat=len(p["normals"][0])):
            dots = [sum(Fraction(a) * b for a, b in zip(h, x, strict=True)) for h in p["normals"]]
            signs = "".join("+" if d > b else "-" if d < b else "0" for d, b in zip(dots, offsets, strict=True))
            found.add(signs)
        full = {
            s for s in found if all(a != "0" or not any(map(Fraction, h)) for a, h in zip(s, p["normals"], strict=True))
        }
        listed = {entry["signs"] for entry in c["chambers"]}
        return bool(listed - found) or (c["complete"] and listed != full)
    if c["kind"] == "cells" and c["space"]["kind"] == "input":
        seen = {naive(p, c["space"]["at"], [Fraction(x)], None)[0] for x in GRID}
        return {cell["signature"] for cell in c["cells"]} != seen
    if c["kind"] == "cells":
        if any(naive_whole(p, cell["witness"])[0] != cell["signature"] for cell in c["cells"]):
            return True
        seen = set()
        for point in samples(c["cells"][0]["witness"]) if c["cells"] else ():
            if c["space"]["kind"] == "layer":
                point = {**point, "W1": c["space"]["at"]["W1"]}
            seen.add(naive_whole(p, point)[0])
        proof = c.get("proof", {"rule": ""})
        if proof["rule"] == "product" and seen:
            return len(seen) != int(proof["count"])
        return proof["rule"] == "refinement" and any(
            s not in {cell["signature"] for cell in c["cells"]} for s in seen if "0" not in s
        )
    if c["kind"] == "empty-cell":
        return any(
            naive_whole(p, point)[0] == c["signature"]
            for point in samples(point1("0", "0"))
            if p["network"]["bias"] == [False, False]
        )
    if c["kind"] == "forms":
        return any(naive_whole(p, cell["witness"])[0] != cell["signature"] for cell in c["cells"])
    if c["kind"] == "data":
        return data_refuted(c)
    if c["kind"] == "facts":
        return facts_refuted(c)
    if c["kind"] == "atlas":
        return atlas_refuted(c)
    if c["kind"] == "exhaustion":
        return exhaustion_refuted(c)
    if c["kind"] == "critical-sets":
        return critical_refuted(c)
    if c["kind"] == "critical-strata":
        sets = [
            {**s, **{name: s["decisions"][name]["answer"] == "yes" for name in ("local_minimum", "local_maximum")}}
            for s in c["strata"]
        ]
        return critical_refuted({**c, "sets": sets})
    if c["kind"] == "minimum":
        least = min(naive_whole(p, q)[1] for q in samples(c["point"]))
        return naive_whole(p, c["point"])[1] != Fraction(c["upper"]) or least < Fraction(c["lower"])
    signature, loss = naive_whole(p, c["point"])
    if (signature, loss) != (c["signature"], Fraction(c["loss"])):
        return True
    answers = {name: entry["answer"] for name, entry in c["decisions"].items()}
    near = [naive_whole(p, q)[1] for q in samples(c["point"], around=True)]
    return (
        (answers.get("local_minimum") == "yes" and min(near) < loss)
        or (answers.get("local_minimum") == "no" and min(near) >= loss)
        or (answers.get("local_maximum") == "yes" and max(near) > loss)
        or (answers.get("global_minimum") == "yes" and min(naive_whole(p, q)[1] for q in samples(c["point"])) < loss)
        or (answers.get("kind") == "flat" and c["decisions"]["kind"]["rule"] == "constant" and len(set(near)) > 1)
        or incidence_refuted(c)
    )


def incidence_refuted(c: Certificate) -> bool:
    """Whether a cell near the point is missing in a list of incident cells that is said to be complete."""
    if "tree" not in c.get("incident", {}):
        return False
    listed = {cell["signature"] for cell in c["incident"]["cells"]}
    seen = {naive_whole(c["problem"], q)[0] for q in samples(c["point"], around=True)}
    least = min(s.count("0") for s in seen)
    return any(s not in listed for s in seen if s.count("0") == least)


def atlas_refuted(c: Certificate) -> bool:
    """Whether a witness is no local minimum of its value, or samples have a local minimum of another value."""
    for each in c["sets"]:
        loss = naive_whole(c["problem"], each["witness"])[1]
        near = [naive_whole(c["problem"], q)[1] for q in samples(each["witness"], around=True)]
        if loss != Fraction(each["value"]) or min(near) < loss:
            return True
        if c["complete"] and each["spurious"] != (loss > Fraction(c["minimum"])):
            return True
    if c["complete"] and c["minimum"] not in {each["value"] for each in c["sets"]}:
        return True
    values = {Fraction(each["value"]) for each in c["sets"]}
    for point in samples(c["sets"][0]["witness"]) if c["complete"] and c["sets"] else ():
        loss = naive_whole(c["problem"], point)[1]
        if loss not in values and min(naive_whole(c["problem"], q)[1] for q in samples(point, around=True)) >= loss:
            return True
    return bool(c["complete"] and not values)


def exhaustion_refuted(c: Certificate) -> bool:
    """Whether an embedded certificate is false, or not about its case, or no data set but these has the size."""
    for case in (*c["cases"], *c["found"]):
        (inner,) = case["certificates"]
        if refuted(inner) or inner["problem"]["data"] != case["problem"]["data"]:
            return True
    first = all(low == 1 for low, _ in c["bounds"].values())
    sizes = [(len(case["problem"]["data"]["x"]), case["problem"]["network"]["widths"]) for case in c["found"]]
    return c["complete"] and not (first and set(map(str, sizes)) == {str((1, [1, 1, 1]))})


def critical_refuted(c: Certificate) -> bool:
    """Whether a witness has another loss or kind, or samples have a gradient of 0 at another loss."""
    p = c["problem"]
    for each in c["sets"]:
        loss = naive_whole(p, each["witness"])[1]
        near = [naive_whole(p, q)[1] for q in samples(each["witness"], around=True)]
        kinds = (min(near) >= loss, max(near) <= loss)
        if loss != Fraction(each["value"]) or kinds != (each["local_minimum"], each["local_maximum"]):
            return True
    values = {Fraction(each["value"]) for each in c["sets"]}
    for point in samples(c["sets"][0]["witness"]) if c["complete"] and c["sets"] else ():
        loss = naive_whole(p, point)[1]
        ends = {tuple(naive_whole(p, q)[1] for q in moved(point, place)) for place in range(len(numbers_of(point)))}
        if loss not in values and all(up == down for up, down in ends):
            return True
    return bool(c["complete"] and not values)


def moved(point: Any, place: int) -> Iterator[Any]:
    """The point with one number changed a little, up and down."""
    for step in (Fraction(1, 10**4), Fraction(-1, 10**4)):
        other = copy.deepcopy(point)
        row, k = numbers_of(other)[place]
        row[k] = Fraction(row[k]) + step
        yield other


def facts_refuted(c: Certificate) -> bool:
    """Whether a relation is false at one of a few values of the variables, by Python's own evaluation."""
    y = [Fraction(v) for v in c["problem"]["data"]["y"]]
    known: Any = {
        "exp": math.exp,
        "sum": sum,
        "y": y,
        "positive_definite": lambda m: m[0][0] > 0 < m[0][0] * m[1][1] - 1,
    }
    for value in (Fraction(1, 3), Fraction(-2), Fraction(5)):
        names = {**known, **dict.fromkeys(c["variables"], value)}
        for name, text in c["definitions"]:
            names[name] = eval(text, names)
        if not all(eval(text, names) is True for text in c["facts"]):
            return True
    return False


def data_refuted(c: Certificate) -> bool:
    """Whether a claim on data on the line, with labels 1 and -1 or two classes, is false."""
    x, y = ([Fraction(v) for (v,) in c["problem"]["data"]["x"]], [int(v) for v in c["problem"]["data"]["y"]])
    loss = c["problem"]["loss"]
    given = loss.get("weights", "mean")
    weights = [Fraction(1, len(x)) if given == "mean" else Fraction(given[i]) for i in range(len(x))]
    side = [1 if label == 1 else -1 for label in y]
    answer = c["answer"] == "yes"
    if c["property"] == "separable":
        up, down = ([v for v, s in zip(x, side, strict=True) if s == t] for t in (1, -1))
        apart = not up or not down or max(up) < min(down) or max(down) < min(up)
        return apart != answer
    if c["property"] == "equal-class-weights":
        return (sum(w * s for w, s in zip(weights, side, strict=True)) == 0) != answer
    if c["property"] == "rare-as-printed":
        return False
    choices = itertools.product((Fraction(0), Fraction(1, 2), Fraction(1)), repeat=len(x))
    sums = [[sum(a * w * s * t for a, w, s, t in zip(e, weights, side, ts, strict=True)) for ts in (x, [1] * len(x))]
            for e in choices if any(e)]  # fmt: skip
    return any(not any(pair) for pair in sums) != answer


@pytest.mark.parametrize("name", ACCEPTED)
def test_brute_force_finds_nothing_against_a_hand_written_certificate(name: str) -> None:
    assert not refuted(ACCEPTED[name])


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_mutated_certificate_is_rejected_unless_it_is_still_true(name: str) -> None:
    every = list(mutations(ACCEPTED[name]))
    kept = survivors(name)
    assert len(kept) < len(every) / 4
    accepted = [mutant for path, mutant in every if path in kept]
    if name != "yun-point":  # nine parameters: too many for a cube of samples; only its bias list may go
        assert not any(refuted(mutant) for mutant in accepted)
    for path in kept:
        true_by_symmetry = path == ("signature", "0,-")  # with w = 0 the output is 0 and the margin unit is 1
        said_twice = path in (("facts", "lengthened"), ("found", "lengthened"))
        harmless = (
            {"chambers", "rays", "face", "support", "bounds", "distinct"} & set(path) or true_by_symmetry or said_twice
        )
        assert path[-1] in WEAKER or GIVEN & set(path) or harmless, path


@pytest.mark.parametrize(
    ("name", "path", "value", "reason"),
    [
        ("hinge-cells", ["cells", 0, "signature"], "+,0", "cells[0]: the signature is '+,+'"),
        ("hinge-cells", ["proof", "trees", 0, 1], {"-": BOTH}, "trees[0][1].-: the combination is not"),
        ("docstring-2-cells", ["proof", "trees", 0, 1], 1, "'+;+' is neither listed nor refuted"),
        ("docstring-2-cells", ["proof", "trees", 0, 1], {"-": BOTH}, "nothing is refuted"),
        ("docstring-2-cells", ["proof", "trees", 0, 1, "+", "0"], "0", "is not positive"),
        ("docstring-2-cells", ["proof", "trees", 0, 1, "+"], {}, "nothing is refuted"),
        ("docstring-2-cells", ["proof", "trees", 0, 1, "+"], {"7": "1"}, "no inequality at position 7"),
        ("docstring-1-cells", ["proof", "count"], "3", "3 is not 2 ^ 1"),
        ("incomplete-cells-with-zero", ["cells", 0], None, ""),
        ("yun-point", ["loss"], "1/2", "loss: it is 1/3"),
        ("yun-point", ["decisions", "local_minimum", "rule"], "positive-definite", "inertia of the Hessian"),
        ("yun-point", ["decisions", "local_minimum", "rule"], "constant", "not constant"),
        ("yun-point", ["decisions", "local_minimum", "rule"], "zero-loss", "the loss is not 0"),
        ("kink-point", ["decisions", "differentiable"], yes("smooth"), "unit 0 has a kink"),
        ("not-critical-point", ["decisions", "local_minimum", "order"], 2, "not the order"),
    ],
)
def test_a_rejection_says_where_and_why(name: str, path: list[Any], value: Any, reason: str) -> None:
    changed = copy.deepcopy(ACCEPTED[name])
    place: Any = changed
    for key in path[:-1]:
        place = place[key]
    if value is None:
        place[path[-1]] = {"signature": "0;0", "witness": {"W1": [["0"]], "W2": [["1"]], "b2": ["0"]}}
        reason = "unit 1 is 0 at the witness only"
    else:
        place[path[-1]] = value
    verdict = check(changed)
    assert not verdict and reason in verdict.reason


def test_every_rule_and_every_kind_has_an_accepted_certificate() -> None:
    used = {
        (name, entry["answer"], entry["rule"])
        for c in ACCEPTED.values()
        for name, entry in c.get("decisions", {}).items()
        if "rule" in entry
    }
    assert used == set(checker.RULES)
    assert {c["kind"] for c in ACCEPTED.values()} == set(checker.KINDS)
    assert {c["proof"]["rule"] for c in ACCEPTED.values() if "proof" in c} == {"product", "refinement"}


# ---------------------------------------- false claims that look like true ones

SHARED = [
    ({"kind": "linear", "basis": [[["1"], ["0"]]]}, [1, 2], [["1"]]),
    ({"kind": "conv1d", "channels": 1, "kernel": 1}, [2, 2], [["1", "0"]]),
]


@pytest.mark.parametrize(("layer", "widths", "x"), SHARED)
@pytest.mark.parametrize(
    "decisions",
    [
        {"local_minimum": yes("dual-vectors", tree={"dual": ["1"], "neurons": []})},
        {"local_maximum": yes("cones", neurons=[])},
    ],
)
def test_two_classes_count_as_one_only_with_weights_of_their_own(
    layer: Any, widths: list[int], x: Any, decisions: Any
) -> None:
    """The loss is max(1 - w, 0) at w = 0: to move only the outputs of the second class would not lower it."""
    net = network(widths, [False], layers=[layer])
    given = problem(net, {"kind": "multiclass-hinge", "weights": "sum"}, x, [0])
    verdict = check(one_point(given, {"w1": ["0"]}, "1", "+", **decisions))
    assert not verdict and "couples the outputs" in verdict.reason


def test_three_classes_are_no_case_for_the_rules_of_one_output() -> None:
    given = problem(network([1, 3], [False]), {"kind": "multiclass-hinge", "weights": "sum"}, [["1"]], [0])
    decision = yes("dual-vectors", tree={"dual": ["1", "1"], "neurons": []})
    verdict = check(one_point(given, {"W1": [["0"]] * 3}, "2", "++", local_minimum=decision))
    assert not verdict and "couples the outputs" in verdict.reason


def test_there_is_no_layer_without_parameters_that_could_not_be_rescaled() -> None:
    """The loss would be b^2, with a strict minimum at 0."""
    empty = {"kind": "linear", "basis": []}
    net = network([1, 1, 1, 1], [False, False, True], layers=[empty, empty, empty])
    point = {"w1": [], "w2": [], "w3": [], "b3": ["0"]}
    given = problem(net, SQUARED, [["1"]], ["0"])
    with pytest.raises(Malformed, match="basis"):
        check(one_point(given, point, "0", "0,0", strict=yes("rescaling", "no", layer=1)))


def test_work_that_a_short_file_asks_for_is_bounded() -> None:
    net = network([1, 10**5, 2], [False, False])
    loss = {"kind": "one-vs-all-hinge", "penalty": {"gamma": "1", "replicas": 10**5}}
    with pytest.raises(Malformed, match="penalty"):
        check(certificate("data", problem(net, loss, [["1"]], [0]), property="separable", answer="yes", witness={}))
    x = [[str(i), str(i * i % 977), "1"] for i in range(1, 1001)]
    many = problem(network([3, 1, 1], [False, False]), SQUARED, x, ["0"] * 1000)
    zero = {"W1": [["0"] * 3], "W2": [["0"]]}
    verdict = check(certificate("minimum", many, point=zero, upper="0", lower="0", tree={"dual": ["0"] * 1000}))
    assert not verdict and "too large" in verdict.reason
    huge = [[f"{r}{c}7e{37 * r * c % 5 * 9_000}" for c in range(1, 6)] for r in range(1, 7)]
    long = problem(network([5, 1, 1], [False, False]), SQUARED, huge, ["0"] * 6)
    zero = {"W1": [["0"] * 5], "W2": [["0"]]}
    verdict = check(certificate("minimum", long, point=zero, upper="0", lower="0", tree={"dual": ["0"] * 6}))
    assert not verdict and "too large" in verdict.reason


# ---------------------------------------- the parts


def resonance(n: int) -> list[tuple[int, ...]]:
    return [v for v in itertools.product((0, 1), repeat=n) if any(v)]


def threshold(n: int) -> list[tuple[int, ...]]:
    return [(1, *v) for v in itertools.product((0, 1), repeat=n)]


def braid(n: int) -> list[list[int]]:
    return [[(k == i) - (k == j) for k in range(n)] for i in range(n) for j in range(i)]


@pytest.mark.parametrize(
    ("normals", "chambers"),
    [(resonance(n), count) for n, count in enumerate((2, 6, 32, 370, 11292), 1)]
    + [(threshold(n), count) for n, count in enumerate((4, 14, 104, 1882), 1)]
    + [(braid(n), count) for n, count in ((2, 2), (3, 6), (4, 24), (5, 120), (6, 720))]
    + [(braid(4)[:0], 1), ([(0, 0), (0, 0)], 1), ([(2, 4), (-1, -2), (1, 2)], 2)]
    + [([[int(i == j) for j in range(n)] for i in range(n)], 2**n) for n in (1, 2, 3, 8)],
)
def test_chambers_are_counted_as_in_the_literature(normals: list[Any], chambers: int) -> None:
    """Resonance: OEIS A034997; threshold: A000609; braid: n!; Boolean: 2^n."""
    assert checker.count_chambers(normals, 10**9) == chambers
    for limit in range(min(chambers, 40)):
        assert checker.count_chambers(normals, limit) > limit
    assert checker.count_chambers(normals, chambers) == chambers


def test_counting_stops_at_the_limit() -> None:
    """All 2^300 would not be counted before the end of time."""
    assert checker.count_chambers([[int(i == j) for j in range(300)] for i in range(300)], 500) > 500


def test_a_polynomial_in_t_has_the_values_of_the_loss_near_zero() -> None:
    read = checker.Problem(YUN)
    point = read.point(BAD, "point")
    place = checker.Place(read, point)
    for seed in range(1, 40):
        steps = [[Fraction((seed * (v + 3) * (k + 2)) % 11 - 5) for v in range(9)] for k in range(2)]
        base = [b if seed % 2 else Fraction(0) for b in point]
        triples = zip(base, *steps, strict=True)
        curve = [checker.clean({(): b, (0,): p, (0, 0): q}) for b, p, q in triples]
        t = Fraction(1, 10**6)
        direct = place.loss_along(checker.constants(checker.evaluate(c, [t]) for c in curve))
        assert checker.evaluate(place.loss_along(curve), [t]) == checker.evaluate(direct, [])


def test_inertia_is_that_of_the_diagonal_under_congruence() -> None:
    change = [[1, 2, 0, 1], [0, 1, 5, 0], [3, 0, 1, 1], [0, 1, 0, 2]]
    rows = [{(v,): Fraction(c) for v, c in enumerate(row) if c} for row in change]
    for diagonal in itertools.product((-2, 0, 3), repeat=4):
        form = checker.total((d, checker.product(l, l)) for d, l in zip(diagonal, rows, strict=True))
        assert checker.inertia(form, 4) == (diagonal.count(3), diagonal.count(-2), diagonal.count(0))


def test_inertia_without_squares_on_the_diagonal() -> None:
    """All forms a xy + b xz + c yz; by the sign of abc there are one or two positive squares."""
    for a, b, c in itertools.product((-1, 0, 2), repeat=3):
        form = checker.clean({(0, 1): Fraction(a), (0, 2): Fraction(b), (1, 2): Fraction(c)})
        positive, negative = (1, 2) if a * b * c > 0 else (2, 1) if a * b * c < 0 else (1, 1)
        expected = (positive, negative, 3 - positive - negative) if form else (0, 0, 3)
        assert checker.inertia(form, 3) == expected


def test_the_hessian_is_twice_a_quadratic_form() -> None:
    q = {(0, 0): Fraction(3), (0, 1): Fraction(-2), (1, 1): Fraction(5), (2,): Fraction(1), (): Fraction(9)}
    twice = {(0, 0): Fraction(6), (0, 1): Fraction(-4), (1, 1): Fraction(10)}
    assert checker.hessian(q, [Fraction(7)] * 3) == twice


def test_products_and_derivatives_of_polynomials() -> None:
    a, b = checker.variables(2)
    p = checker.product(checker.total([(1, a), (1, b), (1, checker.ONE)]), checker.total([(1, a), (-1, b)]))
    assert p == {(0, 0): 1, (1, 1): -1, (0,): 1, (1,): -1}
    at = [Fraction(2), Fraction(5)]
    assert [checker.evaluate(checker.derivative(p, v), at) for v in range(2)] == [5, -11]
    assert checker.total([(1, a), (-1, a)]) == {} and checker.product(a, {}) == {}


def test_a_lattice_of_chambers_in_rank_four_is_counted() -> None:
    normals = [[(7 * k * k + 3) % 61 - 30, (11 * k + k**3) % 53 - 26, k % 17 - 8, 13 * k % 29 - 14] for k in range(38)]
    assert checker.count_chambers(normals, 10**6) > 8000


def test_a_path_with_both_sides_refuted_is_left() -> None:
    thrice = problem(network([1, 1, 1], [False, False]), SQUARED, [["1"], ["-1"], ["1"]], ["0", "1", "0"])
    listed = [("+;-;+", point1("1", "1")), ("-;+;-", point1("-1", "1"))]
    both = {"+": BOTH, "-": BOTH}
    plus = {"-": {"0": "1", "2": "1"}}
    minus = {"+": {"0": "1", "2": "1"}}
    tree = [1, 1, both, plus, 1, minus, both]
    assert check(cells(thrice, PARAMETERS, listed, refinement(tree)))
    for k in range(len(tree)):
        assert not check(cells(thrice, PARAMETERS, listed, refinement(tree[:k] + tree[k + 1 :])))
    assert not check(cells(thrice, PARAMETERS, listed, refinement([*tree, 1])))


@pytest.mark.parametrize(
    ("widths", "loss"),
    [
        ([2, 2, 2, 1], "squared"),
        ([2, 3, 1], "hinge"),
        ([1, 2, 3], "multiclass-hinge"),
        ([2, 2, 2], "one-vs-all-hinge"),
    ],
)
def test_the_polynomial_of_a_cell_has_the_values_of_the_loss(widths: list[int], loss: str) -> None:
    slopes, bias = {"slopes": ["2", "1/3"]}, [True] * (len(widths) - 1)
    xs = [["1", "-2"][: widths[0]], ["-3", "1/2"][: widths[0]]]
    described = problem(network(widths, bias, slopes), {"kind": loss, "factor": "5/3"}, xs, [1, 1])
    read = checker.Problem(described)
    for seed in range(12):
        size = len(read.names)
        flat = [Fraction((seed * seed + 1) * (7 * v + 3) % 19 - 9, 4) for v in range(size)]
        point, values = {}, iter(flat)
        for name, (n, each) in read.shape.items():
            vector = each is Fraction
            array = [[next(values) for _ in range(1 if vector else each[0])] for _ in range(n)]
            point[name] = [row[0] for row in array] if vector else array
        signature, value = naive_whole(described, point)
        signs = signature.replace(",", "").replace(";", "")
        loss = checker.Space(read, checker.variables(size)).loss(signs)
        assert checker.evaluate(loss, flat) == value
        place = checker.Place(read, flat)
        assert (place.signs, place.value) == (signs, value)


def test_convolutions_are_laid_out_as_in_the_network_module() -> None:
    from exactrelu.network import Layer

    for before, channels, kernel, stride in itertools.product((1, 2), (1, 3), (1, 2), (1, 2)):
        inputs = 5 * before
        outputs = channels * ((5 - kernel) // stride + 1)
        engine = Layer.conv1d(inputs, outputs, channels, kernel, stride, input_channels=before)
        value = {"kind": "conv1d", "channels": channels, "kernel": kernel, "stride": stride}
        entries, size, found = checker.read_entries(value, "layer", inputs, outputs, before)
        assert {entry[:3] for entry in entries} == {entry[:3] for entry in engine.entries}
        assert (len(set(entries)), size, found) == (len(engine.entries), engine.size, channels)


def test_variables_are_named_as_in_the_network_module() -> None:
    from exactrelu.network import Network

    described = problem(network([2, 3, 2], [True, False]), {"kind": "multiclass-hinge"}, [["1", "2"]], [0])
    assert tuple(checker.Problem(described).names) == Network.dense([2, 3, 2], bias=[True, False]).names


# ---------------------------------------- the order of the units in trees


def test_trees_visit_a_layer_for_all_data_points_before_the_next_layer() -> None:
    twice = problem(network([1, 1, 1], [False, False]), {"kind": "hinge"}, [["1"], ["-1"]], [1, 1])
    space = checker.read_space(checker.Problem(twice), PARAMETERS)
    assert [k for k, _ in space.walk("++++")] == [0, 2, 1, 3]
    multiclass = problem(network([1, 2, 3], [False, False]), {"kind": "multiclass-hinge"}, [[1], [2]], [0, 2])
    space = checker.read_space(checker.Problem(multiclass), PARAMETERS)
    assert [k for k, _ in space.walk("+" * 8)] == [0, 1, 4, 5, 2, 3, 6, 7]
    assert [unit for k, unit in space.walk("+" * 8) if k == 7] == [
        {(): 1, (0, 4): 2, (1, 5): 2, (0, 6): -2, (1, 7): -2}
    ]


def test_a_tree_in_the_order_of_the_signature_is_rejected() -> None:
    twice = problem(network([1, 1, 1], [False, False]), {"kind": "hinge"}, [["1"], ["2"]], [1, 1])
    listed = [
        ("+,+;+,+", point1("1", "1/4")),
        ("+,+;+,-", point1("1", "3/4")),
        ("+,-;+,-", point1("1", "2")),
        ("-,+;-,+", point1("-1", "1")),
    ]
    same, minus, beyond = {"-": {"0": "2", "2": "1"}}, {"+": {"0": "2", "2": "1"}}, {"+": {"3": "1", "1": "2"}}
    positive = [1, same, 1, 1, beyond, minus]  # v = 1: w x1, w x2, then both loss units
    negative = [1, same, {"-": {"0": "1", "1": "1"}}, {"-": {"2": "1", "3": "1"}}, minus]
    assert check(cells(twice, PARAMETERS, listed, refinement(positive, negative)))
    for wrong in ([1, 1, same, 1, beyond, minus], [1, same, 1, beyond, 1, minus]):
        assert not check(cells(twice, PARAMETERS, listed, refinement(wrong, negative)))


# ---------------------------------------- certificates that the engine makes


def accepted(made: Any) -> bool:
    """Whether a certificate of the engine is accepted after it has been a file."""
    return bool(check(json.loads(made.dumps())))


@pytest.mark.parametrize(
    "name", ["laurent-brecht-one-neuron", "liu-two-samples", "milne-two-neurons", "yun2018-three-point"]
)
def test_all_cells_of_a_shipped_problem_are_accepted(name: str) -> None:
    from exactrelu.landscape import Problem, cells_certificate

    found = Problem.example(name).cells()
    assert found.complete and accepted(cells_certificate(found))


@pytest.mark.parametrize("choice", [{"layer": 1}, {"layer": 2}, {"layer": 3}, {"space": "input"}])
def test_all_cells_of_a_layer_or_the_input_of_a_deep_network_are_accepted(choice: Any) -> None:
    from exactrelu.landscape import Problem, cells_certificate

    found = Problem.example("laurent-brecht-two-hidden-layers").cells(at="start", **choice)
    made = json.loads(cells_certificate(found).dumps())
    assert made["complete"] and check(made)
    made["cells"].pop()
    assert "neither listed nor refuted" in check(made).reason


@pytest.mark.parametrize("name", ["bias-free-two-hidden-layers", "convolution", "laurent-brecht-two-hidden-layers"])
def test_explored_cells_are_accepted(name: str) -> None:
    from exactrelu.landscape import Problem, cells_certificate

    assert accepted(cells_certificate(Problem.example(name).cells(limit=30)))


def test_forms_and_points_of_every_shipped_problem_are_accepted() -> None:
    from exactrelu import examples
    from exactrelu.landscape import Problem, forms_certificate

    for name in examples.names():
        shipped = Problem.example(name)
        if name != "laurent-brecht-three-minima":  # its 12,406 cells take too long for a test
            listed = list(itertools.islice(shipped.cells(limit=8), 8))
            assert accepted(forms_certificate(shipped, listed)), name
        for point in shipped.points:
            assert accepted(shipped.at(point).certificate()), (name, point)


def test_an_empty_cell_of_a_shipped_problem_is_accepted() -> None:
    from exactrelu.emptiness import Empty
    from exactrelu.landscape import Problem

    empty = Problem.example("yun2018-three-point").cell("++;++;-+")
    assert isinstance(empty, Empty) and accepted(empty.certificate(PARAMETERS))


@pytest.mark.parametrize("offsets", [{}, {"offsets": ["0", "0", "1/2"]}])
def test_the_chambers_that_the_command_line_lists_are_accepted(offsets: Any, tmp_path: Path) -> None:
    from exactrelu.cli import main

    normals = [["1", "0"], ["0", "1"], ["1", "2/3"]]
    lines = {"format": "exactrelu.arrangement/1", "normals": normals, **offsets}
    file, made = written(tmp_path, "lines.json", lines), tmp_path / "made.json"
    assert main(["arrangement", file, "--quiet", "--certificate", str(made)]) == 0
    assert check(checker.load(str(made))).reason == f"{7 if offsets else 6} chambers, and no others"


# ---------------------------------------- what is not a certificate


@pytest.mark.parametrize(
    "text",
    ["1", "-3/4", "0.25", ".5", "5.", "1e-3", "1E+2", "+2", "-0", "00012", "1e100000", "9" * 10_000],
)
def test_exact_numbers_are_read(text: str) -> None:
    with checker.long_numbers():
        assert checker.number(text, "x") == Fraction(text)


@pytest.mark.parametrize(
    "value",
    ["", "1/0", "1/00", "NaN", "inf", "1e100001", "1e-100001", "1e9999999999", " 1", "1\n", "1/-2", "--1",
     "1_0", ".", "e5", "\u0663", "0x1", True, None, 0.5, [], "9" * 300_000],
)  # fmt: skip
def test_what_is_no_exact_number_is_malformed(value: Any) -> None:
    with pytest.raises(Malformed):
        checker.number(value, "x")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["kind"], "proof"),
        (["kind"], ["point"]),
        (["format"], "exactrelu.certificate/2"),
        (["statement"], 3),
        (["problem", "format"], "exactrelu.problem/2"),
        (["problem", "network", "widths"], [2, 10**9, 1]),
        (["problem", "network", "widths"], [2, True, 1]),
        (["problem", "network", "widths"], [2]),
        (["problem", "network", "activation"], {"slopes": [0, 0]}),
        (["problem", "network", "activation"], {"leaky": 1}),
        (["problem", "network", "activation"], "gelu"),
        (["problem", "network", "bias"], [1, 1]),
        (["problem", "network", "layers"], [{"kind": "dense"}]),
        (
            ["problem", "network", "layers"],
            [{"kind": "conv1d", "channels": 1, "kernel": 3}, {"kind": "dense"}],
        ),
        (["problem", "loss", "weights"], ["1", "1"]),
        (["problem", "loss", "weights"], ["1", "1", "0"]),
        (["problem", "loss", "factor"], "-1"),
        (["problem", "loss", "weight_decay"], "-1"),
        (["problem", "loss", "penalty"], {"gamma": "1", "replicas": 2}),
        (["problem", "loss", "kind"], "hinge"),
        (["problem", "data", "x"], []),
        (["problem", "data", "y"], ["0", "0"]),
        (["problem", "points", "bad", "b3"], ["0"]),
        (["point", "W1"], [["1", "2"], ["3"]]),
        (["signature"], "++;+++;+"),
        (["signature"], "++;++;++;"),
        (["decisions", "local_minimum", "rule"], "trust-me"),
        (["decisions", "local_minimum", "answer"], ["yes"]),
        (["decisions", "beauty"], {"answer": "yes", "rule": "smooth"}),
        (["spurious"], False),
    ],
)
def test_a_malformed_certificate_raises(path: list[Any], value: Any) -> None:
    changed = copy.deepcopy(ACCEPTED["yun-point"])
    place: Any = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(Malformed):
        check(changed)


def test_an_object_with_to_dict_is_checked() -> None:
    class Held:
        def to_dict(self) -> Certificate:
            return ACCEPTED["yun-point"]

    assert check(Held()) == check(ACCEPTED["yun-point"])
    assert check(Held()) == Verdict(True, check(Held()).reason)


def test_two_to_the_sixty_sheets_are_not_enumerated() -> None:
    wide = problem(network([1, 60, 1], [False, False]), {"kind": "hinge"}, [["1"]], [1])
    assert "there are 1152921504606846976 sheets" in check(cells(wide, PARAMETERS, [], refinement([]))).reason


def test_a_deep_space_has_no_complete_proof() -> None:
    deep = problem(network([1, 1, 1, 1], [False] * 3), SQUARED, [["1"]], ["1"])
    assert "no complete proof exists" in check(cells(deep, PARAMETERS, [], refinement([]))).reason


def test_a_network_of_a_thousand_layers_does_not_stop_the_checker() -> None:
    deep = problem(network([1] * 1001, [False] * 1000), SQUARED, [["1"]], ["2"])
    point = {f"W{l}": [["1"]] for l in range(1, 1001)}
    made = one_point(deep, point, "1", ",".join("+" * 999), clarke_critical=yes("gradient", "no"))
    assert check(made) or "recursion" in check(made).reason


def test_a_hessian_in_too_many_variables_is_not_expanded() -> None:
    wide = problem(network([1000, 1], [False]), SQUARED, [["1"] * 1000], ["0"])
    made = one_point(wide, {"W1": [["0"] * 1000]}, "0", "", local_minimum=yes("positive-definite"))
    assert "too large" in check(made).reason


def test_a_form_with_too_many_terms_is_rejected_without_being_expanded() -> None:
    widths = [40, 40, 40, 40, 1]
    point = {f"W{l}": [["1"] * widths[l - 1]] * widths[l] for l in range(1, 5)}
    huge = problem(network(widths, [False] * 4), SQUARED, [["1"] * 40], ["1"])
    blocks: Any = {"r_1": {}}
    cell = form(",".join(["+" * 40] * 3), point, blocks, (0, 0, 1), multilinear=True, trace_zero=True, flat=True)
    verdict = check(certificate("forms", huge, cells=[cell]))
    assert not verdict and "too large" in verdict.reason


# ---------------------------------------- the command


def run(*arguments: str, at: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """The checker, copied into an empty directory, on a Python without any package."""
    copied = at / "checker_copy.py"
    shutil.copy(str(checker.__file__), copied)
    command = [sys.executable, "-I", "-S", "-W", "error", str(copied), *arguments]
    return subprocess.run(command, capture_output=True, text=True, input=stdin, timeout=120, check=False)


def written(at: Path, name: str, value: Any) -> str:
    path = at / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return str(path)


def test_the_copied_file_accepts_every_certificate_with_exit_status_0(tmp_path: Path) -> None:
    files = [written(tmp_path, f"{name}.json", c) for name, c in ACCEPTED.items()]
    outcome = run(*files, at=tmp_path)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    lines = outcome.stdout.splitlines()
    assert len(lines) == len(files)
    for file, line, c in zip(files, lines, ACCEPTED.values(), strict=True):
        assert line.startswith(f"{file}: accepted ({c['kind']}): ")
        assert line.endswith(" [claimed: words]")


def test_a_rejected_file_gives_exit_status_1_and_a_malformed_one_2(tmp_path: Path) -> None:
    good = written(tmp_path, "good.json", ACCEPTED["yun-point"])
    false = written(tmp_path, "false.json", {**ACCEPTED["yun-point"], "loss": "1/4"})
    broken = written(tmp_path, "broken.json", json.dumps(ACCEPTED["yun-point"])[:-20])
    outcome = run(good, false, at=tmp_path)
    assert outcome.returncode == 1 and f"{false}: rejected: loss: it is 1/3" in outcome.stdout
    outcome = run("--json", broken, good, false, str(tmp_path / "absent"), at=tmp_path)
    assert (outcome.returncode, outcome.stderr) == (2, "")
    records = json.loads(outcome.stdout)
    assert [r["accepted"] for r in records] == [False, True, False, False]
    assert all(set(r) == {"file", "accepted", "reason"} for r in records)
    assert run(at=tmp_path).returncode == 2


@pytest.mark.parametrize(
    "text",
    ["", "[" * 100_000, '{"a":' * 100_000, "null", "[]", '{"kind": "point", "kind": "point"}', '{"kind": 1',
     '{"kind": NaN}', '"\\ud800"', "\x00", '{"kind": 1e999999}'],
)  # fmt: skip
def test_what_is_no_certificate_gives_one_line_and_exit_status_2(text: str, tmp_path: Path) -> None:
    outcome = run(written(tmp_path, "file", text), at=tmp_path)
    assert (outcome.returncode, outcome.stderr) == (2, "")
    assert len(outcome.stdout.splitlines()) == 1 and "malformed" in outcome.stdout


def test_bytes_that_are_no_text_and_a_directory_are_malformed(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe{}")
    outcome = run(str(tmp_path / "bytes"), str(tmp_path), at=tmp_path)
    assert outcome.returncode == 2 and outcome.stdout.count("malformed") == 2 and not outcome.stderr


def test_the_statement_cannot_forge_a_second_line(tmp_path: Path) -> None:
    lie = {**ACCEPTED["kink-point"], "statement": "ok\nother: accepted (point): \ud800 all\x1b[2J"}
    outcome = run(written(tmp_path, "lie.json", lie), at=tmp_path)
    assert outcome.returncode == 0 and len(outcome.stdout.splitlines()) == 1 and "\x1b" not in outcome.stdout
    assert ": accepted (point): loss 1, differentiable no [claimed: ok other" in outcome.stdout


def test_numbers_of_ten_thousand_digits_and_json_decimals_are_exact(tmp_path: Path) -> None:
    digits = "7" * 10_000
    net = problem(network([1, 1], [False]), {"kind": "squared"}, [["1"]], ["0"])
    long = one_point(net, {"W1": [[digits]]}, str(0), "")
    with checker.long_numbers():
        long["loss"] = str(int(digits) ** 2)
    text = json.dumps(one_point(net, {"W1": [["W"]]}, "1/100", "")).replace('"W"', "0.1")
    limit = sys.get_int_max_str_digits()
    assert check(long) and sys.get_int_max_str_digits() == limit
    outcome = run(written(tmp_path, "long.json", long), written(tmp_path, "decimal.json", text), at=tmp_path)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    text = json.dumps(long).replace(f'"{digits}"', digits)
    outcome = run("-", at=tmp_path, stdin=text)
    assert outcome.returncode == 0 and outcome.stdout.startswith("-: accepted (point)")


def test_the_checker_imports_nothing_but_the_standard_library() -> None:
    source = Path(str(checker.__file__)).read_text(encoding="utf-8")
    imported = set(re.findall(r"(?m)^\s*(?:from|import) ([\w]+)", source))
    assert imported <= set(sys.stdlib_module_names)
    assert "exactrelu" not in imported and "assert " not in source and "eval(" not in source


@pytest.mark.parametrize("dimension", [1, 2, 3, 4])
def test_no_proper_part_of_the_chambers_of_an_affine_arrangement_is_complete(dimension):
    normals = [[int(i == j) for j in range(dimension)] for i in range(dimension)]
    chambers = [
        {"signs": "".join("+" if x else "-" for x in corner), "witness": [2 * x for x in corner]}
        for corner in itertools.product((1, 0), repeat=dimension)
    ]
    problem = {"format": "exactrelu.arrangement/1", "normals": normals, "offsets": [1] * dimension}
    common = {"format": "exactrelu.certificate/1", "kind": "chambers", "statement": "", "problem": problem}
    for size in range(len(chambers) + 1):
        certificate = {**common, "complete": True, "chambers": chambers[:size]}
        assert checker.check(certificate).accepted == (size == len(chambers))


def test_arrangements_of_dimension_0_and_without_hyperplanes_are_checked_too():
    common = {"format": "exactrelu.certificate/1", "kind": "chambers", "statement": "", "complete": True}
    for normals, witness, signs in ([[]], [], "0"), ([], ["1", "2"], ""):
        problem = {"format": "exactrelu.arrangement/1", "normals": normals, "dimension": len(witness)}
        certificate = {**common, "problem": problem, "chambers": [{"signs": signs, "witness": witness}]}
        assert checker.check(certificate).accepted
        assert not checker.check({**certificate, "chambers": []}).accepted
