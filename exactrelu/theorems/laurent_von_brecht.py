"""Laurent and von Brecht, The multilinear structure of ReLU networks: the claims on cells.

LvB is the version of ICML 2018, MLR the anonymous one.
"""

from __future__ import annotations

from exactrelu.cells import Cell
from exactrelu.landscape import Problem
from exactrelu.polynomial import Monomial
from exactrelu.rational import Rational
from exactrelu.theorems.claim import Claim, Outcome, Tick, not_applicable, on_all_cells

HINGE = "a hinge loss without weight decay is needed"
HINGE_INSTANCES = ("laurent-brecht-one-neuron", "laurent-brecht-two-hidden-layers", "convolution")


def _is_hinge(problem: Problem) -> bool:
    return problem.loss.is_hinge and not problem.loss.weight_decay and not problem.network.output_activation


def lemma_1(problem: Problem, tick: Tick) -> Outcome:
    """No unit vanishes identically on a cell: then the boundaries are zero sets of non-zero polynomials."""
    return on_all_cells(problem, tick, lambda cell: "0" not in cell.signature, "no unit vanishes identically")


def theorem_1(problem: Problem, tick: Tick) -> Outcome:
    """The loss on every cell is the sum of the multilinear blocks phi_0 .. phi_{L+1} and the constant phi_{L+2}."""
    if not _is_hinge(problem):
        return not_applicable(HINGE)
    return on_all_cells(problem, tick, lambda cell: cell.form.is_multilinear, "a sum of multilinear forms")


def theorem_1_as_printed(problem: Problem, tick: Tick) -> Outcome:
    """The decomposition as the anonymous version prints it, without phi_L(b_L, V) and without the constant."""
    if not _is_hinge(problem):
        return not_applicable(HINGE)
    depth = problem.network.hidden_layers
    missing = (f"phi_{depth}", f"phi_{depth + 2}")
    return on_all_cells(
        problem,
        tick,
        lambda cell: all(cell.form.blocks[name].is_zero for name in missing),
        f"{' and '.join(missing)}, which are not printed, vanish",
    )


def corollary_1(problem: Problem, tick: Tick) -> Outcome:
    """On every cell the loss is harmonic; so it has an extremum in the cell only if it is constant there."""
    if not _is_hinge(problem):
        return not_applicable(HINGE)
    outcome = on_all_cells(
        problem, tick, lambda cell: cell.form.is_trace_zero, "harmonic: an extremum only if constant,"
    )
    certificates = list(outcome.certificates)
    for name in problem.points:
        point = problem.at(name, tick)
        if point.form is None:
            continue
        extremum = "yes" in (point.local_minimum().answer, point.local_maximum().answer)
        if extremum and not point.form.is_flat:
            return Outcome("refuted", f'"{name}" is an extremum in a cell that is not flat', (point.certificate(),))
        certificates.append(point.certificate())
    return Outcome(outcome.status, outcome.detail, tuple(certificates))


def corollary_2(problem: Problem, tick: Tick) -> Outcome:
    """The trace of the Hessian vanishes identically, so a Hessian that is not zero is indefinite."""
    if not _is_hinge(problem):
        return not_applicable(HINGE)

    def holds(cell: Cell) -> bool:
        inertia = cell.form.inertia(cell.witness)
        return cell.form.is_trace_zero and (inertia.positive > 0) == (inertia.negative > 0)

    return on_all_cells(problem, tick, holds, "trace zero, the Hessian zero or indefinite,")


def nontrivial_forms_have_indefinite_hessians(problem: Problem, tick: Tick) -> Outcome:
    """As printed: the Hessian of any non-trivial multilinear form has eigenvalues of both signs."""
    if not _is_hinge(problem):
        return not_applicable(HINGE)

    def holds(cell: Cell) -> bool:
        inertia = cell.form.inertia(cell.witness)
        return cell.is_flat or (inertia.positive > 0 and inertia.negative > 0)

    return on_all_cells(problem, tick, holds, "the loss constant, or its Hessian indefinite,")


def lemma_2(problem: Problem, tick: Tick) -> Outcome:
    """The blocks of one hidden layer are those with the coefficients a_k, alpha_k, gamma, delta of (9) to (11)."""
    dense = all(layer.kind == "dense" for layer in problem.network.layers)
    if not _is_hinge(problem) or problem.loss.kind != "hinge" or problem.network.hidden_layers != 1 or not dense:
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
        lemma_1, ("bias-free-two-hidden-layers",),
        "False without biases: a dead layer makes all units above it vanish on an open set. True with biases.",
    ),
    Claim(
        "LvB-T1", "Laurent, von Brecht 2018, Theorem 1",
        "On each cell the loss is a sum of multilinear forms phi_0, .., phi_{L+1} and a constant phi_{L+2}.",
        theorem_1, HINGE_INSTANCES,
    ),
    Claim(
        "MLR-T1i", "Laurent, von Brecht, anonymous version, Theorem 1 (i) as printed",
        "On each cell the loss is phi_0 + .. + phi_{L-1} + phi_{L+1}(c), without phi_L(b_L, V) and a constant.",
        theorem_1_as_printed, ("laurent-brecht-two-hidden-layers",),
        "phi_L(b_L, V) and the constant phi_{L+2} are left out; LvB-T1 is the correct statement.",
    ),
    Claim(
        "LvB-C1", "Laurent, von Brecht 2018, Corollary 1",
        "Local minima and maxima occur only on N or in cells where the loss is constant.",
        corollary_1, HINGE_INSTANCES,
    ),
    Claim(
        "LvB-C2", "Laurent, von Brecht 2018, Corollary 2",
        "Off N, a Hessian that does not vanish has an eigenvalue of either sign.",
        corollary_2, HINGE_INSTANCES,
    ),
    Claim(
        "MLR-S1", "Laurent, von Brecht, anonymous version, introduction and appendix",
        "The Hessian of any non-trivial multilinear form has a positive and a negative eigenvalue.",
        nontrivial_forms_have_indefinite_hessians, ("laurent-brecht-one-neuron",),
        "False where the Hessian is zero, as for a linear form; true where the Hessian is not zero (LvB-C2).",
    ),
    Claim(
        "MLR-L2", "Laurent, von Brecht, anonymous version, Lemma 2, equations (8) to (12)",
        "With one hidden layer the forms have the coefficients a_k, alpha_k, gamma, delta summed over active data.",
        lemma_2, ("laurent-brecht-one-neuron",),
    ),
)  # fmt: skip
