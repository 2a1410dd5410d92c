"""``exactrelu report``: the whole story of a problem as LaTeX, PDF or HTML; the check of a manuscript's constants."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from exactrelu.commands import BAD, NO, UNDECIDED, YES, counted, print_json, ticking, writable
from exactrelu.errors import MalformedInput

if TYPE_CHECKING:
    from exactrelu.budget import Budget
    from exactrelu.reports.story import Story


def run_report(options: argparse.Namespace) -> int:
    """``exactrelu report FILE -o OUT``, with certificates, fragments, keys, or the check of a manuscript."""
    from exactrelu.jsonfile import write_whole
    from exactrelu.landscape import Problem
    from exactrelu.reports.story import CRITICAL, LIMIT, PARTS, gather

    limit, parts = LIMIT, (*PARTS, *([CRITICAL] if options.critical else []))
    _demand_sense(options)
    if options.check:
        return _check(options)
    if options.output is not None and options.output.endswith(".html"):
        from exactrelu.reports.html import CELLS as limit
    problem = Problem.load(options.file)
    with _interruptible(options) as budget:
        story = gather(problem, limit=options.limit or limit, budget=budget, parts=parts)
        files = _files(options, story, budget)
        if options.keys:
            from exactrelu.reports.constants import Constants

            keys = dict(Constants(story, budget).listed())
    for folder in (options.fragments, options.certificates):
        if folder is not None:
            os.makedirs(folder, exist_ok=True)
    for path, content in files.items():
        write_whole(path, content)
    if options.keys:
        _print_keys(options, story, keys)
    else:
        _summarise(options, story, list(files))
    return UNDECIDED if story.is_late else YES


def _demand_sense(options: argparse.Namespace) -> None:
    """Complain about options that do not fit together, and places that cannot be written, before the work begins."""
    wanted = [options.output, options.fragments, options.certificates, options.check, options.keys]
    if not any(wanted):
        raise MalformedInput(
            "report", "nothing to do", "-o OUT, --fragments DIR, --certificates DIR, --check or --keys"
        )
    if options.check and any(wanted[:3]):
        raise MalformedInput("--check", "an output too", "one of them at a time")
    if options.check and options.critical:
        raise MalformedInput("--check", "--critical too", "one of them at a time")
    if options.output is not None:
        ending = os.path.splitext(options.output)[1]
        if ending not in WRITERS:
            raise MalformedInput("-o", f'"{options.output}"', f"a name that ends in {' or '.join(WRITERS)}")
        writable(options.output)
        if ending == ".html":
            from exactrelu.reports.html import demand_jinja

            demand_jinja()
    if options.fragment and os.path.splitext(options.output or "")[1] != ".tex":
        raise MalformedInput("--fragment", f'-o "{options.output}"' if options.output else "no -o", "-o OUT.tex")
    for name in ("fragments", "certificates"):
        folder = getattr(options, name)
        if folder is not None and not (os.path.isdir(folder) and os.access(folder, os.W_OK)):
            if os.path.exists(folder):
                raise MalformedInput(f"--{name}", f'"{folder}"', "a folder that can be written")
            writable(folder)


@contextmanager
def _interruptible(options: argparse.Namespace) -> Iterator[Budget]:
    """The budget. An interrupt ends everything, also where a search would take it as the end of its own time."""
    from exactrelu.budget import Budget

    interrupted = threading.Event()

    def ring(*_: object) -> NoReturn:
        interrupted.set()
        raise KeyboardInterrupt

    def tick() -> None:
        bar()
        if interrupted.is_set():
            raise KeyboardInterrupt

    is_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, ring) if is_main else None
    try:
        with ticking(options, "report") as bar:
            yield Budget(options.budget, tick=tick)
        if interrupted.is_set():
            raise KeyboardInterrupt
    finally:
        if is_main:
            signal.signal(signal.SIGINT, before)


def _files(options: argparse.Namespace, story: Story, budget: Budget) -> dict[str, str | bytes]:
    """What is to be written where."""
    files: dict[str, str | bytes] = {}
    if options.output is not None and options.fragment:
        from exactrelu.reports.latex.document import fragment

        files[options.output] = fragment(story)
    elif options.output is not None:
        files[options.output] = WRITERS[os.path.splitext(options.output)[1]](story, budget)
    if options.fragments is not None:
        from exactrelu.reports.latex.document import fragments

        files |= {os.path.join(options.fragments, name): text for name, text in fragments(story).items()}
    if options.certificates is not None:
        files |= {
            os.path.join(options.certificates, each.file): each.certificate.dumps() for each in story.certificates
        }
    return files


def _print_keys(options: argparse.Namespace, story: Story, keys: dict[str, str]) -> None:
    if options.json:
        print_json({"keys": keys, "complete": not story.is_late})
        return
    for key, value in keys.items():
        print(f"{key} = {value}")


def _check(options: argparse.Namespace) -> int:
    """Compare the marked constants of manuscripts; 0: all agree, 1: some differ, 2: unreadable, 3: not known."""
    from exactrelu.landscape import Problem
    from exactrelu.reports import manuscript
    from exactrelu.reports.constants import Constants, parts_of
    from exactrelu.reports.story import gather

    marks = [mark for path in options.check for mark in manuscript.marks(manuscript.load(path), path)]
    if not marks:
        needed = "\\exact{key}{value}, or a comment % exact: key"
        raise MalformedInput(", ".join(options.check), "no marked constants", needed)
    problem = Problem.load(options.file)
    with _interruptible(options) as budget:
        story = gather(problem, limit=1, budget=budget, parts=parts_of(mark.key for mark in marks))
        found = list(manuscript.findings(marks, Constants(story, budget)))
    count = {status: sum(each.status == status for each in found) for status in manuscript.STATUSES}
    if options.json:
        places = [
            {**vars(each.mark), "exact": each.exact, "status": each.status, "detail": each.detail} for each in found
        ]
        print_json({"places": places, **count, "complete": not count[manuscript.OPEN]})
    else:
        for each in found:
            if each.status != manuscript.AGREES:
                print(each)
        if not options.quiet:
            print(
                f"{counted(len(found), 'constant')}: " + ", ".join(f"{n} {status}" for status, n in count.items() if n)
            )
    codes = {manuscript.UNREADABLE: BAD, manuscript.DIFFERS: NO, manuscript.OPEN: UNDECIDED}
    return next((code for status, code in codes.items() if count[status]), YES)


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


def _summarise(options: argparse.Namespace, story: Story, files: list[str]) -> None:
    """What was written, and what is missing, by name."""
    if options.json:
        result: dict[str, Any] = {
            "file": options.output,
            "files": files,
            "complete": not story.is_late,
            "missing": [{"part": gap.part, "reason": gap.reason} for gap in story.gaps],
            "undecided": story.undecided,
            "certificates": {each.file: each.digest for each in story.certificates},
        }
        print_json(result)
    elif not options.quiet:
        checked = sum(each.verdict is not None for each in story.certificates)
        shown = files[0] if len(files) == 1 else counted(len(files), "file")
        print(f"{shown} written; {counted(checked, 'certificate')}, accepted by the checker")
        for gap in story.gaps:
            print(f"  missing: {gap.part}: {gap.reason}")
        for point, questions in story.undecided.items():
            print(f"  undecided: point {point}: {', '.join(q.replace('_', ' ') for q in questions)}")
