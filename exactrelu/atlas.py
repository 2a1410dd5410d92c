"""The atlas: every local minimum of a landscape with one dense hidden layer and one output, without weight decay.

The local minima with v_k != 0 (or (v_k, w_k) = 0) for all k are found piece by piece (`exactrelu.pieces`), those with
some v_k = 0, w_k != 0 from the pieces of the other neurons (`exactrelu.thin_neurons`). Neurons are interchangeable: all
is modulo their permutations. The sets are polyhedral in R = |v| (w, b) and the output bias.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement
from math import comb
from typing import TYPE_CHECKING, Any

from gmpy2 import mpq

from exactrelu import display
from exactrelu.certificate import Certificate
from exactrelu.components import components
from exactrelu.errors import BudgetExceeded, Unsupported
from exactrelu.forms import Forms
from exactrelu.joint_neurons import Joint, Refuted
from exactrelu.lifted import Lifted
from exactrelu.pieces import Optimal, Piece, Pieces
from exactrelu.point import Point
from exactrelu.problem import Instance
from exactrelu.rational import Rational, Vector, combination, texts
from exactrelu.thin_neurons import Bad, Good, Thin, is_harmless

if TYPE_CHECKING:
    import networkx

PIECES = 500_000  # the checker expands no more
Cells = tuple[int, ...]  # the chambers of the neurons with v = 0, sorted


@dataclass(frozen=True)
class MinimumSet:
    """A set of local minima of equal loss: the optima of a piece; and neurons with v = 0, if any.

    ``piece`` holds the signed chambers of the neurons with v != 0; ``thin`` the choices of chambers for w of the others
    (``is_part``: only part of the chamber will do). ``dimension`` is that of the polyhedron in R and the output bias,
    ``parameter_dimension`` that of the set of parameters. ``component`` numbers the connected components of the set of
    all local minima, modulo permutations of the neurons (None: not decided). ``witness`` is a point of the set.
    """

    value: Rational
    dimension: int
    parameter_dimension: int
    kind: str
    is_spurious: bool
    component: int | None
    piece: Piece
    thin: tuple[Cells, ...]
    is_part: bool
    witness: Vector

    def __repr__(self) -> str:
        spurious = "spurious, " if self.is_spurious else ""
        return f"MinimumSet(loss {self.value}, {spurious}{self.kind}, dimension {self.dimension})"


@dataclass(frozen=True, repr=False)
class Atlas:
    """All sets of local minima, by value; the least of them is the global minimum, if the atlas is complete.

    >>> from exactrelu import example
    >>> found = example("liu-two-samples-opposite").atlas()
    >>> found.complete, found.minimum, found.local_minima[2]
    (True, mpq(1,2), MinimumSet(loss 1, spurious, flat, dimension 2))
    """

    instance: Instance
    local_minima: tuple[MinimumSet, ...]
    minimum: Rational | None
    complete: bool
    reason: str
    search: Search

    def certificate(self) -> Certificate:
        """The certificate of the atlas; of one that is not complete, of what is known."""
        return self.search.certificate(self)

    def graph(self) -> networkx.Graph:
        """The pieces with the least loss on each, and their neighbours: one wall, or one sign of v, apart.

        Nodes are named like "+(++-)": the sign of v and the signs of the data points, neuron by neuron. They carry
        "best", the least loss; "minimum", whether there are local minima in the piece; and "downhill", a neighbour into
        which one can leave from all optima of the piece, or "". Pieces are modulo permutations of the neurons.
        """
        return self.search.graph()

    def _repr_html_(self) -> str:
        blocks = self.instance.network.blocks
        rows = []
        for each in self.local_minima[: display.ROWS]:
            rank = "" if not self.complete else "spurious" if each.is_spurious else "global"
            part = "" if each.component is None else str(each.component)
            witness = display.arrays(blocks, each.witness)
            rows.append((display.short(each.value), rank, each.kind, str(each.dimension), part, witness))
        header = ("loss", "", "kind", "dimension", "component", "witness")
        found = len(self.local_minima)
        caption = f"All local minima: {found} sets" if self.complete else f"{found} sets of local minima, not all"
        why = "" if self.complete else f"{display.text(self.reason, 400)} "
        return display.table(caption, rows, header, why + display.left_out(len(rows), found, "sets"))

    def __repr__(self) -> str:
        values = ", ".join(str(v) for v in sorted({s.value for s in self.local_minima}))
        end = "" if self.complete else ", incomplete"
        with_loss = f" with loss {values}" if values else ""
        return f"Atlas({len(self.local_minima)} sets of local minima{with_loss}{end})"


def atlas(instance: Instance, tick: Callable[[], None], *, resume: Mapping[str, Any] | None = None) -> Atlas:
    """The atlas of a problem; incomplete if the budget runs out. ``resume`` is an earlier certificate of it.

    Raises `Unsupported` by name where the theory does not apply.

    >>> from exactrelu.examples import example
    >>> atlas(example("liu-two-samples-opposite"), lambda: None)
    Atlas(5 sets of local minima with loss 1/2, 1)
    """
    if instance.loss.weight_decay:
        raise Unsupported("atlas: the loss has weight decay")
    try:
        lifted = Lifted(instance, tick)
    except Unsupported as error:
        raise Unsupported(f"atlas: {error}") from None
    chambers, neurons = len(lifted.chambers), instance.network.widths[1]
    if comb(2 * chambers + neurons, neurons) > PIECES or chambers * len(lifted.rays) // 20 > PIECES:
        raise Unsupported(f"atlas: {chambers} chambers and {neurons} neurons have too many pieces")
    return Search(Pieces(lifted), resume).run()


class Search:
    """The search for all sets, and what it has found out about each piece."""

    def __init__(self, pieces: Pieces, resume: Mapping[str, Any] | None) -> None:
        self.pieces, self.lifted = pieces, pieces.lifted
        self.instance = self.lifted.instance
        self.neurons = self.instance.network.widths[1]
        self.inside: dict[Piece, tuple[int, ...] | None] = {}  # a better or a larger piece that has all optima, or None
        self.singles: dict[tuple[Piece, int], Good | Bad] = {}
        self.joint: dict[tuple[Piece, Cells], Good | Refuted | None] = {}
        self.thin: dict[tuple[Piece, Cells], Good | None] = {}  # None: harmless
        self.reason = ""
        self.forms = Forms(self.instance)
        if resume is not None:
            pieces.restore(resume, self.neurons)

    def run(self) -> Atlas:
        found: list[MinimumSet] = []
        try:
            for level in range(self.neurons, -1, -1):
                for piece in self.level(level):
                    self._look(piece)
                    if self.inside[piece] is None:
                        found += self._sets(piece)
        except (BudgetExceeded, KeyboardInterrupt) as error:
            self.reason = str(error) or "interrupted"
        complete = not self.reason
        top = [self.pieces.value(p) for p in self.level(self.neurons)] if complete else []
        least = min(top, default=None)
        if complete:
            numbers = components(self.pieces, self.inside, self.thin, self.neurons)
            found = [
                replace(
                    s,
                    is_spurious=bool(s.value > (least or 0)),
                    component=numbers.get((s.piece, s.thin[0] if s.thin else ())),
                )
                for s in found
            ]
        found.sort(key=lambda s: (s.value, -len(s.piece), s.piece, s.thin))
        order: dict[int, int] = {}
        found = [
            s if s.component is None else replace(s, component=order.setdefault(s.component, len(order))) for s in found
        ]
        return Atlas(self.instance, tuple(found), least, complete, self.reason, self)

    def level(self, neurons: int) -> Iterator[Piece]:
        """The pieces of that many neurons."""
        return combinations_with_replacement(self.pieces.signed, neurons)

    # ------------------------------------------------------------------ one piece

    def _look(self, piece: Piece) -> None:
        """Whether there are local minima in a piece that are in no larger set of another piece."""
        optimal = self.pieces.optimal(piece)
        better = self.pieces.lower(piece, optimal.faces)
        if better is None:
            around = ((self._rank(other), other) for other in self.pieces.neighbours(piece, optimal.faces))
            best, host = max(around)
            better = host if best > self._rank(piece) else None
        self.inside[piece] = better

    def _rank(self, piece: Piece) -> tuple[int, tuple[int, ...]]:
        """Larger optimal polyhedra first, then the order of the pieces."""
        piece = tuple(sorted(piece))
        return self.pieces.dimension(piece), tuple(-q for q in piece)

    def _sets(self, piece: Piece) -> Iterator[MinimumSet]:
        optimal, count = self.pieces.optimal(piece), self.neurons - len(piece)
        if not count:
            yield self._set(piece, optimal, (), None, self._kind(piece, optimal, (), None))
            return
        harmless: dict[str, list[Cells]] = {}
        for cells in combinations_with_replacement(range(len(self.lifted.chambers)), count):
            self.lifted.tick()
            if is_harmless(self.pieces, piece, optimal.faces, cells):
                self.thin[piece, cells] = None
                harmless.setdefault(self._kind(piece, optimal, cells, None), []).append(cells)
            elif self.lifted.conic.is_hinge:
                answers = {c: self._single(piece, optimal, c) for c in set(cells)}
                if any(isinstance(answer, Bad) for answer in answers.values()):
                    continue
                good = answers[cells[0]] if count == 1 else self._joint(piece, cells)
                if not isinstance(good, Good):
                    if good is None:
                        self.reason = f"open: which {count} neurons with v = 0 will do together at margins of exactly 1"
                    continue
                self.thin[piece, cells] = good
                yield self._set(piece, optimal, (cells,), good, self._kind(piece, optimal, cells, good))
        for kind, choices in harmless.items():
            yield self._set(piece, optimal, tuple(choices), None, kind)

    def _single(self, piece: Piece, optimal: Optimal, chamber: int) -> Good | Bad:
        key = piece, chamber
        if key not in self.singles:
            if is_harmless(self.pieces, piece, optimal.faces, (chamber,)):
                return Good((), ())
            self.singles[key] = Thin(self.pieces, piece, optimal.faces, chamber).decide()
        return self.singles[key]

    def _joint(self, piece: Piece, cells: Cells) -> Good | Refuted | None:
        found = self.joint[piece, cells] = Joint(self.pieces, piece, cells).decide()
        return found

    def _set(self, piece: Piece, optimal: Optimal, thin: tuple[Cells, ...], good: Good | None, kind: str) -> MinimumSet:
        dimension, size = self.pieces.dimension(piece), len(self.lifted.rows[0])
        whole = dimension + len(piece) + size * (self.neurons - len(piece))
        witness = self._witness(piece, optimal, thin[0] if thin else (), good)
        value = self.pieces.value(piece)
        return MinimumSet(value, dimension, whole, kind, False, None, piece, thin, good is not None, witness)

    def _witness(self, piece: Piece, optimal: Optimal, cells: Cells, good: Good | None) -> Vector:
        vectors = [*optimal.vectors, *(good.w if good else map(self.middle, cells))]
        return self.lifted.parameters(vectors, [*(1 - 2 * (q % 2) for q in piece), *(0 for _ in cells)], optimal.bias)

    def member(self, piece: Piece, cells: Cells) -> Vector:
        """A point of the set of a piece and a choice of chambers for w of the neurons with v = 0."""
        return self._witness(piece, self.pieces.optimal(piece), cells, self.thin.get((piece, cells)))

    def middle(self, chamber: int) -> Vector:
        """A vector in an open chamber: the sum of its rays."""
        rays = ((mpq(1), self.lifted.rays[r]) for r in self.pieces.rays[chamber])
        return combination(rays, len(self.lifted.rows[0]))

    # ------------------------------------------------------------------ flat or sharp

    def _kind(self, piece: Piece, optimal: Optimal, cells: Cells, good: Good | None) -> str:
        """Whether some incident cell has constant loss; where margins are exactly 1, as `Point` decides it."""
        conic = self.lifted.conic
        around = [*(self.pieces.around(face) for face in optimal.faces), *((c,) for c in cells)]
        if not conic.is_hinge:
            dead = (
                any(not any(self.pieces.slopes[s] for s in self.lifted.chambers[c]) for c in choice)
                for choice in around
            )
            return "flat" if not conic.has_bias and all(dead) else "sharp"
        if optimal.kinks or any(s.target * o == 1 for s, o in zip(conic.summands, optimal.outputs, strict=True)):
            answer = Point(self.forms, self._witness(piece, optimal, cells, good), tick=self.lifted.tick).kind().answer
            return str(answer)
        gradient = self.pieces.best(piece).dual  # without kinks there is one dual vector
        if conic.has_bias and sum(gradient):
            return "sharp"
        constant = (any(not any(self.pieces.form(c, gradient)) for c in choice) for choice in around)
        return "flat" if all(constant) else "sharp"

    # ------------------------------------------------------------------ the certificate

    def certificate(self, found: Atlas) -> Certificate:
        """The certificate of the kind ``atlas``."""
        chambers = [
            {"signs": "".join("-0+"[s + 1] for s in signs), "witness": texts(self.middle(c))}
            for c, signs in enumerate(self.lifted.chambers)
        ]
        points = (Point(self.forms, s.witness) for s in found.local_minima)
        proof = {
            "complete": found.complete,
            "chambers": chambers,
            "rays": [list(ray) for ray in self.lifted.rays],
            "minimum": None if found.minimum is None else str(found.minimum),
            "levels": [[self._entry(piece) for piece in self.level(m)] for m in range(self.neurons + 1)],
            "thin": [
                *(
                    self._thin_entry(piece, (chamber,), single)
                    for (piece, chamber), single in self.singles.items()
                    if isinstance(single, Bad) or single.w
                ),
                *(self._thin_entry(*key, answer) for key, answer in self.joint.items() if answer is not None),
            ],
            "sets": [
                {
                    "piece": list(s.piece),
                    "thin": [list(cells) for cells in s.thin],
                    "value": str(s.value),
                    "dimension": s.dimension,
                    "spurious": s.is_spurious if found.complete else None,
                    "kind": s.kind,
                    "decisions": {name: at.decision(name).to_dict() for name in ("local_minimum", "kind")},
                    "witness": self.instance.network.write(s.witness),
                }
                for s, at in zip(found.local_minima, points, strict=True)
            ],
        }
        values = ", ".join(str(v) for v in sorted({s.value for s in found.local_minima}))
        some = "All" if found.complete else "Some"
        words = f"{some} local minima: {len(found.local_minima)} sets, with the losses {values}."
        return Certificate("atlas", self.instance.to_dict(), words, proof)

    def _entry(self, piece: Piece) -> dict[str, Any] | None:
        known = self.pieces.known(piece)
        if known is None:
            return None
        fit, optimal = known
        weights, bias = (optimal.weights, optimal.bias) if optimal else (dict(fit.weights), fit.bias)
        entry: dict[str, Any] = {"weights": {str(j): str(y) for j, y in weights.items()}, "bias": str(bias)}
        dual = fit.dual
        if piece in self.inside:
            other = self.inside[piece]
            if other is None:
                face = self.pieces.interior_vector(piece)
            else:
                face = self.pieces.face_vector(piece, self.pieces.excluded(piece, other))
                entry["inside"] = list(other)
            if self.lifted.conic.is_hinge:
                dual = face
            elif face != dual:
                entry["face"] = texts(face)
        return {"dual": texts(dual), **entry}

    def _thin_entry(self, piece: Piece, cells: Cells, answer: Good | Bad | Refuted) -> dict[str, Any]:
        head: dict[str, Any] = {"piece": list(piece), "chambers": list(cells)}
        if isinstance(answer, Good):
            duals = [{"piece": list(p), "signs": list(s), "dual": texts(g)} for p, s, g in answer.duals]
            return {**head, "w": texts(answer.w), "duals": duals}
        return {**head, "refuted" if isinstance(answer, Bad) else "signs": answer.tree}

    # ------------------------------------------------------------------ the graph

    def name(self, piece: Piece) -> str:
        """A piece as a text."""
        signs = ("".join("-0+"[s + 1] for s in self.lifted.chambers[q // 2]) for q in piece)
        return " ".join(f"{'-' if q % 2 else '+'}({s})" for q, s in zip(piece, signs, strict=True))

    def graph(self) -> networkx.Graph:
        """The graph of the pieces that are known."""
        import networkx

        graph = networkx.Graph()
        known = [piece for piece in self.level(self.neurons) if piece in self.inside]
        for piece in known:
            other = self.inside[piece]
            lower = other is not None and self.pieces.value(other) < self.pieces.value(piece)
            downhill = self.name(tuple(sorted(other))) if other is not None and lower else ""
            graph.add_node(self.name(piece), best=str(self.pieces.value(piece)), minimum=not lower, downhill=downhill)
        for piece in known:
            for k, q in enumerate(piece):
                for step in (q ^ 1, *(2 * c + q % 2 for c in self.pieces.walls[q // 2])):
                    other = tuple(sorted((*piece[:k], step, *piece[k + 1 :])))
                    if other != piece and other in self.inside:
                        graph.add_edge(self.name(piece), self.name(other))
        return graph
