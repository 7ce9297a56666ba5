"""Serves one request for a capture: builds a module of the user's code and leaves its graph, or a sentence, in a file.

It is run by path, by the user's own interpreter, with the file that holds the request.
"""

import importlib
import importlib.util
import inspect
import json
import os
import re
import sys
from collections.abc import Callable
from typing import Any

_FOLDER = os.path.dirname(os.path.abspath(__file__))
# The folder of a script is searched first; what lies here must not stand in for modules of the user's.
sys.path[:] = [place for place in sys.path if os.path.abspath(place or os.curdir) != _FOLDER]


def _package() -> Any:
    """The package around this file, under a name that no module of the user's has."""
    name = "_onebyone_capture"
    spec: Any = importlib.util.spec_from_file_location(
        name, os.path.join(_FOLDER, "__init__.py"), submodule_search_locations=[_FOLDER]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


_capture = _package()
CaptureError: Any = _capture.CaptureError
a_or_an, reason_of = _capture.a_or_an, _capture.reason_of


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
        answer = {"error": f"The code raised {reason_of(error)}."}
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
    torch.manual_seed(_capture.SEED)
    module = _built(request, progress)
    try:
        inputs = _capture.seeded_inputs(_capture.unwrapped(module), request["sizes"])
        graph: dict[str, Any]
        graph, tensors = _capture.capture(module, inputs, request.get("name", ""), progress)
    except torch.OutOfMemoryError as error:
        raise CaptureError("The device has not enough memory to run the module.") from error
    progress("writing")
    _capture.write_tensors(tensors, os.path.join(folder, "tensors.safetensors"))
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
            f"{attribute} in {source} is {a_or_an(type(found).__name__)}, neither a module nor what makes one."
        )
    arguments = request.get("arguments", {})
    _check_arguments(found, attribute, arguments)
    try:
        made = found(**arguments)
    except OSError as error:
        if type(error).__name__ in {"URLError", "HTTPError", "ConnectionError", "LocalEntryNotFoundError"}:
            raise CaptureError(
                f"{attribute} tried to download something and could not ({reason_of(error)}); build it without, such as"
                " with weights=None or pretrained=False."
            ) from error
        raise
    if not isinstance(made, torch.nn.Module):
        raise CaptureError(
            f"{attribute} in {source} gives {a_or_an(type(made).__name__)} instead of a torch.nn.Module."
        )
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
    if not source.endswith(".py"):
        _define_missing_operators()
        sys.path.insert(0, os.getcwd())
        try:
            return importlib.import_module(source)
        except ModuleNotFoundError as error:
            raise CaptureError(f"{sys.executable} has no module {error.name!r}; install it there, or choose another"
                               " interpreter.") from error  # fmt: skip
    name = re.sub(r"\W", "_", os.path.splitext(os.path.basename(source))[0])
    if name in sys.modules:
        # A file that is called like a module which is loaded already does not take its place.
        name = f"_onebyone_{name}"
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
