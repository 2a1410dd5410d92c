"""Exact numbers, polynomials and matrices in MathML, for pages.

A browser does not break a line inside ``<math>``. So what may be long is a list of *chunks*, one for each term or
entry: each is HTML by itself, and lines end between them. Numbers too long for a formula are text that may break
anywhere.
Names are those of `exactrelu.typesetting`: the parameter ``W1_1_2`` is W with (1) above and 12 below.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Context, Decimal
from html import escape

from exactrelu.network import Network
from exactrelu.polynomial import Monomial, Polynomial
from exactrelu.rational import Rational
from exactrelu.typesetting import is_long

DIGITS = 12
OPEN = '<mo form="prefix" stretchy="false">(</mo>'
CLOSE = '<mo form="postfix" stretchy="false">)</mo>'
WIDE = 26  # characters in a row of a matrix, or in a vector; wider ones are written as text


def decimal(value: Rational, digits: int = DIGITS) -> str:
    """A decimal for people, correctly rounded to that many digits; the sign ``=`` when it is exact.

    >>> from gmpy2 import mpq
    >>> decimal(mpq(1, 4)), decimal(mpq(-2, 3), 3), decimal(mpq(10**30 + 1, 1), 4)
    ('= 0.25', '≈ -0.667', '≈ 1.000E+30')
    """
    context = Context(prec=digits)
    found = context.divide(Decimal(int(value.numerator)), Decimal(int(value.denominator)))
    sign = "≈" if context.flags[_inexact()] else "="
    return f"{sign} {found}"


def _inexact() -> type:
    from decimal import Inexact

    return Inexact


def math(body: str) -> str:
    return f"<math>{body}</math>"


def number(value: Rational) -> str:
    """A number as HTML: an integer, a small fraction, or text; a fraction has its decimal as a tooltip.

    >>> from gmpy2 import mpq
    >>> number(mpq(-2, 7))
    '<span title="≈ -0.285714285714"><math><mo form="prefix">−</mo><mfrac><mn>2</mn><mn>7</mn></mfrac></math></span>'
    """
    body = _long(value) if is_long(value) else math(magnitude(value, signed=True))
    return body if value.denominator == 1 else tooltip(body, value)


def tooltip(body: str, value: Rational) -> str:
    """HTML with the decimal of a number as a tooltip."""
    return f'<span title="{decimal(value)}">{body}</span>'


def magnitude(value: Rational, signed: bool = False) -> str:
    """The MathML of a short number, without its sign unless that is asked for."""
    sign = '<mo form="prefix">−</mo>' if signed and value < 0 else ""
    above, below = abs(value.numerator), value.denominator
    return sign + (f"<mn>{above}</mn>" if below == 1 else f"<mfrac><mn>{above}</mn><mn>{below}</mn></mfrac>")


def _long(value: Rational) -> str:
    return f'<span class="long">{str(value).replace("-", "−")}</span>'


def array(name: str) -> str:
    """The MathML of an array's name, such as ``W1``."""
    return f"<msup><mi>{name[0]}</mi><mtext>({name[1:]})</mtext></msup>"


def parameter(name: str) -> str:
    """The MathML of a parameter, such as ``W1_1_2``."""
    head, *indices = name.split("_")
    below = ("," if any(len(index) > 1 for index in indices) else "").join(indices)
    return f"<msubsup><mi>{head[0]}</mi><mtext>{below}</mtext><mtext>({head[1:]})</mtext></msubsup>"


def symbol(block: str) -> str:
    """The MathML of a block's name, such as ``phi_0``, ``r_1_2``, ``decay``."""
    kind, _, index = block.partition("_")
    if kind not in ("phi", "r"):
        return f"<mtext>{escape(kind)}</mtext>"
    return f"<msub><mi>{'φ' if kind == 'phi' else 'r'}</mi><mtext>{index.replace('_', ',')}</mtext></msub>"


def monomial(names: Sequence[str], powers: Monomial) -> str:
    """The MathML of a monomial, given by the variables' indices."""
    result = []
    for index in dict.fromkeys(powers):
        body, power = parameter(names[index]), powers.count(index)
        if power > 1:
            body = f"<msup><mrow>{OPEN}{body}{CLOSE}</mrow><mn>{power}</mn></msup>"
        result.append(body)
    return '<mspace width="0.12em"></mspace>'.join(result)


