"""The console sessions of a page: the commands behind ``$``, with what they print; lines behind ``>`` continue them."""

import os
import subprocess
import sys
from pathlib import Path


def console_sessions(page):
    """The pairs (command, expected output) of all console blocks of a Markdown file, in order."""
    steps, inside = [], False
    for line in Path(page).read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            inside = line == "```console"
        elif inside and line.startswith("$ "):
            steps.append((line[2:], []))
        elif inside and line.startswith("> ") and not steps[-1][1]:
            steps[-1] = (f"{steps[-1][0]}\n{line[2:]}", [])
        elif inside:
            steps[-1][1].append(line)
    return steps


def shell(folder):
    """A function that runs a command line in a folder as a reader would, with this Python and this exactrelu."""
    launcher = Path(folder, ".bin")
    launcher.mkdir()
    for name, command in (("exactrelu", "-m exactrelu"), ("python3", ""), ("python", "")):
        script = launcher / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {command} "$@"\n')
        script.chmod(0o755)
    environment = {**os.environ, "PATH": f"{launcher}{os.pathsep}{os.environ['PATH']}"}

    def run(command):
        return subprocess.run(
            ["bash", "-c", command], cwd=folder, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        ).stdout.splitlines()  # fmt: skip

    return run
