"""All Clarke critical points of a landscape with one dense hidden layer and one output, without weight decay.

They are listed as finitely many disjoint sets. In one set each neuron with v != 0 has a sign of v and a face of the
data that contains its R = |v| (w, b), each neuron with v = 0 a face that contains its (w, b), and the other conditions
are linear in these vectors and the output bias: the set is a relatively open polyhedron in them. (With the hinge loss
and several neurons with v = 0 it may be a union of such polyhedra, one for each gamma of an interval, or one for each g
of a polytope.) It is closed under the rescalings (v, w, b) -> (v / t, t w, t b), t > 0, and all is modulo permutations
of the neurons. See `exactrelu.critical_squared` and `exactrelu.critical_hinge` for why the list is complete, and why
all points of a set are local minima if one is (but those of the part "some"). With the hinge loss something may be
open; it is named, and the list is not complete then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import comb
from typing import Any

from gmpy2 import mpq

from exactrelu import display
from exactrelu.certificate import Certificate
from exactrelu.critical_checkpoint import restore_squared, restore_strata
from exactrelu.critical_hinge import SOME, HingeSearch, Stratum
from exactrelu.critical_squared import Polyhedron, SquaredSearch
from exactrelu.errors import BudgetExceeded, Unsupported
from exactrelu.faces import Faces, Inside, Support, multisets, signed_name
from exactrelu.lifted import Lifted
from exactrelu.pieces import Pieces
from exactrelu.problem import Instance
from exactrelu.rational import Rational, Vector, texts

CHOICES = 500_000


@dataclass(frozen=True, repr=False)
class CriticalSet:
    """A set of Clarke critical points of equal loss. All of them are local minima or none is; so for local maxima.

    But if ``part`` is "some", the set is that of *all* critical points with these faces and units: no polyhedron, see
    `exactrelu.mean_gradients`. No one is a local maximum, some may be local minima (see `exactrelu.atlas`), and
    ``local_minimum`` and ``parameter_dimension`` are None.

    ``active``: the sign of v and the face of each neuron with v != 0, as in "+(+0-)"; ``inactive``: the faces of the
    others, "(+0-)"; ``units`` the signs of 1 - y_i o_i, if the loss is the hinge loss; ``part`` a further condition on
    the inactive neurons, see `exactrelu.free_derivative`. ``dimension`` is that in the R = |v| (w, b) of the active
    neurons and the output bias, ``parameter_dimension`` that of the set of parameters. ``witness`` is in the set.
    """

    value: Rational
    dimension: int
    parameter_dimension: int | None
    active: tuple[str, ...]
    inactive: tuple[str, ...]
    units: str
    part: str
    local_minimum: bool | None
    local_maximum: bool
    witness: Vector

    @property
    def kind(self) -> str:
        """What the points are: "local minima", "local minima and maxima", "saddles", "local minima or saddles" ..."""
        if self.local_minimum is None:
            return "local minima or saddles"
        extrema = {"minima": self.local_minimum, "maxima": self.local_maximum}
        names = " and ".join(name for name, holds in extrema.items() if holds)
        return f"local {names}" if names else "saddles"

    def __repr__(self) -> str:
        return f"CriticalSet(loss {self.value}, {self.kind}, dimension {self.dimension})"


@dataclass(frozen=True, repr=False)
class CriticalSets:
    """All sets of Clarke critical points, by value; only those found, if they are not ``complete``.

    >>> from exactrelu import example
    >>> found = example("liu-two-samples").critical_sets()
    >>> found.complete, found.sets[0], found.sets[0].active
    (True, CriticalSet(loss 0, local minima, dimension 0), ('+(++)',))
    """

    instance: Instance
    sets: tuple[CriticalSet, ...]
    complete: bool
    reason: str
    search: Search

    @property
    def groups(self) -> dict[tuple[Rational, str], list[CriticalSet]]:
        """The sets by value and kind."""
        found: dict[tuple[Rational, str], list[CriticalSet]] = {}
        for each in sorted(self.sets, key=lambda each: (each.value, each.kind)):
            found.setdefault((each.value, each.kind), []).append(each)
        return found

    def certificate(self) -> Certificate:
        """The certificate of the kind ``critical-sets``."""
        return self.search.certificate(self)

    def _repr_html_(self) -> str:
        blocks = self.instance.network.blocks
        rows = [
            (
                display.short(each.value),
                each.kind,
                str(each.dimension),
                display.code(" ".join((*each.active, *each.inactive)), 200),
                display.arrays(blocks, each.witness),
            )
            for each in self.sets[: display.ROWS]
        ]
        header = ("loss", "", "dimension", "sign of v and of the data, neuron by neuron", "witness")
        found = len(self.sets)
        caption = f"All Clarke critical points: {found} sets" if self.complete else f"{found} sets, not all"
        why = "" if self.complete else f"{display.text(self.reason, 400)} "
        return display.table(caption, rows, header, why + display.left_out(len(rows), found, "sets"))

    def __repr__(self) -> str:
        values = ", ".join(str(v) for v in sorted({s.value for s in self.sets}))
        end = "" if self.complete else ", incomplete"
        return f"CriticalSets({len(self.sets)} sets{f' with loss {values}' if values else ''}{end})"


def critical_sets(
    instance: Instance, tick: Callable[[], None], *, resume: Mapping[str, Any] | None = None
) -> CriticalSets:
    """All sets of Clarke critical points; incomplete if the budget runs out, or something is open (hinge loss).

    ``resume`` is the certificate of an earlier run; it is checked, and `MalformedInput` raised if it proves nothing, or
    is about another problem. Raises `Unsupported` by name where the theory does not apply.

    >>> from exactrelu.examples import example
    >>> critical_sets(example("liu-two-samples-opposite"), lambda: None)
    CriticalSets(17 sets with loss 1/2, 1)
    """
    if instance.loss.weight_decay:
        raise Unsupported("critical sets: the loss has weight decay")
    try:
        lifted = Lifted(instance, tick)
    except Unsupported as error:
        raise Unsupported(f"critical sets: {error}") from None
    search = Search(Faces(Pieces(lifted)), instance)
    if resume is not None:
        search.restore(resume)
    return search.run()


class Search:
    """The search for all sets, and what it has found out."""

    def __init__(self, faces: Faces, instance: Instance) -> None:
        self.faces, self.instance, self.lifted = faces, instance, faces.pieces.lifted
        self.neurons = instance.network.widths[1]
        self.squared = SquaredSearch(faces, self.neurons)
        self.hinge = HingeSearch(faces, self.neurons) if instance.loss.is_hinge else None
        self.strata: list[Stratum] = []
        self.known: dict[Support, list[CriticalSet]] = {}  # those of the polyhedra of an earlier run

    def restore(self, certificate: Mapping[str, Any]) -> None:
        """Take over what the certificate of an earlier run knows; raises `MalformedInput`."""
        self._refuse_combinations()
        if self.hinge is None:
            restore_squared(certificate, self.squared)
            self.known = {support: list(self._sets(each)) for support, each in self.squared.known.items()}
        else:
            self.strata = restore_strata(certificate, self.hinge)

    def run(self) -> CriticalSets:
        """All sets, or those found until the budget ran out."""
        reached = dict[Support, list[CriticalSet]]()
        reason = ""
        try:
            self._refuse_combinations()
            for polyhedron in self.squared.run() if self.hinge is None else ():
                own = reached[polyhedron.support] = self.known.get(polyhedron.support, [])
                own += self._sets(polyhedron) if not own else ()
            for stratum in self.hinge.run() if self.hinge else ():
                self.strata.append(stratum)
            reason = self.hinge.reason if self.hinge else ""
        except (BudgetExceeded, KeyboardInterrupt) as error:
            reason = str(error) or "interrupted"
        found = [each for own in (reached | self.known).values() for each in own]
        found += (_set(stratum) for stratum in self.strata if stratum.decisions["clarke_critical"].answer == "yes")
        found.sort(key=lambda s: (s.value, -len(s.active), -s.dimension))
        return CriticalSets(self.instance, tuple(found), not reason, reason, self)

    def _refuse_combinations(self) -> None:
        many = 2 * len(self.faces.all) + self.neurons
        if comb(many, self.neurons) > CHOICES or len(self.lifted.chambers) ** 2 > CHOICES:
            raise Unsupported(f"critical sets: {len(self.faces.all)} faces have too many combinations")

    def _sets(self, polyhedron: Polyhedron) -> Iterator[CriticalSet]:
        gradient, faces = polyhedron.gradient, self.faces
        value = self.lifted.conic.loss(self.squared.outputs(gradient))
        still = faces.still(gradient)
        for active in multisets(polyhedron.support, self.neurons):
            dimension = sum(face.dimension for face, _ in active) + self.lifted.conic.has_bias - polyhedron.rank
            for inactive in combinations_with_replacement(still, self.neurons - len(active)):
                self.lifted.tick()
                yield CriticalSet(
                    value,
                    dimension,
                    dimension + len(active) + sum(still[face][1] for face in inactive),
                    tuple(signed_name(*signed) for signed in active),
                    tuple(f"({face.name})" for face in inactive),
                    "",
                    "",
                    self.squared.is_minimum(gradient, active, inactive),
                    self.squared.is_maximum(gradient, active, inactive),
                    self._witness(polyhedron, active, [still[face][0] for face in inactive]),
                )

    def _witness(self, polyhedron: Polyhedron, active: Support, inactive: list[Vector]) -> Vector:
        """Neurons of one signed face have equal shares of its R."""
        given = dict(zip(polyhedron.support, polyhedron.vectors, strict=True))
        vectors = [tuple(a / active.count(signed) for a in given[signed]) for signed in active]
        sides = [*(side for _, side in active), *(0 for _ in inactive)]
        return self.lifted.parameters([*vectors, *inactive], sides, polyhedron.bias)

    # ------------------------------------------------------------------ the certificate

    def certificate(self, found: CriticalSets) -> Certificate:
        """The certificate of the kind ``critical-sets``, or ``critical-strata``."""
        some = "All" if found.complete else "Some"
        values = ", ".join(str(v) for v in sorted({s.value for s in found.sets}))
        words = f"{some} Clarke critical points: {len(found.sets)} sets, with the losses {values}."
        chambers = [
            {"signs": "".join("-0+"[s + 1] for s in signs), "witness": texts(self.faces.sum((r, mpq(1)) for r in rays))}
            for signs, rays in zip(self.lifted.chambers, self.faces.pieces.rays, strict=True)
        ]
        proof = {"complete": found.complete, "chambers": chambers, "rays": [list(ray) for ray in self.lifted.rays]}
        if self.hinge is not None:
            proof |= self._strata_proof(self.hinge)
            return Certificate("critical-strata", self.instance.to_dict(), words, proof)
        hulls = []
        for (gradient, face), hull in self.faces.known():
            head = {"gradient": texts(gradient), "face": face.name}
            if isinstance(hull, Inside):
                hulls.append({**head, "multipliers": {str(c): str(y) for c, y in hull.multipliers}})
            else:
                hulls.append({**head, "normal": texts(hull.normal)})
        proof |= {
            "hulls": hulls,
            "empty": [
                {"support": [signed_name(*signed) for signed in support], "vector": texts(vector)}
                for support, vector in self.squared.empty.items()
            ],
            "sets": [
                {
                    "active": list(s.active),
                    "inactive": list(s.inactive),
                    "value": str(s.value),
                    "dimension": s.dimension,
                    "parameter_dimension": s.parameter_dimension,
                    "local_minimum": s.local_minimum,
                    "local_maximum": s.local_maximum,
                    "witness": self.instance.network.write(s.witness),
                }
                for s in found.sets
            ],
        }
        return Certificate("critical-sets", self.instance.to_dict(), words, proof)

    def _strata_proof(self, search: HingeSearch) -> dict[str, Any]:
        """What the kind ``critical-strata`` has of its own."""
        spaces = [
            {
                "faces": [face.name for face in chosen],
                "theta": texts(best.theta),
                "weights": {str(r): str(y) for r, y in best.weights},
                "bias": str(best.bias),
            }
            for chosen, best in search.best.items()
        ]
        trees = [
            {"support": [signed_name(*signed) for signed in support], "tree": tree}
            for support, tree in search.trees.items()
        ]
        strata = []
        for stratum in self.strata:
            each = _set(stratum)
            strata.append(
                {
                    "active": list(each.active),
                    "inactive": list(each.inactive),
                    "units": each.units,
                    "part": each.part,
                    "value": str(each.value),
                    "dimension": each.dimension,
                    **({} if each.part == SOME else {"parameter_dimension": each.parameter_dimension}),
                    "witness": self.instance.network.write(each.witness),
                    "decisions": {name: decision.to_dict() for name, decision in stratum.decisions.items()},
                }
            )
        ranges = [line.proof for line in search.lines.values() if "proof" in vars(line)]
        refuted = [
            {
                "faces": [face.name for face in line.chosen],
                "units": "".join("-0+"[s + 1] for s in line.units),
                "inactive": [f"({face.name})" for face in sorted(faces, key=lambda face: face.name)],
                "tree": tree,
            }
            for line in search.lines.values()
            for faces, tree in line.means.refuted.items()
        ]
        barren = [
            {
                "active": [signed_name(*signed) for signed in active],
                "units": "".join("-0+"[s + 1] for s in units),
                "inactive": f"({face.name})",
                "tree": tree,
            }
            for (active, units, (face,)), tree in search.barren.items()
        ]
        proofs = {"spaces": spaces, "trees": trees, "ranges": ranges, "refuted": refuted, "barren": barren}
        return {**proofs, "strata": strata}


def _set(stratum: Stratum) -> CriticalSet:
    minimum, maximum = (stratum.decisions.get(f"local_{end}") for end in ("minimum", "maximum"))
    return CriticalSet(
        stratum.value,
        stratum.dimension,
        stratum.parameter_dimension,
        tuple(signed_name(*signed) for signed in stratum.active),
        tuple(f"({face.name})" for face in stratum.inactive),
        "".join("-0+"[s + 1] for s in stratum.units),
        stratum.part,
        None if stratum.part == SOME else minimum is not None and minimum.answer == "yes",
        maximum is not None and maximum.answer == "yes",
        stratum.witness,
    )
