"""The proof files run, and the index lists them all."""

import json
import runpy
from pathlib import Path

import pytest

from exactrelu.errors import InternalContradiction
from exactrelu.narration import main, step

FOLDER = Path(__file__).parent.parent / "proofs"
FILES = sorted(FOLDER.glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_proof_runs_and_checks_something(path, capsys):
    runpy.run_path(str(path))
    assert "[checked]" in capsys.readouterr().out


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_proof_converts_to_a_notebook_whose_code_runs(path, tmp_path, capsys):
    assert main([str(path), str(tmp_path / "proof.ipynb")]) == 0
    cells = json.loads((tmp_path / "proof.ipynb").read_text())["cells"]
    assert cells[0]["cell_type"] == "markdown" and cells[0]["source"].startswith("# ")
    scope: dict[str, object] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec(cell["source"], scope)
    assert "[checked]" in capsys.readouterr().out


def test_the_index_lists_exactly_the_files_of_the_folder():
    listed = [line.split("`")[1] for line in (FOLDER / "README.md").read_text().splitlines() if line.startswith("| `")]
    assert listed == [path.name for path in FILES]


def test_a_step_whose_check_fails_stops_the_proof():
    with pytest.raises(InternalContradiction, match="the step fails"):
        step("arithmetic", "1 = 2", 1 == 2)
