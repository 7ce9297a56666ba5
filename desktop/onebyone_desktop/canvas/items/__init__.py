"""What is drawn on the canvas: nodes, wires and groups, and how they look."""
