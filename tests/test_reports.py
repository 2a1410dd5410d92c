"""Reports: the story of a problem is whole, its LaTeX is set without a blemish, and manuscripts are checked exactly."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache

import pytest
from gmpy2 import mpq
from test_report import ENGINES, NASTY

from exactrelu import examples
from exactrelu.budget import Budget
from exactrelu.cell_infimum import CellInfima
from exactrelu.cli import main
from exactrelu.errors import Unsupported
from exactrelu.landscape import Problem
from exactrelu.latexmk import compile_with_log
from exactrelu.loss import Loss
from exactrelu.network import Network
from exactrelu.reports import manuscript
from exactrelu.reports.constants import Constants, UnknownKey
from exactrelu.reports.latex.document import document, fragment, fragments
from exactrelu.reports.latex.macros import PREAMBLE
from exactrelu.reports.latex.numbers import Unreadable, read
from exactrelu.reports.story import gather

SMALL = ("liu-two-samples-opposite", "laurent-brecht-unbalanced-relu", "laurent-brecht-exact-penalty", "milne-deep")


@cache
def story(name: str, limit: int = 10):
    return gather(Problem.example(name), limit=limit, budget=Budget(60))


def blemishes(tex: str, engine: str) -> list[str]:
    """What a careful author would see in the log."""
    _, log = compile_with_log(tex, engine)
    pattern = r"^(?:Overfull|LaTeX.*Warning|Package.*Warning|Missing character|.*undefined).*"
    return [line for line in re.findall(pattern, log, re.MULTILINE) if "Rerun" not in line]


def saved(tmp_path, name: str) -> str:
    path = tmp_path / f"{name}.json"
    path.write_text(examples.text(name))
    return str(path)


# ---------------------------------------------------------------------- the story


def test_a_story_tells_what_is_missing_and_why():
    deep = story("milne-deep")
    assert {gap.part for gap in deep.gaps} == {"global minimum", "atlas"}
    assert deep.minimum is None and deep.atlas is None and not deep.is_late
    assert "2 hidden layers" in document(deep).split(r"\ersection{Open}")[1]


@pytest.mark.parametrize("name", SMALL)
def test_every_certificate_of_a_story_is_accepted_and_every_decision_is_in_one(name):
    told = story(name)
    assert all(each.verdict is not None and each.verdict.accepted for each in told.certificates)
    assert len({each.file for each in told.certificates}) == len(told.certificates)
    for point in told.points:
        kept = told.certificate_of(f"point-{point.name}.json")
        assert {q: d["answer"] for q, d in kept.certificate.proof["decisions"].items()} == {
            q: d.answer for q, d in point.decisions.items()
        }


def test_all_clarke_critical_points_are_told_where_they_are_asked_for(tmp_path):
    problem = Problem.example("liu-two-samples-opposite")
    told = gather(problem, parts=["critical"])
    assert [each.file for each in told.certificates] == ["critical.json"] and told.certificates[0].verdict.accepted
    assert told.certificates[0].make.startswith("exactrelu atlas liu-two-samples-opposite.json --critical")
    section = fragments(told)["critical.tex"]
    assert "form 17 sets" in section and section.count(r"\errow") == len(told.critical.groups) > 3
    assert sum(map(len, told.critical.groups.values())) == 17
    assert "critical.tex" not in fragments(story("liu-two-samples-opposite"))
    (gap,) = gather(Problem.example("milne-deep"), parts=["critical"]).gaps
    assert gap.part == "critical points" and "weight decay" in gap.reason and not gap.is_late
    late = gather(problem, parts=["critical"], budget=Budget(0))
    assert late.is_late and "critical points" in {gap.part for gap in late.gaps}
    path = saved(tmp_path, "liu-two-samples-opposite")
    assert main(["report", path, "--check", "paper.tex", "--critical"]) == 2
    assert main(["report", path, "--critical", "--quiet", "-o", str(tmp_path / "a.tex")]) == 0
    assert r"\ersection{Critical points}" in (tmp_path / "a.tex").read_text()


def test_points_whose_names_look_alike_have_certificates_of_their_own():
    plain = examples.example("liu-two-samples")
    points = {"a b": plain.points["r1"], "a/b": plain.points["r2"], "a-b": plain.points["r3"]}
    told = gather(Problem(plain.network, plain.x, plain.y, plain.loss, points), parts=("points",))
    assert len({each.file for each in told.certificates}) == 3


def test_the_germ_of_a_descent_is_the_loss_along_its_curve():
    point = next(p for p in story("laurent-brecht-exact-penalty").points if p.name == "unequal")
    assert point.germs["local_minimum"] == (1, -2, 1)
    assert sum(each.multiplier for each in point.subgradients) == 1
    total = [sum(e.multiplier * e.gradient[k] for e in point.subgradients) for k in range(len(point.parameters))]
    assert tuple(total) == point.least_norm


@pytest.mark.parametrize("name", ["liu-two-samples-opposite", "yun2018-three-point", "laurent-brecht-rare",
                                  "laurent-brecht-unbalanced-relu", "laurent-brecht-sharp-optimum"])  # fmt: skip
def test_the_least_infimum_on_all_cells_is_the_global_minimum(name):
    problem = Problem.example(name)
    infima = CellInfima(problem, lambda: None)
    cells = problem.cells()
    values = [infima.on(cell.form.columns) for cell in cells]
    assert min(values) == problem.minimum().upper
    for cell, infimum in zip(cells, values, strict=True):
        assert problem.evaluate(cell.witness) >= infimum
        assert not cell.is_flat or problem.evaluate(cell.witness) == infimum


def test_no_infimum_on_cells_is_claimed_with_weight_decay():
    with pytest.raises(Unsupported, match="weight decay"):
        CellInfima(Problem(Network.dense([1, 1, 1]), [[1]], [1], Loss("hinge", weight_decay=1)), lambda: None)


# ---------------------------------------------------------------------- LaTeX

HEADS = {
    "a document of its own": "",
    "two columns": r"\documentclass[twocolumn]{article}\usepackage{amsmath,array,booktabs,longtable}",
    "amsart": r"\documentclass{amsart}\usepackage{array,booktabs,longtable}",
}


@pytest.mark.parametrize("head, engine", [
    pytest.param(head, engine.values[0], marks=[*engine.marks, *([pytest.mark.slow] if is_slow else [])])
    for head, engine, is_slow in [
        ("a document of its own", ENGINES[0], False), ("two columns", ENGINES[0], False), ("amsart", ENGINES[1], False),
        ("a document of its own", ENGINES[1], True), ("two columns", ENGINES[1], True), ("amsart", ENGINES[0], True),
    ]
])  # fmt: skip
def test_reports_are_set_without_an_overfull_box(head, engine):
    body = "\n".join(fragment(story(name, 4)) for name in SMALL)
    start = f"{HEADS[head]}\n\\begin{{document}}\n" if HEADS[head] else PREAMBLE
    assert blemishes(f"{start}{body}\\end{{document}}\n", engine) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", examples.names())
def test_the_report_of_every_shipped_example_is_set_without_an_overfull_box(name):
    told = gather(Problem.example(name), limit=40, budget=Budget(60))
    for engine in ENGINES:
        if not engine.marks[0].args[0]:
            assert blemishes(document(told), engine.values[0]) == []
    two = f"{HEADS['two columns']}\n\\begin{{document}}\n{fragment(told)}\\end{{document}}\n"
    if not ENGINES[0].marks[0].args[0]:
        assert blemishes(two, "pdflatex") == []


@pytest.mark.parametrize("engine", ENGINES[:1])
def test_sections_may_be_read_one_by_one_after_the_macros(engine):
    files = fragments(story("laurent-brecht-unbalanced-relu", 4))
    names = ("macros", "summary", "problem", "points", "minimum", "atlas", "cells", "certificates")
    assert list(files) == [f"{name}.tex" for name in names]
    for text in files.values():
        assert text.isascii() and "\\documentclass" not in text
    body = "\\newcommand{\\erdecision}[4]{#1 is #2. }" + files["macros.tex"] + files["atlas.tex"] + files["points.tex"]
    assert blemishes(f"{HEADS['amsart']}\\begin{{document}}\n{body}\\end{{document}}", engine) == []


@pytest.mark.parametrize("engine", ENGINES[:1])
def test_any_names_and_texts_of_a_user_are_set(engine):
    plain = examples.example("liu-two-samples")
    points = {NASTY: plain.points["r1"], NASTY + "!": plain.points["r4"], "": plain.points["r3"]}
    told = gather(Problem(plain.network, plain.x, plain.y, plain.loss, points, NASTY, NASTY + " 🙂 ½"), limit=4)
    assert len({each.file for each in told.certificates}) == len(told.certificates)
    assert document(told).isascii() and blemishes(document(told), engine) == []


def test_the_report_says_by_which_rule_and_with_which_proof():
    tex = document(story("laurent-brecht-unbalanced-relu"))
    vanishing = tex.split(r"\erpoint{vanishing}")[1].split(r"\erpoint")[0]
    assert r"\erdecision{Local minimum}{yes}{dual vectors}" in vanishing
    assert r"\errow{$v_{1} > 0$\ernext $(-5/48,\erbreak -11/48,\erbreak 1/3)$" in vanishing
    assert r"L(\omega(t)) = \erfrac{2}{3} \erbreak + \erfrac{1}{3} t" in " ".join(vanishing.split())
    for each in story("laurent-brecht-unbalanced-relu").certificates:
        assert " ".join(re.findall(".{8}", each.digest)) in re.sub(r"\\ercode\{(\w+)\}", r"\1", tex)


def test_long_lists_are_cut_and_the_text_says_how_many_there_are():
    told = gather(Problem.example("laurent-brecht-unbalanced-relu"), limit=5)
    tex = document(told)
    assert "The first 5 of them are listed." in tex and tex.count(r"\ercell{") == 5
    assert "10 more sets are left out here; there are 15." in tex


def test_the_same_problem_gives_the_same_bytes_whatever_the_hash_seed(tmp_path):
    path, texts = saved(tmp_path, "liu-two-samples-opposite"), []
    for seed in ("1", "2"):
        target = tmp_path / f"{seed}.tex"
        command = [sys.executable, "-m", "exactrelu", "report", path, "-o", str(target), "--quiet"]
        subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": seed})
        texts.append(target.read_bytes())
    assert texts[0] == texts[1]


# ---------------------------------------------------------------------- the command


def test_certificates_and_fragments_are_written_beside_the_report(tmp_path, capsys):
    path, kept, parts = saved(tmp_path, "liu-two-samples"), tmp_path / "certificates", tmp_path / "parts"
    target = tmp_path / "a.tex"
    options = ["-o", str(target), "--fragment", "--certificates", str(kept), "--fragments", str(parts), "--json"]
    assert main(["report", path, *options]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["complete"] and result["missing"] == []
    assert target.read_text().startswith("% Macros of exactrelu")
    assert sorted(p.name for p in kept.iterdir()) == sorted(result["certificates"])
    assert (parts / "macros.tex").exists() and len(list(parts.iterdir())) == 8
    assert main(["check", *map(str, kept.iterdir()), "--json"]) == 0
    checked_again = json.loads(capsys.readouterr().out)["certificates"]
    digests = {os.path.basename(each["file"]): each["sha256"] for each in checked_again}
    assert digests == result["certificates"]


def test_a_budget_that_runs_out_leaves_a_report_that_names_what_is_missing(tmp_path, capsys):
    path, target = saved(tmp_path, "laurent-brecht-three-minima"), tmp_path / "a.tex"
    assert main(["report", path, "-o", str(target), "--budget", "1.5", "--json"]) == 3
    result = json.loads(capsys.readouterr().out)
    assert not result["complete"]
    parts = {entry["part"] for entry in result["missing"]}
    assert parts & {"atlas", "cells", "the list of all cells"}
    shown = target.read_text().split(r"\ersection{Open}")[1]
    assert "the budget of 1.5 seconds ran out" in shown.lower()


INTERRUPTED = """
import os, signal, sys, threading
import exactrelu.reports.story
from exactrelu.cli import main
threading.Timer(float(sys.argv[1]), os.kill, (os.getpid(), signal.SIGINT)).start()
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize("delay", ["0.3", "1.5"])
def test_an_interrupt_leaves_nothing_behind(tmp_path, delay):
    path = saved(tmp_path, "liu-four-parallel-weights")
    folder = tmp_path / "out"
    folder.mkdir()
    outputs = ["-o", str(folder / "a.tex"), "--certificates", str(folder / "certificates")]
    done = subprocess.run([sys.executable, "-c", INTERRUPTED, delay, "report", path, *outputs], capture_output=True)
    assert done.returncode == 3 and b"interrupted" in done.stderr
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("options, complaint", [
    ([], "nothing to do"),
    (["-o", "a.doc"], "a name that ends in .tex"),
    (["-o", "a.pdf", "--fragment"], "--fragment"),
    (["-o", "nowhere/a.tex"], "write access"),
    (["--check", "nowhere.tex"], "no such file"),
    (["-o", "a.tex", "--check", "b.tex"], "one of them"),
])  # fmt: skip
def test_options_that_make_no_sense_are_refused_on_one_line(options, complaint, tmp_path, capsys, monkeypatch):
    path = saved(tmp_path, "liu-two-samples")
    monkeypatch.chdir(tmp_path)
    assert main(["report", path, *options]) == 2
    error = capsys.readouterr().err
    assert complaint in error and error.count("\n") == 1


