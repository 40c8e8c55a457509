"""Buttons below messages: pure functions from values to keyboards."""
