"""What citizens answer: checked, stored in groups, counted; nothing leads back to them."""
