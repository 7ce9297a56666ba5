"""How much memory one call takes at its peak, in a call of its own that is not timed."""

from collections.abc import Callable, Iterable

MEMORY_EVENT = "[memory]"


def peak_of_profile(call: Callable[[], object]) -> int | None:
    """The running maximum of the bytes that the profiler saw allocated and freed on the CPU during a call."""
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiled:
        call()
    # The profiler's public tables only sum up; the single events are in its raw result.
    results = getattr(profiled.profiler, "kineto_results", None)
    if results is None:
        return None
    events = [event for event in results.events() if event.name() == MEMORY_EVENT]
    return running_maximum(event.nbytes() for event in sorted(events, key=lambda event: event.start_ns()))


def running_maximum(changes: Iterable[int]) -> int:
    """The highest level that a row of increases and decreases reaches, from zero."""
    level = peak = 0
    for change in changes:
        level += change
        peak = max(peak, level)
    return peak
