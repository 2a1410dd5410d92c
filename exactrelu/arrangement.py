"""Arrangements of hyperplanes with rational coefficients: the front door of the geometry layer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gmpy2 import mpq

from exactrelu import deletion_restriction, tope_graph
from exactrelu.chambers import LIMIT, Chambers
from exactrelu.errors import MalformedInput
from exactrelu.hyperplanes import Hyperplanes
from exactrelu.rational import Matrix, Vector, rational, texts, vector
from exactrelu.signs import sign_vector

if TYPE_CHECKING:
    import networkx

FORMAT = "exactrelu.arrangement/1"
KEYS = ("format", "normals", "offsets", "dimension")


@dataclass(frozen=True, init=False, repr=False)
class Arrangement:
    """The hyperplanes <normals[i], x> = offsets[i]; central when the offsets are left out or 0.

    Entries are exact numbers (int, Fraction, mpq, SymPy rationals, strings); a float raises `InexactError`,
    ragged rows and anything else `MalformedInput`. Hyperplanes may repeat; a zero normal bounds nothing and
    has a constant sign. ``dimension`` is needed only when there are no hyperplanes.

    >>> A = Arrangement([[1, 0], [0, 1], ["1/2", 1]])
    >>> A
    Arrangement([[1, 0], [0, 1], ['1/2', 1]])
    >>> A.rank, A.is_central, A.count(), len(A.chambers())
    (2, True, 6, 6)
    >>> Arrangement([[1], [1]], offsets=[0, 1]).chambers()[:]
    (++ at (2), +- at (1/2), -- at (-1))
    """

    hyperplanes: Hyperplanes = field()

    def __init__(
        self,
        normals: Iterable[Iterable[object]],
        offsets: Iterable[object] | None = None,
        *,
        dimension: int | None = None,
    ) -> None:
        object.__setattr__(self, "hyperplanes", Hyperplanes.read(normals, offsets, dimension))

    def __repr__(self) -> str:
        planes = self.hyperplanes
        if len(planes.normals) * planes.dimension > 60:
            kind = "central" if self.is_central else "affine"
            return f"<{kind} arrangement of {len(self)} hyperplanes in Q^{self.dimension}>"
        parts = [_listed(planes.normals)]
        if not self.is_central:
            parts.append(f"offsets={_listed(planes.offsets)}")
        if not planes.normals:
            parts.append(f"dimension={self.dimension}")
        return f"Arrangement({', '.join(parts)})"

    def __len__(self) -> int:
        """The number of hyperplanes, as given."""
        return len(self.hyperplanes.normals)

    @property
    def normals(self) -> Matrix:
        """The normals as given, one row for each hyperplane."""
        return self.hyperplanes.normals

    @property
    def offsets(self) -> Vector:
        """The offsets as given, all 0 for a central arrangement."""
        return self.hyperplanes.offsets

    @property
    def dimension(self) -> int:
        """The dimension of the surrounding space."""
        return self.hyperplanes.dimension

    @property
    def rank(self) -> int:
        """The rank of the normals."""
        return self.hyperplanes.rank

    @property
    def is_central(self) -> bool:
        """Whether all offsets are 0."""
        return self.hyperplanes.is_central

    @property
    def parallel_classes(self) -> tuple[tuple[int, ...], ...]:
        """The indices of equal hyperplanes (repeated, opposite, rescaled) together, zero normals left out.

        >>> Arrangement([[1, 0], [0, 1], [-2, 0], [0, 0]]).parallel_classes
        ((0, 2), (1,))
        """
        return self.hyperplanes.classes

    def count(self, tick: Callable[[], None] | None = None) -> int:
        """The number of chambers, by deletion and restriction, without listing them (Zaslavsky 1975).

        ``tick`` is called regularly and may raise, to stop.

        >>> Arrangement([[1, 0], [0, 1], [1, 1]], offsets=[0, 0, 1]).count()
        7
        """
        rows = self.hyperplanes.essential_rows
        found = deletion_restriction.count(rows, tick or (lambda: None))
        return found if self.is_central else found // 2

    def chambers(self, *, limit: int = LIMIT, tick: Callable[[], None] | None = None, verify: bool = False) -> Chambers:
        """All chambers, with signs and witnesses, ordered lexicographically by signs ('+' first).

        Raises `BudgetExceeded` when there are more than ``limit``; ``tick`` is called regularly and may raise.
        With ``verify``, the number is compared with ``count()``; a difference raises `InternalContradiction`.

        >>> Arrangement([[1, 0], [0, 1]]).chambers(verify=True)[1]
        +- at (1, -1)
        """
        return Chambers.of(self.hyperplanes, limit=limit, tick=tick, verify=verify)

    def tope_graph(self, *, limit: int = LIMIT, tick: Callable[[], None] | None = None) -> networkx.Graph:
        """The adjacency graph of the chambers; see `exactrelu.tope_graph`.

        >>> Arrangement([[1, 0], [0, 1]]).tope_graph().number_of_edges()
        4
        """
        return tope_graph.tope_graph(self.chambers(limit=limit, tick=tick))

    def signs(self, point: Iterable[object]) -> str:
        """The sign of <normal, point> - offset at each hyperplane.

        >>> Arrangement([[1, 0], [0, 1], [1, 1]]).signs(["1/2", 0])
        '+0+'
        """
        return sign_vector(self._values(point))

    def restriction(self, hyperplane: int) -> Arrangement:
        """The other hyperplanes cut with this one, its normal's last non-zero coordinate eliminated.

        The order is kept; equal hyperplanes leave a zero normal. Raises `MalformedInput` for a zero normal.

        >>> Arrangement([[1, 0], [0, 1], [1, 1]], offsets=[0, 0, 1]).restriction(2)
        Arrangement([[1], [-1]], offsets=[0, -1])
        """
        normal, offset = self.normals[hyperplane], self.offsets[hyperplane]
        pivots = [column for column, entry in enumerate(normal) if entry]
        if not pivots:
            raise MalformedInput(f"normals[{hyperplane}]", "a zero normal", "a hyperplane")
        pivot = pivots[-1]
        normals, offsets = [], []
        for index, (row, value) in enumerate(zip(self.normals, self.offsets, strict=True)):
            if index == hyperplane % len(self):
                continue
            factor = row[pivot] / normal[pivot]
            image = [x - factor * y for x, y in zip(row, normal, strict=True)]
            normals.append(image[:pivot] + image[pivot + 1 :])
            offsets.append(value - factor * offset)
        return Arrangement(normals, offsets, dimension=self.dimension - 1)

    def localisation(self, point: Iterable[object]) -> Arrangement:
        """The hyperplanes that contain the point, in their order.

        >>> Arrangement([[1, 0], [0, 1], [1, 1]]).localisation([0, 5])
        Arrangement([[1, 0]])
        """
        through = [index for index, value in enumerate(self._values(point)) if value == 0]
        return Arrangement(
            [self.normals[index] for index in through],
            [self.offsets[index] for index in through],
            dimension=self.dimension,
        )

    def deletion(self, hyperplane: int) -> Arrangement:
        """The arrangement without this hyperplane.

        >>> Arrangement([[1, 0], [0, 1]]).deletion(0)
        Arrangement([[0, 1]])
        """
        kept = [index for index in range(len(self)) if index != range(len(self))[hyperplane]]
        return Arrangement(
            [self.normals[index] for index in kept],
            [self.offsets[index] for index in kept],
            dimension=self.dimension,
        )

    @classmethod
    def from_dict(cls, data: Any) -> Arrangement:
        """The arrangement that a file of the format ``exactrelu.arrangement/1`` holds, read by `json`.

        Raises `MalformedInput` with the JSON path for an unknown or missing key, or a bad entry.

        >>> Arrangement.from_dict({"format": "exactrelu.arrangement/1", "normals": [["1", "1/2"]]})
        Arrangement([[1, '1/2']])
        """
        if not isinstance(data, dict):
            raise MalformedInput("$", type(data).__name__, "an object")
        if data.get("format", FORMAT) != FORMAT:
            raise MalformedInput("format", repr(data["format"]), f'"{FORMAT}"')
        for key in data:
            if key not in KEYS:
                raise MalformedInput(str(key), "an unknown key", f"one of {', '.join(KEYS)}")
        for key in ("format", "normals"):
            if key not in data:
                raise MalformedInput(key, "nothing", "this key")
        for key in ("normals", "offsets"):
            if key in data and not isinstance(data[key], (list, tuple)):
                raise MalformedInput(key, type(data[key]).__name__, "a list")
        dimension = None
        if "dimension" in data:
            number = rational(data["dimension"], "dimension")
            if number.denominator != 1 or number < 0:
                raise MalformedInput("dimension", str(number), "an integer, 0 or larger")
            dimension = int(number)
        return cls(data["normals"], data.get("offsets"), dimension=dimension)

    def to_dict(self) -> dict[str, Any]:
        """The content of an arrangement file, ready for `json`.

        >>> Arrangement([["1/2"]], offsets=[1]).to_dict()
        {'format': 'exactrelu.arrangement/1', 'normals': [['1/2']], 'offsets': ['1']}
        """
        result: dict[str, Any] = {"format": FORMAT, "normals": texts(self.normals)}
        if not self.is_central:
            result["offsets"] = texts(self.offsets)
        if not self.normals:
            result["dimension"] = self.dimension
        return result

    def _values(self, point: Iterable[object]) -> list[mpq]:
        entries = vector(point, "point")
        if len(entries) != self.dimension:
            raise MalformedInput("point", f"{len(entries)} entries", f"{self.dimension}, the dimension")
        return [
            sum((x * y for x, y in zip(normal, entries, strict=True)), mpq(0)) - offset
            for normal, offset in zip(self.normals, self.offsets, strict=True)
        ]


def _listed(values: Any) -> str:
    if isinstance(values, tuple):
        return f"[{', '.join(_listed(value) for value in values)}]"
    return str(values) if values.denominator == 1 else f"'{values}'"
