"""The tables: what is kept clear because it is searched or counted, and what is kept encrypted.

Personal data stands in the columns named `body`, `text`, `doubt` and `agents.name` alone, all of them encrypted; the
rest are ids, codes, instants and keyed hashes. Ids are given before the insert, since encryption binds to the row.

Every module of this package is imported, so that `metadata` is whole wherever it is seen: a new table needs a module
here, a migration, and a module of `storage.records`, and no list names it.
"""

from importlib import import_module
from pkgutil import iter_modules

from storage.schema.base import metadata

__all__ = ["metadata"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
