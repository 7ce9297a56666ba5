import random
from pathlib import Path

import msgspec
import pytest
from hypothesis import given

from onebyone import edits, gallery
from onebyone.design import Design, Group, Node
from onebyone.errors import DesignFileError, StorageError
from onebyone.files import storage
from onebyone.layers import Add, Conv2d, Input, MaxPool2d, Scale
from tests.engine.files.saved_designs import newer, saved_designs

ADD = '{"kind": "add"}'


def one_node(layer: str, rest: str = "") -> bytes:
    return f'{{"onebyone": 1, "nodes": [{{"id": "stem", "layer": {layer}{rest}}}]}}'.encode()


def groups(text: str) -> bytes:
    nodes = f'[{{"id": "a", "layer": {ADD}}}, {{"id": "b", "layer": {ADD}}}]'
    return f'{{"onebyone": 1, "nodes": {nodes}, "groups": [{text}]}}'.encode()


@given(saved_designs())
def test_loading_what_was_dumped_gives_the_same_design(design: Design) -> None:
    assert storage.loads(storage.dumps(design)) == design


@given(saved_designs())
def test_dumping_what_was_loaded_gives_the_same_bytes(design: Design) -> None:
    data = storage.dumps(design)

    assert storage.dumps(storage.loads(data)) == data


def test_file_has_one_node_a_line_and_nothing_at_its_default() -> None:
    design = Design(
        "Inception 3a",
        "table 1",
        (
            Node("input", Input(192, 28, 28), position=(320.0, 0.0)),
            Node("conv3x3", Conv2d(128, (3, 3), padding=(1, 1)), "3×3", ("input",), (0.5, -10)),
        ),
        (Group("branch3", "3×3 branch", ("conv3x3",)),),
    )

    assert storage.dumps(design).decode() == (
        """{
  "onebyone": 1,
  "name": "Inception 3a",
  "notes": "table 1",
  "nodes": [
    {"id": "input", "layer": {"kind": "input", "channels": 192, "height": 28, "width": 28}, "position": [320, 0]},
    {"id": "conv3x3", "title": "3×3", "layer": {"kind": "conv2d", "out_channels": 128, "kernel": [3, 3], """
        """"padding": [1, 1]}, "inputs": ["input"], "position": [0.5, -10]}
  ],
  "groups": [
    {"id": "branch3", "title": "3×3 branch", "nodes": ["conv3x3"]}
  ]
}
"""
    )


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        ('{"kind": "conv3d"}', "Node 'stem': there is no layer kind 'conv3d'; there is conv2d"),
        ('{"kind": "warp"}', "Node 'stem': there is no layer kind 'warp'; a newer OneByOne may know it."),
        ("{}", "Node 'stem': the layer has no kind, such as conv2d or concat."),
    ],
    ids=["near", "far", "none"],
)
def test_an_unknown_kind_is_refused_with_those_that_are_near(layer: str, words: str) -> None:
    with pytest.raises(DesignFileError) as caught:
        storage.loads(one_node(layer))

    assert str(caught.value).startswith(words)


def test_the_example_of_the_format_opens() -> None:
    text = """{"onebyone": 1, "name": "Inception 3a", "notes": "Szegedy et al. 2014, table 1", "nodes": [
    {"id": "input", "layer": {"kind": "input", "channels": 192, "height": 28, "width": 28}, "position": [320, 0]},
    {"id": "reduce3x3", "layer": {"kind": "conv2d", "out_channels": 96, "kernel": [1, 1]}, "inputs": ["input"]},
    {"id": "output", "layer": {"kind": "output"}, "inputs": ["reduce3x3"]}],
    "groups": [{"id": "branch3", "title": "3×3 branch", "nodes": ["reduce3x3"], "collapsed": false}]}"""

    design = storage.loads(text.encode())

    assert design.node("reduce3x3").layer == Conv2d(96)


def test_fields_at_their_default_are_left_out_even_when_equal_but_not_the_same_object() -> None:
    data = one_node('{"kind": "conv2d", "out_channels": 8, "kernel": [1, 1], "groups": 1, "bias": true}')

    assert '{"kind": "conv2d", "out_channels": 8}' in storage.dumps(storage.loads(data)).decode()


