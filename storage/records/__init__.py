"""The writers of records: every module of this package is imported, and every kind of record has exactly one writer.

A new record needs no more here than a function with `@writes(Kind)`, in a module of its own or of its table.
"""

from importlib import import_module
from pkgutil import iter_modules

from storage.records.registry import check

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
check()
