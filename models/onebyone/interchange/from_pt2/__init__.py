"""The parts of reading a `.pt2` file: the archive, the schema of its graph, and its sizes."""
