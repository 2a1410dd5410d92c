"""The atlas: checked by the decisions about points, by descent from random points, and by the sealed checker."""

import copy
import json
import random
from contextlib import suppress
from itertools import combinations_with_replacement, product
from pathlib import Path
from typing import Any

import networkx
import pytest
from gmpy2 import mpq

from exactrelu import Problem, check
from exactrelu.checker import Malformed
from exactrelu.cli import main
from exactrelu.errors import BudgetExceeded, MalformedInput, Unsupported
from exactrelu.point import Point

XOR = [[0, 0], [0, 1], [1, 0], [1, 1]]


def problem_of(x: Any, y: Any, neurons: int, loss: Any, slopes: Any = (1, 0), bias: Any = (True, True)) -> Problem:
    return Problem.loads(
        json.dumps(
            {
                "format": "exactrelu.problem/1",
                "network": {
                    "widths": [len(x[0]), neurons, 1],
                    "activation": {"slopes": list(slopes)},
                    "bias": list(bias),
                },
                "loss": loss,
                "data": {"x": x, "y": y},
            }
        )
    )


def random_problem(seed: int) -> Problem:
    """Few points with small integers, so that repeated points, kinks and margins of exactly 1 are frequent."""
    rng = random.Random(seed)
    kind = rng.choice(["squared", "hinge"])
    d, n = rng.choice([(1, 3), (1, 4), (2, 3)])
    neurons = rng.choice([1, 1, 2]) if d == 1 else 1
    x = [[rng.randint(-2, 2) for _ in range(d)] for _ in range(n)]
    y = [rng.choice([-1, 1]) if kind == "hinge" else rng.randint(-2, 2) for _ in range(n)]
    weights = rng.choice(["mean", "sum", [rng.randint(1, 3) for _ in range(n)]])
    slopes = rng.choice([(1, 0), (1, 0), (1, "1/2"), (2, 1), (1, 1)])
    return problem_of(
        x, y, neurons, {"kind": kind, "weights": weights}, slopes, [rng.random() < 0.7, rng.random() < 0.6]
    )


def at(problem: Problem, parameters: Any) -> Point:
    return Point(problem.forms, tuple(map(mpq, parameters)))


def verify_sets(problem: Problem, limit: int = 60) -> None:
    """Each witness is a local minimum of the value and the kind that are listed."""
    found = problem.atlas()
    for each in random.Random(1).sample(found.local_minima, min(limit, len(found.local_minima))):
        point = at(problem, each.witness)
        assert point.loss == each.value and point.local_minimum().answer == "yes"
        assert point.kind().answer == each.kind
    if found.complete:
        assert found.minimum == problem.minimum().upper
        assert all(each.is_spurious == (each.value > found.minimum) for each in found.local_minima)
    assert check(json.loads(found.certificate().dumps())).accepted


@pytest.mark.parametrize("seed", range(40))
def test_each_set_of_a_random_landscape_is_one_of_local_minima(seed: int) -> None:
    verify_sets(random_problem(seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1300))
def test_each_set_of_many_random_landscapes_is_one_of_local_minima(seed: int) -> None:
    verify_sets(random_problem(seed), limit=12)


def grid_points(problem: Problem, rng: random.Random) -> Any:
    """Random small points: weights 0 and kinks are frequent, and so are margins of exactly 1."""
    return [
        mpq(rng.choice([-2, -1, -1, 0, 0, 0, 1, 1, 2]), rng.choice([1, 1, 2]))
        for _ in range(problem.network.parameters)
    ]


