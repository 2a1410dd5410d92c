"""Results show themselves in notebooks: cut where they are large, never an error, never long work; the tour runs."""

import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from gmpy2 import mpq

import exactrelu
from exactrelu import Arrangement, Budget, Loss, Network, Problem, check, display, example
from exactrelu.budget import Bar, is_watched, showing, shown
from exactrelu.examples import names
from exactrelu.narration import notebook
from exactrelu.polynomial import Ring

ROOT = Path(__file__).parent.parent
TOUR = ROOT / "examples" / "tour.py"
EMPTY = ("br", "hr", "img")


class Balance(HTMLParser):
    """Fails where a tag is not closed in its turn."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attributes):
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def html(value):
    text = value._repr_html_()
    balance = Balance()
    balance.feed(text)
    assert balance.open == [] and "<table>" in text
    return text


def latex(value):
    text = value._repr_latex_()
    assert text.startswith("$\\displaystyle ") and text.endswith("$") and text.count("$") == 2
    assert text.count("{") == text.count("}") and text.count(r"\begin") == text.count(r"\end")
    return text


@pytest.mark.parametrize("name", names())
def test_every_shipped_problem_and_its_points_show_themselves(name):
    problem = example(name)
    assert (name in html(problem) and "sum_i" in repr(problem.loss)) or "mean_i" in repr(problem.loss)
    assert r"\sum_i" in latex(problem.loss)
    for label in problem.points:
        point = problem.at(label)
        assert label in html(point) and "Nothing has been asked" in html(point)
        assert r"\begin{pmatrix}" in latex(point) or r"\mathbb{Q}" in latex(point)
        assert point._decisions == {}


def test_a_point_shows_what_was_decided_and_asks_for_nothing():
    bad = example("yun2018-three-point").at("bad")
    bad.local_minimum()
    text = html(bad)
    assert '<th style="text-align: left">local minimum</th>' in text and "<b>yes</b> (sum-of-squares)" in text
    assert "global minimum" not in text and "W1 = 1/4 1/4; 1/4 1/4" in text


def test_lists_are_cut_and_say_how_many_there_are():
    cells = example("yun2018-three-point").cells()
    text = html(cells)
    assert "All cells: 36" in text and "and 26 more: 36 cells in all" in text and text.count("<tr>") == 11
    chambers = Arrangement([[i, i * i] for i in range(1, 9)]).chambers()
    assert "and 6 more: 16 chambers in all" in html(chambers)


def test_more_cells_than_a_machine_integer_can_count_are_shown_without_being_listed():
    wide = Problem(Network.dense([2, 60, 1]), [[i, i * i] for i in range(8)], list(range(8)), Loss("squared"))
    cells = wide.cells()
    assert cells.number > 2**64
    assert f"{cells.number} cells in all" in html(cells)


def test_explored_cells_are_not_called_all():
    cells = example("laurent-brecht-two-hidden-layers").cells(limit=5)
    assert "5 cells, not known to be all" in html(cells)


def test_decisions_minima_atlases_and_certificates_show_themselves():
    problem = example("liu-two-samples-opposite")
    minimum, atlas = problem.minimum(), problem.atlas()
    assert "1/2, attained" in html(minimum) and "3 of 7 pieces" in html(minimum)
    assert "All local minima: 5 sets" in html(atlas) and "spurious" in html(atlas)
    point = example("laurent-brecht-unbalanced-relu").at("vanishing")
    assert "dual-vectors" in html(point.local_minimum())
    assert '<th style="text-align: left">with</th><td style="text-align: left">loss 0</td>' in html(
        point.global_minimum()
    )
    assert "All incident cells: 4" in html(point.incident_cells())
    assert "a spurious local minimum" in html(point.certificate())
    late = example("laurent-brecht-unbalanced-relu").at("vanishing", tick=Budget(0)).local_minimum()
    assert "the budget of 0 seconds ran out" in html(late)


def test_a_form_is_shown_by_its_residuals_or_as_one_polynomial():
    squared = latex(example("yun2018-three-point").at("bad").form)
    assert r"\ell &= \tfrac{1}{2} \sum_i" in squared and r"r_{3} &= -1 + b^{(2)}_{1}" in squared
    hinge = latex(example("laurent-brecht-one-neuron").at("start").form)
    assert r"\ell &= \tfrac{2}{3} - \tfrac{1}{3} b^{(1)}_{1} W^{(2)}_{11}" in hinge


def test_long_polynomials_numbers_and_names_are_cut():
    ring = Ring(tuple(f"W1_1_{i}" for i in range(1, 101)))
    total = ring.constant(0)
    for variable in ring.variables:
        total = total + variable
    assert r"+ \cdots \quad (100\text{ terms})" in latex(total) and "W^{(1)}_{1,25}" not in latex(total)
    assert display.short(mpq(1, 3) + mpq(1, 10**200)) == "~0.333333"
    assert len(display.code("+" * 10**6)) < 200
    hostile = Problem(Network.dense([1, 1]), [["1e-999"]], [0], Loss("squared"), name="<script>")
    assert "<script>" not in html(hostile) and "~1e-999" in html(hostile)


def test_a_form_too_large_to_be_expanded_is_shown_quickly():
    points = [[i, i * i, 1] for i in range(40)]
    deep = Problem(Network.dense([3, 9, 9, 1]), points, [0] * 40, Loss("squared"))
    form = deep.forms.on(";".join([f"{'+' * 9},{'+' * 9}"] * 40))
    started = time.process_time()
    assert "40" in repr(form) or "squares of r_1" in repr(form)
    assert r"\vdots" in latex(form)
    assert time.process_time() - started < 5
    assert "undecayed" not in vars(form)


class Formatter:
    def __init__(self):
        self.known = {}

    def for_type(self, kind, function):
        self.known[kind] = function


class Session:
    """What an IPython session offers to an extension."""

    def __init__(self):
        self.display_formatter = self
        self.formatters = {"text/latex": Formatter(), "text/html": Formatter()}


def test_the_extension_shows_numbers_as_fractions_and_verdicts_in_words():
    session = Session()
    exactrelu.load_ipython_extension(session)
    assert session.formatters["text/latex"].known[type(mpq())](mpq(-1, 3)) == r"$\displaystyle -\tfrac{1}{3}$"
    verdict = check(example("liu-two-samples").at("r1").certificate())
    assert "<b>accepted</b>: loss 1" in session.formatters["text/html"].known[type(verdict)](verdict)


def test_outside_of_a_notebook_the_extension_does_nothing():
    assert exactrelu.load_ipython_extension() is None


def test_scripts_see_no_progress(capsys):
    assert not is_watched()
    with showing("atlas", None) as tick:
        assert not isinstance(tick, Budget)
        tick()
    assert capsys.readouterr() == ("", "")


def test_where_a_person_looks_on_a_bar_appears_on_standard_error_and_goes_away(monkeypatch, capsys):
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    pytest.importorskip("tqdm")
    with showing("atlas", None) as tick:
        assert isinstance(tick, Budget) and isinstance(tick.bar, Bar)
        tick()
        tick.bar._bar.delay = 0
        tick.bar._bar.refresh()
        assert tick.bar._bar.n == 1
    assert tick.bar._bar is None
    out, err = capsys.readouterr()
    assert out == "" and "atlas" in err
    mine = Budget(60, bar=[])
    assert shown("atlas", mine) is mine and mine.bar == []


def test_a_budget_of_ones_own_gets_a_bar_too_and_a_tick_of_ones_own_is_kept(monkeypatch):
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    budget = Budget(60)
    assert isinstance(shown("minimum", budget).bar, Bar)
    steps = []
    assert example("liu-two-samples").minimum(tick=lambda: steps.append(1)).is_exact and steps


def test_without_tqdm_nothing_is_shown(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    bar = Bar("atlas")
    bar.update()
    bar.close()
    assert capsys.readouterr() == ("", "")


def test_the_tour_is_a_script_that_says_something():
    done = subprocess.run([sys.executable, str(TOUR)], capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == ""
    assert "accepted" in done.stdout and "36 cells, all of them: True" in done.stdout


def test_the_tour_runs_as_a_notebook_in_a_kernel():
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    tour = nbformat.from_dict(notebook(TOUR.read_text(encoding="utf-8")))
    nbformat.validate(tour)
    nbclient.NotebookClient(
        tour, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}
    ).execute()
    outputs = [output for cell in tour.cells if cell.cell_type == "code" for output in cell.outputs]
    assert all(output.output_type != "error" for output in outputs)
    assert all(output.get("name") != "stderr" for output in outputs)
    shown_as = {kind for output in outputs if "data" in output for kind in output["data"]}
    assert {"text/html", "text/latex", "text/plain", "image/svg+xml"} <= shown_as
    texts = " ".join(str(output.get("data", {}).get("text/html", "")) for output in outputs)
    for words in ("All cells: 36", "All incident cells: 4", "Global minimum", "All local minima: 5 sets", "accepted"):
        assert words in texts
