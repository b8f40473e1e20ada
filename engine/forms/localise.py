"""The form-js schema in another language: every text that a person reads, replaced where a translation is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# property of a component -> what follows its key in the translations ("" = the key alone)
_TEXTS = {"label": "", "text": "", "alt": "", "dateLabel": "", "timeLabel": "time", "description": "description"}
_UNUSED = {"date": "timeLabel", "time": "dateLabel"}  # by subtype of a datetime
_ADORNERS = {"prefixAdorner": "prefix", "suffixAdorner": "suffix"}


class Localiser:
    """Copies a schema with translated texts; ``used`` and ``missing`` tell which translations fitted."""

    def __init__(self, translations: Mapping[str, str]) -> None:
        self.translations = translations
        self.used: set[str] = set()
        self.missing: list[str] = []

    def schema(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The translated copy."""
        return {**schema, "components": self._components(schema.get("components"))}

    def _components(self, raw: Any) -> Any:
        return [self._component(item) for item in raw] if isinstance(raw, list) else raw

    def _component(self, raw: Any) -> Any:
        if not isinstance(raw, dict):
            return raw
        names = [str(raw[name]) for name in ("key", "path", "id") if raw.get(name)]
        copy = dict(raw)
        for name, part in _TEXTS.items():
            if raw.get(name) and isinstance(raw[name], str) and _UNUSED.get(str(raw.get("subtype"))) != name:
                alone = raw.get("subtype") == "time" and name == "timeLabel"
                copy[name] = self._text(raw[name], names, "" if alone else part)
        for name, holder in (("values", "value"), ("columns", "key")):
            if isinstance(raw.get(name), list):
                copy[name] = [self._labelled(item, names, holder) for item in raw[name]]
        if isinstance(raw.get("appearance"), dict):
            adorners = {
                k: self._text(v, names, _ADORNERS[k]) if k in _ADORNERS else v for k, v in raw["appearance"].items()
            }
            copy["appearance"] = adorners
        validate = raw.get("validate")
        if isinstance(validate, dict) and validate.get("patternErrorMessage"):
            message = self._text(validate["patternErrorMessage"], names, "pattern")
            copy["validate"] = {**validate, "patternErrorMessage": message}
        if "components" in raw:
            copy["components"] = self._components(raw["components"])
        return copy

    def _labelled(self, item: Any, names: list[str], holder: str) -> Any:
        if not isinstance(item, dict) or not isinstance(item.get("label"), str):
            return item
        labelled = {**item, "label": self._text(item["label"], names, str(item.get(holder)))}
        for name in names:
            own = f"{name}:{item.get(holder)}:key"
            if own in self.translations:  # a column whose English words stand in a field of their own
                self.used.add(own)
                labelled["key"] = self.translations[own]
        return labelled

    def _text(self, text: Any, names: list[str], part: str) -> Any:
        for name in names:
            key = f"{name}:{part}" if part else name
            if key in self.translations:
                self.used.add(key)
                return self.translations[key]
        if names and isinstance(text, str) and any(letter > "\u2e7f" for letter in text):
            self.missing.append(f"{names[0]}:{part}" if part else names[0])
        return text
