"""Everything decided about a point of parameter space, each answer with its proof.

A point in the interior of a cell is decided by the polynomial of the cell: hinge losses completely (a multi-affine
polynomial has no extremum unless it is constant), the squared loss by its gradient, its Hessian, and the identity

    L - L* = sum_i weight_i |o_i - o_i*|^2 + 2 sum_i weight_i <r_i, o_i - o_i*>,

which proves a local minimum when the second sum vanishes identically. On kinks, and where this is silent: with one
hidden layer and each neuron feeding one output the dual vectors and cones of `dual_vectors` and `cone_maximum` decide;
elsewhere the multipliers of `lagrangian`, and descent along curves; what they leave open is ``undecided``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from gmpy2 import mpq

from exactrelu import display
from exactrelu.budget import rest
from exactrelu.certificate import Certificate, Decision
from exactrelu.clarke import Answer, Subdifferential
from exactrelu.cone_maximum import cone_proofs
from exactrelu.constant_cells import constant_cell
from exactrelu.differentiability import has_linear_derivative
from exactrelu.directions import fixed_directions, minimal_directions, scattered
from exactrelu.dual_vectors import dual_tree
from exactrelu.errors import BudgetExceeded, InternalContradiction
from exactrelu.forms import CellForm
from exactrelu.germ import Curve, loss_germ, lowest_change, on_curve
from exactrelu.global_minimum import global_minimum
from exactrelu.incidence import Incidence, IncidentCell, IncidentCells
from exactrelu.lagrangian import FLAT, has_cross_term, lagrange_tree, strict_tree
from exactrelu.level_set import constant_lines
from exactrelu.lifted import why_not_lifted
from exactrelu.linear import Congruence, certify_positive_definite, certify_positive_semidefinite
from exactrelu.neighbourhood import KINK, Neighbourhood
from exactrelu.rational import Rational, Vector
from exactrelu.shallow import Shallow
from exactrelu.smt import guessed_curves

QUESTIONS = (
    "differentiable", "clarke_critical", "local_minimum", "local_maximum", "saddle", "strict", "isolated",
    "global_minimum", "kind",
)  # fmt: skip
RESTS_ON = {
    "kind": ("local_minimum",),
    "saddle": ("clarke_critical", "local_minimum", "local_maximum"),
    "strict": ("local_minimum",),
    "isolated": ("local_minimum",),
}
EXPANDED = 100_000
MANY = 8  # kinks
BRANCHES = 1_000
SYMMETRIES = 500_000
HALVED = mpq(1, 2**64)  # steps below are squared: numbers of thousands of digits need very small ones


@dataclass(frozen=True)
class Point(Neighbourhood):
    """A point of parameter space and the questions about it. Decisions are made when asked for, and kept.

    ``curves`` through the point may be proposed: a descent or an ascent along one of them decides.

    >>> from exactrelu.examples import example
    >>> from exactrelu.forms import Forms
    >>> problem = example("yun2018-three-point")
    >>> bad = Point(Forms(problem), problem.point("bad"), "bad")
    >>> bad.loss, bad.signature
    (mpq(1,3), '++;++;++')
    >>> bad.local_minimum(), bad.global_minimum()
    (Decision(local_minimum: yes, sum-of-squares), Decision(global_minimum: no, better-point))
    """

    curves: tuple[Curve, ...] = ()

    # ------------------------------------------------------------------ decisions

    def differentiable(self) -> Decision:
        """Whether the loss is differentiable at the point; ``no`` with a direction in which its slope jumps.

        >>> from exactrelu import example
        >>> example("laurent-brecht-unbalanced-relu").at("vanishing").differentiable()
        Decision(differentiable: no, kink)
        """
        return self.decide("differentiable")

    def clarke_critical(self) -> Decision:
        """Whether 0 lies in the Clarke subdifferential, the convex hull of the limits of gradients (Clarke 1975).

        ``yes`` with incident cells and multipliers, ``no`` with the element of least norm or a separating direction.

        >>> from exactrelu import example
        >>> example("laurent-brecht-unbalanced-relu").at("vanishing").clarke_critical()
        Decision(clarke_critical: yes, multipliers)
        """
        return self.decide("clarke_critical")

    def local_minimum(self) -> Decision:
        """Whether no point near has a smaller loss; ``no`` with a curve along which it falls, and a point of it.

        >>> from exactrelu import example
        >>> problem = example("laurent-brecht-unbalanced-relu")
        >>> problem.at("vanishing").local_minimum()
        Decision(local_minimum: yes, dual-vectors)
        >>> problem.at({"W1": [[1, 0]], "b1": [0], "W2": [[1]], "b2": [0]}).local_minimum().proof["order"]
        1
        """
        return self.decide("local_minimum")

    def local_maximum(self) -> Decision:
        """Whether no point near has a greater loss; ``no`` with a curve along which it grows, and a point of it."""
        return self.decide("local_maximum")

    def saddle(self) -> Decision:
        """Whether the point is Clarke critical, but neither a local minimum nor a local maximum."""
        return self.decide("saddle")

    def strict(self) -> Decision:
        """Whether the loss is greater at all other points near this one; rescaling a neuron mostly refutes it."""
        return self.decide("strict")

    def isolated(self) -> Decision:
        """Whether the point is a local minimum and no other point near it is one."""
        return self.decide("isolated")

    @cached_property
    def constant_lines(self) -> tuple[Vector, ...]:
        """Directions along which, both ways, the loss is constant near the point; rescalings are not among them."""
        return constant_lines(self, self.unregularised)

    def global_minimum(self) -> Decision:
        """Whether no point at all has a smaller loss; ``no`` with a better point.

        >>> from exactrelu import example
        >>> example("yun2018-three-point").at("bad").global_minimum().proof["loss"]
        '0'
        """
        return self.decide("global_minimum")

    def kind(self) -> Decision:
        """Of a local minimum: ``flat`` (in, or on the boundary of, a cell of constant loss) or ``sharp``.

        Laurent and von Brecht, ICML 2018, section 2: type I and type II. The answer is None where there is no local
        minimum.

        >>> from exactrelu import example
        >>> example("laurent-brecht-unbalanced-relu").at("vanishing").kind().answer
        'sharp'
        """
        return self.decide("kind")

    def decision(self, question: str) -> Decision:
        """The decision of one of `QUESTIONS`, without a certificate of its own; undecided when the budget runs out."""
        if question not in self._decisions:
            try:
                self._decisions[question] = getattr(self, f"_{question}")
            except BudgetExceeded as error:
                self._decisions[question] = Decision(question, "undecided", reason=str(error))
            finally:
                rest(self.tick)
        return self._decisions[question]

    @cached_property
    def _decisions(self) -> dict[str, Decision]:
        return {}

    def decide(self, question: str) -> Decision:
        """The decision of one of `QUESTIONS`, with a certificate of its own."""
        decision = self.decision(question)
        return Decision(
            question, decision.answer, decision.rule, decision.proof, decision.reason,
            self.certificate(question) if decision.answer not in ("undecided", None) else None,
        )  # fmt: skip

    def certificate(self, *questions: str) -> Certificate:
        """One certificate for the loss, the signature, and the decisions of some questions (default: all)."""
        wanted = questions or QUESTIONS
        wanted = (*wanted, *(basis for question in wanted for basis in RESTS_ON.get(question, ())))
        asked = [question for question in QUESTIONS if question in wanted]
        decisions = {question: self.decision(question) for question in asked}
        proof: dict[str, Any] = {
            "point": self.instance.network.write(self.parameters),
            "loss": str(self.loss),
            "signature": self.signature,
            "decisions": {question: decision.to_dict() for question, decision in decisions.items()},
        }
        if self.name:
            proof["at"] = self.name
        if _answers(decisions, "isolated") == "no" and _answers(decisions, "local_minimum") == "yes":
            proof["constant_along"] = [self._write(line) for line in self.constant_lines]
        if not questions and self.vanishing:
            proof["incident"] = self.incident
        spurious = _answers(decisions, "local_minimum") == "yes" and _answers(decisions, "global_minimum") == "no"
        if spurious:
            proof["spurious"] = True
        return Certificate("point", self.instance.to_dict(), self._statement(decisions, spurious), proof)

    def _statement(self, decisions: Mapping[str, Decision], spurious: bool) -> str:
        subject = f'The point "{self.name}"' if self.name else "The point"
        parts = [f"{subject} has loss {self.loss}"]
        if spurious:
            parts.append("is a spurious local minimum: a local minimum, but not a global one")
        parts += [f"{question.replace('_', ' ')}: {decision.answer}" for question, decision in decisions.items()]
        return "; ".join(parts) + "."

    @cached_property
    def _differentiable(self) -> Decision:
        if self.obstacle and self.obstacle != KINK:
            return Decision("differentiable", "undecided", reason=self.obstacle)
        if not self.kinks:
            return Decision("differentiable", "yes", "smooth")
        if self.unregularised is not None and has_linear_derivative(self.unregularised):
            return Decision("differentiable", "yes", "linear-derivative")
        # where the derivative is known not to be linear, the directions in which it jumps contain an open cone
        more = scattered(len(self.parameters), growing=True) if self.unregularised is not None else ()
        for direction in chain(fixed_directions(len(self.parameters)), more):
            self.tick()
            there, back = (
                loss_germ(self.instance, self.parameters, [d]) for d in (direction, tuple(-v for v in direction))
            )
            slopes = [germ[1] if len(germ) > 1 else mpq(0) for germ in (there, back)]
            if slopes[0] + slopes[1]:
                return Decision("differentiable", "no", "kink", {"direction": self._write(direction)})
        return Decision("differentiable", "undecided", reason=f"{KINK}, and no direction tried shows a jump of slope")

    @cached_property
    def _clarke_critical(self) -> Decision:
        if self.gradient is not None:
            if any(self.gradient):
                return Decision("clarke_critical", "no", "gradient")
            return Decision("clarke_critical", "yes", "zero-gradient")
        if self.obstacle != KINK:
            return Decision("clarke_critical", "undecided", reason=self.obstacle)
        found = self.subdifferential
        if found.answer == "undecided":
            return Decision("clarke_critical", "undecided", reason=found.reason)
        cells = [{"curve": self._curve(cell), "multiplier": str(m)} for cell, m in found.cells]
        if found.direction is None:
            return Decision("clarke_critical", "yes", "multipliers", {"cells": cells})
        proof = {"direction": self._write(found.direction), "tree": found.tree}
        if found.direction == found.nearest:
            return Decision("clarke_critical", "no", "least-norm", {"cells": cells, **proof})
        return Decision("clarke_critical", "no", "separating-direction", proof)

    @cached_property
    def incidence(self) -> Incidence:
        """The search for the cells around the point."""
        return Incidence(self, tuple(fixed_directions(len(self.parameters))))

    def incident_cells(self) -> IncidentCells:
        """The cells whose closure contains the point, each with a curve into it, all of them where that is proved.

        >>> from exactrelu.examples import example
        >>> from exactrelu.forms import Forms
        >>> problem = example("liu-two-samples")
        >>> Point(Forms(problem), problem.point("origin")).incident_cells()
        IncidentCells(4 cells)
        """
        return self.incidence.listed

    @property
    def incident(self) -> dict[str, Any]:
        """The incident cells as plain data, with the proof that they are all where there is one."""
        found = self.incident_cells()
        cells = [{"signature": cell.signature, "curve": self._curve(cell)} for cell in found]
        return {"cells": cells, **({"tree": found.tree} if found.complete else {})}

    @cached_property
    def subdifferential(self) -> Answer:
        """Whether 0 is in the Clarke subdifferential, and its element of least norm."""
        return Subdifferential(self.incidence).contains()

    @cached_property
    def _local_minimum(self) -> Decision:
        if self.loss == 0:
            return Decision("local_minimum", "yes", "zero-loss")
        proposed = self._descent(self.curves, "")
        if proposed.answer == "no":
            return proposed
        form = self.form
        if form is not None and form.is_flat:
            return Decision("local_minimum", "yes", "constant")
        if form is None:
            return self._minimum_on_kinks
        if any(self.gradient or ()):
            return self._certain_descent((tuple(-g for g in self.gradient or ()),))
        if self._is_sum_of_squares(form):
            return Decision("local_minimum", "yes", "sum-of-squares")
        if self.unregularised is not None:
            return self._minimum_on_kinks
        hessian = self.hessian
        if hessian is None:
            return Decision("local_minimum", "undecided", reason=self.second_order_obstacle)
        curvature = certify_positive_semidefinite(hessian)
        if not isinstance(curvature, Congruence):
            return self._certain_descent((tuple(mpq(v) for v in curvature.vector),))
        size = self.forms.output_terms() ** (1 if self.instance.loss.is_hinge else 2)
        if size > EXPANDED:
            return self._minimum_by_multipliers(())
        if isinstance(certify_positive_definite(hessian), Congruence):
            return Decision("local_minimum", "yes", "positive-definite")
        return self._minimum_by_multipliers(minimal_directions(form, self.parameters))

    @property
    def unregularised(self) -> Shallow | None:
        """`shallow`, where moreover there is neither weight decay nor a penalty: then every question is decided."""
        return None if self.instance.loss.is_regularised else self.shallow

    @property
    def _minimum_on_kinks(self) -> Decision:
        if self.unregularised is None:
            return self._minimum_by_multipliers(fixed_directions(len(self.parameters)))
        found = dual_tree(self.unregularised, self.tick)
        if isinstance(found, dict):
            return Decision("local_minimum", "yes", "dual-vectors", {"tree": found})
        return self._certain_descent(found)

    def _minimum_by_multipliers(self, directions: Iterable[Vector]) -> Decision:
        """What the multipliers say, or a descent along one of some directions: these first if there are many pieces."""
        lines = [(d,) for d in directions]
        descent = self._descent(lines if len(self.kinks) > MANY else (), FLAT)
        if descent.answer == "no":
            return descent
        if self._has_many_symmetries:
            return self._descent(lines, "a layer is so wide that the symmetries of the network are too many")
        found = lagrange_tree(self.forms, self.parameters, self.columns, self.tick)
        if isinstance(found, dict):
            return Decision("local_minimum", "yes", "lagrangian", found)
        if found is None:
            guesses = guessed_curves(self.instance, self.parameters, self.tick)
            return self._descent(chain(lines, guesses), FLAT)
        return self._certain_descent(found)

    @property
    def _has_many_symmetries(self) -> bool:
        widths, size = self.instance.network.widths[1:-1], len(self.parameters)
        return any(n * (n + len(self.instance.x)) * size > SYMMETRIES for n in widths)

    @cached_property
    def _local_maximum(self) -> Decision:
        form = self.form
        if form is not None and form.is_flat:
            return Decision("local_maximum", "yes", "constant")
        curves: Iterable[Sequence[Vector]] = self.curves
        if self.unregularised is None:
            curves = chain(curves, ([direction] for direction in self._ascending_directions(form)))
        for curve in curves:
            found = self._change(curve, 1)
            if found is not None:
                return Decision("local_maximum", "no", "ascent", {**found[0], "worse": found[1]})
        if self.unregularised is None:
            reason = self.obstacle or "no ascent was found along the directions tried"
            return Decision("local_maximum", "undecided", reason=reason)
        proofs = cone_proofs(self.unregularised, self.tick)
        if isinstance(proofs, dict):
            return Decision("local_maximum", "yes", "cones", proofs)
        change = self._change(proofs, 1)
        if change is None:
            raise InternalContradiction("a curve of ascent does not ascend")
        return Decision("local_maximum", "no", "ascent", {**change[0], "worse": change[1]})

    @cached_property
    def _saddle(self) -> Decision:
        wanted = {"clarke_critical": "yes", "local_minimum": "no", "local_maximum": "no"}
        answers = {question: self.decision(question).answer for question in wanted}
        for (question, answer), rule in zip(answers.items(), ("not-critical", "minimum", "maximum"), strict=True):
            if answer not in (wanted[question], "undecided"):
                return Decision("saddle", "no", rule)
        if answers == wanted:
            return Decision("saddle", "yes", "neither")
        open_questions = [question for question, answer in answers.items() if answer == "undecided"]
        return Decision("saddle", "undecided", reason=f"{' and '.join(open_questions)} undecided")

    def _alone(self, question: str) -> Decision:
        """Whether the point is a strict, or an isolated, local minimum: here the same."""
        network = self.instance.network
        if network.hidden_layers and not self.instance.loss.is_regularised:
            return Decision(question, "no", "rescaling", {"layer": 1})
        if self.decision("local_minimum").answer == "no":
            return Decision(question, "no", "no-minimum")
        if self.decision("local_minimum").answer == "yes":
            if self.constant_lines:
                return Decision(question, "no", "constant-line", {"direction": self._write(self.constant_lines[0])})
            hessian = self.hessian
            if hessian is not None and isinstance(certify_positive_definite(hessian), Congruence):
                return Decision(question, "yes", "positive-definite")
            if isinstance(self._strict_tree, dict):
                return Decision(question, "yes", "lagrangian", {"tree": self._strict_tree})
            for ray in filter(any, self._strict_tree):
                if self._is_constant_along(ray):
                    rule = "constant-line" if self._is_constant_along(tuple(-a for a in ray)) else "constant-ray"
                    return Decision(question, "no", rule, {"direction": self._write(ray)})
            reason = "neither multipliers of second order nor a ray of constant loss"
            return Decision(question, "undecided", reason=reason)
        return Decision(question, "undecided", reason="local_minimum undecided")

    def _is_constant_along(self, ray: Vector) -> bool:
        return not lowest_change(loss_germ(self.instance, self.parameters, [ray]))[0]

    @cached_property
    def _strict_tree(self) -> dict[str, Any] | tuple[Vector, ...]:
        """Of a local minimum: multipliers that show that it is strict, or directions along which it may not be."""
        local, branches = self.decision("local_minimum"), bool(self.instance.network.activated)
        if local.rule == "lagrangian" and self.instance.loss.is_regularised and not has_cross_term(local.proof["tree"]):
            return dict(local.proof["tree"])  # there are no symmetries
        if self._has_many_symmetries or (local.rule != "lagrangian" and branches and len(self.kinks) > MANY):
            return ()
        return strict_tree(self.forms, self.parameters, self.columns, self.tick)

    @cached_property
    def _strict(self) -> Decision:
        return self._alone("strict")

    @cached_property
    def _isolated(self) -> Decision:
        return self._alone("isolated")

    @cached_property
    def _global_minimum(self) -> Decision:
        if self.loss == 0:
            return Decision("global_minimum", "yes", "zero-loss")
        candidates = [(self.instance.evaluate(point), name, point) for name, point in self.instance.points.items()]
        local = self.decision("local_minimum")
        if local.answer == "no":
            curve = [self.instance.network.read(d) for d in local.proof["curve"]]
            better = on_curve(self.parameters, curve, mpq(local.proof["better"]["t"]))
            candidates.append((self.instance.evaluate(better), "", better))
        if not why_not_lifted(self.instance) and all(loss >= self.loss for loss, *_ in candidates):
            least = global_minimum(self.instance, self.tick, limit=BRANCHES)
            if least.lower == self.loss:
                return Decision("global_minimum", "yes", "bounding-tree", {"tree": least.tree.to_dict()})
            candidates.append((least.upper, "", least.argmin))
        loss, _, point = min(candidates, key=lambda item: item[0], default=(self.loss, "", self.parameters))
        if loss < self.loss:
            proof = {"point": self._write(point), "loss": str(loss)}
            return Decision("global_minimum", "no", "better-point", proof)
        reason = "the loss is positive, and no better point is known"
        return Decision("global_minimum", "undecided", reason=reason)

    @cached_property
    def _kind(self) -> Decision:
        local = self.decision("local_minimum")
        answer = local.answer
        if answer == "no":
            return Decision("kind", None, "none")
        if answer == "undecided" or self.obstacle not in ("", KINK):
            return Decision("kind", "undecided", reason=local.reason or self.obstacle)
        if self.form is not None:
            answer, rule = ("flat", "constant") if self.form.is_flat else ("sharp", "not-constant")
            return Decision("kind", answer, rule)
        found = constant_cell(self.incidence)
        if isinstance(found, str):
            return Decision("kind", "undecided", reason=found)
        if isinstance(found, dict):
            return Decision("kind", "sharp", "incident-cells", {"tree": found})
        return Decision("kind", "flat", "constant-cell", {"curve": self._curve(found)})

    # ------------------------------------------------------------------ proofs

    def _is_sum_of_squares(self, form: CellForm) -> bool:
        """Whether sum_i weight_i <r_i, o_i - o_i*> vanishes identically on the cell (squared loss, no decay)."""
        if self.instance.loss.is_hinge or self.instance.loss.weight_decay:
            return False
        total = form.ring.constant(0)
        for i, row in enumerate(form.residuals):
            weight = self.instance.loss.weight(i, 0, len(self.instance.x))
            for residual in row:
                value = residual.evaluate(self.parameters)
                change = residual - form.ring.constant(value)
                total = total + change * form.ring.constant(weight * value)
        return total.is_zero

    def _change(self, curve: Sequence[Vector], sense: int) -> tuple[dict[str, Any], dict[str, str]] | None:
        """Curve, order and coefficient of a first change of the wanted sign along a curve, and a point of it."""
        self.tick()
        order, coefficient = lowest_change(loss_germ(self.instance, self.parameters, curve))
        if not order or coefficient * sense <= 0:
            return None
        proof = {"curve": [self._write(d) for d in curve], "order": order, "coefficient": str(coefficient)}
        t = mpq(1)
        while True:
            self.tick()
            value = self.instance.evaluate(on_curve(self.parameters, curve, t))
            if (value - self.loss) * sense > 0:
                return proof, {"t": str(t), "loss": str(value)}
            t = t / 2 if t > HALVED else t * t

    def _descent(self, curves: Iterable[Sequence[Vector]], otherwise: str) -> Decision:
        """No, if one of the curves descends; else undecided, for the given reason."""
        for curve in curves:
            found = self._change(curve, -1)
            if found is not None:
                return Decision("local_minimum", "no", "descent", {**found[0], "better": found[1]})
        return Decision("local_minimum", "undecided", reason=otherwise)

    def _certain_descent(self, curve: Sequence[Vector]) -> Decision:
        decision = self._descent([curve], "")
        if decision.answer != "no":
            raise InternalContradiction("Taylor's theorem: a negative slope or curvature is no descent")
        return decision

    # ------------------------------------------------------------------ directions to try

    def _ascending_directions(self, form: CellForm | None) -> Iterator[Vector]:
        """Directions in which the loss may grow, the best guesses first."""
        if form is not None and any(self.gradient or ()):
            yield self.gradient or ()
        elif form is not None and self.hessian is not None:
            curvature = certify_positive_semidefinite(tuple(tuple(-a for a in row) for row in self.hessian))
            if not isinstance(curvature, Congruence):
                yield tuple(mpq(v) for v in curvature.vector)
            if self.forms.output_terms() ** 2 <= EXPANDED:
                yield from minimal_directions(form, self.parameters)
        yield from fixed_directions(len(self.parameters))

    def _repr_html_(self) -> str:
        rows = [("loss", display.short(self.loss)), ("signature", display.code(self.signature, 200))]
        rows.append(("parameters", display.arrays(self.instance.network.blocks, self.parameters)))
        for question, decision in self._decisions.items():
            why = decision.reason if decision.answer == "undecided" else decision.rule
            answer = f"<b>{display.text(decision.answer)}</b> ({display.text(why, 200)})"
            rows.append((question.replace("_", " "), answer))
        more = "" if self._decisions else "Nothing has been asked about it yet."
        return display.table(f"Point {display.code(self.name)}" if self.name else "Point", rows, more=more)

    def _repr_latex_(self) -> str:
        return display.arrays_latex(self.instance.network.blocks, self.parameters)

    def __repr__(self) -> str:
        name = f'"{self.name}", ' if self.name else ""
        return f"Point({name}loss {self.loss}, signature {self.signature})"

    def _curve(self, cell: IncidentCell) -> list[dict[str, Any]]:
        return [self._write(direction) for direction in cell.curve]

    def _write(self, parameters: Sequence[Rational]) -> dict[str, Any]:
        return self.instance.network.write(parameters)


def _answers(decisions: Mapping[str, Decision], question: str) -> str | None:
    return decisions[question].answer if question in decisions else None
