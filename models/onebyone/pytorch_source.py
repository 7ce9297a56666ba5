"""Readable PyTorch source of a design: what the Code panel shows, what is exported, and what the worker runs."""

import re
from collections import Counter

import msgspec

from onebyone.analysis import Analysis, analyze
from onebyone.design import Design
from onebyone.edits.bypass import effective
from onebyone.errors import SourceError
from onebyone.layers.module_names import MODULE_NAMES
from onebyone.quantity import count, shape
from onebyone.quantity import macs as shown_macs

_LOCAL_NAMES = frozenset({"self", "torch", "nn", "Tensor", "clock", "sum"})
_LINE_LENGTH = 100


class TorchModule(msgspec.Struct, frozen=True):
    """The text of a module and what is needed to run it and to read its times.

    `attributes` maps node ids to the attributes that hold their layers; `statements` are the ids of the nodes in the
    order of the forward pass, one statement each. `forward` takes the tensors of `inputs` and returns one tensor, or
    a tuple with one for each of `outputs`. With clocks, `self.clock` is called before the first statement and after
    each.
    """

    text: str
    class_name: str
    attributes: dict[str, str]
    statements: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def torch_source(design: Design, analysis: Analysis | None = None) -> str:
    """The text of a Python module with an nn.Module class named after the design, after those that it needs.

    Raises:
        SourceError: The design has an error.
    """
    return torch_module(design, analysis).text


def torch_module(design: Design, analysis: Analysis | None = None, clocked: bool = False) -> TorchModule:
    """The module of a design; `clocked` puts a call of `self.clock` between the statements of the forward pass.

    Bypassed nodes are left out.

    Raises:
        SourceError: The design has an error.
    """
    known = analyze(design) if analysis is None or analysis.design is not design else analysis
    for problem in known.problems:
        if problem.severity == "error":
            raise SourceError(f"There is no source for a design with errors. {problem.message}")
    active = effective(design)
    if active is not design:
        known = analyze(active, bytes_per_element=known.bytes_per_element)
    writer = _Writer(active, known, clocked)
    return TorchModule(
        writer.text(),
        class_name(design.name),
        writer.attributes,
        writer.statements,
        known.input_ids,
        known.output_ids,
    )


