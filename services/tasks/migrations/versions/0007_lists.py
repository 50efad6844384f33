"""Lists sort by any column, find words by an index, and remember how somebody looks at them."""

from alembic import op

revision = "0007"
down_revision = "0006"

LISTS = """
ALTER TABLE task ADD COLUMN content_key text COLLATE "C" GENERATED ALWAYS AS (
  lower(translate(left(content, 200),
    'àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ'
    'ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ',
    'aaaaaaaaaaaaaaaaaeeeeeeeeeeeiiiiiooooooooooooooooouuuuuuuuuuuyyyyyd'
    'aaaaaaaaaaaaaaaaaeeeeeeeeeeeiiiiiooooooooooooooooouuuuuuuuuuuyyyyyd'))) STORED

CREATE INDEX ix_assignment_due_rising ON assignment (COALESCE(due_on, '9000-01-01'::date), id)

CREATE INDEX ix_assignment_due_falling ON assignment (COALESCE(due_on, '1000-01-01'::date), id)

CREATE INDEX ix_assignment_accountable_person_id ON assignment (accountable_person_id)

CREATE INDEX ix_assignment_entry_at ON assignment_entry USING brin (at)
"""

# Kept by a trigger: a process of the release before, still running, does not know the table.
WORDS = """
CREATE FUNCTION words_to_find(given text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $body$
  SELECT array_to_tsvector(ARRAY(
    SELECT DISTINCT left(one, 100) FROM unnest(string_to_array(given, ' ')) AS word,
      unnest(ARRAY[word, CASE WHEN word ~ '^0+[0-9]+$' THEN ltrim(word, '0') END]) AS one
    WHERE one <> ''))
$body$

CREATE TABLE assignment_words (
  assignment_id uuid NOT NULL, words tsvector NOT NULL,
  CONSTRAINT pk_assignment_words PRIMARY KEY (assignment_id),
  CONSTRAINT fk_assignment_words_assignment_id_assignment FOREIGN KEY (assignment_id)
    REFERENCES assignment (id)
)

CREATE FUNCTION keep_words_to_find() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  INSERT INTO assignment_words (assignment_id, words)
    VALUES (NEW.id, words_to_find(NEW.search_text))
    ON CONFLICT (assignment_id) DO UPDATE SET words = EXCLUDED.words;
  RETURN NULL;
END $body$

CREATE TRIGGER assignment_words_kept AFTER INSERT ON assignment
  FOR EACH ROW EXECUTE FUNCTION keep_words_to_find()

CREATE TRIGGER assignment_words_kept_anew AFTER UPDATE OF search_text ON assignment
  FOR EACH ROW WHEN (OLD.search_text IS DISTINCT FROM NEW.search_text)
  EXECUTE FUNCTION keep_words_to_find()

INSERT INTO assignment_words (assignment_id, words)
  SELECT id, words_to_find(search_text) FROM assignment

CREATE INDEX ix_assignment_words_words ON assignment_words USING gin (words)
"""

VIEWS = """
CREATE TABLE saved_view (
  id uuid NOT NULL, version integer NOT NULL, owner_id uuid NOT NULL, unit_id uuid NOT NULL,
  name text NOT NULL, shared_with text NOT NULL, filters jsonb NOT NULL, sort text NOT NULL,
  columns text[] NOT NULL, created_at timestamptz NOT NULL,
  CONSTRAINT pk_saved_view PRIMARY KEY (id),
  CONSTRAINT ck_saved_view_shared_with CHECK (shared_with IN ('nobody', 'unit', 'department')),
  CONSTRAINT uq_saved_view_owner_id_name UNIQUE (owner_id, name)
)
"""


def upgrade() -> None:
    """Run statement by statement: an empty line stands between two."""
    for schema in (LISTS, WORDS, VIEWS):
        for statement in schema.split("\n\n"):
            op.execute(statement)
