"""Exact, certified answers about the loss landscapes of ReLU networks.

>>> from exactrelu import check, example
>>> problem = example("yun2018-three-point")   # network, data, loss and named points, all rational
>>> bad = problem.at("bad")
>>> bad.loss
mpq(1,3)
>>> bad.local_minimum(), bad.global_minimum()
(Decision(local_minimum: yes, sum-of-squares), Decision(global_minimum: no, better-point))
>>> check(bad.certificate()).accepted          # by a program that shares no code with the engine
True
>>> problem.minimum(), len(problem.cells())
(Minimum(0, 1 of 78 pieces visited), 36)

Problems   load(path), example(name)       a problem file, a shipped problem
           Problem(network, x, y, loss)    one of your own; Network.dense, Layer, Loss, exact_penalty
           dyadic(floats)                  floats as the rational numbers that they are
Questions  Problem.at(point)               a Point: .local_minimum(), .global_minimum(), .certificate(), ..
           Problem.cells(), .form(signature), .minimum(), .atlas(), .critical_sets(), .audit(file)
           search.search(property)         the smallest data set that has it, or the proof that there is none
Answers    Decision                        .answer "yes", "no" or "undecided", .rule, .reason, .certificate
           Certificate, check, Verdict     the proof as plain data, and the independent checker
Pictures   plot(problem)                   of a slice, the surface, the cells, a kink: shown, or .save(path)
Geometry   Arrangement                     hyperplanes: .chambers(), .count(), .tope_graph()
Time       Budget(seconds)                 as tick=.. of any question: what is known then is the answer
Errors     ExactReluError: MalformedInput, InexactError, Unsupported, BudgetExceeded, InternalContradiction

In a notebook ``%load_ext exactrelu`` shows numbers as fractions. ``exactrelu --help`` is the command line.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exactrelu.arrangement import Arrangement
    from exactrelu.budget import Budget
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
    from exactrelu.pictures.catalogue import plot
    from exactrelu.rational import dyadic
    from exactrelu.replicas import exact_penalty

__version__ = "0.1.0"

_HOMES = {
    "Arrangement": "arrangement",
    "Budget": "budget",
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
    "plot": "pictures.catalogue",
}

__all__ = [
    "Arrangement",
    "Budget",
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
    "plot",
]


def load(path: str) -> Problem:
    """The problem in a file (``-`` is standard input); raises `MalformedInput` with the path of what is wrong."""
    from exactrelu.landscape import Problem

    return Problem.load(path)


def example(name: str) -> Problem:
    """A shipped problem by its name; `MalformedInput` lists the names there are."""
    from exactrelu.landscape import Problem

    return Problem.example(name)


def load_ipython_extension(ipython: Any = None) -> None:
    """``%load_ext exactrelu``: numbers as fractions in a notebook; outside of one nothing happens."""
    from exactrelu.notebook import show_in

    show_in(ipython)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"exactrelu.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'exactrelu' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__all__", "__doc__", "__version__"])
