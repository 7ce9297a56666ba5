"""A stand-in for the measuring process that answers each request with times that follow from the designs.

Arguments: how many requests are answered before it hangs, and a file to count requests in.
"""

import json
import sys
from typing import Any

from onebyone.worker.messages import PROTOCOL_VERSION


def say(**message: Any) -> None:
    print(json.dumps(message), flush=True)


def width_of(design: dict[str, Any]) -> int:
    return next(node["layer"]["out_channels"] for node in design["nodes"] if node["id"] == "reduce3x3")


def run_of(design: dict[str, Any]) -> dict[str, Any]:
    seconds = 0.001 + width_of(design) * 1e-5
    return {
        "design": design["name"], "digest": "", "device": "cpu", "dtype": "float32", "layout": "nchw", "batch": 1,
        "threads": 1, "mode": "eager", "verdict": "quiet", "reason": "", "samples": 100, "clean_samples": 99,
        "first_call": 0.5, "median": seconds, "ci": [seconds * 0.99, seconds * 1.01], "peak_bytes": None,
        "raw": {"median": seconds, "p5": seconds, "p95": seconds, "min": seconds, "max": seconds},
    }  # fmt: skip


def main() -> None:
    answers, counted = int(sys.argv[1]), sys.argv[2]
    say(type="hello", protocol=PROTOCOL_VERSION, version="0", pid=1, has_torch=True)
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "cancel":
            say(type="failed", id=message["id"], message="The measurement was cancelled.", is_cancelled=True)
        elif message["type"] == "devices":
            say(type="devices", id=message["id"], devices=[], environment={})
        elif message["type"] == "measure":
            with open(counted, "a", encoding="utf-8") as file:
                file.write(message["request"]["designs"][-1]["name"] + "\n")
            say(type="progress", id=message["id"], phase="measuring", fraction=0.5)
            answers -= 1
            if answers < 0:
                continue
            base, variant = (run_of(design) for design in message["request"]["designs"])
            ratio = variant["median"] / base["median"]
            found = {
                "of": variant["design"], "to": base["design"], "ratio": ratio, "ci": [ratio * 0.99, ratio * 1.01],
                "verdict": "slower",
            }  # fmt: skip
            environment = {"cpu": "Stand-in", "finished": "2026-11-24T10:00:00+00:00"}
            measurement = {"environment": environment, "runs": [base, variant], "ratios": [found]}
            say(type="finished", id=message["id"], measurement=measurement)


if __name__ == "__main__":
    main()
