"""`.env.example`: every setting of every service, from the settings classes themselves."""

from importlib import import_module

from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

MODULES = ("tasks", "surveys", "notifications", "reporting", "portal")


def settings_of(module: str) -> type[BaseSettings]:
    """Return a service's Settings class."""
    found: type[BaseSettings] = import_module(f"{module}.settings").Settings
    return found


def env_example() -> str:
    """Return one line per variable, each once, with its default or nothing."""
    seen: dict[str, str] = {}
    for module in MODULES:
        settings = settings_of(module)
        prefix = str(settings.model_config.get("env_prefix") or "")
        for name, field in settings.model_fields.items():
            variable = str(field.validation_alias or f"{prefix}{name}").upper()
            given = field.default
            default = "" if given in (None, PydanticUndefined) else str(given)
            seen.setdefault(variable, default)
    lines = [f"{variable}={value}" for variable, value in sorted(seen.items())]
    head = "# Every setting. An empty one has no default: without it the process stops at start.\n"
    return head + "\n".join(lines) + "\n"
