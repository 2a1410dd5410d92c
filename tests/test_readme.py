"""The README holds: its Python sessions, and its console sessions line by line."""

import doctest
import os
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


def console_sessions():
    """The pairs (command, expected output) of all console blocks, in order."""
    steps, inside = [], False
    for line in README.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            inside = line == "```console"
        elif inside and line.startswith("$ "):
            steps.append((line[2:], []))
        elif inside:
            steps[-1][1].append(line)
    return steps


def test_the_python_sessions_of_the_readme_hold():
    failed, attempted = doctest.testfile(str(README), module_relative=False)
    assert attempted > 5 and failed == 0


def test_the_console_sessions_of_the_readme_hold(tmp_path):
    launcher = tmp_path / "bin"
    launcher.mkdir()
    script = launcher / "exactrelu"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m exactrelu "$@"\n')
    script.chmod(0o755)
    environment = {**os.environ, "PATH": f"{launcher}{os.pathsep}{os.environ['PATH']}"}
    steps = console_sessions()
    assert len(steps) > 5
    for command, expected in steps:
        done = subprocess.run(command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.stderr == "", command
        assert done.stdout.splitlines() == expected, command