def test_a_stride_of_none_means_the_kernel_and_is_not_written() -> None:
    design = storage.loads(one_node('{"kind": "max_pool2d", "kernel": [3, 3], "stride": null}'))

    assert design.nodes[0].layer == MaxPool2d((3, 3))
    assert b"stride" not in storage.dumps(design)


@pytest.mark.parametrize(
    "inputs", ['["stem"]', '["nowhere"]', '["stem", "stem", "nowhere"]'], ids=["self-loop", "unknown", "both"]
)
def test_a_wrong_design_opens(inputs: str) -> None:
    assert storage.loads(one_node(ADD, f', "inputs": {inputs}')).nodes[0].layer == Add()


def test_a_cycle_opens() -> None:
    data = (
        f'{{"onebyone": 1, "nodes": [{{"id": "a", "layer": {ADD}, "inputs": ["b"]}},'
        f' {{"id": "b", "layer": {ADD}, "inputs": ["a"]}}]}}'
    )

    assert len(storage.loads(data.encode()).nodes) == 2


def test_text_is_cleaned_on_entry() -> None:
    data = rb'{"onebyone": 1, "name": "a\u0000b\nc", "notes": "x\r\ny\u0007"}'

    design = storage.loads(data)

    assert (design.name, design.notes) == ("a b c", "x\ny")


def test_a_title_is_cleaned_on_entry() -> None:
    assert storage.loads(one_node(ADD, r', "title": " a\u001b[31m\ufffeb "')).nodes[0].title == "a [31mb"


@pytest.mark.parametrize(
    ("name", "read"),
    [("a:b", "a:b"), (r"a\u003ab", "a:b"), (r"a\u003Ab", "a:b"), (r"\\u003a", r"\u003a"), ('\\":', '":')],
)
def test_colons_in_texts_are_no_keys(name: str, read: str) -> None:
    assert storage.loads(f'{{"onebyone": 1, "name": "{name}"}}'.encode()).name == read


