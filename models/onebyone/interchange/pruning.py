"""Leaves out of a graph what no output needs."""

import msgspec

from onebyone.interchange.graph import Graph


def pruned(graph: Graph) -> Graph:
    """The graph with the steps, tensors, constants and modules that lead to its outputs; its inputs all stay."""
    needed = set(graph.outputs)
    steps = []
    for step in reversed(graph.steps):
        # What writes into its input may be read through that.
        writes = step.operator.base.endswith("_")
        if writes or not needed.isdisjoint(step.operator.results):
            steps.append(step)
            needed.update(step.operator.tensors())
            needed.update(name for name in step.operator.results if name)
    needed.update(graph.inputs)
    used = {path for step in steps for path in _around(step.module)}
    return msgspec.structs.replace(
        graph,
        steps=tuple(reversed(steps)),
        tensors={name: type for name, type in graph.tensors.items() if name in needed},
        constants={name: constant for name, constant in graph.constants.items() if name in needed},
        modules={path: kind for path, kind in graph.modules.items() if path in used},
    )


def _around(path: str) -> list[str]:
    """A module and those that hold it, by their paths."""
    bare, _, call = path.partition("@")
    parts = bare.split(".")
    inside = [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return [*inside, path] if call else inside
