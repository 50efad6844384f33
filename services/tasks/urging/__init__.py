"""Urging (đôn đốc): who owes something is told so, by hand or by the ladder, and says they know."""
