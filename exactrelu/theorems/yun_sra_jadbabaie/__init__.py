"""Yun, Sra, Jadbabaie, Small nonlinearities in activation functions create bad local minima (ICLR 2019)."""

from exactrelu.theorems.yun_sra_jadbabaie import three_points

MODULES = (three_points,)
CLAIMS = tuple(claim for module in MODULES for claim in module.CLAIMS)
