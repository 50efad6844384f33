"""A plan comes into force: from now on everybody it binds sees it and hears of it."""
