"""Evidence from files like those of Linux, and from this system."""

from pathlib import Path

import pytest

from onebyone.clock.evidence import NO_SOURCE, SCHEDSTAT_SOURCE, Evidence


def write(tasks: Path, thread: str, delay_ns: int) -> None:
    (tasks / thread).mkdir(exist_ok=True)
    (tasks / thread / "schedstat").write_text(f"5000 {delay_ns} 7\n")


def test_the_delays_of_all_threads_are_summed(tmp_path: Path) -> None:
    write(tmp_path, "1", 100)
    write(tmp_path, "2", 20)
    evidence = Evidence(tmp_path)

    assert evidence.read().delay_ns == 120
    evidence.close()


def test_a_thread_born_later_counts_after_a_refresh(tmp_path: Path) -> None:
    write(tmp_path, "1", 100)
    evidence = Evidence(tmp_path)
    write(tmp_path, "2", 20)

    evidence.refresh()

    assert evidence.read().delay_ns == 120
    evidence.close()


def test_the_sum_does_not_fall_when_a_thread_ends(tmp_path: Path) -> None:
    write(tmp_path, "1", 100)
    write(tmp_path, "2", 20)
    evidence = Evidence(tmp_path)
    evidence.read()

    (tmp_path / "2" / "schedstat").write_text("")

    assert [evidence.read().delay_ns, evidence.read().delay_ns] == [120, 120]
    evidence.close()


def test_a_system_without_counters_says_so(tmp_path: Path) -> None:
    evidence = Evidence(tmp_path / "nowhere")

    assert evidence.source == NO_SOURCE
    assert evidence.read().delay_ns is None


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="needs the counters of Linux")
def test_this_process_has_used_the_processor() -> None:
    evidence = Evidence()

    assert evidence.source == SCHEDSTAT_SOURCE
    assert evidence.read().cpu_ns > 0
    evidence.close()
