"""Web pages made of templates, one file each; whatever a name in them holds is text and never markup."""

from functools import cache
from typing import TYPE_CHECKING, Any

import onebyone
from onebyone.reports.escaping import one_line, script_json
from onebyone.reports.palette import variables
from onebyone_resources import path

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER = "report_templates"


def render_page(template: str, title: str, raw: str = "", **context: Any) -> str:
    """A page that refers to nothing outside.

    Args:
        template: The name of its file among the templates.
        raw: A JSON document that the page holds in an inert script element with the id "raw".
        context: What the template reads besides.
    """
    from markupsafe import Markup

    style = path(f"{_FOLDER}/report.css").read_text(encoding="utf-8")
    return (
        _environment()
        .get_template(template)
        .render(
            context,
            title=title,
            version=onebyone.__version__,
            colours_on_light=variables(),
            colours_on_dark=variables(is_dark=True),
            style=Markup(style),
            raw=Markup(script_json(raw.encode())),
        )
    )


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(path(_FOLDER)),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_inert,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _inert(value: Any) -> Any:
    """What a template prints, on one line and with direction controls shown; escaping follows, but for markup."""
    return value if hasattr(value, "__html__") else one_line(str(value))
