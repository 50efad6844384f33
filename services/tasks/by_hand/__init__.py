"""A row that somebody writes by hand, beside the appendix."""
