"""The notebook's schema is borrowed from real services, and stays theirs."""

from tests.migrations.catalogue import catalogue, differences

BORROWED = {"job", "stored_file"}


async def test_jobs_and_files_are_the_tables_that_tasks_has(web_template, new_database, migrated):
    ours, theirs = [
        {fact for fact in await catalogue(url) if fact.table in BORROWED}
        for url in (await new_database(web_template), await migrated("tasks"))
    ]

    assert ours
    assert differences(theirs, ours) == ""
