"""Laurent and von Brecht on cells: the lemma on cells, the multilinear decomposition, extrema and Hessians."""

from __future__ import annotations

from collections.abc import Callable

from gmpy2 import mpq

from exactrelu.cells import Cell
from exactrelu.landscape import Problem, forms_certificate
from exactrelu.loss import Loss
from exactrelu.network import Layer, Network
from exactrelu.point import Point
from exactrelu.polynomial import Monomial
from exactrelu.rational import Rational
from exactrelu.theorems.claim import (
    NO,
    SAMPLE,
    UNDECIDED,
    YES,
    Claim,
    Fact,
    Outcome,
    Tick,
    implication,
    joint,
    not_applicable,
    on_all_cells,
    on_all_points,
    seen,
)

HINGE = "a hinge loss without weight decay, penalty or output activation is needed"
HINGE_INSTANCES = ("laurent-brecht-one-neuron", "laurent-brecht-two-hidden-layers", "convolution")


def is_hinge(problem: Problem) -> bool:
    """Whether the loss is a hinge loss alone."""
    return problem.loss.is_hinge and not problem.loss.is_regularised and not problem.network.output_activation


def is_binary(problem: Problem, *, output_bias: bool = False) -> str:
    """Why a problem is not that of (9) or of (10), one dense hidden layer with biases, the binary hinge; or empty."""
    network = problem.network
    dense = all(layer.kind == "dense" for layer in network.layers)
    if not is_hinge(problem) or problem.loss.kind != "hinge" or network.hidden_layers != 1 or not dense:
        return "one dense hidden layer, one output and the binary hinge loss are needed"
    if not network.layers[0].bias or (output_bias and not network.layers[1].bias):
        return f"biases in the hidden layer {'and at the output ' if output_bias else ''}are needed"
    return ""


def on_every_cell(problem: Problem, tick: Tick, holds: Callable[[Cell], bool], what: str) -> Outcome:
    """Decide on all cells a property that follows from multilinearity, also where not all cells are known.

    The monomials of the loss at one data point on a cell are paths through the network, each times the slopes on it.
    None is missing where all units are linear and active, and no input or coefficient is negative, so that no two paths
    cancel. If these monomials have one variable of each array, those on all cells have. (No outputs share weights.)
    """
    outcome = on_all_cells(problem, tick, holds, what)
    if outcome.status != UNDECIDED or problem.network.layers[-1].kind != "dense":
        return outcome
    proofs = list(outcome.certificates)
    layers = tuple(_without_signs(layer) for layer in problem.network.layers)
    size = problem.network.parameters
    witness = tuple(mpq(j, 1000 * size) for j in range(1, size + 1))
    for x, y in zip(problem.x, problem.y, strict=True):
        inputs, network = tuple(abs(value) for value in x), Network(layers, (mpq(1), mpq(1)))
        cell = Problem(network, (inputs,), (y,), Loss(problem.loss.kind), {"witness": witness}).cell_at("witness")
        if not cell.form.is_multilinear or not all(s > 0 for s in cell.columns[0][-1]):
            return outcome
        proofs.append(forms_certificate(cell.form.instance, [cell]))
    return Outcome("verified", f"{what} on every cell: its monomials are paths, and all paths are so", tuple(proofs))


def _without_signs(layer: Layer) -> Layer:
    """The layer with all coefficients positive."""
    if layer.kind != "linear":
        return layer
    basis = [[[abs(entry) for entry in row] for row in matrix] for matrix in dict(layer.structure)["basis"]]
    return Layer.linear(layer.inputs, layer.outputs, basis, layer.bias)


def lemma_1(problem: Problem, tick: Tick) -> Outcome:
    """No unit vanishes identically on a cell: then the boundaries are zero sets of non-zero polynomials."""
    if not all(layer.bias for layer in problem.network.layers[: len(problem.network.activated)]):
        return not_applicable("hidden layers with biases are needed")
    return lemma_1_without_biases(problem, tick)


