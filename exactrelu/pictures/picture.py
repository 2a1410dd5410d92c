"""What a drawing returns, and what one may wish of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from exactrelu.pictures import style
from exactrelu.refinement import no_tick

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from exactrelu.arrangement import Arrangement
    from exactrelu.landscape import Problem

    Subject = Problem | Arrangement


@dataclass(frozen=True)
class Wishes:
    """What may be asked of a drawing; each kind takes what concerns it and chooses the rest by itself.

    ``at``: a named point. ``axes``: two parameters that move, such as ``("W1_1_1", "W1_1_2")``. ``through``: three
    named points that span a plane. ``window``: four exact numbers as texts, x from, x to, y from, y to. ``color``:
    ``"loss"`` or ``"signature"``. ``size``: width and height in inches. ``limit``: the most cells that are drawn.
    ``tick`` is called at every step and may raise `BudgetExceeded`.
    """

    at: str | None = None
    axes: tuple[str, str] | None = None
    through: tuple[str, str, str] | None = None
    window: tuple[str, str, str, str] | None = None
    color: str | None = None
    size: tuple[float, float] | None = None
    limit: int | None = None
    tick: Callable[[], None] = no_tick


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure (without its caption), the caption as plain text, and exact facts for scripts.

    Shown by itself in a notebook. ``facts`` is plain data: exact numbers are strings.
    """

    figure: Figure
    caption: str
    facts: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Picture({self.caption!r})"

    def _repr_svg_(self) -> str:
        return self.svg()

    def svg(self, caption: bool = True) -> str:
        """The SVG text, with the caption printed beneath or (for a page that has its own) without."""
        return style.svg(self.figure, self.caption if caption else "")

    def save(self, path: str, caption: bool = True) -> None:
        """Write the picture, whole or not at all, in the format that the ending says: .svg, .pdf or .png."""
        style.save(self.figure, path, self.caption if caption else "")
