"""A merge is checked by running both designs."""

import msgspec
import pytest

from onebyone import edits, gallery
from onebyone.layers import Slice
from onebyone.pointwise.parallel import Merge, merge_parallel, parallel_to
from onebyone.torch_backend.equivalence import largest_difference
from onebyone.worker import messages
from onebyone.worker.messages import CheckMerge, MergeChecked

pytest.importorskip("torch")


def merged(name: str, node: str) -> Merge:
    design = gallery.load(name)
    return merge_parallel(design, parallel_to(design, node))


@pytest.mark.parametrize(("name", "node"), [("inception-3a", "reduce3x3"), ("inception-v3-a", "reduce3x3")])
def test_a_merge_computes_the_same(name: str, node: str) -> None:
    difference, largest = largest_difference(merged(name, node))

    assert difference <= 1e-5 * largest
    assert largest > 0


def test_a_merge_with_instance_norms_computes_the_same() -> None:
    design = gallery.load("inception-3a")
    for part in parallel_to(design, "reduce3x3"):
        design = edits.set_fields(design, part, {"norm": "instance"})

    difference, largest = largest_difference(merge_parallel(design, parallel_to(design, "reduce3x3")))

    assert difference <= 1e-5 * largest
    assert largest > 0


def test_a_wrong_merge_is_found_out() -> None:
    right = merged("inception-3a", "reduce3x3")
    wrong = edits.set_fields(right.after, "reduce5x5", {"start": 0, "stop": 16})

    difference, largest = largest_difference(msgspec.structs.replace(right, after=wrong))

    assert wrong.node("reduce5x5").layer == Slice(0, 16)
    assert difference > 0.01 * largest


def test_the_worker_is_asked_and_answers_in_messages() -> None:
    asked = CheckMerge(7, merged("inception-3a", "reduce3x3"))
    answer = MergeChecked(7, 1e-7, 3.5)

    assert messages.decode_request(messages.encode(asked).strip()) == asked
    assert messages.decode_reply(messages.encode(answer).strip()) == answer
