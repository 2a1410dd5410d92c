"""Laurent and von Brecht, ICML 2018, figure 4 (anonymous version, figure 2): three local minima of two ReLU neurons.

The paper prints no numbers; the data are those of the shipped problem ``laurent-brecht-three-minima``.
"""

from __future__ import annotations

from gmpy2 import mpq

from exactrelu.landscape import Problem
from exactrelu.pictures import style
from exactrelu.pictures.figures.inputs import (
    blind_region,
    data_key,
    draw_area,
    draw_datum,
    draw_neurons,
    losses,
    neuron_lines,
    start_panel,
)
from exactrelu.pictures.picture import Picture, Wishes
from exactrelu.rational import texts

PANELS = ("global", "dead-unsolved", "all-dead")
WINDOW = (-5, 5, -3, 3)


def draw(wishes: Wishes) -> Picture:
    """Three panels in the plane of the inputs."""
    problem = Problem.example("laurent-brecht-three-minima")
    found = []
    with style.styled():
        figure = style.new_figure(*(wishes.size or (9.6, 3.2)))
        for k, (name, axes) in enumerate(zip(PANELS, figure.subplots(1, 3, sharey=True), strict=True)):
            point = problem.at(name, wishes.tick)
            kind = "global minimum" if point.global_minimum().answer == "yes" else "local minimum, not global"
            window = start_panel(axes, WINDOW, f"({'abc'[k]}) {kind}: $L = {point.loss}$")
            if k:
                axes.set_ylabel("")
            lines = neuron_lines(problem, point.parameters)
            blind = blind_region(window, lines)
            draw_area(axes, blind, style.PALE[7], "////")
            draw_neurons(axes, window, lines)
            unsolved = []
            for i, (at, label, output, loss) in enumerate(losses(problem, point.parameters)):
                draw_datum(axes, at, "o" if label > 0 else "^", loss == 0, _output(output), at[1] >= 0)
                unsolved += [i + 1] if loss else []
            found.append(
                {
                    "point": name,
                    "loss": str(point.loss),
                    "local_minimum": point.local_minimum().answer,
                    "global_minimum": point.global_minimum().answer,
                    "unsolved": unsolved,
                    "blind_for_both": texts(blind) if len(blind) > 2 else [],
                }
            )
        shapes = (("o", "class +1"), ("^", "class −1"))
        data_key(figure.axes[2], shapes, ncols=6)
    values = ", ".join(f"({'abc'[k]}) L = {panel['loss']}" for k, panel in enumerate(found))
    caption = (
        "After Laurent and von Brecht, ICML 2018, figure 4, which prints no numbers: the shipped problem "
        f"laurent-brecht-three-minima, N = 6, equal weights. {values}: all three are local minima, only the first is "
        "global; each is decided and certified exactly. Arrows: the active side of a neuron. Hatched: the blind side "
        "of both, where the output is 0 and every unsolved data point lies. Numbers: the outputs."
    )
    return Picture(figure, caption, {"problem": problem.name, "panels": found})


def _output(value: mpq) -> str:
    return f"{value}".replace("-", "−")
