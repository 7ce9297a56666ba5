"""The columns of a table of nodes that have to do with MACs and time; those without a figure are left out."""

from onebyone import quantity
from onebyone.reports.report import NodeLine, Section


def node_headings(section: Section) -> tuple[str, ...]:
    """What the columns are called."""
    roof = ("of the roof",) if section.placed else ()
    alone = ("Hot alone", "Cold alone") if section.run.isolated else ()
    return ("MACs", "of MACs", "Time", "of time", *roof, *alone)


def node_figures(section: Section, node: NodeLine) -> tuple[str, ...]:
    """What stands in them for a node."""
    roof = (quantity.percent(node.share_of_roof),) if section.placed else ()
    alone = (quantity.duration(node.hot), quantity.duration(node.cold)) if section.run.isolated else ()
    return (
        quantity.count(node.macs),
        quantity.percent(node.macs_share),
        quantity.duration(node.median),
        quantity.percent(node.share),
        *roof,
        *alone,
    )
