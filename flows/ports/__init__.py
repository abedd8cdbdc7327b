"""What the flows need of the world, as protocols: storage and bot implement them, main puts them together.

One contract suite (tests/contract) runs over the fake and every real implementation.
"""
