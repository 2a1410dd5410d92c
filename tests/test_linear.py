"""Exact linear algebra: the defining equations of every answer; agreement with numpy where that is safe."""

from __future__ import annotations

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exactrelu.errors import InexactError, MalformedInput
from exactrelu.linear import (
    Congruence,
    Direction,
    Inconsistent,
    Inertia,
    Solution,
    certify_positive_definite,
    certify_positive_semidefinite,
    determinant,
    diagonalise,
    inertia,
    inverse,
    kernel,
    pseudo_inverse,
    rank,
    solve,
)

fifty = settings(max_examples=50)
numbers = st.one_of(st.integers(-3, 3), st.fractions(min_value=-3, max_value=3, max_denominator=5))


def matrices(rows, columns):
    return st.tuples(*[st.tuples(*[numbers.map(mpq)] * columns)] * rows)


@st.composite
def any_matrix(draw, least=1):
    """A matrix of some shape, often of small rank."""
    m, n, r = (draw(st.integers(least, 4)) for _ in range(3))
    return times(draw(matrices(m, r)), draw(matrices(r, n)), n) if draw(st.booleans()) else draw(matrices(m, n))


@st.composite
def symmetric(draw):
    n = draw(st.integers(0, 4))
    a = draw(matrices(n, n))
    if draw(st.booleans()):  # indefinite with a zero diagonal
        return tuple(tuple(a[i][j] + a[j][i] if i != j else mpq(0) for j in range(n)) for i in range(n))
    return tuple(tuple(a[i][j] + a[j][i] for j in range(n)) for i in range(n))


def times(a, b, columns=None):
    n = len(b[0]) if b else (columns or 0)
    return tuple(tuple(sum((x * b[k][j] for k, x in enumerate(row)), mpq(0)) for j in range(n)) for row in a)


def transpose(a, columns=None):
    return tuple(zip(*a, strict=True)) if a else ((),) * (columns or 0)


def form(a, x):
    return times(times((x,), a), transpose((x,)))[0][0]


@fifty
@given(any_matrix())
def test_the_kernel_is_annihilated_and_rank_and_nullity_add_up(a):
    basis = kernel(a)
    assert rank(a) + len(basis) == len(a[0])
    assert rank(basis) == len(basis) if basis else True
    for x in basis:
        assert all(entry == 0 for (entry,) in times(a, transpose((x,))))


@fifty
@given(any_matrix())
def test_rank_is_that_of_the_transpose(a):
    assert rank(a) == rank(transpose(a))


@fifty
@given(any_matrix(), st.data())
def test_a_linear_system_is_solved_or_refuted(a, data):
    b = data.draw(st.tuples(*[numbers.map(mpq)] * len(a)))
    answer = solve(a, b)
    if isinstance(answer, Solution):
        assert times(a, transpose((answer.point,))) == transpose((b,))
    else:
        assert isinstance(answer, Inconsistent)
        assert all(entry == 0 for entry in times((answer.multipliers,), a)[0])
        assert sum(y * x for y, x in zip(answer.multipliers, b, strict=True)) == answer.value != 0


@fifty
@given(any_matrix(), st.data())
def test_a_right_side_in_the_column_space_is_always_solved(a, data):
    x = data.draw(st.tuples(*[numbers.map(mpq)] * len(a[0])))
    b = tuple(entry for (entry,) in times(a, transpose((x,))))
    assert isinstance(solve(a, b), Solution)


@fifty
@given(any_matrix())
def test_the_pseudo_inverse_satisfies_the_four_conditions_of_penrose(a):
    x = pseudo_inverse(a)
    ax, xa = times(a, x), times(x, a)
    assert times(ax, a) == a
    assert times(xa, x) == x
    assert ax == transpose(ax)
    assert xa == transpose(xa)


@fifty
@given(any_matrix())
def test_the_pseudo_inverse_is_an_involution_and_commutes_with_transposition(a):
    x = pseudo_inverse(a)
    assert pseudo_inverse(x) == a
    assert pseudo_inverse(transpose(a)) == transpose(x)


@fifty
@given(st.integers(0, 4).flatmap(lambda n: matrices(n, n)))
def test_a_matrix_has_an_inverse_iff_its_determinant_is_not_zero(a):
    n = len(a)
    if determinant(a) == 0:
        with pytest.raises(MalformedInput, match="singular"):
            inverse(a)
    else:
        assert times(inverse(a), a) == tuple(tuple(mpq(i == j) for j in range(n)) for i in range(n))


