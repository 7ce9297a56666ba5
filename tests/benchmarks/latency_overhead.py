"""What the generated module and its clocks cost, against a module written by hand; prints one JSON document."""

import json
import os
import sys

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from onebyone import gallery
from onebyone.analysis import analyze
from onebyone.clock import protocol, statistics
from onebyone.clock.evidence import Evidence
from onebyone.clock.protocol import Subject
from onebyone.clock.stopwatch import Call, Stopwatch
from onebyone.measurement.records import MeasurementRequest
from onebyone.torch_backend import candidate
from onebyone.torch_backend.devices import CpuDevice

BUDGET_S = 12.0


def main() -> None:
    """Times the three, interleaved call by call on one thread."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    torch.set_flush_denormal(True)

    class HandWritten(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.b1 = nn.Sequential(nn.Conv2d(192, 64, 1), nn.ReLU())
            self.b2 = nn.Sequential(nn.Conv2d(192, 96, 1), nn.ReLU(), nn.Conv2d(96, 128, 3, padding=1), nn.ReLU())
            self.b3 = nn.Sequential(nn.Conv2d(192, 16, 1), nn.ReLU(), nn.Conv2d(16, 32, 5, padding=2), nn.ReLU())
            self.b4 = nn.Sequential(nn.MaxPool2d(3, 1, 1), nn.Conv2d(192, 32, 1), nn.ReLU())

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.cat([self.b1(x), self.b2(x), self.b3(x), self.b4(x)], 1)

    with torch.inference_mode():
        device = CpuDevice()
        design = gallery.load("inception-3a")
        made = candidate.make("block", analyze(design), MeasurementRequest((design,), threads=1), device)
        theirs = HandWritten().eval()
        clocked = made.clocked(device.marks())

        def with_clocks() -> object:
            answer = clocked.call()
            clocked.marks.intervals()
            return answer

        calls: list[Call] = [made.call, lambda: theirs(*made.inputs), with_clocks]
        for call in calls:
            for _ in range(20):
                call()
        timer = Stopwatch(Evidence(), device.synchronize)
        subjects = [Subject(call) for call in calls]
        generated, hand_written, clocks = protocol.run_rounds(timer, subjects, BUDGET_S, lambda: None, lambda *_: None)
    found = {
        "generated": words(statistics.compare(generated, hand_written)),
        "clocked": words(statistics.compare(clocks, generated)),
    }
    sys.stdout.write(json.dumps(found) + "\n")


def words(found: statistics.Compared) -> str:
    ratio = found.ratio
    return "cannot tell" if ratio is None else f"{ratio.value:.3f} [{ratio.low:.3f}, {ratio.high:.3f}]"


if __name__ == "__main__":
    main()
