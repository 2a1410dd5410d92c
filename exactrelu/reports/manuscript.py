r"""The marked constants of a manuscript in LaTeX, compared with the exact ones.

A mark is ``\exact{key}{value}``, which prints the value (`exactrelu.reports.latex.macros` provides the macro), or a
comment at the end of a line: ``% exact: key`` is about the last number of the line, ``% exact: key = value`` states a
value by itself. Several comments on one line are about the last numbers in their order. A value must be equal to the
exact one; ``\exact[3]{key}{0.333}``, ``% exact[3]: key`` and ``\approx`` say that it is correctly rounded to so many
decimals. Verbatim texts, comments and definitions of the macro are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from exactrelu.errors import BudgetExceeded, MalformedInput, Unsupported
from exactrelu.reports.constants import Constants, UnknownKey
from exactrelu.reports.latex.numbers import DIGITS, Reading, Unreadable, read

AGREES, DIFFERS, OPEN, UNREADABLE = "agrees", "differs", "open", "unreadable"
STATUSES = (AGREES, DIFFERS, OPEN, UNREADABLE)
VERBATIM = ("verbatim", "verbatim*", "Verbatim", "lstlisting", "minted", "comment")
DEFINERS = ("newcommand", "renewcommand", "providecommand", "DeclareRobustCommand", "def", "gdef", "let")
COMMENT = re.compile(r"%\s*exact(?:\[(?P<decimals>[^\]]*)\])?:\s*(?P<key>[^%=]*)(?:=(?P<value>[^%]*))?")
FRACTION = r"\\(?:[tdc]?frac|nicefrac|sfrac|erfrac)\s*(?:\{[^{}]*\}|\d)\s*(?:\{[^{}]*\}|\d)"
NUMBER = re.compile(
    rf"(?:\\approx\s*|≈\s*)?(?:(?<![\w)}}\]])[-−]\s*)?"
    rf"(?:{FRACTION}|(?:{DIGITS.pattern})(?:\\overline\{{\d+\}})?(?:\s*/\s*\d+)?(?:\\[lc]?dots|\\%)?)"
)


@dataclass(frozen=True)
class Mark:
    """A marked constant: where it is (line and column count from 1), its key, what stands there; or what is wrong."""

    file: str
    line: int
    column: int
    key: str
    found: str
    decimals: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Finding:
    """A mark, the exact value as text, and whether it ``agrees``, ``differs``, is ``open`` or ``unreadable``."""

    mark: Mark
    status: str
    exact: str
    detail: str

    def __str__(self) -> str:
        mark = self.mark
        return f"{mark.file}:{mark.line}:{mark.column}: {mark.key}: {self.detail}"


def load(path: str) -> str:
    """The text of a manuscript; bytes that are not UTF-8 do not matter."""
    try:
        return Path(path).read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise MalformedInput(path, (error.strerror or "an error").lower(), "a readable file") from None


def marks(text: str, file: str) -> list[Mark]:
    r"""The marks of a manuscript, in order.

    >>> text = "The loss is $\\exact{loss:bad}{\\frac13}$.\nIt has 36 cells. % exact: cells\n"
    >>> [(m.line, m.column, m.key, m.found) for m in marks(text, "paper.tex")]
    [(1, 14, 'loss:bad', '\\frac13'), (2, 8, 'cells', '36')]
    """
    return list(_Scanner(text, file).marks())


class _Scanner:
    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file

    def marks(self) -> Iterator[Mark]:
        place = 0
        for_special = re.compile(r"\\([A-Za-z@]+|.)|%", re.DOTALL)
        while match := for_special.search(self.text, place):
            place = match.end()
            if match[0] == "%":
                end = self._end_of_line(place)
                yield from self._comments(match.start(), end)
                place = end
            elif match[1] == "verb":
                star = self.text.startswith("*", place)
                delimiter = self.text[place + star : place + star + 1]
                end = self.text.find(delimiter, place + star + 1) if delimiter else -1
                place = place if end < 0 else end + 1
            elif match[1] == "begin":
                place = self._after_verbatim(place)
            elif match[1] in DEFINERS:
                place = self._after_definition(place)
            elif match[1] == "exact":
                mark, place = self._mark(match.start(), place)
                yield mark

    def _end_of_line(self, place: int) -> int:
        end = self.text.find("\n", place)
        return len(self.text) if end < 0 else end

    def _after_verbatim(self, place: int) -> int:
        for name in VERBATIM:
            if self.text.startswith(f"{{{name}}}", place):
                end = self.text.find(f"\\end{{{name}}}", place)
                return len(self.text) if end < 0 else end
        return place

    def _after_definition(self, place: int) -> int:
        r"""The name that is defined, if it is ``\exact``, is no mark."""
        match = re.compile(r"\*?\s*\{?\s*\\exact(?![A-Za-z@])").match(self.text, place)
        return match.end() if match else place

    # ------------------------------------------------------------------ marks

    def _mark(self, start: int, place: int) -> tuple[Mark, int]:
        option, place = self._group(place, "[", "]")
        key, place = self._group(place, "{", "}")
        value, place = self._group(place, "{", "}") if key is not None else (None, place)
        if key is None or value is None:
            return self._at(start, key or "\\exact", "", fault="needed \\exact{key}{value}"), place
        return self._at(start, _plain(key), value.strip(), option or ""), place

    def _group(self, place: int, opening: str, closing: str) -> tuple[str | None, int]:
        """A balanced group after blanks and comments, and the place after it; None if there is none."""
        gap = re.compile(r"(?:\s|%[^\n]*\n)*").match(self.text, place)
        first = gap.end() if gap else place
        if not self.text.startswith(opening, first):
            return None, place
        depth, here = 0, first
        while here < len(self.text):
            c = self.text[here]
            if c == "\\":
                here += 2
                continue
            if c == "%":
                here = self._end_of_line(here)
                continue
            depth += (c in "{" + opening) - (c in "}" + closing)
            here += 1
            if not depth:
                return self.text[first + 1 : here - 1], here
        return None, place

    def _comments(self, start: int, end: int) -> Iterator[Mark]:
        """The marks in a comment; those without a value are about the last numbers of the line."""
        found = list(COMMENT.finditer(self.text[start:end]))
        silent = sum(match["value"] is None for match in found)
        begin = self.text.rfind("\n", 0, start) + 1
        numbers = list(NUMBER.finditer(self.text[begin:start]))[-silent:] if silent else []
        numbers_left: list[re.Match[str] | None] = [None] * (silent - len(numbers)) + [*numbers]
        for match in found:
            key, decimals = _plain(match["key"]), match["decimals"] or ""
            if match["value"] is not None:
                yield self._at(start + match.start(), key, match["value"].strip(), decimals)
                continue
            number = numbers_left.pop(0)
            if number is None:
                yield self._at(start + match.start(), key, "", fault="needed a number before it on its line")
            else:
                yield self._at(begin + number.start(), key, number[0], decimals)

    def _at(self, place: int, key: str, found: str, decimals: str = "", fault: str = "") -> Mark:
        line = self.text.count("\n", 0, place) + 1
        return Mark(self.file, line, place - self.text.rfind("\n", 0, place), key, found, decimals, fault)


def _plain(key: str) -> str:
    """A key without the backslashes that LaTeX may need in it, and without comments and line ends."""
    text = re.sub(r"(?<!\\)%[^\n]*\n\s*", "", key)
    return re.sub(r"\s+", " ", re.sub(r"\\([_%#&{}$])", r"\1", text)).strip()


# ---------------------------------------------------------------------- the comparison


def findings(found: Sequence[Mark], constants: Constants) -> Iterator[Finding]:
    """What there is to say about each mark."""
    for mark in found:
        yield _finding(mark, constants)


def _finding(mark: Mark, constants: Constants) -> Finding:
    if mark.fault:
        return Finding(mark, UNREADABLE, "", mark.fault)
    try:
        exact = constants.value(mark.key)
    except UnknownKey as error:
        return Finding(mark, UNREADABLE, "", str(error))
    except (Unsupported, BudgetExceeded) as error:
        return Finding(mark, OPEN, "", f"found {mark.found}, but the exact value is not known: {error}")
    if isinstance(exact, str):
        agrees = _word(mark.found) == _word(exact)
        return _compared(mark, str(exact), agrees, "")
    try:
        if mark.decimals and not mark.decimals.strip().isdecimal():
            raise Unreadable(f"found [{mark.decimals}], needed a number of decimals")
        reading = read(mark.found, int(mark.decimals) if mark.decimals else None)
    except Unreadable as error:
        return Finding(mark, UNREADABLE, str(exact), f"{error} (the exact value is {exact})")
    return _compared(mark, str(exact), reading.agrees(exact), _hint(reading, exact))


def _compared(mark: Mark, exact: str, agrees: bool, hint: str) -> Finding:
    shown = " ".join(mark.found.split())
    detail = f"{shown} is right" if agrees else f"found {shown}, the exact value is {exact}{hint}"
    return Finding(mark, AGREES if agrees else DIFFERS, exact, detail)


def _hint(reading: Reading, exact: object) -> str:
    """Where a number is a rounding of the exact one, how to say so."""
    rounded = Reading(reading.value, reading.unit, is_rounded=True)
    if reading.unit is None or reading.unit == 1 or reading.is_rounded or not rounded.agrees(exact):
        return ""
    return r"; if it is meant as a rounding, write \approx, or \exact[decimals]{key}{value}"


def _word(tex: str) -> str:
    """A word without fonts, dollars, braces, blanks and small letters."""
    text = re.sub(r"\\(?:text\w*|emph|mathrm|mathtt|ersignature|ercode|erbreak|/)(?![A-Za-z])", "", tex)
    return re.sub(r"[{}$\s]|\\/|\\,", "", text).replace("−", "-").lower()
