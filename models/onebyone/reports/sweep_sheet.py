"""A sweep for other programs: CSV with one row a variant, and one JSON document."""

from collections.abc import Iterator

import msgspec

from onebyone import quantity
from onebyone.reports.escaping import Cell, csv_text
from onebyone.sweep.result import COSTS, SweepResult, machines


def sweep_csv(result: SweepResult) -> str:
    """One row a variant, in the order of the grid; times are in seconds, bytes are bytes."""
    return csv_text(_rows(result))


def _rows(result: SweepResult) -> Iterator[tuple[Cell, ...]]:
    yield (
        *result.sweep.names, "valid", "problem", "weights", "parameters", "macs", "peak_activation_bytes", "outputs",
        "median_s", "ci_low_s", "ci_high_s", "ratio", "ratio_low", "ratio_high", "comparison", "verdict", "reason",
        "samples", "clean_samples", "machine", "address", "cpu", "finished", "failure",
        *(f"front_{cost}" for cost in COSTS),
    )  # fmt: skip
    fronts = [set(result.front(cost)) for cost in COSTS]
    for index, point in enumerate(result.points):
        outputs = " ".join(quantity.shape(shape) for shape in point.outputs) if point.is_valid else None
        costs = (point.weights, point.parameters, point.macs, point.peak_activation_bytes)
        row: tuple[Cell, ...] = (*point.values, point.is_valid, point.problem or None, *costs, outputs)
        measured = result.measured.get(index)
        if measured is None:
            yield (*row, *[None] * (16 + len(COSTS)))
            continue
        low, high = measured.ci or (None, None)
        ratio_low, ratio_high = measured.ratio_ci or (None, None)
        is_answered = not measured.failure
        yield (
            *row, measured.median, low, high, measured.ratio, ratio_low, ratio_high,
            measured.comparison if is_answered else None, measured.verdict if is_answered else None,
            measured.reason or None, measured.samples, measured.clean_samples, measured.machine.name or None,
            measured.machine.address or None, str(measured.machine.environment.get("cpu", "")) or None,
            measured.finished or None, measured.failure or None, *(index in front for front in fronts),
        )  # fmt: skip


def sweep_json(result: SweepResult) -> str:
    """All of it as one document; times are in seconds, unknown is null."""
    fronts = {cost: result.front(cost) for cost in COSTS}
    points = []
    for index, point in enumerate(result.points):
        row = msgspec.to_builtins(point)
        row["valid"] = point.is_valid
        measured = result.measured.get(index)
        row["measured"] = None if measured is None else _measured(msgspec.to_builtins(measured))
        points.append(row)
    document = {
        "design": result.sweep.design.name,
        "fields": [msgspec.to_builtins(variation) for variation in result.sweep.variations],
        "present": msgspec.to_builtins(result.present) | {"valid": result.present.is_valid},
        "settings": result.settings if result.measured else None,
        "points": points,
        "fronts": fronts,
        "machines": [{"title": title, "environment": known} for title, known in machines(result)],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n"


def _measured(point: dict[str, object]) -> dict[str, object]:
    machine = point.pop("machine")
    assert isinstance(machine, dict)
    left_out = ("key", "values")
    known = {name: value for name, value in point.items() if name not in left_out}
    return known | {"machine": machine["name"], "address": machine["address"]}
