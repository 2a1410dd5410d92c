"""Relations between numbers, polynomials and quantities of a problem, as certificates of the kind ``facts``.

The expressions are texts that the checker alone evaluates: see its specification for what they may contain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from exactrelu.certificate import Certificate
from exactrelu.problem import Instance


def facts(
    problem: Instance | None,
    statement: str,
    relations: Sequence[str],
    definitions: Mapping[str, str] | None = None,
    variables: Sequence[str] = (),
) -> Certificate:
    """The certificate that the relations hold, all of them; the definitions are evaluated in their order.

    >>> from exactrelu.checker import check
    >>> check(facts(None, "Euler's number.", ["2 < e < 3"], {"e": "exp(1)"}))
    Verdict(accepted=True, reason='1 facts')
    """
    proof: dict[str, Any] = {"facts": list(relations)}
    if definitions:
        proof["definitions"] = [list(pair) for pair in definitions.items()]
    if variables:
        proof["variables"] = list(variables)
    return Certificate("facts", problem.to_dict() if problem else {}, statement, proof)


def expression(value: Any) -> str:
    """Exact numbers, or nested sequences of them, as an expression.

    >>> from fractions import Fraction
    >>> expression([[1, Fraction(-1, 2)], [0, 3]]), expression(Fraction(-1, 2)), expression(3)
    ('[[1, -1/2], [0, 3]]', '(-1/2)', '3')
    """
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(expression(entry).strip('()') for entry in value)}]"
    return str(value) if str(value).isdigit() else f"({value})"
