"""Walking across walls, against the complete enumeration on sheets: two methods that share only the LP."""

import pytest

from exactrelu import Loss, Network, Problem, example
from exactrelu.cells import parameter_cells
from exactrelu.exploration import ExploredCells

HINGE, SQUARED = Loss("hinge"), Loss("squared")
CASES = {
    "one neuron": example("laurent-brecht-one-neuron"),
    "three points": example("yun2018-three-point"),
    "activated output": example("milne-two-neurons"),
    "no biases": example("liu-two-samples"),
    "two neurons with a hinge": Problem(Network.dense([1, 2, 1]), x=[[1], [-2]], y=[1, -1], loss=HINGE),
    "a repeated data point": Problem(Network.dense([1, 2, 1], slopes=(1, "1/2")), x=[[1], [1]], y=[1, -1], loss=HINGE),
    "a zero data point": Problem(
        Network.dense([1, 1, 1], slopes=(1, "1/2"), bias=False), x=[[1], [0], [-1]], y=[1, -1, 1], loss=HINGE
    ),
    "activated output and hinge": Problem(
        Network.dense([1, 2, 1], bias=[True, False], output_activation=True), x=[[1], [2]], y=[1, -1], loss=HINGE
    ),
    "two classes": Problem(Network.dense([1, 1, 2]), x=[[-1], [0], [2]], y=[0, 1, 1], loss=Loss("multiclass-hinge")),
    "two classes, two neurons": Problem(
        Network.dense([1, 2, 2], bias=[True, False]), x=[[1], [-2]], y=[1, 1], loss=Loss("multiclass-hinge")
    ),
    "no hidden layer": Problem(Network.dense([2, 1]), x=[[1, 0], [0, 1], [1, 1]], y=[1, -1, 1], loss=HINGE),
}


def named(cells):
    signatures = [cell.signature for cell in cells]
    return set(signatures), {frozenset((signatures[i], signatures[j])) for i, j, _ in cells.edges()}


@pytest.mark.parametrize("case", CASES)
def test_the_walk_reaches_exactly_the_cells_and_adjacencies_of_the_complete_list(case):
    problem = CASES[case]
    complete = parameter_cells(problem)
    walked = ExploredCells(problem, problem.network.default_point(), 1000)
    assert complete.complete and not walked.complete
    assert named(walked) == named(complete)


def test_the_walk_claims_no_adjacency_that_the_complete_list_lacks():
    # A witness with frozen output weights does not see every wall, so the walk may miss adjacencies; it invents none.
    network = Network.dense([1, 2, 1], slopes=(1, "1/3"), bias=False, output_activation=True)
    problem = Problem(network, x=[[1], [-2], [3]], y=[1, -1, 2], loss=SQUARED)
    cells, edges = named(parameter_cells(problem))
    walked_cells, walked_edges = named(ExploredCells(problem, network.default_point(), 1000))
    assert walked_cells == cells and walked_edges < edges


def test_the_sign_change_of_an_output_weight_is_a_wall_where_the_output_has_no_other_part():
    # Bias-free, output activation, K = 1: the outputs of both data points change sign on {v = 0}, of codimension one.
    network = Network.dense([1, 1, 1], bias=False, output_activation=True)
    problem = Problem(network, x=[[1], [2]], y=[1, 1], loss=SQUARED)
    _, edges = named(problem.cells())
    assert frozenset(("+,+;+,+", "+,-;+,-")) in edges


def test_a_walk_that_starts_on_a_kink_moves_off_it_and_stays_deterministic():
    problem = example("bias-free-two-hidden-layers")
    start = problem.network.read({"W1": [[0]], "W2": [[1]], "W3": [[1]]})
    first, second = (ExploredCells(problem, start, 20) for _ in range(2))
    assert named(first) == named(second) and len(first) > 1
    for cell in first:
        assert problem.at(problem.network.write(cell.witness)).signature == cell.signature


def test_a_limit_ends_the_walk_with_what_it_has():
    problem = example("laurent-brecht-two-hidden-layers")
    cells = problem.cells(limit=7)
    assert len(cells) == 7 and not cells.complete
    assert all(0 <= i < j < 7 for i, j, _ in cells.edges())


def test_the_multiclass_hinge_with_two_classes_has_the_cells_of_the_binary_hinge():
    binary = example("laurent-brecht-one-neuron")
    data = [(1 + y) // 2 for y in binary.y]
    classes = Problem(Network.dense([1, 1, 2]), x=binary.x, y=data, loss=Loss("multiclass-hinge"))
    assert named(classes.cells()) == named(binary.cells())


def test_with_three_classes_no_complete_list_is_claimed():
    problem = Problem(Network.dense([1, 1, 3]), x=[[-1], [0]], y=[0, 2], loss=Loss("multiclass-hinge"))
    assert not problem.cells(limit=10).complete


def test_a_start_on_a_boundary_is_left_though_the_data_annihilate_the_first_direction():
    """The input (1, -2, 1) is orthogonal to every arithmetic progression."""
    network = Network.dense([2, 1, 2], (1, "1/2"))
    points = {"kink": {"W1": [[1, 0]], "b1": [-1], "W2": [[2], [0]], "b2": ["-5/2", 1]}}
    problem = Problem(network, [[1, -2]], [0], Loss("one-vs-all-hinge"), points)
    assert len(problem.cells(limit=2)) == 2
