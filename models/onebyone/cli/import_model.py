"""`onebyone import`: a PyTorch module, an ONNX or a .pt2 file as a design."""

import ast
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import msgspec

from onebyone.cli.exits import FINE
from onebyone.cli.output import say, say_document
from onebyone.errors import ModelFileError
from onebyone.interchange.capturing import CaptureRequest, capture, parse_target
from onebyone.interchange.lowering import Lowered, lower
from onebyone.interchange.model_files import SUFFIXES
from onebyone.quantity import count
from onebyone.quantity import macs as shown_macs

_EQUAL_WORDS = {
    "bit": "bit for bit what the original gives, with its tensors",
    "float64": "what the original gives, with its tensors, but for the last digits (compared in float64)",
    "no": "NOT what the original gives",
}


@click.command(name="import", short_help="Read a foreign MODEL into a design.")
@click.argument("model")
@click.option("--input", "sizes", multiple=True, metavar="CxHxW", help="Size of an input; once for each. [3x224x224]")
@click.option("--arg", "arguments", multiple=True, metavar="NAME=VALUE", help="An argument to build the module with.")
@click.option("--python", default=sys.executable, metavar="FILE", help="An interpreter that has its packages.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the design to this .1x1 file.")
@click.option("--trust", is_flag=True, help="Run the module's code without asking.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON document.")
def command(
    model: str, sizes: tuple[str, ...], arguments: tuple[str, ...], python: str, output: Path | None, trust: bool,
    as_json: bool,
) -> int:  # fmt: skip
    """Read a MODEL into a design and report what came in.

    MODEL is MODULE:NAME or FILE.py:NAME (a class, a function or a module; its code is run, so --trust is asked for), or
    an .onnx or .pt2 file, in which nothing is run.
    """
    if Path(model).suffix.lower() in SUFFIXES:
        from onebyone.interchange.opening import open_model

        if sizes or arguments:
            raise click.UsageError("A file has its sizes and arguments in it.")
        lowered = open_model(Path(model))
    else:
        source, attribute = parse_target(model)
        _ask(source, python, trust)
        request = CaptureRequest(
            source, attribute, _parsed(arguments), tuple(map(_size, sizes or ("3x224x224",))), attribute
        )
        lowered = _captured(request, python)
    if output is not None:
        from onebyone import formats

        formats.write("design", output, lowered.design)
    if as_json:
        say_document(msgspec.json.format(msgspec.json.encode(lowered.report), indent=2).decode() + "\n")
    else:
        _say_report(lowered, output)
    return FINE


def _ask(source: str, python: str, trust: bool) -> None:
    if trust:
        return
    question = f"Importing {source} runs its code with your rights, by {python}. Go on?"
    if not sys.stdin.isatty() or not click.confirm(question, err=True):
        raise ModelFileError(f"Importing {source} runs its code with your rights; say --trust if that is all right.")


def _captured(request: CaptureRequest, python: str) -> Lowered:
    from onebyone.torch_backend.agreement import compared_with_file

    with TemporaryDirectory(prefix="onebyone-") as folder:
        tensors = Path(folder) / "tensors.safetensors"
        lowered = lower(capture(request, python, tensors, lambda words: click.echo(f"{words}…", err=True)))
        click.echo("Comparing with the original…", err=True)
        return msgspec.structs.replace(lowered, report=compared_with_file(lowered, tensors))


def _size(text: str) -> tuple[int, ...]:
    parts = text.lower().replace("×", "x").split("x")
    if not all(part.isdecimal() and 0 < int(part) <= 2**20 for part in parts):
        raise click.UsageError(f"--input is CxHxW, such as 3x224x224, not {text!r}.")
    return tuple(map(int, parts))


def _parsed(arguments: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for text in arguments:
        name, equals, value = text.partition("=")
        if not equals or not name.isidentifier():
            raise click.UsageError(f"--arg is NAME=VALUE, such as weights=None, not {text!r}.")
        try:
            found[name] = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            found[name] = value
    return found


def _say_report(lowered: Lowered, output: Path | None) -> None:
    report = lowered.report
    say(lowered.design.name or "Untitled design", "bold")
    kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(report.kinds.items(), key=lambda each: -each[1]))
    say(f"{report.nodes:,} nodes in {report.groups:,} groups: {kinds}.")
    more = (
        f"; the original has {count(report.parameters_not_in_graph)} more that it does not use when it infers"
        if report.parameters_not_in_graph
        else ""
    )
    say(f"{count(report.parameters)} parameters{more}; {shown_macs(report.macs)} MACs.")
    if report.equal is not None:
        colour = "red" if report.equal == "no" else "green"
        say(f"Its module gives {_EQUAL_WORDS[report.equal]}.", colour)
    for sentence in report.assumed:
        say(sentence, "yellow")
    if output is not None:
        say(f"Written to {output}.")
