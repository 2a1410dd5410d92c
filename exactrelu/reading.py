"""What of the checker one certificate rests on: the lines that ran when it was checked, for whoever wants to read them.

All other lines can be ignored, since nothing in them was used to accept the certificate.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from exactrelu import checker


def traced(document: Any) -> tuple[checker.Verdict, list[tuple[int, str]]]:
    """The verdict, and the lines of the functions of the checker that it rests on, with their numbers.

    Statements count with all their lines, blocks, functions and classes with their headers. Comments and docstrings do
    not count, nor what is outside of functions: imports, limits, tables. Raises `checker.Malformed`.
    """
    ran, name, before = set[int](), checker.__file__, sys.gettrace()

    def local(frame: FrameType, event: str, _: Any) -> Any:
        ran.add(frame.f_lineno)
        return local

    def entered(frame: FrameType, event: str, _: Any) -> Any:
        return local(frame, event, _) if frame.f_code.co_filename == name else None

    sys.settrace(entered)
    try:
        verdict = checker.check(document)
    finally:
        sys.settrace(before)
    source = Path(name).read_text(encoding="utf-8")
    text = source.splitlines()
    return verdict, [(n, text[n - 1]) for n in sorted(_lines(ast.parse(source).body, ran))]


def _lines(body: Sequence[ast.AST], ran: set[int]) -> set[int]:
    """The lines of the statements of a block that ran; with each statement what it raises."""
    found = set[int]()
    for node in body:
        if not isinstance(node, ast.stmt | ast.ExceptHandler):
            continue
        blocks = [getattr(node, part, []) for part in ("body", "handlers", "orelse", "finalbody")]
        inside = set[int]().union(*(_lines(block, ran) for block in blocks))
        end = min((block[0].lineno for block in blocks if block), default=(node.end_lineno or node.lineno) + 1)
        own = set(range(node.lineno, max(end, node.lineno + 1)))
        if inside or (own & ran and not isinstance(node, ast.FunctionDef | ast.ClassDef)):
            raised = (each for block in blocks for each in block if isinstance(each, ast.Raise))
            found |= own | inside | {n for each in raised for n in range(each.lineno, (each.end_lineno or 0) + 1)}
    return found
