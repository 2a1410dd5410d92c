"""The command line from outside: keys, exit codes, one line for each complaint, nothing half-written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx
import pytest
from gmpy2 import mpq
from problems import Oracle

from exactrelu import Problem
from exactrelu.cli import main
from exactrelu.examples import names as example_names
from exactrelu.examples import text as example_text

YUN = "yun2018-three-point"
FIGURE_4 = "laurent-brecht-three-minima"
DEEP = "laurent-brecht-two-hidden-layers"
NEURON = "laurent-brecht-one-neuron"
LIU = "liu-two-samples"
ARRANGEMENT = {"format": "exactrelu.arrangement/1", "normals": [["1", "0"], ["0", "1"], ["1", "1"]]}

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run ``python -m exactrelu`` in an empty folder; standard input is empty unless given."""

    def runner(*arguments: Any, stdin: str = "", timeout: float = 120) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "exactrelu", *map(str, arguments)],
            input=stdin, capture_output=True, text=True, cwd=tmp_path, timeout=timeout, check=False,
        )  # fmt: skip

    return runner


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """The same without a new process, which is faster; an exception that would be a traceback fails the test."""

    def caller(*arguments: Any) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(tmp_path)
        capfd.readouterr()
        try:
            code: Any = main([str(a) for a in arguments])
        except SystemExit as ending:
            code = ending.code
        sys.stdout.flush()
        out, err = capfd.readouterr()
        return subprocess.CompletedProcess(arguments, code, out, err)

    return caller


def written(tmp_path: Path, content: Any, name: str = "problem.json") -> Path:
    """A file with the given text, or the JSON of the given value."""
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def shipped(tmp_path: Path, name: str) -> Path:
    return written(tmp_path, example_text(name), f"{name}.json")


def assert_refused(result: subprocess.CompletedProcess[str], *fragments: str, code: int = 2) -> None:
    """The exit code, nothing on standard output, one line on standard error that names the place."""
    assert result.returncode == code, result.stderr
    assert result.stdout == ""
    assert result.stderr.endswith("\n")
    assert result.stderr.count("\n") == 1, result.stderr
    assert result.stderr.startswith("exactrelu")
    for fragment in fragments:
        assert fragment in result.stderr


def answer(result: subprocess.CompletedProcess[str], code: int = 0) -> Any:
    """The JSON document on standard output; nothing on standard error."""
    assert result.returncode == code, result.stderr
    assert result.stderr == ""
    return json.loads(result.stdout)


# ---------------------------------------------------------------- every command


def test_examples_are_listed_and_printed(run: Run) -> None:
    assert answer(run("example", "--json")) == {"examples": list(example_names())}
    assert run("example").stdout.split() == list(example_names())
    assert run("example", YUN).stdout == example_text(YUN)


def test_an_arrangement_is_cut_into_chambers(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, ARRANGEMENT)
    found = answer(run("arrangement", path, "--json"))
    assert set(found) >= {"count", "rank", "complete", "chambers", "walls"}
    assert (found["count"], found["rank"], found["complete"]) == (6, 2, True)
    assert len({c["signs"] for c in found["chambers"]}) == 6
    for chamber in found["chambers"]:
        a, b = map(mpq, chamber["witness"])
        assert chamber["signs"] == "".join("+" if v > 0 else "-" for v in (a, b, a + b))
    assert len(found["walls"]) == 6
    for i, j, hyperplanes in found["walls"]:
        first, second = (found["chambers"][k]["signs"] for k in (i, j))
        assert [h for h in range(3) if first[h] != second[h]] == hyperplanes
    counted = answer(run("arrangement", path, "--json", "--count"))
    assert counted == {"count": 6, "rank": 2, "complete": True}
    assert (
        run("arrangement", "-", "--json", stdin=json.dumps(ARRANGEMENT)).stdout
        == run("arrangement", path, "--json").stdout
    )


def test_the_cells_command_lists_witnesses_and_edges(run: Run, tmp_path: Path) -> None:
    path = shipped(tmp_path, NEURON)
    found = answer(run("cells", path, "--json"))
    problem = Problem.load(str(path))
    oracle = Oracle(problem)
    assert set(found) >= {"count", "complete", "cells", "edges"}
    assert found["complete"] is True
    assert found["count"] == len(found["cells"]) == len(problem.cells())
    for cell in found["cells"]:
        assert set(cell) >= {"signature", "witness", "flat"}
        assert oracle.signature(problem.network.read(cell["witness"])) == cell["signature"]
    assert [[i, j, sorted(u)] for i, j, u in found["edges"]] == [
        [i, j, sorted(u)] for i, j, u in problem.cells().edges()
    ]
    counted = answer(run("cells", path, "--json", "--count"))
    assert counted == {"count": found["count"], "complete": True}


