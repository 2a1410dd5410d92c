"""Proofs that narrate and check themselves: the steps of the files in ``proofs/``, and their conversion to notebooks.

A proof file is plain Python in the percent format: cells begin with ``# %%``, text cells with ``# %% [markdown]``.
It runs as a script, under pytest, and as a notebook.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from exactrelu import checker
from exactrelu.certificate import Certificate
from exactrelu.errors import InternalContradiction
from exactrelu.facts import facts
from exactrelu.jsonfile import write_whole
from exactrelu.landscape import Problem
from exactrelu.theorems import catalogue


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


def fact(
    label: str,
    formula: str,
    relations: Sequence[str],
    problem: Problem | None = None,
    definitions: Mapping[str, str] | None = None,
    variables: Sequence[str] = (),
) -> None:
    """A step that the independent checker verified by itself: the relations are a certificate of the kind ``facts``.

    >>> fact("square", "(a + b)^2 for all a, b", ["(a + b)**2 == a*a + 2*a*b + b*b"], variables=("a", "b"))
    [checked]  square: (a + b)^2 for all a, b; accepted: 77f1e0406086
    """
    certificate = facts(problem, formula, relations, definitions, variables)
    _accept(label, certificate)
    print(f"[checked]  {label}: {formula}; accepted: {certificate.digest[:12]}")


def certified(label: str, certificate: Certificate) -> None:
    """A step proved by a certificate: it is written to a file, and the independent checker must accept the file."""
    _accept(label, certificate)
    print(f"[checked]  {label}: certificate {certificate.digest[:12]} written, and accepted by the checker")


def _accept(label: str, certificate: Certificate) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "certificate.json"))
        certificate.write(path)
        verdict = checker.check(checker.load(path))
    if not verdict.accepted:
        raise InternalContradiction(f"the checker rejects the certificate of {label}: {verdict.reason}")


def decided(claim: str, status: str, problem: Problem | str) -> None:
    """A step that is a claim of the catalogue, decided on a problem (or a shipped one, by name) as expected.

    Every certificate is written to a file, which the independent checker must accept.

    >>> decided("LvB-T2", "verified", "laurent-brecht-unbalanced-leaky")  # doctest: +ELLIPSIS
    [checked]  LvB-T2 on laurent-brecht-unbalanced-leaky: verified, "vanishing": ...
    """
    here = Problem.example(problem) if isinstance(problem, str) else problem
    found = catalogue.CLAIMS[claim].run(here, lambda: None)
    label = f"{claim} on {here.name or 'the problem'}"
    if found.status != status:
        raise InternalContradiction(f"the step fails: {label} is {found.status}, not {status}: {found.detail}")
    for certificate in found.certificates:
        _accept(label, certificate)
    names = [certificate.digest[:12] for certificate in found.certificates]
    shown = f"accepted: {', '.join(names)}" if len(names) < 3 else f"{len(names)} certificates accepted: {names[0]}, .."
    print(f"[checked]  {label}: {status}, {found.detail}{f'; {shown}' if names else ''}")


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