def is_listed(problem: Problem, found: Any, parameters: Any) -> bool:
    """Whether a local minimum is in, or on the boundary of, a listed set."""
    pieces = found.search.pieces
    network = problem.network
    hidden = network.layers[0]
    offset = network.offsets[1]
    used, thin = [], []
    for k in range(hidden.outputs):
        w = [
            *parameters[k * hidden.inputs : (k + 1) * hidden.inputs],
            *([parameters[hidden.size + k]] if hidden.bias else []),
        ]
        v = parameters[offset + k]
        face = pieces.face([abs(v) * a for a in w])
        if v or not any(pieces.face(w)):
            used.append([2 * c + s for c in pieces.around(face) for s in ((v < 0,) if v else (0, 1))])
        else:
            thin.append(pieces.around(pieces.face(w)))
    loss = at(problem, parameters).loss
    listed = {(s.piece, cells) for s in found.local_minima for cells in (s.thin or ((),)) if s.value == loss}
    inside = found.search.inside
    for choice in product(*used):
        piece = tuple(sorted(choice))
        while inside[piece] is not None and pieces.value(inside[piece]) == pieces.value(piece):
            piece = tuple(sorted(inside[piece]))
        if any((piece, tuple(sorted(cells))) in listed for cells in product(*thin)):
            return True
    return False


@pytest.mark.parametrize("seed", range(200, 225))
def test_a_random_point_is_a_local_minimum_only_where_the_atlas_says_so(seed: int) -> None:
    problem, rng = random_problem(seed), random.Random(seed)
    found = problem.atlas()
    values = {each.value for each in found.local_minima}
    for _ in range(25):
        parameters = grid_points(problem, rng)
        point = at(problem, parameters)
        if point.local_minimum().answer == "yes":
            assert not found.complete or (point.loss in values and is_listed(problem, found, parameters))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2000, 2150))
def test_random_points_are_local_minima_only_where_the_atlas_says_so(seed: int) -> None:
    test_a_random_point_is_a_local_minimum_only_where_the_atlas_says_so(seed)


@pytest.mark.parametrize("seed", range(300, 312))
def test_random_points_of_a_set_are_local_minima_of_its_loss(seed: int) -> None:
    problem, rng = random_problem(seed), random.Random(seed)
    found = problem.atlas()
    for each in found.local_minima[:12]:
        others = [s for s in found.local_minima if s.piece == each.piece and s.thin == each.thin]
        assert others == [each]
        network, scaled = problem.network, list(each.witness)
        hidden, offset = network.layers[0], network.offsets[1]
        for k in range(hidden.outputs):  # (v, w) -> (v / r, r w)
            r = mpq(rng.randint(1, 5), rng.randint(1, 5))
            places = [*range(k * hidden.inputs, (k + 1) * hidden.inputs), *([hidden.size + k] if hidden.bias else [])]
            for j in places:
                scaled[j] *= r
            scaled[offset + k] /= r
        point = at(problem, scaled)
        assert point.loss == each.value and point.local_minimum().answer == "yes"


@pytest.mark.parametrize("seed", range(400, 408))
def test_the_atlas_does_not_depend_on_the_order_of_the_data(seed: int) -> None:
    problem = random_problem(seed)
    document = problem.to_dict()
    order = list(range(len(problem.x)))
    random.Random(seed).shuffle(order)
    other = copy.deepcopy(document)
    for key in ("x", "y"):
        other["data"][key] = [document["data"][key][i] for i in order]
    if isinstance(document["loss"].get("weights"), list):
        other["loss"]["weights"] = [document["loss"]["weights"][i] for i in order]
    first, second = problem.atlas(), Problem.loads(json.dumps(other)).atlas()

    def profile(found: Any) -> Any:
        return sorted((s.value, s.dimension, s.kind, len(s.piece), len(s.thin)) for s in found.local_minima)

    assert profile(first) == profile(second)
    assert len({s.component for s in first.local_minima}) == len({s.component for s in second.local_minima})


def test_the_four_points_of_the_exclusive_or_have_four_values_of_local_minima() -> None:
    found = problem_of(XOR, [0, 1, 1, 0], 2, {"kind": "squared"}).atlas()
    assert found.complete and found.minimum == 0
    assert sorted({each.value for each in found.local_minima}) == [0, mpq(1, 8), mpq(1, 6), mpq(1, 4)]
    assert len({s.component for s in found.local_minima if s.value == 0}) == 6
    assert check(json.loads(found.certificate().dumps())).accepted


