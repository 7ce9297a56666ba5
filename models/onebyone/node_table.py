"""The table of nodes: one list of columns, which the panel, the command line and every page and sheet render.

A figure is added here and nowhere else: a line in `COLUMNS`, after the column that it belongs to.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

import msgspec

from onebyone import quantity
from onebyone.analysis import Analysis, NodeAnalysis, intensity
from onebyone.analysis.memory import result_bytes
from onebyone.description import receptive_field
from onebyone.design import Node
from onebyone.measurement.disproportion import FEW_MACS_MUCH_TIME, Disproportion, disproportions
from onebyone.measurement.records import IsolatedTime, NodeTime, Run
from onebyone.measurement.roofline import PlacedNode

#: The Costs panel; `onebyone summary` in the terminal, as Markdown, CSV and JSON; a report as HTML and Markdown, where
#: there is less room (terminal and PDF), and as CSV; the nodes and branches of a comparison.
Table = Literal[
    "costs", "terminal", "markdown", "sheet", "document", "report", "short report", "report sheet", "comparison"
]  # fmt: skip
_SUMMARY: tuple[Table, ...] = ("terminal", "markdown", "sheet", "document")
_DETAILED: tuple[Table, ...] = ("costs", *_SUMMARY[1:])
_MEASURED: tuple[Table, ...] = ("report", "short report")
_ALL: tuple[Table, ...] = ("costs", *_SUMMARY, *_MEASURED, "report sheet", "comparison")
_NODES: tuple[Table, ...] = _ALL[:-1]
#: Tables that put the figures first that people look for; all others keep the order of the list.
_RANKED: tuple[Table, ...] = ("costs", *_MEASURED)


class NodeRow(msgspec.Struct, frozen=True):
    """A node with all that is known of it; what was not measured is None. Times are of a whole call, in seconds."""

    node: Node
    found: NodeAnalysis
    macs_share: float | None = None
    timed: NodeTime | None = None
    alone: IsolatedTime | None = None
    placed: PlacedNode | None = None
    disproportion: Disproportion | None = None


class Column(msgspec.Struct, frozen=True):
    """A figure of every node: what it is called, its exact value, and how people read it.

    `key` names it in CSV and JSON, `title` in tables; `panel_title` where the panel has room for more. `shown` writes a
    value for people, `brief` in a narrow table, and `cell` in a sheet. The value of a part of a design is the sum over
    its nodes unless there is a rule in `joined`. A column stands in the tables `where`, but for those that are
    `optional` only if a node has a value; `rank` is how far to the right a table with times puts it, `order` what a
    table is sorted by in place of the value. `bar` is the colour of a bar below a share.
    """

    key: str
    title: str
    value: Callable[[NodeRow], Any]
    shown: Callable[[Any], str] = quantity.count
    where: tuple[Table, ...] = _ALL
    optional: tuple[Table, ...] = ()
    is_text: bool = False
    has_total: bool = False
    rank: int = 0
    panel_title: str = ""
    brief: Callable[[Any], str] | None = None
    cell: Callable[[Any], str | int | float] | None = None
    joined: Callable[[Sequence[NodeRow]], Any] | None = None
    order: Callable[[NodeRow], float] | None = None
    bar: Literal["", "macs", "time"] = ""

    def words(self, row: NodeRow) -> str:
        """The figure of a node as people read it."""
        return self.shown(self.value(row))

    def sheet_cell(self, value: Any) -> str | int | float | None:
        """A value in a sheet: numbers stay numbers, unknown is None."""
        return value if value is None or self.cell is None else self.cell(value)

    def sort_key(self, row: NodeRow) -> float | str:
        """What a table is sorted by; unknown comes before nothing."""
        value = self.value(row) if self.order is None else self.order(row)
        if isinstance(value, str):
            return value.casefold()
        return -1.0 if value is None else value

    def of_part(self, rows: Sequence[NodeRow]) -> Any:
        """The figure of several nodes together; None while that of one is unknown."""
        values = [self.value(row) for row in rows]
        if None in values:
            return None
        return sum(values) if self.joined is None else self.joined(rows)


def columns(table: Table, rows: Iterable[NodeRow] = ()) -> tuple[Column, ...]:
    """The columns of a table in their order, without those that have nothing in them there."""
    given = tuple(rows)
    found = [
        column
        for column in COLUMNS
        if table in column.where
        and (table not in column.optional or any(column.value(row) not in (None, "", False) for row in given))
    ]
    return tuple(sorted(found, key=lambda column: column.rank) if table in _RANKED else found)


def node_rows(
    analysis: Analysis, ids: Iterable[str], run: Run | None = None, placed: Iterable[PlacedNode] = ()
) -> tuple[NodeRow, ...]:
    """The rows of these nodes, with the figures of a run of their design."""
    found = disproportions(analysis, run)
    times = {} if run is None else {time.id: time for time in run.nodes}
    alone = {} if run is None else {time.id: time for time in run.isolated}
    roofs = {node.id: node for node in placed}
    total = analysis.totals.macs
    return tuple(
        NodeRow(
            analysis.topology.nodes[name],
            analysis.nodes[name],
            _share(analysis.nodes[name], total),
            times.get(name),
            alone.get(name),
            roofs.get(name),
            found.get(name),
        )
        for name in ids
    )


def _share(found: NodeAnalysis, total: int | None) -> float | None:
    return found.costs.macs / total if total and found.costs is not None else None


def _type(row: NodeRow) -> str:
    return f"{row.node.layer.type_name}{' (bypassed)' if row.node.passes_through else ''}"


def _kind_words(row: NodeRow) -> str:
    return f"{row.node.layer.kind}{' (bypassed)' if row.node.bypassed else ''}"


def _cost(name: str) -> Callable[[NodeRow], int | None]:
    def cost(row: NodeRow) -> int | None:
        return None if row.found.costs is None else getattr(row.found.costs, name)

    return cost


def _remark(row: NodeRow) -> str:
    return "" if row.disproportion is None else FEW_MACS_MUCH_TIME


def _field(row: NodeRow) -> str | None:
    return None if row.found.shape is None else receptive_field(row.found.receptive_field)


def _held_bytes(rows: Sequence[NodeRow]) -> int:
    """The bytes of the tensors that these nodes create."""
    return sum(result_bytes(row.node, row.found) for row in rows)


def _intensity(rows: Sequence[NodeRow]) -> float:
    """The arithmetic intensity of several nodes: all their operations over all the bytes that they move."""
    return intensity(*(sum(getattr(row.found, name) for row in rows) for name in ("operations", "moved_bytes")))


def _words(value: str | None) -> str:
    return quantity.UNKNOWN if value is None else value


def _listed(mark: str) -> Callable[[Iterable[Any]], str]:
    return lambda value: mark.join(map(str, value))


COLUMNS: tuple[Column, ...] = (
    Column("id", "Node", lambda row: row.node.id, str, _SUMMARY, is_text=True),
    Column("title", "Node", lambda row: row.node.name, str, ("costs", "report sheet"), is_text=True),
    Column("kind", "Kind", lambda row: row.node.layer.kind, str, ("sheet", "document"), is_text=True),
    Column("kind", "Kind", _kind_words, str, ("terminal", "markdown"), is_text=True),
    Column("type", "Type", _type, str, ("costs", "report sheet"), is_text=True, panel_title="Kind"),
    Column(
        "inputs", "Inputs", lambda row: row.node.inputs, _listed(", "), ("costs", "sheet", "document"), is_text=True,
        rank=4, cell=_listed(" "), order=lambda row: len(row.node.inputs),
    ),
    Column(
        "shape", "Shape", lambda row: row.found.shape, quantity.shape, _NODES, panel_title="Output",
        cell=_listed("x"), order=lambda row: -1 if row.found.activation_bytes is None else row.found.activation_bytes,
    ),
    Column(
        "weights", "Weights", _cost("weights"), where=(*_DETAILED, "comparison"), has_total=True, rank=3
    ),
    Column("biases", "Biases", _cost("biases"), where=_DETAILED, has_total=True, rank=3),
    Column("norm", "Norm", _cost("norm"), where=_DETAILED, has_total=True, rank=3),
    Column(
        "parameters", "Parameters", _cost("parameters"), has_total=True,
        where=("costs", *_SUMMARY, "report", "report sheet"),
    ),
    Column("macs", "MACs", _cost("macs"), has_total=True, brief=quantity.macs),
    Column("macs_share", "of MACs", lambda row: row.macs_share, quantity.percent, _MEASURED, bar="macs"),
    Column(
        "activation_bytes", "Activations", lambda row: row.found.activation_bytes, quantity.byte_size, has_total=True,
        where=("costs", *_SUMMARY, "report sheet", "comparison"), rank=2, panel_title="Memory", joined=_held_bytes,
    ),
    Column(
        "receptive_field", "Field", _field, _words, ("costs", "terminal", "markdown", "sheet"), rank=2,
        panel_title="Receptive field", cell=lambda value: value.replace("×", "x"),
    ),
    Column("receptive_field", "Field", lambda row: row.found.receptive_field, where=("document",)),
    Column(
        "arithmetic_intensity", "Ops/byte", lambda row: row.found.intensity, quantity.intensity,
        rank=2, panel_title="Operations a byte", joined=_intensity,
    ),
    Column(
        "bypassed", "Bypassed", lambda row: row.node.bypassed, where=("sheet", "document"),
        optional=("sheet", "document"), cell=lambda value: "yes" if value else "",
    ),
    Column(
        "median_s", "Time", lambda row: row.timed and row.timed.median, quantity.duration,
        ("costs", *_MEASURED, "report sheet"), ("report",),
    ),
    Column(
        "share", "of time", lambda row: row.timed and row.timed.share, quantity.percent,
        ("costs", *_MEASURED, "report sheet"), ("report",), panel_title="Share", bar="time",
    ),
    Column("remark", "Remark", _remark, str, ("costs",), ("costs",), is_text=True),
    Column(
        "hot_s", "Hot alone", lambda row: row.alone and row.alone.hot, quantity.duration,
        ("costs", *_MEASURED, "report sheet"), ("costs", *_MEASURED), rank=1,
    ),
    Column(
        "cold_s", "Cold alone", lambda row: row.alone and row.alone.cold, quantity.duration,
        ("costs", *_MEASURED, "report sheet"), ("costs", *_MEASURED), rank=1,
    ),
    Column(
        "share_of_roof", "of the roof", lambda row: row.placed and row.placed.share_of_roof, quantity.percent,
        (*_MEASURED, "report sheet"), _MEASURED,
    ),
    Column("bound", "Bound by", lambda row: row.placed and row.placed.bound, _words, ("report sheet",), is_text=True),
)  # fmt: skip
