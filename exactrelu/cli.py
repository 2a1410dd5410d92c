"""The command line: ``exactrelu COMMAND [FILE]``. Exit codes and JSON keys are a contract; see ``--help``.

Nothing heavy is imported before it is known what is asked.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from exactrelu.atlas_command import run_atlas
from exactrelu.audit_command import run_audit
from exactrelu.commands import (
    BAD,
    BUG,
    UNDECIDED,
    YES,
    fail,
    run_arrangement,
    run_cells,
    run_check,
    run_claims,
    run_example,
    run_forms,
    run_minimum,
)
from exactrelu.completion_command import SHELLS, run_completion
from exactrelu.errors import (
    BudgetExceeded,
    ExactReluError,
    InexactError,
    InternalContradiction,
    MalformedInput,
    Unsupported,
)
from exactrelu.plot_command import add_options as add_plot_options
from exactrelu.plot_command import run_plot
from exactrelu.point_command import run_point
from exactrelu.report_command import run_report
from exactrelu.search_command import run_search
from exactrelu.usage import epilog

DESCRIPTION = "Exact, certified answers about the loss landscapes of ReLU networks."
EPILOG = """\
a first session:
  exactrelu example                                    the shipped problems
  exactrelu example yun2018-three-point > yun.json     take one
  exactrelu point yun.json --at bad --certificate c.json
  exactrelu check c.json                               the independent checker
  exactrelu cells yun.json                             all cells of parameter space
  exactrelu forms yun.json --latex forms.tex           the loss on each of them

exit codes: 0 done, or the answer is yes; 1 the answer is no; 2 bad input or usage;
3 undecided, or the budget ran out; 4 an internal contradiction (a bug, never a verdict).
"""


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are one line."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2 and one line that says what is wrong."""
        self.exit(BAD, f"{self.prog}: {message} (see {self.prog} --help)\n")


