"""Critical sets of an earlier run whose budget ran out: its certificate is checked, and what it knows is taken over.

With the squared loss each proof is verified here, which is faster than the checker, and what the certificate says about
the sets is found anew from a point of each. With the hinge loss the checker has to accept it. A certificate tells
things in the order in which they were found: so a run that is cut into pieces ends as one that is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from exactrelu.certificate import Decision
from exactrelu.checker import Malformed, check
from exactrelu.critical_hinge import Best, HingeSearch, Stratum
from exactrelu.critical_squared import Polyhedron, SquaredSearch
from exactrelu.errors import MalformedInput
from exactrelu.faces import Face, Faces, Inside, Outside, Signed, Support
from exactrelu.jsonfile import MISSING, Node
from exactrelu.lifted import ZERO
from exactrelu.problem import Instance
from exactrelu.rational import Vector, rational, vector

NEEDED = "the certificate of an earlier run on this problem"


def restore_squared(certificate: Mapping[str, Any], search: SquaredSearch) -> None:
    """Take over the hulls, the supports without points, and a point of each other one; raises `MalformedInput`."""
    document, names = _same(certificate, "critical-sets", search.faces), _Names(search.faces)
    outputs, size = len(search.faces.pieces.lifted.rows), len(search.faces.pieces.lifted.rows[0])
    for node in _member(document, "hulls").items():
        face, gradient = names.face(_member(node, "face")), _vector(_member(node, "gradient"), outputs)
        hull: Inside | Outside
        if "normal" in node.entries():
            hull = Outside(_vector(_member(node, "normal"), size))
        else:
            weights = _member(node, "multipliers").entries()
            hull = Inside(tuple((c, weights[str(c)].number()) for c in face.chambers if str(c) in weights))
        if not search.faces.restore(gradient, face, hull):
            raise MalformedInput(node.path, "no proof about this face", NEEDED)
    for node in _member(document, "empty").items():
        support = names.support(names.signed_faces(_member(node, "support")))
        refutation = _vector(_member(node, "vector"), outputs)
        if not search.refutes(refutation, support):
            raise MalformedInput(node.path, "no refutation of these faces", NEEDED)
        search.empty[support] = refutation
    for node in _member(document, "sets").items():
        active = names.signed_faces(_member(node, "active"))
        if len(set(active)) == len(active) and (support := names.support(active)) not in search.known:
            search.known[support] = _polyhedron(search, active, support, _member(node, "witness"))


def _polyhedron(search: SquaredSearch, active: Sequence[Signed], support: Support, witness: Node) -> Polyhedron:
    """The polyhedron of a point whose first neurons are in these signed faces; the others have v = 0."""
    pieces, instance = search.faces.pieces, search.faces.pieces.lifted.instance
    hidden, output = instance.network.layers
    point = instance.network.read({name: node.value for name, node in witness.entries().items()}, witness.path)
    sides, parts = point[instance.network.offsets[1] :][: hidden.outputs], dict[Signed, Vector]()
    for k, (_, side) in enumerate(active[: hidden.outputs]):
        w = point[k * hidden.inputs :][: hidden.inputs] + (point[hidden.size + k :][:1] if hidden.bias else ())
        parts[active[k]] = tuple(side * sides[k] * a for a in w)
    gradient, rank = search.projected(tuple(dict.fromkeys(face for face, _ in support)))
    fits = all(pieces.face(w) == face.signs for (face, _), w in parts.items())
    fits = fits and all(s * v > 0 for (_, s), v in zip(active, sides, strict=False)) and not any(sides[len(active) :])
    found = tuple(instance.network.output(instance.network.preactivations(point, x))[0] for x in instance.x)
    fits = fits and len(active) <= search.neurons and found == search.outputs(gradient)
    if not fits or any(isinstance(search.faces.hull(gradient, face), Outside) for face, _ in active):
        raise MalformedInput(witness.path, "no critical point with these faces", NEEDED)
    bias = point[-1] if output.bias else ZERO
    return Polyhedron(support, gradient, tuple(parts[signed] for signed in support), bias, rank)


def restore_strata(certificate: Mapping[str, Any], search: HingeSearch) -> list[Stratum]:
    """Take over the spaces and the trees; the strata that are decided; raises `MalformedInput`."""
    document, names = _same(certificate, "critical-strata", search.faces), _Names(search.faces)
    try:
        verdict = check(dict(certificate))
    except Malformed as error:
        raise MalformedInput("resume", str(error), NEEDED) from None
    if not verdict.accepted:
        raise MalformedInput("resume", f"a rejected certificate ({verdict.reason})", NEEDED)
    for entry in certificate["spaces"]:
        theta, bias = vector(entry["theta"]), rational(entry["bias"])
        weights = tuple((int(r), rational(y)) for r, y in entry["weights"].items())
        search.best[names.chosen(entry["faces"])] = Best(sum(theta, ZERO), theta, weights, bias)
    for node in _member(document, "trees").items():
        search.trees[names.support(names.signed_faces(_member(node, "support")))] = _member(node, "tree").value
    for entry in certificate["ranges"]:
        line = search.line(names.chosen(entry["faces"]), _signs(entry["units"]))
        line.proof = entry
    for entry in certificate["refuted"]:
        line = search.line(names.chosen(entry["faces"]), _signs(entry["units"]))
        line.means.refuted[frozenset(names.faces[name[1:-1]] for name in entry["inactive"])] = entry["tree"]
    for node in _member(document, "barren").items():
        face, units = _member(node, "inactive").value[1:-1], _signs(_member(node, "units").value)
        active = tuple(names.signed_faces(_member(node, "active")))
        search.barren[active, units, (names.faces[face],)] = _member(node, "tree").value
    strata = [_stratum(node, names, search.lifted.instance) for node in _member(document, "strata").items()]
    search.known |= {stratum.witness for stratum in strata}
    return strata


def _stratum(node: Node, names: _Names, instance: Instance) -> Stratum:
    entry, decisions = node.value, dict[str, Decision]()
    for name, each in entry["decisions"].items():
        proof = {key: value for key, value in each.items() if key not in ("answer", "rule")}
        decisions[name] = Decision(name, each["answer"], each["rule"], proof)
    return Stratum(
        tuple(names.signed_faces(_member(node, "active"))),
        tuple(names.faces[name[1:-1]] for name in entry["inactive"]),
        _signs(entry["units"]),
        entry["part"],
        instance.network.read(entry["witness"]),
        rational(entry["value"]),
        entry["dimension"],
        entry.get("parameter_dimension"),
        decisions,
    )


class _Names:
    """The faces by their names, and their places in the order in which they are gone through."""

    def __init__(self, faces: Faces) -> None:
        self.faces = {face.name: face for face in faces.all}
        self.places = {face: place for place, face in enumerate(faces.all)}

    def face(self, node: Node) -> Face:
        if node.text() not in self.faces:
            raise node.complain("the signs of a face of the data")
        return self.faces[node.value]

    def signed_faces(self, node: Node) -> list[Signed]:
        """Texts such as "+(+0-)", in the order given."""
        found = []
        for item in node.items():
            name = item.text()
            face = self.face(Node(name[2:-1], item.path))
            if name not in (f"+({face.name})", f"-({face.name})"):
                raise item.complain("the sign of v and a face, as in +(+0-)")
            found.append((face, 1 if name[0] == "+" else -1))
        return found

    def chosen(self, names: Sequence[str]) -> tuple[Face, ...]:
        return tuple(sorted((self.faces[name] for name in names), key=self.places.__getitem__))

    def support(self, active: Sequence[Signed]) -> Support:
        """By face, + before -."""
        return tuple(sorted(active, key=lambda signed: (self.places[signed[0]], -signed[1])))


def _same(certificate: Mapping[str, Any], kind: str, faces: Faces) -> Node:
    """The certificate, of that kind, about the same problem, with the same chambers and rays in the same order."""
    document, lifted = Node(certificate, "resume"), faces.pieces.lifted
    if certificate.get("kind") != kind:
        raise _member(document, "kind").complain(f'"{kind}"')
    given = Instance.read(Node(certificate.get("problem", MISSING)))
    if any(getattr(given, part) != getattr(lifted.instance, part) for part in ("network", "x", "y", "loss")):
        raise MalformedInput("resume.problem", "another problem", NEEDED)
    signs = ["".join("-0+"[s + 1] for s in chamber) for chamber in lifted.chambers]
    named = [_member(node, "signs").value for node in _member(document, "chambers").items()]
    if named != signs or _member(document, "rays").value != [list(ray) for ray in lifted.rays]:
        raise MalformedInput("resume.chambers", "other chambers or rays, or another order", NEEDED)
    return document


def _signs(text: str) -> tuple[int, ...]:
    return tuple("-0+".index(s) - 1 for s in text)


def _member(node: Node, name: str) -> Node:
    return node.entries().get(name, Node(MISSING, f"{node.path}.{name}"))


def _vector(node: Node, size: int) -> Vector:
    return tuple(item.number() for item in node.items("a list of numbers", size))
