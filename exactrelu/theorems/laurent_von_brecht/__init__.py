"""Laurent and von Brecht, The multilinear structure of ReLU networks: LvB is ICML 2018, MLR the anonymous version."""

from exactrelu.theorems.laurent_von_brecht import binary, cells, data, descent, figures, minima, multiclass, penalty

MODULES = (cells, figures, minima, data, descent, binary, multiclass, penalty)
CLAIMS = tuple(claim for module in MODULES for claim in module.CLAIMS)
