"""Random use of the window: whatever is done in whatever order, nothing breaks and undo leads back."""

from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from PySide6.QtWidgets import QApplication

from onebyone.analysis import analyze
from onebyone.storage import dumps, loads
from onebyone_desktop.panels.palette import entries

ENTRIES = [entry for members in entries().values() for entry in members]
ACTIONS = (
    "edit.undo", "edit.redo", "edit.copy", "edit.cut", "edit.paste", "edit.duplicate", "edit.delete",
    "edit.select_all", "arrange.all", "view.zoom_in", "view.zoom_out", "view.reset_zoom", "view.fit",
    "view.fit_selection", "view.next_tab",
)  # fmt: skip


def test_random_use_breaks_nothing(open_window) -> None:
    class Use(RuleBasedStateMachine):
        @initialize()
        def open(self) -> None:
            self.window = open_window("gallery:inception-3a")
            self.session = self.window.session
            self.first = dumps(self.session.design)

        @rule(entry=st.sampled_from(ENTRIES))
        def add(self, entry) -> None:
            if len(self.session.design.nodes) < 40:
                self.window.palette_panel.entry_chosen.emit(entry)

        @rule(name=st.sampled_from(ACTIONS))
        def act(self, name: str) -> None:
            if len(self.session.design.nodes) < 80 or name not in {"edit.paste", "edit.duplicate"}:
                self.window.action(name).trigger()

        @rule(places=st.lists(st.integers(0, 30), max_size=4))
        def select(self, places: list[int]) -> None:
            nodes = self.session.design.nodes
            self.session.select(nodes[place % len(nodes)].id for place in places if nodes)

        @rule(source=st.integers(0, 30), into=st.integers(0, 30))
        def connect(self, source: int, into: int) -> None:
            from onebyone import edits

            nodes = self.session.design.nodes
            if nodes:
                self.session.apply("Connect", edits.connect, nodes[source % len(nodes)].id, nodes[into % len(nodes)].id)

        @rule(place=st.integers(0, 5))
        def mend(self, place: int) -> None:
            fixes = [fix for problem in self.session.analysis.problems for fix in problem.fixes]
            if fixes:
                fix = fixes[place % len(fixes)]
                self.session.apply(fix.label, fix.apply)

        @rule(panel=st.integers(0, 2))
        def look_at_panel(self, panel: int) -> None:
            self.window.findChild(type(self.window._bottom), "panels").setCurrentIndex([0, 2][panel % 2])

        @invariant()
        def screen_and_design_agree(self) -> None:
            QApplication.processEvents()
            design = self.session.design
            assert loads(dumps(design)) == design
            assert analyze(design).nodes == self.session.analysis.nodes
            assert analyze(design).problems == self.session.analysis.problems
            assert set(self.window.canvas.design_scene.nodes) == {node.id for node in design.nodes}

        def teardown(self) -> None:
            last = dumps(self.session.design)
            while self.session.history.past:
                self.session.undo()
            assert dumps(self.session.design) == self.first
            while self.session.history.future:
                self.session.redo()
            assert dumps(self.session.design) == last
            self.session.mark_saved(Path("x.1x1"))
            self.window.close()

    run_state_machine_as_test(Use, settings=settings(max_examples=12, stateful_step_count=25, deadline=None))


@pytest.mark.parametrize("count", [10])
def test_tabs_opened_and_closed_leave_no_widgets(open_window, qapp, count: int) -> None:
    from PySide6.QtCore import QEvent

    window = open_window()
    for _ in range(2):
        window.documents.open_gallery("inception-3a")
        window.action("file.close").trigger()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    before = len(QApplication.allWidgets())
    for _ in range(count):
        window.documents.open_gallery("inception-3a")
        window.action("file.close").trigger()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()

    assert len(QApplication.allWidgets()) <= before
