"""Problem files: read, written, read again; and every way in which one can be wrong, with its place."""

from __future__ import annotations

import copy
import json
import random
from fractions import Fraction
from typing import Any

import numpy
import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st
from problems import Oracle, random_point, random_problem
from strategies import problems

import exactrelu
from exactrelu import InexactError, Layer, Loss, MalformedInput, Network, Problem, load
from exactrelu.examples import names as example_names
from exactrelu.network import weights_matrix

CONTRACT = {
    "format": "exactrelu.problem/1",
    "name": "yun2018-three-point",
    "source": "Yun, Sra, Jadbabaie 2018, Theorem 7 and A9",
    "network": {"widths": [2, 2, 1], "activation": {"slopes": ["1", "1/2"]}, "bias": [True, True]},
    "loss": {"kind": "squared", "factor": "1/2", "weights": "sum"},
    "data": {"x": [["1", "0"], ["0", "1"], ["1/2", "1/2"]], "y": ["0", "0", "1"]},
    "points": {
        "bad": {"W1": [["1/4", "1/4"], ["1/4", "1/4"]], "b1": ["0", "0"], "W2": [["2/3", "2/3"]], "b2": ["0"]},
    },
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The problem of the contract with one entry replaced (``...`` deletes it)."""
    result: Any = copy.deepcopy(CONTRACT)
    *parents, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    place = result
    for key in parents:
        place = place[key]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return result  # type: ignore[no-any-return]


def read(document: Any) -> Problem:
    return Problem.loads(json.dumps(document), "demo")


def refused(document: Any) -> MalformedInput:
    """The complaint about a document: one line that begins with the place."""
    with pytest.raises(MalformedInput) as error:
        read(document) if isinstance(document, dict) else Problem.loads(document, "demo")
    assert "\n" not in str(error.value)
    assert str(error.value).startswith(f"{error.value.where}: found ")
    assert error.value.needed
    return error.value


# ---------------------------------------------------------------- round trips


def test_the_problem_of_the_contract_has_the_loss_of_the_paper() -> None:
    problem = read(CONTRACT)
    assert problem.at("bad").loss == mpq(1, 3)
    assert problem.name == "yun2018-three-point"
    assert problem.network.parameters == 9
    assert problem.at("bad").signature == "++;++;++"


@given(problems(), st.integers(0, 999))
def test_a_problem_survives_its_file(problem: Problem, seed: int) -> None:
    place = tuple(mpq(v) for v in random_point(random.Random(seed), problem))
    named = Problem(problem.network, problem.x, problem.y, problem.loss, {"here": place}, "a name", "ein Maß")
    again = Problem.loads(named.dumps())
    assert again == named
    assert again.to_dict() == named.to_dict()
    assert again.dumps() == named.dumps()
    assert again.at("here").loss == named.at("here").loss
    assert Fraction(str(named.evaluate(place))) == Oracle(named).value(place)


@pytest.mark.parametrize("style", ["dense", "conv", "deep-conv", "linear"])
@pytest.mark.parametrize("kind", ["squared", "hinge", "multiclass-hinge", "one-vs-all-hinge"])
def test_structured_problems_survive_their_file_and_have_the_loss_of_the_definition(kind: str, style: str) -> None:
    for seed in range(3):
        rng = random.Random(f"{seed} {kind} {style}")
        problem = random_problem(rng, kind, (2, 2, 1), style, decay=seed == 1, output_activation=seed == 2)
        place = tuple(mpq(v) for v in random_point(rng, problem))
        named = Problem(problem.network, problem.x, problem.y, problem.loss, {"here": place})
        again = Problem.loads(named.dumps())
        assert again == named
        assert again.network.names == tuple(Oracle(named).names())
        assert Fraction(str(again.at("here").loss)) == Oracle(named).value(place)
        assert again.at("here").signature == Oracle(named).signature(place)


def test_the_written_file_is_plain_json_with_numbers_as_strings(tmp_path: Any) -> None:
    path = tmp_path / "problem.json"
    path.write_text(read(CONTRACT).dumps())
    data = json.loads(path.read_text())
    assert data["data"]["x"][2] == ["1/2", "1/2"]
    assert data["loss"] == {"kind": "squared", "factor": "1/2", "weights": "sum"}
    assert load(str(path)) == read(CONTRACT)


def test_every_number_may_be_written_in_every_way() -> None:
    text = json.dumps(CONTRACT).replace('[["1", "0"]', "[[1.0, 0e5]").replace('"1/2", "1/2"]]', '0.5, "5e-1"]]')
    assert Problem.loads(text, "demo").x == read(CONTRACT).x
    with_decimals = changed("loss.factor", 0.1)
    assert read(with_decimals).loss.factor == mpq(1, 10)


def test_numbers_of_10000_digits_survive_the_file() -> None:
    long = "7" * 10_000 + "/" + "3" * 9_999 + "1"
    problem = read(changed("data.x.0.0", long))
    assert Problem.loads(problem.dumps()) == problem
    assert json.loads(problem.dumps())["data"]["x"][0][0] == str(mpq(long))
    digits = json.dumps(CONTRACT).replace('[["1", "0"]', "[[" + "9" * 10_000 + ', "0"]')
    assert Problem.loads(digits).x[0][0] == mpq("9" * 10_000)


def test_a_byte_order_mark_and_blanks_are_no_harm(tmp_path: Any) -> None:
    path = tmp_path / "problem.json"
    path.write_bytes(b"\xef\xbb\xbf\n " + json.dumps(CONTRACT).encode())
    assert load(str(path)) == read(CONTRACT)


@pytest.mark.parametrize("name", example_names())
def test_a_shipped_example_survives_its_file(name: str) -> None:
    problem = exactrelu.example(name)
    assert Problem.loads(problem.dumps()) == problem
    assert problem.name == name
    assert problem.source
    oracle = Oracle(problem)
    for place in problem.points.values():
        assert Fraction(str(problem.evaluate(place))) == oracle.value(place)


@pytest.mark.parametrize(
    ("activation", "slopes"),
    [("relu", (1, 0)), ("linear", (1, 1)), ({"leaky": "1/3"}, (1, mpq(1, 3))), ({"slopes": [2, "0"]}, (2, 0))],
)
def test_activations_by_name_are_pairs_of_slopes(activation: Any, slopes: Any) -> None:
    assert read(changed("network.activation", activation)).network.slopes == slopes


def test_the_defaults_are_those_of_the_contract() -> None:
    document = changed("network.bias", ...)
    document["loss"] = {"kind": "squared"}
    del document["name"], document["source"], document["points"]
    problem = read(document)
    assert problem.loss.factor == 1
    assert problem.loss.weights == "mean"
    assert problem.loss.weight_decay == 0
    assert [layer.bias for layer in problem.network.layers] == [True, True]
    assert not problem.network.output_activation
    assert not problem.points


# ---------------------------------------------------------------- losses by hand


def outputs_only(kind: str, outputs: int, x: list[list[Any]], y: list[Any], **loss: Any) -> Problem:
    """A network that is the identity on its input, so that the outputs are the data."""
    network = Network.dense([outputs, outputs], bias=False)
    eye = {"W1": [[int(r == c) for c in range(outputs)] for r in range(outputs)]}
    return Problem(network, x, y, Loss(kind, **loss), {"identity": eye})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "x", "y", "loss", "value"),
    [
        ("hinge", [["1/2"], [3]], [1, -1], {}, "9/4"),  # (1/2 + 4) / 2
        ("hinge", [["1/2"], [3]], [1, 1], {"weights": "sum"}, "1/2"),
        ("squared", [["1/2"], [3]], ["1", "1"], {"factor": mpq(1, 2)}, "17/16"),  # 1/2 * (1/4 + 4) / 2
        ("squared", [["1/2"], [3]], ["1", "1"], {"weight_decay": mpq(3)}, "29/8"),  # + 3/2 * 1^2
        ("multiclass-hinge", [[1, "1/2", -3]], [0], {}, "1/2"),  # 1 + 1/2 - 1; 1 - 3 - 1 < 0
        ("multiclass-hinge", [[1, "1/2", -3]], [2], {"factor": mpq(2)}, "19"),  # 2 * (5 + 9/2)
        ("one-vs-all-hinge", [[1, "1/2", -3]], [0], {}, "3/2"),  # 0 + 3/2 + 0
        ("one-vs-all-hinge", [[1, "1/2", -3]], [2], {"weights": ((mpq(1), mpq(2), mpq(3)),)}, "17"),  # 2 + 2*3/2 + 3*4
    ],
)
def test_a_loss_computed_by_hand(kind: str, x: Any, y: Any, loss: dict[str, Any], value: str) -> None:
    """CONTRACT, `loss.kind`; Laurent, von Brecht 2018, equations (1), (2), (11)."""
    problem = outputs_only(kind, len(x[0]), x, y, **loss)
    assert problem.at("identity").loss == mpq(value)


def test_a_convolution_with_channels_and_stride_computed_by_hand() -> None:
    """Two channels in, one out, kernel 2, stride 2: place p sees entries 2p, 2p+1 of both channels."""
    layer = Layer.conv1d(8, 2, channels=1, kernel=2, stride=2, input_channels=2)
    assert weights_matrix(layer, [mpq(v) for v in (1, 2, 3, 4)]) == (
        (1, 2, 0, 0, 3, 4, 0, 0),
        (0, 0, 1, 2, 0, 0, 3, 4),
    )


def test_a_linear_layer_is_the_combination_of_its_basis() -> None:
    layer = Layer.linear(2, 2, [[[1, 0], [0, 1]], [[0, 1], ["-1/2", 0]]])
    assert weights_matrix(layer, [mpq(3), mpq(5)]) == ((3, 5), (mpq(-5, 2), 3))


def test_a_structured_layer_names_its_parameters_by_a_flat_list() -> None:
    document = changed("points", {"p": {"w1": ["2"], "b1": ["0", "1"], "W2": [["1", "1"]], "b2": ["0"]}})
    document["network"]["layers"] = [{"kind": "linear", "basis": [[[1, 0], [0, 1]]]}, {"kind": "dense"}]
    problem = read(document)
    assert problem.network.names == ("w1_1", "b1_1", "b1_2", "W2_1_1", "W2_1_2", "b2_1")
    assert Problem.loads(problem.dumps()) == problem


# ---------------------------------------------------------------- malformed files


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("format", ..., "format"),
        ("format", "exactrelu.problem/2", "format"),
        ("format", "exactrelu.certificate/1", "format"),
        ("format", 1, "format"),
        ("network", ..., "network"),
        ("network", [], "network"),
        ("network", None, "network"),
        ("colour", "red", "colour"),
        ("name", 3, "name"),
        ("source", ["a"], "source"),
        ("network.depth", 3, "network.depth"),
        ("network.widths", ..., "network.widths"),
        ("network.widths", 3, "network.widths"),
        ("network.widths", [2], "network.widths"),
        ("network.widths", [], "network.widths"),
        ("network.widths", [2, 0, 1], "network.widths[1]"),
        ("network.widths", [2, -1, 1], "network.widths[1]"),
        ("network.widths", [0, 2, 1], "network.widths[0]"),
        ("network.widths", [2, 2, 0], "network.widths[2]"),
        ("network.widths", [2, "2", 1], "network.widths[1]"),
        ("network.widths", [2, 1.5, 1], "network.widths[1]"),
        ("network.widths", [2, True, 1], "network.widths[1]"),
        ("network.widths", [2, None, 1], "network.widths[1]"),
        ("network.widths", [2, 10**12, 1], "network.widths[1]"),
        ("network.widths", [2, 10**8, 1], "network.widths"),
        ("network.activation", ..., "network.activation"),
        ("network.activation", "sigmoid", "network.activation"),
        ("network.activation", 1, "network.activation"),
        ("network.activation", {"leaky": "1"}, "network.activation.leaky"),
        ("network.activation", {"leaky": "0"}, "network.activation.leaky"),
        ("network.activation", {"leaky": "-1/2"}, "network.activation.leaky"),
        ("network.activation", {"leaky": "1/2", "slopes": ["1", "0"]}, "network.activation.slopes"),
        ("network.activation", {}, "network.activation.slopes"),
        ("network.activation", {"slopes": ["1"]}, "network.activation.slopes"),
        ("network.activation", {"slopes": ["1", "0", "0"]}, "network.activation.slopes"),
        ("network.activation", {"slopes": ["0", "0"]}, "network.activation.slopes[0]"),
        ("network.activation", {"slopes": ["-1", "0"]}, "network.activation.slopes[0]"),
        ("network.activation", {"slopes": ["1", "-1/2"]}, "network.activation.slopes[1]"),
        ("network.activation", {"slopes": ["1", "x"]}, "network.activation.slopes[1]"),
        ("network.bias", [True], "network.bias"),
        ("network.bias", True, "network.bias"),
        ("network.bias", [True, 1], "network.bias[1]"),
        ("network.bias", [True, "false"], "network.bias[1]"),
        ("network.output_activation", "yes", "network.output_activation"),
        ("network.layers", [], "network.layers"),
        ("network.layers", [{"kind": "dense"}], "network.layers"),
        ("network.layers", [{"kind": "dense"}, {"kind": "conv2d"}], "network.layers[1].kind"),
        ("network.layers", [{"kind": "dense"}, {}], "network.layers[1].kind"),
        ("network.layers", [{"kind": "dense", "kernel": 2}, {"kind": "dense"}], "network.layers[0].kernel"),
        ("network.layers", [{"kind": "conv1d", "channels": 2}, {"kind": "dense"}], "network.layers[0].kernel"),
        ("network.layers", [{"kind": "conv1d", "channels": 2, "kernel": 3}, {"kind": "dense"}],
         "network.layers[0].kernel"),
        ("network.layers", [{"kind": "conv1d", "channels": 2, "kernel": 1}, {"kind": "dense"}], "network.layers[0]"),
        ("network.layers", [{"kind": "conv1d", "channels": 0, "kernel": 1}, {"kind": "dense"}],
         "network.layers[0].channels"),
        ("network.layers", [{"kind": "conv1d", "channels": 1, "kernel": 1, "stride": 0}, {"kind": "dense"}],
         "network.layers[0].stride"),
        ("network.layers", [{"kind": "linear", "basis": []}, {"kind": "dense"}], "network.layers[0].basis"),
        ("network.layers", [{"kind": "linear"}, {"kind": "dense"}], "network.layers[0].basis"),
        ("network.layers", [{"kind": "linear", "basis": [[[1, 0]]]}, {"kind": "dense"}], "network.layers[0].basis[0]"),
        ("network.layers", [{"kind": "linear", "basis": [[[1, 0], [1]]]}, {"kind": "dense"}],
         "network.layers[0].basis[0][1]"),
        ("network.layers", [{"kind": "linear", "basis": [[[1, 0], [1, "a"]]]}, {"kind": "dense"}],
         "network.layers[0].basis[0][1][1]"),
        ("loss", ..., "loss"),
        ("loss.kind", ..., "loss.kind"),
        ("loss.kind", "logistic", "loss.kind"),
        ("loss.kind", ["squared"], "loss.kind"),
        ("loss.kind", "hinge", "data.y[0]"),
        ("loss.kind", "multiclass-hinge", "network.widths"),
        ("loss.kind", "one-vs-all-hinge", "network.widths"),
        ("loss.reduction", "mean", "loss.reduction"),
        ("loss.factor", "0", "loss.factor"),
        ("loss.factor", "-1", "loss.factor"),
        ("loss.factor", "1/0", "loss.factor"),
        ("loss.factor", None, "loss.factor"),
        ("loss.factor", True, "loss.factor"),
        ("loss.weight_decay", "-1/5", "loss.weight_decay"),
        ("loss.weight_decay", {}, "loss.weight_decay"),
        ("loss.weights", "median", "loss.weights"),
        ("loss.weights", 3, "loss.weights"),
        ("loss.weights", None, "loss.weights"),
        ("loss.weights", [], "loss.weights"),
        ("loss.weights", ["1", "1"], "loss.weights"),
        ("loss.weights", ["1", "0", "1"], "loss.weights[1]"),
        ("loss.weights", ["1", "1", "-1/2"], "loss.weights[2]"),
        ("loss.weights", ["1", ["1"], "1"], "loss.weights[1]"),
        ("data", ..., "data"),
        ("data.z", [], "data.z"),
        ("data.x", ..., "data.x"),
        ("data.x", [], "data.x"),
        ("data.x", "none", "data.x"),
        ("data.x", [["1", "0"], "0", ["1", "1"]], "data.x[1]"),
        ("data.x", [["1", "0"], ["0"], ["1", "1"]], "data.x[1]"),
        ("data.x", [["1"], ["0"], ["1"]], "data.x[0]"),
        ("data.x.2.1", "1/0", "data.x[2][1]"),
        ("data.x.2.1", "NaN", "data.x[2][1]"),
        ("data.x.2.1", "", "data.x[2][1]"),
        ("data.x.2.1", "1e999999", "data.x[2][1]"),
        ("data.x.2.1", True, "data.x[2][1]"),
        ("data.x.2.1", None, "data.x[2][1]"),
        ("data.x.2.1", ["1"], "data.x[2][1]"),
        ("data.x.2.1", {"a": 1}, "data.x[2][1]"),
        ("data.y", ..., "data.y"),
        ("data.y", ["0", "0"], "data.y"),
        ("data.y", "0", "data.y"),
        ("data.y.1", "one", "data.y[1]"),
        ("data.y.1", ["0", "0"], "data.y[1]"),
        ("data.y.1", ["1/0"], "data.y[1][0]"),
        ("data.y.1", None, "data.y[1]"),
        ("points", [], "points"),
        ("points.bad", [], "points.bad"),
        ("points.bad.W1", ..., "points.bad.W1"),
        ("points.bad.W3", [["1"]], "points.bad.W3"),
        ("points.bad.w1", ["1"], "points.bad.w1"),
        ("points.bad.W1", [["1", "1"]], "points.bad.W1"),
        ("points.bad.W1", [["1", "1"], ["1"]], "points.bad.W1[1]"),
        ("points.bad.W1", [["1", "1"], "11"], "points.bad.W1[1]"),
        ("points.bad.W1", ["1", "1"], "points.bad.W1[0]"),
        ("points.bad.W1", "11", "points.bad.W1"),
        ("points.bad.b1", ["0", "1/0"], "points.bad.b1[1]"),
        ("points.bad.b1", [["0", "0"]], "points.bad.b1"),
        ("points.bad.b2", "0", "points.bad.b2"),
        ("points.bad.b2", {"0": "0"}, "points.bad.b2"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_a_malformed_entry_is_named(path: str, value: Any, where: str) -> None:
    assert refused(changed(path, value)).where == where


@pytest.mark.parametrize(
    ("kind", "widths", "y", "where"),
    [
        ("hinge", [2, 2, 1], ["1", "0", "1"], "data.y[1]"),
        ("hinge", [2, 2, 1], ["1", "1/2", "1"], "data.y[1]"),
        ("hinge", [2, 2, 1], ["1", ["1"], "1"], "data.y[1]"),
        ("hinge", [2, 2, 2], ["1", "1", "1"], "network.widths"),
        ("multiclass-hinge", [2, 2, 3], ["0", "2", "3"], "data.y[2]"),
        ("multiclass-hinge", [2, 2, 3], ["0", "-1", "0"], "data.y[1]"),
        ("multiclass-hinge", [2, 2, 3], ["0", "1/2", "0"], "data.y[1]"),
        ("one-vs-all-hinge", [2, 2, 3], ["0", "1", True], "data.y[2]"),
        ("squared", [2, 2, 3], ["0", "1", "2"], "data.y[0]"),
        ("squared", [2, 2, 2], [["0", "1"], ["0", "1"], ["0", "1", "2"]], "data.y[2]"),
    ],
)
def test_a_label_outside_the_set_of_the_loss_is_named(kind: str, widths: list[int], y: Any, where: str) -> None:
    document = changed("network.widths", widths)
    document["loss"] = {"kind": kind}
    document["data"]["y"] = y
    del document["points"]
    assert refused(document).where == where


@pytest.mark.parametrize(
    ("weights", "where"),
    [
        ([["1", "1"], ["1", "1"]], "loss.weights"),
        ([["1", "1"], ["1", "1"], ["1"]], "loss.weights[2]"),
        ([["1", "1"], ["1", "0"], ["1", "1"]], "loss.weights[1][1]"),
        (["1", "1", "1"], "loss.weights[0]"),
    ],
)
def test_the_weights_of_one_versus_all_are_rows(weights: Any, where: str) -> None:
    document = changed("network.widths", [2, 2, 2])
    document["loss"] = {"kind": "one-vs-all-hinge", "weights": weights}
    document["data"]["y"] = [0, 1, 0]
    del document["points"]
    assert refused(document).where == where


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[", '{"format": }', "nonsense", '{"a": 1,}', "{'a': 1}", '{"a": 01}', '{"a": 1}}', "\x00", "[1 2]",
        json.dumps(CONTRACT)[:-1], json.dumps(CONTRACT)[: len(json.dumps(CONTRACT)) // 2], '{"a": +1}', '{"a": .5}',
    ],
    ids=range(15),
)  # fmt: skip
def test_malformed_json_is_named_by_line_and_column(text: str) -> None:
    where = refused(text).where
    assert where.startswith("demo, line 1 column ")


@pytest.mark.parametrize("text", ["null", "3", '"text"', "[]", "true", "NaN"])
def test_json_that_is_no_object_is_refused(text: str) -> None:
    assert refused(text).where == "the document"


@pytest.mark.parametrize("bare", ["NaN", "Infinity", "-Infinity"])
def test_bare_nan_and_infinity_are_refused_with_their_place(bare: str) -> None:
    text = json.dumps(CONTRACT).replace('[["1", "0"]', f'[[{bare}, "0"]')
    assert refused(text).where == "data.x[0][0]"


def test_a_key_that_occurs_twice_is_refused() -> None:
    text = json.dumps(CONTRACT)[:-1] + ', "name": "again"}'
    assert '"name" twice' in str(refused(text))


@pytest.mark.parametrize("depth", [500, 5_000, 200_000])
@pytest.mark.parametrize("brackets", ["[]", "{}"])
def test_a_nesting_bomb_ends_in_a_clear_error(depth: int, brackets: str) -> None:
    opening = "[" if brackets == "[]" else '{"a":'
    text = opening * depth + "1" + brackets[1] * depth
    refused(text)
    refused(json.dumps(CONTRACT).replace('[["1", "0"]', f'[[{text}, "0"]'))


@pytest.mark.parametrize("found", ["squ\nared", "a\x1b[31mred", "a\rb", "\u2028"])
@pytest.mark.parametrize("path", ["loss.kind", "data.x.0.0", "unknown"])
def test_a_complaint_is_one_line_whatever_the_file_contains(path: str, found: str) -> None:
    document = changed(path, found) if path != "unknown" else {**CONTRACT, found: 1}
    with pytest.raises(MalformedInput) as error:
        read(document)
    assert str(error.value).isprintable()


def test_a_bare_exponent_bomb_is_named_by_its_place() -> None:
    text = json.dumps(CONTRACT).replace('[["1", "0"]', '[[1e999999, "0"]')
    assert refused(text).where == "data.x[0][0]"


def test_files_that_cannot_be_read_are_named(tmp_path: Any) -> None:
    for path, content in (
        (tmp_path / "missing.json", None),
        (tmp_path, None),
        (tmp_path / "latin.json", b"\xff\xfe{}"),
    ):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(MalformedInput) as error:
            load(str(path))
        assert error.value.where == str(path)


# ---------------------------------------------------------------- the Python API


@pytest.mark.parametrize(
    "make",
    [
        lambda: Network.dense([1, 1, 1], (1, 0.5)),
        lambda: Network.dense([1, 1, 1], (1.0, 0)),
        lambda: Loss("squared", 0.5),  # type: ignore[arg-type]
        lambda: Loss("squared", weight_decay=0.1),  # type: ignore[arg-type]
        lambda: Layer.linear(1, 1, [[[0.5]]]),
        lambda: Problem(Network.dense([1, 1]), [[0.5]], ["1"], Loss("squared")),  # type: ignore[arg-type,list-item]
        lambda: Problem(Network.dense([1, 1]), [["1"]], [0.5], Loss("squared")),  # type: ignore[arg-type,list-item]
        lambda: Problem(Network.dense([1, 1]), numpy.array([[0.5]]), ["1"], Loss("squared")),  # type: ignore[arg-type]
        lambda: Problem(Network.dense([1, 1]), [["1"]], [1.0], Loss("hinge")),  # type: ignore[arg-type,list-item]
        lambda: Network.dense([1, 1]).read({"W1": [[0.5]], "b1": [0]}),
        lambda: Network.dense([1, 1]).read({"W1": numpy.array([[0.5]]), "b1": [0]}),
    ],
)  # fmt: skip
def test_a_float_in_the_python_api_raises_inexact_error(make: Any) -> None:
    with pytest.raises(InexactError):
        make()


def test_a_float_among_the_weights_raises_inexact_error() -> None:
    with pytest.raises(InexactError):
        Problem(Network.dense([1, 1]), [["1"], ["2"]], [1, -1], Loss("hinge", weights=((0.5,), (1,)))).evaluate((0, 0))  # type: ignore[arg-type]


@pytest.mark.parametrize("weights", [[1, "1/2"], (("1",), ("1/2",)), [mpq(1), mpq(1, 2)]])
def test_the_weights_of_a_loss_are_taken_like_all_other_numbers(weights: Any) -> None:
    problem = Problem(Network.dense([1, 1]), [["1"], ["2"]], [1, -1], Loss("hinge", weights=weights))  # type: ignore[arg-type]
    assert problem.evaluate((mpq(0), mpq(0))) == mpq(3, 2)


def test_arrays_of_floats_enter_as_dyadics() -> None:
    point = exactrelu.dyadic({"W1": numpy.array([[0.5]]), "b1": numpy.array([0.1])})
    problem = Problem(Network.dense([1, 1]), [["1"]], ["0"], Loss("squared"), {"p": point})  # type: ignore[arg-type]
    assert problem.at("p").loss == (mpq(1, 2) + mpq(*(0.1).as_integer_ratio())) ** 2


@pytest.mark.parametrize("options", [{"stride": 0}, {"channels": -1, "outputs": -2}])
def test_a_layer_of_the_python_api_needs_positive_integers(options: dict[str, int]) -> None:
    arguments = {"inputs": 3, "outputs": 2, "channels": 1, "kernel": 2, "stride": 1, **options}
    with pytest.raises(MalformedInput):
        Layer.conv1d(**arguments)


@pytest.mark.parametrize(
    "widths",
    [
        [],
        [1],
        [1, 0],
        [1, -2],
        [1, 1.5],
        [True, 1],
    ],
)
def test_a_network_of_the_python_api_needs_positive_integers(widths: Any) -> None:
    with pytest.raises(MalformedInput) as error:
        Network.dense(widths)
    assert error.value.where.startswith("network.widths")


def test_layers_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(MalformedInput):
        Network((Layer.dense(1, 2), Layer.dense(3, 1))).preactivations([mpq(1)] * 8, [mpq(1)])


def test_values_are_immutable() -> None:
    problem = read(CONTRACT)
    for place, key in ((problem, "x"), (problem.network, "slopes"), (problem.loss, "factor")):
        with pytest.raises(AttributeError):
            setattr(place, key, None)


def test_the_representations_read_as_mathematics() -> None:
    assert repr(read(CONTRACT)) == (
        "Problem(yun2018-three-point: 3 points in R^2, Network(2 -> 2 -> 1, slopes (1, 1/2)), "
        "Loss(1/2 sum_i |output_i - y_i|^2))"
    )


def test_a_point_that_does_not_exist_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(MalformedInput, match="one of the named points: bad"):
        read(CONTRACT).at("good")
