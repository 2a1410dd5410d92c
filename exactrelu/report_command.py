"""``exactrelu report``: the whole story of a problem as LaTeX, PDF or HTML."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from exactrelu.commands import UNDECIDED, YES, counted, print_json, ticking, writable
from exactrelu.errors import MalformedInput

if TYPE_CHECKING:
    from exactrelu.reports.story import Story


def run_report(options: argparse.Namespace) -> int:
    """``exactrelu report FILE -o OUT``."""
    from exactrelu.jsonfile import write_whole
    from exactrelu.landscape import Problem
    from exactrelu.reports.story import LIMIT, gather

    ending = os.path.splitext(options.output)[1]
    if ending not in WRITERS:
        raise MalformedInput("-o", f'"{options.output}"', f"a name that ends in {' or '.join(WRITERS)}")
    writable(options.output)
    limit = LIMIT
    if ending == ".html":
        from exactrelu.reports.html import CELLS as limit
        from exactrelu.reports.html import demand_jinja

        demand_jinja()
    problem = Problem.load(options.file)
    with ticking(options, "report") as budget:
        story = gather(problem, limit=options.limit or limit, budget=budget)
        content = WRITERS[ending](story, budget)
    write_whole(options.output, content)
    _summarise(options, story)
    return UNDECIDED if story.is_late else YES


def _tex(story: Story, tick: Callable[[], None]) -> str:
    from exactrelu.reports.latex.document import document

    return document(story)


def _pdf(story: Story, tick: Callable[[], None]) -> bytes:
    from exactrelu.latexmk import compile_pdf

    return compile_pdf(_tex(story, tick))


def _html(story: Story, tick: Callable[[], None]) -> str:
    from exactrelu.reports.html import page

    return page(story, tick)


WRITERS: dict[str, Callable[[Story, Callable[[], None]], str | bytes]] = {".tex": _tex, ".pdf": _pdf, ".html": _html}
"""How to write a story, by the ending of the file's name; what is drawn is within the budget."""


def _summarise(options: argparse.Namespace, story: Story) -> None:
    """What was written, and what is missing, by name."""
    if options.json:
        result: dict[str, Any] = {
            "file": options.output,
            "complete": not story.is_late,
            "missing": [{"part": gap.part, "reason": gap.reason} for gap in story.gaps],
            "undecided": story.undecided,
            "certificates": {each.file: each.digest for each in story.certificates},
        }
        print_json(result)
    elif not options.quiet:
        checked = sum(each.verdict is not None for each in story.certificates)
        print(f"{options.output}: {counted(checked, 'certificate')}, accepted by the checker")
        for gap in story.gaps:
            print(f"  missing: {gap.part}: {gap.reason}")
        for point, questions in story.undecided.items():
            print(f"  undecided: point {point}: {', '.join(q.replace('_', ' ') for q in questions)}")
