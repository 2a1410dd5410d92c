"""Shared hypothesis strategies."""

from __future__ import annotations

from hypothesis import strategies as st

from exactrelu.arrangement import Arrangement

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
