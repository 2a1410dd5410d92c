"""Liu: the landscape of one hidden layer without output bias, in the variables R_j = z_j w_j."""

from __future__ import annotations

from exactrelu.landscape import Problem, forms_certificate
from exactrelu.theorems.claim import Claim, Outcome, Tick, not_applicable, over_cells


def lifted(problem: Problem, tick: Tick) -> Outcome:
    """Every term of an output has exactly one output weight z_k and one weight (or bias) of the same neuron k."""
    network = problem.network
    if network.hidden_layers != 1 or network.widths[-1] != 1 or network.layers[1].bias:
        return not_applicable("one hidden layer, one output and no output bias are needed")
    if problem.loss.is_hinge or network.output_activation or any(layer.kind != "dense" for layer in network.layers):
        return not_applicable("dense layers and the squared loss are needed")
    names = problem.forms.ring.names
    cells = problem.cells(tick=tick)
    for cell in cells:
        tick()
        for (output,) in cell.form.outputs:
            for monomial, _ in output.terms:
                first, second = (names[j].split("_") for j in monomial)
                if len(monomial) != 2 or second[0] != "W2" or first[1] != second[2]:
                    detail = f"a term that is no product z_k w_kj on {cell.signature}"
                    return Outcome("refuted", detail, (forms_certificate(problem, [cell]),))
    return over_cells(cells, [forms_certificate(problem, cells)], "outputs linear in R_j = z_j w_j")


CLAIMS = (
    Claim(
        "LIU-(2)", "Liu, equation (2)",
        "In a cell the loss depends on (z, w) only through R_j = z_j w_j, and the outputs are linear in R.",
        lifted, ("liu-two-samples", "liu-two-samples-opposite"),
    ),
)  # fmt: skip