def test_the_cells_of_a_layer_and_of_the_input(run: Run, tmp_path: Path) -> None:
    path = shipped(tmp_path, DEEP)
    layer = answer(run("cells", path, "--layer", 2, "--at", "start", "--json"))
    assert layer["complete"] is True
    start = Problem.load(str(path)).network.write(Problem.load(str(path)).point("start"))
    for cell in layer["cells"]:
        assert {k: v for k, v in cell["witness"].items() if k in ("W1", "b1", "W3", "b3")} == {
            k: v for k, v in start.items() if k in ("W1", "b1", "W3", "b3")
        }
    regions = answer(run("cells", path, "--space", "input", "--at", "start", "--json"))
    assert regions["complete"] is True
    assert all(set(cell["witness"]) == {"x"} for cell in regions["cells"])
    assert regions["count"] == 1 + len(regions["edges"])  # a line is cut into a path


def test_an_exploration_never_claims_to_be_complete(run: Run, tmp_path: Path) -> None:
    path = shipped(tmp_path, DEEP)
    found = answer(run("cells", path, "--limit", 12, "--json"), code=3)
    assert found["complete"] is False
    assert found["count"] == len(found["cells"]) == 12


def test_the_forms_command_prints_blocks_and_facts(run: Run, tmp_path: Path) -> None:
    path = shipped(tmp_path, YUN)
    found = answer(run("forms", path, "--json"))
    assert len(found["cells"]) == 36
    for cell in found["cells"]:
        assert set(cell) >= {"signature", "blocks", "multilinear", "trace_zero", "hessian"}
        assert set(cell["hessian"]) == {"positive", "negative", "zero"}
        assert sum(cell["hessian"].values()) == 9
    one = answer(run("forms", path, "--cell", "++;++;++", "--json"))
    assert one["cells"][0]["blocks"]["r_3"].startswith("-1 + b2_1")
    deep = shipped(tmp_path, DEEP)
    at = answer(run("forms", deep, "--at", "start", "--json"))["cells"][0]
    assert at["hessian"] == {"positive": 3, "negative": 3, "zero": 5}
    assert at["blocks"]["phi_3"] == "1/2*b3_1 - 1/2*b3_2"


def test_an_empty_cell_is_answered_with_no_and_a_certificate(run: Run, tmp_path: Path) -> None:
    path = shipped(tmp_path, YUN)
    out = tmp_path / "empty.json"
    found = answer(run("forms", path, "--cell", "++;++;-+", "--json", "--certificate", out), code=1)
    assert found["cells"] == []
    assert found["empty"] == "++;++;-+"
    assert answer(run("check", out, "--json"))["accepted"] is True


def test_the_point_command_decides_yuns_counterexample(run: Run, tmp_path: Path) -> None:
    """Yun, Sra, Jadbabaie 2018, Theorem 7: loss 1/3, a spurious local minimum."""
    path, out = shipped(tmp_path, YUN), tmp_path / "certificate.json"
    found = answer(run("point", path, "--at", "bad", "--json", "--certificate", out))
    assert {
        "loss": "1/3", "signature": "++;++;++", "differentiable": "yes", "clarke_critical": "yes",
        "local_minimum": "yes", "local_maximum": "no", "global_minimum": "no", "kind": "sharp", "descent": None,
    }.items() <= found.items()  # fmt: skip
    checked = answer(run("check", out, "--json"))
    assert checked["accepted"] is True
    assert "reason" in checked
    plain = run("point", path, "--at", "bad")
    assert plain.returncode == 0
    assert "spurious" in plain.stdout


def test_a_descent_is_printed_for_a_point_that_is_no_minimum(run: Run, tmp_path: Path) -> None:
    path = shipped(tmp_path, FIGURE_4)
    found = answer(run("point", path, "--at", "worse-than-all-dead", "--json"))
    assert (found["loss"], found["local_minimum"], found["kind"]) == ("11/3", "no", None)
    assert mpq(found["descent"]["coefficient"]) < 0
    assert mpq(found["descent"]["better"]["loss"]) < mpq(11, 3)


def test_an_undecided_question_gives_exit_code_3(run: Run, tmp_path: Path) -> None:
    """Whether a dead point of a deep network is a global minimum is not known, as long as no better one is."""
    network = {"widths": [1, 1, 1, 1], "activation": "relu", "bias": [False, False, False]}
    dead = {"W1": [["-1"]], "W2": [["1"]], "W3": [["1"]]}
    problem = {
        "format": "exactrelu.problem/1", "network": network, "loss": {"kind": "squared"},
        "data": {"x": [["1"]], "y": ["1"]}, "points": {"dead": dead},
    }  # fmt: skip
    found = answer(run("point", written(tmp_path, problem), "--at", "dead", "--json"), code=3)
    assert "undecided" in found.values()
    assert found["undecided"]


