"""What a command takes to start: processor time, the best of several runs, and as a multiple of a bare Python.

    python benchmarks/startup.py [RUNS]

The runs of all commands alternate, on a busy machine too; modules are compiled before the first, as by an installation.
`-X importtime` finds what is imported.
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from exactrelu import example

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 15
BARE = "python -c pass"
COMMANDS = (
    "--version", "--help", "cells --help", "example", "example yun2018-three-point", "check c.json",
    "point yun.json --at bad", "cells yun.json --count", "claims",
)  # fmt: skip


def seconds(words, folder):
    """The processor time of one run."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(folder, "compiled"))}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], cwd=folder, env=environment, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    lines = {BARE: ["-c", "pass"], **{f"exactrelu {c}": ["-m", "exactrelu", *c.split()] for c in COMMANDS}}
    best = dict.fromkeys(lines, float("inf"))
    with tempfile.TemporaryDirectory() as folder:
        problem = example("yun2018-three-point")
        Path(folder, "yun.json").write_text(problem.dumps(), encoding="utf-8")
        problem.at("bad").certificate().write(str(Path(folder, "c.json")))
        for run in range(RUNS + 1):
            for line, words in lines.items():
                taken = seconds(words, folder)
                best[line] = min(best[line], taken) if run else best[line]
    print("| command | milliseconds | times a bare Python |\n|---|---:|---:|")
    for line, value in best.items():
        print(f"| `{line}` | {1000 * value:.0f} | {value / best[BARE]:.1f} |")


if __name__ == "__main__":
    main()
