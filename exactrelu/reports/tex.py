"""A `Story` in LaTeX."""

from __future__ import annotations

from exactrelu.reports.forms import forms_document
from exactrelu.reports.story import Story


def document(story: Story) -> str:
    """The story as a LaTeX document."""
    cells = story.cells
    return forms_document(story.problem, cells.listed if cells else (), bool(cells and cells.is_complete))
