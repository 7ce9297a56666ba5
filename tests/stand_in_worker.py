"""A stand-in for the measuring process that speaks the protocol and has one fault.

Arguments: the fault, and optionally a file; where the file exists the fault is over and every request is answered.
With the fault "by-batch" the batch of a request picks one of `FAULTS`, and a batch of 1 is answered.
"""

import json
import os
import resource
import signal
import sys
import threading

REPLY_NAME = "stand-in"
LIVE_NAME = "Inception 3a"
FAULTS = (
    "killed",
    "garbage",
    "exit",
    "memory",
    "long-line",
    "half-line",
    "compile",
    "stopped",
    "garbage-flood",
    "flood",
)


def say(**message: object) -> None:
    os.write(1, json.dumps(message).encode() + b"\n")


def answer(request_id: int) -> None:
    raw = {"median": 0.5, "p5": 0.5, "p95": 0.5, "min": 0.5, "max": 0.5}
    run = {
        "design": REPLY_NAME, "digest": "", "device": "cpu", "dtype": "float32", "layout": "nchw", "batch": 1,
        "threads": 1, "mode": "eager", "verdict": "quiet", "reason": "", "samples": 1, "clean_samples": 1,
        "first_call": 0.5, "median": 0.5, "ci": [0.5, 0.5], "raw": raw, "peak_bytes": None,
    }  # fmt: skip
    say(type="progress", id=request_id, phase="measuring", fraction=0.5)
    say(type="finished", id=request_id, measurement={"environment": {"pid": os.getpid()}, "runs": [run]})


def flood(line: bytes, lines: int) -> None:
    for _ in range(lines // 1000):
        os.write(1, line * 1000)


def go_wrong(fault: str, request_id: int) -> None:
    match fault:
        case "none":
            answer(request_id)
        case "garbage":
            os.write(1, b"\x00\xff this is no message\n")
        case "nesting":
            os.write(1, b"[" * 100_000 + b"\n")
        case "garbage-flood":
            flood(b"Warning: something about convolutions\n", 200_000)
        case "flood":
            flood(b'{"type":"alive"}\n', 200_000)
            answer(request_id)
        case "long-line":
            os.write(1, b"x" * 1_500_000)
        case "exit":
            os.write(2, b"first\nno more strength\n")
            os._exit(3)
        case "half-line":
            os.write(1, b'{"type":"prog')
            os._exit(0)
        case "memory":
            resource.setrlimit(resource.RLIMIT_AS, (2**28, 2**28))
            bytearray(2**30)
        case "compile":
            say(type="failed", id=request_id, message="torch.compile needs a C++ compiler, and none was found.")
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "stopped":
            os.kill(os.getpid(), signal.SIGSTOP)
        case "other-answer":
            answer(request_id + 1000)
            answer(request_id)
        case "live":
            threading.Thread(target=measure_for_ever, args=(request_id,), daemon=True).start()
        case "deaf":
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})


def main() -> None:
    fault = sys.argv[1]
    marker = sys.argv[2] if len(sys.argv) > 2 else ""
    if marker and os.path.exists(marker):
        fault = "none"
    elif marker:
        open(marker, "x").close()
    say(type="hello", protocol=99 if fault == "other-version" else 3, version="0", pid=os.getpid(), has_torch=True)
    if fault == "deaf":
        threading.Thread(target=beat, daemon=True).start()
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "measure":
            batch = message["request"].get("batch", 1)
            picked = "none" if batch == 1 else FAULTS[batch % len(FAULTS)]
            go_wrong(picked if fault == "by-batch" else fault, message["id"])
        elif message["type"] == "devices":
            say(type="devices", id=message["id"], devices=[], environment={})
        elif message["type"] == "cancel" and fault != "deaf":
            say(type="failed", id=message["id"], message="The measurement was cancelled.", is_cancelled=True)
    if fault == "deaf":
        threading.Event().wait()


def measure_for_ever(request_id: int) -> None:
    """Says every 20 ms what a measurement says: four more samples, of which one is disturbed."""
    never, rounds = threading.Event(), 0
    while not never.wait(0.02):
        rounds += 1
        run = {
            "design": LIVE_NAME, "rounds": rounds, "samples": 4 * rounds, "median": 0.007,
            "ci": [0.007 - 0.001 / rounds, 0.007 + 0.001 / rounds],
            "latest": [0.0069, 0.0070, 0.0071, 0.0120], "latest_clean": [True, True, True, False],
        }  # fmt: skip
        say(type="progress", id=request_id, phase="measuring", fraction=0.5, runs=[run], seconds_left=2.0)


def beat() -> None:
    never = threading.Event()
    while not never.wait(0.1):
        say(type="alive")


if __name__ == "__main__":
    main()