def test_liu_s_two_samples_have_a_plateau_two_lines_and_the_global_minimum() -> None:
    """Liu, section 4.2: losses 1 (a dead cell), 1/2 (two lines), 0; with y = (1, 1)."""
    found = Problem.example("liu-two-samples").atlas()
    profile = {(each.value, each.dimension, each.kind) for each in found.local_minima if each.piece}
    assert profile == {(0, 0, "sharp"), (mpq(1, 2), 1, "sharp"), (1, 2, "flat")}


def test_the_sharp_minimum_with_v_zero_of_unbalanced_classes_is_found() -> None:
    """Laurent and von Brecht's scenarios fail without equal class weights: a sharp minimum of loss 2/3 with v = 0."""
    found = Problem.example("laurent-brecht-unbalanced-relu").atlas()
    sharp = [s for s in found.local_minima if s.thin and s.is_part]
    assert sharp and {(s.value, s.kind, s.is_spurious) for s in sharp} == {(mpq(2, 3), "sharp", True)}


def test_a_budget_that_runs_out_leaves_proved_sets_and_one_goes_on_from_there() -> None:
    problem = problem_of(XOR, [0, 1, 1, 0], 2, {"kind": "squared"})
    left = 500

    def tick() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise BudgetExceeded("the budget ran out")

    part = problem.atlas(tick=tick)
    assert not part.complete and part.minimum is None and "budget" in part.reason and part.local_minima
    certificate = json.loads(part.certificate().dumps())
    verdict = check(certificate)
    assert verdict.accepted and verdict.reason.startswith("some local minima")
    whole = problem.atlas(resume=certificate)
    assert whole.complete and len(whole.local_minima) == len(problem.atlas().local_minima)
    assert not check({**certificate, "complete": True}).accepted


@pytest.mark.parametrize("wrong", [{}, {"levels": []}, {"levels": [[{}], [], []]}])
def test_what_is_no_atlas_of_the_problem_is_not_resumed(wrong: Any) -> None:
    with pytest.raises(MalformedInput, match="levels"):
        Problem.example("liu-two-samples").atlas(resume=wrong)


def test_what_is_out_of_reach_is_refused_by_name() -> None:
    for name in ("laurent-brecht-two-hidden-layers", "milne-two-neurons", "convolution"):
        with pytest.raises(Unsupported, match="atlas: "):
            Problem.example(name).atlas()


def test_the_graph_leads_downhill_to_a_local_minimum_from_everywhere() -> None:
    graph = problem_of(XOR, [0, 1, 1, 0], 1, {"kind": "squared"}).atlas().graph()
    assert isinstance(graph, networkx.Graph) and len(graph) == 28 and networkx.is_connected(graph)
    for node, facts in graph.nodes(data=True):
        assert facts["minimum"] == (facts["downhill"] == "")
        seen = node
        while graph.nodes[seen]["downhill"]:
            below = graph.nodes[seen]["downhill"]
            assert mpq(graph.nodes[below]["best"]) < mpq(graph.nodes[seen]["best"])
            seen = below


CERTIFIED = {
    "squared": lambda: Problem.example("liu-two-samples"),
    "hinge": lambda: problem_of([[-1], [1]], [1, -1], 1, {"kind": "hinge"}),
    "thin": lambda: Problem.example("laurent-brecht-unbalanced-relu"),
}


def places(value: Any, path: tuple[Any, ...] = ()) -> Any:
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in pairs:
        yield from places(entry, (*path, key))


def changed(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, str):
        return ["7/5", "-1"]
    if isinstance(value, int):
        return [value + 1]
    return [value[:-1]] if isinstance(value, list) and value else []


