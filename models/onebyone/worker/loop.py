"""The loop of the measuring process: reads requests, does one after the other, answers each."""

import importlib.util
import logging
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import onebyone
from onebyone.errors import CancelledError, OnebyoneError
from onebyone.measurement.records import Measurement, MeasurementRequest, Phase, RunProgress
from onebyone.worker import fresh, messages
from onebyone.worker.launch import CANCELLED, kill_group
from onebyone.worker.messages import (
    Cancel,
    ChannelsShown,
    CheckMerge,
    Devices,
    Failed,
    Finished,
    Hello,
    ListDevices,
    Measure,
    MeasureRoofs,
    MergeChecked,
    Progress,
    Reply,
    RoofsFound,
    ShowChannels,
)
from onebyone.worker.patience import HEARTBEAT_S
from onebyone.worker.streams import Streams
from onebyone.worker.turn import machine_turn

if TYPE_CHECKING:
    from onebyone.torch_backend import measuring

#: How long a quick measurement waits for a quiet machine at most.
PATIENCE_S = 3.0
NO_TORCH = "Measuring needs PyTorch, which is not installed here; install it with: pip install torch"

_Job = Measure | MeasureRoofs | ListDevices | ShowChannels | CheckMerge

_LOG = logging.getLogger(__name__)


class Loop:
    """Serves requests until the other side closes.

    A thread reads, so that a cancel arrives while a measurement runs; another sends signs of life.
    """

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._requests: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._cancelled: set[int] = set()
        self._is_busy = False

    def run(self) -> None:
        """Says hello and serves; never returns."""
        hello = Hello(messages.PROTOCOL_VERSION, onebyone.__version__, os.getpid(), has_torch())
        self._send(hello)
        for target in (self._read, self._beat):
            threading.Thread(target=target, name=target.__name__, daemon=True).start()
        while True:
            request = self._requests.get()
            self._is_busy = True
            self._send(self._answer(request))
            self._is_busy = False
            self._cancelled.discard(request.id)

    def _read(self) -> None:
        try:
            for line in self._streams.lines():
                self._accept(line)
        except OnebyoneError as error:
            self._send(Failed(0, str(error)))
        # The client is gone or wants an end; what is being measured is of no use to anybody, nor are its compilers.
        if self._is_busy:
            kill_group(os.getpid())
        os._exit(0)

    def _accept(self, line: bytes) -> None:
        try:
            request = messages.decode_request(line)
        except OnebyoneError as error:
            self._send(Failed(0, str(error)))
            return
        if isinstance(request, Cancel):
            self._cancelled.add(request.id)
        else:
            self._requests.put(request)

    def _beat(self) -> None:
        while True:
            time.sleep(HEARTBEAT_S)
            self._send(messages.Alive())

    def _send(self, reply: Reply) -> None:
        try:
            self._streams.send(reply)
        except OSError:
            os._exit(0)

    def _answer(self, request: _Job) -> Reply:
        if request.id in self._cancelled:
            return Failed(request.id, CANCELLED, is_cancelled=True)
        try:
            if not (isinstance(request, Measure) and request.request.form == "trusted"):
                self._load_torch(request.id)
            if isinstance(request, ListDevices):
                return _devices(request.id)
            if isinstance(request, MeasureRoofs):
                return self._roofs(request)
            if isinstance(request, ShowChannels):
                return _channels(request)
            if isinstance(request, CheckMerge):
                return _merge_checked(request)
            return self._measured(request)
        except CancelledError:
            return Failed(request.id, CANCELLED, is_cancelled=True)
        except OnebyoneError as error:
            return Failed(request.id, str(error))
        except Exception as error:  # noqa: BLE001 - a bug in one request must not end the worker
            _LOG.exception("request %d failed", request.id)
            return Failed(request.id, f"The measurement failed: {type(error).__name__}: {error}.")

    def _load_torch(self, request_id: int) -> None:
        """Loads PyTorch at the first request.

        Raises:
            OnebyoneError: It is not installed, or cannot be loaded.
        """
        if "torch" not in sys.modules:
            self._send(Progress(request_id, "loading torch", 0.0))
        from onebyone.torch_backend import loading

        loading.load_torch(NO_TORCH)

    def _measured(self, request: Measure) -> Reply:
        """Measures in this process or, in the trusted form, in fresh ones that this process starts."""

        def report(
            phase: Phase,
            fraction: float,
            runs: tuple[RunProgress, ...] = (),
            note: str = "",
            seconds_left: float | None = None,
        ) -> None:
            self._send(Progress(request.id, phase, fraction, runs, note, seconds_left))

        def is_cancelled() -> bool:
            return request.id in self._cancelled

        report("starting", 0.0)
        with self._turn(request) as has_turn:
            if request.request.form == "trusted":
                found = fresh.measure(request.request, report, is_cancelled)
            else:
                self._wait_for_quiet(request)
                found = _measure_here(request.request, report, is_cancelled)
        return Finished(request.id, _with_turn(found, has_turn))

    def _turn(self, request: Measure | MeasureRoofs) -> AbstractContextManager[bool]:
        """The machine's turn to measure, unless the asking process holds it."""
        if isinstance(request, Measure) and request.has_turn:
            return nullcontext(True)
        return machine_turn(lambda: self._send(Progress(request.id, "waiting", 0.0)), self._check_of(request.id))

    def _wait_for_quiet(self, request: Measure) -> None:
        if request.has_turn:
            return
        from onebyone.clock import machine, quiet

        def on_wait(words: str, seconds: float) -> None:
            left = seconds + request.request.budget
            self._send(Progress(request.id, "waiting for quiet", 0.0, note=words, seconds_left=left))

        threads = request.request.threads or machine.physical_cores()
        quiet.wait_for_quiet(threads, PATIENCE_S, on_wait, self._check_of(request.id))

    def _check_of(self, request_id: int) -> Callable[[], None]:
        """What raises `CancelledError` once a request has been given up."""

        def check() -> None:
            if request_id in self._cancelled:
                raise CancelledError

        return check

    def _roofs(self, request: MeasureRoofs) -> Reply:
        from onebyone.torch_backend import roofs

        with self._turn(request):
            self._send(Progress(request.id, "roofs", 0.0))
            return RoofsFound(request.id, roofs.measure_roofs(request.device, request.dtype, request.threads))


def _measure_here(
    request: MeasurementRequest, report: "measuring.Report", is_cancelled: Callable[[], bool]
) -> Measurement:
    from onebyone.torch_backend import measuring

    return measuring.measure(request, report, is_cancelled)


def _with_turn(found: Measurement, has_turn: bool) -> Measurement:
    found.environment["alone"] = has_turn
    return found


def _devices(request_id: int) -> Devices:
    from onebyone.torch_backend import devices, environment

    return Devices(request_id, devices.listed(), environment.describe(devices.CPU))


def _merge_checked(request: CheckMerge) -> MergeChecked:
    from onebyone.torch_backend import equivalence

    return MergeChecked(request.id, *equivalence.largest_difference(request.merge))


def _channels(request: ShowChannels) -> ChannelsShown:
    from onebyone.torch_backend import feature_maps

    return ChannelsShown(request.id, feature_maps.show(request.request))


def has_torch() -> bool:
    """Whether PyTorch is installed, without loading it."""
    try:
        return importlib.util.find_spec("torch") is not None
    except (ImportError, ValueError):
        return False
