"""Shared by all tests: no display, no user settings, no network; how many at once, and how much is left to chance."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
# One test to a core: torch must not take the cores of the neighbours.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

from onebyone.clock.cores import logical_cores

MOST_WORKERS = 8
CPU_LIMIT = Path("/sys/fs/cgroup/cpu.max")

_always = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
settings.register_profile("default", _always, max_examples=30)
settings.register_profile("deep", _always, max_examples=300)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--deep", action="store_true", help="let chance try as much as we promise, not a sample of it")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "deep: has more to do with --deep; set by itself")
    settings.load_profile("deep" if config.getoption("deep") else "default")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what the profile makes longer, so that `--deep -m deep` runs that and nothing else."""
    for item in items:
        if "sized" in getattr(item, "fixturenames", ()) or is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.deep)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """As many as there are cores for us; none beside this process for what is printed or clocked.

    Left to itself, xdist counts hyper-threads once, and all cores of a machine whose container may use two. Who says a
    number in its environment variable gets that.
    """
    if config.getoption("capture") == "no" or any("benchmarks" in argument for argument in config.args):
        return 0
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    cores = logical_cores()
    quota, _, period = CPU_LIMIT.read_text("ascii").partition(" ") if CPU_LIMIT.exists() else ("max", "", "")
    if quota != "max":
        cores = min(cores, max(1, round(int(quota) / int(period))))
    return min(cores, MOST_WORKERS)


@pytest.fixture
def sized(pytestconfig: pytest.Config) -> Callable[[int, int], int]:
    """Of two sizes of a test of chance the one that was asked for: the small one, or with --deep the large one."""
    place = int(pytestconfig.getoption("deep"))
    return lambda *sizes: sizes[place]


@pytest.fixture(autouse=True)
def own_user_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings and data of the person who runs the tests stay untouched."""
    home = tmp_path_factory.mktemp("home")
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("ONEBYONE_DATA", str(home))