MALFORMED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "not valid JSON"),
    "garbage": (bytes(range(256)), "UTF-8"),
    "cut off": (b'{"onebyone": 1, "nodes": [', "not valid JSON"),
    "two documents": (b'{"onebyone": 1} {"onebyone": 1}', "not valid JSON"),
    "byte order mark": (b'\xef\xbb\xbf{"onebyone": 1}', "not valid JSON"),
    "list": (b"[]", "holds a list"),
    "null": (b"null", "holds null"),
    "other JSON": (b"{}", '"onebyone"'),
    "newer version": (b'{"onebyone": 4, "new": {}}', "format version 4"),
    "version zero": (b'{"onebyone": 0}', "format version 0"),
    "version true": (b'{"onebyone": true}', "whole number"),
    "version 1.0": (b'{"onebyone": 1.0}', "whole number"),
    "unknown top-level key": (b'{"onebyone": 1, "colour": 1}', "'colour'"),
    "unknown node field": (one_node(ADD, ', "colour": 1'), "Node 'stem' has no field 'colour'"),
    "unknown layer field": (one_node('{"kind": "add", "colour": 1}'), "Node 'stem': a add has no field 'colour'"),
    "unknown kind": (one_node('{"kind": "conv3d"}'), "Node 'stem': there is no layer kind 'conv3d'"),
    "no kind": (one_node('{"channels": 1}'), "Node 'stem': the layer has no kind"),
    "kind of wrong type": (one_node('{"kind": ["add"]}'), "no layer kind"),
    "missing field": (one_node('{"kind": "conv2d"}'), "'out_channels'"),
    "zero channels": (one_node('{"kind": "conv2d", "out_channels": 0}'), "Node 'stem': Output channels needs"),
    "too many channels": (one_node('{"kind": "conv2d", "out_channels": 1048577}'), "1,048,576"),
    "float for integer": (one_node('{"kind": "conv2d", "out_channels": 8.0}'), "8.0"),
    "true for integer": (one_node('{"kind": "conv2d", "out_channels": true}'), "True"),
    "text for integer": (one_node('{"kind": "conv2d", "out_channels": "8"}'), "'8'"),
    "null for integer": (one_node('{"kind": "conv2d", "out_channels": null}'), "needs a value"),
    "one for true": (one_node('{"kind": "linear", "out_features": 1, "bias": 1}'), "Bias"),
    "kernel of three": (one_node('{"kind": "conv2d", "out_channels": 8, "kernel": [1, 1, 1]}'), "Kernel needs two"),
    "kernel too large": (one_node('{"kind": "max_pool2d", "kernel": [1024, 1]}'), "1,023"),
    "negative padding": (one_node('{"kind": "max_pool2d", "kernel": [1, 1], "padding": [-1, 0]}'), "Padding"),
    "unknown activation": (one_node('{"kind": "activation", "function": "mish"}'), "'mish'"),
    "NaN": (one_node('{"kind": "scale", "value": NaN}'), "NaN"),
    "Infinity": (one_node('{"kind": "scale", "value": -Infinity}'), "Infinity"),
    "1e999": (one_node('{"kind": "scale", "value": 1e999}'), "Factor"),
    "4,000 digits": (one_node(f'{{"kind": "conv2d", "out_channels": {"9" * 4000}}}'), "Output channels"),
    "400,000 digits": (one_node(f'{{"kind": "scale", "value": {"9" * 400_000}}}'), "Factor"),
    "4,000 digits of version": (b'{"onebyone": ' + b"9" * 4000 + b"}", "whole number"),
    "deep list": (b"[" * 100_000, "nested too deeply"),
    "deep node": (b'{"onebyone": 1, "nodes": ' + b"[" * 100_000, "nested too deeply"),
    "deep unknown field": (b'{"onebyone": 1, "z": ' + b'{"a":' * 100_000, "nested too deeply"),
    "invalid UTF-8 in a name": (b'{"onebyone": 1, "name": "\xff"}', "UTF-8"),
    "invalid UTF-8 in an unknown field": (b'{"onebyone": 1, "z": "\xed\xa0\x80"}', "UTF-8"),
    "half a surrogate pair": (one_node(ADD, r', "title": "\ud800"'), "half of a character"),
    "raw control character": (b'{"onebyone": 1, "name": "a\x00b"}', "not valid JSON"),
    "duplicate top-level key": (b'{"onebyone": 1, "name": "a", "name": "b"}', "'name' stands twice"),
    "duplicate version": (b'{"onebyone": 1, "onebyone": 1}', "'onebyone' stands twice"),
    "duplicate node key": (one_node(ADD, ', "id": "stem"'), "'id' stands twice"),
    "duplicate layer key": (one_node('{"kind": "add", "kind": "add"}'), "'kind' stands twice"),
    "duplicate key in disguise": (one_node(ADD, r', "\u0069d": "stem"'), "'id' stands twice"),
    "duplicate beside a colon": (b'{"onebyone": 1, "name": "a\\u003a", "name": "b"}', "'name' stands twice"),
    "duplicate group key": (groups('{"id": "g", "id": "g"}'), "'id' stands twice"),
    "nodes no list": (b'{"onebyone": 1, "nodes": {}}', "must be a list"),
    "node no object": (b'{"onebyone": 1, "nodes": [1]}', "Node number 1"),
    "no id": (b'{"onebyone": 1, "nodes": [{"layer": {"kind": "add"}}]}', "'id'"),
    "id of wrong type": (b'{"onebyone": 1, "nodes": [{"id": 1, "layer": {"kind": "add"}}]}', "must be text"),
    "no layer": (b'{"onebyone": 1, "nodes": [{"id": "a"}]}', "'layer'"),
    "layer no object": (one_node('"add"'), "Node 'stem': the layer is text"),
    "inputs no list": (one_node(ADD, ', "inputs": "a"'), "Node 'stem': 'inputs'"),
    "input of wrong type": (one_node(ADD, ', "inputs": [1]'), "Node 'stem': an input"),
    "input that is no id": (one_node(ADD, ', "inputs": ["a b"]'), "cannot be an input"),
    "title of wrong type": (one_node(ADD, ', "title": 1'), "Node 'stem': the title"),
    "title too long": (one_node(ADD, f', "title": "{"x" * 201}"'), "200"),
    "name too long": (f'{{"onebyone": 1, "name": "{"x" * 1001}"}}'.encode(), "1,000"),
    "notes too long": (f'{{"onebyone": 1, "notes": "{"x" * 100_001}"}}'.encode(), "100,000"),
    "name of wrong type": (b'{"onebyone": 1, "name": 1}', "name"),
    "position of one": (one_node(ADD, ', "position": [1]'), "position"),
    "position too far": (one_node(ADD, ', "position": [0, 1e7]'), "position"),
    "position of text": (one_node(ADD, ', "position": ["0", "0"]'), "position"),
    "unknown node in a group": (groups('{"id": "g", "nodes": ["c"]}'), "'c'"),
    "unknown group in a group": (groups('{"id": "g", "groups": ["h"]}'), "'h'"),
    "node in two groups": (groups('{"id": "g", "nodes": ["a"]}, {"id": "h", "nodes": ["a"]}'), "'a' is in group 'g'"),
    "node twice in a group": (groups('{"id": "g", "nodes": ["a", "a"]}'), "'a' is in group 'g'"),
    "group in two groups": (
        groups('{"id": "g"}, {"id": "h", "groups": ["g"]}, {"id": "i", "groups": ["g"]}'),
        "'g' is in group 'h'",
    ),
    "group in itself": (groups('{"id": "g", "groups": ["g"]}'), "holds itself"),
    "group cycle": (groups('{"id": "g", "groups": ["h"]}, {"id": "h", "groups": ["g"]}'), "holds itself"),
    "group twice": (groups('{"id": "g"}, {"id": "g"}'), "'g' stands twice"),
    "group called like a node": (groups('{"id": "a"}'), "A group and a node are both called 'a'"),
    "group id bad": (groups('{"id": "1"}'), "an id is"),
    "group no object": (groups("1"), "Group number 1"),
    "collapsed of wrong type": (groups('{"id": "g", "collapsed": 1}'), "'collapsed'"),
    "unknown group field": (groups('{"id": "g", "shape": 1}'), "'shape'"),
    "bypassed in version 1": (one_node(ADD, ', "bypassed": true'), "'bypassed' in format version 1"),
    "not bypassed in version 1": (one_node(ADD, ', "bypassed": false'), "'bypassed' in format version 1"),
    "bypassed in disguise": (one_node(ADD, r', "\u0062ypassed": false'), "'bypassed' in format version 1"),
    "colour in version 1": (groups('{"id": "g", "colour": "blue"}'), "'colour' in format version 1"),
    "direction in version 1": (b'{"onebyone": 1, "direction": "down"}', "'direction' in format version 1"),
    "bypassed of wrong type": (newer(one_node(ADD, ', "bypassed": 1')), "Node 'stem': 'bypassed' is true or false"),
    "unknown colour": (newer(groups('{"id": "g", "colour": "pink"}')), "Group 'g': 'colour' is one of slate, amber"),
    "colour of wrong type": (newer(groups('{"id": "g", "colour": []}')), "Group 'g': 'colour' is one of"),
    "unknown direction": (b'{"onebyone": 2, "direction": "up"}', "'direction' is one of down, right, not 'up'"),
    "null direction": (b'{"onebyone": 2, "direction": null}', "not None"),
    "too large": (b" " * (32 * 2**20 + 1), "33,554,432"),
    "too many nodes": (
        b'{"onebyone": 1, "nodes": ['
        + b",".join(b'{"id":"n%d","layer":{"kind":"add"}}' % number for number in range(20_001))
        + b"]}",
        "20,001",
    ),
    "too many wires": (
        one_node(ADD, f', "inputs": [{", ".join(["7"] * 500_001).replace("7", chr(34) + "a" + chr(34))}]'),
        "500,001",
    ),
}


