"""A report as Markdown, for an issue, a README or a notebook."""

from onebyone import quantity
from onebyone.reports.escaping import markdown_code, markdown_table, markdown_text
from onebyone.reports.facts import Fact
from onebyone.reports.report import Report, Section


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
    rows = [
        (
            markdown_text(line.cell),
            markdown_text(line.design),
            line.median,
            line.interval,
            line.verdict,
            line.clean,
            line.ratio,
            line.predicted,
        )
        for line in report.table
    ]
    header = ("Cell", "Design", "Median", "95 % interval", "Verdict", "Clean", "Ratio", "MACs say")
    return markdown_table(header, rows, numbers_from=8)


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
    header = ["Node", "Type", "Shape", "Parameters", "MACs", "of MACs", "Time", "of time"]
    header += ["of the roof"] if section.placed else []
    header += ["Hot alone", "Cold alone"] if section.run.isolated else []
    rows = []
    for node in section.nodes:
        row = [
            markdown_code(node.id),
            markdown_text(node.type_name),
            quantity.shape(node.shape),
            quantity.count(node.parameters),
            quantity.count(node.macs),
            quantity.percent(node.macs_share),
            quantity.duration(node.median),
            quantity.percent(node.share),
        ]
        row += [quantity.percent(node.share_of_roof)] if section.placed else []
        row += [quantity.duration(node.hot), quantity.duration(node.cold)] if section.run.isolated else []
        rows.append(row)
    return markdown_table(header, rows, numbers_from=2)
