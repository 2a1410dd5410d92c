"""A story in LaTeX, for an appendix: ASCII, the same bytes for the same problem, nothing wider than the column.

- `macros`: the macros, which an author can define otherwise, and the preamble of a document of its own;
- `tables`: tables, which become lists where they are too wide, and polynomials;
- `problem`, `cells`, `points`, `minima`, `certificates`: one module for each section, lines of LaTeX from results;
- `document`: the sections together, as a document, as one fragment, or as one fragment each.
"""