@pytest.mark.parametrize(("data", "expected"), MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_file_is_refused_with_one_sentence(data: bytes, expected: str) -> None:
    with pytest.raises(DesignFileError) as caught:
        storage.loads(data)

    message = str(caught.value)
    assert expected in message
    assert message.endswith(".")
    assert message.isprintable()
    assert len(message) < 500


@pytest.mark.parametrize("node_id", ["", "1x1", "a-b", "a b", "class", "None", "é", "a" * 65, "_a", "a\n", "a\u202e"])
def test_a_bad_id_is_refused(node_id: str) -> None:
    data = msgspec.json.encode({"onebyone": 1, "nodes": [{"id": node_id, "layer": {"kind": "add"}}]})

    with pytest.raises(DesignFileError, match="an id is a letter"):
        storage.loads(data)


def test_a_duplicate_id_is_refused() -> None:
    node = {"id": "a", "layer": {"kind": "add"}}

    with pytest.raises(DesignFileError, match="Node 'a' stands twice"):
        storage.loads(msgspec.json.encode({"onebyone": 1, "nodes": [node, node]}))


def test_20_000_nodes_in_a_chain_open() -> None:
    nodes = [{"id": "n0", "layer": {"kind": "add"}}]
    nodes += [{"id": f"n{k}", "layer": {"kind": "add"}, "inputs": [f"n{k - 1}"]} for k in range(1, 20_000)]

    assert len(storage.loads(msgspec.json.encode({"onebyone": 1, "nodes": nodes})).nodes) == 20_000


def test_groups_in_a_chain_of_thousands_open() -> None:
    chain = [{"id": "g0"}, *({"id": f"g{k}", "groups": [f"g{k - 1}"]} for k in range(1, 5_000))]

    assert len(storage.loads(msgspec.json.encode({"onebyone": 1, "groups": chain})).groups) == 5_000


def test_fuzzed_files_raise_nothing_but_our_errors(sized) -> None:
    rng = random.Random(20140917)
    design = gallery.load("inception-3a")
    grouped = msgspec.structs.replace(design, groups=(Group("g", "Ж: x", ("pool",)), Group("h", "", (), ("g",), True)))
    added = edits.set_direction(msgspec.structs.replace(grouped, groups=(Group("g", colour="blue"),)), "right", {})
    seeds = [
        storage.dumps(grouped),
        storage.dumps(added),
        one_node('{"kind": "scale", "value": 0.5}', ', "position": [1, 2.5]'),
    ]
    count, refusals = sized(2_000, 100_000), []

    for _ in range(count):
        try:
            storage.loads(_mutated(rng, rng.choice(seeds)))
        except DesignFileError as error:
            refusals.append(str(error))

    assert count * 0.05 < len(refusals) < count * 0.99
    assert all(message.isprintable() for message in refusals)


_TOKENS = (
    b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"null", b"true", b"-1", b"1e999", b"NaN", b"9" * 60, b"\xff",
    b"\x00", b'"id"', b'"kind"', b"\\ud800", b"\\u003a", b'"conv2d"', b"0.5", b"[" * 50,
)  # fmt: skip


def _mutated(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        place = rng.randrange(len(changed) + 1)
        match rng.randrange(5):
            case 0:
                changed[place : place + 1] = bytes([rng.randrange(256)])
            case 1:
                changed[place : place + rng.randint(1, 20)] = b""
            case 2:
                changed[place:place] = rng.choice(_TOKENS)
            case 3:
                start = rng.randrange(len(data))
                changed[place:place] = data[start : start + rng.randint(1, 60)]
            case _:
                digits = [index for index, byte in enumerate(changed) if 48 <= byte <= 57]
                if digits:
                    changed[rng.choice(digits)] = rng.randrange(48, 58)
    return bytes(changed)


def test_a_design_that_could_not_be_read_back_is_not_saved(tmp_path: Path) -> None:
    wrong = Design(nodes=(Node("class", Add()),))

    with pytest.raises(DesignFileError):
        storage.save(wrong, tmp_path / "wrong.1x1")

    assert list(tmp_path.iterdir()) == []


def test_a_value_that_is_no_number_is_not_dumped() -> None:
    with pytest.raises(DesignFileError, match="not finite"):
        storage.dumps(Design(nodes=(Node("a", Scale(float("nan"))),)))


def test_a_saved_design_is_loaded_again(tmp_path: Path) -> None:
    design = gallery.load("inception-3a")

    storage.save(design, tmp_path / "a b – é.1x1")

    assert storage.load(str(tmp_path / "a b – é.1x1")) == design


def test_loading_what_is_not_there_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="does not exist"):
        storage.load(tmp_path / "none.1x1")
