"""exactrelu: exact, certified answers about the loss landscapes of ReLU networks."""
