"""The cells: every sign vector is listed with a witness or refuted by hand; every edge is crossed by a segment."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product
from math import comb
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import Oracle, letter, random_point, random_problem, sign_vectors
from strategies import problems
from sympy import QQ
from sympy.polys.rings import ring as sympy_ring

from exactrelu import BudgetExceeded, Layer, Loss, MalformedInput, Network, Problem, Unsupported
from exactrelu import example as shipped
from exactrelu import signature as signatures
from exactrelu.budget import Budget
from exactrelu.cells import Cells, SheetCells
from exactrelu.emptiness import Empty, realise
from exactrelu.errors import InternalContradiction
from exactrelu.refinement import FacetFinder
from exactrelu.sheets import InputSheet, LayerSheet

BINARY = (("hinge", [1, -1, 1]), ("squared", ["1", "2", "0"]))


def problem_of(
    widths: Sequence[int], x: Sequence[Any], kind: str = "squared", slopes: Any = (1, 0), bias: Any = True,
    output_activation: bool = False, y: Sequence[Any] | None = None, **rest: Any,
) -> Problem:  # fmt: skip
    """A dense problem with the labels 1, -1, 1, .. or the targets 1, 2, 0, .."""
    targets = list(y) if y is not None else (dict(BINARY)[kind] * len(x))[: len(x)]
    rows = [row if isinstance(row, list) else [row] for row in x]
    return Problem(Network.dense(widths, slopes, bias, output_activation), rows, targets, Loss(kind), **rest)  # type: ignore[arg-type]


def names(cells: Cells) -> list[str]:
    return [cell.signature for cell in cells]


# ---------------------------------------------------------------- every sign vector


def template(oracle: Oracle, problem: Problem) -> str:
    """The shape of a signature with 0 for the first layer's units at zero data without bias, ? for all others."""
    columns = []
    for i, x in enumerate(oracle.x):
        groups = ["?" * width for width in oracle.widths[1 : oracle.depth + 1]]
        if groups and not any(x) and not oracle.bias[0]:
            groups[0] = "0" * len(groups[0])
        if not oracle.is_squared:
            groups.append("?" * len(problem.units[i]))
        columns.append(",".join(groups))
    return ";".join(columns)


def lifted_units(oracle: Oracle, signature: str, signs: Sequence[int]) -> list[tuple[str, list[Fraction]]]:
    """The units of one hidden layer and one output in the variables R_k = v_k (w_k, b_k) and c, for signs of v.

    Each unit is the list of its coefficients, the constant last: w_k = s_k R_k and v_k s(w_k x) = slope_ik R_k x.
    """
    block = oracle.widths[0] + oracle.bias[0]
    size = block * oracle.widths[1] + oracle.bias[1] + 1
    slope = {"+": oracle.above, "-": oracle.below, "0": Fraction(0)}
    units = []
    for i, column in enumerate(signature.split(";")):
        groups = column.split(",")
        x = [*oracle.x[i], *([Fraction(1)] if oracle.bias[0] else [])]
        output = [Fraction(0)] * size
        for k, s in enumerate(groups[0]):
            form = [Fraction(0)] * size
            for j, value in enumerate(x):
                form[k * block + j] = signs[k] * value
                output[k * block + j] += slope[s] * value
            units.append((s, form))
        if oracle.bias[1]:
            output[-2] += 1
        if oracle.activated:
            units.append((groups[1], list(output)))
            output = [slope[groups[1]] * v for v in output]
        if not oracle.is_squared:
            unit = [-int(oracle.y[i]) * v for v in output]
            unit[-1] += 1
            units.append((groups[-1], unit))
    return units


def assert_refuted(units: Sequence[tuple[str, Sequence[Fraction]]], farkas: dict[int, Any]) -> None:
    """Check by hand that multipliers > 0 of the demands sign * unit > 0 add up to a constant <= 0."""
    assert farkas
    total = [Fraction(0)] * len(units[0][1])
    for position, multiplier in farkas.items():
        s, form = units[position]
        assert multiplier > 0
        assert s in "+-"
        sense = 1 if s == "+" else -1
        total = [a + Fraction(str(multiplier)) * sense * b for a, b in zip(total, form, strict=True)]
    assert not any(total[:-1])
    assert total[-1] <= 0


def assert_lists_exactly_the_realisable_signatures(problem: Problem) -> int:
    """Every listed signature has its witness, every other sign vector is refuted for all signs of v."""
    oracle = Oracle(problem)
    cells = problem.cells()
    listed = set(names(cells))
    assert cells.complete
    assert len(listed) == len(cells)
    for cell in cells:
        assert oracle.signature(cell.witness) == cell.signature
    seen = 0
    shape = template(oracle, problem)
    for signature in sign_vectors(shape):
        if oracle.activated:
            signature = with_dead_outputs(oracle, signature)
        if signature in listed:
            seen += 1
            continue
        if not signature:
            continue
        found = problem.cell(signature)
        assert isinstance(found, Empty), f"{signature} is missing"
        if len(found.farkas) == 1:  # the kinks of the first layer only
            assert_refuted([(s, f) for s, f in first_layer_units(oracle, signature)], found.farkas[0])
            continue
        for signs, farkas in zip(product((1, -1), repeat=oracle.widths[1]), found.farkas, strict=True):
            assert_refuted(lifted_units(oracle, signature, signs), farkas)
    assert seen == len(listed)
    return len(listed)


