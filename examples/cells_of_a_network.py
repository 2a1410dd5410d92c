"""All cells of a small network, the cell graph in networkx, and the loss on the cells where it is constant."""

import networkx

from exactrelu import example

problem = example("laurent-brecht-one-neuron")
cells = problem.cells()
graph = cells.graph()
print(f"{len(cells)} cells, {graph.number_of_edges()} adjacencies, diameter {networkx.diameter(graph)}")
for cell in cells:
    if cell.is_flat:
        print(f"the loss is {cell.form.polynomial} on the whole cell {cell.signature}")
