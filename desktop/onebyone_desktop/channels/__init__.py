"""The Channels panel: pages, pictures, and the process behind them."""
