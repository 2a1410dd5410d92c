"""The documentation: hand-written pages in Markdown, the rest from docstrings; ``sphinx-build -W -n docs OUT``.

Nothing is fetched. What the package says itself is written to ``_made`` before the build: the certificate format from
the docstring of the checker, the commands from their help, the proof files, the errata, the notebook of the tour.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import pages  # noqa: E402
from references import exists, names_of_the_package  # noqa: E402

import exactrelu  # noqa: E402
from exactrelu.narration import notebook  # noqa: E402

project, author, release = "exactrelu", "The exactrelu developers", exactrelu.__version__
copyright = "The exactrelu developers, MIT licence"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.viewcode", "mathml"]
exclude_patterns = ["_build", "pictures"]
default_role = "py:obj"
nitpicky, smartquotes = True, False
myst_heading_anchors = 3
myst_enable_extensions = ["dollarmath"]
myst_dmath_double_inline = True
html_math_renderer = "mathml"
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autodoc_default_options = {"members": True}
add_module_names = False
python_use_unqualified_type_names = True
html_theme = "furo"
html_title = f"exactrelu {release}"
html_static_path = ["_static"]
html_css_files = ["exactrelu.css"]
html_copy_source = False
html_show_sphinx = False
pygments_style, pygments_dark_style = "tango", "monokai"


def make_pages(app):
    """The pages that are made from the package."""
    made = Path(app.srcdir, "_made")
    tour = notebook((ROOT / "examples" / "tour.py").read_text(encoding="utf-8"))
    texts = {
        "certificates.md": pages.certificate_format(), "commands.md": pages.command_line(),
        "proofs.md": pages.proofs_index(), "errata.md": pages.errata(), **dict(pages.proof_pages()),
        "tour.ipynb": json.dumps(tour, indent=1) + "\n",
    }  # fmt: skip
    for name, text in texts.items():
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def plain_bars(app, what, name, obj, options, lines):
    """In docstrings |x| is an absolute value, no substitution."""
    lines[:] = [line if line.lstrip().startswith(">>>") else line.replace("|", r"\|") for line in lines]


def known_without_a_page(app, env, node, content):
    """A reference to what exists but has no page is set as it stands; to what does not exist it is an error."""
    if node.get("refdomain") != "py":
        return None
    if node.get("reftype") == "class":  # an annotation, which may have been cut at its first bracket
        name = node["reftarget"].partition("[")[0]
        return content if exists(name, ":") or name.rpartition(".")[2] in names_of_the_package() else None
    place = f"{node.get('py:module') or ''}:{node.get('py:class') or ''}"
    return content if exists(node["reftarget"], place) else None


def setup(app):
    app.connect("builder-inited", make_pages)
    app.connect("autodoc-process-docstring", plain_bars)
    app.connect("missing-reference", known_without_a_page)