# ---------------------------------------------------------------------- numbers


@pytest.mark.parametrize("tex, value", [
    ("3", 3), ("$-2/7$", "-2/7"), (r"\frac{1}{3}", "1/3"), (r"\tfrac13", "1/3"), (r"-\frac 1{12}", "-1/12"),
    ("0.25", "1/4"), (r"1{,}234", 1234), (r"1\,234\,567", 1234567), ("−5", -5), (r"\(\dfrac{-2}{7}\)", "-2/7"),
    (r"2^{10}", 1024), (r"1.5 \cdot 10^{-3}", "3/2000"), (r"25\%", "1/4"), (r"0.\overline{3}", "1/3"),
    (r"0.1\overline{6}", "1/6"), (r"\left(\frac12\right)", "1/2"), (r"\frac{1+2}{4}", "3/4"), ("three", 3),
    (r"\mathbf{7}", 7), (r"\erlong{1/\erbreak 3}{3.3\cdot 10^{-1}}", "1/3"),
    (r"12345\erbreak 67890", 1234567890), (r"{}-{3}/{4}", "-3/4"), ("+2", 2),
    (r"\num{0.5}", "1/2"), ("= 1/2", "1/2"), (r"\frac{\frac12}{3}", "1/6"), (r"1/2 % half" + "\n", "1/2"),
])  # fmt: skip
def test_numbers_in_latex_are_read_exactly(tex, value):
    assert read(tex).value == mpq(value)
    assert read(tex).agrees(mpq(value)) and not read(tex).agrees(mpq(value) + mpq(1, 10**9))


