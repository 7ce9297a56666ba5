"""What can be read and written: one list for the command line, the Export menu and every file dialog.

A new format is its writer and a line in `FORMATS`. Handlers are named and not imported, so that the list stays light
and the engine does not load Qt.
"""

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from onebyone.errors import ExportError
from onebyone.files import safe_file
from onebyone.files.strict_json import shown

if TYPE_CHECKING:
    from onebyone.design import Design

Kind = Literal["design", "diagram", "source", "report", "comparison", "sweep"]
#: What the window must have for an export: a design with nodes, one without errors, a measurement.
Need = Literal["", "nodes", "valid", "run"]


class Format(msgspec.Struct, frozen=True):
    """A kind of file, its suffix, and what a file dialog calls it.

    `writer` and `reader` are handlers as "module:function". What a writer takes depends on the kind: a design; a design
    and its analysis (source); a painted diagram, its ground and scale; a report, comparison or result of a sweep. It
    gives text or bytes. `is_drawn` says that it needs Qt.
    """

    kind: Kind
    suffix: str
    words: str
    writer: str = ""
    needs: Need = ""
    reader: str = ""
    is_drawn: bool = False

    def load(self) -> Callable[..., str | bytes]:
        """The writer.

        Raises:
            ExportError: It needs Qt, which cannot be loaded.
        """
        module, _, name = self.writer.partition(":")
        try:
            writer: Callable[..., str | bytes] = getattr(import_module(module), name)
        except ImportError as error:
            if not self.is_drawn:
                raise
            raise ExportError(f"{self.words} is drawn by Qt, which cannot be loaded here: {error}.") from error
        return writer


#: How our own design files end.
OWN_SUFFIX = ".1x1"

_FILES = "onebyone_desktop.export.files"
_REPORTS = "onebyone.reports"

FORMATS: tuple[Format, ...] = (
    Format("design", ".1x1", "OneByOne designs", "onebyone.files.storage:dumps", reader="onebyone.files.storage:load"),
    Format("design", ".onnx", "ONNX models", reader="onebyone.interchange.opening:load"),
    Format("design", ".pt2", "PyTorch exported programs", reader="onebyone.interchange.opening:load"),
    Format("diagram", ".svg", "Scalable picture", f"{_FILES}:svg_bytes", "nodes", is_drawn=True),
    Format("diagram", ".png", "Picture", f"{_FILES}:png_bytes", "nodes", is_drawn=True),
    Format("diagram", ".pdf", "PDF page", f"{_FILES}:pdf_bytes", "nodes", is_drawn=True),
    Format("source", ".py", "Python module", "onebyone.pytorch_source:torch_source", "valid"),
    Format("report", ".html", "Web page", f"{_REPORTS}.html_page:render_html", "run"),
    Format("report", ".pdf", "PDF", "onebyone_desktop.export.report_pdf:render_pdf", "run", is_drawn=True),
    Format("report", ".md", "Markdown", f"{_REPORTS}.markdown_page:render_markdown", "run"),
    Format("report", ".csv", "Spreadsheet", f"{_REPORTS}.csv_sheet:render_csv", "run"),
    Format(
        "report", ".json", "JSON report", f"{_REPORTS}.json_document:render_json", "run",
        f"{_REPORTS}.json_document:read_json",
    ),
    Format("comparison", ".html", "Web page", f"{_REPORTS}.comparison_pages:comparison_html"),
    Format("comparison", ".md", "Markdown", f"{_REPORTS}.comparison_pages:comparison_markdown"),
    Format("comparison", ".csv", "Spreadsheet", f"{_REPORTS}.comparison_pages:comparison_csv"),
    Format("sweep", ".html", "Web page", f"{_REPORTS}.sweep_page:sweep_html"),
    Format("sweep", ".csv", "Spreadsheet", f"{_REPORTS}.sweep_sheet:sweep_csv"),
)  # fmt: skip


def formats(*kinds: Kind) -> tuple[Format, ...]:
    """The formats that these kinds are written in, kind by kind; the first is the one to propose."""
    return tuple(each for kind in kinds for each in FORMATS if each.kind == kind and each.writer)


def suffixes(*kinds: Kind) -> tuple[str, ...]:
    """How files of these kinds may end."""
    return tuple(each.suffix for each in formats(*kinds))


def listed(words: Iterable[str]) -> str:
    """Words in a sentence: ".svg, .png or .pdf"."""
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def listed_suffixes(*kinds: Kind) -> str:
    """How files of these kinds may end, in a sentence."""
    return listed(suffixes(*kinds))


def find(suffix: str, *kinds: Kind) -> Format:
    """The format of a suffix, small or in capitals.

    Raises:
        ExportError: None of the kinds is written so; the text says how the first one is.
    """
    for each in formats(*kinds):
        if each.suffix == suffix.lower():
            return each
    wrong = f"not as {shown(suffix)}" if suffix else "and the file has no suffix"
    raise ExportError(f"A {kinds[0]} is written as {listed_suffixes(*kinds)}, {wrong}.")


def write(kind: Kind, path: Path, *values: Any) -> None:
    """Writes what the writer of a kind takes, in the format of the path's suffix, whole or not at all.

    Raises:
        ExportError: There is no such format, or it cannot be made.
        StorageError: The file cannot be written.
    """
    content = find(path.suffix, kind).load()(*values)
    safe_file.write(path, content.encode() if isinstance(content, str) else content)


def read_design(path: Path) -> "Design":
    """The design in a file of any kind that can be opened; what has no known suffix is read as a design file.

    Raises:
        DesignFileError: A design file does not hold one.
        ModelFileError: A foreign model cannot be read or drawn.
        StorageError: The file cannot be read.
    """
    readers = {each.suffix: each.reader for each in FORMATS if each.kind == "design"}
    module, _, name = readers.get(path.suffix.lower(), readers[OWN_SUFFIX]).partition(":")
    design: Design = getattr(import_module(module), name)(path)
    return design


def is_foreign(path: Path) -> bool:
    """Whether a file is a design in another program's format, which is opened but not written."""
    return any(each.suffix == path.suffix.lower() and not each.writer for each in FORMATS if each.kind == "design")


def exported_kinds() -> dict[Kind, Need]:
    """What the window exports of a design, and what it needs for that."""
    return {each.kind: each.needs for each in FORMATS if each.needs}


def names(kind: Kind) -> str:
    """The formats of a kind by their usual names: "SVG, PNG or PDF"."""
    return listed(suffix[1:].upper() for suffix in suffixes(kind))


def filters(*kinds: Kind, is_read: bool = False) -> str:
    """The kinds of files of a dialog, as Qt takes them: all that are written, or those that are read."""
    chosen = [each for each in FORMATS if each.kind in kinds and each.reader] if is_read else formats(*kinds)
    words = [f"{each.words} (*{each.suffix})" for each in chosen]
    if is_read and len(chosen) > 1:
        words.insert(0, f"All that can be opened ({' '.join(f'*{each.suffix}' for each in chosen)})")
    return ";;".join(words)


def completed(name: str, chosen_filter: str, kind: Kind) -> Path:
    """The path that a file dialog gave, with the suffix of the chosen filter where it has none."""
    path = Path(name)
    if path.suffix:
        return path
    chosen = (each for each in formats(kind) if f"(*{each.suffix})" in chosen_filter)
    return path.with_suffix(next(chosen, formats(kind)[0]).suffix)
