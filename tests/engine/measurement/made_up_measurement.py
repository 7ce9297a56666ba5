"""A measurement that was never made, for tests of what is done with one."""

from typing import Any

import msgspec

from onebyone import gallery
from onebyone.design import Design
from onebyone.measurement.records import (
    IsolatedTime,
    MeasuredCell,
    Measurement,
    MeasurementRequest,
    NodeTime,
    Ratio,
    RawTimes,
    Roofs,
    Run,
    Verdict,
)

SAMPLES = (0.0069, 0.0071, 0.0070, 0.0081)


def run_of(design: Design, verdict: Verdict = "quiet", reason: str = "98 % of the samples undisturbed.") -> Run:
    is_refused = verdict == "refused"
    return Run(
        design=design.name,
        digest="0" * 64,
        device="cpu",
        dtype="float32",
        layout="nchw",
        batch=1,
        threads=1,
        mode="eager",
        verdict=verdict,
        reason=reason,
        samples=4,
        clean_samples=3,
        first_call=0.014,
        median=None if is_refused else 0.0070,
        ci=None if is_refused else (0.0069, 0.0071),
        raw=RawTimes(0.00705, 0.0068, 0.0080, 0.0067, 0.0082),
        peak_bytes=2_508_800,
        nodes=() if is_refused else (NodeTime("conv3x3", 0.0019, 0.27), NodeTime("pool", 0.0035, 0.5)),
        unattributed=None if is_refused else 0.0002,
        rounds=() if is_refused else (0.0069, 0.0071),
        input_shapes=((192, 28, 28),),
        samples_seconds=SAMPLES,
        clean=(True, True, True, False),
    )


def measurement_of(request: MeasurementRequest, *verdicts: Verdict) -> Measurement:
    given = verdicts or ("quiet",) * len(request.designs)
    cell = {"device": request.device, "dtype": request.dtype, "layout": request.layout, "batch": request.batch}
    runs = tuple(
        msgspec.structs.replace(
            run_of(design, verdict),
            threads=request.threads or 2,
            mode=request.mode,
            **cell,
            **_special(request, verdict),
        )
        for design, verdict in zip(request.designs, given, strict=True)
    )
    ratios = tuple(Ratio(run.design, runs[0].design, 1.42, (1.39, 1.45), "slower") for run in runs[1:])
    environment = {"cpu": "A <fast> CPU | x", "torch": "2.13.0", "load_before": [0.5, 0.25], "variables": {"OMP": "1"}}
    roofs = Roofs(request.device, request.dtype, runs[0].threads, 100e9, 10e9, 2e-6)
    return Measurement(environment, runs, ratios, 0.01 if ratios else None, roofs=roofs)


def _special(request: MeasurementRequest, verdict: Verdict) -> dict[str, Any]:
    """What only some ways of measuring answer."""
    special: dict[str, Any] = {"form": request.form, "estimated_peak_bytes": 1_904_640}
    if request.form == "trusted" and verdict != "refused":
        special["processes"] = (0.0069, 0.0070, 0.0071)
    if request.mode == "compile":
        special["compile_seconds"] = 12.5
    if request.device != "cpu" and verdict != "refused":
        special["device_median"] = 0.0066
    if request.is_isolated and verdict != "refused":
        special["isolated"] = (IsolatedTime("conv3x3", 0.0018, 0.0023), IsolatedTime("pool", 0.0034, None))
    return special


def cells_of_two(**changes: Any) -> tuple[MeasuredCell, ...]:
    """Both Inceptions in both layouts, one thread."""
    changed = msgspec.structs.replace(request_for_two(), **changes)
    requests = [msgspec.structs.replace(changed, layout=layout) for layout in ("nchw", "channels_last")]
    return tuple(MeasuredCell(request, measurement_of(request)) for request in requests)


def request_for_two() -> MeasurementRequest:
    """Both Inceptions of the gallery, on one thread."""
    return MeasurementRequest(tuple(gallery.load(name) for name in ("inception-3a", "inception-3a-naive")), threads=1)
