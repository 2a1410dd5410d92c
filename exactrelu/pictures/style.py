"""How pictures look: colour-blind safe, legible in grey print, and the same bytes for the same picture.

Colours are those of Okabe and Ito (2008); values go through cividis, whose lightness is monotone. What colour says is
said again by a marker, a hatch or a label.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exactrelu.errors import MalformedInput, Unsupported
from exactrelu.jsonfile import write_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLACK, GREY, LIGHT, WHITE = "#000000", "#666666", "#dddddd", "#ffffff"
ORANGE, SKY, GREEN, YELLOW = "#e69f00", "#56b4e9", "#009e73", "#f0e442"
BLUE, VERMILION, PURPLE = "#0072b2", "#d55e00", "#cc79a7"
OKABE_ITO = (ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PURPLE, GREY)
"""For lines and markers."""
PALE = ("#fbe3b0", "#cde9fa", "#b5e3d4", "#fbf8c4", "#b3d4ea", "#f6cbb0", "#eed5e2", "#e4e4e4")
"""The same hues mixed with white: for areas with text or points on them."""
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "----", "||||", "++++")
"""One for each colour of `PALE`, so that neighbours differ in grey too."""
VALUES = "cividis"
"""The colour map of values."""
WALL, KINK, EDGE = 1.1, 0.8, 0.5
"""Line widths in points: walls of the first layer, other walls, edges of graphs and meshes."""
WIDTH, HEIGHT = 6.0, 4.5
"""The size of a picture in inches when none is asked for."""
DPI = 200
ENDINGS = (".svg", ".pdf", ".png")

RC: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.labelsize": 9,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.fontsize": 8,
    "legend.framealpha": 0.9,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "hatch.linewidth": 0.4,
    "hatch.color": "#999999",
    "mathtext.fontset": "dejavusans",
    "path.simplify": True,
    "path.simplify_threshold": 0.05,
    "svg.hashsalt": "exactrelu",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
}


def demand_matplotlib() -> None:
    """Raise `Unsupported`, with what to install, when matplotlib is missing."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        message = 'pictures need matplotlib, which is not installed: pip install "exactrelu[plot]"'
        raise Unsupported(message) from None


def styled() -> AbstractContextManager[None]:
    """The style as a context: to draw in, and to save in."""
    demand_matplotlib()
    import matplotlib
    from matplotlib import rc_context

    base = {key: value for key, value in matplotlib.rcParamsDefault.items() if key not in _LEFT}
    return rc_context({**base, **RC})


_LEFT = ("backend", "backend_fallback", "interactive", "toolbar", "timezone", "webagg.port", "tk.window_focus")


def new_figure(width: float = WIDTH, height: float = HEIGHT) -> Figure:
    """An empty figure of a size in inches; pyplot and its global state are not used. Draw inside `styled`."""
    demand_matplotlib()
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def legend_below(axes: Any, handles: list[Any], columns: int = 3, down: float = 0.5) -> None:
    """A legend under the axes, ``down`` inches below them: room for the ticks and the label."""
    from matplotlib.transforms import ScaledTranslation

    if handles:
        shift = ScaledTranslation(0, -down, axes.figure.dpi_scale_trans)
        axes.legend(
            handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0), bbox_transform=axes.transAxes + shift,
            ncols=columns, frameon=False, handlelength=2.4, borderaxespad=0, columnspacing=1.4,
        )  # fmt: skip


def settled(figure: Figure) -> None:
    """Lay the figure out and keep it so: labels can be placed, and a caption beneath moves nothing."""
    legends = [legend for axes in figure.axes if (legend := axes.get_legend()) is not None]
    for legend in legends:  # a wide legend must not make the axes narrow
        legend.set_in_layout(False)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for legend in legends:
        legend.set_in_layout(True)


def ending_of(path: str) -> str:
    """The ending of a picture's file name; raises `MalformedInput` where no format goes by it.

    >>> ending_of("a/slice.SVG")
    '.svg'
    >>> ending_of("slice.gif")
    Traceback (most recent call last):
    exactrelu.errors.MalformedInput: -o: found "slice.gif", needed a name that ends in .svg, .pdf or .png
    """
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        raise MalformedInput("-o", f'"{path}"', "a name that ends in .svg, .pdf or .png")
    return ending


def rendered(figure: Figure, ending: str, caption: str = "", tick: Callable[[], None] = lambda: None) -> bytes:
    """The bytes of a figure in the format of an ending, with the caption (if any) printed beneath it."""
    tick()
    with styled():
        if figure.get_layout_engine() is not None:
            settled(figure)
        text = _print_caption(figure, caption) if caption else None
        stream = io.BytesIO()
        try:
            metadata = _metadata(ending, caption)
            figure.savefig(stream, format=ending[1:], dpi=DPI, bbox_inches="tight", pad_inches=0.06, metadata=metadata)
        finally:
            if text is not None:
                text.remove()
    tick()
    return _shortened(stream.getvalue()) if ending == ".svg" else stream.getvalue()


def _shortened(data: bytes) -> bytes:
    """SVG with the coordinates of paths to hundredths of a point: smaller, and alike on machines that round apart."""
    path = re.compile(rb' d="[^"]*"')
    number = re.compile(rb"-?\d+\.\d+")
    data = path.sub(lambda found: number.sub(lambda n: b"%g" % round(float(n[0]), 2), found[0]), data)
    return re.sub(rb" ?\n([LQCzM\"])|\n +(?=<)", lambda found: found[1] or b"\n", data)


def svg(figure: Figure, caption: str = "") -> str:
    """The SVG text of a figure: no date, fixed identifiers, letters as outlines, so that it looks alike everywhere."""
    return rendered(figure, ".svg", caption).decode()


def save(figure: Figure, path: str, caption: str = "") -> None:
    """Write a figure, whole or not at all, in the format that the ending says: .svg, .pdf or .png."""
    write_whole(path, rendered(figure, ending_of(path), caption))


def _metadata(ending: str, caption: str) -> dict[str, Any]:
    if ending == ".svg":
        return {"Date": None, "Creator": "exactrelu", **({"Description": caption} if caption else {})}
    if ending == ".pdf":
        return {
            "CreationDate": None,
            "Creator": "exactrelu",
            "Producer": None,
            **({"Subject": caption} if caption else {}),
        }
    return {"Software": "exactrelu", **({"Description": caption} if caption else {})}


def _print_caption(figure: Figure, caption: str) -> Any:
    """The caption in lines as wide as the figure, beneath it; a tight bounding box makes room for it."""
    width, height = figure.get_size_inches()
    canvas: Any = figure.canvas
    box = figure.get_tightbbox(canvas.get_renderer())
    columns = int(max(width - 0.2, box.width) * 72 / (0.56 * 8))
    lines = [line for part in caption.split("\n") for line in textwrap.wrap(part, columns) or [""]]
    return figure.text(
        box.x0 / width, (box.y0 - 0.12) / height, "\n".join(lines), ha="left", va="top", fontsize=8,
        color="#333333", linespacing=1.35,
    )  # fmt: skip