@pytest.mark.parametrize("tex", [
    "", r"\sqrt{2}", "1,234", r"0{,}25", r"1\frac12", "x", r"\frac{1}{0}", "1/0", r"\frac{1}", "1 2", "(1",
    r"\approx 1/3",
    r"2^{2000}", r"2^{1/2}", "--3", r"\frac", r"1.2.3", "thirty-six", r"\approx \frac13", "0^{-1}", r"1/3\ldots", "½",
])  # fmt: skip
def test_what_is_no_number_is_refused(tex):
    with pytest.raises(Unreadable):
        read(tex)


THIRD = mpq(1, 3)


@pytest.mark.parametrize("tex, decimals, agrees", [
    (r"\approx 0.333", None, True), (r"\approx 0.334", None, False), (r"\approx 0.3", None, True),
    ("0.333", None, False), ("0.333", 3, True), ("0.33", 3, False), ("0.334", 3, False),
    (r"0.333\ldots", None, True), (r"0.334\dots", None, False), (r"\approx 3.3\cdot 10^{-1}", None, True),
    (r"\approx 3.4\cdot 10^{-1}", None, False), (r"\approx 33.3\%", None, True), (r"\approx -0.333", None, False),
])  # fmt: skip
def test_roundings_are_compared_exactly_and_only_where_they_are_marked(tex, decimals, agrees):
    assert read(tex, decimals).agrees(THIRD) is agrees


