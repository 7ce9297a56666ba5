"""Opening, saving and exporting, with the questions that go with it."""
