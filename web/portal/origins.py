"""The document that gave a row and its KPI, as a form has them."""

from typing import Any

from starlette.datastructures import FormData

from portal.forms import day, text


def read_origin(form: FormData) -> dict[str, Any]:
    """Return what is filled in, as the service takes it; what is empty is None."""
    source = {
        "number": text(form, "source_number") or None,
        "issued_on": day(form, "source_issued_on") or None,
        "title": text(form, "source_title") or None,
    }
    return {
        "source": source if any(source.values()) else None,
        "kpi_group": text(form, "kpi_group") or None,
        "kpi_code": text(form, "kpi_code") or None,
    }
