"""Numbers, names, vectors and text in LaTeX: the pieces of which `exactrelu.reports` is made.

The LaTeX is ASCII. Parameters and arrays are set by macros, which an author can define otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from gmpy2 import mpfr

from exactrelu.polynomial import Monomial, Polynomial
from exactrelu.problem import Instance
from exactrelu.rational import Rational

LINE = 34.0  # what surely fits on a line of one column, in em
SHORT = 14.0  # what fits anywhere
SHOWN = 60  # longer numbers are shown as decimals
LONG_DIGITS = 10  # longer integers are broken into groups of five digits


def macro(name: str, *arguments: object) -> str:
    return f"\\{name}" + "".join(f"{{{argument}}}" for argument in arguments)


def digits(value: object) -> str:
    """An integer; a long one in groups of five digits between which a line may end."""
    text = str(value)
    return text if len(text) <= LONG_DIGITS else "\\erbreak ".join(re.findall(".{1,5}", text))


def is_long(value: Rational) -> bool:
    return len(str(value)) > LONG_DIGITS + 2


def number(value: Rational, fraction: bool = True) -> str:
    r"""A number as a small fraction, or with a slash when it is long.

    What has more than 60 digits is set by the macro ``\erlong{exact}{decimal}``, which shows the decimal number.
    """
    if len(str(value)) > SHOWN:
        return macro("erlong", _exact(value, False), _decimal(value))
    return _exact(value, fraction)


def _decimal(value: Rational) -> str:
    """A number to nine digits, for the eye."""
    digits, _, exponent = f"{mpfr(value):.8e}".partition("e")
    power = int(exponent)
    return f"{mpfr(value):.9g}" if -4 <= power < 9 else f"{digits}\\cdot 10^{{{power}}}"


def _exact(value: Rational, fraction: bool) -> str:
    sign = "-" if value < 0 else ""
    if value.denominator == 1:
        return sign + digits(abs(value.numerator))
    if fraction and not is_long(value):
        return sign + macro("erfrac", abs(value.numerator), value.denominator)
    slash = "/\\erbreak " if is_long(value) else "/"
    return f"{sign}{digits(abs(value.numerator))}{slash}{digits(value.denominator)}"


def factor(value: Rational) -> str:
    """A positive number in front of a product."""
    if value == 1:
        return ""
    return f"({number(value)})\\erbreak " if is_long(value) else number(value)


def array(name: str) -> str:
    """The macro of an array: W1."""
    return macro("erarray", name[0], name[1:])


def parameter(name: str) -> str:
    """The macro of a parameter: W1_1_2."""
    array, *indices = name.split("_")
    between = "," if any(len(index) > 1 for index in indices) else ""
    return macro("erparam", array[0], array[1:], between.join(indices))


def monomial_tex(polynomial: Polynomial, monomial: Monomial) -> str:
    result = ""
    for k, index in enumerate(dict.fromkeys(monomial)):
        name, power = parameter(polynomial.ring.names[index]), monomial.count(index)
        result += "\\,\\erbreak " if k and k % 6 == 0 else "\\," if k else ""
        result += name if power == 1 else macro("erpower", name, power)
    return result


def vector_tex(*rows: Sequence[Rational], tight: bool = False) -> str:
    """A vector, or the rows of a matrix separated by semicolons; lines may end inside long ones (tight: all)."""
    entries = [[number(value, fraction=False) for value in row] for row in rows]
    short = not tight and sum(map(len, entries)) <= 6 and sum(len(e) for row in entries for e in row) < 20
    between = "" if short else "\\erbreak "
    inside = f";{between}".join(f",{between}".join(row) for row in entries)
    return inside if len(rows) == len(rows[0]) == 1 else f"({inside})"


def arrays(instance: Instance, point: Sequence[Rational], *, sparse: bool = False, tight: bool = False) -> str:
    """The parameter arrays of a point; small matrices as such, others row by row, separated by semicolons.

    ``sparse`` leaves out the arrays that are zero; ``tight`` is for columns of tables, which are narrow.
    """
    result, between = [], "\\erbreak" if tight else ""
    for name, start, stop, shape in instance.network.blocks:
        flat, width = point[start:stop], shape[-1]
        if sparse and not any(flat):
            continue
        rows = [flat[k : k + width] for k in range(0, len(flat), width)]
        size = sum(1 + 0.5 * max(len(str(row[j])) for row in rows) for j in range(width))
        if not tight and 1 < len(rows) <= 4 and size < SHORT:
            body = r" \\ ".join(" & ".join(number(v, fraction=False) for v in row) for row in rows)
            value = rf"\bigl(\begin{{smallmatrix}}{body}\end{{smallmatrix}}\bigr)"
        else:
            value = vector_tex(*rows, tight=tight)
        result.append(f"${array(name)} ={between} {value}$")
    return ", ".join(result) or "$0$"


def marked(key: str, tex: str) -> str:
    r"""A constant with its key, by which ``exactrelu report --check`` finds it: ``\exact{key}{constant}``."""
    return macro("exact", key, tex) if re.fullmatch(r"[\w:;,+\-*./\[\] ]*", key, re.ASCII) else tex


def sentence(text: str) -> str:
    """Words with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."


