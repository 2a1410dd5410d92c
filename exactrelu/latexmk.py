"""PDF from LaTeX by latexmk, in a temporary directory and without shell escape."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from exactrelu.errors import InternalContradiction, MalformedInput, Unsupported

ENGINES = {"pdflatex": "-pdf", "lualatex": "-pdflua"}


def compile_pdf(tex: str, engine: str = "pdflatex", tick: Callable[[], None] = lambda: None) -> bytes:
    r"""The PDF of a LaTeX document, made by latexmk in a temporary directory, without shell escape.

    ``engine`` is ``pdflatex`` or ``lualatex``. ``tick`` is called ten times a second; when it raises, LaTeX
    is killed. Raises `Unsupported` when latexmk or the engine is not installed, `InternalContradiction` with the
    first error of TeX when the document does not compile.

    >>> compile_pdf("", engine="word")
    Traceback (most recent call last):
    exactrelu.errors.MalformedInput: engine: found "word", needed "pdflatex" or "lualatex"
    """
    return compile_with_log(tex, engine, tick)[0]


def compile_with_log(tex: str, engine: str, tick: Callable[[], None] = lambda: None) -> tuple[bytes, str]:
    """The PDF and the log."""
    if engine not in ENGINES:
        raise MalformedInput("engine", f'"{engine}"', '"pdflatex" or "lualatex"')
    for program in ("latexmk", engine):
        if shutil.which(program) is None:
            raise Unsupported(f"making a PDF needs {program}, which is not installed; write the .tex file instead")
    with TemporaryDirectory(prefix="exactrelu-") as folder:
        source = Path(folder, "forms.tex")
        source.write_text(tex, encoding="utf-8")
        command = ["latexmk", "-norc", ENGINES[engine], "-halt-on-error", "-interaction=nonstopmode"]
        command += ["-latexoption=-no-shell-escape", source.name]
        environment = os.environ | {
            "max_print_line": "1000",
            "SOURCE_DATE_EPOCH": "0",
            "FORCE_SOURCE_DATE": "1",
        }
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            while process.poll() is None:
                tick()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(0.1)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        log_file = source.with_suffix(".log")
        log = log_file.read_text(encoding="utf-8", errors="replace") if log_file.exists() else ""
        pdf = source.with_suffix(".pdf")
        if process.returncode or not pdf.exists():
            raise InternalContradiction(f"the LaTeX does not compile: {_first_error(log)}")
        return pdf.read_bytes(), log


def _first_error(log: str) -> str:
    match = re.search(r"^! (.*)(?:\n(?!l\.)(?!! ).*)*(?:\n(l\.\d+.*))?", log, re.MULTILINE)
    if match is None:
        return "latexmk failed without a TeX error"
    return " ".join(part for part in match.groups() if part)