def with_dead_outputs(oracle: Oracle, signature: str) -> str:
    """The signature with 0 for the activated outputs that vanish identically, or nothing when it is redundant."""
    columns = []
    for column in signature.split(";"):
        hidden, output, *rest = column.split(",")
        dead = not oracle.bias[1] and all(s == "0" or (s == "-" and oracle.below == 0) for s in hidden)
        if dead and output == "-":
            return ""
        columns.append(",".join([hidden, "0" if dead else output, *rest]))
    return ";".join(columns)


def first_layer_units(oracle: Oracle, signature: str) -> Iterator[tuple[str, list[Fraction]]]:
    """The units of a squared loss with one hidden layer in the parameters of the first layer."""
    count, columns = oracle.widths[1], oracle.widths[0]
    for i, column in enumerate(signature.split(";")):
        for k, s in enumerate(column):
            form = [Fraction(0)] * (columns * count + (count if oracle.bias[0] else 0) + 1)
            form[k * columns : (k + 1) * columns] = oracle.x[i]
            if oracle.bias[0]:
                form[columns * count + k] = Fraction(1)
            yield s, form


ONE_HIDDEN_LAYER = {
    "hinge, K=1, N=1": problem_of([1, 1, 1], ["1"], "hinge"),
    "hinge, K=1, N=3": problem_of([1, 1, 1], ["1", "-1/2", "2"], "hinge"),
    "hinge, K=2, N=2": problem_of([1, 2, 1], ["1", "-2"], "hinge"),
    "hinge, K=2, N=2, leaky": problem_of([1, 2, 1], ["1", "-2"], "hinge", (1, "1/2")),
    "hinge, K=1, N=3, slopes (2, 1)": problem_of([1, 1, 1], ["1", "-1", "0"], "hinge", (2, 1)),
    "hinge, linear": problem_of([1, 1, 1], ["1", "-1", "3"], "hinge", (1, 1)),
    "hinge, no biases": problem_of([1, 1, 1], ["1", "-1", "2"], "hinge", (1, "1/2"), False),
    "hinge, no hidden bias": problem_of([1, 2, 1], ["1", "-1"], "hinge", (1, 0), [False, True]),
    "hinge, no output bias": problem_of([1, 2, 1], ["1", "-1"], "hinge", (1, 0), [True, False]),
    "hinge, zero data point": problem_of([1, 2, 1], ["0", "1"], "hinge", (1, 0), [False, True]),
    "hinge, repeated data": problem_of([1, 2, 1], ["1", "1"], "hinge", (1, 0), y=[1, 1]),
    "hinge, repeated data, other label": problem_of([1, 2, 1], ["1", "1"], "hinge", (1, "1/2"), y=[1, -1]),
    "hinge, parallel data, no bias": problem_of([2, 1, 1], [["1", "2"], ["2", "4"], ["-1", "-2"]], "hinge", bias=False),
    "hinge, plane": problem_of([2, 1, 1], [["1", "0"], ["0", "1"], ["1", "1"]], "hinge", (1, "1/2")),
    "hinge, activated output": problem_of([1, 1, 1], ["1", "-2"], "hinge", (1, "1/2"), True, True),
    "hinge, activated output, relu": problem_of([1, 1, 1], ["1", "-2"], "hinge", (1, 0), True, True),
    "hinge, activated output, no bias": problem_of([1, 1, 1], ["1", "-2", "0"], "hinge", (1, 0), False, True),
    "squared, activated output": problem_of([1, 2, 1], ["1", "-1"], "squared", (1, 0), True, True),
    "squared, activated output, no bias": problem_of([1, 2, 1], ["1", "-1"], "squared", (1, 0), False, True),
    "squared, activated output, leaky": problem_of([1, 2, 1], ["1", "0"], "squared", (1, "1/2"), False, True),
    "squared, K=2, N=3": problem_of([1, 2, 1], ["1", "-1", "2"]),
    "squared, plane": problem_of([2, 2, 1], [["1", "0"], ["0", "1"], ["1/2", "1/2"]], slopes=(1, "1/2")),
    "squared, zero and opposite data": problem_of([1, 2, 1], ["0", "1", "-1"], bias=False),
    "squared, only a zero data point": problem_of([1, 2, 1], ["0"], bias=False),
}


@pytest.mark.parametrize("name", ONE_HIDDEN_LAYER)
def test_one_hidden_layer_lists_exactly_the_realisable_signatures(name: str) -> None:
    assert assert_lists_exactly_the_realisable_signatures(ONE_HIDDEN_LAYER[name]) > 0


@settings(max_examples=25, deadline=None)
@given(problems(kinds=("hinge", "squared"), hidden=(1,), max_points=2, one_output=True))
def test_small_random_problems_list_exactly_the_realisable_signatures(problem: Problem) -> None:
    assert assert_lists_exactly_the_realisable_signatures(problem) > 0


@settings(max_examples=20, deadline=None)
@given(problems(kinds=("hinge", "squared"), hidden=(1,), one_output=True), st.integers(0, 999))
def test_no_random_point_has_a_signature_that_is_not_listed(problem: Problem, seed: int) -> None:
    rng = random.Random(seed)
    listed = set(names(problem.cells()))
    seen = set()
    for scale in (1, 1, 3, 10, 30, 100):
        for _ in range(40):
            point = [mpq(v) * scale for v in random_point(rng, problem, denominator=10007)]
            here = problem.at(problem.network.write(point))
            if here.form is not None:
                seen.add(here.form.signature)
    if problem.network.slopes[0] != problem.network.slopes[1]:
        assert seen <= listed
    else:  # of a linear network a point on a boundary is named by one of the cells beside it
        assert {s for s in seen if "0" not in s} <= listed
    assert seen


