r"""The report in LaTeX: a document of its own, one fragment for ``\input``, or a fragment for each section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exactrelu import typesetting
from exactrelu.reports.latex.cells import cells
from exactrelu.reports.latex.certificates import certificates, missing
from exactrelu.reports.latex.macros import MACROS, PREAMBLE
from exactrelu.reports.latex.minima import atlas, minimum
from exactrelu.reports.latex.minima import missing as reason
from exactrelu.reports.latex.points import points
from exactrelu.reports.latex.problem import notation, problem
from exactrelu.reports.story import Story


def document(story: Story) -> str:
    """The report as a document of its own."""
    return f"{PREAMBLE}{fragment(story)}\\end{{document}}\n"


def fragment(story: Story) -> str:
    r"""The report without a preamble, for ``\input`` in a paper that loads the packages of `macros.PACKAGES`."""
    return MACROS + f"\\ertitle{{{typesetting.escape(title(story))}}}\n" + "".join(sections(story).values())


def fragments(story: Story) -> dict[str, str]:
    r"""The report in files for ``\input``: ``macros.tex``, which must come first, and one for each section."""
    return {"macros.tex": MACROS, **{f"{name}.tex": text for name, text in sections(story).items()}}


def title(story: Story) -> str:
    """The title of a report."""
    return f"The landscape of {story.problem.name}" if story.problem.name else "The landscape of a training problem"


def sections(story: Story) -> Mapping[str, str]:
    """The sections by the names of their files."""
    parts = {
        "problem": [*_section("Problem", problem(story.problem)), *_section("Notation", notation(story.problem))],
        "points": [*_section("Points", points(story))],
        "minimum": [*_section("Global minimum", minimum(story))],
        "atlas": [*_section("Local minima", atlas(story))],
        "cells": [*_section("Cells", _cells(story))],
        "certificates": [*_section("Certificates", certificates(story)), *_section("Open", missing(story))],
    }
    return {name: "\n".join(("\\begingroup\\erlayout", *lines, "\\par\\endgroup\n")) for name, lines in parts.items()}


def _section(name: str, lines: Iterator[str]) -> Iterator[str]:
    """A heading and its lines; nothing if there are none."""
    listed = list(lines)
    if listed:
        yield typesetting.macro("ersection", name)
        yield from listed


def _cells(story: Story) -> Iterator[str]:
    if story.cells is None:
        yield from reason(story, "cells")
    else:
        yield from cells(story.problem, story.cells)
