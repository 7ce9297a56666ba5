"""What the canvas does: adding, editing, arranging, moving by keys."""