def test_the_certificate_of_an_empty_cell_states_its_signature() -> None:
    empty = problem_of([1, 1, 1], ["1", "-1"], bias=False).cell("+;+")
    assert isinstance(empty, Empty)
    certificate = empty.certificate({"kind": "parameters"}).to_dict()
    assert certificate["signature"] == "+;+"
    assert certificate["farkas"] == [{"0": "1", "1": "1"}]


def test_a_listed_signature_is_realised_by_a_cell() -> None:
    problem = problem_of([1, 2, 1], ["1", "-2"], "hinge")
    oracle = Oracle(problem)
    for cell in problem.cells():
        again = problem.cell(cell.signature)
        assert not isinstance(again, Empty)
        assert oracle.signature(again.witness) == again.signature == cell.signature


@pytest.mark.parametrize("wrong", ["0,+;+,+", "+,0;+,+", "++,+;+,+", "+,+", "+,+;+,+;+,+", "nonsense", ""])
def test_a_cell_with_a_wrong_signature_is_refused(wrong: str) -> None:
    with pytest.raises(MalformedInput) as error:
        problem_of([1, 1, 1], ["1", "-2"], "hinge").cell(wrong)
    assert error.value.where == "signature"


# ---------------------------------------------------------------- layers and inputs


def affine(value: Any, count: int) -> list[Fraction]:
    """A `sympy.polys.rings` element of degree at most 1 as its coefficients, the constant last."""
    result = [Fraction(0)] * (count + 1)
    for powers, c in value.terms():
        assert sum(powers) <= 1
        result[powers.index(1) if any(powers) else count] = Fraction(int(c.numerator), int(c.denominator))
    return result


def assert_space_is_complete(problem: Problem, name: str, layer: int | None) -> int:
    """All sign vectors of the units of a layer space (or of the input, layer None), refuted or witnessed."""
    oracle = Oracle(problem)
    base = [Fraction(str(v)) for v in problem.point(name)]
    sheet: Any
    if layer is None:
        cells, sheet = problem.cells(space="input", at=name), InputSheet(problem, problem.point(name))
        count, first = oracle.widths[0], 0
    else:
        cells, sheet = problem.cells(layer=layer, at=name), LayerSheet(problem, layer, problem.point(name))
        first, count = problem.network.offsets[layer - 1], problem.network.layers[layer - 1].parameters
    ring = sympy_ring([f"t{j}" for j in range(count)], QQ)[0]

    def number(value: Fraction) -> Any:
        return ring.ground_new(QQ(value.numerator, value.denominator))

    values = [number(v) for v in base]
    inputs = None
    if layer is None:
        inputs = [list(ring.gens)]
    else:
        values[first : first + count] = ring.gens

    def extend(done: str, shape: str) -> Iterator[tuple[str, list[tuple[str, list[Fraction]]]]]:
        """All signatures of the shape, with 0 exactly where a unit is constant and zero."""
        for signature in sign_vectors(shape):
            units, _ = oracle.units(signature, values, ring.zero, number, inputs)
            forms = [(s, affine(f, count)) for s, f in units]
            zero = [p for p, (s, f) in enumerate(forms) if not any(f) and s != "0"]
            if zero:
                letters = [j for j, s in enumerate(signature) if s in "+-0"]
                place = letters[zero[0]]
                if signature[place] == "+":
                    yield from extend(done, signature[:place] + "0" + signature[place + 1 :])
                continue
            if any(any(f) for s, f in forms if s == "0"):
                continue
            yield signature, forms

    columns = []
    for i in range(1 if layer is None else len(oracle.x)):
        groups = ["?" * width for width in oracle.widths[1 : oracle.depth + 1]]
        if layer is not None and not oracle.is_squared:
            groups.append("?" * len(problem.units[i]))
        columns.append(",".join(groups))
    everything = dict(extend("", ";".join(columns)))
    listed = set(names(cells))
    assert cells.complete
    assert len(listed) == len(cells)
    assert listed <= set(everything)
    for cell in cells:
        place = cell.witness[first : first + count] if layer is not None else cell.witness
        for s, form in everything[cell.signature]:
            value = sum((a * Fraction(str(b)) for a, b in zip(form, place, strict=False)), form[-1])
            assert letter(value) == s
        if layer is not None:
            assert [*cell.witness[:first]] == [*problem.point(name)[:first]]
            assert [*cell.witness[first + count :]] == [*problem.point(name)[first + count :]]
            assert oracle.signature(cell.witness) == cell.signature
    for signature, forms in everything.items():
        if signature not in listed:
            columns_ = tuple(
                tuple(tuple({"+": 1, "-": -1, "0": 0}[s] for s in group) for group in (c.split(",") if c else []))
                for c in signature.split(";")
            )
            found = realise([sheet], columns_)
            assert isinstance(found, Empty), f"{signature} is missing"
            assert_refuted(forms, found.farkas[0])
    return len(listed)


