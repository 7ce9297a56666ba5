"""Guided walks through what a 1×1 convolution does: text from resources, figures and checks from the analysis."""
