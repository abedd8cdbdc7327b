"""What the numbers of identity documents look like, and what they say."""
