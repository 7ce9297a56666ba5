"""Where a measurement was made: all that is recorded next to its figures."""

import os
import platform
from datetime import UTC, datetime
from typing import Any

import msgspec

import onebyone
from onebyone.clock import machine

#: Environment variables that change how fast PyTorch runs; only these are recorded.
TELLING_PREFIXES = (
    "OMP_", "GOMP_", "KMP_", "MKL_", "DNNL_", "ONEDNN_", "ATEN_", "TORCH_", "TORCHINDUCTOR_", "TORCHDYNAMO_",
    "PYTORCH_", "CUDA_", "CUDNN_", "NVIDIA_TF32_", "HIP_", "ROCR_", "MIOPEN_", "MALLOC_", "LD_PRELOAD",
    "GLIBC_TUNABLES",
)  # fmt: skip
MAX_VALUE_LENGTH = 200


class Before(msgspec.Struct, frozen=True):
    """What has to be read before a measurement begins."""

    load: list[float] | None
    stolen: float | None


def before() -> Before:
    """Reads what has to be read before a measurement begins."""
    return Before(machine.load(), machine.stolen_seconds())


def describe(device: str) -> dict[str, Any]:
    """The machine and the software, as far as it does not change during a measurement."""
    import torch

    return {
        "cpu": machine.cpu_model(),
        "instruction_set": torch.backends.cpu.get_cpu_capability(),
        "physical_cores": machine.physical_cores(),
        "logical_cores": machine.logical_cores(),
        "cpu_limit": machine.cpu_limit(),
        "device": device,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "onebyone": onebyone.__version__,
        "torch": str(torch.__version__),
        "torch_build": build(),
        "variables": variables(),
    }


def build() -> dict[str, str]:
    """How this PyTorch was built: commit, compiler, and the libraries that do the arithmetic."""
    import torch

    facts = {"commit": str(torch.version.git_version)}
    for line in torch.__config__.show().splitlines():
        text = line.strip(" -")
        for name in ("GCC", "clang", "Intel(R) MKL-DNN", "Intel(R) oneAPI Math Kernel Library", "OpenMP"):
            if text.startswith(name):
                facts[name] = text.removeprefix(name).strip()
    for name, value in (("CUDA", torch.version.cuda), ("HIP", torch.version.hip)):
        if value is not None:
            facts[name] = str(value)
    return facts


def variables() -> dict[str, str]:
    """The environment variables that can change a time."""
    return {
        name: value[:MAX_VALUE_LENGTH]
        for name, value in sorted(os.environ.items())
        if name.startswith(TELLING_PREFIXES)
    }


def record(start: Before, device: str, threads: int, evidence: str, seed: int) -> dict[str, Any]:
    """The whole record, made right after the measurement."""
    import torch

    stolen = machine.stolen_seconds()
    known = stolen is not None and start.stolen is not None
    return describe(device) | {
        "threads": threads,
        "threads_between_operators": torch.get_num_interop_threads(),
        "seed": seed,
        "evidence": evidence,
        "load_before": start.load,
        "load_after": machine.load(),
        "stolen_seconds": round(stolen - start.stolen, 3) if known else None,  # type: ignore[operator]
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }
