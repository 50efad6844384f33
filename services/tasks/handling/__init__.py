"""Proposals to handle a person, with evidence; a person decides, and few may know."""
