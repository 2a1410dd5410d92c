"""Yun, Sra, Jadbabaie, Small nonlinearities in activation functions create bad local minima (ICLR 2019)."""

from exactrelu.theorems.yun_sra_jadbabaie import deep_linear, lemmas, remarks, theorem_6, three_points
from exactrelu.theorems.yun_sra_jadbabaie.bad_minima import spurious_minimum

MODULES = (deep_linear, lemmas, remarks, theorem_6, three_points)
CLAIMS = tuple(claim for module in MODULES for claim in module.CLAIMS)

__all__ = ["CLAIMS", "MODULES", "spurious_minimum"]
