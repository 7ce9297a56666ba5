"""Why one design takes longer than another: what the MACs predict, and the node that makes most of the difference."""

from onebyone import quantity
from onebyone.analysis import analyze
from onebyone.design import Design
from onebyone.measurement.records import MeasurementRequest, Ratio, Run

# From this share of the whole difference on, one node is said to make most of it.
_MOST = 0.5


def explanation(request: MeasurementRequest, runs: tuple[Run, ...], ratio: Ratio) -> str:
    """A sentence or two on two runs of one measurement; nothing where the names do not tell them apart.

    A difference that the measurement cannot tell is not explained.

    Args:
        request: What was measured.
        runs: The answers, in the order of the designs.
        ratio: How two of them compare.
    """
    of, to = ratio.of, ratio.to
    places = {run.design: place for place, run in enumerate(runs)}
    if of not in places or to not in places or len(places) < len(runs):
        return ""
    longer, base = places[of], places[to]
    sentences = [_predicted(request.designs[longer], request.designs[base])]
    if ratio.verdict in ("slower", "faster"):
        sentences.append(_difference(runs[longer], runs[base], request.designs[longer], request.designs[base]))
    return " ".join(sentence for sentence in sentences if sentence)


def _predicted(longer: Design, base: Design) -> str:
    macs, base_macs = analyze(longer).totals.macs, analyze(base).totals.macs
    return f"MACs alone say {macs / base_macs:.2f}×." if macs and base_macs else ""


def _difference(longer: Run, base: Run, design: Design, base_design: Design) -> str:
    """The node, matched by its id, whose time differs most in the direction in which the whole differs."""
    if longer.median is None or base.median is None or not longer.nodes or not base.nodes:
        return ""
    whole = longer.median - base.median
    times, base_times = ({node.id: node.median for node in run.nodes} for run in (longer, base))
    sign = 1 if whole > 0 else -1
    changes = {name: sign * (times.get(name, 0.0) - base_times.get(name, 0.0)) for name in (*times, *base_times)}
    name, change = max(changes.items(), key=lambda item: item[1])
    if change <= 0:
        return ""
    nodes = base_design.nodes_by_id() | design.nodes_by_id()
    title = nodes[name].name if name in nodes else name
    only = "" if name in times and name in base_times else ", which only one of them has"
    part = min(change / abs(whole), 1.0) if whole else 1.0
    kind = f" ({nodes[name].layer.type_name}{only})" if name in nodes else ""
    more = "more" if sign > 0 else "less"
    amount = quantity.duration(change)
    if part < _MOST:
        return f"No single node makes the difference; {title}{kind} takes {amount} {more}, more than any other."
    return f"{title}{kind} makes most of the difference: it takes {amount} {more}."
