"""A shell completes commands, options, and the names of problems, claims and files; help shows examples that run."""

import argparse
import json
import os
import subprocess
import sys

import numpy
import pytest

from exactrelu.cli import main, parser
from exactrelu.completion_command import SHELLS
from exactrelu.examples import names
from exactrelu.theorems.catalogue import CLAIMS
from exactrelu.usage import EXAMPLES

COMPLETE = """
source "$1"
COMP_WORDS=("${@:2}"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_shtab_exactrelu && printf '%s\\n' "${COMPREPLY[@]}"
"""


def commands():
    """The parsers of all commands by name."""
    action = next(a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    return action.choices


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    path = tmp_path_factory.mktemp("completion") / "exactrelu.bash"
    done = subprocess.run([sys.executable, "-m", "exactrelu", "completion", "bash"], capture_output=True, check=True)
    path.write_bytes(done.stdout)
    return path


def completed(script, folder, *words):
    """What a real bash offers for the last of the words."""
    done = subprocess.run(
        ["bash", "--norc", "-c", COMPLETE, "bash", str(script), *words], capture_output=True, text=True, cwd=folder
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_bash_completes_the_commands(script, tmp_path):
    assert set(completed(script, tmp_path, "exactrelu", "")) == set(commands())
    assert completed(script, tmp_path, "exactrelu", "arr") == ["arrangement"]


def test_bash_completes_the_options_of_each_command(script, tmp_path):
    for name, sub in commands().items():
        offered = completed(script, tmp_path, "exactrelu", name, "--")
        known = {option for action in sub._actions for option in action.option_strings if option.startswith("--")}
        assert set(offered) == known, name


def test_bash_completes_the_shipped_problems(script, tmp_path):
    assert completed(script, tmp_path, "exactrelu", "example", "") == list(names())
    assert completed(script, tmp_path, "exactrelu", "example", "yun2018-three-point-") == [
        name for name in names() if name.startswith("yun2018-three-point-")
    ]


def test_bash_completes_claims_with_their_parentheses_quoted(script, tmp_path):
    offered = completed(script, tmp_path, "exactrelu", "claims", "")
    assert [word.replace("\\", "") for word in offered] == list(CLAIMS)
    assert completed(script, tmp_path, "exactrelu", "claims", "LvB-T7") == ["LvB-T7i", "LvB-T7ii"]
    assert r"LIU-\(13\)" in completed(script, tmp_path, "exactrelu", "claims", r"LIU-\(1")


def test_bash_completes_files_and_choices(script, tmp_path):
    (tmp_path / "yun.json").touch()
    (tmp_path / "yun-certificate.json").touch()
    assert set(completed(script, tmp_path, "exactrelu", "point", "yu")) == {"yun.json", "yun-certificate.json"}
    assert completed(script, tmp_path, "exactrelu", "check", "yun.json", "yun-") == ["yun-certificate.json"]
    assert completed(script, tmp_path, "exactrelu", "cells", "yun.json", "--certificate", "yun-") == [
        "yun-certificate.json"
    ]
    assert completed(script, tmp_path, "exactrelu", "completion", "") == list(SHELLS)


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_of_each_shell_names_commands_problems_and_claims(shell, capsys):
    assert main(["completion", shell]) == 0
    text = capsys.readouterr().out
    assert "yun2018-three-point" in text and "LvB-T1" in text and "--certificate" in text


def test_without_shtab_completion_is_refused_by_name(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "bash"]) == 3
    said = capsys.readouterr()
    assert said.out == "" and 'pip install "exactrelu[completion]"' in said.err and said.err.count("\n") == 1


def test_every_command_has_an_example_in_its_help(capsys):
    for name, sub in commands().items():
        assert EXAMPLES[name] and all(line.split()[0] in ("exactrelu", "eval") for line in EXAMPLES[name])
        page = sub.format_help()
        assert all(f"  {line}\n" in page for line in EXAMPLES[name])
        assert all(action.help for action in sub._actions), name


@pytest.mark.slow
def test_the_examples_of_the_help_run(tmp_path):
    """In one folder, in order, with the files that they speak of."""
    floats = {"W1": [[0.25, 0.2500001]] * 2, "b1": [0.0, 0.0], "W2": [[0.667, 0.666]], "b2": [0.0]}
    numpy.savez(tmp_path / "net.npz", **{name: numpy.array(value) for name, value in floats.items()})
    planes = {"format": "exactrelu.arrangement/1", "normals": [[1, 0], [0, 1], [1, 1]]}
    (tmp_path / "planes.json").write_text(json.dumps(planes))
    launcher = tmp_path / "bin" / "exactrelu"
    launcher.parent.mkdir()
    launcher.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m exactrelu "$@"\n')
    launcher.chmod(0o755)
    environment = {**os.environ, "PATH": f"{launcher.parent}{os.pathsep}{os.environ['PATH']}"}
    lines = ["exactrelu example liu-two-samples > liu.json", *(line for name in commands() for line in EXAMPLES[name])]
    for line in lines:
        done = subprocess.run(["bash", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0 and done.stderr == "", f"{line}: {done.stderr}"
    for name in ("c.json", "cells.graphml", "forms.tex", "pieces.graphml", "yun.tex"):
        assert (tmp_path / name).stat().st_size > 0


def test_the_script_is_one_json_document_if_asked_for(capsys):
    assert main(["completion", "bash", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["shell"] == "bash"
    assert "exactrelu" in document["script"]
