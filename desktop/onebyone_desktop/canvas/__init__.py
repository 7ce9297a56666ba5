"""The canvas: scene, view and items."""