def test_a_tie_may_be_rounded_either_way():
    assert read(r"\approx 0.2").agrees(mpq(1, 4)) and read(r"\approx 0.3").agrees(mpq(1, 4))
    assert read(r"-0.33\ldots").agrees(-THIRD) and not read(r"-0.33\ldots").agrees(THIRD)


# ---------------------------------------------------------------------- manuscripts

PAPER = r"""\documentclass{article}
\providecommand{\exact}[3][]{#3}% prints its last argument
\begin{document}
\section{The loss is \exact{loss:bad}{$\frac13$}}
There are 36 cells, % exact: cells
and the inertia is $(2, 0, 7)$. % exact: hessian:bad:positive % exact: hessian:bad:negative % exact: hessian:bad:zero
% exact: answer:bad:local_minimum = yes
\verb|\exact{a}{b}| and \begin{verbatim}
\exact{no}{mark}
\end{verbatim}
The entry \exact{point:bad:W2[1][2]}
  {\frac{2}{3}}, the coefficient $\exact{form:++;++;++:r_3:W1_1_1*W2_1_1}{\tfrac12}$, about
  $\exact[2]{loss:bad}{0.33}$, \exact{atlas:spurious}{seventeen}, \exact{signature:bad}{\texttt{++;++;++}}.
$0.333\ldots$ % exact: loss:bad
\end{document}
"""


def checked(tmp_path, capsys, text: str, name: str = "yun2018-three-point") -> tuple[int, list[dict]]:
    paper = tmp_path / "paper.tex"
    paper.write_text(text)
    code = main(["report", saved(tmp_path, name), "--check", str(paper), "--json"])
    output = capsys.readouterr().out
    return code, json.loads(output)["places"] if output else []


