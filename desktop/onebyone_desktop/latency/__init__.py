"""The Latency panel and the measuring behind it."""