def parser() -> Parser:
    """The grammar of the command line."""
    root = Parser(
        prog="exactrelu",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument("--version", action="version", version=_version())
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, text: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        sub = commands.add_parser(
            name, help=text, description=text[0].upper() + text[1:] + ".", epilog=epilog(name),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        sub.add_argument("--json", action="store_true", help="one JSON document on standard output, nothing else")
        sub.add_argument("--quiet", action="store_true", help="no progress, no summary")
        sub.add_argument(
            "--budget",
            type=_seconds,
            metavar="SECONDS",
            help="stop after this time; what is known is printed",
        )
        sub.set_defaults(run=run)
        return sub

    file_help = 'a problem file; "-" is standard input'
    sub = command("example", "list the shipped problems, or print one", run_example)
    sub.add_argument("name", nargs="?", metavar="NAME", help="one of the shipped problems (without: list them)")

    sub = command("arrangement", "the chambers of a hyperplane arrangement", run_arrangement)
    sub.add_argument("file", metavar="FILE", help='an arrangement file; "-" is standard input')
    sub.add_argument("--count", action="store_true", help="the number of chambers only")
    sub.add_argument("--certificate", metavar="OUT", help="write a certificate")

    sub = command("cells", "the cells of parameter space and their adjacency", run_cells)
    sub.add_argument("file", metavar="FILE", help=file_help)
    sub.add_argument("--count", action="store_true", help="the number of cells only")
    sub.add_argument(
        "--layer", type=int, metavar="L", help="only the parameters of layer L move, the others stay at NAME"
    )
    sub.add_argument(
        "--space",
        choices=("parameters", "input"),
        default="parameters",
        help="input: the linear regions at NAME",
    )
    sub.add_argument("--at", metavar="NAME", help="a named point of the problem")
    sub.add_argument(
        "--limit",
        type=_count,
        metavar="N",
        help="explore at most N cells (where a complete list is out of reach)",
    )
    sub.add_argument("--graph", metavar="OUT", help="write the adjacency graph: .graphml or .json")
    sub.add_argument("--certificate", metavar="OUT", help="write a certificate")

    sub = command("forms", "the loss on each cell as a polynomial, its blocks, Hessian facts", run_forms)
    sub.add_argument("file", metavar="FILE", help=file_help)
    sub.add_argument("--cell", metavar="SIGNATURE", help='one cell, such as "++,+;-+,-"')
    sub.add_argument(
        "--at",
        metavar="NAME",
        help="only the cell in which a named point lies, with the Hessian there",
    )
    sub.add_argument("--start", metavar="NAME", help="a named point to explore from (where not all cells are known)")
    sub.add_argument("--limit", type=_count, metavar="N", help="at most N cells")
    sub.add_argument("--latex", metavar="OUT", help="write a LaTeX document")
    sub.add_argument("--fragment", action="store_true", help="LaTeX without a preamble, for \\input")
    sub.add_argument("--pdf", metavar="OUT", help="write it as PDF (needs latexmk)")
    sub.add_argument("--certificate", metavar="OUT", help="write a certificate")

    sub = command("point", "everything decided about a point", run_point)
    sub.add_argument("file", metavar="FILE", help=file_help)
    sub.add_argument("--at", required=True, metavar="NAME", help="a named point of the problem")
    sub.add_argument("--certificate", metavar="OUT", help="write one certificate for all decisions")

    sub = command("audit", "what a trained network is, and the exact critical point near it", run_audit)
    sub.add_argument("file", metavar="FILE", help=file_help)
    sub.add_argument(
        "--checkpoint", required=True, metavar="X",
        help="its parameters: .npz, .npy, .safetensors, .pt or .pth (a state_dict; needs torch), .json",
    )  # fmt: skip
    sub.add_argument("--certificate", metavar="OUT", help="write one certificate for all decisions about a point")
    sub.add_argument(
        "--certificate-of", choices=("snapped", "checkpoint"), default="snapped",
        help="about which point (default: the exact critical point nearby)",
    )  # fmt: skip

    sub = command("minimum", "the exact global minimum (one hidden layer, one output)", run_minimum)
    sub.add_argument("file", metavar="FILE", help=file_help)
    sub.add_argument("--resume", metavar="CERTIFICATE", help="go on from the bounds of an earlier certificate")
    sub.add_argument("--certificate", metavar="OUT", help="write a certificate, of bounds if the budget ran out")

    sub = command("atlas", "every local minimum of the landscape (one hidden layer, one output)", run_atlas)
    sub.add_argument("file", metavar="FILE", help=file_help)
    sub.add_argument("--critical", action="store_true", help="every Clarke critical point, not the local minima only")
    sub.add_argument(
        "--graph", metavar="OUT", help="write the graph of the pieces, with the best loss: .graphml or .json"
    )
    text = "go on from an earlier certificate that is not complete (of the same kind, with or without --critical)"
    sub.add_argument("--resume", metavar="CERTIFICATE", help=text)
    sub.add_argument("--certificate", metavar="OUT", help="write a certificate, of what is known if the budget ran out")

    sub = command("report", "the whole story of a problem: .tex, .pdf or .html", run_report)
    sub.add_argument("file", metavar="FILE", help=file_help)
    sub.add_argument("-o", "--output", metavar="OUT", help="where to; the ending says the format")
    sub.add_argument("--critical", action="store_true", help="all Clarke critical points too (one hidden layer)")
    sub.add_argument("--limit", type=_count, metavar="N", help="list at most N of everything (default 100; .html 150)")
    sub.add_argument("--fragment", action="store_true", help="LaTeX without a preamble, for \\input")
    sub.add_argument("--fragments", metavar="DIR", help="the same in one file for each section, and macros.tex")
    sub.add_argument("--certificates", metavar="DIR", help="write all certificates into a folder")
    sub.add_argument(
        "--check", metavar="TEX", action="append",
        help="compare the constants that a manuscript marks by \\exact{key}{value} or %% exact: key",
    )  # fmt: skip
    sub.add_argument("--keys", action="store_true", help="list the keys of all constants, with their values")

    sub = command("search", "the smallest data set with a property, or the proof that there is none", run_search)
    sub.add_argument(
        "property", nargs="?", metavar="PROPERTY",
        help="spurious, sharp-spurious, positive-minimum, claim:ID or critical-claim:ID; without it they are listed",
    )  # fmt: skip
    for name, what, most in (
        ("points", "data points", 3), ("dimension", "input dimension", 1), ("neurons", "hidden neurons", 1),
        ("height", "height of the numbers: |p|, |q| of p/q", 1),
    ):  # fmt: skip
        text = f"{what}, at most B, or from A to B (default {most})"
        sub.add_argument(f"--{name}", type=_range, default=(1, most), metavar="[A-]B", help=text)
    sub.add_argument("--loss", choices=("hinge", "squared"), default="hinge", help="(default hinge)")
    sub.add_argument("--slopes", nargs=2, default=("1", "0"), metavar=("S+", "S-"), help="(default 1 0, which is ReLU)")
    sub.add_argument("--bias", choices=("both", "hidden", "output", "none"), default="both", help="(default both)")
    sub.add_argument("--distinct", action="store_true", help="only data sets without equal points")
    sub.add_argument(
        "--order", default="points,dimension,neurons,height", metavar="NAMES",
        help="what smallest means: by the first, then the second, .. (default points,dimension,neurons,height)",
    )  # fmt: skip
    sub.add_argument("--all", action="store_true", help="all data sets of the smallest size, up to symmetry")
    sub.add_argument("--problem", metavar="OUT", help="write the data set found as a problem file, with its points")
    sub.add_argument("--resume", metavar="CERTIFICATE", help="go on from an earlier certificate")
    sub.add_argument("--certificate", metavar="OUT", help="write a certificate, of what is known if the budget ran out")

    sub = command("plot", "a picture: SVG, PDF or PNG by the ending of OUT", run_plot)
    add_plot_options(sub)

    sub = command("claims", "list the claims of the papers, show one, or run some", run_claims)
    sub.add_argument("id", nargs="?", metavar="ID", help="a claim, such as LvB-T1")
    sub.add_argument("file", nargs="?", metavar="FILE", help="run it on this problem instead of its own instances")
    sub.add_argument("--all", action="store_true", help="run all of them")
    sub.add_argument("--errata", action="store_true", help="the table of the claims that fail as printed (Markdown)")
    sub.add_argument("--random", type=_count, metavar="N", help="run on N random exact instances")
    sub.add_argument("--seed", type=int, default=0, metavar="S", help="which instances these are (default 0)")

    sub = command("check", "run the independent checker on certificates", run_check)
    sub.add_argument("certificates", nargs="+", metavar="CERTIFICATE", help='certificate files; "-" is standard input')
    text = "print the lines of the checker that the verdict rests on (--json: their numbers)"
    sub.add_argument("--lines", action="store_true", help=text)

    sub = command("completion", "what makes a shell complete commands, options and names", run_completion)
    sub.add_argument("shell", choices=SHELLS, help="print the script for this shell")
    sub.set_defaults(grammar=root)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is that of the contract."""
    sys.set_int_max_str_digits(0)  # exact numbers may be long
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us, as by >&-
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    options = parser().parse_args(_joined(sys.argv[1:] if arguments is None else arguments))
    try:
        code: int = options.run(options)
        sys.stdout.flush()  # so that a closed pipe is noticed here
        return code
    except (MalformedInput, InexactError) as error:
        return fail(options, BAD, str(error))
    except (BudgetExceeded, Unsupported) as error:
        return fail(options, UNDECIDED, str(error))
    except KeyboardInterrupt:
        return fail(options, UNDECIDED, "interrupted")
    except (MemoryError, RecursionError):
        return fail(options, UNDECIDED, "the problem is too large for the memory of this machine")
    except InternalContradiction as error:
        return fail(options, BUG, f"internal contradiction, please report it: {error}")
    except BrokenPipeError:
        _abandon_output()
        return YES
    except OSError as error:
        _abandon_output()
        return fail(options, BAD, f"standard output: found {error.strerror}, needed a place that can be written")
    except ExactReluError as error:
        return fail(options, BAD, str(error))


def _joined(arguments: Sequence[str]) -> list[str]:
    """The arguments with a signature bound to its ``--cell``: it may begin with a minus, as options do.

    The numbers of a ``--window`` may too, such as -1/2: a space before them says that they are no options.
    """
    result = list(arguments)
    for place, word in enumerate(result[:-1]):
        if word == "--cell":
            result[place : place + 2] = [f"--cell={result[place + 1]}"]
            break
        if word == "--window":
            numbers = result[place + 1 : place + 5]
            result[place + 1 : place + 5] = [f" {n}" if n[0:1] == "-" and n[1:2].isdigit() else n for n in numbers]
    return result


def _abandon_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _version() -> str:
    from exactrelu import __version__

    return f"exactrelu {__version__}"


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"found {text}, needed a number of seconds")
    return value


def _range(text: str) -> tuple[int, int]:
    low, _, high = text.rpartition("-") if "-" in text else ("1", "", text)
    if not (low.isdecimal() and high.isdecimal() and 1 <= int(low) <= int(high)):
        raise argparse.ArgumentTypeError(f"found {text}, needed B or A-B with 1 <= A <= B")
    return int(low), int(high)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"found {text}, needed a number of at least 1")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
