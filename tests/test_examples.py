"""The shipped problems are what they say, and every example script runs."""

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from exactrelu import Problem, example
from exactrelu.examples import names

SCRIPTS = sorted((Path(__file__).parent.parent / "examples").glob("*.py"))

# Losses at the named points, from the papers: Yun et al. (A9), Laurent and von Brecht (figure 4), Liu (section 4.2).
LOSSES = {
    ("yun2018-three-point", "bad"): "1/3",
    ("yun2018-three-point", "good"): "0",
    ("laurent-brecht-three-minima", "global"): "0",
    ("laurent-brecht-three-minima", "dead-unsolved"): "1/3",
    ("laurent-brecht-three-minima", "all-dead"): "1",
    ("liu-two-samples", "r1"): "1",
    ("liu-two-samples", "r2"): "1/2",
    ("liu-two-samples", "r3"): "1/2",
    ("liu-two-samples", "r4"): "0",
}


@pytest.mark.parametrize(("problem", "point"), LOSSES)
def test_the_shipped_points_have_the_losses_of_the_papers(problem, point):
    assert example(problem).at(point).loss == Fraction(LOSSES[problem, point])


@pytest.mark.parametrize("name", names())
def test_every_shipped_problem_reads_back_as_itself(name):
    problem = example(name)
    assert problem.name == name and problem.source
    assert Problem.loads(problem.dumps()) == problem


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_every_example_script_runs_and_says_something(script):
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout
