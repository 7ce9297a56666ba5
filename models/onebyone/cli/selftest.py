"""`onebyone selftest`: what works on this machine, on one page."""

import platform
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.metadata import PackageNotFoundError, version

import click
import msgspec

import onebyone
from onebyone.cli.exits import FINE
from onebyone.cli.open import require_display
from onebyone.cli.output import say_document, say_table
from onebyone.design import Design, Node
from onebyone.errors import OnebyoneError
from onebyone.layers import Conv2d, Input, Output
from onebyone.measurement.records import Measurement, MeasurementRequest
from onebyone.quantity import duration
from onebyone.run_store.store import RunStore, default_path
from onebyone.worker import client

FAILED = 1
_BUDGET_S = 0.5
_PACKAGES = ("torch", "networkx", "msgspec", "PySide6_Essentials", "pyqtgraph")
_COMPILERS = ("c++", "g++", "clang++", "cl")
_SIGNS = {True: "works", False: "fails", None: "not here"}


class Check(msgspec.Struct, frozen=True):
    """One thing that was tried: `works` is None where this machine has no such thing."""

    name: str
    works: bool | None
    words: str


@click.command(short_help="Try what works on this machine.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def command(as_json: bool) -> int:
    """Try what works on this machine: packages, the window's display, a tiny measurement on each device."""
    checks = tuple(_checks())
    if as_json:
        say_document(msgspec.json.format(msgspec.json.encode(checks), indent=1).decode() + "\n")
    else:
        rows = [(check.name, _SIGNS[check.works], check.words) for check in checks]
        say_table(("What", "", "How"), rows, numbers_from=3)
    return FAILED if any(check.works is False for check in checks) else FINE


def _checks() -> Iterator[Check]:
    yield Check(
        "OneByOne", True, f"{onebyone.__version__} on Python {platform.python_version()}, {platform.platform()}"
    )
    for package in _PACKAGES:
        yield _package(package)
    yield _window()
    yield _tried("The history of measurements", _history)
    yield _arithmetic()
    compiler = next((name for name in _COMPILERS if shutil.which(name)), None)
    yield Check("A C++ compiler for torch.compile", True if compiler else None, compiler or "none is on the path")
    yield from _devices()


def _package(name: str) -> Check:
    try:
        return Check(name, True, version(name))
    except PackageNotFoundError:
        return Check(name, None if name == "torch" else False, "not installed")


def _tried(name: str, attempt: Callable[[], str]) -> Check:
    try:
        return Check(name, True, attempt())
    except OnebyoneError as error:
        return Check(name, False, str(error))


def _window() -> Check:
    try:
        require_display()
    except OnebyoneError as error:
        return Check("A window", None, str(error))
    return Check("A window", True, "there is a display")


def _history() -> str:
    path = default_path()
    with closing(RunStore(path)) as store:
        count = len(store.rows())
    return f"{count:,} runs in {path}"


def _arithmetic() -> Check:
    totals = onebyone.analyze(onebyone.gallery.load("inception-3a")).totals
    is_right = (totals.parameters, totals.macs) == (163_696, 128_049_152)
    return Check("The arithmetic", is_right, f"Inception 3a: {totals.parameters:,} parameters, {totals.macs:,} MACs")


def _devices() -> Iterator[Check]:
    try:
        found = client.devices()["devices"]
    except OnebyoneError as error:
        yield Check("Measuring", False, str(error))
        return
    for device in found:
        name = str(device["name"])
        yield _tried(f"Measuring on {name}", lambda name=name: _measured(name))  # type: ignore[misc]
    if len(found) == 1:
        yield Check("Measuring on an accelerator", None, "PyTorch finds none")


def _measured(device: str) -> str:
    design = Design(
        "Self-test",
        nodes=(
            Node("input", Input(64, 28, 28)),
            Node("conv1x1", Conv2d(64), inputs=("input",)),
            Node("output", Output(), inputs=("conv1x1",)),
        ),
    )
    answer: Measurement = client.measure(MeasurementRequest((design,), device=device, threads=1, budget=_BUDGET_S))
    run = answer.runs[0]
    if run.median is None:
        return f"it runs; no figure: {run.reason}"
    words = f"a 1×1 convolution on 28×28×64 takes {duration(run.median)} ({run.verdict})"
    return words if run.device_median is None else f"{words}, {duration(run.device_median)} on its own clock"
