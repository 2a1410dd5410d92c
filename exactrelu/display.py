"""How results show themselves in a notebook: tables in HTML, formulas in LaTeX.

What is large is cut, with the number of all there are. Nothing is decided or listed for the sake of showing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from gmpy2 import mpfr

from exactrelu.polynomial import latex_number
from exactrelu.rational import Rational

ROWS = 10  # of a table
ENTRIES = 36  # of an array
LETTERS = 72  # of a text
DIGITS = 24  # of a number

Row = tuple[str, ...]
Blocks = Iterable[tuple[str, int, int, tuple[int, ...]]]


def text(value: object, limit: int = LETTERS) -> str:
    """Escaped text; of a long one the beginning and its length.

    >>> text("1 < 2"), text("+" * 100, limit=3)
    ('1 &lt; 2', '+++ &hellip; (100 letters)')
    """
    words = str(value)
    return escape(words) if len(words) <= limit else f"{escape(words[:limit])} &hellip; ({len(words)} letters)"


def code(value: object, limit: int = LETTERS) -> str:
    """Text in a fixed width, for signatures and names."""
    return f"<code>{text(value, limit)}</code>"


def short(value: Rational) -> str:
    """A number for people: as it is if it is short, else to six digits, and marked so.

    >>> from gmpy2 import mpq
    >>> short(mpq(-1, 3)), short(mpq(10**30 + 1, 10**30 * 4))
    ('-1/3', '~0.25')
    """
    long = value.numerator.bit_length() + value.denominator.bit_length() > 3.3 * DIGITS
    return f"~{mpfr(value):.6g}" if long else str(value)


def short_latex(value: Rational) -> str:
    """`short` in LaTeX."""
    shown = short(value)
    return rf"{{\approx}}{shown[1:]}" if shown[0] == "~" else latex_number(value)


def factor_latex(value: Rational) -> str:
    """A number in front of a product; 1 is left out."""
    return "" if value == 1 else f"{short_latex(value)} "


def vector(values: Sequence[Rational]) -> str:
    """A vector as plain text: (1, -1/2)."""
    rest = f", &hellip; ({len(values)} numbers)" if len(values) > ENTRIES else ""
    return f"({', '.join(map(short, values[:ENTRIES]))}{rest})"


def arrays(blocks: Blocks, values: Sequence[Rational]) -> str:
    """The parameter arrays of a flat vector, rows separated by semicolons."""
    lines = []
    for name, start, stop, shape in blocks:
        some, width = values[start : min(stop, start + ENTRIES)], shape[-1]
        rows = [" ".join(map(short, some[k : k + width])) for k in range(0, len(some), width)]
        rest = f" &hellip; ({stop - start} numbers)" if stop - start > ENTRIES else ""
        lines.append(f"<code>{name} = {'; '.join(rows)}</code>{rest}")
    return "<br>".join(lines)


def arrays_latex(blocks: Blocks, values: Sequence[Rational]) -> str:
    r"""The same in LaTeX, one equation for each array; of a large array only the shape.

    >>> from gmpy2 import mpq
    >>> print(arrays_latex([("b1", 0, 1, (1,)), ("W2", 1, 51, (2, 25))], [mpq(1, 2)] * 51))
    $\displaystyle b^{(1)} = \begin{pmatrix} \tfrac{1}{2} \end{pmatrix},\quad W^{(2)} \in \mathbb{Q}^{2 \times 25}$
    """
    equations: list[str] = []
    for name, start, stop, shape in blocks:
        array, width = f"{name[0]}^{{({name[1:]})}}", shape[-1]
        if stop - start > ENTRIES or width > ENTRIES // 3:
            size = r" \times ".join(map(str, shape))
            equations.append(rf"{array} \in \mathbb{{Q}}^{{{size}}}")
            continue
        rows = r" \\[3pt] ".join(" & ".join(map(short_latex, values[k : k + width])) for k in range(start, stop, width))
        equations.append(rf"{array} = \begin{{pmatrix}} {rows} \end{{pmatrix}}")
    joined = r",\quad ".join(equations)
    return rf"$\displaystyle {joined}$"


def table(caption: str, rows: Iterable[Row], header: Row = (), more: str = "") -> str:
    """A table in HTML: the cells are HTML, the first of each row is its head; ``more`` says what was left out."""
    lines = [f"<p><b>{caption}</b></p>", "<table>"]
    if header:
        heads = "".join(f'<th style="text-align: left">{cell}</th>' for cell in header)
        lines.append(f"<thead><tr>{heads}</tr></thead>")
    lines.append("<tbody>")
    for first, *others in rows:
        cells = "".join(f'<td style="text-align: left">{cell}</td>' for cell in others)
        lines.append(f'<tr><th style="text-align: left">{first}</th>{cells}</tr>')
    lines.append("</tbody></table>")
    if more:
        lines.append(f"<p>{more}</p>")
    return "\n".join(lines)


def left_out(shown: int, number: int, what: str) -> str:
    """What `table` says below the first few of many.

    >>> left_out(10, 36, "cells"), left_out(3, 3, "cells")
    ('&hellip; and 26 more: 36 cells in all.', '')
    """
    return "" if shown >= number else f"&hellip; and {number - shown} more: {number} {what} in all."