def lemma_1_without_biases(problem: Problem, tick: Tick) -> Outcome:
    """The same as printed for the model of section 2.2, which has no biases."""
    return on_all_cells(problem, tick, lambda cell: "0" not in cell.signature, "no unit vanishes identically")


def theorem_1(problem: Problem, tick: Tick) -> Outcome:
    """The loss on every cell is the sum of the multilinear blocks phi_0 .. phi_{L+1} and the constant phi_{L+2}."""
    if not is_hinge(problem):
        return not_applicable(HINGE)
    return on_every_cell(problem, tick, lambda cell: cell.form.is_multilinear, "a sum of multilinear forms")


def theorem_1_as_printed(problem: Problem, tick: Tick) -> Outcome:
    """The decomposition as the anonymous version prints it, without phi_L(b_L, V) and without the constant."""
    if not is_hinge(problem):
        return not_applicable(HINGE)
    depth = problem.network.hidden_layers
    missing = (f"phi_{depth}", f"phi_{depth + 2}")
    return on_all_cells(
        problem,
        tick,
        lambda cell: all(cell.form.blocks[name].is_zero for name in missing),
        f"{' and '.join(missing)}, which are not printed, vanish",
    )


def constant_counts_errors(problem: Problem, tick: Tick) -> Outcome:
    """As printed: phi_{L+2} is the average number of wrongly classified data points on the cell."""
    if not is_hinge(problem) or problem.loss.kind != "hinge":
        return not_applicable("the binary hinge loss is needed")
    network, count = problem.network, len(problem.x)

    def holds(cell: Cell) -> bool:
        outputs = [network.output(network.preactivations(cell.witness, x))[0] for x in problem.x]
        wrong = [
            i for i, (o, unit) in enumerate(zip(outputs, problem.units, strict=True)) if -unit[0].terms[0][1] * o <= 0
        ]
        constant = cell.form.blocks[f"phi_{network.hidden_layers + 2}"].evaluate(cell.witness)
        return bool(constant == sum(problem.loss.weight(i, 0, count) for i in wrong))

    return on_all_cells(problem, tick, holds, "phi_{L+2} counts the errors at the witness")


def extremum_in_a_cell(point: Point) -> Outcome:
    """An extremum in the interior of a cell needs a constant loss there."""
    if point.form is None:
        return not_applicable(f"not in a cell: {point.obstacle}")
    answers = [point.local_minimum(), point.local_maximum()]
    premise = Fact.of(min(answers, key=lambda decision: (YES, UNDECIDED, NO).index(decision.answer or NO)))
    flat = point.form.is_flat
    return implication(
        [lambda: premise], lambda: Fact(YES if flat else NO, f"in a {'' if flat else 'not '}flat cell", seen(point))
    )


def corollary_1(problem: Problem, tick: Tick) -> Outcome:
    """On every cell the loss is harmonic; so it has an extremum in the cell only if it is constant there."""
    if not is_hinge(problem):
        return not_applicable(HINGE)
    what = "harmonic, so an extremum only if constant,"
    cells = on_every_cell(problem, tick, lambda cell: cell.form.is_trace_zero, what)
    return joint([("cells", cells), ("points", on_all_points(problem, tick, extremum_in_a_cell))])


def corollary_2(problem: Problem, tick: Tick) -> Outcome:
    """The trace of the Hessian vanishes identically, so a Hessian that is not zero is indefinite."""
    if not is_hinge(problem):
        return not_applicable(HINGE)

    def holds(cell: Cell) -> bool:
        inertia = cell.form.inertia(cell.witness)
        return cell.form.is_trace_zero and (inertia.positive > 0) == (inertia.negative > 0)

    return on_every_cell(problem, tick, holds, "trace zero, the Hessian zero or indefinite,")


def never_positive_definite(problem: Problem, tick: Tick) -> Outcome:
    """A Hessian of trace zero is not positive definite."""
    if not is_hinge(problem):
        return not_applicable(HINGE)

    def holds(cell: Cell) -> bool:
        return cell.form.is_trace_zero and cell.form.inertia(cell.witness).positive < problem.network.parameters

    return on_every_cell(problem, tick, holds, "the Hessian has trace zero and is not positive definite")


