"""The descriptors of the protocol, kept where no library can write into them."""

import os
import sys
import threading
from collections.abc import Iterator

from onebyone.worker.messages import MAX_REQUEST_BYTES, LineSplitter, Reply, encode

_CHUNK_BYTES = 65_536


class Streams:
    """Takes requests from the first stdin and writes replies to the first stdout.

    Both are moved aside: what is left as stdin is empty, and what is left as stdout goes to stderr.
    """

    def __init__(self) -> None:
        self._input = os.dup(0)
        self._output = os.dup(1)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        self._writing = threading.Lock()

    def send(self, reply: Reply) -> None:
        """Writes one message, whole, from any thread.

        Raises:
            OSError: Nobody reads any more.
        """
        line = memoryview(encode(reply))
        with self._writing:
            while line:
                line = line[os.write(self._output, line) :]

    def lines(self) -> Iterator[bytes]:
        """The lines that arrive, until the other side closes.

        Raises:
            WorkerError: A line is too long.
        """
        splitter = LineSplitter(MAX_REQUEST_BYTES)
        while data := os.read(self._input, _CHUNK_BYTES):
            yield from splitter.feed(data)
