"""Measuring points through a `concurrent.futures.Executor`: threads here, or the workers of a cluster."""

import platform
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future, as_completed
from contextlib import suppress

import msgspec

from onebyone.errors import MeasurementError, OnebyoneError, WorkerError
from onebyone.measurement.records import Measurement, MeasurementRequest
from onebyone.quantity import duration
from onebyone.sweep.measured import Job, MeasuredPoint, answered, failed
from onebyone.worker import client
from onebyone.worker.messages import PHASE_WORDS, Finished, Measure, Progress


class Answer(msgspec.Struct, frozen=True):
    """What a measuring function gives back: an answer, or a sentence that says why there is none; and where it ran."""

    measurement: Measurement | None = None
    failure: str = ""
    name: str = ""
    address: str = ""


#: Takes a request and gives an `Answer`, both as JSON, so that they travel.
MeasureFunction = Callable[[bytes], bytes]


def measure_points(executor: Executor, jobs: Sequence[Job], measure: MeasureFunction) -> Iterator[MeasuredPoint]:
    """Hands all jobs to an executor and yields each point as it is finished; leaving early cancels what waits.

    Args:
        executor: Runs the measuring; how many at a time is its own matter, one on each machine.
        jobs: What is to be measured.
        measure: What it runs; has to travel to where it runs.
    """
    futures: dict[Future[bytes], Job] = {}
    try:
        for job in jobs:
            futures[executor.submit(measure, msgspec.json.encode(job.request))] = job
        for future in as_completed(futures):
            yield _point(futures[future], future)
    finally:
        for future in futures:
            future.cancel()


def measure_alone(request: bytes) -> bytes:
    """Measures in a process of its own that ends with it, wherever this is called; says where that was."""
    asked = msgspec.json.decode(request, type=MeasurementRequest)
    name, address = _place()
    try:
        answer = Answer(_bare(client.measure(asked)), "", name, address)
    except OnebyoneError as error:
        answer = Answer(None, str(error), name, address)
    return msgspec.json.encode(answer)


def progress_words(request: MeasurementRequest, progress: Progress) -> str:
    """What is going on with a point: "Inception 3a · reduce3x3.out_channels 192: Measuring, 6.01 ms ± 0.5 %"."""
    words = f"{request.designs[-1].name}: {PHASE_WORDS[progress.phase]}"
    words += f", {progress.note}" if progress.note else ""
    run = progress.runs[-1] if len(progress.runs) == len(request.designs) else None
    if run is None or run.median is None:
        return words
    words += f", {duration(run.median)}"
    if run.ci is not None and run.rounds > 1:
        words += f" ± {(run.ci[1] - run.ci[0]) / 2 / run.median * 100:.1f} %"
    return words


class LocalMeasuring:
    """Measures one request after the other on this machine, in one process that is started when it is first needed.

    Used from the thread of an executor; `cancel` may be called from any other.
    """

    def __init__(self, on_progress: Callable[[MeasurementRequest, Progress], None] | None = None) -> None:
        self._on_progress = on_progress
        self._worker: client.WorkerProcess | None = None
        self._is_cancelled = threading.Event()

    def __call__(self, request: bytes) -> bytes:
        """The answer to a request; see `MeasureFunction`."""
        asked = msgspec.json.decode(request, type=MeasurementRequest)
        try:
            return msgspec.json.encode(Answer(_bare(self._measurement(asked))))
        except WorkerError as error:
            # It is of no more use; the next request starts another one.
            self._worker = None
            return msgspec.json.encode(Answer(None, str(error)))
        except MeasurementError as error:
            return msgspec.json.encode(Answer(None, str(error)))

    def cancel(self) -> None:
        """Gives up the measurement under way, and all that are asked for afterwards."""
        self._is_cancelled.set()

    def close(self) -> None:
        """Ends the process; nothing may be under way."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    def _measurement(self, request: MeasurementRequest) -> Measurement:
        if self._is_cancelled.is_set():
            raise MeasurementError("The measurement was cancelled.")
        self._worker = self._worker or client.WorkerProcess()

        def tell(progress: Progress) -> None:
            if self._on_progress is not None:
                self._on_progress(request, progress)

        reply = self._worker.ask(Measure(1, request), tell, self._is_cancelled.is_set)
        if not isinstance(reply, Finished):
            raise WorkerError("The measuring process answered something else than was asked.")
        return reply.measurement


def _point(job: Job, future: Future[bytes]) -> MeasuredPoint:
    try:
        answer = msgspec.json.decode(future.result(), type=Answer)
    except CancelledError:
        return failed(job, "What was to run it gave it up: the scheduler or its workers have gone away.")
    except Exception as error:  # noqa: BLE001 - whatever an executor or its workers come up with
        return failed(job, f"The executor could not run it: {type(error).__name__}: {error}")
    if answer.measurement is None:
        return failed(job, answer.failure)
    return answered(job, answer.measurement, answer.name, answer.address)


def _bare(measurement: Measurement) -> Measurement:
    """Without single samples, which nobody looks at in a sweep."""
    runs = tuple(msgspec.structs.replace(run, samples_seconds=(), clean=(), nodes=()) for run in measurement.runs)
    return msgspec.structs.replace(measurement, runs=runs)


def _place() -> tuple[str, str]:
    """The machine's name and, in a worker of a cluster, its address."""
    with suppress(ImportError, ValueError):
        from distributed import get_worker

        return platform.node(), str(get_worker().address)
    return platform.node(), ""
