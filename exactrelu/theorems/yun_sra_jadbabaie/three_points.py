"""The three points of appendix A9: fitted exactly by two neurons, and a spurious minimum with loss 1/3."""

from __future__ import annotations

from exactrelu.landscape import Problem
from exactrelu.theorems.claim import Claim, Outcome, Tick, not_applicable


def zero_loss(problem: Problem, tick: Tick) -> Outcome:
    """Some named point has loss zero."""
    tick()
    for name in problem.points:
        point = problem.at(name)
        if point.loss == 0:
            return Outcome("verified", f'"{name}" has loss 0', (point.certificate("global_minimum"),))
    return Outcome("undecided", "no named point has loss zero")


def spurious_minimum(problem: Problem, tick: Tick) -> Outcome:
    """Some named point is a local minimum, but not a global one."""
    tick()
    if problem.loss.is_hinge:
        return not_applicable("the squared loss is needed")
    for name in problem.points:
        point = problem.at(name)
        certificate = point.certificate()
        if certificate.proof.get("spurious"):
            return Outcome("verified", f'"{name}" is a spurious local minimum of loss {point.loss}', (certificate,))
    return Outcome("undecided", "no named point is known to be a spurious local minimum")


INSTANCES = ("yun2018-three-point", "yun2018-three-point-relu")

CLAIMS = (
    Claim(
        "YSJ-A9.1", "Yun, Sra, Jadbabaie 2018, appendix A9, equation for (C7.1), (C7.2)",
        "The three points are fitted exactly by two hidden neurons.",
        zero_loss, INSTANCES,
        "s- > 0 is not needed: the plain ReLU fits the points too.",
    ),
    Claim(
        "YSJ-A9.2", "Yun, Sra, Jadbabaie 2018, appendix A9 and Theorem 7",
        "With piecewise linear units the three points have a local minimum with loss 1/3 that is not global.",
        spurious_minimum, INSTANCES,
    ),
)  # fmt: skip
