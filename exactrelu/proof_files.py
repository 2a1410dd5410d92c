"""The proof files: which there are, what their headers say, and which claims they tell.

They lie in ``proofs/`` at the top of the repository; an installed package carries a copy in ``exactrelu/data/proofs``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from exactrelu.narration import notebook
from exactrelu.theorems.claim import Claim

PARTS = ("Claims", "Source", "Statement", "Idea", "What would falsify it")
"""What the first cell of a proof file has to say, each as a paragraph that begins with ``**Part.**``."""


@dataclass(frozen=True)
class ProofFile:
    """A proof file: its ``name`` below ``proofs/``, its ``header`` (the first cell) and the claims it names."""

    name: str
    header: str
    claims: tuple[str, ...]

    @property
    def is_erratum(self) -> bool:
        """Whether it refutes a claim as printed."""
        return self.name.startswith("errata/")

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts that the header lacks."""
        return tuple(part for part in PARTS if f"\n\n**{part}.** " not in self.header)


def read_proof(name: str, text: str) -> ProofFile:
    """The proof file with a given text.

    >>> read_proof("a.py", "# %% [markdown]\\n# # Title\\n#\\n# **Claims.** `LvB-T1`, `MLR-T1i`\\n").claims
    ('LvB-T1', 'MLR-T1i')
    """
    cells = notebook(text)["cells"]
    header = cells[0]["source"] if cells and cells[0]["cell_type"] == "markdown" else ""
    found = re.search(r"^\*\*Claims\.\*\* (.*?)(?:\n\n|\Z)", header, re.MULTILINE | re.DOTALL)
    return ProofFile(name, header, tuple(re.findall(r"`([^`]+)`", found.group(1))) if found else ())


@cache
def proof_files() -> tuple[ProofFile, ...]:
    """All proof files in the order of their names, those in ``errata/`` last; none where they were not installed."""
    package = Path(__file__).parent
    for folder in (package / "data" / "proofs", package.parent / "proofs"):
        if folder.is_dir():
            paths = [*sorted(folder.glob("*.py")), *sorted(folder.glob("errata/*.py"))]
            return tuple(read_proof(p.relative_to(folder).as_posix(), p.read_text(encoding="utf-8")) for p in paths)
    return ()


def proofs_of(claim: str) -> tuple[ProofFile, ...]:
    """The proof files that tell a claim.

    >>> [proof.name for proof in proofs_of("LvB-T1")][:1]
    ['laurent_von_brecht_theorem_1.py']
    """
    return tuple(proof for proof in proof_files() if claim in proof.claims)


def errata_table(claims: Iterable[Claim]) -> str:
    """The claims that fail as printed: a Markdown table with what they say, what is wrong, and where it is shown."""
    rows = ["| claim | as printed | what is wrong, and what holds | counterexample |", "|---|---|---|---|"]
    for claim in claims:
        if claim.erratum:
            shown = [f"[`{p.name}`](proofs/{p.name})" for p in proofs_of(claim.id) if p.is_erratum]
            statement = f"{claim.statement} ({claim.source})"
            cells = (f"`{claim.id}`", statement, claim.erratum, ", ".join(shown))
            rows.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"
