"""Inspections of units: the plan of a year, the visit, findings, the conclusion, what repeats."""
