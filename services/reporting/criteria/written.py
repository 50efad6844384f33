"""A criteria set as a text: YAML whose numbers are strings, read digit by digit as exact ones."""

import yaml

from reporting.criteria.domain import CriteriaSet


def as_yaml(whole: CriteriaSet) -> str:
    """Return the set as YAML, in its own order; what is read of it is this set again."""
    return yaml.safe_dump(whole.as_json(), allow_unicode=True, sort_keys=False, width=100)
