"""The exact penalty of Laurent and von Brecht, ICML 2018, (13): one network of replicas."""

import random
from dataclasses import replace

import pytest
from gmpy2 import mpq

from exactrelu import Loss, Network, Problem, check
from exactrelu.errors import MalformedInput
from exactrelu.germ import loss_germ
from exactrelu.loss import Penalty
from exactrelu.replicas import class_problem, exact_penalty, join, part, replicas_of

PAIR = Problem(
    Network.dense([1, 1, 2]), [[1], [-1]], [0, 1], Loss("one-vs-all-hinge", weights=((1, 2), ("1/3", "1/5"))),
    points={"separating": {"W1": [[1]], "b1": [0], "W2": [[2], [-2]], "b2": [-1, 1]}},
)  # fmt: skip
DEEP = Problem(
    Network.dense([2, 2, 1, 3], slopes=(1, "1/2"), bias=[True, True, False]),
    [[1, 0], [2, "1/2"], [-1, 3]], [0, 2, 1], Loss("one-vs-all-hinge"),
)  # fmt: skip


def numbers(seed, count):
    rng = random.Random(seed)
    return tuple(mpq(rng.randint(-97, 97), 41) for _ in range(count))


@pytest.mark.parametrize("problem", [PAIR, DEEP])
@pytest.mark.parametrize("seed", range(4))
def test_the_penalised_loss_is_the_sum_of_the_class_losses_and_the_penalty(problem, seed):
    classes, gamma = problem.network.widths[-1], mpq(3, 7)
    penalised = exact_penalty(problem, gamma)
    points = [numbers(f"{seed} {r}", problem.network.parameters) for r in range(classes)]
    parts = [class_problem(problem, r).evaluate(part(p, problem.network, r)) for r, p in enumerate(points)]
    hidden = [p[: problem.network.offsets[-2]] for p in points]
    mean = [sum(column) / classes for column in zip(*hidden, strict=True)]
    spread = sum((a - m) ** 2 for p in hidden for a, m in zip(p, mean, strict=True))
    joined = join(points, problem.network)
    both = replace(penalised, points={"p": joined})
    assert [class_problem(both, r).evaluate(class_problem(both, r).points["p"]) for r in range(classes)] == parts
    expected = sum(parts) + gamma * mpq(classes, classes - 1) * spread
    assert penalised.evaluate(joined) == expected
    assert sorted(map(sorted, replicas_of(penalised, joined))) == sorted(map(sorted, hidden))
    assert penalised.at(penalised.network.write(joined)).loss == expected
    assert loss_germ(penalised, joined, [numbers(seed, len(joined))])[0] == expected


@pytest.mark.parametrize("seed", range(3))
def test_the_form_of_a_penalised_problem_has_its_gradient_and_its_hessian(seed):
    penalised = exact_penalty(DEEP, 2)
    point = penalised.at(penalised.network.write(numbers(seed, penalised.network.parameters)))
    polynomial = point.form.polynomial
    size = len(point.parameters)
    assert point.form.gradient(point.parameters) == tuple(
        polynomial.derivative(j).evaluate(point.parameters) for j in range(size)
    )
    hessian = point.form.hessian(point.parameters)
    assert hessian[0][4] == hessian[4][0] == polynomial.derivative(0).derivative(4).evaluate(point.parameters) != 0
    assert check(point.certificate()).accepted


def test_equal_replicas_of_a_separating_network_have_no_loss():
    point = exact_penalty(PAIR).at("separating")
    assert point.loss == 0 and point.local_minimum().answer == "yes"


def test_unequal_replicas_without_class_loss_are_not_critical():
    """Both class losses vanish near the point, the penalty does not: Theorem 7 (i)."""
    penalised = exact_penalty(PAIR)
    points = [PAIR.network.read({"W1": [[w]], "b1": [0], "W2": [[v], [v]], "b2": [c, c]})
              for w, v, c in ((1, 4, -2), (2, -4, 2))]  # fmt: skip
    point = penalised.at(penalised.network.write(join(points, PAIR.network)))
    assert point.loss == 1 and point.clarke_critical().answer == "no"


def test_a_penalised_problem_reads_back_as_itself():
    penalised = exact_penalty(DEEP, "1/3")
    assert Problem.loads(penalised.dumps()) == penalised
    assert "penalty 1/3 on 3 replicas" in repr(penalised)


def test_the_output_layer_of_a_penalised_problem_may_have_flat_cells_but_no_hidden_layer_has():
    penalised = exact_penalty(PAIR)
    hidden, top = (penalised.cells(layer=l, at="separating") for l in (1, 2))
    assert not any(cell.is_flat for cell in hidden) and any(cell.is_flat for cell in top)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Loss("hinge", penalty=Penalty(1, 2)),
        lambda: Penalty(0, 2),
        lambda: Penalty(1, 1),
        lambda: Problem(Network.dense([1, 3, 2]), [[1]], [0], Loss("one-vs-all-hinge", penalty=Penalty(1, 2))),
        lambda: Problem(Network.dense([1, 2]), [[1]], [0], Loss("one-vs-all-hinge", penalty=Penalty(1, 2))),
        lambda: exact_penalty(exact_penalty(PAIR)),
        lambda: exact_penalty(Problem(Network.dense([1, 1, 1]), [[1]], [1], Loss("hinge"))),
        lambda: class_problem(Problem(Network.dense([1, 1, 1]), [[1]], [1], Loss("hinge")), 0),
        lambda: replicas_of(PAIR, PAIR.point("separating")),
    ],
)
def test_what_is_no_penalty_is_refused(wrong):
    with pytest.raises(MalformedInput):
        wrong()
