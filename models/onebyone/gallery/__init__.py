"""The published blocks and networks, built by code from the papers' tables."""

from onebyone.gallery.catalogue import SECTIONS, Entry, entries, entry, load, modules, names
from onebyone.gallery.modules import Module, ModuleField

__all__ = ["SECTIONS", "Entry", "Module", "ModuleField", "entries", "entry", "load", "modules", "names"]
