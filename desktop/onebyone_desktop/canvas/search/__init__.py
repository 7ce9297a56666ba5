"""The search at the pointer: text to layers, and the list that shows them."""
