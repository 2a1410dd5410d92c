"""A claim of a paper: its statement, and a procedure that decides it on an instance.

A claim is ``verified`` on an instance only when the independent checker has accepted a certificate for it. When its
hypotheses do not hold on the instance it is ``not applicable``. Most claims are implications about points or cells:
they are decided at every named point, or on every cell that is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from exactrelu.cells import Cell
from exactrelu.certificate import Certificate, Decision, demand_accepted
from exactrelu.errors import InternalContradiction
from exactrelu.landscape import Problem, forms_certificate
from exactrelu.point import Point

Tick = Callable[[], None]
SAMPLE = 64
YES, NO, UNDECIDED = "yes", "no", "undecided"


@dataclass(frozen=True)
class Outcome:
    """What became of a claim on one instance: ``verified``, ``refuted``, ``undecided`` or ``not applicable``.

    ``problem`` is the instance itself where it is not a file that the reader has.
    """

    status: str
    detail: str
    certificates: tuple[Certificate, ...] = ()
    problem: Problem | None = None

    def __repr__(self) -> str:
        return f"Outcome({self.status}: {self.detail})"


@dataclass(frozen=True)
class Fact:
    """The answer ``yes``, ``no`` or ``undecided`` to a question, in words, with the certificates that prove it."""

    answer: str
    words: str
    certificates: tuple[Certificate, ...] = ()

    @classmethod
    def of(cls, decision: Decision) -> Fact:
        """The fact that a decision about a point states; for the kind of a minimum use ``kind``."""
        question = decision.question.replace("_", " ")
        if decision.answer == UNDECIDED:
            return cls(UNDECIDED, f"{question} undecided: {decision.reason}")
        proof = (decision.certificate,) if decision.certificate else ()
        return cls(decision.answer or NO, f"{'not ' if decision.answer == NO else ''}{question}", proof)

    @property
    def negated(self) -> Fact:
        """The answer to the opposite question, in the same words, by the same certificates."""
        return replace(self, answer={YES: NO, NO: YES}.get(self.answer, UNDECIDED))


@dataclass(frozen=True)
class Claim:
    """A claim: ``id`` as in the catalogue, where it stands, what it says, how it is decided, on what by default.

    ``erratum`` says what is wrong with a claim that fails as printed, and what holds instead. ``family`` names the
    random instances on which the claim may be tried (`exactrelu.theorems.random_instances`).
    """

    id: str
    source: str
    statement: str
    procedure: Callable[[Problem, Tick], Outcome]
    instances: tuple[str, ...]
    erratum: str = field(default="")
    family: str = field(default="any")

    def __repr__(self) -> str:
        return f"Claim({self.id}: {self.statement})"

    def run(self, problem: Problem, tick: Tick) -> Outcome:
        """Decide the claim on a problem; every certificate goes through the checker before anything is said."""
        outcome = self.procedure(problem, tick)
        for certificate in outcome.certificates:
            demand_accepted(certificate, f"{self.id}: ")
        if outcome.status in ("verified", "refuted") and not outcome.certificates:
            raise InternalContradiction(f"{self.id}: {outcome.status} without a certificate")
        return outcome


def not_applicable(why: str) -> Outcome:
    """The outcome when a hypothesis fails."""
    return Outcome("not applicable", why)


def seen(point: Point) -> tuple[Certificate, ...]:
    """The certificate of the loss and the signature at a point, and nothing else."""
    proof = {"point": point.instance.network.write(point.parameters), "loss": str(point.loss)}
    proof.update(signature=point.signature, decisions={})
    statement = f"The loss at the point is {point.loss}, and the signature is as given."
    return (Certificate("point", point.instance.to_dict(), statement, proof),)


def undecidable(why: str) -> Callable[[Problem, Tick], Outcome]:
    """The procedure of a claim that no instance can decide."""
    return lambda problem, tick: Outcome(UNDECIDED, why)


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


def on_all_points(problem: Problem, tick: Tick, judge: Callable[[Point], Outcome]) -> Outcome:
    """Decide a claim at every named point: refuted at one, else undecided at one, else verified at one or more."""
    if not problem.points:
        return not_applicable("the problem names no points")
    return joint([(f'"{name}"', judge(problem.at(name, tick))) for name in problem.points])


def joint(outcomes: Iterable[tuple[str, Outcome]]) -> Outcome:
    """One outcome for those of several places: the gravest of refuted, undecided, verified, with its details."""
    listed = list(outcomes)
    for status in ("refuted", UNDECIDED, "verified", "not applicable"):
        found = [(place, outcome) for place, outcome in listed if outcome.status == status]
        if found:
            detail = "; ".join(f"{place}: {outcome.detail}" for place, outcome in found)
            proofs = tuple(
                proof for _, outcome in listed if outcome.status == "verified" for proof in outcome.certificates
            )
            own = tuple(proof for _, outcome in found for proof in outcome.certificates)
            return Outcome(status, detail, own if status in ("refuted", "verified") else proofs)
    return not_applicable("there is nothing to look at")


def implication(premises: Iterable[Callable[[], Fact]], conclusion: Callable[[], Fact]) -> Outcome:
    """Decide "if all premises, then the conclusion" at one place.

    A false conclusion is looked at too: with a false premise it verifies the contrapositive. Where the conclusion holds
    and a premise does not (or is undecided) nothing is verified, and the claim is not applicable.
    """
    proofs: tuple[Certificate, ...] = ()
    words: list[str] = []
    open_premise = ""
    end = conclusion()
    for premise in premises:
        fact = premise()
        if fact.answer == NO:
            if end.answer == NO:
                detail = f"{end.words}, and {fact.words}"
                return Outcome("verified", detail, (*fact.certificates, *end.certificates))
            return not_applicable(fact.words)
        if fact.answer == UNDECIDED:
            open_premise = open_premise or fact.words
        proofs, words = (*proofs, *fact.certificates), [*words, fact.words]
    if open_premise:
        if end.answer == YES:
            return not_applicable(f"{end.words} in any case; {open_premise}")
        return Outcome(UNDECIDED, open_premise)
    if end.answer == UNDECIDED:
        return Outcome(UNDECIDED, end.words)
    status = "verified" if end.answer == YES else "refuted"
    return Outcome(status, ", ".join([*words, end.words]), (*proofs, *end.certificates))
