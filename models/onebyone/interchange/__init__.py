"""Foreign models: what people have, read into designs, and proven equal to where they came from."""
