"""The tables of the history, and how older databases become those of today."""

import sqlite3

_FIRST = (
    """
    CREATE TABLE designs (
        digest TEXT PRIMARY KEY,
        content BLOB NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE measurements (
        id INTEGER PRIMARY KEY,
        finished TEXT NOT NULL,
        origin TEXT NOT NULL,
        machine TEXT NOT NULL,
        request TEXT NOT NULL,
        content BLOB NOT NULL
    )
    """,
    """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        measurement INTEGER NOT NULL REFERENCES measurements (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        design TEXT NOT NULL,
        digest TEXT NOT NULL REFERENCES designs (digest),
        device TEXT NOT NULL,
        dtype TEXT NOT NULL,
        layout TEXT NOT NULL,
        batch INTEGER NOT NULL,
        threads INTEGER NOT NULL,
        mode TEXT NOT NULL,
        verdict TEXT NOT NULL,
        median REAL,
        low REAL,
        high REAL,
        UNIQUE (measurement, place)
    )
    """,
    "CREATE INDEX runs_by_digest ON runs (digest)",
)

# What was kept before had no other form.
_FORM = ("ALTER TABLE runs ADD COLUMN form TEXT NOT NULL DEFAULT 'quick'",)

#: From a version to the statements that lead to the next; version 0 is an empty database.
MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST, _FORM)
VERSION = len(MIGRATIONS)


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Makes the tables, or changes those of an older version, in one transaction.

    Raises:
        sqlite3.Error: It cannot be done; the database is as it was.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statements in MIGRATIONS[version_of(connection) :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def version_of(connection: sqlite3.Connection) -> int:
    """The version of a database's tables."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
