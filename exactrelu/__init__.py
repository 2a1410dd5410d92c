"""exactrelu: exact, certified answers about the loss landscapes of ReLU networks.

>>> from exactrelu import load, check, example
>>> problem = example("yun2018-three-point")
>>> bad = problem.at("bad")
>>> bad.loss
mpq(1,3)
>>> decision = bad.local_minimum()
>>> decision.answer, check(decision.certificate).accepted
('yes', True)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exactrelu.arrangement import Arrangement
    from exactrelu.certificate import Certificate, Decision
    from exactrelu.checker import Verdict, check
    from exactrelu.errors import (
        BudgetExceeded,
        ExactReluError,
        InexactError,
        InternalContradiction,
        MalformedInput,
        Unsupported,
    )
    from exactrelu.landscape import Problem
    from exactrelu.loss import Loss
    from exactrelu.network import Layer, Network
    from exactrelu.rational import dyadic
    from exactrelu.replicas import exact_penalty

__version__ = "0.1.0"

_HOMES = {
    "Arrangement": "arrangement",
    "BudgetExceeded": "errors",
    "Certificate": "certificate",
    "Decision": "certificate",
    "ExactReluError": "errors",
    "InexactError": "errors",
    "InternalContradiction": "errors",
    "Layer": "network",
    "Loss": "loss",
    "MalformedInput": "errors",
    "Network": "network",
    "Problem": "landscape",
    "Unsupported": "errors",
    "Verdict": "checker",
    "check": "checker",
    "dyadic": "rational",
    "exact_penalty": "replicas",
}

__all__ = [
    "Arrangement",
    "BudgetExceeded",
    "Certificate",
    "Decision",
    "ExactReluError",
    "InexactError",
    "InternalContradiction",
    "Layer",
    "Loss",
    "MalformedInput",
    "Network",
    "Problem",
    "Unsupported",
    "Verdict",
    "check",
    "dyadic",
    "exact_penalty",
    "example",
    "load",
]


def load(path: str) -> Problem:
    """The problem in a file (``-`` is standard input); raises `MalformedInput` with the path of what is wrong."""
    from exactrelu.landscape import Problem

    return Problem.load(path)


def example(name: str) -> Problem:
    """A shipped problem by its name; `MalformedInput` lists the names there are."""
    from exactrelu.landscape import Problem

    return Problem.example(name)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"exactrelu.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'exactrelu' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
