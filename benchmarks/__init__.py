"""How fast it is, and what that is made of: `make bench`. Talks to 127.0.0.1 only, ends by itself."""
