"""One page of the rows of a case, in order of their id."""

from typing import Final

from sqlalchemy import Column, Select, bindparam

from storage.connection.connection import Values

BEFORE_ALL: Final = 0  # ids are positive


def page_of_case(
    query: Select[*tuple[object, ...]], *, id_: Column[int], case: Column[int]
) -> Select[*tuple[object, ...]]:
    """Return `query` for one case, after a key, in order of `id_`; the parameters are those of `place`."""
    wanted = query.where(case == bindparam("case"), id_ > bindparam("after"))
    return wanted.order_by(id_).limit(bindparam("limit"))


def place(case: int, after: int | None, limit: int) -> Values:
    """Return the parameters of a page."""
    return {"case": case, "after": BEFORE_ALL if after is None else after, "limit": limit}
