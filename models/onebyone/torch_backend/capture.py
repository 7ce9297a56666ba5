"""Reads a PyTorch module into a neutral graph: the operators that it runs, and its tensors.

This file stands alone: the user's own interpreter runs it, which has torch 2.6 or newer and may have no OneByOne. It
reads a request from the file that its first argument names and leaves the graph, or a sentence that says why there is
none, in a file beside it. What the user's code prints goes where the caller reads it apart.

Source: torch.export; the layout of the tensors' file is that of safetensors.
"""

import contextlib
import copy
import ctypes
import json
import math
import operator
import os
import re
import struct
import sys
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

#: The most values of a constant that stand in the graph itself.
MAX_VALUES = 64
SEED = 20_140_917
BATCH = 2
INPUT, OUTPUT, OUTPUT_64 = "captured.input.", "captured.output.", "captured.output64."

_INLINED = {"wrap_with_set_grad_enabled": 1, "wrap_with_autocast": 4}
_CHECKS = ("_assert", "_check", "sym_constrain", "_set_grad_enabled", "_enter_autocast", "_exit_autocast")
_DTYPES = {
    "float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16", "int64": "I64", "int32": "I32",
    "int16": "I16", "int8": "I8", "uint8": "U8", "bool": "BOOL",
}  # fmt: skip


class CaptureError(Exception):
    """A module cannot be captured; the text is a sentence for the user."""


