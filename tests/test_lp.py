"""Linear programs: known examples, verified answers, agreement with methods that share nothing with them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exactrelu import linear
from exactrelu.errors import InexactError, MalformedInput, Unsupported
from exactrelu.lp import (
    Constraint,
    Feasible,
    Infeasible,
    Optimum,
    Unbounded,
    dual_fault,
    feasible,
    maximise,
    minimise,
    point_fault,
    ray_fault,
    refutation_fault,
)
from exactrelu.rounding import satisfies, short_point, shortest_between
from exactrelu.simplex import Simplex

small = st.integers(-3, 3)
numbers = st.one_of(small, st.fractions(min_value=-3, max_value=3, max_denominator=4))


@st.composite
def systems(draw, relations=("<", "<=", "==", ">=", ">"), rows=6, variables=3, entries=numbers):
    n = draw(st.integers(0, variables))
    row = st.tuples(st.tuples(*[entries] * n), st.sampled_from(relations), entries)
    return n, [Constraint(*parts) for parts in draw(st.lists(row, max_size=rows))]


def nonnegative(n):
    return [Constraint([int(i == j) for j in range(n)], ">=", 0) for i in range(n)]


# ------------------------------------------------------------ oracles


def fourier_motzkin(n, constraints):
    """Is the system feasible? Variable by variable, in `fractions`, with strictness; nothing else."""
    rows = []
    for c in constraints:
        a, b = [Fraction(int(x.numerator), int(x.denominator)) for x in (*c.coefficients, c.bound)], None
        a, b = a[:-1], a[-1]
        if "<" in c.relation or c.relation == "==":
            rows.append((a, b, c.relation == "<"))
        if ">" in c.relation or c.relation == "==":
            rows.append(([-x for x in a], -b, c.relation == ">"))
    for j in range(n):
        above, below, rest = [], [], set()
        for a, b, strict in rows:
            if a[j] == 0:
                rest.add((tuple(a), b, strict))
            else:
                scaled = ([x / abs(a[j]) for x in a], b / abs(a[j]), strict)
                (above if a[j] > 0 else below).append(scaled)
        for a, b, s in above:
            for c, d, t in below:
                rest.add((tuple(x + y for x, y in zip(a, c, strict=True)), b + d, s or t))
        rows = [(list(a), b, strict) for a, b, strict in rest]
    return all(b > 0 or (b == 0 and not strict) for _, b, strict in rows)


def best_vertex(objective, constraints):
    """The largest objective value over the vertices of a pointed polyhedron, by brute force."""
    n, best = len(objective), None
    for chosen in combinations(constraints, n):
        matrix = tuple(c.coefficients for c in chosen)
        if linear.rank(matrix) < n:
            continue
        point = linear.solve(matrix, tuple(c.bound for c in chosen)).point
        if point_fault(point, constraints) is None:
            value = sum((a * x for a, x in zip(objective, point, strict=True)), mpq(0))
            best = value if best is None else max(best, value)
    return best


# ------------------------------------------------------------ feasibility


@settings(max_examples=250)
@given(systems())
def test_feasibility_agrees_with_fourier_motzkin_elimination(system):
    n, constraints = system
    answer = feasible(constraints, n)
    assert isinstance(answer, Feasible) == fourier_motzkin(n, constraints)
    if isinstance(answer, Feasible):
        assert point_fault(answer.point, constraints) is None
    else:
        assert refutation_fault(answer.multipliers, constraints, n) is None


@given(systems(), st.randoms(use_true_random=False))
def test_rescaling_and_reordering_rows_does_not_change_the_verdict(system, random):
    n, constraints = system
    flip = {"<": ">", "<=": ">=", "==": "==", ">=": "<=", ">": "<"}
    changed = []
    for c in constraints:
        factor = mpq(random.choice([-3, -1, 1, 2]), random.choice([1, 2, 5]))
        relation = c.relation if factor > 0 else flip[c.relation]
        changed.append(Constraint([factor * a for a in c.coefficients], relation, factor * c.bound))
    random.shuffle(changed)
    assert type(feasible(changed, n)) is type(feasible(constraints, n))


@pytest.mark.parametrize("n", [0, 1, 3])
def test_no_constraints_leave_the_origin_feasible(n):
    assert feasible([], n) == Feasible((mpq(0),) * n)


@pytest.mark.parametrize(
    "relation, bound, holds", [("<", 0, False), ("<=", 0, True), ("==", 1, False), (">", -1, True)]
)
@pytest.mark.parametrize("n", [0, 2])
def test_a_zero_row_is_decided_by_its_bound(n, relation, bound, holds):
    answer = feasible([Constraint((0,) * n, relation, bound)], n)
    assert answer == Feasible((mpq(0),) * n) if holds else isinstance(answer, Infeasible)


def test_contradictory_equations_get_multipliers_of_both_signs():
    system = [Constraint((1, 1), "==", 1), Constraint((2, 2), "==", 3)]
    answer = feasible(system, 2)
    assert isinstance(answer, Infeasible)
    assert answer.multipliers[0] * answer.multipliers[1] < 0


def test_equations_alone_are_solved_exactly():
    answer = feasible([Constraint((3, 0), "==", 1), Constraint((1, 7), "==", 2)], 2)
    assert answer == Feasible((mpq(1, 3), mpq(5, 21)))


def test_an_empty_open_interval_is_refuted_by_strictness_alone():
    system = [Constraint((1,), "<", 1), Constraint((2,), ">=", 2)]
    assert feasible(system, 1) == Infeasible((mpq(1), mpq(1, 2)))


def test_redundant_constraints_get_multiplier_zero():
    system = [Constraint((1,), "<=", 5), Constraint((1,), "<=", 1), Constraint((1,), ">", 1)]
    assert feasible(system, 1) == Infeasible((mpq(0), mpq(1), mpq(1)))


def test_a_thin_open_sliver_is_found():
    tiny = mpq(1, 10**30)
    system = [Constraint((1, 0), ">", 1), Constraint((1, 0), "<", 1 + tiny), Constraint((1, -1), "==", 0)]
    answer = feasible(system, 2)
    assert isinstance(answer, Feasible)
    assert 1 < answer.point[0] < 1 + tiny


def test_a_system_refuted_by_a_chain_of_all_its_rows():
    n = 12  # x_1 > x_2 > .. > x_n > x_1
    system = [Constraint([(j == i) - (j == (i + 1) % n) for j in range(n)], ">", 0) for i in range(n)]
    assert feasible(system, n) == Infeasible((mpq(1),) * n)


def test_floats_and_wrong_lengths_are_refused_by_name():
    with pytest.raises(InexactError):
        Constraint((0.5,), "<", 1)
    with pytest.raises(InexactError):
        Simplex(1).form((1.0,))
    with pytest.raises(MalformedInput, match=r"constraints\[1\]: found 2 coefficients, needed 1"):
        feasible([Constraint((1,), "<", 1), Constraint((1, 1), "<", 1)], 1)
    with pytest.raises(MalformedInput):
        Simplex(-1)


# ------------------------------------------------------------ optimisation


def test_beales_example_does_not_cycle():
    # E. M. L. Beale, Cycling in the dual simplex algorithm, Naval Research Logistics Quarterly 2 (1955);
    # in the form of Chvatal, Linear Programming (1983), and many since: maximum 1/20.
    system = [
        Constraint(("1/4", -60, "-1/25", 9), "<=", 0),
        Constraint(("1/2", -90, "-1/50", 3), "<=", 0),
        Constraint((0, 0, 1, 0), "<=", 1),
        *nonnegative(4),
    ]
    answer = maximise(("3/4", -150, "1/50", -6), system)
    assert isinstance(answer, Optimum)
    assert answer.value == mpq(1, 20)
    assert answer.point == (mpq(1, 25), 0, 1, 0)


def test_kuhns_example_does_not_cycle():
    # H. W. Kuhn's cycling example, after Balinski and Tucker, SIAM Review 11 (1969): minimum -2.
    system = [
        Constraint((-2, -9, 1, 9), "<=", 0),
        Constraint(("1/3", 1, "-1/3", -2), "<=", 0),
        Constraint((2, 3, -1, -12), "<=", 2),
        *nonnegative(4),
    ]
    answer = minimise((-2, -3, 1, 12), system)
    assert isinstance(answer, Optimum)
    assert answer.value == -2


@pytest.mark.parametrize("n", range(1, 9))
def test_klee_minty_cubes_have_their_optimum_at_the_last_vertex(n):
    # V. Klee and G. J. Minty, How good is the simplex algorithm? (1972): x_n <= 5^n, value 5^n.
    rows = [
        Constraint([2 ** (i - j + 1) if j < i else int(i == j) for j in range(n)], "<=", 5 ** (i + 1)) for i in range(n)
    ]
    answer = maximise([2 ** (n - 1 - j) for j in range(n)], [*rows, *nonnegative(n)])
    assert isinstance(answer, Optimum)
    assert answer.value == 5**n
    assert answer.point == (*[mpq(0)] * (n - 1), mpq(5**n))


@settings(max_examples=200)
@given(systems(relations=("<=", "==", ">=")), st.data())
def test_every_optimum_is_proved_by_its_dual_and_every_ray_is_a_ray(system, data):
    n, constraints = system
    objective = data.draw(st.tuples(*[small] * n))
    answer = maximise(objective, constraints)
    assert isinstance(answer, Infeasible) != fourier_motzkin(n, constraints)
    if isinstance(answer, Optimum):
        assert point_fault(answer.point, constraints) is None
        assert dual_fault(answer.dual, tuple(map(mpq, objective)), answer.value, constraints) is None
    elif isinstance(answer, Unbounded):
        assert ray_fault(answer.ray, tuple(map(mpq, objective)), constraints) is None
        higher = [*constraints, Constraint(objective, ">=", 1000)]
        assert fourier_motzkin(n, higher)


@given(
    st.lists(st.tuples(st.tuples(small, small, small), st.integers(0, 4)), max_size=4),
    st.tuples(small, small, small),
)
def test_the_optimum_over_a_box_with_cuts_is_that_of_the_best_vertex(cuts, objective):
    box = [Constraint([int(i == j) for j in range(3)], r, b) for i in range(3) for r, b in (("<=", 2), (">=", -1))]
    constraints = [*box, *(Constraint(a, "<=", b) for a, b in cuts)]
    answer = maximise(objective, constraints)
    assert isinstance(answer, Optimum)
    assert answer.value == best_vertex(objective, constraints)


def test_strict_constraints_are_refused_in_optimisation():
    with pytest.raises(Unsupported, match=r"constraints\[0\] is strict"):
        maximise((1,), [Constraint((1,), "<", 1)])


def test_programs_without_variables_have_value_zero():
    assert maximise((), []) == Optimum(mpq(0), (), ())
    assert isinstance(maximise((), [Constraint((), ">=", 1)]), Infeasible)


def test_a_zero_objective_has_value_zero_where_feasible():
    assert maximise((0,), [Constraint((1,), ">=", 3)]) == Optimum(mpq(0), (mpq(3),), (mpq(0),))


def test_optimum_agrees_with_highs():
    optimize = pytest.importorskip("scipy.optimize")
    import random

    rng = random.Random(1)
    for _ in range(40):
        n, m = rng.randint(1, 5), rng.randint(1, 8)
        rows = [[rng.randint(-4, 4) for _ in range(n)] for _ in range(m)]
        bounds = [rng.randint(-2, 6) for _ in range(m)]
        objective = [rng.randint(-4, 4) for _ in range(n)]
        answer = maximise(objective, [Constraint(a, "<=", b) for a, b in zip(rows, bounds, strict=True)])
        result = optimize.linprog([-c for c in objective], rows, bounds, bounds=[(None, None)] * n)
        if isinstance(answer, Optimum):
            assert result.status == 0
            assert abs(-result.fun - float(answer.value)) < 1e-6
        else:
            assert result.status in ((2, 4) if isinstance(answer, Infeasible) else (3, 4))


# ------------------------------------------------------------ mutated answers are rejected

TRIANGLE = [Constraint((1, 0), "<=", 1), Constraint((0, 1), "<", 1), Constraint((1, 1), ">=", 3)]


def test_mutated_refutations_are_rejected():
    good = feasible(TRIANGLE, 2).multipliers
    assert refutation_fault(good, TRIANGLE, 2) is None
    assert "has a variable left" in refutation_fault((good[0] + 1, *good[1:]), TRIANGLE, 2)
    assert "negative" in refutation_fault((-good[0], *good[1:]), TRIANGLE, 2)
    assert "multipliers for 3 constraints" in refutation_fault(good[:2], TRIANGLE, 2)
    assert "reads 0 <= 0" in refutation_fault((mpq(0),) * 3, TRIANGLE, 2)
    weaker = [*TRIANGLE[:2], replace(TRIANGLE[2], bound=mpq(1))]
    assert "reads 0 < 1" in refutation_fault(good, weaker, 2)


def test_mutated_duals_and_rays_are_rejected():
    system, objective = [Constraint((1,), "<=", 3), Constraint((1,), "==", 2)], (mpq(1),)
    answer = maximise(objective, system)
    assert dual_fault(answer.dual, objective, answer.value, system) is None
    assert "not by 5" in dual_fault(answer.dual, objective, mpq(5), system)
    assert "not the objective" in dual_fault((mpq(0), mpq(2)), objective, answer.value, system)
    assert "negative" in dual_fault((mpq(-1), mpq(2)), objective, answer.value, system)
    assert "leaves it" in ray_fault((mpq(-1),), (mpq(-1),), system)
    assert "does not grow" in ray_fault((mpq(0),), objective, system)
    assert "which is not == 2" in point_fault((mpq(3),), system)


# ------------------------------------------------------------ the incremental simplex


@st.composite
def scripts(draw):
    n = draw(st.integers(1, 3))
    forms = draw(st.lists(st.tuples(*[small] * n), min_size=1, max_size=6))
    step = st.one_of(
        st.just("push"),
        st.just("pop"),
        st.tuples(st.integers(0, len(forms) - 1), st.sampled_from(["<", "<=", "==", ">=", ">"]), numbers),
    )
    return n, forms, draw(st.lists(step, max_size=25))


@settings(max_examples=200)
@given(scripts(), st.booleans())
def test_any_sequence_of_assertions_pushes_and_pops_agrees_with_a_fresh_decision(script, register_late):
    n, forms, steps = script
    simplex = Simplex(n)
    handles = {} if register_late else {i: simplex.form(form) for i, form in enumerate(forms)}
    levels: list[dict[int, Constraint]] = [{}]
    for name, step in enumerate(steps):
        if step == "push":
            simplex.push()
            levels.append(dict(levels[-1]))
        elif step == "pop":
            if len(levels) == 1:
                continue
            simplex.pop()
            levels.pop()
        else:
            index, relation, bound = step
            handle = handles.setdefault(index, simplex.form(forms[index]))
            levels[-1][name] = Constraint(forms[index], relation, bound)
            if relation == "==":
                simplex.assert_equal(handle, bound, name)
            elif "<" in relation:
                simplex.assert_upper(handle, bound, relation == "<", name)
            else:
                simplex.assert_lower(handle, bound, relation == ">", name)
        live = levels[-1]
        certificate = simplex.check()
        assert (certificate is None) == fourier_motzkin(n, live.values())
        if certificate is None:
            for point in (simplex.model(), simplex.model(short=False)):
                assert point_fault(point, list(live.values())) is None
        else:
            multipliers = tuple(certificate.get(tag, mpq(0)) for tag in live)
            assert set(certificate) <= set(live)
            assert refutation_fault(multipliers, list(live.values()), n) is None


def test_pop_returns_to_exactly_the_earlier_state():
    simplex = Simplex(3)
    forms = [simplex.form(form) for form in ((1, 2, 0), (0, 1, -1), (2, 0, 3), (1, 1, 1))]
    simplex.assert_lower(forms[0], 1, tag="a")
    assert simplex.check() is None
    before, state = simplex.model(), {k: v for k, v in vars(simplex).items() if k != "_stack"}
    state = repr(state)
    simplex.push()
    simplex.assert_upper(forms[1], "-1/3", strict=True, tag="b")
    simplex.assert_lower(forms[2], 5, tag="c")
    simplex.assert_upper(forms[3], -50, tag="d")
    simplex.check()
    simplex.pop()
    assert repr({k: v for k, v in vars(simplex).items() if k != "_stack"}) == state
    assert simplex.model() == before


def test_proportional_forms_share_one_variable_and_opposite_bounds_clash():
    simplex = Simplex(2)
    simplex.assert_lower(simplex.form((1, -2)), 1, tag="p")
    simplex.assert_lower(simplex.form((-2, 4)), "-1", tag="q")  # x - 2y <= 1/2
    assert simplex.check() == {"p": mpq(1), "q": mpq(1, 2)}


def test_a_fractional_bound_that_the_point_meets_already_is_remembered():
    """Found by a random instance of a claim: the point stays, but from then on it is not integral times the frame."""
    p, q, r, s = "16587/8072", "145/4036", "16587/16144", "145/8072"
    a, b, c, d = "-137/8072", "-4034/1009", "-137/16144", "-2017/1009"
    system = [
        Constraint((2, 2, 0, 0, 1, 0), ">", 0), Constraint((0, 0, 2, 2, 0, 1), ">", 0),
        Constraint((-2, -1, 0, 0, 1, 0), "<", 0), Constraint((0, 0, -2, -1, 0, 1), "<", 0),
        Constraint((2, 1, 0, 0, 1, 0), ">", 0), Constraint((0, 0, 2, 1, 0, 1), "<", 0),
        Constraint((p, p, q, q, r, s), ">", "169/16144"), Constraint((a, a, b, b, c, d), "==", "-161/8072"),
        Constraint((p, r, 0, 0, r, 0), "<", "169/16144"), Constraint((a, c, 0, 0, c, 0), ">", "-161/8072"),
    ]  # fmt: skip
    answer = feasible(system, 6)
    assert isinstance(answer, (Feasible, Infeasible))
    if isinstance(answer, Feasible):
        assert point_fault(answer.point, system) is None
    else:
        assert refutation_fault(answer.multipliers, system, 6) is None


def test_value_tells_a_sign_that_the_form_takes():
    simplex = Simplex(2)
    total, difference = simplex.form((1, 1)), simplex.form((1, -1))
    simplex.assert_lower(total, 0, strict=True, tag=0)
    simplex.assert_equal(difference, 0, tag=1)
    assert simplex.check() is None
    assert simplex.value(total) > (0, 0)
    assert simplex.value(difference) == (0, 0)


def test_one_tag_on_two_constraints_of_a_certificate_is_refused():
    simplex = Simplex(1)
    simplex.assert_lower(simplex.form((1,)), 1)
    simplex.assert_upper(simplex.form((1,)), 0)
    with pytest.raises(MalformedInput, match="a different tag for each constraint"):
        simplex.check()


def test_questions_before_a_check_are_refused():
    simplex = Simplex(1)
    simplex.assert_lower(simplex.form((1,)), 1)
    with pytest.raises(MalformedInput, match="model"):
        simplex.model()
    with pytest.raises(MalformedInput, match="pop"):
        simplex.pop()


def test_maximising_again_after_pop_gives_the_same_peak():
    simplex = Simplex(2)
    x, y, total = simplex.form((1, 0)), simplex.form((0, 1)), simplex.form((-3, -3))
    for form, tag in ((x, "x"), (y, "y")):
        simplex.assert_lower(form, -1, tag=tag)
    assert simplex.check() is None
    first = simplex.maximise(total)
    simplex.push()
    simplex.assert_upper(total, 2, tag="cut")
    assert simplex.check() is None
    assert simplex.maximise(total).value == 2
    simplex.pop()
    assert simplex.check() is None
    assert simplex.maximise(total) == first
    assert first.value == 6
    assert first.multipliers == {"x": mpq(3), "y": mpq(3)}


# ------------------------------------------------------------ short points


def test_rounding_finds_small_integers_in_a_wide_cone():
    assert short_point((mpq(1001), mpq(1000, 3)), [((1, -1), (0, 1), None), ((0, 1), (0, 1), None)]) == (2, 1)


def test_rounding_leaves_a_forced_coordinate_and_shortens_the_others():
    slabs = [((1, 0), (mpq(1, 3), 0), (mpq(1, 3), 0)), ((0, 1), (0, 1), (1, 1))]
    assert short_point((mpq(1, 3), mpq(355, 452)), slabs) == (mpq(1, 3), mpq(1, 2))


@given(systems(variables=3))
def test_rounding_never_leaves_the_polyhedron(system):
    n, constraints = system
    answer = feasible(constraints, n)
    if isinstance(answer, Feasible):
        slabs = [(c.coefficients, (c.bound, 0), None) for c in constraints if c.relation == ">="]
        slabs += [(c.coefficients, None, (c.bound, -1)) for c in constraints if c.relation == "<"]
        assert satisfies(short_point(answer.point, slabs), 1, slabs)


@given(numbers, numbers, st.booleans(), st.booleans())
def test_the_shortest_number_lies_between_its_ends(a, b, left_open, right_open):
    if a < b:
        x = shortest_between((mpq(a), left_open), (mpq(b), right_open))
        assert a < x < b or (x == a and not left_open) or (x == b and not right_open)
        assert x.denominator & (x.denominator - 1) == 0
