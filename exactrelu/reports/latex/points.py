"""The section on points: everything decided about each, by which rule, and the data of the proof in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from gmpy2 import mpq

from exactrelu import typesetting
from exactrelu.certificate import Decision
from exactrelu.problem import Instance
from exactrelu.rational import Rational
from exactrelu.reports.latex.proofs import cone_proofs, dual_vectors, multipliers_of_pieces
from exactrelu.reports.latex.tables import cut, table
from exactrelu.reports.reasons import RULES
from exactrelu.reports.story import PointStory, Story

MATHEMATICAL = {
    "least-norm": "A convex combination $u$ of the gradients on the incident cells is not $0$, and "
    "$\\langle u, \\nabla L \\rangle \\ge |u|^2$ on all incident cells: $u$ is the element of least norm.",
    "separating-direction": "$\\langle u, \\nabla L \\rangle > 0$ on all incident cells.",
    "rescaling": "For all $r > 0$ a hidden layer times $r$ and the next one divided by $r$ give the same loss.",
}
"""What a rule says, where the words of `exactrelu.reports.reasons` have formulas."""
TERMS = 8  # of a polynomial along a curve
NAMES = {
    "differentiable": "Differentiable",
    "clarke_critical": "Clarke critical",
    "local_minimum": "Local minimum",
    "local_maximum": "Local maximum",
    "saddle": "Saddle",
    "strict": "Strict local minimum",
    "isolated": "Isolated local minimum",
    "global_minimum": "Global minimum",
    "kind": "Kind of local minimum",
}
"""How a question is called, for each of `exactrelu.point.QUESTIONS`."""


def points(story: Story) -> Iterator[str]:
    """The named points of a story."""
    yield "\\erloose{}In directions and gradients the arrays that are zero are left out."
    if not story.points:
        yield "The problem names no points."
    elif len(story.points) > 1:
        yield from overview(story)
    for point in story.points:
        yield from _point(story, point)


def verdict(point: PointStory) -> str:
    """What a point is, in a few words."""
    minimum, kind = point.answer("local_minimum"), point.answer("kind")
    sharpness = f"{kind} " if kind in ("flat", "sharp") else ""
    if point.answer("global_minimum") == "yes":
        return f"a {sharpness}global minimum"
    if point.is_spurious:
        return f"a {sharpness}spurious local minimum"
    if minimum == "yes":
        return f"a {sharpness}local minimum"
    if point.answer("local_maximum") == "yes":
        return "a local maximum"
    if point.answer("saddle") == "yes":
        return "a saddle"
    if point.answer("clarke_critical") == "no":
        return "not critical"
    return "no local minimum" if minimum == "no" else "undecided"


def overview(story: Story) -> Iterator[str]:
    """The points in a table."""
    rows = [
        [
            typesetting.escape(point.name),
            f"${_loss(point)}$",
            verdict(point),
            point.answer("differentiable") or "",
            point.answer("clarke_critical") or "",
        ]
        for point in story.points
    ]
    yield table(["point", "loss", "it is", "differentiable", "critical"], rows, "LrLll")


def _loss(point: PointStory) -> str:
    return typesetting.marked(f"loss:{point.name}", typesetting.number(point.loss))


def _point(story: Story, point: PointStory) -> Iterator[str]:
    problem = story.problem
    yield typesetting.macro("erpoint", typesetting.escape(point.name))
    signature = typesetting.macro("ersignature", typesetting.letters(point.signature))
    yield typesetting.macro(
        "eritem", "Parameters.", f"{typesetting.arrays(problem, point.parameters)}; signature {signature}."
    )
    yield typesetting.macro("eritem", "Verdict.", f"$L = {_loss(point)}$: {verdict(point)}.")
    if point.gradient is not None:
        size = "0" if not any(point.gradient) else ""
        shown = (
            f"$\\nabla L = {size}$"
            if size
            else f"$\\nabla L$: {typesetting.arrays(problem, point.gradient, sparse=True)}"
        )
        if point.inertia is not None:
            names = ("positive", "negative", "zero")
            parts = (
                typesetting.marked(f"hessian:{point.name}:{name}", str(getattr(point.inertia, name))) for name in names
            )
            shown += f"; Hessian inertia $({', '.join(parts)})$"
        yield typesetting.macro("eritem", "Derivatives.", f"{shown}.")
    elif point.incident is not None:
        count = typesetting.counted(len(point.incident), "incident cell is", "incident cells are")
        known = "these are all" if point.incident.complete else f"not known to be all: {point.incident.reason}"
        cells = [typesetting.macro("ersignature", typesetting.letters(cell.signature)) for cell in point.incident]
        shown = ", \\erbreak ".join(cells[: story.limit])
        more = cut(len(cells), story.limit, "cell", "cells")
        text = f"{count} known ({typesetting.escape(known)}): {shown}.{more}"
        yield typesetting.macro("eritem", "Around.", text)
    for question, decision in point.decisions.items():
        yield from _decision(story, point, question, decision)


def _decision(story: Story, point: PointStory, question: str, decision: Decision) -> Iterator[str]:
    if decision.answer == "undecided":
        yield typesetting.macro(
            "erdecision",
            NAMES[question],
            "undecided",
            "open",
            typesetting.escape(typesetting.sentence(decision.reason)),
        )
        return
    if decision.rule == "none":
        return
    text = MATHEMATICAL.get(decision.rule) or typesetting.escape(RULES[question, decision.rule])
    text = text if text.endswith(".") else f"{text}:"
    data = PROOFS.get(decision.rule)
    lines = list(data(story, point, decision.proof, question)) if data else []
    inline = lines.pop(0) if lines and not lines[0].startswith("\\er") else ""
    answer = typesetting.escape(str(decision.answer))
    rule = typesetting.escape(decision.rule.replace("-", " "))
    yield typesetting.macro("erdecision", NAMES[question], answer, rule, f"{text} {inline}".strip())
    yield from lines


# ---------------------------------------------------------------------- the data of a proof

Writer = Callable[[Story, PointStory, Mapping[str, Any], str], Iterator[str]]
"""The data of a proof: first, if it does not begin with a macro of ours, what stands in the paragraph."""


def direction(instance: Instance, proof: Mapping[str, Any]) -> str:
    """A direction in parameter space; arrays that are zero are left out."""
    return typesetting.arrays(instance, instance.network.read(proof), sparse=True)


def _curve(instance: Instance, curve: Sequence[Mapping[str, Any]]) -> str:
    terms = [f"t{f'^{k}' if k > 1 else ''} d_{{{k}}}" for k in range(1, len(curve) + 1)]
    named = [
        f"$d_{{{k}}}$: {direction(instance, d)}"
        for k, d in enumerate(curve, 1)
        if any(instance.network.read(d))
    ]  # fmt: skip
    kept = [term for term, d in zip(terms, curve, strict=True) if any(instance.network.read(d))]
    return f"$\\omega(t) = \\omega + {' + '.join(kept)}$ with {'; '.join(named)}"


def germ(coefficients: Sequence[Rational]) -> str:
    """A polynomial in t, cut after some terms."""
    result = ""
    terms = [(k, c) for k, c in enumerate(coefficients) if c]
    for k, c in terms[:TERMS]:
        power = "" if k == 0 else "t" if k == 1 else f"t^{{{k}}}"
        size = typesetting.number(abs(c)) if not power else typesetting.factor(abs(c))
        sign = "-" if c < 0 else "+" if result else ""
        result += ("\\erbreak " if result else "") + f"{sign} {size} {power}"
    return (result or "0") + ("+ \\dotsb" if len(terms) > TERMS else "")


def _descent(story: Story, point: PointStory, proof: Mapping[str, Any], question: str) -> Iterator[str]:
    there = proof.get("better") or proof["worse"]
    t, loss = (typesetting.number(mpq(there[key])) for key in ("t", "loss"))
    along = germ(point.germs[question])
    curve = _curve(story.problem, proof["curve"])
    yield f"{curve}; for small $t > 0$, $L(\\omega(t)) = {along}$. At $t = {t}$ it is ${loss}$."


def _kink(story: Story, point: PointStory, proof: Mapping[str, Any], question: str) -> Iterator[str]:
    yield f"The direction is {direction(story.problem, proof['direction'])}."


def _subgradients(story: Story, point: PointStory, proof: Mapping[str, Any], question: str) -> Iterator[str]:
    if point.direction is not None:
        yield f"Here $u$ is {typesetting.arrays(story.problem, point.direction, sparse=True)}."
    rows = [
        [
            typesetting.macro("ersignature", typesetting.letters(each.signature)),
            f"${typesetting.number(each.multiplier)}$",
            typesetting.arrays(story.problem, each.gradient, sparse=True, tight=True),
        ]
        for each in point.subgradients[: story.limit]
    ]
    if rows:
        yield table(["cell", "multiplier", "gradient on the cell"], rows, "LrL")
        if more := cut(len(point.subgradients), story.limit, "cell", "cells"):
            yield typesetting.macro("erhang") + more


def _better(story: Story, point: PointStory, proof: Mapping[str, Any], question: str) -> Iterator[str]:
    if point.better is not None:
        there, loss = point.better
        yield f"$L = {typesetting.number(loss)}$ at {typesetting.arrays(story.problem, there)}."


def _line(story: Story, point: PointStory, proof: Mapping[str, Any], question: str) -> Iterator[str]:
    yield f"Its direction is {direction(story.problem, proof['direction'])}."


def _rescaling(story: Story, point: PointStory, proof: Mapping[str, Any], question: str) -> Iterator[str]:
    yield f"Here it is layer {proof['layer']}."


def _into(story: Story, point: PointStory, proof: Mapping[str, Any], question: str) -> Iterator[str]:
    yield f"The curve {_curve(story.problem, proof['curve'])} leads into it."


def _bounds(story: Story, point: PointStory, proof: Mapping[str, Any], question: str) -> Iterator[str]:
    leaves = typesetting.counted(_leaves(proof["tree"]), "branch", "branches")
    yield f"There are {leaves}; see the section on the global minimum, and the certificate."


def _leaves(tree: Mapping[str, Any]) -> int:
    return sum(map(_leaves, tree["children"])) if "children" in tree else 1


def _dual_vectors(story: Story, point: PointStory, proof: Mapping[str, Any], question: str) -> Iterator[str]:
    yield from dual_vectors(story.problem, proof["tree"], story.limit)


def _cones(story: Story, point: PointStory, proof: Mapping[str, Any], question: str) -> Iterator[str]:
    yield from cone_proofs(story.problem, proof["neurons"], story.limit)


def _lagrangian(story: Story, point: PointStory, proof: Mapping[str, Any], question: str) -> Iterator[str]:
    yield from multipliers_of_pieces(story.problem, proof["tree"], story.limit)


PROOFS: dict[str, Writer] = {
    "kink": _kink,
    "multipliers": _subgradients,
    "least-norm": _subgradients,
    "separating-direction": _subgradients,
    "descent": _descent,
    "ascent": _descent,
    "dual-vectors": _dual_vectors,
    "cones": _cones,
    "lagrangian": _lagrangian,
    "better-point": _better,
    "bounding-tree": _bounds,
    "constant-line": _line,
    "constant-ray": _line,
    "rescaling": _rescaling,
    "constant-cell": _into,
}
