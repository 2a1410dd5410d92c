"""The shipped problems: the papers' own examples, as exact data."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from exactrelu.errors import MalformedInput

if TYPE_CHECKING:
    from exactrelu.problem import Instance

FOLDER = os.path.join(os.path.dirname(__file__), "data")


def names() -> tuple[str, ...]:
    """The names of the shipped problems.

    >>> "yun2018-three-point" in names()
    True
    """
    return tuple(sorted(name[:-5] for name in os.listdir(FOLDER) if name.endswith(".json")))


def text(name: str) -> str:
    """The text of a shipped problem file; raises `MalformedInput` when there is none of that name."""
    if name not in names():
        raise MalformedInput("example", f'no example "{name}"', f"one of: {', '.join(names())}")
    with open(os.path.join(FOLDER, f"{name}.json"), encoding="utf-8") as file:
        return file.read()


def example(name: str) -> Instance:
    """A shipped problem.

    >>> example("yun2018-three-point").evaluate(example("yun2018-three-point").point("bad"))
    mpq(1,3)
    """
    from exactrelu.problem import Instance

    return Instance.loads(text(name), name)
