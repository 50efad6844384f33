"""Completion of plans: facts of assignments and the cells counted from them."""
