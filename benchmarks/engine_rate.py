"""Prints engine steps a second of the checkout in the current folder, on the conversation of `benchmarks.script`.

A script and not a module: `benchmarks.against` runs it in other checkouts, too, which may be older than it.
"""

import sys

sys.path.insert(0, ".")

from msgspec.structs import replace

from benchmarks.parts import Rehearsal
from flows.reading.illnesses import load_illnesses
from tests.world import REFERENCE

PRODUCT = "康健一生/2024"  # of the benchmark's policies

rehearsal = Rehearsal(replace(REFERENCE, illnesses={PRODUCT: load_illnesses()}))
rehearsal.steps_a_second(0.5)
print(rehearsal.steps_a_second(float(sys.argv[1])))
