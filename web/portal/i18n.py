"""The catalogues: read from .po at start, so that nothing binary is kept beside the code."""

import gettext
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("vi", "en")
DEFAULT = "vi"
FOLDER = Path(__file__).parent / "locale"


def mark(message: str) -> str:
    """Return the message unchanged: it is translated where it is shown."""
    return message


def catalogue_path(language: str) -> Path:
    """Where a language's catalogue is kept."""
    return FOLDER / language / "LC_MESSAGES" / "portal.po"


def load(language: str) -> gettext.NullTranslations:
    """Compile one catalogue in memory. Raises FileNotFoundError for a language we do not have."""
    with catalogue_path(language).open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def chosen(*wishes: str | None) -> str:
    """Return the first wish that is a language of ours, else Vietnamese."""
    return next((wish for wish in wishes if wish in LANGUAGES), DEFAULT)
