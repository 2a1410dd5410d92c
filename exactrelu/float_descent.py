"""Descent from piece to piece in floats: a guess of the piece, and of the face of it, on which a minimum lies.

Training stops on kinks by oscillating about them, so that it is on either side of each by chance. Here the parameters
of one layer and the output biases walk down: on a piece towards its critical point; where a unit vanishes first, over
the kink if the loss goes on to fall there, else along it. Nothing is proved by this: the signs found are a guess.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exactrelu.affine_piece import AffinePiece
from exactrelu.problem import Instance
from exactrelu.rational import Vector
from exactrelu.signature import Columns, changed, of_point, places

STEPS = 100
SMALL = 1e-9


def resting_signs(instance: Instance, parameters: Vector, layer: int, tick: Callable[[], None]) -> Columns | None:
    """The signs where the descent comes to rest, 0 for the units on whose kinks it does; None if it does not."""
    import numpy

    columns = of_point(instance, parameters)
    step: Any = None
    for _ in range(STEPS):
        tick()
        piece = AffinePiece(instance, layer, parameters, columns)
        step = numpy.zeros(piece.variables) if step is None else step
        direction, whole = _direction(piece, step)
        if not numpy.any(numpy.abs(direction) > SMALL):
            return columns
        forms = {place: numpy.array(form, dtype=float) for place, form in piece.units.items()}
        signs = {(i, g, u): s for i, g, u, s in places(columns)}
        hits = {}
        for place, form in forms.items():
            value, slope = form[:-1] @ step + form[-1], form[:-1] @ direction
            if signs[place] * slope < -SMALL * (1 + abs(value)):
                hits[place] = max(-value / slope, 0.0)
        length = min(hits.values(), default=numpy.inf)
        if whole and length >= 1:
            return columns
        if not numpy.isfinite(length):
            return None
        step = step + length * direction
        reached = {place for place, t in hits.items() if t <= length * (1 + SMALL) + SMALL}
        crossed = changed(columns, {place: -signs[place] for place in reached})
        beyond = _gradient(AffinePiece(instance, layer, parameters, crossed), step)
        falls = length > SMALL and beyond @ direction < -SMALL  # a step of length 0: it came over this kink just before
        columns = crossed if falls else changed(columns, dict.fromkeys(reached, 0))
    return None


def _parts(piece: AffinePiece) -> tuple[Any, Any, Any]:
    """The Hessian, the gradient at the step 0, and the equations as rows, in floats."""
    import numpy

    size = piece.variables
    squares = numpy.array([form for _, form in piece.squares], dtype=float).reshape(-1, size + 1)
    weights = numpy.array([c for c, _ in piece.squares], dtype=float)
    hessian = 2 * squares[:, :-1].T @ (weights[:, None] * squares[:, :-1])
    gradient = 2 * squares[:, :-1].T @ (weights * squares[:, -1])
    for weight, form in piece.active:
        gradient = gradient + float(weight) * numpy.array(form[:-1], dtype=float)
    return hessian, gradient, numpy.array(piece.equations, dtype=float).reshape(-1, size + 1)


def _gradient(piece: AffinePiece, step: Any) -> Any:
    hessian, gradient, _ = _parts(piece)
    return hessian @ step + gradient


def _direction(piece: AffinePiece, step: Any) -> tuple[Any, bool]:
    """The way to the critical point of the piece (then True), or steepest descent on it where there is none."""
    import numpy

    hessian, gradient, equations = _parts(piece)
    normals, size = equations[:, :-1], piece.variables
    here = hessian @ step + gradient
    rows = numpy.block([[hessian, normals.T], [normals, numpy.zeros((len(normals), len(normals)))]])
    right = numpy.concatenate([-here, -(normals @ step + equations[:, -1])])
    found = numpy.linalg.lstsq(rows, right, rcond=None)[0]
    if numpy.abs(rows @ found - right).max(initial=0) <= 1e-7 * (1 + numpy.abs(right).max(initial=0)):
        return found[:size], True
    return -(here - numpy.linalg.pinv(normals) @ (normals @ here)), False
