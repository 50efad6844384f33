"""Loads `demo/` through the public APIs, as the people of the demo would. Safe to run again."""

from devstack.demo.loading import load

__all__ = ["load"]
