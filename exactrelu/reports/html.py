"""A `Story` as one HTML page that needs no network: formulas in MathML, pictures in SVG, style and script inside.

The page is made from the story only, by the template ``page.html.jinja``. Numbers are exact; a decimal is a tooltip.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from exactrelu import checker
from exactrelu.budget import no_tick
from exactrelu.errors import BudgetExceeded, Unsupported
from exactrelu.jsonfile import canonical
from exactrelu.rational import Rational
from exactrelu.reports import cell_graph, mathml, reasons, setting
from exactrelu.reports.story import CertificateStory, PointStory, Story

CELLS = 150  # that are listed, unless another limit is asked for
EMBEDDED, ALTOGETHER = 200_000, 800_000  # characters of a certificate, and of all, that a page holds
PICTURE, PICTURES = 300_000, 700_000  # likewise of pictures
FILES = ("page.html.jinja", "page.css", "page.js")


def page(story: Story, tick: Callable[[], None] = no_tick) -> str:
    """The page of a story. ``tick`` may raise `BudgetExceeded`: pictures that are not drawn then are named on the page.

    Raises `Unsupported` when Jinja2 is not installed.
    """
    text: str = _environment().get_template(FILES[0]).render(context(story, tick))
    return text.encode("utf-8", "replace").decode()  # lone surrogates have no place in a page


def demand_jinja() -> None:
    """Raise `Unsupported`, with what to install, when Jinja2 is missing."""
    try:
        import jinja2  # noqa: F401
    except ImportError:
        message = 'the report as a page needs Jinja2, which is not installed: pip install "exactrelu[report]"'
        raise Unsupported(message) from None


def _environment() -> Any:
    demand_jinja()
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_source), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters.update(number=mathml.number, json=_json, words=lambda name: name.replace("_", " "))
    return environment


def _source(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _json(value: Any) -> str:
    """JSON that can stand inside a script element."""
    return _harmless(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _harmless(text: str) -> str:
    """JSON text without <, which occurs in strings only."""
    return text.replace("<", "\\u003c")


def context(story: Story, tick: Callable[[], None] = no_tick) -> dict[str, Any]:
    """All that the template asks for; what ends in ``html`` is HTML already."""
    style, script = (_source(name) for name in FILES[1:])
    pictures, no_pictures = _pictures(story, tick)
    problem = story.problem
    return {
        "story": story,
        "title": problem.name or "A problem without a name",
        "style_html": style,
        "script_html": script,
        "script_hash": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        "summary": list(_summary(story)),
        "problem": _problem(story),
        "cells": _cells(story),
        "points": [_point(story, number, point) for number, point in enumerate(story.points, 1)],
        "minimum": _minimum(story),
        "atlas": _atlas(story),
        "critical": _critical(story),
        "pictures": pictures,
        "no_pictures": no_pictures,
        "certificates": _certificates(story),
        "checker": hashlib.sha256(Path(checker.__file__).read_bytes()).hexdigest(),
    }


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _summary(story: Story) -> Iterator[dict[str, str]]:
    """The findings in a few tiles: a number or a word in HTML, and what it says."""
    if story.minimum is not None:
        exact = story.minimum.is_exact
        value = story.minimum.upper if exact else story.minimum.lower
        yield {"html": mathml.number(value), "text": "is the global minimum" if exact else "bounds the loss from below"}
    if story.atlas is not None:
        sets, spurious = story.atlas.local_minima, sum(s.is_spurious for s in story.atlas.local_minima)
        rest = f", {spurious} of them spurious" if story.atlas.complete else ", and the list is not complete"
        yield {"html": str(len(sets)), "text": f"set{'' if len(sets) == 1 else 's'} of local minima{rest}"}
    if story.critical is not None:
        count, saddles = len(story.critical.sets), sum(s.kind == "saddles" for s in story.critical.sets)
        rest = f", {saddles:,} of them saddles" if story.critical.complete else ", and the list is not complete"
        yield {"html": f"{count:,}", "text": f"set{'' if count == 1 else 's'} of Clarke critical points{rest}"}
    if story.cells is not None:
        flat = sum(cell.is_flat for cell in story.cells.listed) or "none"
        known = "in all" if story.cells.is_complete else "found, not known to be all"
        whole = len(story.cells.listed) == story.cells.count
        where = "" if whole else f" of the first {len(story.cells.listed):,}"
        text = f"cell{'' if story.cells.count == 1 else 's'} {known}; the loss is constant on {flat}{where}"
        yield {"html": f"{story.cells.count:,}", "text": text}
    if story.points:
        minima = sum(point.answer("local_minimum") == "yes" for point in story.points)
        spurious = sum(point.is_spurious for point in story.points)
        rest = f", {spurious} of them spurious" if minima else ""
        count = len(story.points)
        text = f"named point{'' if count == 1 else 's'}: {minima} local minim{'um' if minima == 1 else 'a'}{rest}"
        yield {"html": str(count), "text": text}
    if story.certificates:
        accepted = sum(each.verdict is not None for each in story.certificates)
        yield {
            "html": f"{accepted} of {len(story.certificates)}",
            "text": "certificates checked, and accepted by the independent checker",
        }


def _problem(story: Story) -> dict[str, Any]:
    problem = story.problem
    network = problem.network
    header, rows = setting.data(problem)
    arrays = [
        mathml.math(mathml.array(name) + f"<mo>∈</mo><msup><mi>ℝ</mi><mtext>{'×'.join(map(str, shape))}</mtext></msup>")
        for name, _, _, shape in network.blocks
    ]
    return {
        "widths": " → ".join(map(str, network.widths)),
        "arrays_html": arrays,
        "layers_html": setting.layers(network),
        "activation_html": setting.activation(network),
        "structure_html": [
            setting.structure(place, layer) for place, layer in enumerate(network.layers, 1) if layer.kind != "dense"
        ],
        "loss_words": setting.loss_words(problem),
        "loss_html": setting.loss(problem),
        "header_html": header,
        "rows_html": rows,
        "file": _harmless(problem.dumps()),
        "file_name": f"{_file_name(problem.name)}.json",
    }


def _file_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "problem"


# ---------------------------------------------------------------------- cells


def _cells(story: Story) -> dict[str, Any] | None:
    cells = story.cells
    if cells is None:
        return None
    graph = cell_graph.graph_of(story)
    details = cell_graph.details(story)
    values = cell_graph.known_values(cells.listed)
    rows = [
        {
            "cell": cell,
            "rank": -1 if cell.infimum is None else values.index(cell.infimum),
            "walls": len(entry["walls"]),
        }
        for cell, entry in zip(cells.listed, details["cells"], strict=True)
    ]
    units = details["units"]
    return {
        "graph": graph,
        "why_no_graph": "" if graph else _why_no_graph(story),
        "details": details,
        "rows": rows,
        "legend": cell_graph.legend(cells.listed),
        "has_values": bool(values),
        "units": len(units),
        "notation": _notation(story),
    }


def _why_no_graph(story: Story) -> str:
    cells = story.cells
    if cells is None or len(cells.listed) < 2:
        return ""
    if len(cells.listed) > cell_graph.DRAWN:
        return f"A graph of {len(cells.listed)} cells is not drawn; the limit is {cell_graph.DRAWN}."
    return f"The graph is not drawn: {cells.why_no_edges}."


def _notation(story: Story) -> str:
    """How to read a signature, in words."""
    network, loss = story.problem.network, story.problem.loss
    groups = [_counted(size, "sign") + f" for layer {number}" for number, size in enumerate(network.activated, 1)]
    if loss.is_hinge:
        groups.append(_counted(len(story.problem.units[0]), "sign") + " for the hinges of the loss")
    if not groups:
        return "No unit of this network has a kink: there is one cell."
    order = ", then ".join(groups) + (" (separated by commas)" if len(groups) > 1 else "")
    return (
        f"A signature lists the signs of all units, data point by data point (separated by semicolons): {order}. "
        "A 0 stands for a unit that vanishes, at the point or on the whole cell. Counting starts at 1."
    )


# ---------------------------------------------------------------------- points


def _point(story: Story, number: int, point: PointStory) -> dict[str, Any]:
    arrays = partial(mathml.arrays, story.problem.network)
    numbers = {cell.signature: cell.number for cell in story.cells.listed} if story.cells else {}
    facts: list[dict[str, Any]] = []

    def fact(name: str, *lines: list[str]) -> None:
        facts.append({"name": name, "lines": lines})

    def zero_or(vector: Sequence[Rational]) -> list[str]:
        return arrays(vector) if any(vector) else ["zero"]

    if point.gradient is not None:
        fact("Gradient", zero_or(point.gradient))
    elif point.least_norm is not None:
        fact("Least element of the Clarke subdifferential", zero_or(point.least_norm))
    if point.inertia is not None:
        signs = point.inertia
        fact("Hessian", [f"{signs.positive} positive, {signs.negative} negative, {signs.zero} zero eigenvalues"])
    if point.direction is not None:
        fact("Direction with a positive product with all gradients around", arrays(point.direction))
    if point.better is not None:
        where, value = point.better
        first, *rest = arrays(where)
        fact("A better point", [f"loss {mathml.number(value)} at {first}", *rest])
    if point.constant_lines:
        fact("The loss is constant along", *map(arrays, point.constant_lines))
    around = list(point.incident or ())
    home = [point.form.signature] if point.form is not None else [cell.signature for cell in around]
    weights = {each.signature: each for each in point.subgradients}
    return {
        "id": f"point-{number}",
        "point": point,
        "arrays_html": arrays(point.parameters),
        "badges": list(_badges(point)),
        "decisions": [_decision(name, point, arrays, story) for name in reasons.QUESTIONS],
        "facts": facts,
        "cells": [
            {
                "signature": signature,
                "number": numbers.get(signature),
                "weight": weights[signature].multiplier if signature in weights else None,
                "gradient_html": arrays(weights[signature].gradient) if signature in weights else [],
            }
            for signature in home
        ],
        "all_cells": point.form is not None or (point.incident is not None and point.incident.complete),
        "certificate": next(
            (f"certificate-{k}" for k, e in enumerate(story.certificates, 1) if _is_about(e, point)), ""
        ),
    }


def _is_about(each: CertificateStory, point: PointStory) -> bool:
    return each.certificate.kind == "point" and each.certificate.proof.get("at") == point.name


def _badges(point: PointStory) -> Iterator[tuple[str, str]]:
    """The verdict on a point in a few words, each with the tone of its colour."""
    if point.answer("global_minimum") == "yes":
        yield "global minimum", "good"
    elif point.is_spurious:
        yield "spurious local minimum", "bad"
    elif point.answer("local_minimum") == "yes":
        yield "local minimum", "good"
    if point.answer("local_maximum") == "yes":
        yield "local maximum", "plain"
    if point.answer("saddle") == "yes":
        yield "saddle", "plain"
    if point.answer("clarke_critical") == "no":
        yield "not critical", "plain"
    if point.answer("kind") in ("flat", "sharp"):
        yield str(point.answer("kind")), "plain"
    if point.answer("differentiable") == "no":
        yield "kink", "plain"
    if any(decision.answer == "undecided" for decision in point.decisions.values()):
        yield "open questions", "open"


def _decision(name: str, point: PointStory, arrays: Callable[[Any], list[str]], story: Story) -> dict[str, Any]:
    decision = point.decisions[name]
    answer = "none" if decision.answer is None else decision.answer
    germ = point.germs.get(name)
    shown = [
        {"name": text, "html": arrays(story.problem.network.read(value))} for text, value in _moves(decision.proof)
    ]
    return {
        "question": reasons.QUESTIONS[name], "answer": answer, "rule": decision.rule, "why": reasons.reason(decision),
        "moves": shown, "germ_html": mathml.equation(["<mi>L</mi>"], mathml.series(germ)) if germ else [],
    }  # fmt: skip


def _moves(proof: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The directions and points of a proof, with a name for each."""
    for place, direction in enumerate(proof.get("curve", ()), 1):
        yield f"Coefficient of t{'' if place == 1 else f'^{place}'} of the curve", direction
    for key, text in (("direction", "Direction"), ("point", "Point")):
        if key in proof:
            yield text, proof[key]


