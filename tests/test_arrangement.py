"""Reading arrangements, their derived arrangements, the tope graph, and the gallery."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from typing import Any

import networkx
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import arrangements

from exactrelu import gallery, signs
from exactrelu.arrangement import Arrangement
from exactrelu.errors import InexactError, MalformedInput

FORMAT = "exactrelu.arrangement/1"


# Reading.


def test_entries_may_be_any_exact_numbers() -> None:
    arrangement = Arrangement([[1, Fraction(1, 2)], ["-2/3", mpq(3)], ["0.25", "1e-1"]], offsets=[0, "1/7", 2])
    assert arrangement.normals == ((1, mpq(1, 2)), (mpq(-2, 3), 3), (mpq(1, 4), mpq(1, 10)))
    assert (arrangement.dimension, arrangement.rank, arrangement.is_central, len(arrangement)) == (2, 2, False, 3)


def test_floats_are_refused() -> None:
    with pytest.raises(InexactError):
        Arrangement([[1, 0.5]])
    with pytest.raises(InexactError):
        Arrangement([[1]], offsets=[0.5])


@pytest.mark.parametrize(
    ("normals", "options", "where"),
    [
        ([[1, 0], [0, 1], [1]], {}, r"normals\[2\]"),
        ([[1, 0], [0, "x"]], {}, r"normals\[1\]\[1\]"),
        ([[1, 0], 5], {}, r"normals\[1\]"),
        ([[1, 0], "10"], {}, r"normals\[1\]"),
        ("10", {}, "normals"),
        (7, {}, "normals"),
        ([], {}, "normals"),
        ([[1, True]], {}, r"normals\[0\]\[1\]"),
        ([[1]], {"offsets": [1, 2]}, "offsets"),
        ([[1]], {"offsets": ["1/0"]}, r"offsets\[0\]"),
        ([[1]], {"offsets": 3}, "offsets"),
        ([[1]], {"dimension": 2}, r"normals\[0\]"),
        ([], {"dimension": -1}, "dimension"),
        ([], {"dimension": "2"}, "dimension"),
    ],
)
def test_malformed_hyperplanes_are_refused_by_name(normals: Any, options: dict[str, Any], where: str) -> None:
    with pytest.raises(MalformedInput, match=f"^{where}: "):
        Arrangement(normals, **options)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"format": "exactrelu.arrangement/2"}, "format"),
        ({"format": None}, "format"),
        ({"normal": []}, "normal"),
        ({"normals": None}, "normals"),
        ({"normals": [["1", "0"], ["x", "1"]]}, r"normals\[1\]\[0\]"),
        ({"normals": [["1", "0"], ["1"]]}, r"normals\[1\]"),
        ({"normals": {"0": ["1", "0"]}}, "normals"),
        ({"offsets": ["0"]}, "offsets"),
        ({"offsets": None}, "offsets"),
        ({"offsets": ["0", "nan"]}, r"offsets\[1\]"),
        ({"dimension": None}, "dimension"),
        ({"dimension": 3}, r"normals\[0\]"),
    ],
)
def test_malformed_files_are_refused_with_the_path(change: dict[str, Any], where: str) -> None:
    good = {"format": FORMAT, "normals": [["1", "0"], ["0", "1"]], "offsets": ["0", "1/2"]}
    assert Arrangement.from_dict(good).to_dict() == good
    with pytest.raises(MalformedInput, match=f"^{where}: "):
        Arrangement.from_dict(good | change)


@pytest.mark.parametrize("key", ["format", "normals"])
def test_missing_keys_are_named(key: str) -> None:
    data = {"format": FORMAT, "normals": [["1"]]}
    del data[key]
    with pytest.raises(MalformedInput, match=f"^{key}: found nothing"):
        Arrangement.from_dict(data)
    with pytest.raises(MalformedInput, match=r"^\$: found list"):
        Arrangement.from_dict([])


@settings(max_examples=40, deadline=None)
@given(arrangements())
def test_an_arrangement_survives_the_file_and_its_repr(arrangement: Arrangement) -> None:
    assert Arrangement.from_dict(json.loads(json.dumps(arrangement.to_dict()))) == arrangement
    assert eval(repr(arrangement)) == arrangement


def test_a_long_arrangement_has_a_short_repr() -> None:
    assert repr(gallery.resonance(5)) == "<central arrangement of 31 hyperplanes in Q^5>"


# Signs, restrictions, localisations.


def test_signs_of_a_point() -> None:
    arrangement = Arrangement([[1, 0], [1, 1], [0, 0]], offsets=[1, 0, 2])
    assert arrangement.signs(["1", "-1/2"]) == "0+-"
    with pytest.raises(MalformedInput, match="point"):
        arrangement.signs([1])


@settings(max_examples=60, deadline=None)
@given(arrangements(max_hyperplanes=6), st.data())
def test_count_obeys_deletion_and_restriction(arrangement: Arrangement, data: st.DataObject) -> None:
    """Zaslavsky 1975; a hyperplane that is there twice, or has a zero normal, may go without loss."""
    if not len(arrangement):
        return
    index = data.draw(st.integers(0, len(arrangement) - 1))
    deleted = arrangement.deletion(index)
    if not any(arrangement.normals[index]):
        with pytest.raises(MalformedInput, match="zero normal"):
            arrangement.restriction(index)
        assert deleted.count() == arrangement.count()
    elif any(index in members and len(members) > 1 for members in arrangement.parallel_classes):
        assert deleted.count() == arrangement.count()
    else:
        assert deleted.count() + arrangement.restriction(index).count() == arrangement.count()


def test_localisation_keeps_the_hyperplanes_through_a_point() -> None:
    arrangement = Arrangement([[1, 0], [0, 1], [1, 1]], offsets=[1, 2, 3])
    assert len(arrangement.localisation([1, 2])) == 3
    assert arrangement.localisation([1, 5]).normals == ((1, 0),)
    assert len(arrangement.localisation([9, 9])) == 0


# The tope graph.


@settings(max_examples=40, deadline=None)
@given(arrangements(max_hyperplanes=8))
def test_the_tope_graph_is_connected_with_the_separation_as_distance(arrangement: Arrangement) -> None:
    """Björner et al., *Oriented Matroids*, proposition 4.2.3."""
    graph = arrangement.tope_graph()
    classes = arrangement.parallel_classes
    distances = networkx.single_source_shortest_path_length(graph, 0)
    assert sorted(distances) == list(range(arrangement.count()))
    start = graph.nodes[0]["signs"]
    for node, distance in distances.items():
        crossed = signs.separation(start, graph.nodes[node]["signs"])
        assert distance == sum(members[0] in crossed for members in classes)
    for x, y, walls in graph.edges(data="walls"):
        assert signs.separation(graph.nodes[x]["signs"], graph.nodes[y]["signs"]) == walls


def test_the_tope_graph_of_a_central_arrangement_is_antipodal() -> None:
    graph = gallery.threshold(3).tope_graph()
    last = len(graph) - 1
    assert networkx.is_bipartite(graph)
    for node in graph:
        assert graph.nodes[last - node]["signs"] == signs.negation(graph.nodes[node]["signs"])
        assert all(graph.has_edge(last - node, last - other) for other in graph[node])


def test_the_tope_graph_of_a_reflection_arrangement_is_the_weak_order() -> None:
    graph = gallery.braid(4).tope_graph()
    assert {degree for _, degree in graph.degree} == {3}
    assert networkx.diameter(graph) == 6


def test_lines_form_a_cycle_and_points_on_a_line_a_path() -> None:
    assert networkx.is_isomorphic(gallery.generic(5, 2).tope_graph(), networkx.cycle_graph(10))
    path = Arrangement([[1], [1], [2]], offsets=[0, 3, 2]).tope_graph()
    assert networkx.is_isomorphic(path, networkx.path_graph(4))
    assert [path.edges[edge]["walls"] for edge in pairwise(range(4))] == [(1,), (2,), (0,)]


# The gallery.


def test_duplicated_data_points_add_no_hyperplane() -> None:
    once = gallery.data([[0, 1], [2, 3]])
    twice = gallery.data([[0, 1], [2, 3], [0, 1]])
    assert twice.parallel_classes == ((0, 2), (1,))
    assert twice.count() == once.count() == 4


def test_data_without_bias_merges_points_on_a_line_through_the_origin() -> None:
    assert gallery.data([[1, 1], [-2, -2], [0, 0]], bias=False).parallel_classes == ((0, 1),)
    assert gallery.data([[1, 1], [-2, -2], [0, 0]]).parallel_classes == ((0,), (1,), (2,))


@pytest.mark.parametrize("name", ["boolean", "braid", "type_b", "type_d", "resonance", "threshold", "shi"])
@pytest.mark.parametrize("n", [-1, True, "3"])
def test_the_gallery_refuses_what_is_no_size(name: str, n: Any) -> None:
    with pytest.raises(MalformedInput, match=r"^n: "):
        getattr(gallery, name)(n)


# Sign vectors.

sign_vectors = st.text("+-0", min_size=6, max_size=6)


@given(sign_vectors, sign_vectors, sign_vectors)
def test_composition_is_associative_and_separation_symmetric(x: str, y: str, z: str) -> None:
    assert signs.composition(signs.composition(x, y), z) == signs.composition(x, signs.composition(y, z))
    assert signs.separation(x, y) == signs.separation(y, x)
    assert signs.is_face(x, signs.composition(x, y))
    assert signs.negation(signs.negation(x)) == x


@given(sign_vectors)
def test_strings_and_arrays_of_signs_convert(x: str) -> None:
    assert signs.as_text(signs.as_array(x)) == x
    assert signs.support(x) == tuple(i for i in range(6) if signs.as_array(x)[i])


@given(st.lists(st.lists(st.booleans(), min_size=70, max_size=70), max_size=5))
def test_packing_keeps_the_lexicographic_order(rows: list[list[bool]]) -> None:
    import numpy as np

    table = np.array(rows, dtype=bool).reshape(len(rows), 70)
    words = signs.pack(table)
    assert np.array_equal(signs.unpack(words, 70), table)
    by_words = sorted(range(len(rows)), key=lambda i: tuple(words[i].tolist()))
    assert [rows[i] for i in by_words] == sorted(rows)


def test_sign_vectors_of_different_lengths_do_not_mix() -> None:
    for operation in (signs.composition, signs.separation, signs.is_face):
        with pytest.raises(MalformedInput, match="one length"):
            operation("+", "++")
