"""What the measuring process and its clients say to each other: one line of JSON a message."""

from typing import Any

import msgspec

from onebyone.channels import Channels, ChannelsRequest
from onebyone.errors import WorkerError
from onebyone.measurement.records import DeviceInfo, DType, Measurement, MeasurementRequest, Phase, Roofs, RunProgress
from onebyone.pointwise.parallel import Merge
from onebyone.quantity import duration

#: Goes up when a message changes; the first message of the worker says which one it speaks.
PROTOCOL_VERSION = 3
#: The longest line that a client accepts, in bytes.
MAX_REPLY_BYTES = 1_000_000
#: The longest line that the worker accepts, in bytes: six designs of the largest size, unindented.
MAX_REQUEST_BYTES = 64 * 2**20


PHASE_WORDS: dict[Phase, str] = {
    "starting": "Starting",
    "loading torch": "Loading PyTorch",
    "waiting": "Waiting for another measurement on this machine",
    "checking": "Checking the answer against plain float32",
    "warming up": "Warming up",
    "measuring": "Measuring",
    "per node": "Clocking the nodes",
    "memory": "Counting memory",
    "waiting for quiet": "Waiting for a quiet machine",
    "single nodes": "Clocking every node alone",
    "roofs": "Measuring the machine's roofs",
}


class _Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    """Base of all messages."""


class Measure(_Message, frozen=True, tag="measure"):
    """Asks for a measurement; the request holds the whole designs.

    `has_turn` says that the asking process holds the machine's turn already: a fresh process of a trusted measurement.
    """

    id: int
    request: MeasurementRequest
    has_turn: bool = False


class MeasureRoofs(_Message, frozen=True, tag="roofs"):
    """Asks for the roofs of the machine; `threads` None means all physical cores."""

    id: int
    device: str = "cpu"
    dtype: DType = "float32"
    threads: int | None = None


class ListDevices(_Message, frozen=True, tag="devices"):
    """Asks what can be measured on."""

    id: int


class ShowChannels(_Message, frozen=True, tag="channels"):
    """Asks what a node makes of a picture; needs no quiet machine and no turn."""

    id: int
    request: ChannelsRequest


class CheckMerge(_Message, frozen=True, tag="merge"):
    """Asks whether merged convolutions compute what they stand for; needs no quiet machine and no turn."""

    id: int
    merge: Merge


class Cancel(_Message, frozen=True, tag="cancel"):
    """Gives up what was asked for under this id; takes effect between two samples."""

    id: int


class Hello(_Message, frozen=True, tag="hello"):
    """The first message of the worker; `has_torch` says whether PyTorch is installed."""

    protocol: int
    version: str
    pid: int
    has_torch: bool


class Alive(_Message, frozen=True, tag="alive"):
    """Sent every second, whatever the worker is doing."""


class Progress(_Message, frozen=True, tag="progress"):
    """How far a measurement is; `fraction` goes from 0 to 1, `runs` holds what is known of each design.

    `note` says more about the phase (what is waited for, which process), `seconds_left` is an estimate.
    """

    id: int
    phase: Phase
    fraction: float
    runs: tuple[RunProgress, ...] = ()
    note: str = ""
    seconds_left: float | None = None

    @property
    def text(self) -> str:
        """The phase in words, and what is known of each design: "Measuring: Inception 3a 5.61 ms ± 1.2 %"."""
        known = ", ".join(_shown(run) for run in self.runs if run.median is not None)
        words = f"{PHASE_WORDS[self.phase]}, {self.note}" if self.note else PHASE_WORDS[self.phase]
        return f"{words}: {known}" if known else f"{words}…"


def _shown(run: RunProgress) -> str:
    text = f"{run.design} {duration(run.median)}"
    if run.median and run.ci is not None and run.rounds > 1:
        text += f" ± {(run.ci[1] - run.ci[0]) / 2 / run.median * 100:.1f} %"
    return text


class Finished(_Message, frozen=True, tag="finished"):
    """The answer to `Measure`."""

    id: int
    measurement: Measurement


class Devices(_Message, frozen=True, tag="devices"):
    """The answer to `ListDevices`."""

    id: int
    devices: tuple[DeviceInfo, ...]
    environment: dict[str, Any]


class RoofsFound(_Message, frozen=True, tag="roofs"):
    """The answer to `MeasureRoofs`."""

    id: int
    roofs: Roofs


class ChannelsShown(_Message, frozen=True, tag="channels"):
    """The answer to `ShowChannels`."""

    id: int
    channels: Channels


class Failed(_Message, frozen=True, tag="failed"):
    """The answer where there is none: a sentence for the user; `id` is 0 where the request could not be read."""

    id: int
    message: str
    is_cancelled: bool = False


class MergeChecked(_Message, frozen=True, tag="merge"):
    """The answer to `CheckMerge`: the largest absolute difference of the outputs, and the largest value in them."""

    id: int
    difference: float
    largest: float


Request = Measure | MeasureRoofs | ListDevices | ShowChannels | CheckMerge | Cancel
Reply = Hello | Alive | Progress | Finished | Devices | RoofsFound | ChannelsShown | MergeChecked | Failed

_REQUESTS = msgspec.json.Decoder(Request)
_REPLIES = msgspec.json.Decoder(Reply)


def encode(message: Request | Reply) -> bytes:
    """The message as one line."""
    return msgspec.json.encode(message) + b"\n"


def decode_request(line: bytes) -> Request:
    """The request on a line.

    Raises:
        WorkerError: The line holds none.
    """
    try:
        request: Request = _REQUESTS.decode(line)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise WorkerError(f"The measuring process was asked something it does not understand: {error}.") from error
    return request


def decode_reply(line: bytes) -> Reply:
    """The reply on a line.

    Raises:
        WorkerError: The line holds none, or the worker speaks another version of the protocol.
    """
    try:
        reply: Reply = _REPLIES.decode(line)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise WorkerError("The measuring process said something that is no message; it was ended.") from error
    if isinstance(reply, Hello) and reply.protocol != PROTOCOL_VERSION:
        raise WorkerError(
            f"The measuring process speaks version {reply.protocol} of the protocol instead of {PROTOCOL_VERSION};"
            " install OneByOne again."
        )
    return reply


class LineSplitter:
    """Cuts a stream of bytes into lines of bounded length.

    Args:
        limit: The longest line, in bytes.
    """

    def __init__(self, limit: int = MAX_REPLY_BYTES) -> None:
        self._limit = limit
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that these bytes complete, without their ends.

        Raises:
            WorkerError: A line is too long.
        """
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > self._limit or any(len(line) > self._limit for line in lines):
            self._rest = b""
            raise WorkerError(f"The measuring process wrote a line of more than {self._limit:,} bytes; it was ended.")
        return [line for line in lines if line]
