"""``check --lines``: the lines of the checker that a verdict rests on."""

import json
from pathlib import Path
from typing import Any

import pytest

from exactrelu import Problem, checker
from exactrelu.cli import main
from exactrelu.reading import traced


def test_the_counterexample_of_yun_is_read_in_about_400_lines() -> None:
    verdict, lines = traced(Problem.example("yun2018-three-point").at("bad").certificate())
    assert verdict.accepted and "spurious" in verdict.reason
    assert 200 < len(lines) < 420


def test_the_lines_are_those_of_the_file_and_have_all_statements_that_ran() -> None:
    source = Path(checker.__file__).read_text().splitlines()
    verdict, lines = traced(Problem.example("liu-two-samples").minimum().certificate())
    assert verdict.accepted and all(source[n - 1] == text for n, text in lines)
    headers = [text for _, text in lines if text.lstrip().startswith("def ")]
    assert any("def verify_bound" in text for text in headers)
    assert not any("def check_facts" in text for text in headers)
    assert any(text.strip() == "raise Rejected(reason)" for _, text in lines)


def test_a_rejected_certificate_has_its_lines_too() -> None:
    certificate = json.loads(Problem.example("liu-two-samples").minimum().certificate().dumps())
    verdict, lines = traced({**certificate, "upper": "-1"})
    assert not verdict.accepted and lines
    with pytest.raises(checker.Malformed):
        traced({**certificate, "kind": "nothing"})


def test_the_command_prints_the_lines_after_the_verdict(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "c.json"
    path.write_text(Problem.example("yun2018-three-point").at("bad").certificate().dumps())
    assert main(["check", str(path), "--lines"]) == 0
    first, count, *rest = capsys.readouterr().out.splitlines()
    assert "accepted" in first and count == f"{len(rest)} lines of exactrelu.checker:"
    assert main(["check", str(path), "--lines", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["accepted"] and found["lines"] == [int(line.split()[0]) for line in rest]
