"""What can be wrong with the wires of a design, in words, with the edits that mend it."""

from collections.abc import Iterator, Mapping, Sequence

from onebyone.design import Node
from onebyone.edits import disconnect, set_bypassed
from onebyone.edits.mending import keep_inputs
from onebyone.problem import Fix, Problem
from onebyone.text import visible


def bad_wires(node: Node, nodes: Mapping[str, Node]) -> Iterator[Problem]:
    """The problems of wires into the node that come from itself or from nowhere."""
    for index, source in enumerate(node.inputs):
        fix = Fix("Remove the wire", disconnect, (node.id, index))
        if source == node.id:
            yield node_problem(node, "self-loop", "its own result feeds it; remove that wire.", (fix,))
        elif source not in nodes:
            message = f"its input {index + 1} is '{source[:64]}', which is not in the design; wire it to another node."
            yield node_problem(node, "unknown-input", message, (fix,))


def cycle_problem(wires: Sequence[tuple[str, str]], nodes: Mapping[str, Node]) -> Problem:
    """The problem of results that come back to where they started, by the wires of one way round."""
    names = [f"'{visible(nodes[source].name)}'" for source, _ in wires]
    shown = " → ".join(names[:6] if len(names) > 6 else names) + (" → …" if len(names) > 6 else f" → {names[0]}")
    source, target = wires[-1]
    index = nodes[target].inputs.index(source)
    label = f"Remove the wire from '{visible(nodes[source].name)}' to '{visible(nodes[target].name)}'"
    message = f"its result comes back to it: {shown}; remove one of these wires."
    return node_problem(nodes[target], "cycle", message, (Fix(label, disconnect, (target, index)),))


def missing_ends(inputs: Sequence[str], outputs: Sequence[str]) -> Iterator[Problem]:
    """The problems of a design without inputs or without outputs."""
    if not inputs:
        yield Problem("no-input", "error", None, "The design has no input; add one for the data to enter.")
    if not outputs:
        yield Problem("no-output", "error", None, "The design has no output; add one behind its last node.")


def wrong_count(node: Node, wired: int) -> Problem | None:
    """The problem of too few or too many wires; one that leads nowhere has a problem of its own."""
    least, most = node.layer.minimum_inputs, node.layer.maximum_inputs
    if wired < least and wired == len(node.inputs):
        return _missing_input(node, least, wired)
    if most is not None and wired > most:
        return _too_many_inputs(node, most, wired)
    return None


def unreachable(node: Node) -> Problem:
    """The warning that no input of the design leads to the node."""
    message = "no input of the design leads here yet, so its shape is unknown; mend what comes before it."
    return node_problem(node, "unreachable", message, severity="warning")


def unused(node: Node) -> Problem:
    """The warning that nothing takes the result of the node."""
    message = (
        "its result is not used, so it is left out of the totals and of the source;"
        " connect it, or add an output behind it."
    )
    return node_problem(node, "unused-output", message, severity="warning")


def cannot_bypass(node: Node) -> Problem:
    """The problem of a bypass that has no single input to let through."""
    message = (
        "it is bypassed, but its kind cannot be, since no single input could stand in for its result;"
        " switch the bypass off."
    )
    fix = Fix("Switch the bypass off", set_bypassed, ((node.id,), False))
    return node_problem(node, "cannot-bypass", message, (fix,))


def _missing_input(node: Node, least: int, wired: int) -> Problem:
    if least == 1:
        return node_problem(node, "missing-input", "nothing feeds it; connect the result of another node to it.")
    have = "nothing feeds it" if wired == 0 else f"only {wired} of {least} inputs is wired"
    return node_problem(node, "missing-input", f"{have}; connect at least {least} results to it.")


def _too_many_inputs(node: Node, most: int, wired: int) -> Problem:
    if most == 0:
        message, label = "an input of the design is fed by no node; remove the wires that end here.", "Remove the wires"
    else:
        takes = "one input" if most == 1 else f"{most} inputs"
        message = f"{wired} wires end here, but it takes {takes}; remove the others, or join them in a concat or add."
        label = "Keep the first wire" if most == 1 else f"Keep the first {most} wires"
    return node_problem(node, "too-many-inputs", message, (Fix(label, keep_inputs, (node.id, most)),))


def node_problem(node: Node, code: str, message: str, fixes: tuple[Fix, ...] = (), severity: str = "error") -> Problem:
    """A problem whose message begins with the kind and the name of the node that causes it."""
    shown = visible(node.name)
    return Problem(code, severity, node.id, f"{node.layer.label} '{shown}': {message}", fixes)  # type: ignore[arg-type]
