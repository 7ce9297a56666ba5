"""Refusing designs with errors where only one that can be built will do."""

from onebyone.analysis import Analysis
from onebyone.cli.sources import Source
from onebyone.errors import SourceError
from onebyone.files.strict_json import shown


def require_valid(source: Source, analysis: Analysis) -> None:
    """Raises where a design cannot be built and run.

    Raises:
        SourceError: It has errors; the text gives the first.
    """
    errors = [problem for problem in analysis.problems if problem.severity == "error"]
    if errors:
        others = f" (and {len(errors) - 1:,} more)" if len(errors) > 1 else ""
        raise SourceError(f"{shown(source.word)} has errors{others}: {errors[0].message}")
