"""JSON documents with exact numbers, read strictly: every complaint names the path of the entry.

Numbers are taken as written (``0.1`` is 1/10), duplicate keys and unknown keys are refused, and files
are written whole or not at all.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from gmpy2 import mpq

from exactrelu.errors import MalformedInput
from exactrelu.rational import parse, rational

MISSING: Any = object()


class Literal(str):
    """A JSON decimal as it is written, to be read as a number where it stands."""


_NAMES = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}


@dataclass(frozen=True)
class Node:
    """One entry of a JSON document, together with its path."""

    value: Any
    path: str = ""

    def complain(self, needed: str) -> MalformedInput:
        """The error for this entry: what was found here, and what was needed."""
        return MalformedInput(self.path or "the document", describe(self.value), needed)

    def members(self, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, Node]:
        """The members of an object that must have the required keys and may have the optional ones.

        >>> Node({"x": 1}, "data").members(("x", "y"))
        Traceback (most recent call last):
        exactrelu.errors.MalformedInput: data.y: found nothing, needed this key (required)
        >>> Node({"x": 1, "z": 2}, "data").members(("x",))
        Traceback (most recent call last):
        exactrelu.errors.MalformedInput: data.z: found an unknown key, needed one of: x
        """
        if not isinstance(self.value, dict):
            raise self.complain(f"an object with the keys {', '.join(required + optional)}")
        for key in self.value:
            if key not in required and key not in optional:
                known = ", ".join(required + optional)
                raise MalformedInput(self._below(key), "an unknown key", f"one of: {known}")
        for key in required:
            if key not in self.value:
                raise MalformedInput(self._below(key), "nothing", "this key (required)")
        return {key: Node(value, self._below(key)) for key, value in self.value.items()}

    def entries(self) -> dict[str, Node]:
        """The members of an object with free keys."""
        if not isinstance(self.value, dict):
            raise self.complain("an object")
        return {key: Node(value, self._below(key)) for key, value in self.value.items()}

    def items(self, needed: str = "a list", length: int | None = None) -> list[Node]:
        """The items of a list, of the given length if there is one."""
        if not isinstance(self.value, (list, tuple)):
            raise self.complain(needed)
        if length is not None and len(self.value) != length:
            raise MalformedInput(self.path, f"{len(self.value)} entries", f"{length} ({needed})")
        return [Node(value, f"{self.path}[{index}]") for index, value in enumerate(self.value)]

    def number(self) -> mpq:
        """An exact number."""
        return rational(self.value, self.path)

    def integer(self, least: int, needed: str) -> int:
        """An integer that is at least ``least``."""
        if isinstance(self.value, (bool, dict, list, type(None))) or type(self.value) is str:
            raise self.complain(needed)
        value = rational(self.value, self.path)
        if value.denominator != 1 or value < least:
            raise self.complain(needed)
        if value > 10**9:
            raise self.complain(f"{needed}, at most 10^9")
        return int(value)

    def boolean(self) -> bool:
        """A boolean."""
        if not isinstance(self.value, bool):
            raise self.complain("true or false")
        return self.value

    def text(self, needed: str = "a string") -> str:
        """A string."""
        if type(self.value) is not str:
            raise self.complain(needed)
        return self.value

    def choice(self, options: tuple[str, ...]) -> str:
        """One of the given strings."""
        if self.value not in options or not isinstance(self.value, str):
            raise self.complain("one of " + ", ".join(f'"{option}"' for option in options))
        return self.value

    def _below(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def describe(value: Any) -> str:
    """What an entry is, for an error message: short numbers and strings themselves, else the kind."""
    if value is MISSING:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if type(value) is str:
        return f'"{value}"'
    return _NAMES.get(type(value), str(value))


def parse_document(text: str, name: str) -> Node:
    """The JSON document in a string; ``name`` says where it is from.

    >>> parse_document('{"x": 0.10}', "demo").members(("x",))["x"].number()
    mpq(1,10)
    >>> parse_document('{"x": 1, "x": 2}', "demo")
    Traceback (most recent call last):
    exactrelu.errors.MalformedInput: demo: found the key "x" twice, needed each key once
    """

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) != len(pairs):
            twice = next(key for i, (key, _) in enumerate(pairs) if key in dict(pairs[:i]))
            raise MalformedInput(name, f'the key "{twice}" twice', "each key once")
        return result

    try:
        value = json.loads(text, parse_int=parse, parse_float=Literal, parse_constant=Literal, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise MalformedInput(f"{name}, line {error.lineno} column {error.colno}", error.msg, "JSON") from None
    except RecursionError:
        raise MalformedInput(name, "lists or objects nested too deeply", "a flat document") from None
    return Node(value)


def read_document(path: str) -> Node:
    """The JSON document in a file; ``-`` is standard input.

    Raises `MalformedInput` when the file is missing, unreadable, not UTF-8 or not JSON.
    """
    name = "standard input" if path == "-" else path
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return parse_document(data.decode("utf-8-sig"), name)
    except OSError as error:
        raise MalformedInput(name, (error.strerror or "an error").lower(), "a readable file") from None
    except UnicodeDecodeError:
        raise MalformedInput(name, "bytes that are not UTF-8", "JSON text") from None


def canonical(value: Any) -> str:
    """The canonical JSON text of plain data: sorted keys, exact numbers as strings, one line.

    >>> canonical({"b": mpq(1, 2), "a": [True, None, 3]})
    '{"a":[true,null,3],"b":"1/2"}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_plain)


def pretty(value: Any) -> str:
    """JSON text for people: the order of the keys is kept, short lists stay on one line."""
    return "".join(_pretty(value, "")) + "\n"


def _flat(value: Any) -> str:
    """JSON on one line; characters stay as they are unless UTF-8 has no place for them (lone surrogates)."""
    text = json.dumps(value, default=_plain, ensure_ascii=False)
    return json.dumps(value, default=_plain) if any("\ud800" <= c <= "\udfff" for c in text) else text


def _pretty(value: Any, indent: str) -> Iterator[str]:
    flat = _flat(value)
    if len(flat) + len(indent) <= 100 or not isinstance(value, (dict, list, tuple)):
        yield flat
        return
    inner = indent + "  "
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    yield opening
    members = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    for position, (key, item) in enumerate(members):
        yield (",\n" if position else "\n") + inner
        if key is not None:
            yield _flat(key) + ": "
        yield from _pretty(item, inner)
    yield "\n" + indent + closing


def _plain(value: Any) -> Any:
    if isinstance(value, (type(mpq()), Fraction)):
        return str(value)
    raise TypeError(f"{type(value).__name__} is no plain data")


def write_whole(path: str, content: str | bytes) -> None:
    """Write a file whole or not at all: to a temporary file beside it, which is then renamed.

    Raises `MalformedInput` when the place cannot be written.
    """
    target = Path(path)
    data = content.encode() if isinstance(content, str) else content
    try:
        if target.is_dir():
            raise IsADirectoryError(0, "a directory")
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            umask = os.umask(0)
            os.umask(umask)
            os.chmod(temporary, 0o666 & ~umask)
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise MalformedInput(path, (error.strerror or "an error").lower(), "a place that can be written") from None
