"""The claims of the papers, one module for each paper; `exactrelu.theorems.catalogue` lists them."""