@fifty
@given(symmetric(), st.data())
def test_inertia_does_not_change_under_congruence(a, data):
    # Sylvester's law of inertia
    n = len(a)
    t = data.draw(matrices(n, n).filter(lambda t: determinant(t) != 0))
    assert inertia(times(times(t, a), transpose(t))) == inertia(a)


@fifty
@given(symmetric())
def test_a_congruence_is_diagonal_and_invertible(a):
    c = diagonalise(a)
    n = len(a)
    assert times(times(c.transform, a), transpose(c.transform)) == tuple(
        tuple(c.diagonal[i] if i == j else mpq(0) for j in range(n)) for i in range(n)
    )
    assert determinant(c.transform) != 0


@fifty
@given(symmetric())
def test_inertia_agrees_with_the_eigenvalues_of_numpy(a):
    numpy = pytest.importorskip("numpy")
    if not a:
        return
    eigenvalues = numpy.linalg.eigvalsh([[float(x) for x in row] for row in a])
    found = inertia(a)
    tolerance = 1e-9
    assert (eigenvalues > tolerance).sum() <= found.positive <= (eigenvalues > -tolerance).sum()
    assert (eigenvalues < -tolerance).sum() <= found.negative <= (eigenvalues < tolerance).sum()
    assert found.zero == len(a) - rank(a)


@fifty
@given(symmetric())
def test_definiteness_comes_with_a_congruence_or_with_a_direction_that_refutes_it(a):
    for certify, good in (
        (certify_positive_definite, lambda d: d > 0),
        (certify_positive_semidefinite, lambda d: d >= 0),
    ):
        answer = certify(a)
        if isinstance(answer, Congruence):
            assert all(map(good, answer.diagonal))
        else:
            assert isinstance(answer, Direction)
            assert any(answer.vector)
            assert form(a, answer.vector) == answer.value
            assert not good(answer.value)


@fifty
@given(any_matrix())
def test_gram_matrices_are_semidefinite_and_definite_iff_the_rows_are_independent(a):
    gram = times(a, transpose(a))
    assert isinstance(certify_positive_semidefinite(gram), Congruence)
    assert isinstance(certify_positive_definite(gram), Congruence) == (rank(a) == len(a))


def test_the_hilbert_matrix_of_order_eight_is_positive_definite():
    # its least eigenvalue is about 1e-10, its determinant 1/365356847125734485878112256000000 (OEIS A005249)
    hilbert = tuple(tuple(mpq(1, i + j + 1) for j in range(8)) for i in range(8))
    assert inertia(hilbert) == Inertia(8, 0, 0)
    assert determinant(hilbert) == mpq(1, 365356847125734485878112256000000)


def test_the_hyperbolic_plane_has_signature_one_one():
    assert inertia(((0, 1), (1, 0))) == Inertia(1, 1, 0)


def test_empty_matrices_have_empty_answers():
    assert rank(()) == rank(((), ())) == 0
    assert kernel(()) == kernel(((), ())) == ()
    assert kernel((), columns=2) == ((1, 0), (0, 1))
    assert solve((), (), columns=2) == Solution((mpq(0), mpq(0)))
    assert solve(((), ()), (0, 0)) == Solution(())
    assert isinstance(solve(((), ()), (0, 1)), Inconsistent)
    assert pseudo_inverse(()) == pseudo_inverse(((), ())) == ()
    assert pseudo_inverse((), columns=2) == ((), ())
    assert determinant(()) == 1
    assert inverse(()) == ()
    assert diagonalise(()) == Congruence((), ())
    assert inertia(()) == Inertia(0, 0, 0)
    assert certify_positive_definite(()) == Congruence((), ())


def test_malformed_input_is_refused_by_name():
    with pytest.raises(InexactError):
        rank(((0.5,),))
    with pytest.raises(MalformedInput, match=r"matrix\[1\]: found 1 entries, needed 2"):
        rank(((1, 2), (3,)))
    with pytest.raises(MalformedInput, match="square"):
        determinant(((1, 2),))
    with pytest.raises(MalformedInput, match=r"matrix\[1\]\[0\]: found 3, needed 2"):
        inertia(((1, 2), (3, 4)))
    with pytest.raises(MalformedInput, match="b: found 1 entries, needed 2"):
        solve(((1,), (1,)), (1,))
    with pytest.raises(MalformedInput, match="needed 3, as said"):
        kernel(((1, 2),), columns=3)
