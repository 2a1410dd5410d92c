"""An example for each command, as ``exactrelu COMMAND --help`` shows it; the tests run them in this order."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[str, ...]] = {
    "example": ("exactrelu example", "exactrelu example yun2018-three-point > yun.json"),
    "arrangement": (
        "exactrelu arrangement planes.json --count",
        "exactrelu arrangement planes.json --certificate c.json",
    ),
    "cells": ("exactrelu cells yun.json --graph cells.graphml", "exactrelu cells yun.json --space input --at bad"),
    "forms": ('exactrelu forms yun.json --cell "++;++;++"', "exactrelu forms yun.json --at bad --latex forms.tex"),
    "point": ("exactrelu point yun.json --at bad --certificate c.json",),
    "audit": ("exactrelu audit yun.json --checkpoint net.npz",),
    "minimum": ("exactrelu minimum yun.json --certificate c.json",),
    "atlas": (
        "exactrelu atlas liu.json --certificate c.json --graph pieces.graphml",
        "exactrelu atlas liu.json --critical",
    ),
    "report": ("exactrelu report yun.json -o yun.tex",),
    "plot": ("exactrelu plot yun.json -o yun.svg",),
    "search": ("exactrelu search", "exactrelu search spurious --points 2 --certificate search.json"),
    "claims": ("exactrelu claims", "exactrelu claims LvB-T1", "exactrelu claims LvB-T1 yun.json"),
    "check": ("exactrelu check c.json",),
    "completion": ('eval "$(exactrelu completion bash)"',),
}


def epilog(command: str) -> str:
    """The examples of a command, below its ``--help``.

    >>> print(epilog("check"), end="")
    example:
      exactrelu check c.json
    """
    lines = EXAMPLES.get(command, ())
    return f"example{'s' if len(lines) > 1 else ''}:\n" + "".join(f"  {line}\n" for line in lines) if lines else ""
