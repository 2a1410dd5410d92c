"""The exception tree: every error says where, what was found, what was needed.

A broken *assumption* (bad input, a question out of reach) is told apart from a broken *theory*
(`InternalContradiction`): only the latter is a bug of the program.
"""

from __future__ import annotations


class ExactReluError(Exception):
    """The root of all errors that exactrelu raises on purpose."""


class MalformedInput(ExactReluError):
    """An input does not have the form that it must have.

    ``where`` is the path of the offending entry (``data.y[2]``), ``found`` what stands there,
    ``needed`` what must stand there.

    >>> print(MalformedInput("data.y[2]", "0", "1 or -1 (binary hinge loss)"))
    data.y[2]: found 0, needed 1 or -1 (binary hinge loss)
    """

    def __init__(self, where: str, found: str, needed: str) -> None:
        self.where, self.found, self.needed = _one_line(where), _one_line(found), needed
        super().__init__(f"{self.where}: found {self.found}, needed {needed}")


class InexactError(ExactReluError, TypeError):
    """A float was given where an exact number is needed.

    >>> print(InexactError(0.1))
    found the float 0.1, needed an exact number: write "0.1" for 1/10, or exactrelu.dyadic(0.1) for the double
    """

    def __init__(self, value: object) -> None:
        super().__init__(
            f"found the float {value}, needed an exact number: "
            f'write "{value}" for {_decimal_hint(value)}, or exactrelu.dyadic({value}) for the double'
        )


class Unsupported(ExactReluError):
    """The question is out of reach of every method implemented here; the message names why."""


class BudgetExceeded(ExactReluError):
    """The time budget ran out, or an answer would not fit into memory."""


class InternalContradiction(ExactReluError):
    """A theorem would be false: a bug in exactrelu, never a verdict."""


def _one_line(text: str, limit: int = 120) -> str:
    short = text if len(text) <= limit else f"{text[: limit - 40]}... ({len(text)} characters)"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in short)


def _decimal_hint(value: object) -> str:
    from fractions import Fraction

    try:
        return str(Fraction(str(value)))
    except ValueError:
        return "the exact value"
