"""Checkpoints are read exactly or refused by name, and the exact critical point near one is found and proved."""

from __future__ import annotations

import json
import os
import pickle
import random
import sys
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy
import pytest
from gmpy2 import mpq
from problems import Oracle

from exactrelu import Loss, MalformedInput, Network, Problem, check, dyadic, example
from exactrelu.affine_piece import AffinePiece
from exactrelu.checkpoint import Checkpoint
from exactrelu.checkpoint_files import read_arrays
from exactrelu.cli import main
from exactrelu.float_descent import resting_signs
from exactrelu.signature import of_point
from exactrelu.snapping import candidates

YUN = "yun2018-three-point"
TWO = Network.dense([2, 2, 1])
FLOATS = {
    "W1": numpy.array([[0.5, -0.1], [3.0, 1e-3]]), "b1": numpy.array([0.1, -0.2]),
    "W2": numpy.array([[2.0, 0.7]]), "b2": numpy.array([1 / 3]),
}  # fmt: skip
TORCH = {"W1": "0.weight", "b1": "0.bias", "W2": "2.weight", "b2": "2.bias"}


def exactly(arrays: Mapping[str, Any]) -> list[Fraction]:
    """The numbers of the arrays, one after the other, without the code under test."""
    return [Fraction(float(value)) for array in arrays.values() for value in numpy.ravel(array)]


