"""Questions of units about an assignment, and the Office's guidance."""