# ---------------------------------------------------------------------- minimum and atlas


def _minimum(story: Story) -> dict[str, Any] | None:
    if story.minimum is None:
        return None
    return {"minimum": story.minimum, "arrays_html": mathml.arrays(story.problem.network, story.minimum.argmin)}


def _atlas(story: Story) -> list[dict[str, Any]] | None:
    if story.atlas is None:
        return None
    name = story.atlas.search.name
    return [
        {
            "set": each,
            "rank": sorted({s.value for s in story.atlas.local_minima}).index(each.value),
            "neurons": [name((q,)) for q in each.piece],
            "thin": [[name((2 * c,))[1:] for c in cells] for cells in each.thin],
            "witness_html": mathml.arrays(story.problem.network, each.witness),
        }
        for each in story.atlas.local_minima
    ]


def _critical(story: Story) -> list[dict[str, Any]] | None:
    if story.critical is None:
        return None
    values = sorted({each.value for each in story.critical.sets})
    return [
        {
            "value": value,
            "rank": values.index(value),
            "kind": kind,
            "count": len(sets),
            "ends": _ends([each.dimension for each in sets]),
            "parameter_ends": _ends([m for each in sets if (m := each.parameter_dimension) is not None]),
            "neurons": [*sets[0].active, *(f"0{face}" for face in sets[0].inactive)],
            "witness_html": mathml.arrays(story.problem.network, sets[0].witness),
        }
        for (value, kind), sets in story.critical.groups.items()
    ]