def flat_linear_or_saddle(problem: Problem, tick: Tick) -> Outcome:
    """On every cell: constant, of degree 1, or harmonic with a Hessian that is not zero, hence indefinite somewhere."""
    if not is_hinge(problem):
        return not_applicable(HINGE)

    def holds(cell: Cell) -> bool:
        degree = max((len(monomial) for monomial, _ in cell.form.polynomial.terms), default=0)
        return cell.is_flat or degree == 1 or cell.form.is_trace_zero

    cells = on_every_cell(problem, tick, holds, "flat, linear or saddle-like")
    return joint([("cells", cells), ("points", on_all_points(problem, tick, extremum_in_a_cell))])


def nontrivial_forms_have_indefinite_hessians(problem: Problem, tick: Tick) -> Outcome:
    """As printed: the Hessian of any non-trivial multilinear form has eigenvalues of both signs."""
    if not is_hinge(problem):
        return not_applicable(HINGE)

    def holds(cell: Cell) -> bool:
        inertia = cell.form.inertia(cell.witness)
        return cell.is_flat or (inertia.positive > 0 and inertia.negative > 0)

    return on_all_cells(problem, tick, holds, "the loss constant, or its Hessian indefinite,")


def gradient_flow_stops_in_flat_cells(problem: Problem, tick: Tick) -> Outcome:
    """The gradient is zero on a flat cell, so a flow that enters it stops: it comes no nearer to points inside."""
    if not is_hinge(problem):
        return not_applicable(HINGE)
    flat = [cell for cell in problem.cells(tick=tick, limit=SAMPLE) if cell.is_flat]
    if not flat:
        return not_applicable("no flat cell is known")
    moving = [cell for cell in flat if any(cell.form.gradient(cell.witness))]
    status = "refuted" if moving else "verified"
    return Outcome(
        status, f"the gradient is zero on {len(flat)} flat cells", (forms_certificate(problem, moving or flat),)
    )


def lemma_2(problem: Problem, tick: Tick) -> Outcome:
    """The blocks of one hidden layer are those with the coefficients a_k, alpha_k, gamma, delta of (9) to (11)."""
    dense = all(layer.kind == "dense" for layer in problem.network.layers)
    if not is_hinge(problem) or problem.loss.kind != "hinge" or problem.network.hidden_layers != 1 or not dense:
        return not_applicable("one dense hidden layer, one output and the binary hinge loss are needed")
    return on_all_cells(problem, tick, _has_the_coefficients_of_lemma_2, "the coefficients of (9) to (12)")


def _has_the_coefficients_of_lemma_2(cell: Cell) -> bool:
    coefficients = cell.form.lemma_2
    if coefficients is None:
        return False
    place = {name: index for index, name in enumerate(cell.form.ring.names)}
    terms: list[tuple[Monomial, Rational]] = [((), coefficients.delta)]
    if "b2_1" in place:
        terms.append(((place["b2_1"],), -coefficients.gamma))
    for k, (a, alpha) in enumerate(zip(coefficients.a, coefficients.alpha, strict=True), 1):
        v = place[f"W2_1_{k}"]
        terms += [((place[f"W1_{k}_{j}"], v), -entry) for j, entry in enumerate(a, 1)]
        if f"b1_{k}" in place:
            terms.append(((place[f"b1_{k}"], v), -alpha))
    return cell.form.ring.from_terms(terms) == cell.form.polynomial


