"""The first tables."""

from __future__ import annotations

from gettext import gettext as _

import sqlalchemy as sa
from alembic import op

from desktop.clinic.errors import CannotOpen

revision = "0001"
down_revision = None

PLAIN = ("practice", "site", "room", "service", "therapy_group", "staff", "therapist", "referrer", "rule")

SEARCH = (
    "CREATE VIRTUAL TABLE client_search USING fts5("
    "words, id UNINDEXED, listed UNINDEXED, called UNINDEXED, birth_date UNINDEXED, phone UNINDEXED, status UNINDEXED, "
    "tokenize=\"unicode61 remove_diacritics 2\", prefix='1 2 3')"
)


def upgrade() -> None:
    """Take the step."""
    for name in PLAIN:
        _keep(name)
    _keep(
        "client",
        sa.Column("status", sa.String, nullable=False),
        sa.Column("therapist", sa.String),
        sa.Column("sort_name", sa.String, nullable=False),
    )
    _keep(
        "referral",
        sa.Column("client", sa.String, nullable=False),
        sa.Column("direction", sa.String, nullable=False),
        sa.Column("stage", sa.String, nullable=False),
        sa.Column("owner", sa.String),
        sa.Column("due", sa.Date),
    )
    _keep(
        "visit",
        sa.Column("start", sa.BigInteger, nullable=False),
        sa.Column("end", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String, nullable=False),
    )
    _keep("pathway", sa.Column("client", sa.String, nullable=False))
    _keep(
        "waiting",
        sa.Column("client", sa.String, nullable=False),
        sa.Column("referral", sa.String),
        sa.Column("ended", sa.Boolean, nullable=False),
    )
    _keep(
        "offer",
        sa.Column("waiting", sa.String, nullable=False),
        sa.Column("client", sa.String, nullable=False),
        sa.Column("therapist", sa.String, nullable=False),
        sa.Column("start", sa.BigInteger, nullable=False),
        sa.Column("end", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String, nullable=False),
    )
    _keep(
        "letter",
        sa.Column("client", sa.String, nullable=False),
        sa.Column("referral", sa.String),
        sa.Column("written_at", sa.BigInteger, nullable=False),
    )
    _keep(
        "todo",
        sa.Column("about", sa.String, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
    )
    _make_part()
    _make_audit()
    for table, column in (
        ("client", "sort_name"),
        ("referral", "client"),
        ("referral", "due"),
        ("visit", "start"),
        ("pathway", "client"),
        ("waiting", "client"),
        ("waiting", "referral"),
        ("offer", "waiting"),
        ("offer", "start"),
        ("letter", "client"),
        ("letter", "written_at"),
        ("todo", "about"),
        ("todo", "open"),
        ("audit", "task"),
        ("audit", "undoes"),
        ("audit", "record"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])
    op.execute(SEARCH)


def downgrade() -> None:
    """Refuse: what later steps keep would be lost."""
    raise CannotOpen(
        _("A clinic file is never taken back to an older form; restore the backup made before the upgrade.")
    )


def _keep(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )


def _make_part() -> None:
    op.create_table(
        "part",
        sa.Column("visit", sa.String, nullable=False),
        sa.Column("resource", sa.String, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("start", "end", "busy_from", "busy_to")),
        sa.Column("holds", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["visit"], ["visit.id"], name="fk_part_visit", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("visit", "resource", name="pk_part"),
    )
    op.create_index("ix_part_resource_start", "part", ["resource", "start", "busy_from", "busy_to", "holds"])


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("task", "at", "user", "label")),
        sa.Column("undoes", sa.String),
        *(sa.Column(name, sa.String, nullable=False) for name in ("kind", "record")),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
        sa.Column("mac", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
        )
