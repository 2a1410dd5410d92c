"""A trained network, audited: what the point of a float checkpoint is, and what the exact critical point near it is.

The floats are read as the dyadic rationals that they are, so that "near a minimum" and "a minimum" can be told apart.
What is decided is decided about the network in real arithmetic, not about its evaluation in floats.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gmpy2 import mpq

from exactrelu.budget import no_tick
from exactrelu.checkpoint import Checkpoint
from exactrelu.errors import BudgetExceeded
from exactrelu.forms import Forms
from exactrelu.point import QUESTIONS, Point
from exactrelu.rational import Rational
from exactrelu.shallow import why_not_shallow
from exactrelu.signature import places, unit_name
from exactrelu.snapping import Candidate, candidates

NOTE = (
    "Each float is read as the dyadic rational that it is; what is decided is about the network in real arithmetic, "
    "not about its evaluation in floating point."
)
AS_NEAR = mpq(10**4)
"""A local minimum is preferred to a nearer critical point if its squared distance is at most so many times as great."""
REACH = mpq(1, 100)
"""Nearby is what is at most at this squared distance, times 1 + the squared norm of the parameters."""


@dataclass(frozen=True)
class Snapped:
    """An exact critical point near a checkpoint, and how it was found."""

    point: Point
    candidate: Candidate
    checkpoint: Point

    @property
    def distance_squared(self) -> Rational:
        """The squared Euclidean distance in parameter space from the checkpoint."""
        return self.candidate.distance_squared

    @cached_property
    def crossed(self) -> tuple[str, ...]:
        """The units that have another sign than at the checkpoint, 0 left out; none: it is in the same closed cell."""
        pairs = zip(places(self.checkpoint.columns), places(self.point.columns), strict=True)
        return tuple(unit_name(self.point.instance, *there[:3]) for here, there in pairs if here[3] * there[3] < 0)

    @property
    def made_zero(self) -> tuple[str, ...]:
        """What was made to vanish, in words."""
        instance = self.point.instance
        neurons = [f"the outgoing weights of unit {u + 1} of layer {g + 1}" for g, u in self.candidate.neurons]
        return (*(unit_name(instance, *place) for place in self.candidate.units), *neurons)

    def __repr__(self) -> str:
        return f"Snapped({self.point!r}, distance squared {self.distance_squared})"


@dataclass(frozen=True)
class Audit:
    """The point of a checkpoint and the exact critical point nearby; ``reason`` says why where none was found.

    >>> from exactrelu.examples import example
    >>> problem = example("yun2018-three-point")
    >>> W2, zero = [[0.6666666666, 0.6666666666]], [0.0, 0.0]
    >>> floats = {"W1": [[0.25, 0.25000000001]] * 2, "b1": zero, "W2": W2, "b2": [0.0]}
    >>> found = Audit.of(Forms(problem), floats)
    >>> found.point.local_minimum(), found.snapped.point.local_minimum()
    (Decision(local_minimum: no, descent), Decision(local_minimum: yes, sum-of-squares))
    >>> found.snapped.point.loss, found.snapped.crossed
    (mpq(1,3), ())
    """

    checkpoint: Checkpoint
    point: Point
    snapped: Snapped | None
    tried: int
    reason: str = ""

    @classmethod
    def of(cls, forms: Forms, checkpoint: Checkpoint | Mapping[str, Any], tick: Callable[[], None] = no_tick) -> Audit:
        """The audit of a checkpoint, or of named arrays of floats.

        ``tick`` is called at every step and may raise `BudgetExceeded`: then ``snapped`` may be missing, and decisions
        are undecided.
        """
        instance = forms.instance
        if not isinstance(checkpoint, Checkpoint):
            checkpoint = Checkpoint.read(instance.network, checkpoint)
        point = Point(forms, checkpoint.parameters, tick=tick)
        for question in QUESTIONS:  # first, should the budget run out
            point.decision(question)
        try:
            found = candidates(instance, checkpoint.parameters, tick)
        except BudgetExceeded as error:
            return cls(checkpoint, point, None, 0, str(error))
        limit = REACH * (1 + sum(value * value for value in checkpoint.parameters))
        near = [candidate for candidate in found if candidate.distance_squared <= limit]
        best, undecided = None, ""
        for candidate in near:
            if best is not None and candidate.distance_squared > AS_NEAR * best.distance_squared:
                break
            here = Point(forms, candidate.parameters, tick=tick) if candidate.distance_squared else point
            if here.decision("local_minimum").answer == "yes":
                best = Snapped(here, candidate, point)
                break
            critical = here.decision("clarke_critical")
            if best is None and critical.answer == "yes":
                best = Snapped(here, candidate, point)
            undecided = undecided or critical.reason
        return cls(checkpoint, point, best, len(near), "" if best else _why(forms, len(near), undecided))

    def __repr__(self) -> str:
        return f"Audit({self.point!r}, snapped to {self.snapped!r})"


def _why(forms: Forms, tried: int, undecided: str) -> str:
    """Why no critical point was found."""
    instance = forms.instance
    shallow = why_not_shallow(instance)
    reasons = ["if the training has not converged, train on"]
    if undecided:
        reasons.append(f"for some it is undecided whether they are ({undecided})")
    if shallow or instance.loss.is_regularised:
        what = shallow or "the loss has a weight decay or a penalty"
        reasons.append(f"{what}: a critical point need not be rational then, and only one layer is solved at a time")
    return (
        f"no exact critical point was found nearby: {tried} exact points were tried (one layer and the output biases "
        f"solved exactly on the piece around the checkpoint and on its faces, and roundings), none is critical in all "
        f"parameters; {'; '.join(reasons)}"
    )
