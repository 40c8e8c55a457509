"""What the bot says: pure functions from values to Telegram's HTML, everything from outside escaped."""
