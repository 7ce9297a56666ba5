"""Groups as a tree: what is within what, whatever the file says."""

import time

from hypothesis import given
from hypothesis import strategies as st

from onebyone.design import Design, Group, Node
from onebyone.grouping import Grouping, without_empty
from onebyone.layers import Add

NODES = tuple(Node(name, Add()) for name in "abcd")
NESTED = Design(
    nodes=NODES,
    groups=(
        Group("inner", nodes=("c", "a"), collapsed=True),
        Group("outer", nodes=("b",), groups=("inner",)),
        Group("other", nodes=("d",)),
    ),
)


def test_the_tree_is_answered_from_both_ends() -> None:
    grouping = Grouping(NESTED)

    assert grouping.roots == ("outer", "other")
    assert grouping.groups == ("outer", "other", "inner")
    assert grouping.parent("inner") == grouping.parent("b") == "outer"
    assert grouping.around("a") == ["inner", "outer"]
    assert (grouping.depth("a"), grouping.depth("inner"), grouping.depth("outer")) == (2, 1, 0)
    assert grouping.nodes_of("outer") == ("a", "b", "c")
    assert grouping.direct_nodes("outer") == ("b",)
    assert grouping.direct_groups("outer") == ("inner",)


def test_what_is_in_a_collapsed_group_is_hidden_behind_the_outermost() -> None:
    collapsed = Design(nodes=NODES, groups=(NESTED.groups[0], Group("outer", groups=("inner",), collapsed=True)))

    assert Grouping(NESTED).outermost_collapsed("a") == "inner"
    assert Grouping(NESTED).outermost_collapsed("inner") is None
    assert Grouping(collapsed).outermost_collapsed("a") == "outer"
    assert Grouping(collapsed).is_hidden("inner")
    assert not Grouping(collapsed).is_hidden("outer")


def test_whole_groups_have_all_their_nodes_chosen() -> None:
    grouping = Grouping(NESTED)

    assert grouping.whole_groups("ac") == ("inner",)
    assert grouping.whole_groups("abcd") == ("outer", "other", "inner")
    assert grouping.whole_groups("ab") == ()


NAMES = st.sampled_from(["a", "b", "g0", "g1", "g2", "g3", "nowhere"])


@given(st.lists(st.tuples(st.lists(NAMES, max_size=4), st.lists(NAMES, max_size=4), st.booleans()), max_size=4))
def test_wrong_groups_do_no_harm(members: list) -> None:
    groups = tuple(
        Group(f"g{place}", nodes=tuple(nodes), groups=tuple(inner), collapsed=collapsed)
        for place, (nodes, inner, collapsed) in enumerate(members)
    )
    grouping = Grouping(Design(nodes=NODES, groups=groups))

    assert sorted(grouping.groups) == sorted(group.id for group in groups)
    for name in [*"abcd", *grouping.groups]:
        around = grouping.around(name)
        assert len(around) == len(set(around)) == grouping.depth(name)
        collapsed = [group for group in around if grouping.group(group).collapsed]
        assert grouping.outermost_collapsed(name) == (collapsed[-1] if collapsed else None)
    assert all(set(grouping.nodes_of(name)) <= set("abcd") for name in grouping.groups)
    assert all(group.nodes or group.groups for group in without_empty(groups))


def test_thousands_of_nested_groups_take_no_time() -> None:
    chain = (Group("g0", nodes=("a",)), *(Group(f"g{k}", groups=(f"g{k - 1}",)) for k in range(1, 10_000)))

    start = time.process_time()
    grouping = Grouping(Design(nodes=NODES, groups=chain))

    assert grouping.depth("a") == 10_000
    assert len(grouping.whole_groups("a")) == 10_000
    assert without_empty(chain) == chain
    assert without_empty((Group("g0"), *chain[1:])) == ()
    assert time.process_time() - start < 2.0
