"""All that is bundled, in the order to show it."""

from collections.abc import Callable
from functools import cache, partial

import msgspec

from onebyone.design import Design
from onebyone.errors import StorageError
from onebyone.files.strict_json import shown
from onebyone.gallery import blocks, classics, googlenet, inception, inception_modules, resnet
from onebyone.gallery.modules import Module

#: What the gallery is divided into, in order.
SECTIONS = ("Networks", "Blocks", "Inception modules")


class Entry(msgspec.Struct, frozen=True):
    """One bundled design: the name it is asked for by, what to call it, a sentence on it, its builder, its section."""

    name: str
    title: str
    description: str
    build: Callable[[], Design]
    section: str


_NETWORKS = (
    ("nin", "NIN", "After each convolution two 1×1; the paper that the 1×1 convolution comes from.", classics.nin),
    ("alexnet", "AlexNet", "Five convolutions, no 1×1; nearly all parameters in three linear layers.",
     classics.alexnet),
    ("googlenet", "GoogLeNet", "Nine Inception modules whose 1×1 convolutions narrow before 3×3 and 5×5.",
     googlenet.googlenet),
    ("googlenet-naive", "GoogLeNet, naive", "The same network without reductions: every module wider than the last.",
     googlenet.googlenet_naive),
    ("resnet-50", "ResNet-50", "Sixteen bottlenecks: 1×1 down, 3×3, 1×1 up.", partial(resnet.resnet, 50)),
    ("resnet-101", "ResNet-101", "Thirty-three bottlenecks.", partial(resnet.resnet, 101)),
    ("resnet-152", "ResNet-152", "Fifty bottlenecks.", partial(resnet.resnet, 152)),
)  # fmt: skip
_FIRST_SENTENCE = "GoogLeNet's first module: 1×1 convolutions reduce the channels before the 3×3 and the 5×5."
_NAIVE_SENTENCE = "The same branches without reductions; the pool passes all its channels on."


def entries() -> tuple[Entry, ...]:
    """All bundled designs, in the order to show them."""
    return _all()


@cache
def _all() -> tuple[Entry, ...]:
    return (
        *(Entry(name, title, words, build, "Networks") for name, title, words, build in _NETWORKS),
        *_blocks(),
        *(made(name) for name in inception.ROWS for made in (_reduced, _naive)),
    )


def _reduced(name: str) -> Entry:
    row = inception.ROWS[name]
    words = f"GoogLeNet's module {name}: {inception.input_of(name).channels} channels in, {row.width} out."
    if name == "3a":
        words = _FIRST_SENTENCE
    return Entry(f"inception-{name}", f"Inception {name}", words, partial(inception.reduced, name), "Inception modules")


def _naive(name: str) -> Entry:
    width = inception.input_of(name).channels
    words = f"The same branches without reductions; the pool passes all its {width} channels on."
    if name == "3a":
        words = _NAIVE_SENTENCE
    return Entry(
        f"inception-{name}-naive",
        f"Inception {name}, naive",
        words,
        partial(inception.naive, name),
        "Inception modules",
    )


def _blocks() -> tuple[Entry, ...]:
    made = (
        (blocks.mlpconv(), "Lin et al., Network In Network, 2013, section 3.1 (arXiv 1312.4400)", 16),
        (blocks.bottleneck(), "He et al., Deep Residual Learning, 2015, figure 5 (arXiv 1512.03385)", 56),
        (blocks.plain(), "He et al., Deep Residual Learning, 2015, figure 5 left, at the bottleneck's outer width"
         " (arXiv 1512.03385)", 56),
        (blocks.resnext(), "Xie et al., Aggregated Residual Transformations, 2016, table 1 (arXiv 1611.05431)", 56),
        (blocks.fire(), "Iandola et al., SqueezeNet, 2016, table 1, fire2 (arXiv 1602.07360)", 55),
        (blocks.inverted_residual(), "Sandler et al., MobileNetV2, 2018, tables 1 and 2 (arXiv 1801.04381)", 56),
        (blocks.dense_layer(), "Huang et al., Densely Connected Convolutional Networks, 2016, section 3"
         " (arXiv 1608.06993)", 56),
        (inception_modules.v3_a(), "Szegedy et al., Rethinking the Inception Architecture, 2015, figure 5"
         " (arXiv 1512.00567)", 35),
        (inception_modules.v3_c(), "Szegedy et al., Rethinking the Inception Architecture, 2015, figure 6"
         " (arXiv 1512.00567)", 17),
    )  # fmt: skip
    return tuple(_block(module, notes, size) for module, notes, size in made)


def _block(module: Module, notes: str, size: int) -> Entry:
    build = partial(module.design, module.title, notes, size, size)
    return Entry(module.name, module.title, module.description, build, "Blocks")


def names() -> tuple[str, ...]:
    """The names of the bundled designs, as `load` and `gallery:NAME` take them."""
    return tuple(known.name for known in entries())


def entry(name: str) -> Entry:
    """The bundled design with this name.

    Raises:
        StorageError: There is none.
    """
    for known in entries():
        if known.name == name:
            return known
    raise StorageError(f"The gallery has no {shown(name)}; it has {', '.join(names())}.")


def load(name: str) -> Design:
    """The bundled design with this name.

    Raises:
        StorageError: There is none.
    """
    return entry(name).build()


@cache
def modules() -> tuple[Module, ...]:
    """All modules, in the order to show them."""
    return (
        inception_modules.naive(),
        inception_modules.reduced(),
        blocks.bottleneck(),
        blocks.plain(),
        blocks.mlpconv(),
        blocks.fire(),
        blocks.inverted_residual(),
        blocks.dense_layer(),
        blocks.resnext(),
        inception_modules.v3_a(),
        inception_modules.v3_c(),
    )