def series(coefficients: Sequence[Rational]) -> list[str]:
    """The polynomial in t with these coefficients, constant term first, in chunks.

    >>> from gmpy2 import mpq
    >>> series((mpq(1), mpq(0), mpq(-2)))[1]
    '<math><mo form="infix">−</mo><mn>2</mn><msup><mi>t</mi><mn>2</mn></msup></math>'
    """
    bodies = ["", "<mi>t</mi>", *(f"<msup><mi>t</mi><mn>{k}</mn></msup>" for k in range(2, len(coefficients)))]
    return _sum((c, body) for c, body in zip(coefficients, bodies, strict=False) if c)


def polynomial(value: Polynomial) -> list[str]:
    """The terms as chunks, in printing order.

    >>> from exactrelu.polynomial import Ring
    >>> x, y = Ring(("W1_1_1", "b1_1")).variables
    >>> len(polynomial(x * y - y)), polynomial(x - x)
    (2, ['<math><mn>0</mn></math>'])
    """
    return _sum((c, monomial(value.ring.names, powers)) for powers, c in value.terms)


def _sum(terms: Iterable[tuple[Rational, str]]) -> list[str]:
    """A sum of coefficients times MathML, a chunk for each."""
    chunks = []
    for place, (c, body) in enumerate(terms):
        form = "infix" if place else "prefix"
        sign = "" if place == 0 and c > 0 else f'<mo form="{form}">{"−" if c < 0 else "+"}</mo>'
        if is_long(c):
            text = f"({abs(c)})" if body else str(abs(c))
            chunk = (math(sign) if sign else "") + f'<span class="long">{text}</span>' + (math(body) if body else "")
        else:
            chunk = math(sign + ("" if body and abs(c) == 1 else magnitude(c)) + body)
        chunks.append(chunk if c.denominator == 1 else tooltip(chunk, abs(c)))
    return chunks or [math("<mn>0</mn>")]


def equation(left: Iterable[str], right: Sequence[str]) -> list[str]:
    """The chunks of ``a = b = right``: names on the left, a value in chunks."""
    names = [math(f"{name}<mo>=</mo>") for name in left]
    return [*names, *right]


def vector(entries: Sequence[Rational]) -> str:
    """A vector in parentheses: a formula, or text that may break after commas when it is long.

    >>> from gmpy2 import mpq
    >>> vector((mpq(1, 2),) * 20)[:36]
    '<span class="vector">(1/2, 1/2, 1/2,'
    """
    if sum(2 + len(str(value)) for value in entries) <= WIDE:
        inside = '<mo separator="true">,</mo>'.join(map(_entry, entries))
        return math(inside if len(entries) == 1 else f"{OPEN}{inside}{CLOSE}")
    inside = ", ".join(str(value).replace("-", "−") for value in entries)
    return f'<span class="vector">{inside if len(entries) == 1 else f"({inside})"}</span>'


def matrix(rows: Sequence[Sequence[Rational]]) -> str:
    """A matrix; one that is wide, or has long entries, row by row."""
    if len(rows) == 1:
        return vector(rows[0])
    width = sum(2 + max(len(str(row[j])) for row in rows) for j in range(len(rows[0])))
    if width > WIDE or len(rows) > 8:
        return '<span class="vector">(' + "; ".join(vector(row) for row in rows) + ")</span>"
    body = "".join("<mtr>" + "".join(f"<mtd>{_entry(value)}</mtd>" for value in row) + "</mtr>" for row in rows)
    return math(f"<mrow><mo>(</mo><mtable>{body}</mtable><mo>)</mo></mrow>")


def _entry(value: Rational) -> str:
    sign = '<mo form="prefix">−</mo>' if value < 0 else ""
    above, below = abs(value.numerator), value.denominator
    slash = f'<mo lspace="0" rspace="0">/</mo><mn>{below}</mn>' if below != 1 else ""
    return f"{sign}<mn>{above}</mn>{slash}"


def arrays(network: Network, point: Sequence[Rational]) -> list[str]:
    """The parameter arrays of a flat point, each as HTML: its name and its matrix or vector."""
    result = []
    for name, start, stop, shape in network.blocks:
        flat, width = point[start:stop], shape[-1]
        rows = [flat[k : k + width] for k in range(0, len(flat), width)]
        result.append(f"{math(array(name) + '<mo>=</mo>')} {matrix(rows)}")
    return result
