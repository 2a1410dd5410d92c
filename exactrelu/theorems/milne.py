"""Milne, Piecewise strong convexity of neural networks: the claim on the Laplacian."""

from __future__ import annotations

from exactrelu.landscape import Problem
from exactrelu.theorems.claim import Claim, Outcome, Tick, not_applicable, on_all_cells


def lemma_2(problem: Problem, tick: Tick) -> Outcome:
    """On every cell the Laplacian of the squared loss is a sum of squares: the loss is subharmonic."""
    if problem.loss.is_hinge or problem.loss.weight_decay:
        return not_applicable("the squared loss without weight decay is needed")
    return on_all_cells(
        problem, tick, lambda cell: cell.form.laplacian_is_sum_of_squares, "the Laplacian is a sum of squares"
    )


CLAIMS = (
    Claim(
        "MIL-L2", "Milne, Lemma 2",
        "Where the squared loss is smooth it is subharmonic; at a local maximum it is not smooth, or constant nearby.",
        lemma_2, ("milne-two-neurons", "liu-two-samples", "yun2018-three-point"),
        "The neighbourhood must be connected for the last conclusion; the identity holds as it stands.",
    ),
)  # fmt: skip
