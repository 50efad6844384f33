"""Templates in every language: one environment each, so that a page never mixes two."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader

from portal import format as formats
from portal import i18n, labels
from portal.place import from_list

FOLDER = Path(__file__).parent
_LOCALIZED = (
    formats.decimal,
    formats.percent,
    formats.short,
    formats.count,
    formats.exact,
    formats.size,
    formats.duration,
)
_PLAIN = (formats.day, formats.instant, formats.clock, formats.fact, formats.weekday)


class Renderer:
    """Turns a template and its view into HTML in a language."""

    def __init__(self, assets_version: str) -> None:
        """Load the catalogues. Missing ones stop the process: FileNotFoundError."""
        self.translations = {language: i18n.load(language) for language in i18n.LANGUAGES}
        self._environments = {
            language: self._environment(language, assets_version) for language in i18n.LANGUAGES
        }

    def render(self, template: str, language: str, view: Mapping[str, Any]) -> str:
        """Return the HTML of a template."""
        return self._environments[language].get_template(template).render(view)

    def _environment(self, language: str, assets_version: str) -> Environment:
        translations = self.translations[language]
        environment = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
            # A template is what it was at the start: looking for a newer one at each use of each
            # was a quarter of a long page's time.
            auto_reload=False,
        )
        environment.install_gettext_translations(  # type: ignore[attr-defined]
            translations, newstyle=True
        )
        environment.filters |= {
            each.__name__: partial(each, locale=language) for each in _LOCALIZED
        }
        environment.filters |= {each.__name__: each for each in _PLAIN}
        environment.globals |= {
            "label": partial(labels.label, translations.gettext),
            "number": formats.number,
            "asset": _asset(assets_version),
            "new_key": lambda: str(uuid4()),
            "language": language,
            "in_language": _in_language,
            "from_list": from_list,
        }
        return environment


def _in_language(address: str, language: str) -> str:
    """Return a page's address that shows it in a language."""
    return f"{address}{'&' if '?' in address else '?'}lang={language}"


def _asset(version: str) -> Callable[[str], str]:
    return lambda path: f"/static/{path}?v={version}"
