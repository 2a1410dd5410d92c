"""Pages that are made from what the package and its proof files say themselves, in Markdown."""

import argparse
import re
from pathlib import Path

from exactrelu import checker
from exactrelu.cli import parser
from exactrelu.narration import notebook
from exactrelu.proof_files import proof_files

ROOT = Path(__file__).parent.parent

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$])")
MARKED = re.compile(r"``(.+?)``|(?<![\w*])\*(\w[^*\n]*?)\*(?![\w*])", re.DOTALL)


def prose(text):
    """Plain text as Markdown: ``code`` and *emphasis* stay, everything else stands as it is written."""
    parts, end = [], 0
    for found in MARKED.finditer(text):
        parts.append(SPECIAL.sub(r"\\\1", text[end : found.start()]))
        parts.append(f"`{found[1]}`" if found[1] else f"*{SPECIAL.sub(chr(92) * 2 + '1', found[2])}*")
        end = found.end()
    return "".join([*parts, SPECIAL.sub(r"\\\1", text[end:])])


def certificate_format():
    """The docstring of the checker, which is the specification of the format."""
    lines = ["# The certificate format", ""]
    blocks = re.split(r"\n\s*\n", checker.__doc__.strip("\n"))
    for number, block in enumerate(blocks):
        rows = block.split("\n")
        heading = len(rows) > 1 and set(rows[1]) == {"="}
        if heading:
            lines += [f"## {rows[0][0].upper()}{rows[0][1:]}", ""]
            rows = rows[2:]
        if rows and all(row.startswith("    ") for row in rows):
            language = "json" if rows[0].lstrip().startswith("{") else "console"
            lines += [f"```{language}", *(row[4:] for row in rows), "```", ""]
        elif number == 0:
            lines += [prose(" ".join(rows)), ""]
        else:
            lines += [*_paragraphs(rows), ""]
    return "\n".join(lines)


def _paragraphs(rows):
    """A block of text, in which some lines may begin items of a list."""
    items = [[]]
    for row in rows:
        if row.startswith("- ") or (items[-1] and items[-1][0].startswith("- ") and not row.startswith("  ")):
            items.append([])
        items[-1].append(row)
    for item in filter(None, items):
        text = "\n".join(item)
        if text.startswith("- "):
            yield "- " + prose(text[2:])
        else:
            yield "\n" + prose(text) + "\n"


def command_line():
    """The help of every command."""
    root = parser()
    commands = next(a for a in root._actions if isinstance(a, argparse._SubParsersAction))
    lines = ["# The command line", "", "What `exactrelu --help` and `exactrelu COMMAND --help` say.", ""]
    lines += ["```text", root.format_help().rstrip(), "```", ""]
    for name, sub in commands.choices.items():
        lines += [f"## exactrelu {name}", "", "```text", sub.format_help().rstrip(), "```", ""]
    return "\n".join(lines)


def proof_pages():
    """A page for each proof file, by its name: its text cells as they are, its code as code."""
    for proof in proof_files():
        lines = []
        for cell in notebook((ROOT / "proofs" / proof.name).read_text(encoding="utf-8"))["cells"]:
            text = cell["source"] if cell["cell_type"] == "markdown" else f"```python\n{cell['source']}\n```"
            lines += [text, ""]
        yield f"proofs/{proof.name.removesuffix('.py')}.md", "\n".join(lines)


def proofs_index():
    """``proofs/README.md`` with links to the pages of the files."""
    text = (ROOT / "proofs" / "README.md").read_text(encoding="utf-8").replace("../ERRATA.md", "errata.md")
    text = re.sub(r"^\| `([\w/]+)\.py` \|", r"| [`\1.py`](proofs/\1.md) |", text, flags=re.MULTILINE)
    return text + "\n```{toctree}\n:hidden:\n:glob:\n\nproofs/*\nproofs/errata/*\n```\n"


def errata():
    """``ERRATA.md`` with a section for each row of its table, and links to the pages of the files."""
    text = (ROOT / "ERRATA.md").read_text(encoding="utf-8")
    text = re.sub(r"\((proofs/[\w/]+)\.py\)", r"(\1.md)", text)
    head, _, table = text.partition("\n| claim |")
    lines = [head.replace("last column", "last line of each"), ""]
    for row in table.splitlines()[2:]:
        claim, printed, wrong, shown = (cell.replace(r"\|", "|") for cell in re.split(r"(?<!\\) \| ", row[2:-2]))
        lines += [f"## {claim}", "", f"**As printed.** {prose(printed)}", ""]
        lines += [f"**What is wrong, and what holds.** {prose(wrong)}", "", f"**Counterexample.** {shown}", ""]
    return "\n".join(lines)