def deep(seed: int, kind: str, widths: Sequence[int], points: int, **options: Any) -> Problem:
    rng = random.Random(f"{seed} {kind} {list(widths)}")
    problem = random_problem(rng, kind, widths, points=points, **options)
    place = [mpq(v) for v in random_point(rng, problem, denominator=4)]
    return Problem(problem.network, problem.x, problem.y, problem.loss, {"a": place})


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("layer", [1, 2, 3])
def test_the_cells_of_one_layer_of_a_deep_network_are_complete(layer: int, seed: int) -> None:
    options: dict[str, Any] = {"output_activation": seed == 2, "bias": seed != 1}
    slopes = [(1, 0), (1, "1/2"), (1, 0), (1, 0)][seed]
    widths = (1, 1, 2, 1) if options["output_activation"] else (2, 2, 1, 1)
    problem = deep(seed, "hinge" if seed % 2 else "squared", widths, 2, slopes=slopes, **options)
    assert assert_space_is_complete(problem, "a", layer) > 0


@pytest.mark.parametrize("seed", range(6))
def test_the_linear_regions_of_a_deep_network_are_complete(seed: int) -> None:
    options: dict[str, Any] = {"output_activation": seed == 2, "bias": seed != 1}
    slopes = [(1, 0), (1, "1/2")][seed % 2]
    problem = deep(seed, "squared", [(2, 3, 2, 1), (1, 3, 3, 1), (2, 4, 1)][seed % 3], 1, slopes=slopes, **options)
    assert assert_space_is_complete(problem, "a", None) > 0


def test_the_input_cells_of_a_tent_are_the_three_intervals_found_by_hand() -> None:
    """f(t) = s(t) - 2 s(t - 1): kinks at 0 and 1; then s(f) has one more at 2, where f vanishes again."""
    point = {"W1": [[1], [1]], "b1": [0, -1], "W2": [[1, -2]], "b2": [0], "W3": [[1]], "b3": [0]}
    problem = problem_of([1, 2, 1, 1], ["1"], bias=True, points={"tent": point})
    cells = problem.cells(space="input", at="tent")
    assert names(cells) == ["++,+", "++,-", "+-,+", "--,0"]
    assert sorted((names(cells)[i], names(cells)[j]) for i, j, _ in cells.edges()) == [
        ("++,+", "++,-"),
        ("++,+", "+-,+"),
        ("+-,+", "--,0"),
    ]
    assert [cell.is_flat for cell in cells] == [False, True, False, True]


@pytest.mark.parametrize("lines", [1, 2, 3, 4, 5])
def test_lines_in_general_position_cut_the_plane_as_schlaefli_counts(lines: int) -> None:
    """Schlaefli 1852, Cover 1965: 1 + n + C(n, 2) regions, of which adjacent pairs are n^2."""
    point = {
        "W1": [[2 * j, 1] for j in range(1, lines + 1)], "b1": [j * j for j in range(1, lines + 1)],
        "W2": [[1] * lines], "b2": [0],
    }  # fmt: skip
    problem = problem_of([2, lines, 1], [["0", "0"]], points={"tangents": point})
    cells = problem.cells(space="input", at="tangents")
    assert len(cells) == 1 + lines + comb(lines, 2)
    assert len(list(cells.edges())) == lines**2


def test_the_two_regions_of_the_absolute_value_are_adjacent() -> None:
    """s(x) + s(-x) = |x| vanishes on the wall x = 0 and is positive on both of its sides."""
    point = {"W1": [[1], [-1]], "b1": [0, 0], "W2": [[1, 1]], "b2": [0], "W3": [[1]], "b3": [0]}
    problem = problem_of([1, 2, 1, 1], ["1"], points={"modulus": point})
    cells = problem.cells(space="input", at="modulus")
    assert names(cells) == ["+-,+", "-+,+"]
    assert [(i, j) for i, j, _ in cells.edges()] == [(0, 1)]


# ---------------------------------------------------------------- adjacency


def crossings(
    sign_at: Callable[[Sequence[Any]], str], listed: set[str], a: Sequence[Any], b: Sequence[Any], rng: random.Random
) -> set[frozenset[str]]:
    """The pairs of cells between which a segment passes directly, by bisection in exact arithmetic.

    The end points are random with large denominators, so that two boundaries are never met within 2^-40.
    """

    def at(t: Any) -> str:
        return sign_at([u + t * (v - u) for u, v in zip(a, b, strict=True)])

    times = [mpq(j, 10) for j in range(11)]
    signs = [at(t) for t in times]
    found, stack = set(), [p for p in zip(times, signs, times[1:], signs[1:], strict=False) if p[1] != p[3]]
    while stack:
        t, s, u, r = stack.pop()
        if s not in listed or r not in listed:
            continue  # the subdivision met a boundary exactly
        if u - t < mpq(1, 2**40):
            found.add(frozenset((s, r)))
            continue
        middle = t + (u - t) * mpq(rng.randint(4000, 6000), 10007)
        m = at(middle)
        stack += [q for q in ((t, s, middle, m), (middle, m, u, r)) if q[1] != q[3]]
    return found


