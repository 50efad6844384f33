"""Units are merged, split or moved: what they owe and who works there goes over, as one."""
