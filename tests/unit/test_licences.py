"""No dependency is under the GPL or AGPL, nor bundles what is; NOTICE names them all."""

from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import pytest

from docs import licences
from docs.licence_rules import STATED
from docs.licences import Pin, bundled, entries, faults, is_accepted, notice, pins, spdx

LESSER = "GNU Lesser General Public License, Version 3"
SECONDARY = (
    "1.12. “Secondary License” means either the GNU General Public License, Version 2.0, the GNU Lesser General Public "
    "License, Version 2.1, the GNU Affero General Public License, Version 3.0, or any later versions of those licenses."
)


def classified(name: str) -> str:
    return spdx(None, None, [f"License :: OSI Approved :: {name}", "Programming Language :: Python"])


@pytest.mark.parametrize(
    "licence",
    [
        spdx("GPL-3.0-or-later", None, ()),
        spdx("AGPL-3.0-only", None, ()),
        spdx(None, "GPLv3", ()),
        spdx(None, "GPL", ()),
        spdx(None, "GNU AGPLv3", ()),
        spdx(None, "GNU Affero General Public License v3", ()),
        spdx(None, "MIT", ["License :: OSI Approved :: GNU General Public License v3 (GPLv3)"]),
        spdx(None, "MIT OR BSD-3-Clause", ["License :: OSI Approved :: GNU General Public License v3 (GPLv3)"]),
        classified("GNU General Public License v2 or later (GPLv2+)"),
        classified("GNU Affero General Public License v3"),
        "MIT AND GPL-2.0-only",
        "(MIT OR Apache-2.0) AND GPL-2.0-only",
        "GPL-3.0-only WITH GCC-exception-3.1",
    ],
)
def test_gpl_and_agpl_are_refused(licence: str) -> None:
    assert not is_accepted(licence)


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        (spdx("LGPL-3.0-only", None, ()), "LGPL-3.0-only"),
        (spdx(None, "LGPLv3+", ()), "LGPL-3.0-or-later"),
        (classified("GNU Lesser General Public License v3 (LGPLv3)"), "LGPL-3.0-only"),
        (classified("MIT License"), "MIT"),
        (spdx(None, "BSD-3-Clause", ["License :: OSI Approved :: BSD License"]), "BSD-3-Clause"),
        (spdx(None, "BSD-3-Clause", ["License :: OSI Approved :: MIT License"]), "BSD-3-Clause AND MIT"),
        (spdx("MIT OR GPL-3.0", None, ()), "MIT OR GPL-3.0"),
        (spdx(None, "MIT OR GPL-3.0", ()), "MIT OR GPL-3.0"),
        (spdx("(MIT OR GPL-3.0-only) AND BSD-3-Clause", None, ()), "(MIT OR GPL-3.0-only) AND BSD-3-Clause"),
    ],
)
def test_permissive_licences_and_the_lgpl_are_accepted_and_so_is_a_choice_of_one(licence: str, expected: str) -> None:
    assert licence == expected
    assert is_accepted(licence)


@pytest.mark.parametrize(
    "licence",
    [
        spdx(None, None, ()),
        spdx(None, "Our own terms", ()),
        spdx(None, "Copyright somebody\nAll rights reserved", ()),
        classified("BSD License"),
        "",
    ],
)
def test_an_unknown_licence_is_refused(licence: str) -> None:
    assert not is_accepted(licence)


def test_a_distribution_that_is_not_installed_is_refused() -> None:
    pin = Pin("no-such-distribution", "1.0")
    assert [fault.name for fault in faults(pin, licences.entry(pin).licence)] == [pin.name]


def test_another_version_than_the_pinned_one_is_refused() -> None:
    assert any("is pinned" in fault.reason for fault in faults(Pin("pytest", "0.0.1"), "MIT"))


@pytest.mark.parametrize("name", STATED)
def test_a_stated_licence_is_of_a_pinned_distribution_and_accepted(name: str) -> None:
    found = {entry.name: entry.licence for part in entries() for entry in part}
    assert is_accepted(found[name])


# ---- what a wheel bundles ----


def wheel(folder: Path, files: dict[str, str]) -> Distribution:
    """Install a made-up wheel of these files."""
    info = folder / "made_up-1.0.dist-info"
    written = files | {f"{info.name}/METADATA": "Metadata-Version: 2.4\nName: made-up\nVersion: 1.0\n"}
    for name, text in written.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (info / "RECORD").write_text("".join(f"{name},,\n" for name in written))
    return PathDistribution(info)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("made_up.libs/libx265-4883ecb5.so.217", ""),
        ("made_up/libreadline.so.7", ""),
        ("made_up-1.0.dist-info/licenses/LICENSE", "GNU GENERAL PUBLIC LICENSE\nVersion 2, June 1991"),
        ("made_up-1.0.dist-info/licenses/LICENSE", "under the GNU Affero General\n   Public License"),
        ("made_up-1.0.dist-info/licenses/LICENSES_bundled.txt", "Name: libx265\nLicence: see its page. x265 encodes."),
        ("made_up-1.0.dist-info/licenses/other.txt", "SPDX-License-Identifier: GPL-2.0-or-later"),
        ("made_up/vendored/COPYING", "GNU General Public License"),
    ],
)
def test_a_bundled_gpl_library_is_refused(
    file: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_up = wheel(tmp_path, {file: text})
    assert list(bundled(made_up)) == [file]
    monkeypatch.setattr(licences, "distribution", lambda _: made_up)
    assert [fault.name for fault in faults(Pin("made-up", "1.0"), "MIT")] == ["made-up"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("made_up.libs/libheif-7a3e919c.so.1.23.0", ""),
        ("made_up-1.0.dist-info/licenses/LICENSE", LESSER),
        ("made_up-1.0.dist-info/licenses/LICENSE", "SPDX-License-Identifier: LGPL-2.1-only"),
        ("made_up/license.py", "GNU General Public License"),
        ("made_up-1.0.dist-info/licenses/LICENSE", SECONDARY),
    ],
)
def test_a_text_that_does_not_apply_the_gpl_is_not_a_finding(file: str, text: str, tmp_path: Path) -> None:
    assert not list(bundled(wheel(tmp_path, {file: text})))


# ---- NOTICE ----


def test_notice_is_current_and_nothing_pinned_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code = licences.main(["--check"])
    assert (code, capsys.readouterr().err) == (0, "")


def test_notice_names_every_pinned_distribution() -> None:
    text = licences.NOTICE.read_text()
    named = pins((licences.ROOT / licences.DEVELOPMENT).read_text())
    assert len(named) > 1
    assert [pin for pin in named if f"  {pin.name} {pin.version} " not in text] == []


def test_a_stale_notice_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(licences, "NOTICE", tmp_path / "NOTICE")
    assert licences.main(["--check"]) == 1
    assert not licences.NOTICE.exists()
    assert licences.main([]) == 0
    assert licences.NOTICE.read_text() == notice(*entries())
