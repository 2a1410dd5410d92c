"""Proofs that narrate and check themselves: the steps of the files in ``proofs/``, and their conversion to notebooks.

A proof file is plain Python in the percent format: cells begin with ``# %%``, text cells with ``# %% [markdown]``.
It runs as a script, under pytest, and as a notebook.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from exactrelu.certificate import Certificate
from exactrelu.checker import check
from exactrelu.errors import InternalContradiction
from exactrelu.jsonfile import write_whole


def step(label: str, formula: str, checked: bool) -> None:
    """A step that the machine checked: prints it, or raises `InternalContradiction` when the check failed.

    >>> step("trace", "1 - 1 = 0", 1 - 1 == 0)
    [checked]  trace: 1 - 1 = 0
    """
    if checked is not True:
        raise InternalContradiction(f"the step fails: {label}: {formula}")
    print(f"[checked]  {label}: {formula}")


def argument(label: str, text: str) -> None:
    """A step that is prose: the machine has not checked it, the reader should.

    >>> argument("maximum principle", "a harmonic function without ...")
    [argument] maximum principle: a harmonic function without ...
    """
    print(f"[argument] {label}: {text}")


def certified(label: str, certificate: Certificate) -> None:
    """A step proved by a certificate, which the independent checker must accept."""
    verdict = check(json.loads(certificate.dumps()))
    if not verdict.accepted:
        raise InternalContradiction(f"the checker rejects the certificate of {label}: {verdict.reason}")
    print(f"[checked]  {label}: certificate {certificate.digest[:12]} accepted by the checker")


def notebook(source: str) -> dict[str, Any]:
    """The notebook (format 4) of a proof file's text.

    >>> [cell["cell_type"] for cell in notebook("# %% [markdown]\\n# # Title\\n\\n# %%\\nx = 1\\n")["cells"]]
    ['markdown', 'code']
    """
    cells: list[dict[str, Any]] = []
    for block in ("\n" + source).split("\n# %%")[1:]:
        head, _, body = block.partition("\n")
        text = body.strip("\n")
        if "[markdown]" in head:
            lines = [line.removeprefix("#").removeprefix(" ") for line in text.splitlines()]
            cells.append({"cell_type": "markdown", "metadata": {}, "source": "\n".join(lines)})
        else:
            empty: dict[str, Any] = {"execution_count": None, "metadata": {}, "outputs": []}
            cells.append({"cell_type": "code", "source": text, **empty})
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 4}


def main(arguments: Sequence[str]) -> int:
    """``python -m exactrelu.narration PROOF.py OUT.ipynb`` writes the notebook of a proof file."""
    if len(arguments) != 2:
        print("usage: python -m exactrelu.narration PROOF.py OUT.ipynb", file=sys.stderr)
        return 2
    write_whole(arguments[1], json.dumps(notebook(Path(arguments[0]).read_text(encoding="utf-8")), indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
