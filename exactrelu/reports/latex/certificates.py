"""The sections on certificates, and on what a report does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exactrelu import typesetting
from exactrelu.reports.story import Story

HOW = (
    "Every answer above has a certificate, a file that holds the whole problem and the proof. The checker shares no "
    "code with the program that found them; it is one file, which needs nothing but Python: "
)
DIGEST = (
    "The SHA-256 is that of the canonical text of the certificate: JSON with sorted keys, without spaces; "
    "\\ercode{exactrelu check -{}-json} prints it."
)


def certificates(story: Story) -> Iterator[str]:
    """Each certificate with what it proves, its SHA-256, and the commands that make and check it."""
    if not story.certificates:
        yield "There are no certificates."
        return
    files = " ".join(each.file for each in story.certificates)
    yield HOW + code(f"python checker.py {files}") + ". " + DIGEST
    for each in story.certificates:
        said = "not checked: the budget ran out" if each.verdict is None else f"accepted: {each.verdict.reason}"
        quoted = re.sub('"(.*)"', r"“\1”", each.title[:1].upper() + each.title[1:])
        yield typesetting.macro("erhead", f"\\textbf{{{typesetting.escape(quoted)}}}\\quad{code(each.file)}")
        yield typesetting.macro("eritem", "Checker.", typesetting.escape(f"{said.replace('_', ' ')}."))
        yield typesetting.macro("eritem", "SHA-256.", code(" ".join(re.findall(".{8}", each.digest))))
        yield typesetting.macro("eritem", "Made by.", f"{code(each.make)};\\erbreak{{}} checked by {code(each.check)}")


def code(text: str) -> str:
    r"""A command; lines may end at spaces.

    >>> code("a --b")
    '\\ercode{a} \\ercode{-\\/-b}'
    """
    return " ".join(typesetting.macro("ercode", typesetting.escape(word)) for word in text.split())


def missing(story: Story) -> Iterator[str]:
    """What the report does not have, and the questions that stay open, by name; nothing if there is nothing."""
    for gap in story.gaps:
        name = gap.part[:1].upper() + gap.part[1:]
        yield typesetting.macro(
            "eritem", typesetting.escape(f"{name}."), typesetting.escape(typesetting.sentence(gap.reason))
        )
    for name, questions in story.undecided.items():
        words = ", ".join(question.replace("_", " ") for question in questions)
        yield typesetting.macro("eritem", typesetting.escape(f"Point {name}."), typesetting.escape(f"Open: {words}."))
