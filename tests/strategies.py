"""Shared hypothesis strategies."""

from __future__ import annotations

from hypothesis import strategies as st

from exactrelu import Arrangement, Loss, Network, Problem
from exactrelu.rational import rational

small_rationals = st.one_of(
    st.integers(-3, 3),
    st.fractions(min_value=-3, max_value=3, max_denominator=4),
)


@st.composite
def arrangements(
    draw: st.DrawFn, max_hyperplanes: int = 7, max_dimension: int = 3, affine: bool | None = None
) -> Arrangement:
    """Small rational arrangements; repeated, opposite and zero normals are likely, and so are low ranks."""
    dimension = draw(st.integers(0, max_dimension))
    row = st.lists(small_rationals, min_size=dimension, max_size=dimension)
    rows = draw(st.lists(row, max_size=max_hyperplanes))
    if rows and len(rows) < max_hyperplanes and draw(st.booleans()):
        factor = draw(st.sampled_from([1, -1, 2]))
        rows.append([factor * entry for entry in draw(st.sampled_from(rows))])
    if affine is None:
        affine = draw(st.booleans())
    offsets = draw(st.lists(small_rationals, min_size=len(rows), max_size=len(rows))) if affine else None
    return Arrangement(rows, offsets, dimension=dimension)


@st.composite
def problems(
    draw: st.DrawFn,
    kinds: tuple[str, ...] = ("squared", "hinge", "multiclass-hinge", "one-vs-all-hinge"),
    hidden: tuple[int, ...] = (0, 1, 2),
    decay: bool | None = None,
    output_activation: bool | None = None,
    max_points: int = 3,
    max_neurons: int = 2,
    one_output: bool = False,
) -> Problem:
    """Small dense problems with short numbers; repeated, opposite and zero data points are likely."""
    kind, depth = draw(st.sampled_from(kinds)), draw(st.sampled_from(hidden))
    outputs = {"hinge": 1, "squared": 1 if one_output else draw(st.integers(1, 2))}.get(kind, 2)
    width = draw(st.integers(1, 2))
    widths = [width, *(draw(st.integers(1, max_neurons)) for _ in range(depth)), outputs]
    bias = [draw(st.booleans()) for _ in widths[1:]]
    slopes = draw(st.sampled_from([(1, 0), (1, "1/2"), (2, 1), (1, 1), ("1/3", "3/2")]))
    activated = draw(st.booleans()) if output_activation is None else output_activation
    count = draw(st.integers(1, max_points))
    row = st.lists(small_rationals, min_size=width, max_size=width)
    x = draw(st.lists(row, min_size=count, max_size=count))
    target = {
        "hinge": st.sampled_from([-1, 1]),
        "squared": st.lists(small_rationals, min_size=outputs, max_size=outputs),
    }
    y = draw(st.lists(target.get(kind, st.integers(0, outputs - 1)), min_size=count, max_size=count))
    decayed = draw(st.booleans()) if decay is None else decay
    loss = Loss(
        kind,
        draw(st.sampled_from([rational(1), rational("1/2")])),
        draw(st.sampled_from(["mean", "sum"])),
        rational("1/3" if decayed else 0),
    )
    return Problem(Network.dense(widths, slopes, bias, activated), x, y, loss)  # type: ignore[arg-type]
