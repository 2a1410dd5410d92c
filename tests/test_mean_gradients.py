"""Mean gradients: found or refuted, by the sealed checker and by a second look at what is found."""

import copy
import random
from itertools import combinations, product
from typing import Any

import pytest
from gmpy2 import mpq
from test_atlas import changed, entry, places, problem_of

from exactrelu import Problem
from exactrelu.budget import no_tick
from exactrelu.checker import Malformed, Rejected, Strata
from exactrelu.critical_sets import Search
from exactrelu.faces import Faces
from exactrelu.lifted import Lifted
from exactrelu.mean_gradients import MeanGradients
from exactrelu.pieces import Pieces
from exactrelu.rational import dot, texts


def search_of(problem: Problem) -> tuple[Search, Strata]:
    """The engine's and the checker's view of a landscape, with no set found yet."""
    search = Search(Faces(Pieces(Lifted(problem, no_tick))), problem)
    pairs = zip(search.lifted.chambers, search.faces.pieces.rays, strict=True)
    inside = [(signs, search.faces.sum((r, mpq(1)) for r in rays)) for signs, rays in pairs]
    chambers = [{"signs": "".join("-0+"[s + 1] for s in signs), "witness": texts(w)} for signs, w in inside]
    rays = [list(ray) for ray in search.lifted.rays]
    document = {"problem": problem.to_dict(), "chambers": chambers, "rays": rays, "complete": False}
    return search, Strata(document)


def means_of(search: Search, rng: random.Random) -> MeanGradients:
    """Of up to two active neurons, with any signs of the units."""
    chosen = tuple(rng.sample(search.faces.all, min(rng.choice([0, 1, 1, 2]), len(search.faces.all))))
    units = tuple(rng.choice([0, 0, 0, 1, -1]) for _ in search.lifted.rows)
    return MeanGradients(search.faces, chosen, units)


def entry_of(means: MeanGradients, faces: Any) -> dict[str, Any]:
    return {
        "faces": [face.name for face in means.chosen],
        "units": "".join("-0+"[s + 1] for s in means.units),
        "inactive": [f"({face.name})" for face in faces],
        "tree": means.refuted[faces],
    }


def random_search(rng: random.Random) -> tuple[Search, Strata]:
    d, n = rng.choice([(1, 3), (1, 4), (2, 3)])
    x = [[rng.randint(-2, 2) for _ in range(d - 1)] + [rng.choice([-2, -1, 1, 2])] for _ in range(n)]
    y, weights = [rng.choice([-1, 1]) for _ in x], [rng.randint(1, 3) for _ in x]
    slopes, bias = rng.choice([(1, 0), (1, "1/2"), (2, 1)]), [d == 1 and rng.random() < 0.6, rng.random() < 0.6]
    return search_of(problem_of(x, y, 2, {"kind": "hinge", "weights": weights}, slopes, bias))


def is_mean(means: MeanGradients, g: Any) -> bool:
    """Whether the derivatives are between their ends, and orthogonal to what the active neurons and the bias add."""
    ends = (sorted((0, s)) if not u else (s * (u > 0),) * 2 for s, u in zip(means.slopes, means.units, strict=True))
    own = {r for face in means.chosen for r in face.rays}
    fits = all(low <= a <= high for a, (low, high) in zip(g, ends, strict=True))
    return fits and not any(dot(g, means.faces.column(r)) for r in own) and not (means.has_bias and sum(g))


@pytest.mark.parametrize("seed", range(20))
def test_faces_have_a_mean_gradient_with_zeros_or_a_refutation_that_the_checker_accepts(seed: int) -> None:
    rng = random.Random(seed)
    search, strata = random_search(rng)
    outcomes = set[bool]()
    for _ in range(12):
        means = means_of(search, rng)
        for faces in map(frozenset, rng.choices(list(combinations(search.faces.all, rng.choice([1, 1, 2]))), k=4)):
            found = next(means.with_zeros(faces), None)
            outcomes.add(found is None)
            if found is not None:
                assert is_mean(means, found)
                values = [[dot(found, search.faces.column(r)) for r in face.rays] for face in faces]
                assert all(search.faces.balanced(face, v) for face, v in zip(faces, values, strict=True))
        for k, refuted in enumerate(means.refuted):
            strata.read_refuted(entry_of(means, refuted), f"refuted[{k}]")
            key = frozenset(face.name for face in means.chosen), "".join("-0+"[s + 1] for s in means.units)
            assert strata.is_refuted(*key, [f"({face.name})" for face in refuted])
    assert outcomes == {True, False}


@pytest.mark.parametrize("seed", range(20, 30))
def test_a_changed_refutation_is_rejected_or_is_one_too(seed: int) -> None:
    """What is accepted holds: the engine does not find a mean gradient with zeros in these faces."""
    rng, tried, accepted = random.Random(seed), 0, 0
    search, strata = random_search(rng)
    names = {face.name: face for face in search.faces.all}
    for _ in range(20):
        means = means_of(search, rng)
        for faces in map(frozenset, rng.choices(list(combinations(search.faces.all, 1)), k=4)):
            next(means.with_zeros(faces), None)
        for refuted in list(means.refuted)[:2]:
            given = entry_of(means, refuted)
            for path in rng.sample(found := list(filter(None, places(given))), min(len(found), 12)):
                for value in changed(entry(given, path)):
                    mutant = copy.deepcopy(given)
                    entry(mutant, path[:-1])[path[-1]] = value
                    tried += 1
                    try:
                        strata.read_refuted(mutant, "refuted[0]")
                    except (Malformed, Rejected):
                        continue
                    accepted += 1
                    units = tuple("-0+".index(s) - 1 for s in mutant["units"])
                    other = MeanGradients(search.faces, tuple(names[name] for name in mutant["faces"]), units)
                    assert next(other.with_zeros([names[name[1:-1]] for name in mutant["inactive"]]), None) is None
    assert 0 < accepted < tried / 2


def test_a_positive_derivative_has_no_zero_in_an_open_face() -> None:
    """One data point with the label 1 and the unit +: the derivative is -1, and no w > 0 is critical."""
    search, strata = search_of(problem_of([[1]], [1], 1, {"kind": "hinge", "weights": "sum"}, bias=(False, False)))
    faces = {face.name: face for face in search.faces.all}
    means = MeanGradients(search.faces, (), (1,))
    assert [list(means.with_zeros([faces[name]])) for name in ("-", "0", "+")] == [[(-1,)], [(-1,)], []]
    given = entry_of(means, frozenset([faces["+"]]))
    assert given["tree"]["-"] == {"face": "+"}
    strata.read_refuted(given, "refuted[0]")
    nothing = {"rays": {}, "normals": [], "bias": "0"}
    for sign, other in [*product("+-0", ({"face": "-"}, nothing)), ("0", {"face": "+"})]:
        with pytest.raises(Rejected):
            strata.read_refuted({**given, "tree": {**given["tree"], sign: other}}, "refuted[0]")
