"""The ladder of urging: how many working days before and after a due day somebody is told."""
