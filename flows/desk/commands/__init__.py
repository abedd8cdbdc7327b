"""The commands. Each module of this package is imported, so that the registry is whole wherever it is seen."""

from importlib import import_module
from pkgutil import iter_modules

from flows.desk.registry import COMMANDS, FACTS, carry_out

__all__ = ["COMMANDS", "FACTS", "carry_out"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
