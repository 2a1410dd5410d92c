"""``exactrelu plot``: a picture of a problem or an arrangement, as SVG, PDF or PNG."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from exactrelu.commands import YES, print_json, ticking, writable
from exactrelu.errors import MalformedInput, Unsupported

if TYPE_CHECKING:
    from exactrelu.pictures.picture import Picture, Subject, Wishes

WISHES = ("at", "axes", "through", "window", "color", "limit")


def add_options(sub: argparse.ArgumentParser) -> None:
    """The grammar of the command."""
    sub.add_argument("file", nargs="?", metavar="FILE", help='a problem or arrangement file; "-" is standard input')
    sub.add_argument("-o", "--output", metavar="OUT", help="the picture, by its ending: .svg, .pdf or .png")
    sub.add_argument(
        "--kind", metavar="KIND", help='which picture (default: the first that applies); "help" lists them'
    )
    sub.add_argument("--list", action="store_true", help="list the kinds of pictures and whether they apply to FILE")
    sub.add_argument("--figure", metavar="NAME", help="a figure of a paper, from exact data; it needs no FILE")
    sub.add_argument("--figures", action="store_true", help="list the figures, and those that cannot be redrawn")
    sub.add_argument("--at", metavar="NAME", help="a named point of the problem")
    sub.add_argument("--axes", nargs=2, metavar=("P", "Q"), help="two parameters that move, such as W1_1_1 W1_1_2")
    sub.add_argument(
        "--through", nargs=3, metavar=("A", "B", "C"), help='the plane through three named points; "0" is the origin'
    )
    sub.add_argument(
        "--window", nargs=4, metavar=("X0", "X1", "Y0", "Y1"), help="what part of the plane, in exact numbers"
    )
    sub.add_argument("--color", choices=("loss", "signature"), help="what the colour of a slice says (default: loss)")
    sub.add_argument("--size", nargs=2, metavar=("W", "H"), type=float, help="width and height in inches")
    sub.add_argument("--limit", type=int, metavar="N", help="the most cells that are drawn")
    sub.add_argument("--no-caption", action="store_true", help="leave out the caption beneath the picture")


def run_plot(options: argparse.Namespace) -> int:
    """``exactrelu plot FILE -o OUT``, or ``exactrelu plot --figure NAME -o OUT``."""
    if options.figures or options.figure is not None:
        return _run_figure(options)
    from exactrelu.pictures.catalogue import KINDS, applicable

    if options.file is None:
        raise MalformedInput("FILE", "nothing", "a problem or arrangement file, or --figure NAME")
    listing = options.list or options.kind == "help"
    if not listing:
        _check(options)
        if options.kind is not None and options.kind not in KINDS:
            raise MalformedInput("--kind", f'"{options.kind}"', f"one of: {', '.join(KINDS)}")
    subject = read_subject(options.file)
    if listing:
        return _print_kinds(options, subject)
    known = applicable(subject)
    if options.kind is None:
        if not known:
            reasons = "; ".join(f"{name}: {kind.why_not(subject)}" for name, kind in KINDS.items())
            raise Unsupported(f"no kind of picture applies ({reasons})")
        name = _asked(options, known) or next(iter(known))
    else:
        name = options.kind
        if reason := KINDS[name].why_not(subject):
            others = f"; --kind may be: {', '.join(known)}" if known else ""
            raise Unsupported(f"--kind {name}: {reason}{others}")
    for wish in (wish for wish in WISHES if getattr(options, wish) is not None and wish not in KINDS[name].takes):
        takers = ", ".join(other for other, kind in KINDS.items() if wish in kind.takes)
        raise MalformedInput(f"--{wish}", f'a picture of the kind "{name}"', f"a kind that looks at it: {takers}")
    return _write(options, {"kind": name}, lambda wishes: KINDS[name].draw(subject, wishes))


def _run_figure(options: argparse.Namespace) -> int:
    """``exactrelu plot --figure NAME -o OUT``, ``exactrelu plot --figures``."""
    from exactrelu.pictures.figures.catalogue import FIGURES, draw

    for name in (name for name in ("file", "kind", *WISHES) if getattr(options, name) is not None):
        option = "FILE" if name == "file" else f"--{name}"
        raise MalformedInput(
            "--figures" if options.figures else "--figure", f"{option} too", "one of them: a figure has its own data"
        )
    if options.figures:
        return _print_figures(options)
    _check(options)
    if options.figure not in FIGURES:
        raise MalformedInput("--figure", f'"{options.figure}"', f"one of: {', '.join(FIGURES)}")
    return _write(options, {"figure": options.figure}, lambda wishes: draw(options.figure, wishes))


def _check(options: argparse.Namespace) -> None:
    """Complain about what cannot be drawn or written before anything is read."""
    from exactrelu.pictures import style

    if options.output is None:
        raise MalformedInput("-o", "nothing", "the file for the picture: -o OUT.svg, .pdf or .png")
    style.ending_of(options.output)
    writable(options.output)
    for number in options.size or ():
        if not 1 <= number <= 40:
            raise MalformedInput("--size", f"{number:g}", "inches from 1 to 40")
    if options.limit is not None and options.limit < 1:
        raise MalformedInput("--limit", str(options.limit), "a number of at least 1")
    style.demand_matplotlib()


def _write(options: argparse.Namespace, name: dict[str, str], draw: Callable[[Wishes], Picture]) -> int:
    """Draw, write the file, and say what it shows."""
    from exactrelu.jsonfile import write_whole
    from exactrelu.pictures import style
    from exactrelu.pictures.picture import Wishes

    with ticking(options, "picture") as tick:
        wishes = Wishes(
            at=options.at,
            axes=_tuple(options.axes),
            through=_tuple(options.through),
            window=_tuple(options.window),
            color=options.color,
            size=_tuple(options.size),
            limit=options.limit,
            tick=tick,
        )
        picture = draw(wishes)
        caption = "" if options.no_caption else picture.caption
        data = style.rendered(picture.figure, style.ending_of(options.output), caption, tick)
    write_whole(options.output, data)
    if options.json:
        print_json({"output": options.output, **name, "caption": picture.caption, **picture.facts})
    elif not options.quiet:
        print(f"{options.output}: {', '.join(name.values())}")
        print(f"  {picture.caption}")
    return YES


def read_subject(path: str) -> Subject:
    """The problem, or the arrangement, in a file."""
    from exactrelu.arrangement import FORMAT, Arrangement
    from exactrelu.jsonfile import read_document
    from exactrelu.landscape import Problem

    node = read_document(path)
    if isinstance(node.value, dict) and node.value.get("format") == FORMAT:
        return Arrangement.from_dict(node.value)
    return Problem.read(node)


def _asked(options: argparse.Namespace, known: dict[str, Any]) -> str | None:
    """The kind that the other wishes are about: axes, planes and colours are those of a slice."""
    about_slices = options.axes or options.through or options.color
    return "slice" if about_slices and "slice" in known else None


def _tuple(values: Any) -> Any:
    return None if values is None else tuple(values)


def _print_kinds(options: argparse.Namespace, subject: Subject) -> int:
    from exactrelu.pictures.catalogue import KINDS

    entries = [
        {"kind": name, "title": kind.title, "applies": not (reason := kind.why_not(subject)), "reason": reason}
        for name, kind in KINDS.items()
    ]
    if options.json:
        print_json({"kinds": entries})
    else:
        for entry in entries:
            print(f"{entry['kind']:10} {entry['title']}")
            if not entry["applies"]:
                print(f"{'':10} does not apply: {entry['reason']}")
    return YES


def _print_figures(options: argparse.Namespace) -> int:
    from exactrelu.pictures.figures.catalogue import FIGURES

    if options.json:
        entries = [
            {"figure": name, "source": f.source, "title": f.title, "drawn": f.draw is not None, "reason": f.refusal}
            for name, f in FIGURES.items()
        ]
        print_json({"figures": entries})
    else:
        for name, figure in FIGURES.items():
            print(f"{name:28} {figure.title} ({figure.source})")
            if figure.draw is None:
                print(f"{'':28} not redrawn: {figure.refusal}")
    return YES
