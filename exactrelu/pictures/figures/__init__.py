"""The figures of the papers, redrawn from exact data; see `exactrelu.pictures.figures.catalogue`."""
