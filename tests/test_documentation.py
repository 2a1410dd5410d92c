"""The documentation builds without warnings, every snippet on its pages runs, and what docstrings refer to exists."""

import doctest
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sessions import console_sessions, shell

import exactrelu

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs").glob("*.md"))
LONG = ("appendix", "install", "teaching")
sys.path.append(str(ROOT / "docs"))


def python_session(page):
    """The Python blocks of a page, everything else as empty lines, so that line numbers are kept."""
    lines, inside = [], False
    for line in page.read_text(encoding="utf-8").splitlines():
        fence = line.startswith("```")
        lines.append(line if inside and not fence else "")
        inside = line == "```python" if fence else inside
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "page",
    [pytest.param(page, id=page.stem, marks=[pytest.mark.slow] if page.stem in LONG else []) for page in PAGES],
)
def test_the_snippets_of_a_page_run_as_they_are_printed(page, tmp_path, monkeypatch):
    run = shell(tmp_path)
    for command, expected in console_sessions(page):
        assert run(command) == expected, command
    monkeypatch.chdir(tmp_path)
    session = doctest.DocTestParser().get_doctest(python_session(page), {}, page.name, str(page), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    runner.run(session)
    assert runner.summarize(verbose=False).failed == 0


def test_every_page_with_a_promise_has_snippets():
    for name in ("tour", "counterexample", "appendix", "teaching", "install", "index"):
        assert len(console_sessions(ROOT / "docs" / f"{name}.md")) > 1
    for name in ("tour", "appendix", "teaching", "scope", "notebooks"):
        assert ">>> " in python_session(ROOT / "docs" / f"{name}.md")


def test_no_block_of_a_page_is_left_out():
    """Blocks that are not run say so: they are text, for what installs or changes a machine, or directives."""
    for page in PAGES:
        languages = re.findall(r"^```(\S+)", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(languages) <= {"console", "python", "text", "{toctree}", "{include}"}, page.name


def test_what_docstrings_refer_to_exists():
    from references import exists, modules

    wrong = []
    for module in modules():
        for item, place in documented(module):
            for name in re.findall(r"(?<![`\w])`([^`\n]+)`(?!`)", inspect.getdoc(item) or ""):
                if not exists(name, place) and module.__name__ != "exactrelu.proof_files":  # quotes Markdown
                    wrong.append((place, name))
    assert wrong == []


def documented(module):
    """The module, its classes with their methods, and its functions, each with the place where its names are known."""
    yield module, f"{module.__name__}:"
    for item in list(vars(module).values()):
        if getattr(item, "__module__", None) != module.__name__:
            continue
        if inspect.isclass(item):
            yield item, f"{module.__name__}:{item.__qualname__}"
            for member in list(vars(item).values()):
                inner = getattr(member, "fget", None) or getattr(member, "func", None) or member
                if inspect.isroutine(inner):
                    yield inner, f"{module.__name__}:{item.__qualname__}"
        elif inspect.isfunction(item):
            yield item, f"{module.__name__}:"


def test_what_the_package_offers_fits_on_a_screen_and_the_map_names_all_of_it():
    names = [name for name in dir(exactrelu) if not name.startswith("_")]
    assert len(names) <= 24 and set(exactrelu.__all__) == set(names)
    assert all(re.search(rf"\b{name}\b", exactrelu.__doc__) for name in names)
    assert len(exactrelu.__doc__.splitlines()) <= 40


def public_classes():
    from exactrelu.atlas import Atlas, MinimumSet
    from exactrelu.cells import Cell, Cells
    from exactrelu.chambers import Chamber, Chambers
    from exactrelu.forms import CellForm
    from exactrelu.global_minimum import Minimum
    from exactrelu.point import Point
    from exactrelu.polynomial import Polynomial

    offered = [getattr(exactrelu, name) for name in exactrelu.__all__]
    classes = [item for item in offered if inspect.isclass(item)]
    return [*classes, Atlas, Cell, CellForm, Cells, Chamber, Chambers, Minimum, MinimumSet, Point, Polynomial]


def test_everything_public_says_what_it_is():
    silent = []
    for item in public_classes():
        for name, member in [("", item), *list(vars(item).items())]:
            inner = (
                getattr(member, "fget", None) or getattr(member, "func", None) or getattr(member, "__func__", member)
            )
            if not name.startswith("_") and (inspect.isroutine(inner) or inspect.isclass(inner)):
                text = inspect.getdoc(getattr(item, name) if name else item)
                if not text or not text.split("\n")[0].rstrip(":").strip():
                    silent.append(f"{item.__name__}.{name}")
    assert silent == []


@pytest.mark.slow
def test_the_documentation_builds_without_a_warning(tmp_path):
    pytest.importorskip("sphinx")
    pytest.importorskip("furo")
    pytest.importorskip("myst_parser")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-n", "-q", "-E", "-d", str(tmp_path / "trees")]
    done = subprocess.run([*command, str(ROOT / "docs"), str(tmp_path / "site")], capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    site = tmp_path / "site"
    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert {f"{page.stem}.html" for page in PAGES} <= pages
    assert {"_made/certificates.html", "_made/commands.html", "_made/proofs/liu_lemma_1.html"} <= pages
    index = (site / "index.html").read_text(encoding="utf-8")
    assert not re.findall(r'(?:src|href)="https?://[^"]+\.(?:js|css|woff2?)"', index)  # it is read without a network
