"""How long a silent worker is waited for."""

from onebyone.worker.messages import Alive, Progress, Reply

#: Seconds between two signs of life, and between two looks at them.
HEARTBEAT_S = 1.0
MISSED_HEARTBEATS = 3
# Starting the interpreter, and loading PyTorch from a slow disk, may hold up the signs of life.
STARTING_S = 30
LOADING_S = 120


class Patience:
    """Counts looks at a worker that is silent.

    Looks are counted, not seconds: a client that was itself held up has not looked, and blames nobody for it.
    """

    def __init__(self) -> None:
        self._allowed = STARTING_S
        self._missed = 0

    @property
    def seconds(self) -> int:
        """How many seconds of silence end it at the moment."""
        return self._allowed

    def heard(self, reply: Reply) -> None:
        """The worker said something."""
        self._missed = 0
        if isinstance(reply, Progress) and reply.phase == "loading torch":
            self._allowed = LOADING_S
        elif not isinstance(reply, Alive):
            self._allowed = MISSED_HEARTBEATS

    def is_over(self) -> bool:
        """Looks once; to be asked every second. Whether the worker has been silent for too long."""
        self._missed += 1
        return self._missed > self._allowed

    def sentence(self) -> str:
        """What to tell the user when it is over."""
        return (
            f"The measuring process has not answered for {self._allowed} seconds and was ended;"
            " measuring again starts a new one."
        )