def capture(
    module: Any, inputs: Sequence[Any], name: str = "", progress: Callable[[str], None] = lambda phase: None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The neutral graph of a module as plain values, and its tensors by name.

    Among the tensors are the inputs, and what the module makes of them once small tensors are varied as `varied` says,
    in float32 and where it can in float64. The module is as it was afterwards, training modes included.

    Args:
        module: A torch.nn.Module.
        inputs: Its arguments, with a batch.
        name: What to call the network.
        progress: Is told what is done now.

    Raises:
        CaptureError: It is no module that can be read, or it cannot run on these inputs.
    """
    import torch

    module = _unwrapped(module)
    modes = [(each, each.training) for each in module.modules()]
    module.eval()
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module, assumed = _in_float32(module)
            arguments = _fitting(module, tuple(inputs))
            progress("tracing")
            writer, way = _traced(module, arguments)
            graph = writer.graph(module, name or type(module).__name__)
            graph["assumed"] = [*assumed, *way]
            graph["origin"] = f"PyTorch {torch.__version__.partition('+')[0]}"
            progress("running")
            return graph, writer.tensors | _references(module, arguments)
    finally:
        for each, was_training in modes:
            each.training = was_training


def seeded_inputs(module: Any, sizes: Sequence[Sequence[int]], batch: int = BATCH) -> tuple[Any, ...]:
    """Normal values of these sizes (without the batch), on the device of the module."""
    import torch

    generator = torch.Generator().manual_seed(SEED)
    first = next(iter(module.parameters()), None)
    device = "cpu" if first is None else first.device
    return tuple(torch.randn(batch, *size, generator=generator).to(device) for size in sizes)


def is_varied(tensor: Any) -> bool:
    """Whether a tensor is one number a channel: a bias, a factor, a mean or a variance."""
    return bool(tensor.is_floating_point() and tensor.numel() > 1 and sum(size > 1 for size in tensor.shape) == 1)


def varied(name: str, tensor: Any) -> Any:
    """A tensor with other values, which depend on its name alone: an error in one that is all 0 or 1 would not show.

    A positive value stays positive.
    """
    import torch

    start = zlib.crc32(name.encode()) % 1000
    places = torch.arange(tensor.numel(), dtype=torch.float64) + start
    factors = 0.8 + 0.4 * (places * 0.618033988749895).frac()
    offsets = 0.1 * (places * 0.414213562373095).frac()
    changed = tensor.detach().to("cpu", torch.float64).reshape(-1) * factors + offsets
    return changed.to(tensor.dtype).reshape(tensor.shape).to(tensor.device)


def write_tensors(tensors: dict[str, Any], path: str) -> None:
    """Writes tensors as a safetensors file.

    Raises:
        CaptureError: One has a number type that the format does not have.
    """
    import torch

    header: dict[str, Any] = {}
    end = 0
    plain = {}
    for name, tensor in tensors.items():
        own = tensor.detach().to("cpu").contiguous()
        dtype = str(own.dtype).removeprefix("torch.")
        if dtype not in _DTYPES:
            raise CaptureError(f"The tensor {name} holds values of type {dtype}, which cannot be kept.")
        size = own.numel() * own.element_size()
        header[name] = {"dtype": _DTYPES[dtype], "shape": list(own.shape), "data_offsets": [end, end + size]}
        end += size
        plain[name] = own
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for own in plain.values():
            if own.numel():
                file.write(ctypes.string_at(own.data_ptr(), own.numel() * own.element_size()))
    del torch


def _unwrapped(module: Any) -> Any:
    import torch

    while True:
        if isinstance(module, torch.nn.DataParallel | torch.nn.parallel.DistributedDataParallel):
            module = module.module
        elif isinstance(getattr(module, "_orig_mod", None), torch.nn.Module):
            module = module._orig_mod
        else:
            break
    if isinstance(module, torch.jit.ScriptModule):
        raise CaptureError("A ScriptModule holds no Python to read; import the code that builds the module instead.")
    if not isinstance(module, torch.nn.Module):
        raise CaptureError(f"A torch.nn.Module is needed, and this is {_a(type(module).__name__)}.")
    if any(tensor.is_meta for tensor in (*module.parameters(), *module.buffers())):
        raise CaptureError("The module is on the meta device and has no values; build it on the CPU.")
    return module


def _a(word: str) -> str:
    return f"{'an' if word[:1].lower() in 'aeiou' else 'a'} {word}"


def _in_float32(module: Any) -> tuple[Any, list[str]]:
    """The module, or a copy in float32 where it is in another number type, and what to say of that."""
    import torch

    others = {p.dtype for p in module.parameters() if p.is_floating_point() and p.dtype != torch.float32}
    if not others:
        return module, []
    names = ", ".join(sorted(str(dtype).removeprefix("torch.") for dtype in others))
    return copy.deepcopy(module).float(), [f"Its parameters are in {names}; it was read in float32."]


def _fitting(module: Any, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """The inputs with a batch of two, or as they are where the module insists on that."""
    import torch

    doubled = tuple(_doubled(value) for value in inputs)
    reason = ""
    for candidate in dict.fromkeys((doubled, inputs)) if inputs else ((),):
        try:
            module(*candidate)
        except Exception as error:  # noqa: BLE001 - whatever the user's code raises
            reason = reason or _reason(error)
            continue
        return candidate
    sizes = " and ".join("×".join(map(str, value.shape)) for value in inputs if isinstance(value, torch.Tensor))
    raise CaptureError(f"The module does not run on an input of {sizes or 'nothing'}: {reason}.")


def _doubled(value: Any) -> Any:
    import torch

    if not isinstance(value, torch.Tensor) or not value.dim() or value.shape[0] != 1:
        return value
    other = torch.randn_like(value) if value.is_floating_point() else value
    return torch.cat((value, other))


def _reason(error: BaseException) -> str:
    """The first line of what an exception says, in a sentence's middle."""
    lines = [line.strip() for line in str(error).strip().splitlines() if line.strip()]
    text = lines[0] if lines else ""
    text = text if len(text) <= 300 else f"{text[:297]}…"
    return f"{type(error).__name__}: {text.rstrip('. ')}" if text else type(error).__name__


def _traced(module: Any, inputs: tuple[Any, ...]) -> "tuple[_Writer, list[str]]":
    """What the module runs, by the first of three ways that works, and what to say of the way."""
    import torch

    reasons = []
    for strict in (False, True):
        try:
            return _Writer.of_program(torch.export.export(module, inputs, strict=strict), module, inputs), []
        except Exception as error:  # noqa: BLE001 - whatever tracing meets in the user's code
            reasons.append(_reason(error))
    try:
        return _Writer.of_run(module, inputs), [
            "It was recorded while it ran once; what it would do otherwise with other inputs is not in the design."
        ]
    except Exception as error:  # noqa: BLE001 - as above
        reasons.append(_reason(error))
    raise CaptureError(f"PyTorch could not trace the module: {reasons[0]}.")


class _Writer:
    """Turns a traced graph into plain values."""

    def __init__(self) -> None:
        self.tensors: dict[str, Any] = {}
        self._types: dict[str, Any] = {}
        self._constants: dict[str, Any] = {}
        self._steps: list[Any] = []
        self._modules: dict[str, str] = {}
        self._inputs: list[str] = []
        self._outputs: list[str] = []
        self._batch = 1
        # What a node of the traced graph stands for: a name, a list of names, or a plain value.
        self._values: dict[Any, Any] = {}
        self._named: dict[int, str] = {}

    @classmethod
    def of_program(cls, program: Any, module: Any, inputs: tuple[Any, ...]) -> "_Writer":
        """Of an exported program."""
        writer = cls()
        writer._batch = inputs[0].shape[0] if inputs and hasattr(inputs[0], "shape") and inputs[0].dim() else 1
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
    def of_run(cls, module: Any, inputs: tuple[Any, ...]) -> "_Writer":
        """Of one run that is recorded; there is no word on modules then."""
        import torch
        from torch.fx.experimental.proxy_tensor import make_fx

        state = {**dict(module.named_parameters()), **dict(module.named_buffers())}
        names, values = list(state), [value.detach() for value in state.values()]
        roles = ["parameter"] * len(dict(module.named_parameters())) + ["buffer"] * len(dict(module.named_buffers()))

        def forward(held: list[Any], arguments: list[Any]) -> Any:
            return torch.func.functional_call(module, dict(zip(names, held, strict=True)), tuple(arguments))

        traced = make_fx(forward, tracing_mode="real", pre_dispatch=True)(values, list(inputs))
        writer = cls()
        writer._batch = inputs[0].shape[0] if inputs else 1
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
        key = id(tensor) if not tensor.numel() else (tensor.data_ptr(), tuple(tensor.shape), tensor.stride())
        name = self._named.setdefault(hash(key), name)
        self.tensors[name] = tensor
        constant: dict[str, Any] = {"name": name, "type": _type(tensor), "role": role}
        if tensor.numel() <= MAX_VALUES:
            constant["values"] = [_plain_number(value) for value in tensor.detach().reshape(-1).tolist()]
        self._constants[node.name] = constant
        self._values[node] = node.name

    def _enter(self, node: Any) -> None:
        import torch

        value = node.meta.get("val")
        if not isinstance(value, torch.Tensor):
            # A number or a flag among the arguments is what it was while tracing.
            self._values[node] = _Plain(value)
            return
        self._types[node.name] = _type(value)
        self._inputs.append(node.name)
        self._values[node] = node.name

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
                    return self._argument(results)
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
        names = [node.name if len(results) == 1 else f"{node.name}_{place}" for place in range(len(results))]
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


def _references(module: Any, inputs: tuple[Any, ...]) -> dict[str, Any]:
    """The inputs, and what the module with varied tensors makes of them in float32 and float64."""
    import torch

    tensors = [value for value in inputs if isinstance(value, torch.Tensor)]
    found = {f"{INPUT}{place}": value for place, value in enumerate(tensors)}
    with _varied_copy(module) as copied:
        if copied is None:
            return found
        for prefix, dtype in ((OUTPUT, torch.float32), (OUTPUT_64, torch.float64)):
            with contextlib.suppress(Exception):
                # A module that makes float32 tensors while it runs has no float64 answer.
                ran = copied.to(dtype)(*(_as(value, dtype) for value in inputs))
                flat, _ = torch.utils._pytree.tree_flatten(ran)
                results = [value for value in _leaves(flat) if isinstance(value, torch.Tensor)]
                found |= {f"{prefix}{place}": value.clone() for place, value in enumerate(results)}
    return found


def _leaves(values: list[Any]) -> Iterator[Any]:
    """Values in order, those in dataclasses that torch does not know too."""
    for value in values:
        fields = getattr(value, "__dataclass_fields__", None)
        if fields is None:
            yield value
        else:
            yield from (getattr(value, name) for name in fields)


def _as(value: Any, dtype: Any) -> Any:
    import torch

    return value.to(dtype) if isinstance(value, torch.Tensor) and value.is_floating_point() else value


@contextlib.contextmanager
def _varied_copy(module: Any) -> Iterator[Any]:
    try:
        copied = copy.deepcopy(module)
    except Exception:  # noqa: BLE001 - a module may hold what cannot be copied
        yield None
        return
    named = (*copied.named_parameters(), *copied.named_buffers())
    for name, tensor in named:
        if is_varied(tensor):
            tensor.data.copy_(varied(name, tensor))
    yield copied


def main(request_path: str) -> int:
    """Serves one request and leaves its answer beside it; see `onebyone.interchange.capturing`."""
    with open(request_path, encoding="utf-8") as file:
        request = json.load(file)
    folder = os.path.dirname(request_path)

    def progress(phase: str) -> None:
        with open(os.path.join(folder, "progress"), "a", encoding="utf-8") as log:
            log.write(f"{phase}\n")

    try:
        answer: dict[str, Any] = {"graph": _served(request, folder, progress)}
    except CaptureError as error:
        answer = {"error": str(error)}
    except SystemExit as error:
        answer = {"error": f"The code ended the process (exit code {error.code}) while it was imported or built."}
    except MemoryError:
        answer = {"error": "There is not enough memory to build and run the module."}
    except Exception as error:  # noqa: BLE001 - whatever the user's code raises
        answer = {"error": f"The code raised {_reason(error)}."}
    whole = os.path.join(folder, "answer.json")
    with open(f"{whole}.part", "w", encoding="utf-8") as file:
        json.dump(answer, file, allow_nan=False)
    os.replace(f"{whole}.part", whole)
    return 0


def _served(request: dict[str, Any], folder: str, progress: Callable[[str], None]) -> dict[str, Any]:
    progress("importing")
    try:
        import torch
    except ImportError as error:
        raise CaptureError(
            f"PyTorch cannot be imported by {sys.executable}: {error}; choose an interpreter that has it."
        ) from error
    torch.manual_seed(SEED)
    module = _built(request, progress)
    try:
        inputs = seeded_inputs(_unwrapped(module), request["sizes"])
        graph, tensors = capture(module, inputs, request.get("name", ""), progress)
    except torch.OutOfMemoryError as error:
        raise CaptureError("The device has not enough memory to run the module.") from error
    progress("writing")
    write_tensors(tensors, os.path.join(folder, "tensors.safetensors"))
    graph["threads"] = torch.get_num_threads()
    return graph


def _built(request: dict[str, Any], progress: Callable[[str], None]) -> Any:
    """The module that a request names: an attribute that is one, or what calling it gives."""
    import torch

    source, attribute = request["source"], request["attribute"]
    holder = _imported(source)
    progress("building")
    found = holder
    for name in attribute.split("."):
        if not hasattr(found, name):
            raise CaptureError(f"There is no {attribute!r} in {source}{_names_in(holder)}.")
        found = getattr(found, name)
    if isinstance(found, torch.nn.Module):
        return found
    if not callable(found):
        raise CaptureError(
            f"{attribute} in {source} is {_a(type(found).__name__)}, neither a module nor what makes one."
        )
    arguments = request.get("arguments", {})
    _check_arguments(found, attribute, arguments)
    try:
        made = found(**arguments)
    except OSError as error:
        if type(error).__name__ in {"URLError", "HTTPError", "ConnectionError", "LocalEntryNotFoundError"}:
            raise CaptureError(
                f"{attribute} tried to download something and could not ({_reason(error)}); build it without, such as"
                " with weights=None or pretrained=False."
            ) from error
        raise
    if not isinstance(made, torch.nn.Module):
        raise CaptureError(f"{attribute} in {source} gives {_a(type(made).__name__)} instead of a torch.nn.Module.")
    return made


def _names_in(holder: Any) -> str:
    import torch

    names = [
        name for name, value in vars(holder).items()
        if isinstance(value, torch.nn.Module) or (isinstance(value, type) and issubclass(value, torch.nn.Module))
    ]  # fmt: skip
    own = [name for name in names if getattr(getattr(holder, name), "__module__", "") == holder.__name__] or names
    return f"; it has {', '.join(own[:8])}" if own else ""


def _check_arguments(function: Any, name: str, arguments: dict[str, Any]) -> None:
    import inspect

    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    needed = [p.name for p in parameters if p.default is p.empty and p.kind in (*positional, p.KEYWORD_ONLY)]
    missing = [each for each in needed if each not in arguments]
    if missing:
        raise CaptureError(f"{name} needs the argument{'s' * (len(missing) > 1)} {', '.join(missing)}.")
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return
    unknown = [each for each in arguments if each not in {p.name for p in parameters}]
    if unknown:
        known = ", ".join(p.name for p in parameters)
        raise CaptureError(f"{name} has no argument {unknown[0]}{f'; it takes {known}' if known else ''}.")


def _imported(source: str) -> Any:
    import importlib
    import importlib.util

    if not source.endswith(".py"):
        _define_missing_operators()
        sys.path.insert(0, os.getcwd())
        try:
            return importlib.import_module(source)
        except ModuleNotFoundError as error:
            raise CaptureError(f"{sys.executable} has no module {error.name!r}; install it there, or choose another"
                               " interpreter.") from error  # fmt: skip
    name = re.sub(r"\W", "_", os.path.splitext(os.path.basename(source))[0])
    sys.path.insert(0, os.path.dirname(os.path.abspath(source)))
    _define_missing_operators()
    spec = importlib.util.spec_from_file_location(name, source)
    if spec is None or spec.loader is None:
        raise CaptureError(f"{source} cannot be read as Python.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except ModuleNotFoundError as error:
        raise CaptureError(f"{source} needs the module {error.name!r}, which {sys.executable} does not have; install"
                           " it there, or choose another interpreter.") from error  # fmt: skip
    except SyntaxError as error:
        raise CaptureError(f"{source} has a syntax error in line {error.lineno}: {error.msg}.") from error
    return module


def _define_missing_operators() -> None:
    """Lets torchvision be imported beside a torch that its operators were not built for; nothing here calls them."""
    import importlib
    import importlib.util

    import torch

    if importlib.util.find_spec("torchvision") is None:
        return
    try:
        importlib.import_module("torchvision")
    except RuntimeError as error:
        if "torchvision::" not in str(error):
            raise
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
        library = torch.library.Library("torchvision", "FRAGMENT")
        for name in ("nms", "qnms"):
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        # A library takes its operators along when it goes.
        sys.modules[__name__].__dict__["_LIBRARY"] = library


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