def test_the_checker_rejects_a_false_certificate_and_names_a_malformed_one(run: Run, tmp_path: Path) -> None:
    path, out = shipped(tmp_path, YUN), tmp_path / "certificate.json"
    assert run("point", path, "--at", "bad", "--certificate", out).returncode == 0
    good = out.read_text()
    certificate = json.loads(good)
    certificate["loss"] = "1/4"
    false = run("check", written(tmp_path, certificate, "false.json"), "--json")
    assert false.returncode == 1
    assert json.loads(false.stdout)["accepted"] is False
    assert "1/3" in json.loads(false.stdout)["reason"] or "loss" in json.loads(false.stdout)["reason"]
    truncated = run("check", written(tmp_path, good[: len(good) // 2], "half.json"))
    assert truncated.returncode == 2
    assert truncated.stdout == ""
    assert truncated.stderr.count("\n") == 1
    assert "half.json" in truncated.stderr
    several = run("check", out, tmp_path / "false.json")
    assert several.returncode == 1
    assert several.stdout.count("\n") == 2
    piped = run("check", "-", stdin=good)
    assert piped.returncode == 0


def test_claims_are_listed_shown_and_run(run: Run, tmp_path: Path) -> None:
    listed = answer(run("claims", "--json"))["claims"]
    assert {"LvB-T1", "LvB-L1"} <= {claim["id"] for claim in listed}
    assert all(set(claim) >= {"id", "source", "status", "instances"} for claim in listed)
    one = answer(run("claims", "LvB-T1", shipped(tmp_path, NEURON), "--json"))["claims"]
    assert [claim["id"] for claim in one] == ["LvB-T1"]
    assert one[0]["status"] == "verified"
    assert_refused(run("claims", "no-such-claim"), "no-such-claim")


def test_claims_on_random_instances_give_the_problem_that_refutes(run: Run, tmp_path: Path) -> None:
    done = run("claims", "MLR-S1", "--random", "4", "--seed", "0", "--json")
    assert done.returncode == 1
    (claim,) = json.loads(done.stdout)["claims"]
    assert claim["status"] == "refuted" and len(claim["instances"]) == 4
    found = [line["problem"] for line in claim["instances"] if line["status"] == "refuted"]
    file = tmp_path / "found.json"
    file.write_text(json.dumps(found[0]))
    assert run("claims", "MLR-S1", str(file)).returncode == 1
    assert run("claims", "MLR-S1", "--random", "4", "--seed", "0", "--json").stdout == done.stdout
    shown = run("claims", "MLR-S1", "--random", "4").stdout
    assert '"format": "exactrelu.problem/1"' in shown
    assert_refused(run("claims", "MLR-S1", str(file), "--random", "2"), "--random")
    assert_refused(run("claims", "MLR-S1", "--random", "0"), "--random")


def test_claims_whose_budget_is_spent_are_undecided(run: Run, tmp_path: Path) -> None:
    done = run("claims", "--all", "--budget", "0.001", "--json")
    assert done.returncode == 3
    claims = json.loads(done.stdout)["claims"]
    assert len(claims) > 60 and any("budget" in line["detail"] for claim in claims for line in claim["instances"])


def test_all_claims_run_on_a_problem(run: Run, tmp_path: Path) -> None:
    file = shipped(tmp_path, "laurent-brecht-sharp-optimum")
    claims = {c["id"]: c["status"] for c in json.loads(run("claims", "--all", file, "--json").stdout)["claims"]}
    assert claims["LvB-F2"] == "refuted" and claims["LvB-T7i"] == "not applicable"


COMMANDS = {
    "arrangement": ["arrangement", "arrangement.json", "--json"],
    "cells": ["cells", f"{NEURON}.json", "--json"],
    "cells text": ["cells", f"{NEURON}.json"],
    "explored cells": ["cells", f"{DEEP}.json", "--json", "--limit", "6"],
    "regions": ["cells", f"{DEEP}.json", "--space", "input", "--at", "start", "--json"],
    "forms": ["forms", f"{LIU}.json", "--json"],
    "point": ["point", f"{YUN}.json", "--at", "bad", "--json"],
    "claims": ["claims", "LvB-T1", f"{NEURON}.json", "--json"],
    "example": ["example", YUN],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_same_input_gives_the_same_bytes(run: Run, tmp_path: Path, name: str) -> None:
    for problem in (NEURON, DEEP, LIU, YUN):
        shipped(tmp_path, problem)
    written(tmp_path, ARRANGEMENT, "arrangement.json")
    first = run(*COMMANDS[name])
    second = subprocess.run(
        [sys.executable, "-m", "exactrelu", *COMMANDS[name]], capture_output=True, cwd=tmp_path, check=False,
        text=True, env={**os.environ, "PYTHONHASHSEED": "12345", "COLUMNS": "40"},
    )  # fmt: skip
    assert first.stdout
    assert first.stdout == second.stdout
    assert first.returncode == second.returncode


def test_standard_input_takes_the_place_of_a_file(run: Run, tmp_path: Path) -> None:
    path = shipped(tmp_path, LIU)
    for command in (["cells"], ["forms"], ["point", "--at", "r4"]):
        piped = run(command[0], "-", *command[1:], "--json", stdin=path.read_text())
        assert piped.stdout == run(command[0], path, *command[1:], "--json").stdout
        assert piped.returncode == 0


# ---------------------------------------------------------------- outputs


def test_the_graph_of_the_cells_reloads(run: Run, tmp_path: Path) -> None:
    path = shipped(tmp_path, NEURON)
    cells = Problem.load(str(path)).cells()
    edges = {(i, j): list(units) for i, j, units in cells.edges()}
    assert run("cells", path, "--graph", "g.graphml").returncode == 0
    assert run("cells", path, "--graph", "g.json").returncode == 0
    from_xml = networkx.read_graphml(tmp_path / "g.graphml", node_type=int)
    from_json = networkx.node_link_graph(json.loads((tmp_path / "g.json").read_text()), edges="edges")
    for graph, units in ((from_xml, lambda u: list(map(int, u.split()))), (from_json, list)):
        assert [graph.nodes[k]["signature"] for k in range(len(cells))] == [cell.signature for cell in cells]
        assert {tuple(sorted((i, j))): units(u) for i, j, u in graph.edges(data="units")} == edges


def test_the_latex_of_the_forms_is_written(run: Run, tmp_path: Path) -> None:
    assert run("forms", shipped(tmp_path, LIU), "--latex", "forms.tex").returncode == 0
    text = (tmp_path / "forms.tex").read_text()
    assert text.startswith("\\documentclass")
    assert "\\end{document}" in text


@pytest.mark.parametrize(
    "arguments",
    [
        ["point", f"{YUN}.json", "--at", "bad", "--certificate"],
        ["cells", f"{YUN}.json", "--certificate"],
        ["cells", f"{YUN}.json", "--graph"],
        ["forms", f"{YUN}.json", "--latex"],
        ["forms", f"{YUN}.json", "--certificate"],
        ["arrangement", "arrangement.json", "--certificate"],
    ],
    ids=lambda a: f"{a[0]} {a[-1]}",
)
@pytest.mark.parametrize("out", ["missing/out.json", "folder.json"])
def test_an_output_that_cannot_be_written_is_refused_before_the_work(
    call: Run, tmp_path: Path, arguments: list[str], out: str
) -> None:
    shipped(tmp_path, YUN)
    written(tmp_path, ARRANGEMENT, "arrangement.json")
    (tmp_path / "folder.json").mkdir()
    before = sorted(tmp_path.rglob("*"))
    assert_refused(call(*arguments, out), out)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_graph_with_another_ending_is_refused(run: Run, tmp_path: Path) -> None:
    assert_refused(run("cells", shipped(tmp_path, YUN), "--graph", "g.dot"), "--graph", ".graphml")
    assert not (tmp_path / "g.dot").exists()


def test_an_existing_output_survives_bad_input(run: Run, tmp_path: Path) -> None:
    out = written(tmp_path, "precious", "out.json")
    assert_refused(run("point", written(tmp_path, "{"), "--at", "a", "--certificate", out))
    assert out.read_text() == "precious"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_standard_output_is_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:
        result = subprocess.run(
            [sys.executable, "-m", "exactrelu", "example"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


@pytest.mark.skipif(os.name != "posix", reason="a shell closes the standard streams")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_standard_streams_are_no_traceback(tmp_path: Path, closed: str) -> None:
    command = f'"{sys.executable}" -m exactrelu cells --count "{shipped(tmp_path, LIU)}" {closed}'
    result = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_closed_pipe_is_no_traceback(tmp_path: Path) -> None:
    path = shipped(tmp_path, NEURON)
    process = subprocess.Popen(
        [sys.executable, "-m", "exactrelu", "forms", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) in (0, 141)


# ---------------------------------------------------------------- bad input


def edited(**changes: Any) -> dict[str, Any]:
    """The three-point problem with some entries replaced: ``section__key=value``."""
    document: dict[str, Any] = json.loads(example_text(YUN))
    for path, value in changes.items():
        section, _, key = path.partition("__")
        place, last = (document[section], key) if key else (document, section)
        if value is None:
            del place[last]
        else:
            place[last] = value
    return document


BAD = {
    "malformed JSON": ('{"format": ', "line 1 column"),
    "empty file": ("", "line 1 column"),
    "wrong format tag": (edited(format="exactrelu.problem/9"), "format"),
    "unknown key": (edited(network__depth=3), "network.depth"),
    "missing key": (edited(data__y=None), "data.y"),
    "ragged matrix": (edited(data__x=[["1", "0"], ["0"], ["1", "1"]]), "data.x[1]"),
    "wrong shape": (edited(points={"bad": {"W1": [["1"]], "b1": ["0"], "W2": [["1"]], "b2": ["0"]}}), "points.bad.W1"),
    "label": (edited(loss={"kind": "hinge"}), "data.y[0]"),
    "one over zero": (edited(loss__factor="1/0"), "loss.factor"),
    "NaN": (json.dumps(edited()).replace('"1/2", "1/2"', 'NaN, "0"'), "data.x[2][0]"),
    "Infinity": (json.dumps(edited()).replace('"1/2", "1/2"', '-Infinity, "0"'), "data.x[2][0]"),
    "true": (edited(loss__factor=True), "loss.factor"),
    "zero weight": (edited(loss__weights=["1", "0", "1"]), "loss.weights[1]"),
    "negative weight": (edited(loss__weights=["1", "1", "-1"]), "loss.weights[2]"),
    "slope zero": (edited(network__activation={"slopes": ["0", "0"]}), "network.activation.slopes[0]"),
    "negative slope": (edited(network__activation={"slopes": ["-1", "0"]}), "network.activation.slopes[0]"),
    "width zero": (edited(network__widths=[2, 0, 1]), "network.widths[1]"),
    "no data": (edited(data={"x": [], "y": []}), "data.x"),
    "exponent bomb": (edited(loss__factor="1e999999999"), "loss.factor"),
    "nesting bomb": ("[" * 100_000, "nested"),
    "nesting bomb in a number": (
        json.dumps(edited()).replace('"1/2", "1/2"', "[" * 50_000 + "]" * 50_000 + ', "0"'), "nested",
    ),
    "no object": ("[1, 2]", "the document"),
    "a key twice": ('{"format": "a", "format": "b"}', "twice"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gives_exit_code_2_and_one_line_that_names_the_place(call: Run, tmp_path: Path, name: str) -> None:
    content, place = BAD[name]
    path = written(tmp_path, content)
    result = call("point", path, "--at", "bad", "--json", "--certificate", "out.json")
    assert_refused(result, place)
    assert sorted(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "name", ["malformed JSON", "label", "nesting bomb", "nesting bomb in a number", "exponent bomb"]
)
def test_bad_input_ends_a_process_without_a_traceback(run: Run, tmp_path: Path, name: str) -> None:
    content, place = BAD[name]
    path = written(tmp_path, content)
    assert_refused(run("point", path, "--at", "bad", "--json", "--certificate", "out.json"), place)
    assert_refused(run("point", "-", "--at", "bad", "--json", stdin=path.read_text()), place)
    assert sorted(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("command", [["cells"], ["cells", "--graph", "o.json"], ["forms", "--latex", "o.tex"]])
def test_every_command_refuses_bad_input_and_writes_nothing(call: Run, tmp_path: Path, command: list[str]) -> None:
    path = written(tmp_path, edited(loss__factor="1/0"))
    assert_refused(call(command[0], path, *command[1:], "--json"), "loss.factor")
    assert sorted(tmp_path.iterdir()) == [path]


BAD_ARRANGEMENTS = {
    "malformed JSON": ("{", "line 1 column"),
    "format": ({**ARRANGEMENT, "format": "exactrelu.problem/1"}, "format"),
    "unknown key": ({**ARRANGEMENT, "colours": []}, "colours"),
    "missing key": ({"format": "exactrelu.arrangement/1"}, "normals"),
    "ragged": ({**ARRANGEMENT, "normals": [["1", "0"], ["1"]]}, "normals[1]"),
    "number": ({**ARRANGEMENT, "normals": [["1", "1/0"]]}, "normals[0][1]"),
    "offsets": ({**ARRANGEMENT, "offsets": ["1"]}, "offsets"),
    "no list": ({**ARRANGEMENT, "normals": 3}, "normals"),
}


@pytest.mark.parametrize("name", BAD_ARRANGEMENTS)
def test_a_bad_arrangement_is_refused(call: Run, tmp_path: Path, name: str) -> None:
    content, place = BAD_ARRANGEMENTS[name]
    assert_refused(call("arrangement", written(tmp_path, content), "--json", "--certificate", "out.json"), place)
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        (["point", "FILE", "--at", "nowhere"], "nowhere"),
        (["point", "FILE"], "--at"),
        (["cells", "FILE", "--layer", "1", "--at", "nowhere"], "nowhere"),
        (["cells", "FILE", "--layer", "3", "--at", "bad"], "layer"),
        (["cells", "FILE", "--layer", "0", "--at", "bad"], "layer"),
        (["cells", "FILE", "--layer", "1"], "at"),
        (["cells", "FILE", "--layer", "one", "--at", "bad"], "--layer"),
        (["cells", "FILE", "--space", "input"], "at"),
        (["cells", "FILE", "--space", "output", "--at", "bad"], "--space"),
        (["cells", "FILE", "--budget", "-1"], "--budget"),
        (["cells", "FILE", "--budget", "soon"], "--budget"),
        (["cells", "FILE", "--budget", "nan"], "--budget"),
        (["cells", "FILE", "--limit", "0"], "--limit"),
        (["cells", "FILE", "--colour"], "--colour"),
        (["cells", "FILE", "FILE"], "unrecognized"),
        (["forms", "FILE", "--cell", "++;++"], "signature"),
        (["forms", "FILE", "--cell", "0+;++;++"], "signature"),
        (["forms", "FILE", "--at", "nowhere"], "nowhere"),
        (["cells", "missing.json"], "missing.json"),
        (["cells", "."], "."),
        (["forms"], "FILE"),
        (["example", "nothing"], "nothing"),
        (["check"], "CERTIFICATE"),
        (["check", "missing.json"], "missing.json"),
        (["check", "FILE"], "malformed"),
        (["teach"], "teach"),
        ([], "COMMAND"),
    ],
    ids=" ".join,
)
def test_a_usage_error_gives_exit_code_2_and_one_line(
    call: Run, tmp_path: Path, arguments: list[str], fragment: str
) -> None:
    path = str(shipped(tmp_path, YUN))
    assert_refused(call(*[path if a == "FILE" else a for a in arguments]), fragment)


def test_a_signature_may_begin_with_a_minus(run: Run, tmp_path: Path) -> None:
    result = run("forms", shipped(tmp_path, YUN), "--cell", "-+;-+;-+", "--json")
    assert answer(result)["cells"][0]["signature"] == "-+;-+;-+"


def test_a_signature_that_begins_with_a_minus_can_be_joined_to_its_option(run: Run, tmp_path: Path) -> None:
    found = answer(run("forms", shipped(tmp_path, YUN), "--cell=-+;-+;-+", "--json"))
    assert found["cells"][0]["signature"] == "-+;-+;-+"


@pytest.mark.parametrize("name", ["point", "loss", "key"])
def test_a_line_break_in_the_input_does_not_break_the_complaint(call: Run, tmp_path: Path, name: str) -> None:
    if name == "point":
        result = call("point", shipped(tmp_path, YUN), "--at", "a\nb")
    elif name == "loss":
        result = call("cells", written(tmp_path, edited(loss__kind="a\nb")))
    else:
        result = call("cells", written(tmp_path, {**edited(), "a\nb": 1}))
    assert_refused(result)


def test_a_lone_surrogate_in_a_name_is_no_traceback(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, json.dumps(edited()).replace(YUN, "\\ud800"))
    result = run("point", path, "--at", "bad", "--certificate", "out.json")
    assert "Traceback" not in result.stderr
    assert result.returncode in (0, 2)


def test_options_that_contradict_each_other_are_refused(run: Run, tmp_path: Path) -> None:
    path = shipped(tmp_path, YUN)
    assert_refused(run("cells", path, "--layer", 1, "--space", "input", "--at", "bad", "--count"))


@pytest.mark.parametrize("command", ["cells", "forms"])
def test_a_point_that_does_not_exist_is_refused_even_where_it_is_not_needed(
    call: Run, tmp_path: Path, command: str
) -> None:
    assert_refused(call(command, shipped(tmp_path, YUN), "--start", "nowhere", "--limit", 3), "nowhere")


def test_a_count_of_5000_digits_is_printed(run: Run, tmp_path: Path) -> None:
    result = run("cells", written(tmp_path, edited(network__widths=[2, 6500, 1], points={})), "--count")
    assert result.returncode == 0
    assert len(result.stdout) > 5000


def test_numbers_of_10000_digits_are_handled(run: Run, tmp_path: Path) -> None:
    long = "9" * 10_000 + "/" + "7" * 9_999
    path = written(tmp_path, edited(data__y=[long, "0", "1"]))
    out = tmp_path / "certificate.json"
    result = run("point", path, "--at", "bad", "--json", "--certificate", out)
    assert result.returncode in (0, 3), result.stderr
    assert len(json.loads(result.stdout)["loss"]) > 10_000
    assert answer(run("check", out, "--json"))["accepted"] is True
    other = written(tmp_path, edited(data__x=[[long, "0"], ["0", "1"], ["1", "1"]]))
    assert len(answer(run("cells", other, "--json"))["cells"]) == 64


def test_a_point_whose_numbers_have_3000_digits_keeps_its_budget(run: Run, tmp_path: Path) -> None:
    point = {"W1": [["9" * 3_000 + "/7", "1/4"], ["1/4", "1/4"]], "b1": ["0", "0"], "W2": [["2/3", "2/3"]], "b2": ["0"]}
    out = tmp_path / "certificate.json"
    result = run("point", written(tmp_path, edited(points={"long": point})), "--at", "long", "--json", "--budget", 60,
                 "--certificate", out)  # fmt: skip
    assert result.returncode == 0, result.stderr
    descent = json.loads(result.stdout)["descent"]["better"]
    assert len(descent["t"]) > 3_000
    assert answer(run("check", out, "--json"))["accepted"] is True


def test_a_number_that_is_too_long_for_the_checker_is_refused(call: Run, tmp_path: Path) -> None:
    assert_refused(call("cells", written(tmp_path, edited(data__y=["9" * 200_001, "0", "1"]))), "200000 characters")
    result = call("point", written(tmp_path, edited(data__y=["9" * 120_000, "0", "1"])), "--at", "bad")
    assert result.returncode == 3
    assert "beyond the limits of the checker" in result.stderr


def test_a_file_with_a_million_numbers_is_refused(run: Run, tmp_path: Path) -> None:
    row = ",".join(['"1/3"'] * 100)
    text = json.dumps(edited(data__x="HUGE")).replace('"HUGE"', f"[{','.join([f'[{row}]'] * 10_000)}]")
    assert_refused(run("cells", written(tmp_path, text)), "data.x[0]", "100 entries")


# ---------------------------------------------------------------- budgets and interruptions


@pytest.mark.parametrize("name", [YUN, FIGURE_4, NEURON])
@pytest.mark.parametrize("command", ["cells", "forms"])
def test_a_budget_of_zero_ends_with_exit_code_3(call: Run, tmp_path: Path, command: str, name: str) -> None:
    result = call(command, shipped(tmp_path, name), "--budget", 0, "--json")
    assert result.returncode == 3
    assert json.loads(result.stdout)["complete"] is False
    assert "Traceback" not in result.stderr


def test_a_short_budget_prints_what_is_known(run: Run, tmp_path: Path) -> None:
    path = shipped(tmp_path, FIGURE_4)
    problem = Problem.load(str(path))
    oracle = Oracle(problem)
    result = run("cells", path, "--budget", "0.3", "--json")
    assert result.returncode == 3
    found = json.loads(result.stdout)
    assert found["complete"] is False
    assert 0 < found["count"] == len(found["cells"])
    for cell in found["cells"][:20]:
        assert oracle.signature(problem.network.read(cell["witness"])) == cell["signature"]


def wide_hinge(neurons: int) -> dict[str, Any]:
    return {
        "format": "exactrelu.problem/1", "network": {"widths": [1, neurons, 1], "activation": "relu"},
        "loss": {"kind": "hinge"}, "data": {"x": [["1"], ["2"]], "y": ["1", "-1"]},
    }  # fmt: skip


def generous(neurons: int) -> dict[str, Any]:
    """A network with two wide hidden layers, every unit active."""
    return {
        "format": "exactrelu.problem/1", "network": {"widths": [2, neurons, neurons, 1], "activation": "relu"},
        "loss": {"kind": "squared"}, "data": {"x": [["1", "2"], ["3", "1"]], "y": ["0", "1"]},
        "points": {"a": {
            "W1": [["1", str(k)] for k in range(neurons)], "b1": ["1"] * neurons,
            "W2": [[str(1 + (i * k) % 5) for i in range(neurons)] for k in range(neurons)], "b2": ["1"] * neurons,
            "W3": [["1"] * neurons], "b3": ["0"],
        }},
    }  # fmt: skip


@pytest.mark.slow
def test_a_budget_holds_for_the_list_of_many_cells(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, edited(network__widths=[2, 6, 1], points={}))
    out = tmp_path / "cells.json"
    result = run("cells", path, "--budget", 1, "--json", "--graph", out)
    assert result.returncode == 3
    found = json.loads(result.stdout)
    assert found["complete"] is False
    assert found["count"] == len(found["cells"]) == len(json.loads(out.read_text())["nodes"]) < 8**6
    assert all(max(i, j) < found["count"] for i, j, _ in found["edges"])


def test_a_certificate_that_is_too_large_for_the_checker_is_refused_and_no_contradiction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("exactrelu.checker.TERMS", 1)
    assert main(["minimum", str(shipped(tmp_path, YUN))]) == 3
    assert "beyond the limits of the checker: it is too large to be expanded" in capsys.readouterr().err


@pytest.mark.parametrize("critical", [[], ["--critical"]])
def test_an_atlas_of_too_many_pieces_is_refused_within_its_budget(
    run: Run, tmp_path: Path, critical: list[str]
) -> None:
    path, out = written(tmp_path, edited(network__widths=[2, 12, 1], points={})), tmp_path / "atlas.json"
    result = run("atlas", path, *critical, "--json", "--certificate", out, timeout=60)
    assert result.returncode == 3
    assert json.loads(result.stdout)["complete"] is False
    assert "too many" in result.stderr
    assert not out.exists()


def test_a_claim_whose_budget_ended_within_its_instances_is_not_complete(run: Run) -> None:
    result = run("claims", "LvB-S1", "--random", 60, "--budget", 0.01, "--json")
    assert result.returncode == 3
    assert json.loads(result.stdout)["complete"] is False
    assert run("claims", "--budget", 0).returncode == 0


def test_a_point_says_whether_all_is_decided(run: Run, tmp_path: Path) -> None:
    path = shipped(tmp_path, "bias-free-two-hidden-layers")
    names = json.loads(path.read_text())["points"]
    for name in names:
        result = run("point", path, "--at", name, "--json")
        assert json.loads(result.stdout)["complete"] is (result.returncode == 0)


def test_a_budget_holds_for_many_neurons(run: Run, tmp_path: Path) -> None:
    result = run("cells", written(tmp_path, wide_hinge(24)), "--count", "--json", "--budget", 1, timeout=8)
    assert result.returncode == 3


@pytest.mark.slow
def test_a_budget_holds_for_a_point(run: Run, tmp_path: Path) -> None:
    result = run("point", written(tmp_path, generous(16)), "--at", "a", "--json", "--budget", 1, timeout=6)
    assert result.returncode in (0, 3)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("out", ["graph.json", "graph.graphml"])
def test_an_interruption_ends_cleanly_and_writes_nothing(tmp_path: Path, out: str) -> None:
    path = shipped(tmp_path, FIGURE_4)
    process = subprocess.Popen(
        [sys.executable, "-m", "exactrelu", "cells", path.name, "--json", "--graph", out], cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # if a shell has it ignored
    )  # fmt: skip
    time.sleep(3)
    assert process.poll() is None, "the run ended before it could be interrupted"
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == 3
    assert "Traceback" not in stderr
    assert stderr.count("\n") == 1
    assert json.loads(stdout)["complete"] is False
    assert sorted(tmp_path.iterdir()) == [path]


def test_chambers_without_end_are_refused_before_memory_runs_out(run: Run, tmp_path: Path) -> None:
    cube = [[str(int(i == j)) for j in range(40)] for i in range(40)]
    path = written(tmp_path, {**ARRANGEMENT, "normals": cube})
    result = run("arrangement", path, "--json", "--budget", 10)
    assert result.returncode == 3
    assert json.loads(result.stdout)["complete"] is False


@pytest.mark.slow
def test_a_budget_holds_for_counting_the_chambers_of_a_cube(run: Run, tmp_path: Path) -> None:
    cube = [[str(int(i == j)) for j in range(40)] for i in range(40)]
    path = written(tmp_path, {**ARRANGEMENT, "normals": cube})
    result = run("arrangement", path, "--count", "--json", "--budget", 2, timeout=20)
    assert result.returncode in (0, 3)


def test_too_many_cells_are_counted_but_not_listed(call: Run, tmp_path: Path) -> None:
    path = written(tmp_path, edited(network__widths=[2, 9, 1], points={}))
    assert answer(call("cells", path, "--count", "--json")) == {"count": 6**9, "complete": True}
    for command in ("cells", "forms"):
        result = call(command, path, "--json")
        assert result.returncode == 3
        assert json.loads(result.stdout)["complete"] is False
        assert str(6**9) in result.stderr


# ---------------------------------------------------------------- help


HEAVY = ("sympy", "numpy", "flint", "networkx", "gmpy2", "matplotlib", "jinja2", "tqdm", "shtab")
LIGHT = [
    ["--help"],
    ["--version"],
    ["cells", "--help"],
    ["example"],
    ["example", YUN],
    ["nonsense"],
    ["check", "c.json"],
]


def heavy_imports(arguments: list[str]) -> str:
    """What a command prints, and in the last line which of these modules it imported."""
    code = (
        "import sys\nfrom exactrelu.cli import main\n"
        f"try: main({arguments!r})\nexcept SystemExit: pass\n"
        f"print('IMPORTED', [m for m in {HEAVY!r} if m in sys.modules])"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("arguments", LIGHT, ids=" ".join)
def test_help_imports_nothing_heavy(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Problem.example(LIU).at("r1").certificate().write("c.json")
    output = heavy_imports(arguments)
    assert output.endswith("IMPORTED []\n")
    assert arguments[0] != "check" or "c.json: accepted" in output


def test_the_point_command_imports_what_it_needs_only(tmp_path: Path) -> None:
    output = heavy_imports(["point", str(shipped(tmp_path, YUN)), "--at", "bad"])
    assert output.endswith("IMPORTED ['numpy', 'flint', 'gmpy2']\n")


def test_help_teaches_a_first_session_and_the_exit_codes(call: Run) -> None:
    text = call("--help").stdout
    for word in (
        "example",
        "arrangement",
        "cells",
        "forms",
        "point",
        "claims",
        "check",
        "exit codes",
        "a first session",
    ):
        assert word in text
    for command in ("example", "arrangement", "cells", "forms", "point", "claims", "check"):
        page = call(command, "--help")
        assert page.returncode == 0
        for option in ("--json", "--quiet", "--budget"):
            assert option in page.stdout


def test_the_first_session_of_the_help_runs(run: Run, tmp_path: Path) -> None:
    """The lines of ``exactrelu --help``, run as they are printed."""
    lines = [line.split("  ") for line in run("--help").stdout.splitlines() if line.startswith("  exactrelu ")]
    commands = [next(part for part in line if part.startswith("exactrelu")) for line in lines]
    assert len(commands) >= 5
    for command in commands:
        words, _, target = command.strip().partition(" > ")
        result = run(*words.split()[1:])
        assert result.returncode == 0, command
        if target:
            (tmp_path / target).write_text(result.stdout)
