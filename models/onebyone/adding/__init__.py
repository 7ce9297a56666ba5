"""From what was typed or dragged to the layers a person means, and the edits that add them."""
