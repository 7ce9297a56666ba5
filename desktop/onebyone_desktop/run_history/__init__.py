"""The History panel and the thread that keeps the measurements."""
