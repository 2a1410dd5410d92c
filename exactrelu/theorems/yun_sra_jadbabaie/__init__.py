"""Yun, Sra, Jadbabaie, Small nonlinearities in activation functions create bad local minima (ICLR 2019)."""

from exactrelu.theorems.yun_sra_jadbabaie import (
    activations,
    appendix_a6,
    deep_linear,
    expansions,
    lemmas,
    remarks,
    theorem_6,
    theorem_7,
    three_points,
)
from exactrelu.theorems.yun_sra_jadbabaie.bad_minima import spurious_minimum

MODULES = (deep_linear, lemmas, remarks, theorem_6, appendix_a6, theorem_7, activations, expansions, three_points)
CLAIMS = tuple(claim for module in MODULES for claim in module.CLAIMS)

__all__ = ["CLAIMS", "MODULES", "spurious_minimum"]
