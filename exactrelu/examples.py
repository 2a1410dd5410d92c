"""The shipped problems: the papers' own examples, as exact data."""

from __future__ import annotations

from importlib.resources import files

from exactrelu.errors import MalformedInput
from exactrelu.problem import Instance


def names() -> tuple[str, ...]:
    """The names of the shipped problems.

    >>> "yun2018-three-point" in names()
    True
    """
    folder = files("exactrelu") / "data"
    return tuple(sorted(item.name[:-5] for item in folder.iterdir() if item.name.endswith(".json")))


def text(name: str) -> str:
    """The text of a shipped problem file; raises `MalformedInput` when there is none of that name."""
    if name not in names():
        raise MalformedInput("example", f'no example "{name}"', f"one of: {', '.join(names())}")
    return (files("exactrelu") / "data" / f"{name}.json").read_text(encoding="utf-8")


def example(name: str) -> Instance:
    """A shipped problem.

    >>> example("yun2018-three-point").evaluate(example("yun2018-three-point").point("bad"))
    mpq(1,3)
    """
    return Instance.loads(text(name), name)
