"""Reports: the whole story of a problem, gathered once (`story`), and written in LaTeX or HTML.

- `exactrelu.reports.story`: everything that is decided about a problem, under a budget; the writers read nothing else.
"""
