"""What a measurement asks for, what it answers, and what follows from the answer; no torch here."""
