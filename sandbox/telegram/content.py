from sandbox.telegram.errors import bad_request
from sandbox.telegram.formatted import Entity, FormattedText
from sandbox.telegram.html_text import parse_html
from sandbox.telegram.params import Params
from sandbox.telegram.utf16 import utf16_length

# Both count after the entities were parsed, says the description of sendMessage and of sendPhoto.
LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024


def read_text(params: Params) -> FormattedText:
    """The text of a message; ApiError 400 if it is empty, too long or not parsable."""
    content = _read(params, "text", "entities")
    if not content.text:
        raise bad_request("message text is empty")
    if utf16_length(content.text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return content


def read_caption(params: Params) -> FormattedText:
    """The caption of a file, which may be empty; ApiError 400 if it is too long or not parsable."""
    content = _read(params, "caption", "caption_entities")
    if utf16_length(content.text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return content


def _read(params: Params, name: str, entities: str) -> FormattedText:
    match params.text("parse_mode").lower():
        case "html":
            return parse_html(params.text(name)).trimmed()
        case "":
            return FormattedText(params.text(name), _given_entities(params, entities)).trimmed()
    raise bad_request("unsupported parse_mode: this sandbox parses HTML only")


def _given_entities(params: Params, name: str) -> tuple[Entity, ...]:
    try:
        return tuple(
            Entity(
                str(given["type"]),
                int(given["offset"]),
                int(given["length"]),
                tuple((key, str(given[key])) for key in ("url", "language", "custom_emoji_id") if key in given),
            )
            for given in params.structure(name, list)
        )
    except (KeyError, TypeError, ValueError) as error:
        raise bad_request("can't parse MessageEntity: type, offset and length are needed") from error