def assert_edges_are_the_crossings(
    cells: Cells, sign_at: Callable[[Sequence[Any]], str], rounds: int, seed: int = 0
) -> None:
    """Random segments cross from cell to cell along edges only, and every edge is crossed by some segment."""
    rng = random.Random(seed)
    listed = {cell.signature for cell in cells}
    witness = {cell.signature: cell.witness for cell in cells}
    edges = {frozenset((cells[i].signature, cells[j].signature)) for i, j, _ in cells.edges()}
    assert len(edges) == len(list(cells.edges()))

    def noise(size: Any) -> list[Any]:
        return [mpq(rng.randint(-(10**9), 10**9), 10**9 + 7) * size for _ in cells[0].witness]

    def segment(first: str, second: str) -> set[frozenset[str]]:
        shift = mpq(rng.choice([1, 1, 3, 6, 10, 30, 60]), 10)
        ends = [
            [u + v for u, v in zip([rng.choice([1, 1, 4]) * w for w in witness[s]], noise(shift), strict=True)]
            for s in (first, second)
        ]
        return crossings(sign_at, listed, ends[0], ends[1], rng)

    seen: set[frozenset[str]] = set()
    order = sorted(listed)
    for _ in range(rounds):
        seen |= segment(rng.choice(order), rng.choice(order))
    for _ in range(100):
        for pair in sorted(edges - seen, key=sorted):
            seen |= segment(*sorted(pair))
    assert seen <= edges
    thin = edges - seen
    assert len(thin) <= len(edges) // 20
    for pair in thin:
        assert_crossed_at_a_facet(cells, *sorted(pair))


def assert_crossed_at_a_facet(cells: Cells, first: str, second: str) -> None:
    """A wall too thin for random segments: evaluate on it and close to it on both sides, at the engine's point."""
    assert isinstance(cells, SheetCells)
    problem = cells.forms.instance
    for sheet in cells.sheets:
        finder = FacetFinder(sheet)
        for start, end in ((first, second), (second, first)):
            columns = signatures.read(problem, start)
            walls = finder.walls(columns)
            for index in range(len(walls)):
                facet = finder.facet(columns, walls, index)
                if facet is None or signatures.write(facet.beyond) != end:
                    continue
                sides = [
                    sheet.lift([p + t * n for p, n in zip(facet.point, facet.normal, strict=True)])
                    for t in (mpq(1, 10**6), mpq(0), mpq(-1, 10**6))
                ]
                inside, wall, outside = (signatures.write(signatures.of_point(problem, side)) for side in sides)
                assert (inside, outside) == (start, end)
                assert all(w == a if a == b else w == "0" for a, b, w in zip(start, end, wall, strict=True))
                return
    raise AssertionError(f"no facet between {first} and {second}")


ADJACENT = {
    name: ONE_HIDDEN_LAYER[name]
    for name in (
        "hinge, K=1, N=3", "hinge, no biases", "hinge, no hidden bias", "hinge, zero data point",
        "hinge, repeated data, other label", "hinge, parallel data, no bias", "hinge, activated output, relu",
        "hinge, activated output, no bias", "squared, activated output, no bias", "squared, activated output, leaky",
        "squared, plane", "squared, zero and opposite data",
    )
}  # fmt: skip


@pytest.mark.parametrize("name", ADJACENT)
def test_random_segments_cross_exactly_the_edges(name: str) -> None:
    problem = ADJACENT[name]
    cells = problem.cells()
    assert_edges_are_the_crossings(
        cells, lambda p: signatures.write(signatures.of_point(problem, p)), rounds=min(400, 8 * len(cells))
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["hinge, K=2, N=2", "hinge, K=2, N=2, leaky", "hinge, plane", "hinge, linear", "squared, K=2, N=3"]
)
def test_random_segments_cross_exactly_the_edges_of_larger_problems(name: str) -> None:
    problem = ONE_HIDDEN_LAYER[name]
    assert_edges_are_the_crossings(
        problem.cells(), lambda p: signatures.write(signatures.of_point(problem, p)), rounds=1000
    )


@pytest.mark.parametrize("seed", [0, 1, pytest.param(2, marks=pytest.mark.slow)])
def test_random_segments_cross_exactly_the_edges_of_a_layer_space(seed: int) -> None:
    problem = deep(seed, "hinge", (2, 2, 1, 1), 2, slopes=[(1, 0), (1, "1/2"), (2, 1)][seed])
    cells = problem.cells(layer=1, at="a")

    def sign_at(point: Sequence[Any]) -> str:
        frozen = problem.network.offsets[1]
        return signatures.write(signatures.of_point(problem, [*point[:frozen], *problem.point("a")[frozen:]]))

    assert_edges_are_the_crossings(cells, sign_at, rounds=60)


@pytest.mark.parametrize("seed", range(3))
def test_random_segments_cross_exactly_the_edges_of_the_linear_regions(seed: int) -> None:
    problem = deep(seed, "squared", (2, 3, 2, 1), 1, slopes=[(1, 0), (1, "1/2"), (2, 1)][seed])
    cells = problem.cells(space="input", at="a")

    def sign_at(x: Sequence[Any]) -> str:
        hidden = problem.network.preactivations(problem.point("a"), x)[:-1]
        return ",".join("".join(letter(Fraction(str(v))) for v in group) for group in hidden)

    assert_edges_are_the_crossings(cells, sign_at, rounds=100)


@pytest.mark.parametrize("name", ["hinge, K=1, N=3", "squared, activated output", "squared, zero and opposite data"])
def test_an_edge_names_the_letters_in_which_its_cells_differ(name: str) -> None:
    cells = ONE_HIDDEN_LAYER[name].cells()
    for i, j, units in cells.edges():
        first, second = (cells[k].signature.replace(",", "").replace(";", "") for k in (i, j))
        assert [p for p, (s, t) in enumerate(zip(first, second, strict=True)) if s != t] == sorted(units)
        assert i < j
    graph = cells.graph()
    assert graph.number_of_nodes() == len(cells)
    assert [graph.nodes[k]["signature"] for k in range(len(cells))] == names(cells)
    assert {(i, j): tuple(u) for i, j, u in cells.edges()} == {
        tuple(sorted(e)): tuple(u) for *e, u in graph.edges(data="units")
    }


