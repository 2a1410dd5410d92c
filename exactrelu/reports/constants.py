r"""The constants of a problem under the keys by which a manuscript may cite them.

====================================================  ==================================================================
``data:count``, ``data:x[2][1]``, ``data:y[2]``       the data, counted from 1
``network:parameters``, ``network:widths[2]``         the network
``loss:bad``, ``signature:bad``                       of the point "bad"
``point:bad:W1[1][2]``, ``point:bad:b1[2]``           its parameters
``answer:bad:local_minimum``                          a word: yes, no, undecided; of ``kind``: flat, sharp, none
``rule:bad:local_minimum``, ``spurious:bad``          by which rule; yes or no
``gradient:bad:W1[1][2]``, ``hessian:bad:positive``   at smooth points; the inertia: positive, negative, zero
``descent:bad:order``, ``descent:bad:coefficient``    how the loss falls along the curve found
``better:bad``, ``incident:bad``                      a smaller loss; the number of incident cells
``minimum``, ``argmin:W1[1][2]``                      the global minimum; or ``minimum:lower``, ``minimum:upper``
``atlas``, ``atlas:values``, ``atlas:spurious``       how many sets of local minima, losses of them, spurious sets
``atlas:2:value``, ``atlas:2:witness:W1[1][2]``       of a set; also dimension, parameter_dimension, kind, spurious,
                                                      component
``cells``, ``adjacencies``                            how many there are
``cell:++;-+:infimum``                                of a cell; also flat, positive, negative, zero
``form:++;-+:r_1:W1_1_1*W2_1_1``                      a coefficient of a block; ``1`` is the constant monomial
``certificate:minimum.json``                          a SHA-256
====================================================  ==================================================================
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from gmpy2 import mpq

from exactrelu.atlas import MinimumSet
from exactrelu.cell_infimum import CellInfima
from exactrelu.cells import Cell
from exactrelu.emptiness import Empty
from exactrelu.errors import ExactReluError, MalformedInput, Unsupported
from exactrelu.landscape import Problem
from exactrelu.rational import Rational, Vector
from exactrelu.reports.story import PARTS, CellStory, PointStory, Story

Value: TypeAlias = "Rational | str"
HEADS = {
    "minimum": "minimum", "argmin": "minimum", "atlas": "atlas", "cells": "cells", "adjacencies": "cells",
    **dict.fromkeys(
        ("answer", "rule", "spurious", "gradient", "hessian", "descent", "better", "incident"), "points"
    ),
}  # fmt: skip
"""Which part of a story the keys with a head need; the others need none."""


class UnknownKey(ExactReluError):
    """There is no constant with this key; the message names near ones."""


def parts_of(keys: Iterable[str]) -> tuple[str, ...]:
    """The parts of a story that some keys need.

    >>> parts_of(["loss:bad", "minimum", "answer:bad:saddle"])
    ('points', 'minimum')
    """
    heads = {key.split(":")[0] for key in keys}
    if "certificate" in heads:
        return PARTS
    needed = {HEADS.get(head) for head in heads}
    return tuple(part for part in PARTS if part in needed)


@dataclass(frozen=True)
class Constants:
    """The constants of a story, and those of any cell of its problem."""

    story: Story
    tick: Callable[[], None]

    @property
    def problem(self) -> Problem:
        """The problem."""
        return self.story.problem

    def value(self, key: str) -> Value:
        """The exact number, or the word, with a key.

        Raises `UnknownKey`, or `Unsupported` with the reason where the value is not known.

        >>> from exactrelu.reports.story import gather
        >>> constants = Constants(gather(Problem.example("yun2018-three-point"), parts=()), lambda: None)
        >>> constants.value("loss:bad"), constants.value("form:++;++;++:r_3:W1_1_1*W2_1_1")
        (mpq(1,3), mpq(1,2))
        >>> constants.value("loss:badd")
        Traceback (most recent call last):
        exactrelu.reports.constants.UnknownKey: no constant "loss:badd"; near: loss:bad, loss:good
        """
        key = re.sub(r"\s+", " ", key.strip())
        if key in self.table:
            found = self.table[key]
            if isinstance(found, Unknown):
                raise Unsupported(found.reason)
            return found
        head, *rest = key.split(":")
        if head == "cell" and len(rest) == 2:
            return self._of_cell(rest[0], rest[1], key)
        if head == "form" and len(rest) == 3:
            return self._coefficient(rest[0], rest[1], rest[2].replace(" ", ""), key)
        for gap in self.story.gaps:
            if HEADS.get(head) and HEADS[head] in gap.part.replace("global ", ""):
                raise Unsupported(f"{gap.part}: {gap.reason}")
        raise self._unknown(key)

    def _unknown(self, key: str) -> UnknownKey:
        near = difflib.get_close_matches(key, self.table, 3, 0.5)
        return UnknownKey(f'no constant "{key}"' + (f"; near: {', '.join(near)}" if near else ""))

    def listed(self) -> Iterator[tuple[str, str]]:
        """All keys with their values as text; coefficients and facts of the cells that are listed."""
        for key, value in self.table.items():
            if not isinstance(value, Unknown):
                yield key, str(value)
        for cell in self.story.cells.listed if self.story.cells else ():
            facts = {"flat": "yes" if cell.is_flat else "no", **vars(cell.inertia)}
            if cell.infimum is not None:
                facts["infimum"] = cell.infimum
            yield from ((f"cell:{cell.signature}:{name}", str(value)) for name, value in facts.items())
            for block, polynomial in cell.form.blocks.items():
                for monomial, coefficient in polynomial.terms:
                    names = "*".join(polynomial.ring.names[j] for j in monomial) or "1"
                    yield f"form:{cell.signature}:{block}:{names}", str(coefficient)

    @cached_property
    def table(self) -> dict[str, Value | Unknown]:
        """All constants but those of cells."""
        return dict(self._all())

    # ------------------------------------------------------------------ what there is

    def _all(self) -> Iterator[tuple[str, Value | Unknown]]:
        problem, story = self.problem, self.story
        yield "data:count", mpq(len(problem.x))
        yield "data:dimension", mpq(len(problem.x[0]))
        for i, (x, y) in enumerate(zip(problem.x, problem.y, strict=True), 1):
            yield from ((f"data:x[{i}][{j}]", value) for j, value in enumerate(x, 1))
            if isinstance(y, tuple) and len(y) > 1:
                yield from ((f"data:y[{i}][{j}]", value) for j, value in enumerate(y, 1))
            else:
                yield f"data:y[{i}]", y[0] if isinstance(y, tuple) else mpq(y)
        yield "network:parameters", mpq(problem.network.parameters)
        yield from ((f"network:widths[{k}]", mpq(w)) for k, w in enumerate(problem.network.widths, 1))
        yield from ((f"network:slopes[{k}]", slope) for k, slope in enumerate(problem.network.slopes, 1))
        for name, point in problem.points.items():
            place = problem.at(name)
            yield f"loss:{name}", place.loss
            yield f"signature:{name}", place.signature
            yield from self._entries(f"point:{name}", point)
        for told in story.points:
            yield from self._of_point(told)
        if (found := story.minimum) is not None:
            exact = Unknown(f"the global minimum is between {found.lower} and {found.upper}: {found.reason}")
            yield "minimum", found.upper if found.is_exact else exact
            yield "minimum:lower", found.lower
            yield "minimum:upper", found.upper
            yield "minimum:pieces", mpq(found.pieces)
            yield from self._entries("argmin", found.argmin)
        yield from self._atlas()
        if story.cells is not None:
            exact = Unknown("the list of cells is not known to be complete")
            yield "cells", mpq(story.cells.count) if story.cells.is_complete else exact
            complete = story.cells.is_complete and story.cells.edges is not None
            reason = Unknown(story.cells.why_no_edges or exact.reason)
            yield "adjacencies", mpq(len(story.cells.edges or ())) if complete else reason
        yield from ((f"certificate:{each.file}", each.digest) for each in story.certificates)

    def _entries(self, head: str, point: Vector) -> Iterator[tuple[str, Value]]:
        """The entries of the parameter arrays, counted from 1."""
        for name, start, stop, shape in self.problem.network.blocks:
            for k, value in enumerate(point[start:stop]):
                place = f"[{k // shape[-1] + 1}][{k % shape[-1] + 1}]" if len(shape) > 1 else f"[{k + 1}]"
                yield f"{head}:{name}{place}", value

    def _of_point(self, point: PointStory) -> Iterator[tuple[str, Value | Unknown]]:
        name = point.name
        for question, decision in point.decisions.items():
            answer = "none" if decision.answer is None else decision.answer
            yield f"answer:{name}:{question}", Unknown(decision.reason) if answer == "undecided" else answer
            if decision.rule:
                yield f"rule:{name}:{question}", decision.rule
        yield f"spurious:{name}", "yes" if point.is_spurious else "no"
        if point.gradient is not None:
            yield from self._entries(f"gradient:{name}", point.gradient)
        if point.inertia is not None:
            yield from ((f"hessian:{name}:{key}", mpq(value)) for key, value in vars(point.inertia).items())
        local = point.decisions["local_minimum"]
        if local.rule == "descent":
            yield f"descent:{name}:order", mpq(local.proof["order"])
            yield f"descent:{name}:coefficient", mpq(local.proof["coefficient"])
        if point.better is not None:
            yield f"better:{name}", point.better[1]
        if point.incident is not None:
            known = point.incident.complete
            yield f"incident:{name}", mpq(len(point.incident)) if known else Unknown(point.incident.reason)

    def _atlas(self) -> Iterator[tuple[str, Value | Unknown]]:
        found = self.story.atlas
        if found is None:
            return
        if not found.complete:
            yield "atlas", Unknown(found.reason)
            return
        sets = found.local_minima
        yield "atlas", mpq(len(sets))
        yield "atlas:values", mpq(len({each.value for each in sets}))
        yield "atlas:spurious", mpq(sum(each.is_spurious for each in sets))
        for number, each in enumerate(sets, 1):
            for key, value in _facts(each):
                yield f"atlas:{number}:{key}", value
            yield from self._entries(f"atlas:{number}:witness", each.witness)

    # ------------------------------------------------------------------ cells

    @cached_property
    def _cells(self) -> dict[str, Cell | CellStory]:
        """The cells that are known, by signature."""
        return {cell.signature: cell for cell in (self.story.cells.listed if self.story.cells else ())}

    def _cell(self, signature: str, key: str) -> Cell | CellStory:
        if signature in self._cells:
            return self._cells[signature]
        try:
            cell = self.problem.cell(signature, tick=self.tick)
        except MalformedInput as error:
            raise UnknownKey(f'no constant "{key}": {error}') from None
        if isinstance(cell, Empty):
            raise UnknownKey(f'no constant "{key}": no point has the signature {signature}')
        self._cells[signature] = cell
        return cell

    def _of_cell(self, signature: str, fact: str, key: str) -> Value:
        cell = self._cell(signature, key)
        if fact == "infimum":
            return CellInfima(self.problem, self.tick).on(cell.form.columns)
        facts: dict[str, Any] = {"flat": "yes" if cell.is_flat else "no", **vars(cell.form.inertia(cell.witness))}
        if fact not in facts:
            raise UnknownKey(f'no constant "{key}"; of a cell there are: infimum, {", ".join(facts)}')
        return facts[fact] if fact == "flat" else mpq(facts[fact])

    def _coefficient(self, signature: str, block: str, monomial: str, key: str) -> Rational:
        form = self._cell(signature, key).form
        if block not in form.blocks:
            raise UnknownKey(f'no constant "{key}"; the blocks are: {", ".join(form.blocks)}')
        names = [] if monomial == "1" else monomial.split("*")
        for name in names:
            if name not in form.ring.names:
                near = difflib.get_close_matches(name, form.ring.names, 3, 0.5)
                raise UnknownKey(f'no constant "{key}": no parameter {name}; near: {", ".join(near)}')
        wanted = tuple(sorted(form.ring.names.index(name) for name in names))
        terms = {tuple(sorted(term)): coefficient for term, coefficient in form.blocks[block].terms}
        return terms.get(wanted, mpq(0))


@dataclass(frozen=True)
class Unknown:
    """Why a constant is not known."""

    reason: str


def _facts(each: MinimumSet) -> Iterator[tuple[str, Value | Unknown]]:
    yield "value", each.value
    yield "dimension", mpq(each.dimension)
    yield "parameter_dimension", mpq(each.parameter_dimension)
    yield "kind", each.kind
    yield "spurious", "yes" if each.is_spurious else "no"
    component = Unknown("the connected component is not decided")
    yield "component", component if each.component is None else mpq(each.component + 1)
