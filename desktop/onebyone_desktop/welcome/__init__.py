"""The welcome page: cards, sketches, and the thread that reads designs for them."""
