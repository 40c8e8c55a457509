import struct

from sandbox.telegram.errors import bad_request

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8"
# Start-of-frame markers, which carry the size; C4, C8 and CC of that range mean other things.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
LARGEST_SUM = 10_000
LARGEST_RATIO = 20


def photo_size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels of a PNG or JPEG; ApiError 400 for what Telegram takes for no photo."""
    try:
        width, height = _size(content)
    except (struct.error, IndexError) as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error
    if width == 0 or height == 0:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if width + height > LARGEST_SUM or max(width, height) > LARGEST_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def _size(content: bytes) -> tuple[int, int]:
    if content.startswith(PNG):
        width, height = struct.unpack_from(">II", content, 16)
        return width, height
    return _jpeg_size(content) if content.startswith(JPEG) else (0, 0)


def _jpeg_size(content: bytes) -> tuple[int, int]:
    at = len(JPEG)
    while content[at] == 0xFF:
        marker, length = struct.unpack_from(">xBH", content, at)
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        at += 2 + length
    return 0, 0
