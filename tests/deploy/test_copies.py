"""deploy/backup and deploy/restore: what cannot come back is said before anything is touched."""

import hashlib
import os
import subprocess
from pathlib import Path

import asyncpg
import pytest

from devstack.servers.binaries import postgres_programs
from devstack.servers.user import server_account

DEPLOY = Path(__file__).parents[2] / "deploy"
SERVICES = ("tasks", "surveys", "reporting", "notifications")
INSIDE = "/nhip/files-of-a-container"
TABLES = """
CREATE TABLE alembic_version (version_num text);
CREATE TABLE event_log (tx xid8);
CREATE TABLE audit_entry (tx xid8);
CREATE TABLE catch_up (producer text);
CREATE TABLE kept AS SELECT 'before' AS word, repeat(n::text, 40) AS filling
  FROM generate_series(1, 5000) AS n;
INSERT INTO catch_up VALUES ('tasks');
"""


class Office:
    """Databases and files of some services, and the scripts beside them."""

    def __init__(self, folder: Path, urls: dict[str, str]) -> None:
        self.folder, self.urls = folder / "copy", urls
        self.files = folder / "files"
        self.files.mkdir()
        (self.files / "evidence.pdf").write_text("before")
        self.environment = {
            **{f"{name.upper()}_DATABASE_URL": url for name, url in urls.items()},
            "FILES_URL": f"file://{self.files}",
            "PATH": f"{postgres_programs(server_account())}:{os.environ['PATH']}",
        }

    def run(self, script: str, *services: str, **variables: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [str(DEPLOY / script), str(self.folder), *services],
            env={**self.environment, **variables}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    async def ask(self, name: str, query: str) -> list:
        connection = await asyncpg.connect(self.urls[name])
        try:
            return await connection.fetch(query)
        finally:
            await connection.close()

    async def change(self) -> None:
        """Let something happen after the copy."""
        for name in self.urls:
            await self.ask(name, "UPDATE kept SET word = 'after'")
        (self.files / "evidence.pdf").write_text("after")

    async def words(self) -> set[str]:
        """What the databases and files say: `before` or `after` the copy, or both."""
        found = {(self.files / "evidence.pdf").read_text()}
        for name in self.urls:
            found |= {row["word"] for row in await self.ask(name, "SELECT word FROM kept")}
        return found

    def seal(self) -> None:
        """Let the sums fit whatever the copy holds now."""
        files = [file for file in sorted(self.folder.iterdir()) if file.name != "sums"]
        lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in files]
        (self.folder / "sums").write_text("".join(f"{line}\n" for line in lines))


@pytest.fixture
async def office(tmp_path, new_database) -> Office:
    made = Office(tmp_path, {name: await new_database() for name in SERVICES})
    for url in made.urls.values():
        connection = await asyncpg.connect(url)
        await connection.execute(TABLES)
        await connection.close()
    return made


def copied(office: Office, **variables: str) -> None:
    done = office.run("backup", *SERVICES, **variables)
    assert done.returncode == 0, done.stderr


async def test_a_copy_that_cannot_be_read_changes_nothing_and_is_no_success(office):
    copied(office)
    dump = office.folder / "notifications.dump"
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
    (office.folder / "began").write_text("2020-01-01T00:00:00Z\n")
    office.seal()
    await office.change()

    done = office.run("restore", "notifications")

    assert done.returncode == 1, done.stdout
    assert "the copy of notifications cannot be read to its end" in done.stderr
    assert await office.words() == {"after"}
    assert len(await office.ask("notifications", "SELECT * FROM catch_up")) == 1


@pytest.mark.parametrize("address", ["", "s3://nhip/files"])
async def test_files_without_a_place_to_go_are_named_before_any_database_changes(office, address):
    copied(office)
    await office.change()
    done = office.run("restore", FILES_URL=address)
    assert (done.returncode, "FILES_URL" in done.stderr) == (1, True)
    assert await office.words() == {"after"}


async def test_a_copy_without_the_files_of_tasks_is_not_made(office):
    done = office.run("backup", *SERVICES, FILES_URL="")
    assert (done.returncode, "FILES_URL is not set" in done.stderr) == (1, True)
    assert not office.folder.exists()


async def test_files_that_only_a_container_sees_are_copied_and_come_back(office, tmp_path):
    """A program that sees the files at another place stands for `docker compose run`."""
    program = tmp_path / "inside"
    program.write_text(
        f"""#!/bin/sh
first=$1; shift
case "$*" in *"{INSIDE}"*) ;; *) exit 9 ;; esac
exec $first $(echo "$*" | sed "s#{INSIDE}#{office.files}#")
"""
    )
    program.chmod(0o755)
    there = {"FILES_URL": f"file://{INSIDE}", "FILES_RUN": str(program)}
    copied(office, **there)
    await office.change()
    done = office.run("restore", **there)
    assert done.returncode == 0, done.stderr
    assert await office.words() == {"before"}
