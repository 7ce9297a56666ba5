"""Layouts that have become what a layer does."""

import msgspec

from onebyone.interchange.drafts import Call, Wire
from onebyone.interchange.layout import is_flat, shuffle_groups
from onebyone.layers import ChannelShuffle, Flatten


def settled(call: Call, wire: Wire) -> Wire:
    """The wire, with a node where its layout is that of a flattened map or of shuffled channels.

    A map of one pixel stays a map where it is wanted as one again later, as in a squeeze-and-excitation block.
    """
    shape = wire.draft.shape
    if len(shape) == 3 and is_flat(wire.layout, shape):
        is_pixel = shape[1:] == (1, 1)
        if is_pixel and call.results[0] in call.kept_maps:
            return msgspec.structs.replace(wire, is_sole=False)
        draft = call.draft(Flatten(), [wire])
        draft.base = "flatten"
        entries = frozenset({call.results[0]}) if is_pixel else frozenset()
        return call.whole(draft, entries)
    groups = shuffle_groups(wire.layout, shape)
    if groups:
        draft = call.draft(ChannelShuffle(groups), [wire])
        draft.base = "shuffle"
        return call.whole(draft)
    return wire