def test_repeated_data_switch_together_on_an_edge() -> None:
    problem = problem_of([1, 1, 1], ["1", "1", "2"], bias=False, y=["0", "1", "2"])
    assert [(i, j, tuple(units)) for i, j, units in problem.cells().edges()] == [(0, 1, (0, 1, 2))]


# ---------------------------------------------------------------- counts


@pytest.mark.parametrize(("count", "dimension", "neurons"), [(3, 1, 1), (3, 1, 3), (3, 2, 2), (4, 2, 1), (2, 3, 2)])
def test_squared_cells_are_the_product_of_covers_count(count: int, dimension: int, neurons: int) -> None:
    """Cover 1965: N points in general position in R^d are cut by affine hyperplanes in 2 sum_k C(N-1, k) ways."""
    rng = random.Random(count)
    x = [[str(rng.randint(-50, 50)) for _ in range(dimension)] for _ in range(count)]
    cells = problem_of([dimension, neurons, 1], x).cells()
    assert len(cells) == (2 * sum(comb(count - 1, k) for k in range(dimension + 1))) ** neurons


def test_a_repeated_data_point_with_the_same_label_adds_no_cell() -> None:
    for kind in ("hinge", "squared"):
        once = problem_of([1, 2, 1], ["1", "-2"], kind).cells()
        twice = problem_of([1, 2, 1], ["1", "-2", "-2"], kind, y=[1, -1, -1]).cells()
        assert sorted(names(twice)) == sorted(f"{s};{s.split(';')[1]}" for s in names(once))
        assert len(list(once.edges())) == len(list(twice.edges()))


def test_permuting_the_data_permutes_the_letters() -> None:
    x, y = ["1", "-2", "1/2"], [1, -1, 1]
    cells = problem_of([1, 1, 1], x, "hinge", y=y).cells()
    for order in ((1, 0, 2), (2, 1, 0), (1, 2, 0)):
        other = problem_of([1, 1, 1], [x[i] for i in order], "hinge", y=[y[i] for i in order]).cells()
        assert sorted(names(other)) == sorted(";".join(s.split(";")[i] for i in order) for s in names(cells))
        assert len(list(other.edges())) == len(list(cells.edges()))


@pytest.mark.parametrize("kind", ["hinge", "squared"])
def test_relabelling_the_neurons_maps_cells_to_cells(kind: str) -> None:
    cells = problem_of([1, 2, 1], ["1", "-2"], kind).cells()

    def swapped(signature: str) -> str:
        return ";".join(f"{c[1]}{c[0]}{c[2:]}" for c in signature.split(";"))

    assert {swapped(s) for s in names(cells)} == set(names(cells))
    edges = {frozenset((names(cells)[i], names(cells)[j])) for i, j, _ in cells.edges()}
    assert {frozenset(map(swapped, pair)) for pair in edges} == edges


def test_scaling_a_data_row_without_bias_changes_no_cell_of_the_squared_loss() -> None:
    x = [["1", "2"], ["3", "-1"], ["0", "1"]]
    scaled = [["1/3", "2/3"], ["21", "-7"], ["0", "5"]]
    first, second = (problem_of([2, 2, 1], rows, bias=False).cells() for rows in (x, scaled))
    assert names(first) == names(second)
    assert list(first.edges()) == list(second.edges())


def test_opposite_data_without_bias_have_opposite_letters() -> None:
    for signature in names(problem_of([2, 2, 1], [["1", "2"], ["-1", "-2"]], bias=False).cells()):
        first, second = signature.split(";")
        assert all({s, t} == {"+", "-"} for s, t in zip(first, second, strict=True))


def test_flipping_label_and_output_weights_maps_hinge_cells_to_hinge_cells() -> None:
    first = problem_of([1, 2, 1], ["1", "-2"], "hinge", y=[1, -1]).cells()
    second = problem_of([1, 2, 1], ["1", "-2"], "hinge", y=[-1, 1]).cells()
    assert names(first) == names(second)


def test_cells_are_a_sequence_in_the_order_of_their_signatures() -> None:
    cells = problem_of([1, 1, 1], ["1", "-2"], "hinge").cells()
    assert names(cells) == sorted(names(cells), key=lambda s: s.translate(str.maketrans("+-0", "abc")))
    assert cells[-1].signature == names(cells)[-1]
    assert [c.signature for c in cells[1:3]] == names(cells)[1:3]
    with pytest.raises(IndexError):
        cells[len(cells)]


def test_product_cells_are_in_order_neuron_by_neuron() -> None:
    cells = problem_of([1, 2, 1], ["1", "-2"]).cells()
    by_neuron = [tuple("".join(column[k] for column in name.split(";")) for k in range(2)) for name in names(cells)]
    assert by_neuron == sorted(by_neuron, key=lambda pair: [s.translate(str.maketrans("+-", "ab")) for s in pair])


def test_a_product_cell_has_its_signature_at_any_index() -> None:
    problem = problem_of([2, 8, 1], [["1", "0"], ["0", "1"], ["1", "1"], ["3", "-1"]])
    cells, oracle = problem.cells(), Oracle(problem)
    assert len(cells) == 14**8
    for index in (0, 12345678, 14**8 - 1):
        assert oracle.signature(cells[index].witness) == cells[index].signature


