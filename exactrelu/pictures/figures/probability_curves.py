"""Liu, figures 4 and A4: the loss of two parallel weights, and the probability of no sample in the gaps, with bounds.

All numbers are enclosed by ball arithmetic (`exactrelu.theorems.liu.figures`): a band holds at every place that it
covers, a dot at its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from math import log10
from typing import Any

from gmpy2 import mpq

from exactrelu.pictures import style
from exactrelu.pictures.figures.inputs import key_below
from exactrelu.pictures.picture import Picture, Wishes
from exactrelu.rational import Rational, above, below
from exactrelu.theorems.liu.expected_loss import least_location, loss_band
from exactrelu.theorems.liu.figures import SAMPLES, Curve, Piece, Row, figure_4b, figure_a4a, figure_a4b
from exactrelu.theorems.liu.gaussian import BITS, Enclosure, as_ball, precision

START, STOP = mpq(0), mpq(6)
RATIO, FINEST = mpq(3, 2), mpq(1, 512)
LOWEST = 1e-16
MARKERS = "os^vDPX*"
COLORS = (style.ORANGE, style.SKY, style.GREEN, style.BLACK, style.BLUE, style.VERMILION, style.PURPLE, style.GREY)
LOSS_PIECES, SQUARES, PLACES = 384, 96, 60


def band(curve: Curve, start: Rational, stop: Rational, tick: Any) -> tuple[Piece, ...]:
    """Pieces of a curve, halved until the upper bound is at most 3/2 of the lower one, or the piece is 1/512 long."""
    done: list[Piece] = []
    waiting = [(start, stop)]
    while waiting:
        tick()
        left, right = waiting.pop()
        piece = curve.piece(left, right)
        if (piece.lower and piece.upper <= RATIO * piece.lower) or right - left <= FINEST:
            done.append(piece)
        else:
            middle = (left + right) / 2
            waiting += [(middle, right), (left, middle)]
    return tuple(done)


def draw_band(
    axes: Any, pieces: Sequence[Piece], color: str, label: str, dashes: Any = "-", floor: float = 0.0
) -> None:
    """The area between the bounds, and its border, so that a band thinner than a line is still a line."""
    places = [float(end) for piece in pieces for end in (piece.start, piece.stop)]
    low = [max(float(piece.lower), floor) for piece in pieces for _ in "ab"]
    high = [max(float(piece.upper), floor) for piece in pieces for _ in "ab"]
    axes.fill_between(places, low, high, facecolor=color, edgecolor="none", alpha=0.45)
    middle = [(a + b) / 2 if not floor else 10 ** ((log10(a) + log10(b)) / 2) for a, b in zip(low, high, strict=True)]
    axes.plot(places, middle, color=color, linewidth=0.9, linestyle=dashes, label=label)


def gap_probabilities(places: Iterable[Rational]) -> list[Enclosure]:
    """The probability of the first gap alone, for the first weight at some places."""
    return [figure_4b().weights(place).gap_probability([0]) for place in places]


def map_values(count: int) -> list[list[Enclosure]]:
    """P_t in the middles of a grid over 0 <= x_w1 <= 6 and -6 <= x_w2 <= 0, rows by x_w2 upward.

    For x_w1 >= 0 >= x_w2 the gaps lie on different sides of 0, and the second is the first, mirrored: so
    P_t = (1 - P(g_1) - P(g_2))^N from one list of probabilities.
    """
    step = (STOP - START) / count
    gaps = gap_probabilities(START + (mpq(2 * k + 1, 2)) * step for k in range(count))
    rows = []
    with precision(BITS):
        for second in reversed(gaps):
            row = []
            for first in gaps:
                ends = (max(1 - first.upper - second.upper, mpq(0)), 1 - first.lower - second.lower)
                low, high = (Enclosure.of(as_ball(end) ** SAMPLES) for end in ends)
                row.append(Enclosure(max(low.lower, mpq(0)), min(high.upper, mpq(1))))
            rows.append(row)
    return rows


def draw_4(wishes: Wishes) -> Picture:
    """Figure 4: (a) the expected loss, (b) P_t with the second weight at 0, (c) P_t where both move."""
    loss = loss_band(START, STOP, LOSS_PIECES)
    both, alone = (band(figure_4b(gaps=gaps), START, STOP, wishes.tick) for gaps in (None, (0,)))
    values = map_values(SQUARES)
    widest = max(cell.upper - cell.lower for row in values for cell in row)
    with style.styled():
        figure = style.new_figure(*(wishes.size or (10.0, 3.5)))
        left, middle, right = figure.subplots(1, 3)
        draw_band(left, loss, style.BLUE, "")
        left.set_title("(a) expected loss, $x_{w_2} = 0$")
        left.set_ylabel("mean squared error")
        draw_band(middle, alone, style.ORANGE, "first gap alone", (0, (4, 1.5)), LOWEST)
        draw_band(middle, both, style.BLUE, "both gaps", "-", LOWEST)
        middle.set_yscale("log")
        middle.set_ylim(1e-14, 8)
        middle.set_title("(b) $P_t$, $x_{w_2} = 0$")
        middle.set_ylabel("$P_t$ (log scale)")
        middle.legend(loc="lower right")
        for axes in (left, middle):
            axes.set_xlim(0, 6)
            axes.set_xlabel("$x_{w_1}$")
        _draw_map(figure, right, values)
    thick = max(piece.upper - piece.lower for piece in loss)
    least = least_location()
    place = f"{below(least.lower, 5)}.."
    highest = max(piece.upper for piece in both)
    caption = (
        "After Liu, figure 4: two weights that look outward, Gaussian data, N = 100. (a) The samples of the paper are "
        "not printed; drawn is the loss expected for the law, a band of proved bounds that differ by at most "
        f"{above(thick, 2)}; it is least at x_w1 = {place}, where the slope vanishes. (b) Bands: P_t of (25) for both "
        f"gaps, as (26) says, is at most {above(highest, 3)} on the whole of [0, 6]; the paper's curve is that of the "
        "first gap alone. Nowhere is the upper bound more than 3/2 of the lower one. (c) P_t in the middle of each "
        f"square, enclosed to within {above(widest, 2)}, less than a shade; the peak is at ({place}, -{place}), "
        "where P_t = 1."
    )
    facts = {
        "loss": _plain(loss),
        "both_gaps": _plain(both),
        "first_gap": _plain(alone),
        "map": [[[str(cell.lower), str(cell.upper)] for cell in row[::12]] for row in values[::12]],
    }
    return Picture(figure, caption, facts)


def _draw_map(figure: Any, axes: Any, values: list[list[Enclosure]]) -> None:
    ends = [float(START + (STOP - START) * k / len(values)) for k in range(len(values) + 1)]
    shades = [[float((cell.lower + cell.upper) / 2) for cell in row] for row in values]
    mesh = axes.pcolormesh(
        ends, [-end for end in reversed(ends)], shades, cmap=style.VALUES, vmin=0, vmax=1, rasterized=True
    )
    axes.set_title("(c) $P_t$ where both move")
    axes.set_xlabel("$x_{w_1}$")
    axes.set_ylabel("$x_{w_2}$")
    axes.set_aspect("equal")
    figure.colorbar(mesh, ax=axes, shrink=0.85)


def _plain(pieces: Sequence[Piece]) -> list[list[str]]:
    return [[str(value) for value in piece] for piece in pieces]


def draw_a4(wishes: Wishes) -> Picture:
    """Figure A4: four weights, (a) the uppermost moves, (b) all move, for every choice of the normals."""
    choices = list(product((1, -1), repeat=4))
    panels = (("a", figure_a4a, mpq(1, 10)), ("b", figure_a4b, START))
    found: dict[str, dict[str, list[Row]]] = {}
    for letter, make, start in panels:
        places = [start + (STOP - start) * k / PLACES for k in range(PLACES + 1)]
        found[letter] = {}
        for normals in choices:
            wishes.tick()
            found[letter]["".join("+" if n > 0 else "-" for n in normals)] = list(make(normals).table(places))
    with style.styled():
        figure = style.new_figure(*(wishes.size or (8.8, 4.6)))
        for axes, letter, title in zip(
            figure.subplots(1, 2, sharey=True), "ab", ("the uppermost weight moves", "all weights move"), strict=True
        ):
            _draw_choices(axes, found[letter])
            axes.set_title(f"({letter}) {title}")
            axes.set_xlabel("location of the uppermost weight" if letter == "a" else "shift of all weights")
        figure.axes[0].set_ylabel("$P_t$ (log scale)")
        handles, labels = figure.axes[0].get_legend_handles_labels()
        pairs = [(k + 8 * row) for k in range(8) for row in (0, 1)]  # filled column by column
        key_below(
            figure, 0.12, handles=[handles[k] for k in pairs], labels=[labels[k] for k in pairs], ncols=8,
            prop={"family": "monospace", "size": 8}, handlelength=2.6,
        )  # fmt: skip
    tops = {letter: max((row.upper, signs) for signs, rows in found[letter].items() for row in rows) for letter in "ab"}
    caption = (
        "After Liu, figure A4: four weights that start at 0.1, 0.05, 0, -0.05, Gaussian data, N = 100. The paper does "
        "not print the normals, so all 16 choices are drawn, by which weights look to the right (+). At "
        f"{PLACES + 1} places the numbers are enclosed, closer than the line is wide; the lines between them only lead "
        f"the eye. The largest upper bounds are (a) {above(tops['a'][0], 3)} ({tops['a'][1]}), (b) "
        f"{above(tops['b'][0], 3)} ({tops['b'][1]}, far out, where nearly all data are on the blind side of all "
        "weights)."
    )
    facts = {
        letter: {signs: [[str(value) for value in row] for row in rows] for signs, rows in found[letter].items()}
        for letter in "ab"
    }
    return Picture(figure, caption, facts)


def _draw_choices(axes: Any, curves: dict[str, list[Row]]) -> None:
    """One line for each choice: dashed where the first normal looks to the left, colour and marker by the others."""
    for signs, rows in curves.items():
        look = int(signs[1:].replace("+", "1").replace("-", "0"), 2)
        upper = [max(float(row.upper), 1e-80) for row in rows]
        axes.plot(
            [float(row.parameter) for row in rows], upper, color=COLORS[look], linewidth=0.8, marker=MARKERS[look],
            linestyle="-" if signs[0] == "+" else (0, (3, 1.5)), markersize=3.2, markevery=(look % 5, 5),
            label=signs.replace("-", "−"),
        )  # fmt: skip
    axes.set_yscale("log")
    axes.set_ylim(1e-62, 1e3)