def test_marks_are_found_where_they_are():
    found = manuscript.marks(PAPER, "paper.tex")
    assert [(m.line, m.column) for m in found[:2]] == [(4, 22), (5, 11)]
    assert [m.found for m in found[2:5]] == ["2", "0", "7"]
    assert len(found) == 12 and all(not m.fault for m in found)


def test_a_manuscript_whose_constants_are_right_passes(tmp_path, capsys):
    code, places = checked(tmp_path, capsys, PAPER.replace("seventeen", "17"))
    assert code == 0 and {place["status"] for place in places} == {"agrees"} and len(places) == 12


def test_each_wrong_constant_is_found(tmp_path, capsys):
    right = PAPER.replace("seventeen", "17")
    constants = Constants(story("yun2018-three-point"), lambda: None)
    for before, after in [(r"$\frac13$", "$1/4$"), ("36 cells", "35 cells"), ("(2, 0, 7)", "(2, 1, 7)"),
                          ("= yes", "= no"), (r"{\tfrac12}", r"{\tfrac13}"), ("{0.33}", "{0.34}"),
                          (r"0.333\ldots", "0.333"), ("++;++;++}}", "++;++;+-}}")]:  # fmt: skip
        assert before in right
        found = manuscript.findings(manuscript.marks(right.replace(before, after), "paper.tex"), constants)
        assert [each.status for each in found].count("differs") == 1, after
    assert checked(tmp_path, capsys, r"\exact{loss:bad}{1/4}")[0] == 1


@pytest.mark.parametrize("mark, said", [
    (r"\exact{loss:badd}{1}", "near: loss:bad"),
    (r"\exact{cells}{seventeen}", "needed a number"),
    (r"\exact{cells}", r"needed \exact{key}{value}"),
    (r"\exact{cells}{36", r"needed \exact{key}{value}"),
    (r"\exact[x]{cells}{36}", "a number of decimals"),
    (r"no number % exact: cells", "needed a number before it"),
    (r"\exact{form:++;++;++:r_9:1}{0}", "the blocks are: r_1"),
    (r"\exact{form:++;++;++:r_1:W1_1_3}{0}", "no parameter W1_1_3"),
    (r"\exact{form:++;++;-+:r_1:1}{0}", "no point has the signature"),
    (r"\exact{form:++;+:r_1:1}{0}", "signature"),
    (r"\exact{point:bad:W1[3][1]}{0}", "near: point:bad:W1"),
])  # fmt: skip
def test_what_cannot_be_read_is_told_from_what_differs(mark, said, tmp_path, capsys):
    code, places = checked(tmp_path, capsys, mark)
    assert code == 2 and places[0]["status"] == "unreadable" and said in places[0]["detail"]


def test_a_constant_that_is_not_known_is_neither_right_nor_wrong(tmp_path, capsys):
    code, places = checked(tmp_path, capsys, r"\exact{minimum}{0}", "milne-deep")
    assert code == 3 and places[0]["status"] == "open" and "2 hidden layers" in places[0]["detail"]


def test_a_manuscript_without_marks_is_bad_input(tmp_path, capsys):
    assert checked(tmp_path, capsys, "no marks % exactly: nothing")[0] == 2


def test_each_place_is_reported_with_file_line_and_column(tmp_path, capsys):
    paper = tmp_path / "paper.tex"
    paper.write_bytes(b"caf\xe9 \\exact{loss:bad}{0.333}\n")
    assert main(["report", saved(tmp_path, "yun2018-three-point"), "--check", str(paper)]) == 1
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{paper}:1:6: loss:bad: found 0.333, the exact value is 1/3; if it is meant as a rounding")
    assert last == "1 constant: 1 differs"


@pytest.mark.parametrize("name", SMALL)
def test_the_constants_that_a_report_prints_pass_its_own_check(name):
    told = story(name)
    found = manuscript.marks(document(told), "a.tex")
    statuses = {each.status for each in manuscript.findings(found, Constants(told, lambda: None))}
    assert statuses == {"agrees"} and len(found) > 3


@pytest.mark.parametrize("name", SMALL)
def test_every_key_that_is_listed_gives_its_value_back(name):
    constants = Constants(story(name, 3), lambda: None)
    listed = dict(constants.listed())
    assert len(listed) > 30
    for key, value in listed.items():
        assert str(constants.value(key)) == value
    with pytest.raises(UnknownKey):
        constants.value("nothing:of:the:kind")


def test_keys_are_printed_with_their_values(tmp_path, capsys):
    assert main(["report", saved(tmp_path, "liu-two-samples"), "--keys"]) == 0
    assert "minimum = 0\n" in capsys.readouterr().out
