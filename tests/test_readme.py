"""The README holds: its Python sessions, and its console sessions line by line."""

import doctest
from pathlib import Path

from sessions import console_sessions, shell

README = Path(__file__).parent.parent / "README.md"


def test_the_python_sessions_of_the_readme_hold():
    failed, attempted = doctest.testfile(str(README), module_relative=False)
    assert attempted > 5 and failed == 0


def test_the_console_sessions_of_the_readme_hold(tmp_path):
    run = shell(tmp_path)
    steps = console_sessions(README)
    assert len(steps) > 5
    for command, expected in steps:
        assert run(command) == expected, command