def grouped(count: int) -> str:
    """A number of things, with thin spaces between groups of three digits."""
    return f"{count:,}".replace(",", r"\,")


def counted(count: int, singular: str, plural: str) -> str:
    """A number of things with its noun."""
    return f"{grouped(count)} {singular if count == 1 else plural}"


def letters(signature: str) -> str:
    r"""A signature that may be broken after semicolons; ``\/`` keeps two minus signs from becoming a dash."""
    pieces = (re.findall(".{1,6}", column) or [""] for column in signature.split(";"))
    broken = ";\\erbreak ".join("\\erbreak ".join(piece) for piece in pieces)
    return re.sub("-(?=-)", r"-\\/", broken)


def length(tex: str) -> float:
    """About the width of a formula in em: macros of parameters count 2.4, other visible characters 0.55."""
    text = re.sub(r"\\exact\{[^{}]*\}|\\erlong\{[^{}]*\}", "", tex.replace("\\erbreak ", ""))
    text, parameters = re.subn(r"\\erparam\{\w\}\{\d+\}\{[\d,]+\}", "", text)
    fractions = re.sub(r"\\erfrac\{(\d+)\}\{(\d+)\}", lambda m: max(m.groups(), key=len), text)
    return 2.4 * parameters + 0.55 * len(re.sub(r"\\[a-z]+|[{}$\\]", "", fractions))


MARKS = "\u0300\u0301\u0302\u0303\u0308\u030a\u0327\u030c\u0304\u0306\u0307\u030b"
ACCENTS = dict(zip(MARKS, "`'^~\"rcv=u.H", strict=True))
CAPITAL = "gamma delta theta lambda xi pi sigma upsilon phi psi omega"
SMALL = f"{CAPITAL} alpha beta epsilon zeta eta iota kappa mu nu rho tau chi"
SYMBOLS = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", "`": r"\textasciigrave{}", "ß": r"\ss{}", "æ": r"\ae{}",
    "Æ": r"\AE{}", "œ": r"\oe{}", "Œ": r"\OE{}", "ø": r"\o{}", "Ø": r"\O{}", "ł": r"\l{}", "Ł": r"\L{}",
    "ı": r"\i{}", "–": r"\textendash{}", "—": r"\textemdash{}", "‘": r"\textquoteleft{}",
    "’": r"\textquoteright{}", "“": r"\textquotedblleft{}", "”": r"\textquotedblright{}", "…": r"\ldots{}",
    "§": r"\S{}", "°": r"\textdegree{}", "×": r"$\times$", "·": r"$\cdot$", "±": r"$\pm$", "≤": r"$\le$",
    "≥": r"$\ge$", "≠": r"$\neq$", "→": r"$\to$", "−": "$-$", "ς": r"$\varsigma$", "∞": r"$\infty$",
    "⟨": r"$\langle$", "⟩": r"$\rangle$", "²": "$^2$",
} | {c: f"\\{c}" for c in "_&%#${}"}  # fmt: skip


def escape(text: str) -> str:
    r"""Any text as ASCII LaTeX; characters without a LaTeX name appear by their code point.

    >>> print(escape("50% of x_1 & Šafář"))
    50\% of x\_1 \& \v{S}af\'{a}\v{r}
    """
    words = []
    for word in unicodedata.normalize("NFC", text).split():
        shown, since = "", 0
        for c in word:
            since += 1
            shown += _character(c)
            if len(word) > 20 and (since == 20 or (c in "-_/" and since > 3)):
                shown, since = shown + "\\erbreak{}", 0
        words.append(shown)
    return re.sub("-(?=-)", r"-\\/", " ".join(words))


def _character(c: str) -> str:
    if c in SYMBOLS:
        return SYMBOLS[c]
    if c.isascii():
        return c if c.isprintable() else ""
    greek = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (\w+)", unicodedata.name(c, ""))
    if greek:
        name = greek[2].lower().replace("lamda", "lambda")
        if name in (SMALL if greek[1] == "SMALL" else CAPITAL).split():
            return f"$\\{name if greek[1] == 'SMALL' else name.capitalize()}$"
    base, *marks = list(unicodedata.normalize("NFKD", c))
    if marks and base.isascii() and all(mark in ACCENTS for mark in marks):
        for mark in marks:
            base = f"\\{ACCENTS[mark]}{{{base}}}"
        return base
    return macro("erunicode", f"{ord(c):04X}")
