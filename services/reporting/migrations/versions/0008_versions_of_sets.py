"""A draft's changes are counted, a set says what it serves, a task serves several sub-criteria."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Sets that are there serve the PAR index; every link stays."""
    op.execute("""
        ALTER TABLE criteria_set
          ADD COLUMN serves text NOT NULL DEFAULT 'par_index'
            CONSTRAINT ck_criteria_set_serves CHECK (serves IN ('par_index', 'own_figure')),
          ADD COLUMN version bigint NOT NULL DEFAULT '1'
    """)
    op.execute("""
        ALTER TABLE link DROP CONSTRAINT pk_link,
          ADD CONSTRAINT pk_link PRIMARY KEY (task_id, criteria_set_id, sub_criterion)
    """)
