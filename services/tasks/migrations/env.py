"""Alembic's entry: everything stands in the chassis."""

from chassis.migrations import run_environment

run_environment()
