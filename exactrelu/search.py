"""Smallest counterexamples: the smallest data set with a property, or the proof that there is none within bounds.

All data sets with entries of bounded height are gone through, smallest sizes first, up to symmetry (`key`). The
certificate (kind ``exhaustion``) holds one proof for each data set that has not the property, and the checker lists the
data sets by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gmpy2 import mpq

from exactrelu.budget import showing
from exactrelu.certificate import Certificate
from exactrelu.checker import Malformed, check
from exactrelu.configurations import BOUNDS, Key, Labelled, Size, data_sets, key, sizes
from exactrelu.errors import BudgetExceeded, MalformedInput, Unsupported
from exactrelu.jsonfile import Node
from exactrelu.landscape import Problem
from exactrelu.loss import Loss
from exactrelu.network import Network
from exactrelu.properties import Finding, Property, find

Tick = Callable[[], None]


@dataclass(frozen=True)
class Family:
    """What the networks and losses of a search have in common: slopes, biases of the two layers, the loss.

    ``loss`` is ``hinge`` (labels 1 and -1) or ``squared`` (labels of bounded height), the mean over the data; with
    ``distinct`` no two data points are equal.
    """

    loss: str = "hinge"
    slopes: tuple[Any, Any] = (1, 0)
    bias: tuple[bool, bool] = (True, True)
    distinct: bool = False

    def __post_init__(self) -> None:
        if self.loss not in ("hinge", "squared"):
            raise MalformedInput("loss", f'"{self.loss}"', '"hinge" or "squared"')

    def problem(self, data: Labelled, neurons: int) -> Problem:
        """The problem of a data set."""
        network = Network.dense([len(data.x[0]), neurons, 1], self.slopes, self.bias)
        labels = data.y if self.loss == "squared" else [int(label) for label in data.y]
        return Problem(network, data.x, labels, Loss(self.loss))  # type: ignore[arg-type]

    def key(self, data: Labelled) -> Key:
        """The name of a data set up to symmetry."""
        rows = tuple((*row, mpq(1)) for row in data.x) if self.bias[0] else data.x
        return key(rows, data.y, is_hinge=self.loss == "hinge", has_bias=self.bias[1])


@dataclass(frozen=True)
class Case:
    """A data set, standing for all of its symmetry class, and what was found out about it."""

    size: Size
    finding: Finding

    def to_dict(self) -> dict[str, Any]:
        """As in certificates: the proofs, and the constant cells of flat sets."""
        certificates = [c.to_dict() for c in self.finding.certificates]
        entry: dict[str, Any] = {"problem": self.finding.problem.to_dict(), "certificates": certificates}
        return {**entry, "flat": list(self.finding.flat)} if self.finding.flat else entry


@dataclass(frozen=True)
class Result:
    """The end of a search: the ``found`` data sets of the smallest size that has some; ``cases`` without the property.

    ``exhausted`` are the sizes in which every data set is decided; with ``complete`` they are all sizes within the
    bounds, or all those before that of the data sets found.
    """

    looked_for: Property
    family: Family
    bounds: Mapping[str, tuple[int, int]]
    order: tuple[str, ...]
    found: tuple[Case, ...]
    cases: tuple[Case, ...]
    undecided: tuple[Case, ...]
    exhausted: tuple[Size, ...]
    complete: bool
    reason: str = ""
    _given: Sequence[Mapping[str, Any]] = field(default=(), repr=False)

    @property
    def examined(self) -> int:
        """The number of data sets, up to symmetry, that were decided."""
        return len(self.found) + len(self.cases) + len(self._given)

    def certificate(self) -> Certificate:
        """The certificate of the kind ``exhaustion``."""
        proof = {
            "property": self.looked_for.name,
            "network": {
                "activation": {"slopes": [str(mpq(s)) for s in self.family.slopes]},
                "bias": list(self.family.bias),
            },
            "loss": Loss(self.family.loss).to_dict(),
            "distinct": self.family.distinct,
            "bounds": {name: list(self.bounds[name]) for name in BOUNDS},
            "order": list(self.order),
            "exhausted": len(self.exhausted),
            "cases": [*self._given, *(case.to_dict() for case in self.cases)],
            "found": [case.to_dict() for case in self.found],
            "complete": self.complete,
        }
        return Certificate("exhaustion", {}, str(self), proof)

    def __str__(self) -> str:
        bounds = ", ".join(f"{name} {low} to {high}" for name, (low, high) in self.bounds.items())
        if self.found:
            which = "The smallest" if self.complete else "A"
            return f"{which} data set with {self.looked_for.words}: {self.found[0].size}."
        if self.complete:
            return f"No data set within the bounds has {self.looked_for.words}: {bounds}."
        return f"Not decided: {self.looked_for.words} within the bounds {bounds}."

    def __repr__(self) -> str:
        return f"Result({self})"


def search(
    property: str | Property,
    family: Family | None = None,
    *,
    points: tuple[int, int] = (1, 3),
    dimension: tuple[int, int] = (1, 1),
    neurons: tuple[int, int] = (1, 1),
    height: tuple[int, int] = (1, 1),
    order: Sequence[str] = BOUNDS,
    tick: Tick | None = None,
    resume: Mapping[str, Any] | None = None,
    all_found: bool = False,
) -> Result:
    """The smallest data set with a property (`exactrelu.properties`), or the proof that there is none within bounds.

    The bounds are least and greatest values. ``all_found`` goes on to the end of the size of the first one found.
    ``resume`` is an earlier certificate, which is checked. Where the budget runs out the result is not complete.

    >>> search("spurious").found[0].finding.problem.x
    ((mpq(0,1),), (mpq(1,1),))
    """
    wanted = find(property) if isinstance(property, str) else property
    bounds = dict(zip(BOUNDS, (points, dimension, neurons, height), strict=True))
    for name, (low, high) in bounds.items():
        if not 1 <= low <= high:
            raise MalformedInput(name, f"{low} to {high}", "1 <= least <= greatest")
    with showing("search", tick) as steps:
        return Search(wanted, family or Family(), bounds, tuple(order), steps).run(resume, all_found)


@dataclass
class Search:
    """A search on its way."""

    looked_for: Property
    family: Family
    bounds: dict[str, tuple[int, int]]
    order: tuple[str, ...]
    tick: Tick
    found: list[Case] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    undecided: list[Case] = field(default_factory=list)
    exhausted: list[Size] = field(default_factory=list)
    seen: set[tuple[int, Any]] = field(default_factory=set)

    def run(self, resume: Mapping[str, Any] | None, all_found: bool) -> Result:
        planned, reason = sizes(self.bounds, self.order), ""
        given = self._restore(resume) if resume is not None else []
        try:
            for size in planned:
                self._look(size, all_found)
                if not self.undecided and (all_found or not self.found):
                    self.exhausted.append(size)
                if self.found:
                    break
        except (BudgetExceeded, KeyboardInterrupt) as error:
            reason = str(error) or "interrupted"
        if self.undecided:
            reason = reason or f"{len(self.undecided)} data sets are not decided: {self.undecided[0].finding.words}"
        needed = planned.index(self.found[0].size) + all_found if self.found else len(planned)
        complete = len(self.exhausted) >= needed
        if not self.looked_for.is_invariant and complete:
            complete, reason = False, "the claim was tried at one witness of each set of such points, not everywhere"
        return Result(
            self.looked_for, self.family, self.bounds, self.order, tuple(self.found), tuple(self.cases),
            tuple(self.undecided), tuple(self.exhausted), complete, reason, given,
        )  # fmt: skip

    def _look(self, size: Size, all_found: bool) -> None:
        """Decide all data sets of a size that are not equivalent to one seen before."""
        for data in data_sets(size, self.bounds["height"][0], is_hinge=self.family.loss == "hinge"):
            self.tick()
            if self.family.distinct and len(set(data.x)) < size.points:
                continue
            name = size.neurons, self._key(data)
            if name in self.seen:
                continue
            problem = self.family.problem(data, size.neurons)
            try:
                finding = self.looked_for.decide(problem, self.tick)
            except Unsupported as error:
                finding = Finding("undecided", str(error), problem)
            self.seen.add(name)
            case = Case(size, finding)
            {"yes": self.found, "no": self.cases, "undecided": self.undecided}[finding.answer].append(case)
            if self.found and not all_found:
                return

    def _key(self, data: Labelled) -> Any:
        if self.looked_for.is_invariant:
            return self.family.key(data)
        return tuple(sorted(zip(data.x, data.y, strict=True)))

    def _restore(self, certificate: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """The cases of an earlier certificate of the same search, after the checker has accepted it."""
        empty = Result(self.looked_for, self.family, self.bounds, self.order, (), (), (), (), False).certificate()
        same = ("property", "network", "loss", "distinct", "order")
        fits = certificate.get("kind") == "exhaustion"
        if not fits or any(certificate.get(name) != empty.proof[name] for name in same):
            raise MalformedInput("resume", "another certificate", "one of this property, network, loss and order")
        try:
            verdict = check(dict(certificate))
        except Malformed as error:
            raise MalformedInput("resume", str(error), "a certificate of the kind exhaustion") from None
        if not verdict:
            raise MalformedInput("resume", f"a rejected certificate ({verdict.reason})", "an accepted one")
        for case in certificate["cases"]:
            problem = Problem.read(Node(case["problem"], "problem"))
            labels = tuple(y[0] if isinstance(y, tuple) else mpq(y) for y in problem.y)
            self.seen.add((problem.network.widths[1], self._key(Labelled(problem.x, labels))))
        return list(certificate["cases"])
