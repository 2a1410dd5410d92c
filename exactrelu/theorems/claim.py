"""A claim of a paper: its statement, and a procedure that decides it on an instance.

A claim is `verified` on an instance only when the independent checker has accepted a certificate for it. When its
hypotheses do not hold on the instance it is `not applicable`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from exactrelu.cells import Cell
from exactrelu.certificate import Certificate
from exactrelu.checker import check
from exactrelu.errors import InternalContradiction
from exactrelu.landscape import Problem, forms_certificate

Tick = Callable[[], None]
SAMPLE = 64


@dataclass(frozen=True)
class Outcome:
    """What became of a claim on one instance: ``verified``, ``refuted``, ``undecided`` or ``not applicable``."""

    status: str
    detail: str
    certificates: tuple[Certificate, ...] = ()


@dataclass(frozen=True)
class Claim:
    """A claim: ``id`` as in the catalogue, where it stands, what it says, how it is decided, on what by default.

    ``erratum`` says what is wrong with a claim that fails as printed, and what holds instead.
    """

    id: str
    source: str
    statement: str
    procedure: Callable[[Problem, Tick], Outcome]
    instances: tuple[str, ...]
    erratum: str = field(default="")

    def run(self, problem: Problem, tick: Tick) -> Outcome:
        """Decide the claim on a problem; every certificate goes through the checker before anything is said."""
        outcome = self.procedure(problem, tick)
        for certificate in outcome.certificates:
            verdict = check(certificate)
            if not verdict.accepted:
                raise InternalContradiction(f"{self.id}: the checker rejects a certificate: {verdict.reason}")
        return outcome


def not_applicable(why: str) -> Outcome:
    """The outcome when a hypothesis fails."""
    return Outcome("not applicable", why)


def on_all_cells(problem: Problem, tick: Tick, holds: Callable[[Cell], bool], what: str) -> Outcome:
    """Decide a property of every cell: verified on all, refuted on one, undecided where not all cells are known."""
    cells = problem.cells(tick=tick, limit=SAMPLE)
    for cell in cells:
        tick()
        if not holds(cell):
            return Outcome("refuted", f"not so on {cell.signature}: {what}", (forms_certificate(problem, [cell]),))
    certificates = (forms_certificate(problem, cells),)
    if cells.complete:
        return Outcome("verified", f"{what} on all {len(cells)} cells", certificates)
    return Outcome("undecided", f"{what} on the {len(cells)} cells explored; there may be more", certificates)
