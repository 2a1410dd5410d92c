"""The proof files run, say what they have to say, and are found; the index and the page of errata are complete."""

import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from exactrelu import narration, proof_files
from exactrelu.certificate import Certificate
from exactrelu.cli import main as run
from exactrelu.errors import InternalContradiction
from exactrelu.landscape import Problem
from exactrelu.narration import certified, decided, main, step
from exactrelu.theorems.catalogue import CLAIMS

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "proofs"
FILES = [*sorted(FOLDER.glob("*.py")), *sorted(FOLDER.glob("errata/*.py"))]
NAMES = [path.relative_to(FOLDER).as_posix() for path in FILES]
PROOFS = {proof.name: proof for proof in proof_files.proof_files()}


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_every_proof_runs_and_checks_something(path, capsys):
    runpy.run_path(str(path))
    printed = capsys.readouterr().out
    assert "[checked]" in printed and "accepted" in printed


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_every_proof_converts_to_a_notebook_whose_code_runs(path, tmp_path, capsys):
    assert main([str(path), str(tmp_path / "proof.ipynb")]) == 0
    cells = json.loads((tmp_path / "proof.ipynb").read_text())["cells"]
    scope: dict[str, object] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec(cell["source"], scope)
    assert "[checked]" in capsys.readouterr().out


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_every_proof_converts_to_a_notebook_of_text_and_code(path):
    cells = narration.notebook(path.read_text())["cells"]
    assert cells[0]["cell_type"] == "markdown" and cells[0]["source"].startswith("# ")
    assert {cell["cell_type"] for cell in cells} == {"markdown", "code"}
    for cell in cells:
        if cell["cell_type"] == "code":
            compile(cell["source"], str(path), "exec")


@pytest.mark.parametrize("name", NAMES)
def test_every_header_says_what_it_has_to_say(name):
    assert PROOFS[name].missing == ()
    assert PROOFS[name].claims


@pytest.mark.parametrize("name", NAMES)
def test_every_claim_that_a_proof_names_is_in_the_catalogue(name):
    assert [claim for claim in PROOFS[name].claims if claim not in CLAIMS] == []


def test_every_claim_that_fails_as_printed_has_a_file_of_its_counterexample():
    errata = {claim for proof in PROOFS.values() if proof.is_erratum for claim in proof.claims}
    assert [claim.id for claim in CLAIMS.values() if claim.erratum and claim.id not in errata] == []


def test_the_page_of_errata_has_the_table_of_the_catalogue():
    table = proof_files.errata_table(CLAIMS.values())
    assert (ROOT / "ERRATA.md").read_text(encoding="utf-8").endswith(f"\n\n{table}")


def test_the_index_lists_exactly_the_files_of_the_folder():
    listed = [line.split("`")[1] for line in (FOLDER / "README.md").read_text().splitlines() if line.startswith("| `")]
    assert sorted(listed) == sorted(NAMES)


def test_a_header_without_its_parts_is_noticed():
    proof = proof_files.read_proof("bare.py", "# %% [markdown]\n# # Title\n#\n# **Claims.** `LvB-T1`\n\n# %%\nx = 1\n")
    assert proof.claims == ("LvB-T1",) and proof.missing == proof_files.PARTS[1:]


def test_a_claim_is_shown_with_the_header_of_its_proof_file(capsys):
    assert run(["claims", "MLR-(26)-(27)"]) == 0
    header = PROOFS["laurent_von_brecht_balance.py"].header
    assert f"\nproofs/laurent_von_brecht_balance.py\n\n{header}\n" in capsys.readouterr().out
    assert run(["claims", "MLR-(26)-(27)", "--json"]) == 0
    (claim,) = json.loads(capsys.readouterr().out)["claims"]
    assert claim["proofs"] == [{"file": "proofs/laurent_von_brecht_balance.py", "text": header}]
    assert run(["claims", "MLR-(26)-(27)", "--quiet"]) == 0
    assert header not in capsys.readouterr().out


def test_the_table_of_errata_is_printed(capsys):
    assert run(["claims", "--errata"]) == 0
    assert capsys.readouterr().out == proof_files.errata_table(CLAIMS.values())
    assert run(["claims", "--errata", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["claims"]
    assert [row["id"] for row in rows] == [claim.id for claim in CLAIMS.values() if claim.erratum]


def test_an_installed_package_carries_the_proofs(tmp_path):
    command = [sys.executable, "setup.py", "-q", "build_py", "--build-lib", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    shipped = tmp_path / "exactrelu" / "data" / "proofs"
    assert sorted(path.relative_to(shipped).as_posix() for path in shipped.rglob("*.py")) == sorted(NAMES)
    show = "from exactrelu.proof_files import proofs_of; print([p.name for p in proofs_of('LvB-T1')])"
    done = subprocess.run([sys.executable, "-c", show], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert "laurent_von_brecht_theorem_1.py" in done.stdout


def test_a_step_whose_check_fails_stops_the_proof():
    with pytest.raises(InternalContradiction, match="the step fails"):
        step("arithmetic", "1 = 2", 1 == 2)


def test_a_certificate_that_the_checker_rejects_stops_the_proof():
    proof = Problem.example("yun2018-three-point").at("bad").certificate("local_minimum")
    wrong = Certificate(proof.kind, proof.problem, proof.statement, {**proof.proof, "loss": "1/4"})
    with pytest.raises(InternalContradiction, match="the checker rejects"):
        certified("a wrong loss", wrong)


def test_a_claim_that_is_not_decided_as_expected_stops_the_proof():
    with pytest.raises(InternalContradiction, match=r"LvB-S2 on .* is refuted, not verified"):
        decided("LvB-S2", "verified", "laurent-brecht-unbalanced-leaky")
