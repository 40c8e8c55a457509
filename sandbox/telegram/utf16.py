def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the unit of all offsets and limits of the Bot API."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
