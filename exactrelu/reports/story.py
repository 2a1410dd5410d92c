"""Everything that can be decided about a problem, gathered once, under a budget: what a report tells.

The writers of reports read a `Story` and decide nothing by themselves. What was refused, and what the budget did not
reach, is in the story too, by name.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import islice
from math import comb

from exactrelu.atlas import Atlas
from exactrelu.budget import Budget, alarm
from exactrelu.cell_infimum import CellInfima
from exactrelu.cells import Cell, Cells, Edge
from exactrelu.certificate import Certificate, Decision, demand_accepted
from exactrelu.checker import Verdict
from exactrelu.critical_sets import CriticalSets
from exactrelu.errors import BudgetExceeded, Unsupported
from exactrelu.faces import Faces
from exactrelu.forms import CellForm
from exactrelu.germ import Curve, loss_germ
from exactrelu.global_minimum import Minimum
from exactrelu.incidence import IncidentCells
from exactrelu.landscape import Problem, cells_certificate, forms_certificate
from exactrelu.lifted import Lifted, why_not_lifted
from exactrelu.linear import Inertia, inertia
from exactrelu.pieces import Pieces
from exactrelu.point import QUESTIONS
from exactrelu.rational import Rational, Vector

PARTS = ("points", "minimum", "atlas", "cells")
CRITICAL = "critical"  # one more part, which has to be asked for
LIMIT = 100  # cells that are listed
EDGES = 2_000  # of more cells no graph is made
PIECES = 20_000  # of more pieces there is no atlas, unless there is a budget
INTERRUPTED = "interrupted"  # the reason of a search that was interrupted


@dataclass(frozen=True)
class Gap:
    """A part that the story does not have: its name, the reason, and whether more time would help (``is_late``)."""

    part: str
    reason: str
    is_late: bool


@dataclass(frozen=True)
class CellStory:
    """A cell: its number (from 0, in the order of all cells), the loss on it, how small that gets, and the Hessian.

    ``infimum`` is that of the loss on the open cell, None where it is not known; ``inertia`` is at the witness.
    """

    number: int
    signature: str
    witness: Vector
    form: CellForm
    is_flat: bool
    inertia: Inertia
    infimum: Rational | None


@dataclass(frozen=True)
class CellsStory:
    """The first cells of a list; how many there are (``is_complete``: these are all cells of parameter space).

    ``edges`` are the adjacencies between all cells, by number, None where they were not found; ``why_no_edges`` and
    ``why_no_infimum`` are the reasons, empty if there is none.
    """

    count: int
    is_complete: bool
    listed: tuple[CellStory, ...]
    edges: tuple[Edge, ...] | None
    why_no_edges: str
    why_no_infimum: str


@dataclass(frozen=True)
class Subgradient:
    """The gradient on a cell around a point, a curve into the cell, and a multiplier in a convex combination."""

    signature: str
    curve: Curve
    gradient: Vector
    multiplier: Rational


@dataclass(frozen=True)
class PointStory:
    """A named point, all decisions about it, and what they rest on; ``decisions`` has all of `point.QUESTIONS`.

    ``gradient`` and ``inertia`` (of the Hessian) are None on kinks. The combination of the ``subgradients`` is
    ``least_norm``, the element of least norm of Clarke's subdifferential; ``direction`` has a positive product with
    all gradients on incident cells, where there is one. ``germs`` are the loss along the curves of descent (question
    ``local_minimum``) and ascent (``local_maximum``): the coefficients of a polynomial in t, for small t > 0.
    ``better`` is a point with a smaller loss. ``constant_lines`` are directions along which the loss is constant.
    """

    name: str
    parameters: Vector
    loss: Rational
    signature: str
    decisions: Mapping[str, Decision]
    form: CellForm | None
    gradient: Vector | None
    inertia: Inertia | None
    incident: IncidentCells | None
    subgradients: tuple[Subgradient, ...]
    least_norm: Vector | None
    direction: Vector | None
    germs: Mapping[str, Vector]
    is_spurious: bool
    better: tuple[Vector, Rational] | None
    constant_lines: tuple[Vector, ...]

    def answer(self, question: str) -> str | None:
        """The answer to one of `point.QUESTIONS`."""
        return self.decisions[question].answer


@dataclass(frozen=True)
class CertificateStory:
    """A certificate: a title, the name of its file, what the checker says, and the commands that make and check it.

    ``verdict`` is None when the budget ended before the checker did. The problem is in a file
    with its name, or ``problem.json``.
    """

    title: str
    file: str
    certificate: Certificate
    digest: str
    verdict: Verdict | None
    make: str

    @property
    def check(self) -> str:
        """The command that checks it again."""
        return f"exactrelu check {self.file}"


@dataclass(frozen=True)
class Story:
    """A problem and what is decided about it. None where a part is missing; ``gaps`` says why, by name.

    A report cuts every list after ``limit`` entries, and says so.
    """

    problem: Problem
    points: tuple[PointStory, ...]
    minimum: Minimum | None
    atlas: Atlas | None
    cells: CellsStory | None
    certificates: tuple[CertificateStory, ...]
    gaps: tuple[Gap, ...]
    limit: int = LIMIT
    critical: CriticalSets | None = None

    @property
    def is_late(self) -> bool:
        """Whether the budget ran out before everything was done."""
        return any(gap.is_late for gap in self.gaps)

    @property
    def undecided(self) -> dict[str, dict[str, str]]:
        """For each point the questions that stay open, with the reason."""
        return {
            point.name: {q: d.reason for q, d in point.decisions.items() if d.answer == "undecided"}
            for point in self.points
            if any(d.answer == "undecided" for d in point.decisions.values())
        }

    def certificate_of(self, file: str) -> CertificateStory | None:
        """The certificate with a file name, such as ``minimum.json``."""
        return next((each for each in self.certificates if each.file == file), None)

    def __repr__(self) -> str:
        parts = [f"{len(self.points)} points", f"{len(self.certificates)} certificates", f"{len(self.gaps)} gaps"]
        return f"Story({self.problem.name or 'a problem'}: {', '.join(parts)})"


def gather(
    problem: Problem, *, limit: int = LIMIT, budget: Budget | None = None, parts: Collection[str] = PARTS
) -> Story:
    """The story of a problem. At most ``limit`` cells are listed; the parts share the budget evenly.

    Of `PARTS` only some may be wanted: the others are empty or None, and no gaps. `CRITICAL` is one more.

    Raises `InternalContradiction` if the checker rejects a certificate.

    >>> story = gather(Problem.example("liu-two-samples-opposite"))
    >>> story
    Story(liu-two-samples-opposite: 7 points, 11 certificates, 0 gaps)
    >>> story.minimum, story.cells.listed[0].infimum, story.points[0].answer("local_minimum")
    (Minimum(1/2, 3 of 7 pieces visited), mpq(1,2), 'yes')
    """
    return _Gathering(problem, limit, budget or Budget(), parts).story()


@dataclass
class _Gathering:
    problem: Problem
    limit: int
    budget: Budget
    parts: Collection[str]
    gaps: list[Gap] = field(default_factory=list)
    certificates: list[CertificateStory] = field(default_factory=list)

    def story(self) -> Story:
        names = list(self.problem.points) if "points" in self.parts else []
        left = len(names) + sum(part in self.parts for part in (*PARTS[1:], CRITICAL))
        points = tuple(self._point(name, self.budget.share(left - k)) for k, name in enumerate(names))
        left -= len(names)
        minimum = self._minimum(self.budget.share(left)) if "minimum" in self.parts else None
        left -= "minimum" in self.parts
        atlas = self._atlas(self.budget.share(left)) if "atlas" in self.parts else None
        left -= "atlas" in self.parts
        critical = self._critical(self.budget.share(left)) if CRITICAL in self.parts else None
        cells = self._cells(self.budget) if "cells" in self.parts else None
        kept, gaps = tuple(self.certificates), tuple(self.gaps)
        return Story(self.problem, points, minimum, atlas, cells, kept, gaps, self.limit, critical)

    def _gap(self, part: str, reason: object, budget: Budget) -> None:
        """Note that a part is missing; an interrupt is not taken for an answer."""
        if str(reason) == INTERRUPTED:
            raise KeyboardInterrupt
        words = re.sub("^(atlas|minimum|critical sets): ", "", str(reason))
        self.gaps.append(Gap(part, words, budget.is_over))

    # ------------------------------------------------------------------ the parts

    def _point(self, name: str, budget: Budget) -> PointStory:
        point = self.problem.at(name, budget)
        decisions = {question: point.decision(question) for question in QUESTIONS}
        if budget.is_over and (late := [q.replace("_", " ") for q, d in decisions.items() if d.reason]):
            self._gap(f"point {name}: {', '.join(late)}", budget, budget)
        certificate, incident, clarke = None, None, None
        lines: tuple[Vector, ...] = ()
        try:
            certificate = point.certificate()
            if point.vanishing or point.form is not None:
                incident = point.incident_cells()
            if point.form is None and decisions["clarke_critical"].answer != "undecided":
                clarke = point.subdifferential
            if decisions["local_minimum"].answer == "yes":
                lines = point.constant_lines
        except BudgetExceeded as error:
            self._gap(f"point {name}: its surroundings", error, budget)
        if certificate is not None:
            command = f"point FILE --at {shlex.quote(name)}"
            self._keep(f'the point "{name}"', self._file(f"point-{_file(name)}"), certificate, command, budget)
        better = None
        if decisions["global_minimum"].rule == "better-point":
            proof = decisions["global_minimum"].proof
            there = self.problem.network.read(proof["point"])
            better = there, self.problem.evaluate(there)
        germs = {}
        for question, decision in decisions.items():
            if decision.rule in ("descent", "ascent"):
                curve = [self.problem.network.read(direction) for direction in decision.proof["curve"]]
                germs[question] = tuple(loss_germ(self.problem, point.parameters, curve))
        subgradients = (
            Subgradient(c.signature, c.curve, self.problem.forms.on(c.columns).gradient(point.parameters), multiplier)
            for c, multiplier in (clarke.cells if clarke else ())
        )
        hessian = point.hessian
        return PointStory(
            name, point.parameters, point.loss, point.signature, decisions, point.form, point.gradient,
            None if hessian is None else inertia(hessian), incident,
            tuple(subgradients), clarke.nearest if clarke else point.gradient, clarke.direction if clarke else None,
            germs,
            decisions["local_minimum"].answer == "yes" and decisions["global_minimum"].answer == "no",
            better, lines,
        )  # fmt: skip

    def _minimum(self, budget: Budget) -> Minimum | None:
        try:
            found = self.problem.minimum(tick=budget)
        except (Unsupported, BudgetExceeded) as error:
            self._gap("global minimum", error, budget)
            return None
        if not found.is_exact:
            self._gap("global minimum", found.reason, budget)
        self._keep("the global minimum", "minimum.json", found.certificate(), "minimum FILE", budget)
        return found

    def _atlas(self, budget: Budget) -> Atlas | None:
        try:
            self._demand_few_pieces()
            found = self.problem.atlas(tick=budget)
        except (Unsupported, BudgetExceeded) as error:
            self._gap("atlas", error, budget)
            return None
        if not found.complete:
            self._gap("atlas", found.reason, budget)
        self._keep("the atlas of all local minima", "atlas.json", found.certificate(), "atlas FILE", budget)
        return found

    def _critical(self, budget: Budget) -> CriticalSets | None:
        try:
            self._demand_few_pieces(of_faces=True)
            found = self.problem.critical_sets(tick=budget)
        except (Unsupported, BudgetExceeded) as error:
            self._gap("critical points", error, budget)
            return None
        if not found.complete:
            self._gap("critical points", found.reason, budget)
        command = "atlas FILE --critical"
        self._keep("the sets of Clarke critical points", "critical.json", found.certificate(), command, budget)
        return found

    def _demand_few_pieces(self, of_faces: bool = False) -> None:
        if self.budget.left is None and not why_not_lifted(self.problem):
            neurons, lifted = self.problem.network.widths[1], Lifted(self.problem, self.budget)
            parts = len(Faces(Pieces(lifted)).all if of_faces else lifted.chambers)
            if (pieces := comb(2 * parts + neurons, neurons)) > PIECES:
                raise Unsupported(f"{pieces} {'sets of faces' if of_faces else 'pieces'} are too many without a budget")

    def _cells(self, budget: Budget) -> CellsStory | None:
        listed: list[CellStory] = []
        try:
            cells = self.problem.cells(limit=self.limit, tick=budget)
        except BudgetExceeded as error:
            self._gap("cells", error, budget)
            return None
        infima, why_no_infimum = None, ""
        try:
            infima = CellInfima(self.problem, budget)
        except Unsupported as error:
            why_no_infimum = str(error)
        kept: list[Cell] = []
        try:
            for number, cell in enumerate(islice(cells, self.limit)):
                budget()
                infimum = infima.on(cell.form.columns) if infima else None
                facts = cell.form, cell.is_flat, cell.form.inertia(cell.witness), infimum
                listed.append(CellStory(number, cell.signature, cell.witness, *facts))
                kept.append(cell)
        except BudgetExceeded as error:
            self._gap(f"cells from number {len(listed) + 1} on", error, budget)
        if budget.is_over and not cells.complete:
            self._gap("the list of all cells", budget, budget)
        edges, why_no_edges = self._edges(cells, budget)
        if kept:
            self._keep("the loss on the cells listed", "forms.json", forms_certificate(self.problem, kept),
                       f"forms FILE --limit {self.limit}", budget)  # fmt: skip
        if cells.complete:
            self._keep("the list of all cells", "cells.json", cells_certificate(cells), "cells FILE", budget)
        return CellsStory(cells.number, cells.complete, tuple(listed), edges, why_no_edges, why_no_infimum)

    def _edges(self, cells: Cells, budget: Budget) -> tuple[tuple[Edge, ...] | None, str]:
        if cells.number > EDGES:
            return None, f"the graph of {cells.number} cells is not made here (the limit is {EDGES})"
        try:
            return tuple(cells.edges(budget)), ""
        except BudgetExceeded as error:
            self._gap("adjacencies of the cells", error, budget)
            return None, str(error)

    # ------------------------------------------------------------------ certificates

    def _file(self, name: str) -> str:
        """The name of a file that is not taken yet."""
        taken = {each.file.casefold() for each in self.certificates}
        choices = (f"{name}{end}.json" for end in ("", *(f"-{k}" for k in range(2, len(taken) + 3))))
        return next(choice for choice in choices if choice.casefold() not in taken)

    def _keep(self, title: str, file: str, certificate: Certificate, command: str, budget: Budget) -> None:
        """Have the checker look at a certificate, and keep it."""
        verdict = None
        try:
            budget()
            with alarm(budget.left):
                verdict = demand_accepted(certificate, f"{title}: ")
        except (BudgetExceeded, Unsupported) as error:
            self._gap(f"the check of {file}", error, budget)
        problem = shlex.quote(f"{self.problem.name or 'problem'}.json")
        make = f"exactrelu {command.replace('FILE', problem, 1)} --certificate {file}"
        self.certificates.append(CertificateStory(title, file, certificate, certificate.digest, verdict, make))


def _file(name: str) -> str:
    """The name of a point as a part of a file's name."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:60].strip("-.") or "unnamed"
