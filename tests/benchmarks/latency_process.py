"""One fresh process of the latency benchmark: our median and that of torch.utils.benchmark on the same modules.

Run as `python -m tests.benchmarks.latency_process` by `latency_quality`; prints one JSON document.
"""

import json
import os
import random
import sys

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import msgspec

from onebyone import gallery
from onebyone.analysis import analyze
from onebyone.design import Design, Node
from onebyone.gallery.inception import Row, reduced_module
from onebyone.layers import Input, Output
from onebyone.measurement.records import MeasurementRequest

MIN_RUN_S = 1.0
#: Table 1 of GoogLeNet, module 5a: 832 channels at 7×7.
_INCEPTION_5A = Row(conv1x1=256, reduce3x3=160, conv3x3=320, reduce5x5=32, conv5x5=128, pool_proj=128)


def blocks() -> dict[str, Design]:
    """What is timed."""
    ends = Node("input", Input(832, 7, 7)), Node("output", Output(), inputs=("concat",))
    small = Design("Inception 5a, 7×7", nodes=(ends[0], *reduced_module(_INCEPTION_5A, "input"), ends[1]))
    return {
        "Inception 3a": gallery.load("inception-3a"),
        "Inception 3a naive": gallery.load("inception-3a-naive"),
        "Inception 5a, 7×7": small,
    }


def ours(design: Design) -> dict[str, object]:
    """Our quick answer."""
    from onebyone.torch_backend import measuring

    request = MeasurementRequest((design,), threads=1, has_roofs=False)
    run = measuring.measure(request, lambda *_, **__: None, lambda: False).runs[0]
    return {"median": run.median, "ci": run.ci, "verdict": run.verdict, "clean": run.clean_samples / run.samples}


def theirs(design: Design) -> float:
    """The median of `torch.utils.benchmark` on the module as we build it."""
    import torch
    from torch.utils import benchmark

    from onebyone.torch_backend import candidate
    from onebyone.torch_backend.devices import CpuDevice

    with torch.inference_mode():
        made = candidate.make("block", analyze(design), MeasurementRequest((design,), threads=1), CpuDevice())
        timer = benchmark.Timer("call()", globals={"call": made.call}, num_threads=1)
        return float(timer.blocked_autorange(min_run_time=MIN_RUN_S).median)


def main() -> None:
    """Times all blocks, ours first or theirs first by chance."""
    import torch

    torch.set_num_interop_threads(1)
    torch.set_flush_denormal(True)
    found = {}
    for name, design in blocks().items():
        if random.random() < 0.5:
            mine, other = ours(design), theirs(design)
        else:
            other, mine = theirs(design), ours(design)
        found[name] = mine | {"theirs": other}
    sys.stdout.write(json.dumps(msgspec.to_builtins(found)) + "\n")


if __name__ == "__main__":
    main()
