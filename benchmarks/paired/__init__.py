"""Two checkouts side by side: does a change cost CPU?"""
