"""Liu, section 2: in a cell the outputs are linear in R_j = z_j w_j."""

from __future__ import annotations

from exactrelu.cells import Cell
from exactrelu.landscape import Problem
from exactrelu.theorems.claim import Claim, Outcome, Tick, not_applicable, on_all_cells


def lifted(problem: Problem, tick: Tick) -> Outcome:
    """Every term of an output has exactly one output weight z_k and one weight (or bias) of the same neuron k."""
    network = problem.network
    if network.hidden_layers != 1 or network.widths[-1] != 1 or network.layers[1].bias:
        return not_applicable("one hidden layer, one output and no output bias are needed")
    if problem.loss.is_hinge or network.output_activation or any(layer.kind != "dense" for layer in network.layers):
        return not_applicable("dense layers and the squared loss are needed")
    return on_all_cells(problem, tick, _is_linear_in_products, "outputs linear in R_j = z_j w_j")


def _is_linear_in_products(cell: Cell) -> bool:
    names = [name.split("_") for name in cell.form.ring.names]
    monomials = [[names[j] for j in monomial] for (output,) in cell.form.outputs for monomial, _ in output.terms]
    return all(len(m) == 2 and m[1][0] == "W2" and m[0][1] == m[1][2] for m in monomials)


CLAIMS = (
    Claim(
        "LIU-(2)", "Liu, equation (2)",
        "In a cell the loss depends on (z, w) only through R_j = z_j w_j, and the outputs are linear in R.",
        lifted, ("liu-two-samples", "liu-two-samples-opposite"),
    ),
)  # fmt: skip
