r"""The section on cells: the loss on each as a polynomial, and facts on its Hessian. Also the document of `forms`.

The loss on each cell by its blocks (Laurent and von Brecht, ICML 2018, Theorem 1) or, for the squared loss,
by its residuals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from exactrelu import typesetting
from exactrelu.forms import CellForm
from exactrelu.problem import Instance
from exactrelu.rational import Rational, Vector
from exactrelu.reports.latex.macros import MACROS, PREAMBLE
from exactrelu.reports.latex.problem import named_points, notation, problem
from exactrelu.reports.latex.tables import INLINE_TERMS, long_polynomial, polynomial
from exactrelu.reports.story import CellsStory


class FormedCell(Protocol):
    """What is asked of a cell; `exactrelu.cells.Cell` has it."""

    @property
    def signature(self) -> str: ...
    @property
    def witness(self) -> Vector: ...
    @property
    def form(self) -> CellForm: ...
    @property
    def is_flat(self) -> bool: ...


def forms_document(instance: Instance, cells: Iterable[FormedCell], complete: bool, title: str | None = None) -> str:
    r"""A LaTeX document with the problem and the loss on each of the cells.

    ``complete`` says whether these are all cells of parameter space; the text repeats it.

    >>> from exactrelu.examples import example
    >>> forms_document(example("liu-two-samples"), [], complete=False).splitlines()[0]
    '\\documentclass[10pt,a4paper]{article}'
    """
    return f"{PREAMBLE}{forms_fragment(instance, cells, complete, title)}\\end{{document}}\n"


def forms_fragment(instance: Instance, cells: Iterable[FormedCell], complete: bool, title: str | None = None) -> str:
    r"""The same without a preamble, for ``\input`` in a paper that loads amsmath, array, booktabs, longtable.

    The paper may define the macros on top of the fragment in its own way.

    >>> from exactrelu.examples import example
    >>> forms_fragment(example("liu-two-samples"), [], complete=False).splitlines()[2]
    '\\providecommand{\\ertitle}[1]{\\subsection*{#1}}'
    """
    listed = ["\n".join(_cell(instance, number, cell)) for number, cell in enumerate(cells, 1)]
    if title is None:
        title = f"The loss of {instance.name} on its cells" if instance.name else "The loss on its cells"
    lines = [
        rf"\ertitle{{{typesetting.escape(title)}}}", r"\begingroup\erlayout",
        r"\ersection{Problem}", *problem(instance), *named_points(instance),
        r"\ersection{Notation}", *notation(instance),
        r"\ersection{Cells}", _extent(len(listed), len(listed), complete), *listed,
        r"\par\endgroup",
    ]  # fmt: skip
    return MACROS + "\n".join(lines) + "\n"


def cells(instance: Instance, story: CellsStory) -> Iterator[str]:
    """The section on the cells of a story."""
    yield _extent(story.count, len(story.listed), story.is_complete)
    if story.edges is not None:
        count = typesetting.counted(len(story.edges), "pair of cells shares", "pairs of cells share")
        yield f"{count} a boundary of codimension one."
    if story.why_no_infimum:
        yield typesetting.escape(f"The infimum on single cells is not given: {story.why_no_infimum.split(': ')[-1]}.")
    for cell in story.listed:
        yield from _cell(instance, cell.number + 1, cell, cell.infimum)


def _extent(count: int, listed: int, complete: bool) -> str:
    """How many cells there are, and how many of them are listed."""
    if not complete:
        text = typesetting.counted(listed, "cell is", "cells are")
        return f"{text} listed. The list is not claimed to be complete: there may be other cells."
    number = typesetting.marked("cells", typesetting.grouped(count))
    text = f"parameter space has {number} cell{'s' if count != 1 else ''}."
    if listed == count:
        return f"The list is complete: {text}"
    return f"All cells are known: {text} The first {typesetting.grouped(listed)} of them are listed."


def _cell(instance: Instance, number: int, cell: FormedCell, infimum: Rational | None = None) -> Iterator[str]:
    form = cell.form
    yield typesetting.macro("ercell", number, typesetting.letters(cell.signature))
    yield typesetting.macro("eritem", "Witness.", typesetting.arrays(instance, cell.witness))
    zero = []
    for name, block in form.blocks.items():
        if name != "decay":
            kind, _, index = name.partition("_")
            symbol = typesetting.macro("erblock" if kind == "phi" else "erresidual", index.replace("_", ","))
            if block.is_zero:
                zero.append(symbol)
            elif len(block.terms) <= INLINE_TERMS:
                yield typesetting.macro("erform", symbol, polynomial(block))
            else:
                yield typesetting.macro("erform", symbol, rf"\text{{the sum of {len(block.terms)} terms:}}")
                yield long_polynomial(block)
    if zero:
        yield typesetting.macro("erform", "\\erbreak=".join(zero), "0")
    form_name = "multilinear" if instance.loss.is_hinge else "multi-affine"
    facts = [f"{'' if form.is_multilinear else 'not '}{form_name}"]
    if form.laplacian.is_constant:
        trace = typesetting.number(form.laplacian.evaluate(cell.witness))
        facts.append(rf"$\operatorname{{tr}} \nabla^2 L = {trace}$ on the cell")
    elif form.laplacian_is_sum_of_squares:
        facts.append("subharmonic")
    inertia = form.inertia(cell.witness)
    facts.append(f"inertia $({inertia.positive}, {inertia.negative}, {inertia.zero})$")
    value = f" ($L = {typesetting.number(form.value(cell.witness))}$)" if cell.is_flat else ""
    facts.append(f"flat: the loss is constant{value}" if cell.is_flat else "not flat")
    if infimum is not None and not cell.is_flat:
        facts.append(rf"$\inf L = {typesetting.marked(f'cell:{cell.signature}:infimum', typesetting.number(infimum))}$")
    yield typesetting.macro("eritem", "Facts.", "; ".join(facts) + ".")
