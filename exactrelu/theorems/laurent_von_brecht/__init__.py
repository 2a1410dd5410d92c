"""Laurent and von Brecht, The multilinear structure of ReLU networks: LvB is ICML 2018, MLR the anonymous version."""

from exactrelu.theorems.laurent_von_brecht import binary, cells, figures, minima, multiclass

CLAIMS = (*cells.CLAIMS, *figures.CLAIMS, *minima.CLAIMS, *binary.CLAIMS, *multiclass.CLAIMS)
