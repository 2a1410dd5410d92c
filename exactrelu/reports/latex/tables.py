"""Tables and polynomials in LaTeX; a table that is too wide wraps its wide columns, or becomes a list."""

from __future__ import annotations

from collections.abc import Sequence

from exactrelu import typesetting
from exactrelu.polynomial import Polynomial

INLINE_TERMS = 24  # longer polynomials become tables


def table(header: Sequence[str], rows: Sequence[Sequence[str]], align: Sequence[str]) -> str:
    r"""A table by the macro ``\ertable``; ``align`` are the columns of the preamble of a tabular.

    >>> print(table(["$i$", "$y_i$"], [["1", "$-2$"]], "rl"))
    \ertable{rl}{rl}{$i$\ernext $y_i$}{%
    \errow{1\ernext $-2$}%
    }
    """
    wide = "".join(_wrapped(header, rows, align))
    lines = [
        rf"\ertable{{{''.join(align)}}}{{{wide}}}{{{_joined(header)}}}{{%",
        *(rf"\errow{{{_joined(row)}}}%" for row in rows),
        "}",
    ]
    return "\n".join(lines)


def _joined(entries: Sequence[str]) -> str:
    return "\\ernext ".join(entries)


def _wrapped(header: Sequence[str], rows: Sequence[Sequence[str]], align: Sequence[str]) -> list[str]:
    """The columns for a line that is too narrow for the table: wide ones are paragraphs, and share what is left."""
    widths = [max(map(typesetting.length, column)) for column in zip(header, *rows, strict=True)]
    columns, wide = list(align), list(range(len(widths)))
    room = typesetting.LINE - 1.2 * len(widths)
    while narrow := [k for k in wide if widths[k] * len(wide) <= room]:
        room -= sum(widths[k] for k in narrow)
        wide = [k for k in wide if k not in narrow]
        if not wide:
            return columns
    total = sum(min(widths[k], typesetting.LINE) for k in wide)
    for k in wide:
        share = 0.9 * room / typesetting.LINE * min(widths[k], typesetting.LINE) / total
        columns[k] = rf">{{\raggedright\arraybackslash}}p{{{share:.3f}\linewidth}}"
    return columns


def polynomial(value: Polynomial) -> str:
    """The terms in printing order, with places for line breaks before the signs."""
    result = []
    for k, (monomial, c) in enumerate(value.terms):
        sign = ("\\erbreak" if k else "") + ("-" if c < 0 else "+" if k else "")
        body = (
            typesetting.factor(abs(c)) + typesetting.monomial_tex(value, monomial)
            if monomial
            else typesetting.number(abs(c))
        )
        result.append(f"{sign} {body}")
    return "\n".join(result) or "0"


def long_polynomial(value: Polynomial) -> str:
    """A table of monomials and coefficients."""
    cells = [(f"${typesetting.monomial_tex(value, m) or '1'}$", f"${typesetting.number(c)}$") for m, c in value.terms]
    width = sum(max(map(typesetting.length, column)) for column in zip(*cells, strict=True)) + 4
    pairs = max(1, min(3, int(typesetting.LINE // width)))
    rows = [[e for pair in cells[k : k + pairs] for e in pair] for k in range(0, len(cells), pairs)]
    rows[-1] += [""] * (2 * pairs - len(rows[-1]))
    return table(["monomial", "coefficient"] * pairs, rows, ["l", "r", *(["@{\\qquad}l", "r"] * (pairs - 1))])


def cut(count: int, limit: int, singular: str, plural: str) -> str:
    """What to say where a list was cut; nothing if it was not.

    >>> cut(12, 10, "cell", "cells"), cut(10, 10, "cell", "cells")
    (' (2 more cells are left out here; there are 12.)', '')
    """
    if count <= limit:
        return ""
    left = typesetting.counted(count - limit, f"more {singular} is", f"more {plural} are")
    return f" ({left} left out here; there are {typesetting.grouped(count)}.)"