def test_products_of_more_than_2_to_the_63_cells_can_be_counted() -> None:
    assert "14" in repr(problem_of([2, 30, 1], [["1", "0"], ["0", "1"], ["1", "1"], ["2", "-1"]]).cells())


def test_flat_cells_are_those_with_a_constant_loss() -> None:
    problem = problem_of([1, 1, 1], ["1", "-2"], "hinge")
    for cell in problem.cells():
        assert cell.is_flat == problem.form(cell.signature).polynomial.is_constant
    assert any(cell.is_flat for cell in problem.cells())


def test_structured_layers_give_the_chambers_of_their_own_parameters() -> None:
    """One filter of length 2 sliding over (1, 0, 0) and (0, 1, 1): the normals (1,0), (0,0), (0,1), (1,1)."""
    network = Network((Layer.conv1d(3, 2, channels=1, kernel=2, bias=False), Layer.dense(2, 1)))
    cells = Problem(network, [[1, 0, 0], [0, 1, 1]], ["0", "1"], Loss("squared")).cells()
    assert names(cells) == ["+0;++", "+0;+-", "+0;-+", "+0;--", "-0;++", "-0;-+", "-0;--"] or len(cells) == 6
    assert cells.complete
    oracle = Oracle(Problem(network, [[1, 0, 0], [0, 1, 1]], ["0", "1"], Loss("squared")))
    seen = set()
    for a, b in product(range(-3, 4), repeat=2):
        signature = oracle.signature([Fraction(a), Fraction(b), 1, 1, 0])
        if signature.count("0") == 1:
            seen.add(signature)
    assert set(names(cells)) == seen


def test_without_hidden_layer_the_hinge_kinks_are_the_boundaries() -> None:
    cells = Problem(Network.dense([2, 1]), [[1, 0], [0, 1], [1, 1]], [1, -1, 1], Loss("hinge")).cells()
    assert len(cells) == 8  # three affine hyperplanes with independent normals
    assert len(list(cells.edges())) == 12  # the cube
    smooth = Problem(Network.dense([1, 1]), [[1], [2]], ["0", "1"], Loss("squared")).cells()
    assert names(smooth) == [";"]


# ---------------------------------------------------------------- zero units


def test_a_zero_data_point_without_bias_makes_no_cell_vanish() -> None:
    with_zero = problem_of([1, 2, 1], ["0", "1"], "hinge", (1, 0), [False, True])
    listed = names(with_zero.cells())
    assert all(s.startswith("00,") for s in listed)
    assert len(listed) == 15  # of the 16 sign vectors only 00,-;--,- cannot be: both outputs would be c


def test_a_dead_layer_below_a_layer_without_bias_makes_no_cell_vanish() -> None:
    problem = shipped("bias-free-two-hidden-layers")
    found = names(problem.cells(at="start"))
    assert "-,0,+" in {c for s in found for c in s.split(";")}
    layer = problem.cells(layer=2, at="dead")
    assert names(layer) == ["+,+,+;-,0,+", "+,+,-;-,0,+", "+,-,+;-,0,+"]
    assert_space_is_complete(problem, "start", 1)
    assert_space_is_complete(problem, "dead", 2)
    assert_space_is_complete(problem, "dead", 3)


# ---------------------------------------------------------------- exploration


def assert_explored(problem: Problem, cells: Cells) -> None:
    """Witnesses have their signatures, zeros vanish identically, edges are crossed at an explicit point."""
    oracle = Oracle(problem)
    assert not cells.complete
    assert len(set(names(cells))) == len(cells)
    for cell in cells:
        assert oracle.signature(cell.witness) == cell.signature
        assert problem.forms.is_open(cell.columns)
    rng = random.Random(1)
    listed = set(names(cells))
    for i, j, units in cells.edges():
        first, second = cells[i].signature, cells[j].signature
        assert len(units) == sum(s != t for s, t in zip(first, second, strict=True))

    def sign_at(point: Sequence[Any]) -> str:
        return signatures.write(signatures.of_point(problem, point))

    pairs = {frozenset((cells[i].signature, cells[j].signature)): (i, j) for i, j, _ in cells.edges()}
    pending, seen = set(pairs), set()
    for _ in range(60):
        for pair in sorted(pending, key=sorted):
            i, j = pairs[pair]
            ends = [[v + mpq(rng.randint(-(10**9), 10**9), 10**10 + 19) for v in cells[k].witness] for k in (i, j)]
            seen |= crossings(sign_at, listed, ends[0], ends[1], rng)
        pending -= seen
        if not pending:
            break
    assert len(pending) <= len(pairs) // 5, f"{len(pending)} of {len(pairs)} edges were never crossed"


@pytest.mark.parametrize("kind", ["squared", "hinge", "multiclass-hinge", "one-vs-all-hinge"])
def test_an_explored_cell_has_its_signature_and_an_explored_edge_is_crossed(kind: str) -> None:
    problem = deep(1, kind, (1, 2, 1, 1), 2, slopes=(1, "1/2"))
    assert_explored(problem, problem.cells(limit=14))


def test_an_exploration_without_biases_keeps_the_dead_cells() -> None:
    problem = deep(2, "hinge", (1, 2, 1, 1), 2, slopes=(1, 0), bias=False)
    cells = problem.cells(limit=20)
    assert_explored(problem, cells)
    assert any(",0," in s for s in names(cells))


