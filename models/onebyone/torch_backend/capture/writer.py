"""Turns a traced graph into plain values: operators with named arguments, types, constants and modules."""

import math
import operator
import re
from typing import Any

from .words import CaptureError

#: The most values of a constant that stand in the graph itself.
MAX_VALUES = 64
#: What tensors are called that the module holds without a name for them.
CONSTANT = "captured.constant."
#: Regions that run where they stand, and the argument that is their graph.
_INLINED = {"wrap_with_set_grad_enabled": 1, "wrap_with_autocast": 4}
_CHECKS = ("_assert", "_check", "sym_constrain", "_set_grad_enabled", "_enter_autocast", "_exit_autocast")


class Writer:
    """Turns a traced graph into plain values."""

    def __init__(self, module: Any, inputs: tuple[Any, ...]) -> None:
        self.tensors: dict[str, Any] = {}
        self._types: dict[str, Any] = {}
        self._constants: dict[str, Any] = {}
        self._steps: list[Any] = []
        self._modules: dict[str, str] = {}
        self._inputs: list[str] = []
        self._outputs: list[str] = []
        self._batch = inputs[0].shape[0] if inputs and hasattr(inputs[0], "shape") and inputs[0].dim() else 1
        # What a node of the traced graph stands for: a name, a list of names, or a plain value.
        self._values: dict[Any, Any] = {}
        self._named: dict[Any, str] = {}
        self._taken: set[str] = set()
        # A tensor that the module has under several names goes by the first.
        for name, tensor in (*module.named_parameters(), *module.named_buffers()):
            self._named.setdefault(_identity(tensor), name)

    @classmethod
    def of_program(cls, program: Any, module: Any, inputs: tuple[Any, ...]) -> "Writer":
        """Of an exported program."""
        writer = cls(module, inputs)
        signature = program.graph_signature
        specs = {spec.arg.name: spec for spec in signature.input_specs if hasattr(spec.arg, "name")}
        for node in program.graph.nodes:
            if node.op != "placeholder":
                continue
            spec: Any = specs.get(node.name)
            kind = spec.kind.name if spec is not None else "USER_INPUT"
            if kind in {"PARAMETER", "BUFFER"}:
                holder = program.state_dict if spec.target in program.state_dict else program.constants
                writer._keep(node, spec.target, holder[spec.target], kind.lower())
            elif kind == "CONSTANT_TENSOR":
                writer._keep(node, spec.target, program.constants[spec.target], "constant")
            elif kind == "USER_INPUT":
                writer._enter(node)
            else:
                raise CaptureError(f"The module needs an input of the kind {kind.lower()}, which is not read.")
        kinds = [spec.kind.name for spec in signature.output_specs]
        writer._walk(program.graph_module, kinds)
        return writer

    @classmethod
    def of_run(cls, module: Any, inputs: tuple[Any, ...]) -> "Writer":
        """Of one run that is recorded; there is no word on modules then."""
        import torch
        from torch.fx.experimental.proxy_tensor import make_fx

        state = {**dict(module.named_parameters()), **dict(module.named_buffers())}
        names, values = list(state), [value.detach() for value in state.values()]
        roles = ["parameter"] * len(dict(module.named_parameters())) + ["buffer"] * len(dict(module.named_buffers()))

        def forward(held: list[Any], arguments: list[Any]) -> Any:
            return torch.func.functional_call(module, dict(zip(names, held, strict=True)), tuple(arguments))

        traced = make_fx(forward, tracing_mode="real", pre_dispatch=True)(values, list(inputs))
        writer = cls(module, inputs)
        places = [node for node in traced.graph.nodes if node.op == "placeholder"]
        for node, name, value, role in zip(places, names, values, roles, strict=False):
            writer._keep(node, name, value, role)
        for node, value in zip(places[len(names) :], inputs, strict=True):
            node.meta["val"] = value
            writer._enter(node)
        writer._walk(traced, [])
        return writer

    def graph(self, module: Any, name: str) -> dict[str, Any]:
        """The graph as plain values."""
        return {
            "name": name,
            "steps": self._steps,
            "tensors": self._types,
            "constants": self._constants,
            "inputs": self._inputs,
            "outputs": self._outputs,
            "modules": self._modules,
            "batch": self._batch,
            "parameters": sum(parameter.numel() for parameter in module.parameters()),
        }

    def _keep(self, node: Any, name: str, tensor: Any, role: str) -> None:
        """A tensor that the module brings along; one that it has under two names is kept once."""
        key = _identity(tensor)
        if role == "constant" and key not in self._named:
            self._named[key] = f"{CONSTANT}{len(self._named)}.{name}"
        name = self._named.setdefault(key, name)
        self.tensors[name] = tensor
        constant: dict[str, Any] = {"name": name, "type": _type(tensor), "role": role}
        if tensor.numel() <= MAX_VALUES:
            constant["values"] = [_plain_number(value) for value in tensor.detach().reshape(-1).tolist()]
        self._values[node] = self._name_of(node)
        self._constants[self._values[node]] = constant

    def _name_of(self, node: Any) -> str:
        """A name for what a node gives: graphs within the graph use names again."""
        name, number = str(node.name), 2
        while name in self._taken:
            name, number = f"{node.name}_again{number}", number + 1
        self._taken.add(name)
        return name

    def _enter(self, node: Any) -> None:
        import torch

        value = node.meta.get("val")
        if not isinstance(value, torch.Tensor):
            # A number or a flag among the arguments is what it was while tracing.
            self._values[node] = _Plain(value)
            return
        name = self._values[node] = self._name_of(node)
        self._types[name] = _type(value)
        self._inputs.append(name)

    def _walk(self, graph_module: Any, kinds: list[str], arguments: tuple[Any, ...] | None = None) -> Any:
        import torch

        places = iter(arguments or ())
        for node in graph_module.graph.nodes:
            if node.op == "placeholder":
                if arguments is not None:
                    self._values[node] = next(places)
            elif node.op == "get_attr":
                value = _attribute(graph_module, node.target)
                if isinstance(value, torch.Tensor):
                    self._keep(node, node.target, value, "constant")
                else:
                    self._values[node] = _Plain(value)
            elif node.op == "call_function":
                self._call(node, graph_module)
            elif node.op == "output":
                results = node.args[0]
                if arguments is not None:
                    return (
                        [self._values[each] for each in results]
                        if isinstance(results, tuple | list)
                        else self._values[results]
                    )
                self._leave(results, kinds)
        return None

    def _call(self, node: Any, graph_module: Any) -> None:
        import torch

        target = node.target
        if target is operator.getitem:
            self._values[node] = self._values[node.args[0]][node.args[1]]
            return
        name = getattr(target, "_name", None) or getattr(target, "__name__", str(target))
        if name in _INLINED:
            place = _INLINED[name]
            inner = _attribute(graph_module, node.args[place].target)
            given = tuple(self._values[each] for each in node.args[place + 1 :])
            self._values[node] = self._walk(inner, [], given)
            return
        value = node.meta.get("val")
        if isinstance(value, int | float | bool | torch.SymInt | torch.SymFloat | torch.SymBool):
            self._values[node] = _Plain(_number(value))
            return
        if not isinstance(target, torch._ops.OpOverload):
            raise CaptureError(f"The module calls {name}, which is not an operator that can be read.")
        if any(check in str(target) for check in _CHECKS):
            return
        self._step(node, target)

    def _step(self, node: Any, target: Any) -> None:
        import torch

        value = node.meta.get("val")
        if value is None:
            value = node.meta.get("tensor_meta")
        results = value if isinstance(value, tuple | list) else (value,)
        own = self._name_of(node)
        names = [own if len(results) == 1 else f"{own}.{place}" for place in range(len(results))]
        for name, result in zip(names, results, strict=True):
            if isinstance(result, torch.Tensor):
                self._types[name] = _type(result)
        schema = target._schema.arguments
        arguments = {each.name: self._argument(given) for each, given in zip(schema, node.args, strict=False)}
        arguments |= {key: self._argument(given) for key, given in node.kwargs.items()}
        step: dict[str, Any] = {"operator": {"target": str(target), "arguments": arguments, "results": names}}
        module = self._module(node)
        if module:
            step["module"] = module
        variable = _variable(node.meta.get("stack_trace") or "")
        if variable:
            step["variable"] = variable
        self._steps.append(step)
        self._values[node] = names if isinstance(value, tuple | list) else names[0]

    def _argument(self, value: Any) -> Any:
        import torch

        if isinstance(value, torch.fx.Node):
            value = self._values.get(value)
            if isinstance(value, _Plain):
                return _plain_number(value.value)
            if isinstance(value, list):
                return [None if name is None else {"is": "tensor", "name": name} for name in value]
            return None if value is None else {"is": "tensor", "name": value}
        if isinstance(value, list | tuple):
            return [self._argument(each) for each in value]
        if isinstance(value, torch.dtype | torch.memory_format | torch.layout | torch.device):
            return str(value).removeprefix("torch.")
        if value is None or isinstance(value, bool | str):
            return value
        return _plain_number(_number(value))

    def _leave(self, results: Any, kinds: list[str]) -> None:
        import torch

        flat = results if isinstance(results, tuple | list) else (results,)
        flat, _ = torch.utils._pytree.tree_flatten(flat, is_leaf=lambda each: isinstance(each, torch.fx.Node))
        for place, node in enumerate(flat):
            kind = kinds[place] if place < len(kinds) else "USER_OUTPUT"
            name = self._values.get(node) if isinstance(node, torch.fx.Node) else None
            if kind == "USER_OUTPUT" and isinstance(name, str):
                self._outputs.append(name)

    def _module(self, node: Any) -> str:
        """The path of the innermost module; one that is called again has "@1" behind its name."""
        path, last = "", ""
        for key, (name, kind) in (node.meta.get("nn_module_stack") or {}).items():
            clean = re.sub(r"\['?(\w+)'?\]", r".\1", re.sub(r"^L\['self'\]\.?|_modules", "", name)).strip(".")
            clean = re.sub(r"\.\.+", ".", clean).partition("@")[0]
            if not clean:
                continue
            own = clean.removeprefix(f"{last}.") if last else clean
            again = re.search(r"@\d+$", key)
            path = f"{path}.{own}" if path else own
            path += again.group() if again else ""
            last = clean
            self._modules.setdefault(path, (kind if isinstance(kind, str) else kind.__name__).rpartition(".")[2])
        return path


class _Plain:
    """A value that is no tensor."""

    def __init__(self, value: Any) -> None:
        self.value = value


def _identity(tensor: Any) -> Any:
    """The same for one tensor under two names, and for no two tensors."""
    return (tensor.data_ptr(), tuple(tensor.shape), tensor.stride()) if tensor.numel() else id(tensor)


def _attribute(module: Any, path: str) -> Any:
    for name in path.split("."):
        module = getattr(module, name)
    return module


def _type(tensor: Any) -> dict[str, Any]:
    return {"shape": [int(size) for size in tensor.shape], "dtype": str(tensor.dtype).removeprefix("torch.")}


def _number(value: Any) -> Any:
    if isinstance(value, bool | int | float):
        return value
    return bool(value) if "Bool" in type(value).__name__ else (float if "Float" in type(value).__name__ else int)(value)


def _plain_number(value: Any) -> Any:
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _variable(trace: str) -> str:
    """The variable that the innermost line of a stack trace assigns to."""
    lines = [line.strip() for line in trace.splitlines() if line.strip() and not line.strip().startswith("^")]
    found = re.match(r"([A-Za-z_]\w*)\s*[-+*/|&]?=[^=]", lines[-1]) if lines else None
    return found.group(1) if found else ""