def _ends(numbers: Sequence[int]) -> list[int]:
    """The least and the greatest, or one number."""
    return sorted({min(numbers), max(numbers)}) if numbers else []


# ---------------------------------------------------------------------- pictures


def _pictures(story: Story, tick: Callable[[], None]) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """The pictures that apply, as SVG; and those that are missing, with the reason."""
    from exactrelu.pictures import catalogue
    from exactrelu.pictures.picture import Wishes

    found: list[dict[str, Any]] = []
    missing: list[tuple[str, str]] = []
    left = PICTURES
    for name, kind in catalogue.applicable(story.problem).items():
        try:
            tick()
            picture = kind.draw(story.problem, Wishes(tick=tick))
            svg = inline_svg(picture.svg(caption=False), f"{name}-", f"{kind.title}. {picture.caption}")
        except (Unsupported, BudgetExceeded) as error:
            missing.append((name, str(error)))
            continue
        if len(svg) > min(PICTURE, left):
            missing.append((name, f"its {len(svg):,} characters of SVG are too many for this page"))
            continue
        left -= len(svg)
        found.append({"name": name, "title": kind.title, "caption": picture.caption, "svg_html": svg})
    return found, missing


def inline_svg(svg: str, prefix: str, label: str) -> str:
    """An SVG file as an element of a page: identifiers with a prefix, nothing that acts on the rest of the page.

    >>> inline_svg('<?xml version="1.0"?><svg width="9pt"><g id="a"/><use href="#a"/></svg>', "p-", "Dot")
    '<svg role="img" aria-label="Dot" stroke-linejoin="round"><g id="p-a"/><use href="#p-a"/></svg>'
    """
    from html import escape

    text = svg[svg.index("<svg") :].rstrip()
    text = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", text, flags=re.DOTALL)
    head, _, body = text.partition(">")
    head = re.sub(r'\s(?:xmlns(?::\w+)?|width|height|version)="[^"]*"', "", head)
    head += f' role="img" aria-label="{escape(label)}" stroke-linejoin="round"'
    body = re.sub(r'\bid="', f'id="{prefix}', body)
    body = body.replace("xlink:href=", "href=").replace('href="#', f'href="#{prefix}')
    body = body.replace("url(#", f"url(#{prefix}")
    return re.sub(r"\n\s*", "\n", f"{head}>{body}")


# ---------------------------------------------------------------------- certificates


def _certificates(story: Story) -> list[dict[str, Any]]:
    """The certificates, each with its text if it is not too long and there is room."""
    left, result = ALTOGETHER, []
    for number, each in enumerate(story.certificates, 1):
        size = len(canonical(each.certificate.to_dict()))
        text = _harmless(each.certificate.dumps()) if size <= min(EMBEDDED, left) else ""
        left -= len(text)
        kind = each.certificate.kind
        result.append({"id": f"certificate-{number}", "each": each, "kind": kind, "size": f"{size:,}", "text": text})
    return result
