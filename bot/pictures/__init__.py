"""Pictures for a phone: pure functions from values to PNG, and the thread that they are drawn in."""
