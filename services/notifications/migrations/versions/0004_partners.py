"""Partners: other organisations' systems, their credentials, our key, and what they read."""

from alembic import op

revision = "0004"
down_revision = "0003"

PARTNERS = """
CREATE TABLE partner (
  id uuid NOT NULL, version bigint NOT NULL, name text NOT NULL, organisation text NOT NULL,
  contact_email text NOT NULL, event_types text[] NOT NULL, read_apis text[] NOT NULL,
  unit_ids uuid[], origins text[] NOT NULL, subject text, expires_on date NOT NULL,
  revoked_at timestamptz, created_at timestamptz NOT NULL, created_by uuid NOT NULL,
  CONSTRAINT pk_partner PRIMARY KEY (id),
  CONSTRAINT uq_partner_subject UNIQUE (subject)
)

CREATE TABLE partner_credential (
  id uuid NOT NULL, partner_id uuid NOT NULL, secret_sha256 bytea NOT NULL,
  created_at timestamptz NOT NULL, created_by uuid NOT NULL, last_used_at timestamptz,
  revoked_at timestamptz,
  CONSTRAINT pk_partner_credential PRIMARY KEY (id),
  CONSTRAINT fk_partner_credential_partner_id_partner FOREIGN KEY (partner_id)
    REFERENCES partner (id)
)

CREATE INDEX ix_partner_credential_partner_id ON partner_credential (partner_id)

CREATE TABLE partner_signing_key (
  kid text NOT NULL, jwk jsonb NOT NULL, created_at timestamptz NOT NULL, retired_at timestamptz,
  CONSTRAINT pk_partner_signing_key PRIMARY KEY (kid)
)

CREATE TABLE partner_access (
  partner_id uuid NOT NULL, hour timestamptz NOT NULL, route text NOT NULL,
  requests bigint NOT NULL, items bigint NOT NULL, last_at timestamptz NOT NULL,
  CONSTRAINT pk_partner_access PRIMARY KEY (partner_id, hour, route),
  CONSTRAINT fk_partner_access_partner_id_partner FOREIGN KEY (partner_id) REFERENCES partner (id)
)

ALTER TABLE subscription ADD CONSTRAINT fk_subscription_partner_id_partner
  FOREIGN KEY (partner_id) REFERENCES partner (id)
"""


def upgrade() -> None:
    """Run statement by statement: an empty line stands between two."""
    for statement in PARTNERS.split("\n\n"):
        op.execute(statement)
