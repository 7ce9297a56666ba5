"""The measuring processes of the window, and the clients that ask them."""
