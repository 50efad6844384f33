"""All tables at once, for those who compare them with the migrations or make them."""

import reporting.completion.models
import reporting.criteria.models
import reporting.indices.models
import reporting.marks
import reporting.satisfaction.models
import reporting.score_sheets.models
import reporting.sources.models  # noqa: F401 - imported for the tables they add
from reporting.tables import Base

metadata = Base.metadata