def safetensors(arrays: Mapping[str, numpy.ndarray[Any, Any]], bfloat16: bool = False) -> bytes:
    """A .safetensors file, written after its documentation."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    body = b""
    for name, array in arrays.items():
        kind = "BF16" if bfloat16 else {"f8": "F64", "f4": "F32", "f2": "F16"}[array.dtype.str[1:]]
        data = (array.astype("<f4").view("<u4") >> 16).astype("<u2").tobytes() if bfloat16 else array.tobytes()
        header[name] = {"dtype": kind, "shape": array.shape, "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


class Tensor:
    """A stand-in for a torch tensor: only its methods are called, and gradients must be left behind first."""

    def __init__(self, values: Any, detached: bool = False) -> None:
        self.values, self.detached = numpy.array(values), detached
        self.dtype = f"torch.{self.values.dtype}"

    def detach(self) -> Tensor:
        return Tensor(self.values, True)

    def cpu(self) -> Tensor:
        return self

    def tolist(self) -> Any:
        assert self.detached
        return self.values.tolist()


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("precision", ["<f8", "<f4", "<f2"])
@pytest.mark.parametrize("ending", ["npz", "safetensors"])
def test_floats_survive_a_file_bit_for_bit(tmp_path: Path, ending: str, precision: str) -> None:
    arrays = {name: array.astype(precision) for name, array in FLOATS.items()}
    path = tmp_path / f"model.{ending}"
    if ending == "npz":
        numpy.savez(path, **arrays)
    else:
        path.write_bytes(safetensors(arrays))
    found = Checkpoint.read(TWO, read_arrays(str(path)))
    assert list(found.parameters) == exactly(arrays)
    assert {match.kind for match in found.matches} == {str(numpy.dtype(precision))}


def test_a_bfloat16_is_the_upper_half_of_a_float32(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(safetensors(FLOATS, bfloat16=True))
    cut = {name: (a.astype("<f4").view("<u4") & 0xFFFF0000).view("<f4") for name, a in FLOATS.items()}
    assert list(Checkpoint.read(TWO, read_arrays(str(path))).parameters) == exactly(cut)


def test_an_npy_file_holds_all_parameters_in_one_vector(tmp_path: Path) -> None:
    numpy.save(tmp_path / "model.npy", numpy.arange(9) / 10)
    found = Checkpoint.read(TWO, read_arrays(str(tmp_path / "model.npy")))
    assert list(found.parameters) == [Fraction(n / 10) for n in range(9)]


def test_the_decimals_of_a_json_file_are_taken_as_written(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text('{"0.weight": [[0.1, "1/3"], [0, 1]], "0.bias": [1e-3, 0], "1.weight": [[1, 1]], "1.bias": [0]}')
    assert Checkpoint.read(TWO, read_arrays(str(path))).parameters[:5] == (mpq(1, 10), mpq(1, 3), 0, 1, mpq(1, 1000))


def test_a_state_dict_is_read_without_torch() -> None:
    state = {TORCH[name]: Tensor(array) for name, array in FLOATS.items()}
    found = Checkpoint.read(TWO, {"epoch": 3, "state_dict": state})
    assert list(found.parameters) == exactly(FLOATS)
    assert {match.name: match.entry for match in found.matches} == TORCH
    assert found.matches[0].kind == "float64"


def test_a_torch_file_is_loaded_with_weights_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = ModuleType("torch")

    def load(path: str, map_location: str, weights_only: bool) -> Any:
        assert weights_only is True and map_location == "cpu"
        if Path(path).read_bytes() == b"bad":
            raise pickle.UnpicklingError("Weights only load failed\nmore lines")
        return {TORCH[name]: Tensor(array) for name, array in FLOATS.items()}

    torch.load = load  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch", torch)
    (tmp_path / "good.pt").write_bytes(b"good")
    (tmp_path / "bad.pth").write_bytes(b"bad")
    assert list(Checkpoint.read(TWO, read_arrays(str(tmp_path / "good.pt"))).parameters) == exactly(FLOATS)
    with pytest.raises(MalformedInput, match="Weights only load failed, needed a state_dict"):
        read_arrays(str(tmp_path / "bad.pth"))
    with pytest.raises(MalformedInput, match="no such file"):
        read_arrays(str(tmp_path / "missing.pt"))


def test_without_torch_a_torch_file_is_refused_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MalformedInput, match=r"torch, which is not installed.*safetensors or \.npz"):
        read_arrays("model.pt")


class Bomb:
    """Unpickling it would leave a file behind."""

    def __reduce__(self) -> Any:
        return os.mkdir, ("exploded",)


@pytest.mark.parametrize("name", ["model.npz", "model.npy"])
def test_a_pickle_in_a_file_of_numpy_is_not_executed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if name.endswith("z"):
        numpy.savez(name, W1=numpy.array([Bomb()], dtype=object), allow_pickle=True)
    else:
        numpy.save(name, numpy.array([Bomb()], dtype=object), allow_pickle=True)
    with pytest.raises(MalformedInput, match="pickled objects"):
        read_arrays(name)
    assert not Path("exploded").exists()


def header(**entry: Any) -> bytes:
    text = json.dumps({"W1": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8], **entry}}).encode()
    return len(text).to_bytes(8, "little") + text + bytes(8)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("model.onnx", b"", r'the ending "\.onnx", needed one of \.npz'),
        ("model.npz", b"PK\x03\x04 broken", "found"),
        ("model.npz", b"no archive", "no file of NumPy"),
        ("model.npz", b"", "found"),
        ("model.safetensors", b"short", "5 bytes, needed a .safetensors file"),
        ("model.safetensors", (10**15).to_bytes(8, "little") + b"{}", "10 bytes"),
        ("model.safetensors", (2).to_bytes(8, "little") + b"\xff\xff", "not UTF-8"),
        ("model.safetensors", (2).to_bytes(8, "little") + b"{]", "needed JSON"),
        ("model.safetensors", header(dtype="F8_E4M3"), r"W1\.dtype: found \"F8_E4M3\", needed one of"),
        ("model.safetensors", header(shape=[3]), r"data_offsets: found bytes 0 to 8 of 8, needed 12 bytes"),
        ("model.safetensors", header(data_offsets=[8, 16]), "found bytes 8 to 16 of 8"),
        ("model.safetensors", header(data_offsets=[8, 0]), "found bytes 8 to 0 of 8"),
        ("model.safetensors", header(stride=1), "unknown key"),
        ("model.json", b"[1]", "found a list, needed an object"),
    ],
)  # fmt: skip
def test_a_damaged_file_is_refused(tmp_path: Path, name: str, content: bytes, complaint: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(MalformedInput, match=complaint):
        read_arrays(str(tmp_path / name))


@pytest.mark.parametrize("ending", ["npz", "npy", "safetensors", "json"])
def test_a_missing_file_is_refused(tmp_path: Path, ending: str) -> None:
    with pytest.raises(MalformedInput, match=r"no such file or directory, needed a readable file"):
        read_arrays(str(tmp_path / f"missing.{ending}"))


# ---------------------------------------------------------------- names and shapes


def zeros(**shapes: tuple[int, ...]) -> dict[str, Any]:
    return {name.replace("__", "."): numpy.zeros(shape) for name, shape in shapes.items()}


@pytest.mark.parametrize(
    ("arrays", "order"),
    [
        (zeros(fc10__weight=(2, 2), fc10__bias=(2,), fc9__weight=(2, 2), fc9__bias=(2,), fc11__weight=(2, 2),
               fc11__bias=(2,)), ["fc9", "fc10", "fc11"]),
        (zeros(net_0_W=(2, 2), net_0_b=(2,), net_2_W=(2, 2), net_2_b=(2,), net_4_W=(2, 2), net_4_b=(2,)),
         ["net_0", "net_2", "net_4"]),
    ],
)  # fmt: skip
def test_numbered_layers_are_taken_in_the_order_of_their_numbers(arrays: dict[str, Any], order: list[str]) -> None:
    found = Checkpoint.read(Network.dense([2, 2, 2, 2]), arrays)
    assert [match.entry for match in found.matches if match.name[0] == "W"] == [
        name for layer in order for name in arrays if name.startswith(layer) and len(arrays[name].shape) == 2
    ]


def test_layers_with_other_names_are_told_apart_by_their_shapes() -> None:
    arrays = zeros(output__weight=(1, 3), output__bias=(1,), hidden__weight=(3, 2), hidden__bias=(3,))
    found = Checkpoint.read(Network.dense([2, 3, 1]), arrays)
    assert [match.entry for match in found.matches] == [
        "hidden.weight", "hidden.bias", "output.weight", "output.bias",
    ]  # fmt: skip


def test_a_convolution_has_its_kernels_as_torch_writes_them() -> None:
    network = example("convolution").network
    weights = next(shape for name, _, _, shape in network.blocks if name == "w1")
    channels = dict(network.layers[0].structure)["channels"]
    point = {name: numpy.zeros(shape) for name, _, _, shape in network.blocks}
    kernels = numpy.arange(weights[0]) / 8
    point["w1"] = kernels.reshape(channels, 1, -1)
    assert list(Checkpoint.read(network, point).parameters[: weights[0]]) == exactly({"w1": kernels})


GOOD: dict[str, Any] = {"0.weight": [[1, 2], [3, 4]], "0.bias": [0, 0], "2.weight": [[1, 1]], "2.bias": [0]}


@pytest.mark.parametrize(
    ("arrays", "complaint"),
    [
        ({**GOOD, "0.weight": [[1, 2, 3], [4, 5, 6]]}, r"checkpoint\.0\.weight: found shape \(2, 3\), needed \(2, 2\)"),
        ({**GOOD, "2.weight": [[1], [1]]}, r"2\.weight: found shape \(2, 1\), needed \(1, 2\).*transposed"),
        ({**GOOD, "2.weight": [1, 1]}, r"2\.weight: found shape \(2,\), needed \(1, 2\), the shape of W2"),
        ({**GOOD, "0.weight": [[1, 2], [3]]}, r"0\.weight\[1\]: found shape \(1,\), needed shape \(2,\)"),
        ({**GOOD, "0.bias": [0, float("nan")]}, r"checkpoint\.0\.bias\[1\]: found nan, needed a finite number"),
        ({**GOOD, "0.bias": [0, -numpy.inf]}, r"checkpoint\.0\.bias\[1\]: found -inf"),
        ({**GOOD, "0.bias": numpy.array([True, False])}, "entries of the type bool"),
        ({**GOOD, "0.bias": numpy.array([1j, 0])}, "entries of the type complex"),
        ({**GOOD, "0.bias": {"a": [0, 0]}}, "found an object"),
        ({**GOOD, "4.weight": [[1]], "4.bias": [0]}, r"found 3 layers \(0\.weight, .*\), needed 2"),
        ({**GOOD, "1.running_mean": [0, 0]}, r"1\.running_mean: found a name that is not understood, needed the names"),
        ({key: GOOD[key] for key in GOOD if key != "2.bias"}, r"checkpoint\.b2: found nothing, needed this array"),
        ({"W1": [[1, 2], [3, 4]], "b1": [0, 0], "W2": [[1, 1]], "2.bias": [0]}, r"2\.bias: found an unknown name"),
        ({**GOOD, "0.w": [[1, 2], [3, 4]]}, r"0\.w: found the same array as 0\.weight"),
        ({}, r"found 0 layers \(no arrays\), needed 2"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_name(arrays: dict[str, Any], complaint: str) -> None:
    with pytest.raises(MalformedInput, match=complaint):
        Checkpoint.read(TWO, arrays)


def test_layers_that_fit_in_two_orders_are_refused() -> None:
    arrays = zeros(inner__weight=(2, 2), inner__bias=(2,), outer__weight=(2, 2), outer__bias=(2,))
    with pytest.raises(MalformedInput, match=r"in several orders: inner\.weight \(2, 2\).*number the layers"):
        Checkpoint.read(Network.dense([2, 2, 2]), arrays)


def test_a_bias_that_the_network_does_not_have_is_refused() -> None:
    with pytest.raises(MalformedInput, match=r"checkpoint\.0\.bias: found a bias, needed none: layer 1 has no bias"):
        Checkpoint.read(Network.dense([2, 2, 1], bias=[False, True]), GOOD)


# ---------------------------------------------------------------- the exact point nearby


def disturbed(problem: Problem, name: str, size: float, seed: int = 1) -> Checkpoint:
    """The floats near a named point."""
    rng = random.Random(seed)
    floats = [float(value) + size * rng.uniform(-1, 1) for value in problem.point(name)]
    return Checkpoint(tuple(mpq(Fraction(value)) for value in floats), ())


MINIMA = [
    (YUN, "bad", "1/3"), (YUN, "good", "0"),  # Yun, Sra, Jadbabaie: Theorem 7
    ("liu-two-samples", "r2", "1/2"), ("liu-two-samples", "r4", "0"),  # Liu: section 4.2
    ("laurent-brecht-three-minima", "global", "0"),  # Laurent and von Brecht: figure 4
    ("laurent-brecht-three-minima", "dead-unsolved", "1/3"), ("laurent-brecht-three-minima", "all-dead", "1"),
]  # fmt: skip


@pytest.mark.parametrize("size", [1e-9, 1e-5])
@pytest.mark.parametrize(("name", "at", "loss"), MINIMA)
def test_near_a_known_minimum_there_is_an_exact_one_of_the_same_loss(
    name: str, at: str, loss: str, size: float
) -> None:
    problem = example(name)
    checkpoint = disturbed(problem, at, size)
    found = problem.audit(checkpoint)
    assert found.snapped is not None
    point = found.snapped.point
    assert Oracle(problem).value([Fraction(str(v)) for v in point.parameters]) == Fraction(loss) == point.loss
    decision = point.local_minimum()
    assert decision.answer == "yes" and check(decision.certificate).accepted
    moved = [Fraction(str(a)) - Fraction(str(b)) for a, b in zip(point.parameters, checkpoint.parameters, strict=True)]
    assert Fraction(str(found.snapped.distance_squared)) == sum(step * step for step in moved)
    assert found.snapped.distance_squared <= mpq(len(moved) * 10 * size) ** 2


# Laurent and von Brecht: minima and critical points of hinge losses, most of them on kinks
CRITICAL = [
    ("laurent-brecht-unbalanced-leaky", "vanishing"), ("laurent-brecht-unbalanced-leaky", "global"),
    ("laurent-brecht-sharp-optimum", "sharp"), ("laurent-brecht-rare", "flat"),
    ("laurent-brecht-not-one-versus-all-separable", "critical"), ("laurent-brecht-one-versus-all", "critical"),
    ("laurent-brecht-three-classes", "active-unsolved"), ("laurent-brecht-three-classes", "global"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "at"), CRITICAL)
def test_critical_points_of_hinge_losses_are_found_again(name: str, at: str) -> None:
    problem = example(name)
    there = problem.at(at)
    assert there.decision("clarke_critical").answer == "yes"
    found = problem.audit(disturbed(problem, at, 1e-9))
    assert found.snapped is not None
    near = found.snapped.point
    assert near.clarke_critical().answer == "yes" and near.loss == there.loss
    assert near.local_minimum().answer == there.decision("local_minimum").answer
    assert found.snapped.distance_squared < mpq(1, 10**16)


@pytest.mark.parametrize(("name", "at", "loss"), [m for m in MINIMA if m[1] not in ("all-dead", "global")])
def test_the_disturbed_minimum_itself_has_a_descent_that_the_checker_accepts(name: str, at: str, loss: str) -> None:
    point = example(name).audit(disturbed(example(name), at, 1e-9)).point
    decision = point.local_minimum()
    assert decision.answer == "no" and decision.rule == "descent"
    assert check(decision.certificate).accepted
    assert Fraction(decision.proof["better"]["loss"]) < point.loss != Fraction(loss)


def test_a_checkpoint_that_is_critical_is_its_own_exact_point() -> None:
    problem = example("laurent-brecht-three-minima")
    found = problem.audit(Checkpoint(problem.point("all-dead"), ()))
    assert found.snapped is not None and found.snapped.distance_squared == 0
    assert found.snapped.point is found.point


def test_a_network_that_is_not_trained_has_no_exact_point_nearby() -> None:
    found = example(YUN).audit({"W1": [[3.0, -5.0], [7.0, 2.0]], "b1": [1.0, 1.0], "W2": [[4.0, -6.0]], "b2": [9.0]})
    assert found.snapped is None
    assert "train on" in found.reason and found.tried >= 1


def test_weight_decay_is_named_where_the_exact_point_need_not_be_rational() -> None:
    loss = Loss("squared", weight_decay="1/7")
    problem = Problem(Network.dense([1, 1, 1], bias=False), [[1]], [3], loss)
    # the minimum has w = v and w^2 = 3 - 1/14
    root = float(Fraction(41, 14)) ** 0.5
    found = problem.audit({"W1": [[root]], "W2": [[root]]})
    assert found.snapped is None and "need not be rational" in found.reason


@pytest.mark.parametrize("seed", range(6))
def test_the_exact_least_squares_solution_is_that_of_the_pseudo_inverse(seed: int) -> None:
    rng = numpy.random.default_rng(seed)
    x, y = rng.integers(-4, 5, (4, 2)) / 2, rng.integers(-4, 5, 4) / 2
    W, b, v, c = rng.normal(size=(3, 2)), rng.normal(size=3), rng.normal(size=3), rng.normal()
    problem = Problem(Network.dense([2, 3, 1]), dyadic(x), dyadic(y), Loss("squared"))
    point = Checkpoint.read(problem.network, {"W1": W, "b1": b, "W2": v[None], "b2": [c]}).parameters
    found = AffinePiece(problem, 1, point, of_point(problem, point)).nearest_critical()
    assert found is not None
    active = x @ W.T + b > 0
    lifted = active * v
    jacobian = numpy.hstack([(lifted[:, :, None] * x[:, None, :]).reshape(4, 6), lifted, numpy.ones((4, 1))])
    residual = y - ((active * (x @ W.T + b)) @ v + c)
    step = numpy.linalg.pinv(jacobian) @ residual
    moved = [float(a - b) for a, b in zip(found, point, strict=True)]
    assert numpy.allclose(moved, [*step[:9], 0, 0, 0, step[9]], atol=1e-9)


def test_units_that_are_to_vanish_vanish_and_contradictions_are_named() -> None:
    problem = example(YUN)
    base = problem.point("good")
    signs = [[list(group) for group in column] for column in of_point(problem, base)]
    for i in range(3):
        signs[i][0][0] = 0  # three points on a line: the third unit vanishes with the first two
    columns = tuple(tuple(tuple(group) for group in column) for column in signs)
    piece = AffinePiece(problem, 1, base, columns)
    assert len(piece.equations) == 2 and piece.contradictions == ()
    found = piece.nearest_critical()
    assert found is not None
    assert [problem.network.preactivations(found, x)[0][0] for x in problem.x] == [0, 0, 0]
    hinge = Problem(Network.dense([1, 1, 1]), [[0], [1], [2]], [1, -1, 1], Loss("hinge"))
    start = hinge.network.read({"W1": [[1]], "b1": [1], "W2": [[1]], "b2": [0]})
    # on one line the outputs at 0, 1, 2 cannot be 1, -1, 1
    piece = AffinePiece(hinge, 1, start, (((1,), (0,)),) * 3)
    assert len(piece.contradictions) == 1 and piece.nearest_critical() is None


@pytest.mark.parametrize(("name", "at"), [("laurent-brecht-sharp-optimum", "sharp"), (YUN, "bad"), (YUN, "good"),
                                          ("laurent-brecht-unbalanced-leaky", "vanishing")])  # fmt: skip
def test_a_rescaled_minimum_whose_entries_are_not_short_is_found_again(name: str, at: str) -> None:
    problem = example(name)
    layers = {block: (first, last) for block, first, last, _ in problem.network.blocks}
    values = [float(value) for value in problem.point(at)]
    for block, (first, last) in layers.items():
        factor = {"W1": 1.2345678, "b1": 1.2345678, "W2": 1 / 1.2345678}.get(block, 1)
        values[first:last] = [factor * value + 1e-9 * (index + 1) for index, value in enumerate(values[first:last])]
    found = problem.audit(Checkpoint(tuple(mpq(Fraction(value)) for value in values), ()))
    assert found.snapped is not None and found.snapped.distance_squared < mpq(1, 10**12)
    assert "rounded" not in found.snapped.candidate.how
    assert found.snapped.point.loss == problem.at(at).loss
    assert found.snapped.point.local_minimum().answer == "yes"


@pytest.mark.parametrize("kind", ["hinge", "squared"])
@pytest.mark.parametrize("seed", range(5))
def test_the_descent_in_floats_rests_on_a_piece_with_less_loss(kind: str, seed: int) -> None:
    rng = numpy.random.default_rng(seed)
    x = rng.integers(-4, 5, (5, 2)) / 2
    y = [int(label) for label in rng.choice([-1, 1], 5)]
    problem = Problem(Network.dense([2, 3, 1]), dyadic(x), y, Loss(kind))
    point = tuple(map(mpq, rng.normal(size=13)))
    for layer in (1, 2):
        signs = resting_signs(problem, point, layer, lambda: None)
        assert signs is not None
        rest = AffinePiece(problem, layer, point, signs).nearest_critical()
        assert rest is not None
        assert problem.evaluate(rest) <= problem.evaluate(point)


def test_candidates_come_nearest_first_and_once() -> None:
    problem = example("laurent-brecht-three-minima")
    found = candidates(problem, disturbed(problem, "dead-unsolved", 1e-6).parameters, lambda: None)
    distances = [candidate.distance_squared for candidate in found]
    assert distances == sorted(distances) and distances[0] == 0
    assert len({candidate.parameters for candidate in found}) == len(found) > 2


# ---------------------------------------------------------------- the command


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["audit", *map(str, arguments)])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """The problem of Yun and its bad minimum, trained."""
    problem = example(YUN)
    (tmp_path / "yun.json").write_text(problem.dumps())
    bad = {
        name: numpy.array(array, dtype=object) for name, array in problem.network.write(problem.point("bad")).items()
    }
    floats = {name: numpy.vectorize(lambda t: float(Fraction(t)))(array) for name, array in bad.items()}
    numpy.savez(tmp_path / "trained.npz", **{TORCH[name]: array + 1e-7 for name, array in floats.items()})
    return tmp_path / "yun.json", tmp_path / "trained.npz"


def test_the_command_says_what_the_checkpoint_is_and_what_is_near(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "certificate.json"
    code, text, err = run(capsys, files[0], "--checkpoint", files[1], "--json", "--certificate", out)
    assert (code, err) == (0, "")
    found = json.loads(text)
    assert set(found) == {"checkpoint", "point", "snapped", "tried", "reason", "note", "complete"}
    assert {m["name"]: m["entry"] for m in found["checkpoint"]["matching"]} == TORCH
    assert (found["point"]["clarke_critical"], found["point"]["local_minimum"]) == ("no", "no")
    assert found["point"]["descent"]["better"]
    snapped = found["snapped"]
    assert (snapped["loss"], snapped["local_minimum"], snapped["global_minimum"]) == ("1/3", "yes", "no")
    assert snapped["spurious"] is True and snapped["crossed"] == []
    assert 0 < Fraction(snapped["distance_squared"]) < Fraction(1, 10**12)
    assert "real arithmetic" in found["note"]
    certificate = json.loads(out.read_text())
    assert check(certificate).accepted
    assert certificate["point"] == snapped["point"] and certificate["loss"] == "1/3"


def test_the_certificate_may_be_that_of_the_checkpoint(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "certificate.json"
    arguments = (files[0], "--checkpoint", files[1], "--certificate", out, "--certificate-of", "checkpoint")
    code, text, _ = run(capsys, *arguments)
    assert code == 0 and "certificate of the checkpoint" in text
    certificate = json.loads(out.read_text())
    assert check(certificate).accepted and certificate["decisions"]["local_minimum"]["answer"] == "no"


def test_the_table_names_the_matching_the_distance_and_real_arithmetic(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    code, text, err = run(capsys, files[0], "--checkpoint", files[1])
    assert (code, err) == (0, "")
    for fragment in ("0.weight (2 x 2, float64)", "real arithmetic", "exact critical point nearby", "a spurious"):
        assert fragment in text
    assert "real arithmetic" not in run(capsys, files[0], "--checkpoint", files[1], "--quiet")[1]


def test_a_checkpoint_that_is_critical_is_printed_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem = example("laurent-brecht-three-minima")
    (tmp_path / "problem.json").write_text(problem.dumps())
    (tmp_path / "dead.json").write_text(json.dumps(problem.network.write(problem.point("all-dead"))))
    code, text, _ = run(capsys, tmp_path / "problem.json", "--checkpoint", tmp_path / "dead.json")
    assert code == 0 and text.count("clarke critical") == 1
    assert text.endswith("the checkpoint is an exact critical point itself\n")


def test_exit_code_3_and_a_reason_where_nothing_is_near(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    numpy.save(tmp_path / "far.npy", numpy.array([3.0, -5, 7, 2, 1, 1, 4, -6, 9]))
    out = tmp_path / "certificate.json"
    code, text, err = run(capsys, files[0], "--checkpoint", tmp_path / "far.npy", "--json", "--certificate", out)
    found = json.loads(text)
    assert code == 3 and found["snapped"] is None and "train on" in found["reason"]
    assert found["point"]["undecided"] == {}
    assert not out.exists() and err.count("\n") == 1 and "no certificate is written" in err


def test_bad_input_is_exit_code_2_and_one_line(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    numpy.save(tmp_path / "nan.npy", numpy.array([1.0] * 8 + [numpy.nan]))
    (tmp_path / "other.json").write_text('{"weights": [1, 2]}')
    for name, complaint in (("nan.npy", "parameters[8]: found nan"), ("other.json", "weights: found a name")):
        code, text, err = run(capsys, files[0], "--checkpoint", tmp_path / name)
        assert (code, text) == (2, "") and err.count("\n") == 1 and err.startswith("exactrelu audit: ")
        assert complaint in err


def test_a_budget_of_nothing_still_reports_the_point(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    code, text, _ = run(capsys, files[0], "--checkpoint", files[1], "--json", "--budget", "0")
    found = json.loads(text)
    assert code == 3 and found["snapped"] is None and "budget" in found["reason"]
    assert found["point"]["loss"]
