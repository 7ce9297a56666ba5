"""Finds nodes of the design that could take a wire, so that the search connects as well as it adds."""

from onebyone.adding.matching import PREFIX, best_score, plain
from onebyone.adding.search import Suggestion
from onebyone.adding.wire_rules import WireRules
from onebyone.analysis import Analysis
from onebyone.text import clean_line, visible

_MOST = 4


def connections(analysis: Analysis, source: str, text: str) -> tuple[Suggestion, ...]:
    """The nodes with a name like `text` that can take the result of `source`, the best first."""
    words = plain(text).split()
    if not words:
        return ()
    unfit = set(WireRules(analysis, source).unfit())
    found = []
    for place, node in enumerate(analysis.design.nodes):
        names = [plain(node.id), *plain(node.name).split()]
        score = min(best_score(word, names) for word in words)
        if score >= PREFIX and node.id not in unfit and source not in node.inputs:
            found.append((-score, place, node))
    found.sort(key=lambda item: item[:2])
    suggestions = []
    for _, _, node in found[:_MOST]:
        title = f"Connect to {clean_line(visible(node.name))}"
        detail = node.layer.summary(*analysis.nodes[node.id].inputs)
        family = node.layer.family
        suggestions.append(Suggestion(title, detail, node.id, "", family, (node,), target=node.id))
    return tuple(suggestions)
