"""Reports: the whole story of a problem, gathered once (`story`), and written in LaTeX or HTML.

- `exactrelu.reports.story`: everything that is decided about a problem, under a budget; the writers read nothing else.
- `exactrelu.reports.reasons`: what each rule of a decision proves, in words.
- `exactrelu.reports.latex`: the story in LaTeX, for an appendix.
- `exactrelu.reports.constants`: the constants of a problem by keys; `manuscript` compares those that a paper marks.
- `exactrelu.reports.html`: the story as one page for a browser, from ``page.html.jinja``, ``page.css`` and ``page.js``;
  `mathml` (numbers, polynomials, matrices), `setting` (network, loss, data), `cell_graph` and `layout` (the cells).
"""
