"""Measuring on the workers of a Dask cluster; `distributed` is loaded here and nowhere else."""

import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from typing import Any

import onebyone
from onebyone.errors import SweepError
from onebyone.files.strict_json import shown

#: What a worker must offer; a measurement takes all of it, so that there is one at a time on each.
RESOURCE = "measure"
CONNECT_TIMEOUT_S = 8
_HOW = f"start its workers with: dask worker ADDRESS --resources {RESOURCE}=1"


@contextmanager
def cluster_executor(address: str) -> Iterator[Executor]:
    """The executor of a cluster; what still waits at the end is given up.

    Args:
        address: Of the scheduler, like tcp://192.168.0.7:8786.

    Raises:
        SweepError: The extra is not installed, nobody answers there, or no worker offers to measure.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise SweepError(
            "Measuring on a cluster needs the package distributed; install it with: pip install 'onebyone[cluster]'"
        ) from error
    with _hushed():
        yield from _connected(Client, address)


def _connected(client_class: Any, address: str) -> Iterator[Executor]:
    try:
        client = client_class(address, timeout=CONNECT_TIMEOUT_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError, ImportError) as error:
        raise SweepError(f"No Dask scheduler answers at {shown(address)} ({_first_line(error)}).") from error
    try:
        _require_resource(client, address)
        _require_onebyone(client, address)
        executor = client.get_executor(resources={RESOURCE: 1}, pure=False)
        try:
            yield executor
        finally:
            with suppress(RuntimeError):
                executor.shutdown(wait=False)
    finally:
        client.close()


@contextmanager
def _hushed() -> Iterator[None]:
    """Keeps the client's own messages, tracebacks among them, from the terminal: what matters is said in sentences."""
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def _require_resource(client: Any, address: str) -> None:
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    if not workers:
        raise SweepError(f"The cluster at {shown(address)} has no workers; {_HOW}.")
    if not any(worker.get("resources", {}).get(RESOURCE, 0) >= 1 for worker in workers):
        raise SweepError(f"No worker of the cluster at {shown(address)} offers the resource {RESOURCE}; {_HOW}.")


def _require_onebyone(client: Any, address: str) -> None:
    """A worker without this package would take work that it cannot read, and never answer."""

    def version() -> str:
        # Pickled by value: it is not defined at the top of a module.
        import onebyone

        return onebyone.__version__

    answers = client.run(version, on_error="return")
    lacking = sorted(worker for worker, answer in answers.items() if answer != onebyone.__version__)
    if lacking:
        raise SweepError(
            f"{len(lacking)} of {len(answers)} workers of the cluster at {shown(address)} have no OneByOne"
            f" {onebyone.__version__}, {lacking[0]} among them; install that version there."
        )


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