@pytest.mark.parametrize("name", CERTIFIED)
def test_a_changed_certificate_is_rejected_unless_it_claims_no_more(name: str) -> None:
    problem = CERTIFIED[name]()
    certificate = json.loads(problem.atlas().certificate().dumps())
    rng, every = random.Random(3), [p for p in places(certificate) if p and p[0] not in ("problem", "statement")]
    accepted, tried = [], 0
    for path in rng.sample(every, min(len(every), 250)):
        for value in changed(entry(certificate, path)):
            mutant = copy.deepcopy(certificate)
            entry(mutant, path[:-1])[path[-1]] = value
            tried += 1
            try:
                if check(mutant).accepted:
                    accepted.append((path, mutant))
            except Malformed:
                pass
    # another optimum, vector of a chamber or dual vector, or a set said not to be complete: still true
    harmless = {"complete", "weights", "bias", "witness", "chambers", "dual", "duals", "w", "rays"}
    harmless |= {"face", "inside", "thin", "decisions"}
    assert all(harmless & set(path) for path, _ in accepted), [path for path, _ in accepted]
    assert 3 * len(accepted) < tried
    for path, mutant in accepted:
        for each in mutant["sets"] if path[0] == "sets" else ():
            point = problem.at(each["witness"])
            assert str(point.loss) == each["value"] and point.local_minimum().answer == "yes"


