"""``exactrelu completion``: what makes a shell complete commands, options, names of problems, claims and files."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from typing import Any

from exactrelu.commands import YES, print_json
from exactrelu.errors import Unsupported

SHELLS = ("bash", "zsh", "tcsh")
FILES = ("FILE", "CERTIFICATE", "OUT", "X")
"""The arguments that are names of files, by what the help calls them."""


def run_completion(options: argparse.Namespace) -> int:
    """``exactrelu completion SHELL``. For tcsh, claims with parentheses in their names are left out of the list."""
    try:
        import shtab
    except ImportError:
        message = 'completion needs shtab, which is not installed: pip install "exactrelu[completion]"'
        raise Unsupported(message) from None
    grammar, lists = options.grammar, {"NAME": _problems(), "ID": _claims()}
    for command, action in _arguments(grammar):
        if action.metavar in FILES:
            action.complete = shtab.FILE
        elif action.metavar == "ID" or (command, action.metavar) == ("example", "NAME"):
            function = f"_exactrelu_{action.dest}"
            plain = [word for word in lists[action.metavar] if re.fullmatch(r"[\w.-]+", word)]
            bash = "".join(f" \\\n    {_escaped(word)}" for word in lists[action.metavar])
            zsh = " ".join(map(_escaped, lists[action.metavar]))
            action.complete = {
                "bash": function, "zsh": function, "tcsh": f"({' '.join(plain)})",
                "preamble": {"bash": BASH.format(function, bash), "zsh": f"{function}() {{\n  compadd -- {zsh}\n}}\n"},
            }  # fmt: skip
    script = shtab.complete(grammar, options.shell) + "\n"
    if options.json:
        print_json({"shell": options.shell, "script": script})
    else:
        sys.stdout.write(script)
    return YES


BASH = """\
{}() {{
  local word
  for word in {}
  do
    word=$(printf '%q' "$word")
    [[ $word == "$1"* ]] && echo "$word"
  done
}}
"""
"""A list of words for bash, compared as they are typed, with backslashes before parentheses."""


def _arguments(parser: argparse.ArgumentParser) -> Iterator[tuple[str, Any]]:
    """The arguments of all commands, each with the name of its command."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, sub in action.choices.items():
                for _, argument in _arguments(sub):
                    yield name, argument
        else:
            yield "", action


def _problems() -> tuple[str, ...]:
    from exactrelu.examples import names

    return names()


def _claims() -> tuple[str, ...]:
    from exactrelu.theorems import catalogue

    return tuple(catalogue.CLAIMS)


def _escaped(word: str) -> str:
    return re.sub(r"([^\w.-])", r"\\\1", word)
