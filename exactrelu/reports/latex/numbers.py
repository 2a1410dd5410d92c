r"""Numbers as authors write them in LaTeX, read exactly.

``3``, ``-2/7``, ``\frac{1}{3}``, ``\tfrac13``, ``0.25``, ``1{,}234``, ``1\,234``, ``2^{10}``, ``1.5\cdot 10^{-3}``,
``25\%``, ``0.\overline{3}``, sums, products and quotients of these, with or without dollars. ``\approx 0.333`` is a
rounding and ``0.333\ldots`` the beginning of an expansion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gmpy2 import mpq

from exactrelu.rational import Rational

WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
IGNORED = re.compile(
    r"\\(?:left|right|bigl?|bigr|Bigl?|Bigr|displaystyle|textstyle|ensuremath|mathbf|mathrm|mathit|boldsymbol|text|textbf|"
    r"emph|textit|num|erbreak|quad|penalty\d+|relax)(?![A-Za-z])\s*|\\[;:! ()\[\]/]|\$|~|=|\\,(?!\d)|(?<!\d)\\,"
)
LONG = re.compile(r"\\erlong\s*\{([^{}]*)\}\s*\{(?:[^{}]|\{[^{}]*\})*\}")
FRACTIONS = ("frac", "tfrac", "dfrac", "cfrac", "nicefrac", "sfrac", "erfrac")
DIGITS = re.compile(r"\d+(?:(?:\{,\}|\\,)\d+)*(?:\.\d+)?|\.\d+")


class Unreadable(ValueError):
    """Why a text is no number."""


@dataclass(frozen=True)
class Reading:
    """A number, and what one unit in its last place is (None for fractions).

    ``is_rounded`` numbers are written with a sign of approximation, ``is_cut`` ones end in dots.
    """

    value: Rational
    unit: Rational | None
    is_rounded: bool = False
    is_cut: bool = False

    def agrees(self, exact: Rational) -> bool:
        """Whether the text states the exact value; a tie may be rounded either way."""
        if self.is_cut and self.unit is not None:
            size, sign = abs(exact), -1 if self.value < 0 else 1
            return bool(exact * sign >= 0 and abs(self.value) <= size < abs(self.value) + self.unit)
        if self.is_rounded and self.unit is not None:
            return bool(2 * abs(self.value - exact) <= self.unit)
        return bool(self.value == exact)


def read(tex: str, decimals: int | None = None) -> Reading:
    r"""The number in a piece of LaTeX; ``decimals`` says that it is rounded to so many places.

    >>> read(r"-\frac{2}{7}").value, read(r"$1{,}234$").value, read(r"0.1\overline{6}").value
    (mpq(-2,7), mpq(1234,1), mpq(1,6))
    >>> read(r"\approx 0.333").agrees(mpq(1, 3)), read("0.333").agrees(mpq(1, 3)), read("0.34", 2).agrees(mpq(1, 3))
    (True, False, False)
    >>> read(r"\sqrt{2}")
    Traceback (most recent call last):
    exactrelu.reports.latex.numbers.Unreadable: found \sqrt, needed a rational number
    """
    text = re.sub(r"(?<!\\)%.*\n?|\\erbreak\s*|\{\}", "", tex).replace("\N{MINUS SIGN}", "-")
    text = LONG.sub(r"\1", text)
    text, rounded = re.subn(r"\\(?:approx|simeq|sim)(?![A-Za-z])|≈", "", text)
    text, dots = re.subn(r"\\(?:ldots|cdots|dots|dotsc|dotsb)(?![A-Za-z])|…|\.\.\.", "", text)
    text = IGNORED.sub(" ", text).strip()
    if text.lower().strip("{} ") in WORDS:
        return Reading(mpq(WORDS.index(text.lower().strip("{} "))), None)
    parser = _Parser(text)
    value, unit = parser.expression()
    parser.demand_end()
    if decimals is not None:
        if unit is None or unit < mpq(1, 10**decimals):
            raise Unreadable(f"found {tex.strip()}, needed a decimal number with {decimals} places")
        unit = mpq(1, 10**decimals)
    if (rounded or dots) and unit is None:
        raise Unreadable(f"found {tex.strip()}, needed a decimal number where it is approximate")
    return Reading(value, unit, bool(rounded) or decimals is not None, bool(dots))


Term = tuple[Rational, "Rational | None"]  # a value, and a unit in its last place


class _Parser:
    """A parser by recursive descent; a value comes with the unit of its last place."""

    def __init__(self, text: str) -> None:
        self.text, self.place = text, 0

    def expression(self) -> Term:
        value, unit = self.term()
        while sign := self.take(r"[+\-]"):
            other, _ = self.term()
            value, unit = value + (other if sign == "+" else -other), None
        return value, unit

    def term(self) -> Term:
        sign = self.take(r"[+\-]")
        value, unit = self.power()
        if sign == "-":
            value = -value
        while operator := self.take(r"\\cdot(?![A-Za-z])|\\times(?![A-Za-z])|\*|/"):
            other, _ = self.power()
            if operator == "/":
                if not other:
                    raise Unreadable("division by 0")
                value, unit = value / other, None
            else:
                value, unit = value * other, unit * other if unit is not None and _is_power_of_ten(other) else None
        return value, unit

    def power(self) -> Term:
        value, unit = self.atom()
        if self.take(r"\\%"):
            value, unit = value / 100, None if unit is None else unit / 100
        if self.take(r"\^"):
            exponent, _ = self.argument()
            if exponent.denominator != 1 or abs(exponent) > 1000 or (exponent < 0 and not value):
                raise Unreadable(f"found the exponent {exponent}, needed an integer of at most 1000")
            value, unit = value ** int(exponent), None
        return value, unit

    def atom(self) -> Term:
        if self.take(r"\("):
            value = self.expression()
            self.demand(r"\)", ")")
            return value
        if self.take(r"\{"):
            value = self.expression()
            self.demand(r"\}", "}")
            return value
        if name := self.take(r"\\[A-Za-z]+"):
            if name[1:] not in FRACTIONS:
                raise Unreadable(f"found {name}, needed a rational number")
            (above, _), (below, _) = self.argument(), self.argument()
            if not below:
                raise Unreadable("division by 0")
            return above / below, None
        return self.digits()

    def digits(self) -> Term:
        match = DIGITS.match(self.text, self.place)
        if match is None:
            found = self.text[self.place : self.place + 20] or "nothing"
            raise Unreadable(f"found {found}, needed a number")
        self.place = match.end()
        whole, _, decimals = match[0].partition(".")
        groups = re.split(r"\{,\}|\\,", whole)
        if any(len(group) != 3 for group in groups[1:]) or (len(groups) > 1 and not 0 < len(groups[0]) <= 3):
            raise Unreadable(f"found {match[0]}, needed groups of three digits, or a decimal point")
        if self.text[self.place : self.place + 1] == ",":
            raise Unreadable(f"found {self.text}, needed 1{{,}}234 for thousands, or a decimal point")
        unit = mpq(1, 10 ** len(decimals))
        value = mpq("".join(groups) or "0") + (mpq(decimals) * unit if decimals else 0)
        if match := re.compile(r"\.?\\overline\s*\{(\d+)\}").match(self.text, self.place):
            self.place = match.end()
            return value + unit * mpq(match[1]) / (10 ** len(match[1]) - 1), None
        if re.compile(r"\s*(?:\\[a-z]?frac|[\d{(])").match(self.text, self.place):
            raise Unreadable(f"found {self.text}, needed a sign between two numbers")
        return value, unit

    def argument(self) -> Term:
        """The argument of a macro: a group, or one digit."""
        self.skip()
        if self.text[self.place : self.place + 1] == "{":
            return self.atom()
        digit = self.take(r"\d")
        if digit is None:
            raise Unreadable(f"found {self.text[self.place :][:20] or 'nothing'}, needed an argument")
        return mpq(digit), None

    def skip(self) -> None:
        while self.text[self.place : self.place + 1].isspace():
            self.place += 1

    def take(self, pattern: str) -> str | None:
        self.skip()
        match = re.compile(pattern).match(self.text, self.place)
        if match is None:
            return None
        self.place = match.end()
        return match[0]

    def demand(self, pattern: str, shown: str) -> None:
        if self.take(pattern) is None:
            raise Unreadable(f"found {self.text}, needed {shown}")

    def demand_end(self) -> None:
        self.skip()
        if self.place < len(self.text):
            raise Unreadable(f"found {self.text[self.place :][:20]}, needed the end of the number")


def _is_power_of_ten(value: Rational) -> bool:
    digits = str(max(value, 1 / value)) if value > 0 else ""
    return digits[:1] == "1" and not digits[1:].strip("0")
