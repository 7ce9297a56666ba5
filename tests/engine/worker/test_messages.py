"""Messages as lines, and lines that are no messages."""

import msgspec
import pytest

from onebyone import gallery
from onebyone.errors import WorkerError
from onebyone.measurement.records import MeasurementRequest, RunProgress
from onebyone.worker import messages
from onebyone.worker.launch import death_sentence
from onebyone.worker.messages import Alive, Cancel, Hello, LineSplitter, Measure, Progress
from onebyone.worker.patience import LOADING_S, MISSED_HEARTBEATS, STARTING_S, Patience


def test_a_request_carries_the_whole_design() -> None:
    request = Measure(7, MeasurementRequest((gallery.load("inception-3a"),), threads=2))

    line = messages.encode(request)

    assert line.count(b"\n") == 1
    assert messages.decode_request(line) == request


@pytest.mark.parametrize(
    "message",
    [Hello(messages.PROTOCOL_VERSION, "1", 2, True), Alive(), Progress(1, "measuring", 0.5)],
    ids=["hello", "alive", "progress"],
)
def test_a_reply_comes_back_as_it_was(message: messages.Reply) -> None:
    assert messages.decode_reply(messages.encode(message)) == message


@pytest.mark.parametrize(
    "line",
    [b"", b"x", b"{}", b"[" * 100_000, b'{"type":"hello"}', b'{"type":"eval"}', b"\xff", b'{"type":"alive","more":1}'],
    ids=["empty", "text", "nothing", "nested", "incomplete", "unknown", "bytes", "more"],
)
def test_what_is_no_reply_is_one_sentence(line: bytes) -> None:
    with pytest.raises(WorkerError, match=r"no message; it was ended\.$"):
        messages.decode_reply(line)


@pytest.mark.parametrize(
    ("field", "value"), [("batch", 0), ("batch", 10**9), ("designs", []), ("dtype", "int8"), ("budget", -1), ("x", 1)]
)
def test_a_request_out_of_bounds_is_refused(field: str, value: object) -> None:
    plain = msgspec.to_builtins(Measure(1, MeasurementRequest((gallery.load("inception-3a"),))))
    plain["request"][field] = value

    with pytest.raises(WorkerError, match="does not understand"):
        messages.decode_request(msgspec.json.encode(plain))


def test_another_version_of_the_protocol_is_refused() -> None:
    with pytest.raises(WorkerError, match="version 99"):
        messages.decode_reply(messages.encode(Hello(99, "1", 2, True)))


def test_lines_are_put_together_from_pieces() -> None:
    splitter = LineSplitter()

    assert [splitter.feed(piece) for piece in (b"ab", b"c\nd", b"\n\ne\n")] == [[], [b"abc"], [b"d", b"e"]]


@pytest.mark.parametrize("data", [b"12345678901", b"12345678901\n"])
def test_a_line_has_a_greatest_length(data: bytes) -> None:
    with pytest.raises(WorkerError, match="more than 10 bytes"):
        LineSplitter(10).feed(data)


def test_progress_reads_as_a_sentence() -> None:
    runs = (RunProgress("A", 3, 60, 0.0056, (0.0055, 0.0057)), RunProgress("B", 0, 0, None, None))

    assert Progress(1, "measuring", 0.4, runs).text == "Measuring: A 5.60 ms ± 1.8 %"
    assert Progress(1, "warming up", 0.1).text == "Warming up…"


def test_every_cancel_names_its_job() -> None:
    assert messages.decode_request(messages.encode(Cancel(4))) == Cancel(4)


def looks_until_over(patience: Patience) -> int:
    looks = 1
    while not patience.is_over():
        looks += 1
    return looks - 1


def test_a_worker_may_take_its_time_to_start_and_to_load_but_not_to_measure() -> None:
    patience = Patience()
    looks = [looks_until_over(patience)]
    for reply in (Progress(1, "loading torch", 0.0), Progress(1, "measuring", 0.5)):
        patience.heard(reply)
        looks.append(looks_until_over(patience))

    assert looks == [STARTING_S, LOADING_S, MISSED_HEARTBEATS]


def test_a_sign_of_life_starts_the_count_again() -> None:
    patience = Patience()
    patience.heard(Hello(1, "1", 2, True))
    for _ in range(10):
        assert not patience.is_over()
        patience.heard(Alive())


@pytest.mark.parametrize(
    ("code", "words"),
    [(-9, "was killed, which often means"), (-11, "was ended by signal 11"), (3, "ended with exit code 3")],
)
def test_a_death_is_told_with_its_cause(code: int, words: str) -> None:
    assert words in death_sentence(code, "last words")
