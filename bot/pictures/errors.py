"""What keeps a picture from being drawn; apart from the drawing, so that nobody reads matplotlib for it."""


class NothingToDrawError(Exception):
    """No price and no sale is known of the time asked for; once some are read there will be."""

    permanent = False
    retry_after = None
