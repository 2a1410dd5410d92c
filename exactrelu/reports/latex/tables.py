"""Tables and polynomials in LaTeX; a table that is too wide wraps its wide columns, or becomes a list."""

from __future__ import annotations

from collections.abc import Sequence

from exactrelu import typesetting
from exactrelu.polynomial import Polynomial

INLINE_TERMS = 24  # longer polynomials become tables
WIDE = 10.0  # a column that may be wrapped, in em
LEAST = 7.0  # of a wrapped column
GAP = 0.9  # between columns
FOLDED = 12  # longer narrow tables are set in several columns


def table(header: Sequence[str], rows: Sequence[Sequence[str]], align: Sequence[str]) -> str:
    r"""A table by the macro ``\ertable``; ``align`` are the columns of the preamble of a tabular.

    Where the table is too wide, columns that are aligned by ``L`` become paragraphs, and so do columns of formulas
    that are wide.

    >>> print(table(["$i$", "$y_i$"], [["1", "$-2$"]], "rl"))
    \ertable{rl}{rl}{6.0em}{$i$\ernext $y_i$}{%
    \errow{1\ernext $-2$}%
    }
    """
    natural = "".join(align).replace("L", "l")
    columns, least = _wrapped(header, rows, align)
    lines = [
        rf"\ertable{{{natural}}}{{{''.join(columns)}}}{{{least:.1f}em}}{{{_joined(header)}}}{{%",
        *(rf"\errow{{{_joined(row)}}}%" for row in rows),
        "}",
    ]
    return "\n".join(lines)


def _joined(entries: Sequence[str]) -> str:
    return "\\ernext ".join(entries)


def _wrapped(header: Sequence[str], rows: Sequence[Sequence[str]], align: Sequence[str]) -> tuple[list[str], float]:
    """The columns for a line that is too narrow for the table, and how long the line must be, in em."""
    widths = [max(map(typesetting.length, column)) for column in zip(header, *rows, strict=True)]
    wide = [k for k, column in enumerate(align) if column == "L" or widths[k] > WIDE]
    taken = 2 + GAP * len(widths) + sum(width for k, width in enumerate(widths) if k not in wide)
    total = sum(min(widths[k], typesetting.LINE) for k in wide)
    columns, least = list(align), taken + LEAST * len(wide)
    for k in wide:
        share = min(widths[k], typesetting.LINE) / total
        width = rf"\dimexpr {LEAST}em+{share:.3f}\dimexpr\linewidth-{least:.1f}em\relax\relax"
        columns[k] = rf">{{\raggedright\arraybackslash}}p{{{width}}}"
    return columns, least


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
    return folded(["monomial", "coefficient"], cells, "lr")


def folded(header: Sequence[str], rows: Sequence[Sequence[str]], align: Sequence[str], least: int = 2) -> str:
    """A table of narrow columns; with more than ``least`` rows set up to three times side by side, row by row."""
    width = sum(max(map(typesetting.length, column)) for column in zip(header, *rows, strict=True)) + 2 * len(header)
    times = max(1, min(3, int(typesetting.LINE // width))) if len(rows) >= least else 1
    beside = [[e for row in rows[k : k + times] for e in row] for k in range(0, len(rows), times)]
    beside[-1] += [""] * (times * len(header) - len(beside[-1]))
    first, *others = align
    return table([*header] * times, beside, [first, *others, *([f"@{{\\qquad}}{first}", *others] * (times - 1))])


def cut(count: int, limit: int, singular: str, plural: str) -> str:
    """What to say where a list was cut; nothing if it was not.

    >>> cut(12, 10, "cell", "cells"), cut(10, 10, "cell", "cells")
    (' (2 more cells are left out here; there are 12.)', '')
    """
    if count <= limit:
        return ""
    left = typesetting.counted(count - limit, f"more {singular} is", f"more {plural} are")
    return f" ({left} left out here; there are {typesetting.grouped(count)}.)"
