"""Mail: what it says (`message`), which one is next (`claims`), and sending it (`sender`)."""
