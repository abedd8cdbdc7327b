"""The catalogue of texts: from a filled-in message to the sentence that a person reads."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from string import Formatter

from babel import Locale
from babel.dates import parse_pattern
from babel.messages.pofile import read_po

from flows.intake.questions.consents import CONSENTS
from flows.messages import Lines, Listed, MessageKey, Text, Value

LOCALE = "zh_CN"
FOLDER = Path(__file__).parents[1] / "locales" / LOCALE / "LC_MESSAGES"

# Babel reads a locale's name anew at every use, which takes longer than all else about a date.
_LOCALE = Locale.parse(LOCALE)
BETWEEN = "、"

_LABEL = re.compile(r"(?:button|menu)\.|[a-z]+\.button_")

_DAY = parse_pattern("M月d日（EEE）")
_TIME = parse_pattern("HH:mm")


class Texts:
    """The sentences by key. Dates and instants in a text are written as people here write them."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        self._templates = templates

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "Texts":
        """Read every gettext catalogue of the folder, one a readership or topic; a fuzzy sentence counts as missing.

        Raises ValueError where two of them have the same key.
        """
        templates: dict[str, str] = {}
        for file in sorted(folder.glob("*.po")):
            with file.open("rb") as stream:
                catalogue = read_po(stream, locale=LOCALE)
            own = {str(m.id): str(m.string) for m in catalogue if m.id and not m.fuzzy}
            if twice := own.keys() & templates.keys():
                raise ValueError(sorted(twice))
            templates |= own
        return cls(templates)

    def __call__(self, text: Text) -> str:
        """Return the sentence. Raises KeyError where the catalogue lacks it."""
        return self._templates[text.key].format_map({name: self._value(v) for name, v in text.params.items()})

    def _value(self, value: Value) -> str | int:
        if isinstance(value, Text):
            return self(value)
        if isinstance(value, Listed):
            return BETWEEN.join(map(self, value.texts))
        if isinstance(value, Lines):
            return "\n".join(map(self, value.texts))
        if isinstance(value, datetime):
            return f"{_DAY.apply(value, _LOCALE)} {_TIME.apply(value, _LOCALE)}"
        return _DAY.apply(value, _LOCALE) if isinstance(value, date) else value

    def digests(self) -> dict[str, str]:
        """Return the hash of each consent's words: when they change, it is asked for anew (个人信息保护法 14)."""
        return {key: sha256(self._templates[words.key].encode()).hexdigest() for key, words in CONSENTS.items()}

    def button_labels(self) -> frozenset[str]:
        """Return what stands on the buttons that are commands, and beside the commands in Telegram's menu."""
        return frozenset(words for key, words in self._templates.items() if _LABEL.match(key))

    def faults(self, declared: Iterable[MessageKey]) -> list[str]:
        """Name every message that is missing, or whose placeholders are not among those it declares."""
        faults = []
        for message in declared:
            template = self._templates.get(message.key)
            if template is None:
                faults.append(f"{message.key}: missing")
            elif unknown := placeholders(template) - set(message.params):
                faults.append(f"{message.key}: {', '.join(sorted(unknown))}")
        return faults

    def keys(self) -> set[str]:
        """Return the keys of every sentence there is."""
        return set(self._templates)


def placeholders(template: str) -> set[str]:
    """Return the names that a sentence leaves open."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