def entry(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


# ---------------------------------------- false claims that look like true ones


def test_another_optimum_is_no_witness_where_it_has_more_pieces_around() -> None:
    """With v_2 = 0 only some w_2 will do beside the optima; at one on their boundary the same w_2 will not."""
    problem = problem_of([[1], [1], [2], [-2]], [-1, 1, 1, 1], 2, {"kind": "hinge", "weights": [3, 1, 1, 3]})
    certificate = json.loads(problem.atlas().certificate().dumps())
    assert check(certificate).accepted
    each = next(s for s in certificate["sets"] if (s["piece"], s["thin"]) == ([10], [[1]]))
    each["witness"] = {"W1": [["0"], ["2"]], "b1": ["0", "-1"], "W2": [["1", "0"]], "b2": ["1"]}
    point = problem.at(each["witness"])
    assert str(point.loss) == each["value"] and point.local_minimum().answer == "no"
    verdict = check(certificate)
    assert not verdict and "witness: not in the set" in verdict.reason


def plateau(neurons: int) -> dict[str, Any]:
    """The atlas of one data point 0: the loss is 0 everywhere."""
    zero = {"dual": ["0"], "weights": {}, "bias": "0"}
    pieces = [list(combinations_with_replacement((0, 1), m)) for m in range(neurons + 1)]
    sets = [
        {
            "piece": list(piece),
            "thin": [[0] * (neurons - m)] if m < neurons else [],
            "value": "0",
            "dimension": m,
            "spurious": False,
            "kind": "flat",
            "decisions": {
                "local_minimum": {"answer": "yes", "rule": "zero-loss"},
                "kind": {"answer": "flat", "rule": "constant"},
            },
            "witness": {"W1": [["1"]] * neurons, "W2": [[*((-1) ** q for q in piece), *[0] * (neurons - m)]]},
        }
        for m, level in enumerate(pieces)
        for piece in level
    ]
    problem = problem_of([[0]], [0], neurons, {"kind": "squared"}, bias=(False, False)).to_dict()
    return {
        "format": "exactrelu.certificate/1",
        "kind": "atlas",
        "problem": problem,
        "statement": "",
        "complete": True,
        "chambers": [{"signs": "0", "witness": ["1"]}],
        "rays": [],
        "levels": [[zero] * len(level) for level in pieces],
        "thin": [],
        "minimum": "0",
        "sets": sets,
    }


def test_two_to_the_forty_signs_of_neurons_are_not_enumerated() -> None:
    assert check(plateau(2)) and check(plateau(40))


@pytest.mark.parametrize(
    ("key", "value"),
    [("minimum", "-1"), ("minimum", "1"), ("minimum", None), ("spurious", True), ("spurious", None), ("spurious", 0)],
)
def test_the_global_minimum_and_what_is_spurious_are_proved(key: str, value: Any) -> None:
    certificate = plateau(1)
    (certificate if key == "minimum" else certificate["sets"][-1])[key] = value
    try:
        assert not check(certificate)
    except Malformed as error:
        assert key in str(error)


def test_flat_and_sharp_are_proved() -> None:
    for name in CERTIFIED:
        certificate = json.loads(CERTIFIED[name]().atlas().certificate().dumps())
        for k, each in enumerate(certificate["sets"][:6]):
            other = "sharp" if each["kind"] == "flat" else "flat"
            changed = copy.deepcopy(certificate)
            changed["sets"][k]["kind"] = other
            assert "decisions" in check(changed).reason
            changed["sets"][k]["decisions"]["kind"]["answer"] = other
            with suppress(Malformed):
                assert not check(changed)


@pytest.mark.parametrize("name", CERTIFIED)
def test_the_dimension_of_each_set_is_proved(name: str) -> None:
    certificate = json.loads(CERTIFIED[name]().atlas().certificate().dumps())
    for k, each in enumerate(certificate["sets"][:8]):
        for wrong in (each["dimension"] - 1, each["dimension"] + 1):
            changed = copy.deepcopy(certificate)
            changed["sets"][k]["dimension"] = wrong
            assert "dimension: it is" in check(changed).reason


def test_the_dimension_needs_an_optimum_in_the_relative_interior() -> None:
    """The loss (v h(w))^2, h leaky, is 0 at R = 0 only; the gradient there, the dual, is 0 and excludes no ray."""
    problem = problem_of([[1]], [0], 1, {"kind": "squared"}, (1, "1/2"), (False, False))
    certificate = json.loads(problem.atlas().certificate().dumps())
    best = next(entry for entry in certificate["levels"][1] if "face" in entry and "inside" not in entry)
    assert check(certificate) and best["dual"] == ["0"] and best["weights"] == {}
    del best["face"]
    assert "relative interior" in check(certificate).reason


def test_an_incomplete_atlas_claims_neither_a_minimum_nor_what_is_spurious() -> None:
    certificate = {**plateau(1), "complete": False, "minimum": None}
    certificate["sets"] = [{**each, "spurious": None} for each in certificate["sets"]]
    assert check(certificate)
    for wrong in ({"minimum": "0"}, {"sets": plateau(1)["sets"]}):
        with pytest.raises(Malformed):
            check({**certificate, **wrong})


@pytest.mark.parametrize("key", ["01", "\u0661", "9" * 10_000, "-1", "", " 1"])
def test_a_column_has_one_name(key: str) -> None:
    certificate = json.loads(Problem.example("liu-two-samples").atlas().certificate().dumps())
    best = next(b for b in certificate["levels"][1] if b["weights"].get("1") or b["weights"])
    best["weights"][key] = "1"
    assert "a weight that is not allowed" in check(certificate).reason


def test_the_command_lists_the_sets_and_its_certificate_is_accepted(tmp_path: Path, capsys: Any) -> None:
    path, out, graph = tmp_path / "p.json", tmp_path / "c.json", tmp_path / "g.json"
    path.write_text(Problem.example("liu-two-samples").dumps())
    assert main(["atlas", str(path), "--json", "--certificate", str(out), "--graph", str(graph)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["minimum"] == "0" and found["complete"] is True
    assert set(found["local_minima"][0]) >= {"value", "dimension", "kind", "spurious", "witness"}
    assert check(json.loads(out.read_text())).accepted and json.loads(graph.read_text())["nodes"]
    assert main(["atlas", str(path), "--resume", str(out), "--quiet"]) == 0
    assert main(["atlas", str(path), "--graph", str(tmp_path / "g.txt")]) == 2
    path.write_text(json.dumps({**json.loads(path.read_text()), "loss": {"kind": "squared", "weight_decay": "1"}}))
    assert main(["atlas", str(path), "--json"]) != 0