def class_name(name: str) -> str:
    """A class name made of the words of a design's name: "Inception 3a (naive)" gives Inception3aNaive."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    joined = "".join(word[0].upper() + word[1:] for word in words)[:64]
    if not joined:
        return "Block"
    return joined if joined[0].isalpha() and joined not in {"Tensor", "None", "True", "False"} else f"Block{joined}"


class _Writer:
    """Chooses names and writes the lines."""

    def __init__(self, design: Design, analysis: Analysis, clocked: bool) -> None:
        self._design = design
        self._analysis = analysis
        self._clocked = clocked
        self._nodes = analysis.design_nodes
        order = analysis.order
        self.statements = tuple(n for n in order if not (self._nodes[n].layer.is_entry or self._nodes[n].layer.is_exit))
        self._uses = Counter(source for name in order for source in self._nodes[name].inputs)
        self._constructors = {n: self._nodes[n].layer.torch_source(*analysis.nodes[n].inputs) for n in self.statements}
        self._helpers: dict[str, str] = {}
        for name in self.statements:
            self._helpers |= self._nodes[name].layer.helpers(*analysis.nodes[name].inputs)
        self.attributes = self._named([n for n in self.statements if self._constructors[n]], MODULE_NAMES)
        self._variables = self._named_variables()

    def _named(self, ids: list[str], reserved: frozenset[str]) -> dict[str, str]:
        """Each id as itself, or with underscores behind it where the name is reserved."""
        taken = set(self._analysis.order)
        names = {}
        for node_id in ids:
            name = node_id
            while name in reserved or (name != node_id and name in taken):
                name += "_"
            taken.add(name)
            names[node_id] = name
        return names

    def _named_variables(self) -> dict[str, str]:
        """The variable of each result. A chain of layers shares the name of its last, the trunk to the output is x."""
        names = self._named([*self._analysis.input_ids, *self.statements], _LOCAL_NAMES)
        returned = {source for output in self._analysis.output_ids for source in self._nodes[output].inputs}
        trunk = "x" if "x" not in names.values() and len(returned) == 1 else None
        # The only user where there is one: what leads to no output does not run.
        followers = {source: name for name in self._analysis.order for source in self._nodes[name].inputs}
        variables: dict[str, str] = {}
        for name in reversed(self.statements):
            follower = followers[name] if self._uses[name] == 1 else ""
            if trunk is not None and name in returned:
                variables[name] = trunk
            elif follower in variables and len(self._nodes[follower].inputs) == 1:
                variables[name] = variables[follower]
            else:
                variables[name] = names[name]
        return variables | {name: names[name] for name in self._analysis.input_ids}

    def text(self) -> str:
        forward = self._forward()
        layers = [_wrapped(f"self.{self.attributes[n]} = ", self._constructors[n]) for n in self.attributes]
        helpers = [line for text in self._helpers.values() for line in ("", "", text)]
        used = "\n".join((*helpers, *forward))
        imports = ["import torch"] if "torch." in used else []
        lines = [
            *self._heading(),
            *imports,
            "from torch import Tensor, nn",
            *helpers,
            "",
            "",
            *self._class_lines(layers),
            *forward,
        ]
        return "\n".join(lines) + "\n"

    def _heading(self) -> list[str]:
        name = ascii(self._design.name)[1:-1]
        return [f"# {name}", ""] if name else []

    def _class_lines(self, layers: list[str]) -> list[str]:
        totals = self._analysis.totals
        entering = ", ".join(shape(self._analysis.nodes[n].shape) for n in self._analysis.input_ids)
        leaving = ", ".join(shape(self._analysis.nodes[n].shape) for n in self._analysis.output_ids)
        costs = f"{count(totals.parameters)} parameters, {shown_macs(totals.macs, 'decimal')} MACs"
        lines = [
            f"class {class_name(self._design.name)}(nn.Module):",
            f'    """{entering} → {leaving}; {costs}."""',
            "",
        ]
        if not layers:
            return lines
        body = "\n".join(layers).replace("\n", "\n        ")
        return [*lines, "    def __init__(self) -> None:", "        super().__init__()", f"        {body}", ""]

    def _forward(self) -> list[str]:
        arguments = ", ".join(f"{self._variables[n]}: Tensor" for n in self._analysis.input_ids)
        results = [self._variables[self._nodes[n].inputs[0]] for n in self._analysis.output_ids]
        kind = "Tensor" if len(results) == 1 else f"tuple[{', '.join(['Tensor'] * len(results))}]"
        lines = ["clock = self.clock", "clock()"] if self._clocked else []
        for step, name in enumerate(self.statements):
            is_last = step == len(self.statements) - 1
            expression = self._expression(name)
            variable = self._variables[name]
            if is_last and results == [variable] and not self._clocked:
                results = [expression]
                break
            lines.append(_wrapped(f"{variable} = ", expression))
            spent = self._spent(name)
            if spent and not is_last:
                lines.append(f"del {', '.join(spent)}")
            if self._clocked:
                lines.append("clock()")
        lines.append(_wrapped("return ", ", ".join(results)))
        body = "\n".join(lines).replace("\n", "\n        ")
        return [_wrapped("    def forward", f"(self, {arguments}) -> {kind}:", "    "), f"        {body}"]

    def _expression(self, name: str) -> str:
        node = self._nodes[name]
        arguments = tuple(self._variables[source] for source in node.inputs)
        return node.layer.torch_expression(self.attributes.get(name, name), arguments)

    def _spent(self, name: str) -> list[str]:
        """Variables that nothing reads after this statement; deleting them keeps memory at its least."""
        topology = self._analysis.topology
        step = topology.rank[name]
        sources = dict.fromkeys(self._nodes[name].inputs)
        return [
            self._variables[source]
            for source in sources
            if topology.freed_at.get(source) == step
            and not self._nodes[source].layer.is_entry
            and self._variables[source] != self._variables[name]
        ]


def _wrapped(start: str, text: str, indent: str = "") -> str:
    """One line, or one line an argument of the outermost parentheses where it would be too long."""
    if len(start) + len(text) + 8 <= _LINE_LENGTH or "(" not in text:
        return start + text
    first, last = text.index("("), text.rindex(")")
    parts = _split_arguments(text[first + 1 : last])
    if len(parts) == 1 and "(" in parts[0]:
        return start + text
    lines = "".join(f"\n{indent}    {part}," for part in parts)
    return f"{start}{text[: first + 1]}{lines}\n{indent}{text[last:]}"


def _split_arguments(text: str) -> list[str]:
    parts, depth, begin = [], 0, 0
    for place, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if character == "," and depth == 0:
            parts.append(text[begin:place].strip())
            begin = place + 1
    rest = text[begin:].strip()
    return [*parts, rest] if rest else parts
