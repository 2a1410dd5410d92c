r"""The report in LaTeX: a document of its own, one fragment for ``\input``, or a fragment for each section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exactrelu import typesetting
from exactrelu.reports.latex.cells import cells
from exactrelu.reports.latex.certificates import certificates, missing
from exactrelu.reports.latex.macros import MACROS, PREAMBLE
from exactrelu.reports.latex.minima import atlas, critical, minimum
from exactrelu.reports.latex.minima import missing as reason
from exactrelu.reports.latex.points import points, verdict
from exactrelu.reports.latex.problem import notation, problem
from exactrelu.reports.story import Story

MENTIONED = 6  # points in the summary


def document(story: Story) -> str:
    """The report as a document of its own."""
    return f"{PREAMBLE}{fragment(story)}\\end{{document}}\n"


def fragment(story: Story) -> str:
    r"""The report without a preamble, for ``\input`` in a paper that loads the packages of `macros.PACKAGES`."""
    return MACROS + "".join(sections(story).values())


def fragments(story: Story) -> dict[str, str]:
    r"""The report in files for ``\input``: ``macros.tex``, which must come first, and one for each section."""
    return {"macros.tex": MACROS, **{f"{name}.tex": text for name, text in sections(story).items()}}


def title(story: Story) -> str:
    """The title of a report."""
    return f"The landscape of {story.problem.name}" if story.problem.name else "The landscape of a training problem"


def sections(story: Story) -> Mapping[str, str]:
    """The sections by the names of their files."""
    parts = {
        "summary": [typesetting.macro("ertitle", typesetting.escape(title(story))), *summary(story)],
        "problem": [*_section("Problem", problem(story.problem)), *_section("Notation", notation(story.problem))],
        "points": [*_section("Points", points(story))],
        "minimum": [*_section("Global minimum", minimum(story))],
        "atlas": [*_section("Local minima", atlas(story))],
        "critical": [*_section("Critical points", critical(story))],
        "cells": [*_section("Cells", _cells(story))],
        "certificates": [*_section("Certificates", certificates(story)), *_section("Open", missing(story))],
    }
    if not parts["critical"]:
        del parts["critical"]
    return {name: "\n".join(("\\begingroup\\erlayout", *lines, "\\par\\endgroup\n")) for name, lines in parts.items()}


def summary(story: Story) -> Iterator[str]:
    """What is decided, in a few lines."""
    facts = [f"The point {typesetting.escape(point.name)} is {verdict(point)}." for point in story.points[:MENTIONED]]
    if len(story.points) > MENTIONED:
        facts = [typesetting.counted(len(story.points), "point is", "points are") + " decided, see below."]
    if story.minimum is not None and story.minimum.is_exact:
        facts.append(f"The global minimum is ${typesetting.number(story.minimum.upper)}$.")
    if story.atlas is not None and story.atlas.complete:
        values = {each.value for each in story.atlas.local_minima}
        sets = typesetting.counted(len(story.atlas.local_minima), "set", "sets")
        facts.append(f"All local minima are known: {sets}, with {typesetting.counted(len(values), 'value', 'values')}.")
    if story.critical is not None and story.critical.complete:
        sets = typesetting.counted(len(story.critical.sets), "set", "sets")
        facts.append(f"All Clarke critical points are known: {sets}.")
    if story.cells is not None and story.cells.is_complete:
        facts.append(f"Parameter space has {typesetting.counted(story.cells.count, 'cell', 'cells')}.")
    checked = sum(each.verdict is not None for each in story.certificates)
    facts.append(f"{typesetting.counted(checked, 'certificate', 'certificates')}, accepted by the checker.")
    if any(missing(story)):
        facts.append("What is open is listed at the end.")
    yield typesetting.macro("eritem", "In short.", " ".join(facts))


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
