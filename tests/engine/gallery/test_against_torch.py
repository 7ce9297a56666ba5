"""Every design of the gallery, built and run by torch on its meta device: the shapes and the counts that we give."""

import pytest

from onebyone import gallery
from onebyone.analysis import analyze
from onebyone.pytorch_source import torch_module
from onebyone.torch_backend import build

torch = pytest.importorskip("torch")


@pytest.mark.parametrize("name", gallery.names())
def test_torch_gives_the_shape_the_parameters_and_the_macs_that_we_give(name: str) -> None:
    from torch.utils.flop_counter import FlopCounterMode

    design = gallery.load(name)
    analysis = analyze(design)

    with torch.device("meta"), FlopCounterMode(display=False) as counter:
        module = build.build(torch_module(design)).eval()
        inputs = [torch.empty(1, *analysis.nodes[each].shape) for each in analysis.input_ids]
        result = module(*inputs)

    assert tuple(result.shape[1:]) == analysis.totals.outputs["output"]
    assert sum(each.numel() for each in module.parameters()) == analysis.totals.parameters
    assert counter.get_total_flops() == 2 * (analysis.totals.macs or 0)
