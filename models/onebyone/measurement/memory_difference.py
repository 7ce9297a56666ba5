"""Why the measured peak memory differs from the liveness estimate: what the layers hold while they run."""

from itertools import accumulate

import msgspec

from onebyone.analysis import Analysis
from onebyone.measurement.records import BYTES_PER_ELEMENT, Run
from onebyone.quantity import byte_size

#: Differences below this share of the estimate are not worth a sentence.
_WORTH_SAYING = 0.02


class Peak(msgspec.Struct, frozen=True):
    """The most memory that is held at a time, and the node that runs then."""

    node: str
    total_bytes: int
    working_bytes: int


def peak_with_working_memory(analysis: Analysis, bytes_per_element: int, batch: int) -> Peak | None:
    """The peak of the liveness estimate when what the layers hold while they run is added; None without nodes."""
    levels = list(accumulate(analysis.traffic))
    found = None
    for name, rank in analysis.topology.rank.items():
        node = analysis.nodes[name]
        if name not in analysis.topology.live or node.shape is None:
            continue
        layer = analysis.node(name)
        is_bypassed = layer.bypassed and layer.passes_through
        own = 0 if is_bypassed else layer.layer.working_bytes(bytes_per_element, *node.inputs)
        alive = levels[2 * rank] * bytes_per_element // analysis.bytes_per_element
        if found is None or (alive + own) * batch > found.total_bytes:
            found = Peak(name, (alive + own) * batch, own * batch)
    return found


def memory_words(analysis: Analysis, run: Run) -> str:
    """The measured peak beside the estimate, and what makes the difference; nothing where one of them is missing."""
    measured, estimated = run.peak_bytes, run.estimated_peak_bytes
    if measured is None or not estimated:
        return ""
    both = f"Measured {byte_size(measured)}, estimated by liveness {byte_size(estimated)}"
    difference = measured - estimated
    if abs(difference) < _WORTH_SAYING * estimated:
        return f"{both}: they agree."
    if run.mode == "compile":
        return f"{both}. A compiled graph makes other tensors than the design has nodes."
    if difference < 0:
        return f"{both}: {byte_size(-difference)} less."
    peak = peak_with_working_memory(analysis, BYTES_PER_ELEMENT[run.dtype], run.batch)
    if peak is None or not peak.working_bytes:
        return f"{both}: {byte_size(difference)} more, which is not explained."
    name = analysis.node(peak.node).name
    kind = analysis.node(peak.node).layer.type_name
    sentence = (
        f"{both}. While {name} ({kind}) runs, PyTorch holds {byte_size(peak.working_bytes)} beside its inputs and"
    )
    sentence += f" its result, which makes {byte_size(peak.total_bytes)}"
    rest = measured - peak.total_bytes
    if abs(rest) < _WORTH_SAYING * measured:
        return f"{sentence}: that is the difference."
    if rest > 0:
        return f"{sentence}; the other {byte_size(rest)} are not explained by this."
    return f"{sentence} at most."
