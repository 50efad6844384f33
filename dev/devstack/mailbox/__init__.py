"""A mail server for development: takes every message, delivers none, shows them all."""
