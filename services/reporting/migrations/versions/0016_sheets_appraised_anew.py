"""What stands while a sheet is appraised anew; a reason per appraisal; ineligible in which year."""

from alembic import op

revision = "0016"
down_revision = "0015"

STATEMENTS = (
    "ALTER TABLE sheet ADD COLUMN standing jsonb",
    "ALTER TABLE score_row ADD COLUMN appraisal_note_2 text",
    "ALTER TABLE body ADD COLUMN ineligible_year integer",
    "UPDATE score_row SET appraisal_note_2 = appraisal_note WHERE appraised_2 IS NOT NULL",
)


def upgrade() -> None:
    """The second appraisal wrote over the first one's reason: what is there, it said last.

    Who is not eligible stays so in every year, until somebody says in which.
    """
    for statement in STATEMENTS:
        op.execute(statement)
