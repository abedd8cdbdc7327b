"""Prints engine steps a second of the checkout in the current folder, on the conversation of `benchmarks.script`.

Counted in seconds of this process on the processor, so that what else the machine does counts less. A script and not a
module: `benchmarks.against` runs it in other checkouts, too, which may be older than it.
"""

import sys
import time

sys.path.insert(0, ".")

from msgspec.structs import replace

from benchmarks.parts import Rehearsal
from flows.reading.illnesses import load_illnesses
from tests.world import REFERENCE

PRODUCT = "康健一生/2024"  # of the benchmark's policies

time.perf_counter = time.process_time
rehearsal = Rehearsal(replace(REFERENCE, illnesses={PRODUCT: load_illnesses()}))
rehearsal.steps_a_second(0.5)
print(rehearsal.steps_a_second(float(sys.argv[1])))
