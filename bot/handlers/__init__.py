"""The commands, one file each; bot/commands.py lists them."""
