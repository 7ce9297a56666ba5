"""Runs a command, and turns whatever goes wrong into one line and an exit code."""

import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

import onebyone
from onebyone.cli import COMMANDS
from onebyone.cli.exits import BROKEN_PIPE, DESIGN_HAS_ERRORS, INTERRUPTED, UNREADABLE
from onebyone.errors import OnebyoneError, SourceError
from onebyone.reports.escaping import one_line

_OPEN = "open"
#: Commands whose names cannot be those of modules.
_MODULES = {"import": "import_model"}
_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Commands(click.Group):
    """Loads a command's module when it is asked for; words that are no command are files for the window."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in (*COMMANDS, _OPEN):
            return None
        module = import_module(f"onebyone.cli.{_MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = module.command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] == "--" or (not args[0].startswith("-") and args[0] not in COMMANDS):
            args = [_OPEN, *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            # click would write an empty line of its own.
            raise _StoppedError from None


class _StoppedError(Exception):
    """The user pressed Ctrl-C."""


@click.group(
    cls=_Commands,
    context_settings=_SETTINGS,
    options_metavar="",
    subcommand_metavar="[FILE... | COMMAND [ARGS]...]",
    epilog=(
        "A DESIGN is a path, or gallery:NAME for a bundled one. A file that is called like a command is opened as"
        " ./NAME. Exit codes: 0 fine, 1 the design has errors, 2 it could not be read or asked for."
    ),
)
@click.version_option(onebyone.__version__, "-V", "--version", prog_name="onebyone", message="%(prog)s %(version)s")
def commands() -> None:
    """A bench for convolution blocks: draw them, see what each 1×1 costs and buys, and clock them.

    Without a command, opens the window with the FILEs in it.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and gives the exit code; errors are one line on stderr."""
    _be_lenient_with_terminals()
    try:
        result = commands.main(args=arguments, prog_name="onebyone", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        return _complain(error.format_message(), UNREADABLE)
    except (_StoppedError, KeyboardInterrupt, click.Abort):
        return _complain("Stopped.", INTERRUPTED)
    except BrokenPipeError:
        # What reads our output has had enough; the interpreter must not try to flush the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except SourceError as error:
        return _complain(str(error), DESIGN_HAS_ERRORS)
    except OnebyoneError as error:
        return _complain(str(error), UNREADABLE)
    except OSError as error:
        return _complain(f"The output could not be written: {error.strerror or error}.", UNREADABLE)
    except Exception as error:  # noqa: BLE001 - the crash hook of the command line
        return _complain(f"A bug in OneByOne, please report it: {type(error).__name__}: {error}", UNREADABLE)
    return result if isinstance(result, int) else 0


def _complain(message: str, code: int) -> int:
    click.echo(f"onebyone: {one_line(message)}", err=True)
    return code


def _be_lenient_with_terminals() -> None:
    """Shows what a terminal's encoding cannot show as an escape, rather than failing in the middle."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