def test_an_exploration_is_deterministic_and_keeps_to_its_limit() -> None:
    problem = deep(3, "squared", (2, 2, 2, 1), 3, slopes=(1, 0))
    first, second = problem.cells(limit=20), problem.cells(limit=20)
    assert names(first) == names(second)
    assert [c.witness for c in first] == [c.witness for c in second]
    assert list(first.edges()) == list(second.edges())
    assert len(first) == 20
    assert set(names(problem.cells(limit=5))) <= set(names(first))


def test_an_exploration_of_one_hidden_layer_finds_only_cells_that_are_listed() -> None:
    from exactrelu.exploration import ExploredCells

    problem = problem_of([1, 2, 1], ["1", "-2"], "hinge", (1, "1/2"))
    start = tuple(mpq(v) for v in random_point(random.Random(5), problem))
    explored, listed = ExploredCells(problem, start), problem.cells()
    assert set(names(explored)) <= set(names(listed))
    edges = {frozenset((names(listed)[i], names(listed)[j])) for i, j, _ in listed.edges()}
    assert {frozenset((names(explored)[i], names(explored)[j])) for i, j, _ in explored.edges()} <= edges
    assert len(explored) >= len(listed) // 2


def test_an_exploration_may_start_on_a_boundary() -> None:
    network = Network.dense([1, 1, 1, 1], (1, "1/2"))
    zero = Problem(network, [[1]], ["1"], Loss("squared"), {"origin": [mpq(0)] * 6})
    cells = zero.cells()
    assert len(cells) >= 1
    assert_explored(zero, cells)


def test_an_exploration_may_start_at_zero_biases() -> None:
    """Behind the wall of the dead first layer the second one has the value b2 = 0 there, but not identically."""
    point = {"W1": [[1]], "b1": [0], "W2": [[1]], "b2": [0], "W3": [[1]], "b3": [0]}
    problem = problem_of([1, 1, 1, 1], ["1", "2"], "hinge", points={"a": point})
    assert_explored(problem, problem.cells(limit=16))


def test_an_exploration_from_zero_biases_lists_open_cells_only() -> None:
    point = {"W1": [[1]], "b1": [1], "W2": [[1]], "b2": [0], "W3": [[1]], "b3": [1]}
    problem = problem_of([1, 1, 1, 1], ["1"], points={"a": point})
    cells = problem.cells(limit=4)
    for cell in cells:
        assert problem.forms.is_open(cell.columns)


def test_a_cell_that_was_not_found_by_exploring_is_an_open_question() -> None:
    problem = deep(1, "hinge", (1, 1, 1, 1), 1)
    with pytest.raises(Unsupported):
        problem.cell("+,-,-", limit=1)


# ---------------------------------------------------------------- budget and bad questions


def test_a_budget_ends_the_enumeration_with_what_was_found() -> None:
    problem = problem_of([1, 2, 1], ["1", "-2"], "hinge")
    steps = 0

    def tick() -> None:
        nonlocal steps
        steps += 1
        if steps > 40:
            raise BudgetExceeded("enough")

    cells = problem.cells(tick=tick)
    assert not cells.complete
    assert 0 < len(cells) < 63
    assert set(names(cells)) < set(names(problem.cells()))
    everything = problem.cells()
    edges = {frozenset((names(everything)[i], names(everything)[j])) for i, j, _ in everything.edges()}
    assert {frozenset((names(cells)[i], names(cells)[j])) for i, j, _ in cells.edges()} <= edges


def test_a_budget_of_zero_seconds_raises_where_nothing_can_be_said() -> None:
    with pytest.raises(BudgetExceeded):
        problem_of([1, 2, 1], ["1", "-2"]).cells(tick=Budget(0))


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({"layer": 0, "at": "a"}, "layer"),
        ({"layer": 3, "at": "a"}, "layer"),
        ({"layer": 1}, "at"),
        ({"space": "input"}, "at"),
        ({"layer": 1, "at": "b"}, "points"),
        ({"space": "outer", "at": "a"}, "space"),
    ],
)
def test_a_space_that_does_not_exist_is_refused(options: dict[str, Any], where: str) -> None:
    problem = problem_of([1, 1, 1], ["1"], points={"a": [mpq(1)] * 4})
    with pytest.raises(MalformedInput) as error:
        problem.cells(**options)
    assert error.value.where == where


def test_the_cell_of_a_point_on_a_boundary_is_refused_with_the_unit() -> None:
    problem = problem_of([1, 1, 1], ["1"], points={"kink": [mpq(1), mpq(-1), mpq(1), mpq(0)]})
    with pytest.raises(Unsupported, match="unit 1 of layer 1 at data point 1"):
        problem.cell_at("kink")


def test_all_pairs_of_cells_that_differ_in_one_hinge_kink_are_adjacent() -> None:
    """On one hidden pattern and sheet the cells are cut by hyperplanes: a single differing kink is a common facet.

    (Across sheets this needs the cells to be connected, which holds here because the list of edges says so.)
    """
    cells = problem_of([1, 1, 1], ["1", "-2"], "hinge", (1, "1/2")).cells()
    edges = {(i, j) for i, j, _ in cells.edges()}
    for (i, first), (j, second) in combinations(enumerate(names(cells)), 2):
        letters = [p for p, (s, t) in enumerate(zip(first, second, strict=True)) if s != t]
        if letters in ([2], [6]):
            assert (i, j) in edges


def test_no_internal_contradiction_is_hidden_in_the_public_errors() -> None:
    assert not issubclass(InternalContradiction, (MalformedInput, Unsupported))
