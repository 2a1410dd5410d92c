"""The exact global minimum: against all pieces, one by one, with another solver; search; symmetries; budgets."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations_with_replacement, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq
from scipy.optimize import linprog, nnls

from exactrelu import Arrangement, Loss, Network, Problem, check
from exactrelu.cli import main
from exactrelu.errors import BudgetExceeded, MalformedInput, Unsupported

SLOPES = [(1, 0), (1, 0), (1, "1/2"), (2, 3), (1, 1)]


def random_problem(seed: int, many: int = 5) -> Problem:
    rng = random.Random(seed)
    d, k, n = rng.choice([1, 1, 2]), rng.choice([1, 1, 2]), rng.randint(1, many)
    bias = [rng.random() < 0.5, rng.random() < 0.5]
    network = {"widths": [d, k, 1], "activation": {"slopes": list(rng.choice(SLOPES))}, "bias": bias}
    kind = rng.choice(["hinge", "squared"])
    x = [[rng.randint(-3, 3) for _ in range(d)] for _ in range(n)]
    y = [rng.choice([-1, 1]) if kind == "hinge" else rng.randint(-3, 3) for _ in x]
    loss = {
        "kind": kind,
        "factor": rng.choice([1, "1/2"]),
        "weights": rng.choice(["mean", [rng.randint(1, 3) for _ in x]]),
    }
    document = {"format": "exactrelu.problem/1", "network": network, "loss": loss, "data": {"x": x, "y": y}}
    return Problem.loads(json.dumps(document))


def piece_by_piece(p: Problem) -> float:
    """The least loss over all pieces, each by SciPy in floating point, from the chambers of the data."""
    one = [1] if p.network.layers[0].bias else []
    rows = [[*map(Fraction, map(str, x)), *one] for x in p.x]
    plus, minus = (float(s) for s in p.network.slopes)
    x = np.array([[float(a) for a in row] for row in rows])
    maps = []
    for chamber in Arrangement(rows).chambers():
        signs = np.array([{"+": 1, "-": -1}.get(s, 0) for s in chamber.signs])
        slopes = np.array([plus if s > 0 else minus for s in signs])
        maps += [(side * slopes[:, None] * x, signs[:, None] * x) for side in (1, -1)]
    weights = np.array([float(p.loss.weight(i, 0, len(p.x))) for i in range(len(p.x))])
    target = np.array([float(y[0] if isinstance(y, tuple) else y) for y in p.y])
    free = np.ones((len(x), 1)) if p.network.layers[1].bias else np.zeros((len(x), 0))
    best = np.inf
    for chosen in combinations_with_replacement(range(len(maps)), p.network.widths[1]):
        outputs = np.hstack([*(maps[c][0] for c in chosen), free])
        size, n = outputs.shape[1], len(x)
        inside = np.zeros((n * len(chosen), size))
        for place, c in enumerate(chosen):
            inside[place * n : place * n + n, place * x.shape[1] : (place + 1) * x.shape[1]] = maps[c][1]
        if p.loss.is_hinge:
            cost = np.concatenate([np.zeros(size), weights])
            hinge = np.hstack([-target[:, None] * outputs, -np.eye(n)])
            cone = np.hstack([-inside, np.zeros((len(inside), n))])
            found = linprog(
                cost, np.vstack([hinge, cone]), np.concatenate([-np.ones(n), np.zeros(len(inside))]),
                bounds=[(None, None)] * size + [(0, None)] * n,
            )  # fmt: skip
            best = min(best, found.fun)
        else:
            best = min(best, constrained_least_squares(outputs, target, weights, inside))
    return float(best)


def constrained_least_squares(a: Any, target: Any, weights: Any, inside: Any) -> float:
    """min |sqrt(w) (a z - t)|^2 over inside z >= 0: by its dual, a non-negative least squares problem."""
    root = np.sqrt(weights)
    a, t = root[:, None] * a, root * target
    # the projection of t on the cone {a z} is t minus its projection on the polar cone {g: a^T g = inside^T m ..}
    rays = cone_rays(inside, a.shape[1])
    if rays.shape[1] == 0:
        return float(t @ t)
    columns = a @ rays
    columns = columns[:, np.abs(columns).max(axis=0) > 1e-9]
    if columns.shape[1] == 0:
        return float(t @ t)
    _, residual = nnls(columns, t, maxiter=10_000)
    return float(residual**2)


def cone_rays(inside: Any, size: int) -> Any:
    """Generators of {z: inside z >= 0} by brute force over the sets of tight rows (small cases only)."""
    found = []
    _, values, rows = np.linalg.svd(np.vstack([inside, np.zeros((1, size))]))
    rank = int((values > 1e-9).sum())
    kernel = rows[rank:]
    found += [*kernel, *(-kernel)]
    basis = rows[:rank]
    for chosen in product((False, True), repeat=len(inside)):
        tight = inside[np.array(chosen, dtype=bool)] @ basis.T if rank else np.zeros((0, 0))
        _, values, vectors = np.linalg.svd(np.vstack([tight, np.zeros((1, rank))]))
        if rank and (values > 1e-9).sum() == rank - 1:
            ray = vectors[-1] @ basis
            for side in (ray, -ray):
                if (inside @ side >= -1e-9).all():
                    found.append(side)
    return np.array(found).T if found else np.zeros((size, 0))


@pytest.mark.parametrize("seed", range(120))
def test_the_minimum_is_that_of_all_pieces_one_by_one(seed: int) -> None:
    p = random_problem(seed, many=3 if seed % 2 else 4)
    if not p.loss.is_hinge and p.network.widths[1] * len(p.x) > 6:
        p = random_problem(seed + 10_000, many=3)
    if not p.loss.is_hinge and p.network.widths[1] * len(p.x) > 6:
        pytest.skip("too many sets of tight rows for brute force")
    found = p.minimum()
    assert found.is_exact and check(found.certificate()).accepted
    assert p.evaluate(found.argmin) == found.upper
    assert abs(float(found.upper) - piece_by_piece(p)) < 1e-6


@pytest.mark.parametrize("seed", range(60))
def test_no_point_is_better_than_the_minimum(seed: int) -> None:
    p, rng = random_problem(seed, many=6), random.Random(seed)
    found = p.minimum()
    assert found.is_exact
    for _ in range(200):
        point = [mpq(rng.randint(-6, 6), rng.randint(1, 4)) for _ in found.argmin]
        assert p.evaluate(point) >= found.upper
    for scale in (mpq(1, 10), mpq(1, 10**4)):
        for _ in range(50):
            near = [a + scale * mpq(rng.randint(-9, 9), 9) for a in found.argmin]
            assert p.evaluate(near) >= found.upper


@pytest.mark.parametrize("seed", range(30))
def test_the_minimum_does_not_depend_on_the_order_of_the_data_or_on_split_data_points(seed: int) -> None:
    p = random_problem(seed)
    document = p.to_dict()
    data, loss = document["data"], document["loss"]
    weights = [str(p.loss.weight(i, 0, len(p.x)) / 2) for i in range(len(p.x))]
    document["data"] = {"x": data["x"][::-1] + data["x"], "y": data["y"][::-1] + data["y"]}
    document["loss"] = {**loss, "factor": "1", "weights": weights[::-1] + weights}
    assert Problem.loads(json.dumps(document)).minimum().upper == p.minimum().upper


@pytest.mark.parametrize("seed", range(20))
def test_more_neurons_do_not_raise_the_minimum(seed: int) -> None:
    document = random_problem(seed).to_dict()
    values = []
    for neurons in (1, 2, 3):
        document["network"]["widths"][1] = neurons
        values.append(Problem.loads(json.dumps(document)).minimum().upper)
    assert values == sorted(values, reverse=True)


XOR = {"x": [[0, 0], [0, 1], [1, 0], [1, 1]]}


@pytest.mark.parametrize(
    ("loss", "y", "neurons", "value"),
    [("hinge", [-1, 1, 1, -1], 1, "1/2"), ("hinge", [-1, 1, 1, -1], 2, "0"), ("squared", [0, 1, 1, 0], 1, "1/6"),
     ("squared", [0, 1, 1, 0], 2, "0")],
)  # fmt: skip
def test_the_minimum_of_exclusive_or(loss: str, y: list[int], neurons: int, value: str) -> None:
    """With one neuron an interval of slopes fits three of the four points; two neurons suffice."""
    found = Problem(Network.dense([2, neurons, 1]), x=XOR["x"], y=y, loss=Loss(loss)).minimum()  # type: ignore[arg-type]
    assert str(found.upper) == value and found.is_exact


def test_a_local_minimum_that_is_the_best_is_global_with_a_bounding_tree() -> None:
    problem = Problem.example("liu-two-samples-opposite")
    decisions = [problem.at(name).global_minimum() for name in problem.points]
    assert {d.rule for d in decisions} >= {"bounding-tree"}
    assert all(check(d.certificate).accepted for d in decisions)


def ticks(limit: int) -> Callable[[], None]:
    left = [limit]

    def tick() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise BudgetExceeded("the budget ran out")

    return tick


def test_when_the_budget_runs_out_the_bounds_are_proved_and_the_search_can_be_resumed() -> None:
    rng = random.Random(8)
    x = [[rng.randint(-9, 9), rng.randint(-9, 9)] for _ in range(8)]
    problem = Problem(Network.dense([2, 2, 1]), x=x, y=[rng.randint(-5, 5) for _ in x], loss=Loss("squared"))  # type: ignore[arg-type]
    whole = problem.minimum()
    part = problem.minimum(tick=ticks(300))
    assert not part.is_exact and part.lower < whole.upper <= part.upper and part.reason
    assert check(part.certificate()).accepted
    resumed = problem.minimum(resume=part.tree.to_dict())
    assert resumed.is_exact and resumed.upper == whole.upper and check(resumed.certificate()).accepted


def test_a_tree_of_another_problem_is_no_start() -> None:
    problem = Problem.example("yun2018-three-point")
    for tree in (
        {"dual": ["1"]},
        {"state": 1, "children": []},
        {"state": 0, "children": []},
        {"dual": ["9", "0", "0"]},
    ):
        with pytest.raises(MalformedInput, match="tree"):
            problem.minimum(resume=tree)


def test_weight_decay_gives_bounds_that_differ_and_are_undecided() -> None:
    document = Problem.example("yun2018-three-point").to_dict()
    document["loss"]["weight_decay"] = "1/10"
    found = Problem.loads(json.dumps(document)).minimum()
    assert not found.is_exact and found.lower == 0 < found.upper and "weight decay" in found.reason
    assert check(found.certificate()).accepted


def test_what_is_out_of_reach_is_refused_by_name() -> None:
    for name in ("laurent-brecht-two-hidden-layers", "milne-two-neurons", "convolution"):
        with pytest.raises(Unsupported, match="minimum: "):
            Problem.example(name).minimum()


def test_the_command_prints_the_minimum_and_its_certificate_is_accepted(tmp_path: Path, capsys: Any) -> None:
    path, out = tmp_path / "p.json", tmp_path / "c.json"
    path.write_text(Problem.example("liu-two-samples-opposite").dumps())
    assert main(["minimum", str(path), "--json", "--certificate", str(out)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["minimum"] == "1/2" and found["attained"] is True and found["complete"] is True
    assert set(found) >= {"minimum", "argmin", "attained", "pieces"}
    assert check(json.loads(out.read_text())).accepted
    assert main(["minimum", str(path), "--resume", str(out), "--quiet"]) == 0
    path.write_text(json.dumps({**json.loads(path.read_text()), "loss": {"kind": "squared", "weight_decay": "1"}}))
    assert main(["minimum", str(path), "--json"]) == 3
