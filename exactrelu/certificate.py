"""Certificates and decisions: answers together with their proofs, as plain data.

The format and all kinds are specified in the docstring of `exactrelu.checker`, which shares no code with this module.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from exactrelu import display
from exactrelu.errors import InternalContradiction, Unsupported
from exactrelu.jsonfile import canonical, pretty, write_whole

if TYPE_CHECKING:
    from exactrelu.checker import Verdict

FORMAT = "exactrelu.certificate/1"


@dataclass(frozen=True)
class Certificate:
    """A proof as plain data: it stands alone, survives JSON, and can be checked by ``exactrelu check``.

    ``problem`` is the whole problem (or arrangement), ``statement`` says in words what is proved, ``proof`` holds the
    fields of the kind.

    >>> from exactrelu import check, example
    >>> certificate = example("liu-two-samples").minimum().certificate()
    >>> certificate
    Certificate(minimum: The global minimum is 0.)
    >>> check(certificate)
    Verdict(accepted=True, reason='the global minimum is 0')
    """

    kind: str
    problem: Mapping[str, Any]
    statement: str
    proof: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The certificate as plain data."""
        head = {"format": FORMAT, "kind": self.kind, "statement": self.statement}
        return {**head, "problem": dict(self.problem), **self.proof}

    def dumps(self) -> str:
        """The text of a certificate file."""
        return pretty(self.to_dict())

    def write(self, path: str) -> None:
        """Write a certificate file, whole or not at all."""
        write_whole(path, self.dumps())

    @property
    def digest(self) -> str:
        """The SHA-256 of the canonical text: a name for the certificate."""
        return digest(self.to_dict())

    def _repr_html_(self) -> str:
        rows = [("kind", display.code(self.kind)), ("proves", display.text(self.statement, 600))]
        name = self.problem.get("name")
        if name:
            rows.append(("about", display.text(name)))
        rows.append(("holds", display.text(", ".join(["problem", *self.proof]), 600)))
        return display.table("Certificate", rows, more="<code>exactrelu.check</code> runs the checker on it.")

    def __repr__(self) -> str:
        return f"Certificate({self.kind}: {self.statement})"


def digest(document: Any) -> str:
    """The SHA-256 of the canonical text of a certificate that is plain data."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def demand_accepted(certificate: Certificate, whose: str = "") -> Verdict:
    """What the checker says of a certificate of our own: it is accepted.

    Raises `Unsupported` if the certificate is beyond the limits of the checker, else `InternalContradiction`; both
    messages begin with ``whose``.
    """
    from exactrelu.checker import DIGITS, Malformed, check

    try:
        verdict = check(certificate)
        if verdict.accepted:
            return verdict
        reason, too_large = verdict.reason, "too large" in verdict.reason
    except Malformed as error:
        reason, too_large = str(error), re.search(rf"[\d/]{{{DIGITS + 1}}}", certificate.dumps()) is not None
    if too_large:
        raise Unsupported(f"{whose}the certificate is beyond the limits of the checker: {reason}")
    raise InternalContradiction(f"{whose}the checker rejects the certificate: {reason}")


@dataclass(frozen=True)
class Decision:
    """The answer to one question: ``yes``, ``no`` or ``undecided`` (for the kind of a minimum: ``flat``, ``sharp``).

    A decided answer has a ``rule`` and the ``proof`` that the rule needs; an undecided one has a ``reason``. There is
    no truth value on purpose: ask for ``answer``.

    >>> from exactrelu import check, example
    >>> decision = example("yun2018-three-point").at("bad").local_minimum()
    >>> decision.answer, decision.rule, check(decision.certificate).accepted
    ('yes', 'sum-of-squares', True)
    """

    question: str
    answer: str | None
    rule: str = ""
    proof: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    certificate: Certificate | None = None

    def to_dict(self) -> dict[str, Any]:
        """As in certificates of the kind ``point``."""
        if self.answer == "undecided":
            return {"answer": self.answer, "reason": self.reason}
        return {"answer": self.answer, "rule": self.rule, **self.proof}

    def __bool__(self) -> bool:
        raise TypeError(f"a decision is yes, no or undecided; ask for .answer (here {self.answer!r})")

    def _repr_html_(self) -> str:
        rows = [("answer", f"<b>{display.text(self.answer)}</b>")]
        why = "reason" if self.answer == "undecided" else "rule"
        rows.append((why, display.text(self.reason or self.rule, 600)))
        facts = [f"{name} {value}" for name, value in self.proof.items() if isinstance(value, (str, int))]
        if facts:
            rows.append(("with", display.text(", ".join(facts), 200)))
        if self.certificate is not None:
            rows.append(("certificate", display.text(self.certificate.statement, 600)))
        return display.table(display.text(self.question.replace("_", " ")), rows)

    def __repr__(self) -> str:
        why = self.reason if self.answer == "undecided" else self.rule
        return f"Decision({self.question}: {self.answer}{f', {why}' if why else ''})"