CLAIMS = (
    Claim(
        "LvB-L1", "Laurent, von Brecht 2018, Lemma 1",
        "The cells are open and disjoint, and the boundary set N is closed and has measure zero (with biases).",
        lemma_1, ("laurent-brecht-one-neuron", "yun2018-three-point"),
    ),
    Claim(
        "MLR-L1", "Laurent, von Brecht, anonymous version, Lemma 1 for the bias-free model of section 2.2",
        "The boundary set N has measure zero, for networks without biases too.",
        lemma_1_without_biases, ("bias-free-two-hidden-layers",),
        "False without biases: a dead layer makes all units above it vanish on an open set. True with biases.",
    ),
    Claim(
        "LvB-T1", "Laurent, von Brecht 2018, Theorem 1",
        "On each cell the loss is a sum of multilinear forms phi_0, .., phi_{L+1} and a constant phi_{L+2}.",
        theorem_1, HINGE_INSTANCES, family="hinge",
    ),
    Claim(
        "MLR-T1i", "Laurent, von Brecht, anonymous version, Theorem 1 (i) as printed",
        "On each cell the loss is phi_0 + .. + phi_{L-1} + phi_{L+1}(c), without phi_L(b_L, V) and a constant.",
        theorem_1_as_printed, ("laurent-brecht-two-hidden-layers",),
        "phi_L(b_L, V) and the constant phi_{L+2} are left out; LvB-T1 is the correct statement.", "hinge",
    ),
    Claim(
        "MLR-T1c", "Laurent, von Brecht, anonymous version, Theorem 1 (i), last sentence",
        "The constant phi_{L+2} counts the average number of errors on the cell.",
        constant_counts_errors, ("laurent-brecht-one-neuron",),
        "It counts the data points with margin below 1, not the wrongly classified ones.", "binary-small",
    ),
    Claim(
        "MLR-T1ii", "Laurent, von Brecht, anonymous version, Theorem 1 (ii)",
        "The loss is smooth on cells, and a Hessian off N that does not vanish has eigenvalues of both signs.",
        corollary_2, HINGE_INSTANCES[:2], family="hinge",
    ),
    Claim(
        "MLR-T1iii", "Laurent, von Brecht, anonymous version, Theorem 1 (iii)",
        "Local minima and maxima occur only on N or on cells of constant loss, where it is phi_{L+2}.",
        corollary_1, HINGE_INSTANCES[:2], family="hinge",
    ),
    Claim(
        "LvB-C1", "Laurent, von Brecht 2018, Corollary 1",
        "Local minima and maxima occur only on N or in cells where the loss is constant.",
        corollary_1, HINGE_INSTANCES, family="hinge",
    ),
    Claim(
        "LvB-C2", "Laurent, von Brecht 2018, Corollary 2",
        "Off N, a Hessian that does not vanish has an eigenvalue of either sign.",
        corollary_2, HINGE_INSTANCES, family="hinge",
    ),
    Claim(
        "MLR-S1", "Laurent, von Brecht, anonymous version, introduction and appendix",
        "The Hessian of any non-trivial multilinear form has a positive and a negative eigenvalue.",
        nontrivial_forms_have_indefinite_hessians, ("laurent-brecht-one-neuron",),
        "False where the Hessian is zero, as for a linear form; true where the Hessian is not zero (LvB-C2).", "hinge",
    ),
    Claim(
        "MLR-S2", "Laurent, von Brecht, anonymous version, introduction",
        "Inside a cell the loss is flat, linear or saddle-like; a local minimum lies in a flat cell or on a boundary.",
        flat_linear_or_saddle, ("laurent-brecht-one-neuron",), family="hinge",
    ),
    Claim(
        "MLR-S3", "Laurent, von Brecht, anonymous version, introduction",
        "Gradient descent in continuous time never reaches a type I minimum from outside of its flat cell.",
        gradient_flow_stops_in_flat_cells, ("laurent-brecht-one-neuron",), family="hinge",
    ),
    Claim(
        "MLR-S4", "Laurent, von Brecht, anonymous version, introduction",
        "The Hessian of the loss is never positive definite.",
        never_positive_definite, ("laurent-brecht-one-neuron", "laurent-brecht-two-hidden-layers"), family="hinge",
    ),
    Claim(
        "MLR-L2", "Laurent, von Brecht, anonymous version, Lemma 2, equations (8) to (12)",
        "With one hidden layer the forms have the coefficients a_k, alpha_k, gamma, delta summed over active data.",
        lemma_2, ("laurent-brecht-one-neuron",), family="binary-small",
    ),
)  # fmt: skip
