"""`onebyone [FILE...]`: the window."""

import os
import socket
import sys
from difflib import get_close_matches
from pathlib import Path

import click

from onebyone.cli import COMMANDS
from onebyone.cli.sources import GALLERY, load_sources
from onebyone.errors import OnebyoneError, StorageError
from onebyone.files.strict_json import shown


@click.command(name="open", hidden=True, add_help_option=False)
@click.argument("files", nargs=-1, type=click.UNPROCESSED)
def command(files: tuple[str, ...]) -> int:
    """Opens the window with the FILEs in it."""
    _refuse_misspelt_command(files)
    # Said here, where the user is looking, rather than in a window that has nothing else to show.
    load_sources(files)
    require_display()
    try:
        from onebyone_desktop.app import main as show_window
    except ImportError as error:
        raise OnebyoneError(f"The window cannot be opened: {error}.") from error
    exit_code: int = show_window([name if name.startswith(GALLERY) else Path(name) for name in files])
    return exit_code


def _refuse_misspelt_command(files: tuple[str, ...]) -> None:
    if files and not Path(files[0]).suffix and not files[0].startswith(GALLERY) and not os.path.lexists(files[0]):
        near = get_close_matches(files[0], COMMANDS, 1)
        advice = f"did you mean {near[0]!r}?" if near else f"the commands are {', '.join(COMMANDS)}."
        raise StorageError(f"There is no command and no file {shown(files[0])}; {advice}")


def require_display() -> None:
    """Qt ends the process where it finds no display, so it is asked for first.

    Raises:
        OnebyoneError: There is none.
    """
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return
    if os.environ.get("WAYLAND_DISPLAY"):
        return
    display = os.environ.get("DISPLAY", "")
    if not display:
        raise OnebyoneError("The window needs a display, and neither DISPLAY nor WAYLAND_DISPLAY is set.")
    host, _, number = display.partition(":")
    if not host and not _answers(number.partition(".")[0]):
        raise OnebyoneError(f"The window needs a display, and {shown(display)} does not answer.")


def _answers(number: str) -> bool:
    for address in (f"/tmp/.X11-unix/X{number}", f"\0/tmp/.X11-unix/X{number}"):
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(address)
            except OSError:
                continue
            return True
    return False
