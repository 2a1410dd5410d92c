"""Laurent and von Brecht, The multilinear structure of ReLU networks: the claims on cells.

LvB is the version of ICML 2018, MLR the anonymous one.
"""

from __future__ import annotations

from exactrelu.cells import Cell
from exactrelu.landscape import Problem, cells_certificate, forms_certificate
from exactrelu.polynomial import Monomial
from exactrelu.rational import Rational
from exactrelu.theorems.claim import Claim, Outcome, Tick, not_applicable, over_cells

HINGE = "a hinge loss without weight decay is needed"
SAMPLE = 64
HINGE_INSTANCES = ("laurent-brecht-one-neuron", "laurent-brecht-two-hidden-layers", "convolution")


def _is_hinge(problem: Problem) -> bool:
    return problem.loss.is_hinge and not problem.loss.weight_decay and not problem.network.output_activation


def lemma_1(problem: Problem, tick: Tick) -> Outcome:
    """No unit vanishes identically on a cell: then the boundaries are zero sets of non-zero polynomials."""
    cells = problem.cells(tick=tick, limit=SAMPLE)
    for cell in cells:
        if "0" in cell.signature:
            detail = f"on the open cell {cell.signature} a unit vanishes identically: N has interior points"
            return Outcome("refuted", detail, (forms_certificate(problem, [cell]),))
    return over_cells(cells, [cells_certificate(cells)], "no unit vanishes identically")


def theorem_1(problem: Problem, tick: Tick) -> Outcome:
    """The loss on every cell is the sum of the multilinear blocks phi_0 .. phi_{L+1} and the constant phi_{L+2}."""
    if not _is_hinge(problem):
        return not_applicable(HINGE)
    cells = problem.cells(tick=tick, limit=SAMPLE)
    for cell in cells:
        tick()
        if not cell.form.is_multilinear:
            return Outcome("refuted", f"not multilinear on {cell.signature}", (forms_certificate(problem, [cell]),))
    return over_cells(cells, [forms_certificate(problem, cells)], "sum of multilinear forms")


def theorem_1_as_printed(problem: Problem, tick: Tick) -> Outcome:
    """The decomposition as the anonymous version prints it, without phi_L(b_L, V) and without the constant."""
    if not _is_hinge(problem):
        return not_applicable(HINGE)
    depth = problem.network.hidden_layers
    for cell in problem.cells(tick=tick, limit=SAMPLE):
        blocks = cell.form.blocks
        for name in (f"phi_{depth}", f"phi_{depth + 2}"):
            if not blocks[name].is_zero:
                detail = f"on {cell.signature} the block {name} = {blocks[name]} is not printed"
                return Outcome("refuted", detail, (forms_certificate(problem, [cell]),))
    return Outcome("undecided", "the blocks that are not printed vanish on the cells seen")


def corollary_1(problem: Problem, tick: Tick) -> Outcome:
    """On every cell the loss is harmonic; so it has an extremum in the cell only if it is constant there."""
    if not _is_hinge(problem):
        return not_applicable(HINGE)
    cells = problem.cells(tick=tick, limit=SAMPLE)
    for cell in cells:
        tick()
        if not cell.form.is_trace_zero:
            return Outcome("refuted", f"not harmonic on {cell.signature}", (forms_certificate(problem, [cell]),))
    certificates = [forms_certificate(problem, cells)]
    for name in problem.points:
        point = problem.at(name)
        if point.form is None:
            continue
        extremum = "yes" in (point.local_minimum().answer, point.local_maximum().answer)
        if extremum and not point.form.is_flat:
            return Outcome("refuted", f'"{name}" is an extremum in a cell that is not flat', (point.certificate(),))
        certificates.append(point.certificate())
    return over_cells(cells, certificates, "harmonic, and no extremum unless constant,")


def corollary_2(problem: Problem, tick: Tick) -> Outcome:
    """The trace of the Hessian vanishes identically, so a Hessian that is not zero is indefinite."""
    if not _is_hinge(problem):
        return not_applicable(HINGE)
    cells = problem.cells(tick=tick, limit=SAMPLE)
    for cell in cells:
        tick()
        inertia = cell.form.inertia(cell.witness)
        definite = (inertia.positive > 0) != (inertia.negative > 0)
        if definite or not cell.form.is_trace_zero:
            return Outcome("refuted", f"semidefinite on {cell.signature}", (forms_certificate(problem, [cell]),))
    return over_cells(cells, [forms_certificate(problem, cells)], "trace zero, Hessian zero or indefinite,")


def nontrivial_forms_have_indefinite_hessians(problem: Problem, tick: Tick) -> Outcome:
    """As printed: the Hessian of any non-trivial multilinear form has eigenvalues of both signs."""
    if not _is_hinge(problem):
        return not_applicable(HINGE)

    def refutes(cell: Cell) -> bool:
        inertia = cell.form.inertia(cell.witness)
        return not cell.is_flat and inertia.positive == inertia.negative == 0

    for cell in problem.cells(tick=tick, limit=SAMPLE):
        tick()
        if refutes(cell):
            detail = f"on {cell.signature} the loss {cell.form.polynomial} is not constant, its Hessian is zero"
            return Outcome("refuted", detail, (forms_certificate(problem, [cell]),))
    return Outcome("undecided", "every Hessian seen is indefinite, or the loss constant")


def lemma_2(problem: Problem, tick: Tick) -> Outcome:
    """The blocks of one hidden layer are those with the coefficients a_k, alpha_k, gamma, delta of (9) to (11)."""
    if not _is_hinge(problem):
        return not_applicable(HINGE)
    cells = problem.cells(tick=tick, limit=SAMPLE)
    names = problem.forms.ring.names
    place = {name: index for index, name in enumerate(names)}
    for cell in cells:
        tick()
        coefficients = cell.form.lemma_2
        if coefficients is None:
            return not_applicable("one dense hidden layer, one output and the binary hinge loss are needed")
        terms: list[tuple[Monomial, Rational]] = [((), coefficients.delta)]
        if "b2_1" in place:
            terms.append(((place["b2_1"],), -coefficients.gamma))
        for k, (a, alpha) in enumerate(zip(coefficients.a, coefficients.alpha, strict=True), 1):
            v = place[f"W2_1_{k}"]
            terms += [((place[f"W1_{k}_{j}"], v), -entry) for j, entry in enumerate(a, 1)]
            if f"b1_{k}" in place:
                terms.append(((place[f"b1_{k}"], v), -alpha))
        if cell.form.ring.from_terms(terms) != cell.form.polynomial:
            detail = f"other coefficients on {cell.signature}"
            return Outcome("refuted", detail, (forms_certificate(problem, [cell]),))
    return over_cells(cells, [forms_certificate(problem, cells)], "the coefficients of (9) to (12)")


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
