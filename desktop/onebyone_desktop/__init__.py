"""The window of OneByOne: Qt lives here."""
