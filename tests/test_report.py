"""The LaTeX of a problem's forms: compiles without overfull boxes, says what is true, is the same every time."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from functools import cache, cached_property

import pytest
from gmpy2 import mpq

from exactrelu import examples
from exactrelu.cells import parameter_cells
from exactrelu.errors import InternalContradiction, MalformedInput, Unsupported
from exactrelu.exploration import ExploredCells
from exactrelu.forms import CellForm, Forms
from exactrelu.latexmk import compile_pdf, compile_with_log
from exactrelu.loss import Loss
from exactrelu.network import Layer, Network
from exactrelu.problem import Instance
from exactrelu.reports.latex.cells import forms_document, forms_fragment
from exactrelu.reports.latex.macros import PREAMBLE
from exactrelu.reports.latex.tables import long_polynomial
from exactrelu.signature import of_point, write
from exactrelu.typesetting import escape, monomial_tex, number, parameter

ENGINES = [
    pytest.param(
        engine,
        marks=pytest.mark.skipif(
            not (shutil.which("latexmk") and shutil.which(engine)),
            reason=f"latexmk and {engine} must be installed to compile LaTeX",
        ),
    )
    for engine in ("pdflatex", "lualatex")
]


@dataclass(frozen=True)
class PointCell:
    """The cell around a generic point, without any enumeration."""

    forms: Forms
    witness: tuple

    @property
    def signature(self) -> str:
        return write(of_point(self.forms.instance, self.witness))

    @cached_property
    def form(self) -> CellForm:
        return self.forms.on(self.signature)

    @property
    def is_flat(self) -> bool:
        return self.form.is_flat


@cache
def cells_of(name: str):
    """A shipped problem, at most 250 of its cells, and whether these are all."""
    instance = examples.example(name)
    start = next(iter(instance.points.values()), (mpq(0),) * instance.network.parameters)
    if name == "laurent-brecht-three-minima":  # 12,406 cells: the slow test sets them all
        return instance, ExploredCells(instance, start, limit=250), False
    try:
        cells = parameter_cells(instance)
    except Unsupported:
        return instance, ExploredCells(instance, start, limit=20), False
    return instance, cells[:250], cells.complete and len(cells) <= 250


@cache
def all_examples() -> str:
    fragments = [forms_fragment(*cells_of(name)) for name in examples.names()]
    return PREAMBLE + "\\clearpage\n".join(fragments) + r"\end{document}"


def generic(instance: Instance, scale: object = 1) -> list[PointCell]:
    """One cell, around a fixed point without zeros; a ``scale`` with many digits makes long numbers."""
    size = instance.network.parameters
    witness = tuple(mpq((7 * j * j + 3 * j + 1) % 23 - 11, j % 5 + 2) * scale for j in range(size))
    return [PointCell(Forms(instance), witness)]


def blemishes(tex: str, engine: str) -> list[str]:
    """What a careful author would see in the log: overfull boxes, undefined references, missing characters."""
    _, log = compile_with_log(tex, engine)
    assert "Output written" in log
    pattern = r"^(?:Overfull|LaTeX.*Warning|Package.*Warning|Missing character|.*undefined).*"
    return [line for line in re.findall(pattern, log, re.MULTILINE) if "Rerun" not in line]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_every_shipped_example_is_set_without_an_overfull_box(engine):
    assert blemishes(all_examples(), engine) == []


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", examples.names())
def test_every_shipped_example_is_a_document_of_its_own(name, engine):
    assert blemishes(forms_document(*cells_of(name)), engine) == []


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_all_12406_cells_of_the_three_minima_are_set_without_an_overfull_box(engine):
    instance = examples.example("laurent-brecht-three-minima")
    cells = parameter_cells(instance)
    tex = forms_document(instance, cells, cells.complete)
    assert r"parameter space has \exact{cells}{12\,406} cells" in tex
    assert blemishes(tex, engine) == []


LONG = mpq(1234567890123456789012345678901234567891, 9876543210987654321098765432109876543211)
HARD = {
    "long numbers in data, points and coefficients": Instance(
        Network.dense([3, 2, 2]), [[LONG, 1, -LONG], [LONG**2, LONG, 5]], [[1, LONG], [LONG, 2]],
        Loss("squared", factor=LONG), {"long": [LONG * (j - 5) for j in range(14)]},
    ),
    "tables of a wide network": Instance(
        Network.dense([11, 6, 3, 3]), [[(i * j) % 7 - 3 for j in range(11)] for i in range(4)], [0, 1, 2, 1],
        Loss("one-vs-all-hinge", factor="2/3", weights=((1, 2, 3),) * 4, weight_decay="1/10"),
    ),
    "six layers": Instance(
        Network.dense([1, 1, 2, 1, 2, 1, 1, 1, 1], slopes=(2, "1/3"), bias=[True, False] * 4), [[3]], [1],
        Loss("hinge"),
    ),
    "an activated output": Instance(
        Network.dense([2, 2, 1], slopes=(1, "1/4"), output_activation=True), [[1, 2], [LONG, 3]], [1, 0],
        Loss("squared", weights=((1,), (LONG,)), weight_decay=LONG),
    ),
    "a structured layer": Instance(
        Network((Layer.linear(2, 2, [[[1, -2], [0, "1/3"]], [[1, 0], [LONG, 0]]]), Layer.dense(2, 1))), [[1, 1]], [1],
        Loss("hinge"),
    ),
    "a wide convolution": Instance(
        Network((Layer.conv1d(40, 38, channels=1, kernel=3), Layer.dense(38, 1)), (1, "1/8")),
        [list(range(-20, 20))], [1], Loss("hinge", weights="sum"),
    ),
    "no activation at all": Instance(Network.dense([1, 1], slopes=(1, 1)), [[1], [2]], [1, 2], Loss("squared")),
}  # fmt: skip


@cache
def hard_document() -> str:
    fragments = [forms_fragment(p, generic(p, LONG), False, title=name) for name, p in HARD.items()]
    return PREAMBLE + "\n".join(fragments) + r"\end{document}"


@pytest.mark.parametrize("engine", ENGINES)
def test_hard_problems_are_set_without_an_overfull_box(engine):
    assert blemishes(hard_document(), engine) == []


NASTY = r"50% of #1 & {a_b} ~ $x^2$ \input{/etc/passwd} <Müller–Łódź> «χ²» αβς 数据 -- --- " + "_".join(["word"] * 60)


@pytest.mark.parametrize("engine", ENGINES)
def test_any_user_text_compiles_and_is_shown(engine, tmp_path):
    plain = examples.example("liu-two-samples")
    points = {NASTY: plain.points["r1"]}
    instance = Instance(plain.network, plain.x, plain.y, plain.loss, points, NASTY, NASTY + " 🙂 ½")
    tex = forms_document(instance, parameter_cells(instance), True)
    assert tex.isascii()
    assert blemishes(tex, engine) == []
    if shutil.which("pdftotext"):
        (tmp_path / "a.pdf").write_bytes(compile_pdf(tex, engine))
        shown = subprocess.run(["pdftotext", tmp_path / "a.pdf", "-"], capture_output=True, check=True).stdout.decode()
        assert "50% of #1 & {a_b} ~ $x^2$ \\input{/etc/passwd}" in " ".join(shown.split())


def test_text_is_escaped_to_ascii():
    assert escape(r"_&%#${}~^" "\\") == r"\_\&\%\#\$\{\}\textasciitilde{}\textasciicircum{}\textbackslash{}"
    assert escape("Erdős, 数 a\nb --") == r"Erd\H{o}s, \erunicode{6570} a b -\/-"


def test_characters_without_a_name_in_latex_appear_by_their_code_points():
    assert escape("\N{GREEK SMALL LETTER STIGMA}½") == r"\erunicode{03DB}\erunicode{00BD}"


@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_input_gives_the_same_bytes(engine):
    first, second = (forms_document(*cells_of("liu-two-samples")) for _ in range(2))
    assert first == second
    assert compile_pdf(first, engine) == compile_pdf(second, engine)


@pytest.mark.parametrize("name", examples.names())
def test_every_term_of_every_block_is_printed_in_order(name):
    instance, cells, _ = cells_of(name)
    for cell in list(cells)[:10]:
        tex = forms_fragment(instance, [cell], False)
        for label, block in cell.form.blocks.items():
            if label == "decay":  # one formula for all cells
                continue
            names = [instance.network.names[j] for monomial, _ in block.terms for j in monomial]
            macros = "".join(parameter(name) for name in names)
            assert macros in re.sub(r"\\(?!erparam)[a-z]+ ?(\{\d+\})*|\\,|[\s+\-\d()](?![^{]*\})", "", tex)


def test_a_printed_polynomial_reads_back_as_itself():
    form = generic(HARD["tables of a wide network"])[0].form
    block = form.blocks["phi_2"]
    table = long_polynomial(block)
    entries = re.findall(r"\$((?:\\erparam\{\w\}\{\d\}\{[\d,]+\}(?:\\,)?)+)\$\\ernext \$(.*?)\$", table)
    assert len(entries) == len(block.terms)
    for (monomial, coefficient), (shown, value) in zip(block.terms, entries, strict=True):
        assert shown == monomial_tex(block, monomial)
        assert mpq(re.sub(r"\\erfrac\{(\d+)\}\{(\d+)\}", r"\1/\2", value)) == coefficient


def test_long_polynomials_become_tables_and_short_ones_do_not():
    instance = HARD["tables of a wide network"]
    assert forms_fragment(instance, generic(instance), False).count("\n\\ertable{") > 1
    assert forms_fragment(*cells_of("yun2018-three-point")).count("\n\\ertable{") == 1  # the data


def test_long_integers_may_be_broken_and_lose_no_digit():
    shown = number(LONG).removeprefix(r"\erlong{").removesuffix("}{0.124999999}")
    assert shown.replace(r"\erbreak ", "") == str(LONG)
    assert max(map(len, re.split(r"\\erbreak |/", shown))) == 5


def test_the_text_says_whether_the_list_is_complete():
    instance, cells, complete = cells_of("liu-two-samples")
    whole = r"The list is complete: parameter space has \exact{cells}{4} cells."
    assert complete and whole in forms_fragment(instance, cells, True)
    assert "1 cell is listed. The list is not claimed to be complete" in forms_fragment(instance, cells[:1], False)


def test_the_normalisation_of_the_loss_is_written_out():
    assert r"L = \erfrac{1}{2}\sum_{i=1}^{3} ( \hat y_i - y_i )^2" in forms_fragment(*cells_of("yun2018-three-point"))
    assert r"L = \erfrac{1}{6}\sum_{i=1}^{6} \max(1 - y_i \hat y_i" in forms_fragment(
        *cells_of("laurent-brecht-three-minima")
    )
    decayed = forms_fragment(HARD["tables of a wide network"], [], False)
    assert r"\erfrac{1}{20} \lVert\omega\rVert^2" in decayed and r"contain the factor $\erfrac{2}{3}$" in decayed


def test_facts_tell_flat_cells_from_others():
    instance, cells, _ = cells_of("liu-two-samples")
    for cell in cells:
        facts = forms_fragment(instance, [cell], False).split(r"\eritem{Facts.}")[1]
        assert ("flat: the loss is constant ($L = " in facts) == cell.is_flat
        assert ("subharmonic" in facts) == (not cell.is_flat)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_author_can_define_the_macros_anew_before_the_fragment(engine, tmp_path):
    instance, cells, complete = cells_of("liu-two-samples")
    mine = PREAMBLE + r"\newcommand{\erparam}[3]{\theta}" + forms_fragment(instance, cells, complete)
    pdf = compile_pdf(mine + r"\end{document}", engine)
    if shutil.which("pdftotext"):
        (tmp_path / "a.pdf").write_bytes(pdf)
        shown = subprocess.run(["pdftotext", tmp_path / "a.pdf", "-"], capture_output=True, check=True).stdout.decode()
        assert "θ" in shown


@pytest.mark.parametrize("engine", ENGINES)
def test_the_first_error_of_tex_is_reported(engine):
    broken = "\\documentclass{article}\\begin{document}\n\\nosuchmacro\n\\end{document}"
    with pytest.raises(InternalContradiction, match=r"Undefined control sequence. l.2 \\nosuchmacro"):
        compile_pdf(broken, engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_tex_may_not_run_programs(engine, tmp_path):
    target = tmp_path / "written"
    escape_attempt = (
        rf"\documentclass{{article}}\begin{{document}}x\immediate\write18{{touch {target}}}\end{{document}}"
    )
    if engine == "pdflatex":
        compile_pdf(escape_attempt, engine)
    assert not target.exists()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_raising_tick_ends_latex_at_once(engine):
    def tick() -> None:
        if time.monotonic() > start + 0.5:
            raise KeyboardInterrupt

    endless = r"\documentclass{article}\begin{document}\def\x{\x}\x\end{document}"
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        compile_pdf(endless, engine, tick)


def test_missing_programs_are_named(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda program: None)
    with pytest.raises(Unsupported, match="making a PDF needs latexmk"):
        compile_pdf("")


def test_other_engines_are_refused():
    with pytest.raises(MalformedInput, match='engine: found "xelatex"'):
        compile_pdf("", "xelatex")
