"""Pictures of landscapes: the geometry is exact, only the drawing coordinates are floats.

| module | one line |
|---|---|
| `style` | colours, hatches, markers, sizes that survive print in grey; figures; SVG, PDF, PNG without dates |
| `picture` | what a drawing returns: a figure, its caption, its exact facts; and what one may wish of a drawing |
| `polygon` | convex polygons with rational corners |
| `clarke_fan`, `clarke_plane` | the gradients of the incident cells, the plane that is telling, the hull |
| `figures` | the figures of the papers, redrawn from exact data, or refused with the reason |
| `planes` | slices of parameter space, and the plane of the inputs: units as polynomials in two variables |
| `curves` | irreducible curves, critical values, certified roots |
| `regions`, `subdivision`, `sectors` | the exact subdivision of a window into regions of constant signature |
| `views` | which slice and which window are shown, and the verdicts on the named points in it |
| `raster`, `labels` | the colour between walls, in floats; where labels go |
| `minima` | the areas, curves and points of local minima in a slice, each proved |
| `weight_slice`, `loss_surface`, `data_picture`, `graph_picture`, `stress` | the kinds, and the layout of graphs |
| `catalogue` | all kinds of pictures by name: a line about each, whether it applies to a problem, how it is drawn |

Each kind is a module of its own with two functions: ``draw(subject, wishes) -> Picture``, and
``why_not(subject) -> str``, which is empty where the kind applies and else says what is missing. The subject is a
problem or an arrangement. matplotlib is optional (``pip install "exactrelu[plot]"``) and is imported when something is
drawn, never before.
"""
