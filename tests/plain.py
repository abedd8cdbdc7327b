"""A codec for one test: the one that shows what the disk would say without encryption."""


class Plain:
    """A codec that hides nothing: with it the test that looks for personal data on the disk must fail.

    It lives among the tests, so that no setting can choose it.
    """

    def seal(self, value: bytes, *, column: str, row: int | str) -> bytes:
        del column, row
        return value

    def open(self, sealed: bytes, *, column: str, row: int | str) -> bytes:
        del column, row
        return sealed

    def digest(self, purpose: str, value: bytes) -> bytes:
        return purpose.encode() + value

    def digests(self, purpose: str, value: bytes) -> tuple[bytes, ...]:
        return (self.digest(purpose, value),)
