"""Instructions (chỉ đạo) that leaders write from a figure, a row or a report."""
