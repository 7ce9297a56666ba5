"""A report as Markdown, for an issue, a README or a notebook."""

from onebyone import quantity
from onebyone.node_table import columns
from onebyone.reports.escaping import markdown_code, markdown_table, markdown_text
from onebyone.reports.facts import Fact
from onebyone.reports.report import CELL_HEADINGS, Report, Section


def render_markdown(report: Report) -> str:
    """The report with the medians of all rounds; single samples are in the JSON and CSV forms."""
    parts = [f"# {markdown_text(report.title)}", markdown_text(report.setting)]
    if len(report.cells) > 1:
        parts += ["## All cells", _cells(report), "## Answers"]
    parts.append(_answers(report))
    if report.ratios:
        parts += ["## Compared", _facts(report.ratios)]
    parts += ["## The question", _facts(report.question), "## Totals", _totals(report)]
    for section in report.sections:
        parts += [f"## {markdown_text(section.title)}", _nodes(section), "### Raw figures", _facts(section.facts)]
    parts += ["## Environment", _facts(report.environment)]
    parts += ["## Measure again", markdown_code(report.command)]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _cells(report: Report) -> str:
    rows = [tuple(markdown_text(words) for words in line.words) for line in report.table]
    return markdown_table(CELL_HEADINGS, rows, numbers_from=3)


def _answers(report: Report) -> str:
    return "\n".join(
        f"- **{markdown_text(section.title)}**: {section.answer} {markdown_text(section.verdict)}"
        for section in report.sections
    )


def _facts(facts: tuple[Fact, ...]) -> str:
    return markdown_table(
        ("What", "Value"), ((markdown_text(fact.label), markdown_text(fact.value)) for fact in facts), numbers_from=2
    )


def _totals(report: Report) -> str:
    rows = []
    for section in report.sections:
        totals = section.summary.totals
        rows.append(
            (
                markdown_text(section.title),
                quantity.count(totals.parameters),
                quantity.count(totals.macs),
                quantity.byte_size(totals.activation_bytes),
                quantity.byte_size(totals.peak_activation_bytes),
                quantity.duration(section.run.median),
            )
        )
    return markdown_table(("Design", "Parameters", "MACs", "Activations", "Peak activations", "Median"), rows)


def _nodes(section: Section) -> str:
    shown = columns("report", section.nodes)
    rows = [
        (
            markdown_code(row.node.id),
            markdown_text(row.node.layer.type_name),
            *(markdown_text(column.words(row)) for column in shown),
        )
        for row in section.nodes
    ]
    return markdown_table(("Node", "Type", *(column.title for column in shown)), rows, numbers_from=2)
