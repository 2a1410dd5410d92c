"""What a decision about a point rests on, in words: one or two sentences of plain text for each rule.

The rules are specified in the docstring of `exactrelu.checker`; the numbers are those of the decision's proof.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exactrelu.certificate import Decision

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
QUESTIONS = {
    "differentiable": "Is the loss differentiable here?",
    "clarke_critical": "Is 0 in the Clarke subdifferential?",
    "local_minimum": "Is it a local minimum?",
    "local_maximum": "Is it a local maximum?",
    "saddle": "Is it a saddle: critical, but no local extremum?",
    "strict": "Is the loss greater at all other points nearby?",
    "isolated": "Is it a local minimum without another one nearby?",
    "global_minimum": "Is it a global minimum?",
    "kind": "Which kind of local minimum is it?",
}
"""What is asked, for each of `exactrelu.point.QUESTIONS`."""

RULES: dict[tuple[str, str], str] = {
    ("differentiable", "smooth"): "No unit vanishes here unless it does so identically, or has equal "
    "slopes: near the point the loss is one polynomial.",
    ("differentiable", "linear-derivative"): "Units vanish here, but the jumps of slope cancel: the one-sided "
    "derivative is linear in the direction.",
    ("differentiable", "kink"): "In one direction and its opposite the one-sided derivatives do not add up to 0.",
    ("clarke_critical", "zero-gradient"): "The loss is one polynomial near the point, and its gradient is 0.",
    ("clarke_critical", "gradient"): "The loss is one polynomial near the point, and its gradient is not 0.",
    ("clarke_critical", "multipliers"): "A convex combination of the gradients on the incident cells is 0.",
    ("clarke_critical", "least-norm"): "A convex combination u of the gradients on the incident cells is not 0, and "
    "⟨u, gradient⟩ ≥ |u|² on all incident cells: u is the element of least norm.",
    ("clarke_critical", "separating-direction"): "A direction u has ⟨u, gradient⟩ > 0 on all incident cells.",
    ("local_minimum", "constant"): "The loss is constant near the point.",
    ("local_minimum", "sum-of-squares"): "The sum of weight · residual here · change of the output vanishes "
    "identically, so near the point the loss exceeds the loss here by a sum of squares.",
    ("local_minimum", "positive-definite"): "The gradient is 0 and the Hessian is positive definite.",
    ("local_minimum", "zero-loss"): "The loss is 0, and it is nowhere negative.",
    ("local_minimum", "dual-vectors"): "For each choice of signs of the output weights that are 0, a dual vector "
    "shows that the loss, which is convex in the moves of the neurons, does not fall along any of them.",
    ("local_minimum", "lagrangian"): "On each piece around the point multipliers give a Lagrangian that is nowhere "
    "above the loss and has a minimum at the point.",
    ("local_minimum", "descent"): "The loss falls along a curve that starts here",
    ("local_maximum", "constant"): "The loss is constant near the point.",
    ("local_maximum", "ascent"): "The loss rises along a curve that starts here",
    ("local_maximum", "cones"): "For each neuron a proof on cones shows that the loss rises in none of its moves.",
    ("saddle", "neither"): "The point is Clarke critical, but neither a local minimum nor a local maximum.",
    ("saddle", "not-critical"): "The point is not Clarke critical.",
    ("saddle", "minimum"): "The point is a local minimum.",
    ("saddle", "maximum"): "The point is a local maximum.",
    ("global_minimum", "zero-loss"): "The loss is 0, and it is nowhere negative.",
    ("global_minimum", "bounding-tree"): "The networks are divided into branches; on each a dual vector proves "
    "that the loss is at least the loss here.",
    ("global_minimum", "better-point"): "Another point has a smaller loss",
    ("kind", "constant"): "It lies in a cell on which the loss is constant.",
    ("kind", "not-constant"): "It lies in a cell on which the loss is not constant.",
    ("kind", "constant-cell"): "It lies on the boundary of a cell on which the loss is constant.",
    ("kind", "incident-cells"): "The loss is constant on none of the incident cells.",
    ("kind", "none"): "It is no local minimum.",
} | {
    (question, rule): text
    for question in ("strict", "isolated")
    for rule, text in {
        "positive-definite": "The gradient is 0 and the Hessian is positive definite.",
        "no-minimum": "It is no local minimum.",
        "rescaling": "A hidden layer times r > 0 and the next one divided by r give the same loss, for all r.",
        "lagrangian": "On each piece around the point multipliers give a Lagrangian that is nowhere above the loss and "
        "has a strict minimum at the point.",
        "constant-line": "The loss is constant along a line through the point.",
        "constant-ray": "The loss is constant along a ray from the point.",
    }.items()
}  # fmt: skip


def reason(decision: Decision) -> str:
    """Why a decision is as it is: the rule and the numbers of its proof in words; for an open question, the obstacle.

    >>> reason(Decision("global_minimum", "no", "better-point", {"loss": "1/3"}))
    'Another point has a smaller loss: 1/3.'
    """
    if decision.answer == "undecided":
        return f"Open: {decision.reason}."
    text = RULES[decision.question, decision.rule]
    proof: Mapping[str, Any] = decision.proof
    if decision.rule in ("descent", "ascent"):
        there = proof["better" if decision.rule == "descent" else "worse"]
        power = "" if proof["order"] == 1 else str(proof["order"]).translate(RAISED)
        factor = {"1": "", "-1": "−"}.get(proof["coefficient"], f"{proof['coefficient']} ".replace("-", "−"))
        change = f"{factor}t{power}"
        return (
            f"{text}: it changes by {change} and terms of higher order in t. At t = {there['t']} it is {there['loss']}."
        )
    if decision.rule == "better-point":
        return f"{text}: {proof['loss']}."
    return text
