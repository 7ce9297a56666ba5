"""Mouse gestures on the canvas, one a file."""
