"""Undo and redo are exact."""

import random

from onebyone import edits
from onebyone.design import Design, Node
from onebyone.errors import EditError
from onebyone.files.storage import dumps
from onebyone.gallery import load
from onebyone.layers import Add, Concat, Conv2d, MaxPool2d
from onebyone.undo import MAX_STEPS, UndoHistory


def random_edit(chance: random.Random, design: Design) -> Design:
    ids = [node.id for node in design.nodes] or ["nothing"]
    one, other = chance.choice(ids), chance.choice(ids)
    place = (chance.uniform(-500, 500), chance.uniform(-500, 500))
    layer = chance.choice([Conv2d(chance.randint(1, 64)), MaxPool2d((3, 3)), Concat(), Add()])
    choices = [
        lambda: edits.add(design, Node(edits.unused_id(design, "n"), layer, position=place)),
        lambda: edits.remove(design, [one]),
        lambda: edits.connect(design, one, other),
        lambda: edits.disconnect(design, one, 0),
        lambda: edits.insert_on_wire(design, Node(edits.unused_id(design, "i"), layer), one, 0),
        lambda: edits.set_fields(design, one, {"out_channels": chance.randint(1, 99)}),
        lambda: edits.rename(design, one, f"r{chance.randint(0, 999)}"),
        lambda: edits.retitle(design, one, chance.choice(["", "title", "×"])),
        lambda: edits.move(design, {one: place}),
        lambda: edits.duplicate(design, [one, other]),
        lambda: edits.set_notes(design, str(chance.random())),
        lambda: edits.set_bypassed(design, [one], chance.random() < 0.7),
    ]
    return chance.choice(choices)()


def test_random_edits_undone_and_redone_give_identical_bytes(sized) -> None:
    chance = random.Random(1)
    for _ in range(sized(2, 20)):
        history = UndoHistory(load("inception-3a"))
        states = [dumps(history.present)]
        for _ in range(500):
            try:
                changed = history.record(random_edit(chance, history.present), "edit")
            except EditError:
                continue
            if changed is not history:
                history = changed
                states.append(dumps(history.present))

        for state in reversed(states[:-1]):
            history = history.undo()
            assert dumps(history.present) == state
        assert history.undo() is history
        for state in states[1:]:
            history = history.redo()
            assert dumps(history.present) == state
        assert history.redo() is history


def test_edits_of_one_gesture_make_one_step() -> None:
    start = load("inception-3a")
    history = UndoHistory(start)

    for place in range(5):
        history = history.record(edits.move(history.present, {"pool": (float(place), 0.0)}), "Move", gesture=7)

    assert len(history.past) == 1
    assert history.undo().present == start


def test_an_edit_after_undo_forgets_the_future() -> None:
    history = UndoHistory(load("inception-3a"))
    history = history.record(edits.set_name(history.present, "a"), "Rename").undo()

    history = history.record(edits.set_name(history.present, "b"), "Rename")

    assert history.redo_label is None
    assert history.undo_label == "Rename"


def test_what_changes_nothing_is_no_step() -> None:
    history = UndoHistory(load("inception-3a"))

    assert history.record(edits.set_name(history.present, "Inception 3a"), "Rename") is history


def test_the_past_is_bounded() -> None:
    history = UndoHistory(Design())
    for place in range(MAX_STEPS + 10):
        history = history.record(edits.set_notes(history.present, str(place)), "Edit notes")

    assert len(history.past) == MAX_STEPS
