"""Updates of every kind as a stranger could cause them, drawn from a seed, each with what must follow."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any

from bot.commands import COMMANDS, ROUTES
from bot.seal import Seal

FIRST = 2_000_000  # the number of the first stranger; each update comes from another one
NASTY = (
    "'; DROP TABLE chats; --",
    "\x00\x01\x1b[2J",
    "\u202etxet desrever\u200b",
    "👩‍👩‍👧‍👦" * 200,
    "<b>unclosed &amp; <script>",
    "{0.__class__} %s%n %(x)s",
    "-1",
    "99999999999999999999999999",
    "NaN",
    "٣٤٥",  # digits of another script
    "_*[<&★™|",
    "a" * 4000,
    "$1e9 to -5%",
    "\n\n\n",
    "x:y:z",
    "\u200fשלום",
    "../../etc/passwd",
    "w_1 w_-1 w_",
)
MEDIA: tuple[dict[str, Any], ...] = (
    {"photo": [{"file_id": "p", "file_unique_id": "q", "width": 1, "height": 1}], "caption": "/start"},
    {"sticker": {"file_id": "s", "file_unique_id": "t", "type": "regular", "width": 1, "height": 1,
                 "is_animated": False, "is_video": False}},
    {"voice": {"file_id": "v", "file_unique_id": "w", "duration": 1}},
    {"location": {"latitude": 90.0, "longitude": -180.0}},
    {"contact": {"phone_number": "0", "first_name": "\u202e"}},
    {"dice": {"emoji": "🎲", "value": 6}},
    {"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
              "is_anonymous": True, "type": "regular", "allows_multiple_answers": False, "allows_revoting": True,
              "members_only": False}},
    {"new_chat_title": "<b>"},
    {"delete_chat_photo": True},
    {"web_app_data": {"data": "{}", "button_text": "x"}},
)  # fmt: skip
UNASKED: tuple[dict[str, Any], ...] = (
    {"inline_query": {"id": "1", "query": "x", "offset": ""}},
    {"poll": MEDIA[6]["poll"]},
    {"chat_join_request": {"chat": {"id": -5, "type": "group", "title": "x"}, "user_chat_id": 1, "date": 1}},
    {"pre_checkout_query": {"id": "1", "currency": "USD", "total_amount": 1, "invoice_payload": "x"}},
    {},
)
STATUSES = ("creator", "administrator", "member", "restricted", "left", "kicked")


class Must(StrEnum):
    """What has to follow an update."""

    ANSWER = "answer"  # something is said in the chat, or a toast
    SILENCE = "silence"  # nothing is
    EITHER = "either"  # both are right: a group that speaks to somebody else


@dataclass(frozen=True)
class Hostile:
    """An update and what must follow; the chat and person have the same number in a private chat."""

    chat_id: int
    update: dict[str, Any]
    must: Must


def draw(seed: int, number: int, bot_id: int) -> Hostile:
    """The same for the same numbers."""
    chance = Random(seed * 1_000_003 + number)
    make = chance.choice((_private, _private, _command, _command, _press, _press, _edited, _group, _member, _other))
    return make(chance, FIRST + number, bot_id)


def _user(chance: Random, number: int) -> dict[str, Any]:
    code = chance.choice(("en", "ru", "de-AT", "", "zz", "x" * 40, "{}"))
    return {"id": number, "is_bot": False, "first_name": chance.choice(NASTY)[:60] or "x", "language_code": code}


def _message(chance: Random, chat: dict[str, Any], number: int, **more: Any) -> dict[str, Any]:
    return {"message_id": chance.randint(1, 2**31 - 1), "date": 1, "chat": chat, "from": _user(chance, number), **more}


def _own(number: int) -> dict[str, Any]:
    return {"id": number, "type": "private", "first_name": "x"}


def _spoken(chance: Random) -> dict[str, Any]:
    """A text as Telegram marks it up: a slash at the beginning is a command."""
    text = chance.choice(NASTY)
    if chance.random() < 0.3:
        text = "".join(chr(chance.choice((*range(32, 0x2FF), *range(0x1F300, 0x1F600)))) for _ in range(50))
    return {"text": text}


def _asked(chance: Random) -> dict[str, Any]:
    name = chance.choice([*COMMANDS, "nothing", "START", "start@somebody", "a" * 32])
    words = " ".join(chance.choice((*NASTY, "AK-47", "5", "csgo", "below")) for _ in range(chance.randint(0, 3)))
    length = len(name) + 1
    entity = {"type": "bot_command", "offset": 0, "length": length}
    return {"text": f"/{name} {words}"[:4096].strip(), "entities": [entity]}


def _private(chance: Random, number: int, _bot_id: int) -> Hostile:
    said = chance.choice(MEDIA) if chance.random() < 0.3 else _spoken(chance)
    return Hostile(number, {"message": _message(chance, _own(number), number, **said)}, Must.ANSWER)


def _command(chance: Random, number: int, _bot_id: int) -> Hostile:
    return Hostile(number, {"message": _message(chance, _own(number), number, **_asked(chance))}, Must.ANSWER)


def _press(chance: Random, number: int, bot_id: int) -> Hostile:
    """Data that are random, forged, made for another chat, or of a message that nobody knows any more."""
    seal = Seal(f"{bot_id}:guessed")
    route = chance.choice([*ROUTES])
    data = chance.choice(
        (
            chance.choice(NASTY)[:60],
            route,
            f"AAAAAAAA{route}:1",
            seal.pack(number, route, ("1",)),
            seal.pack(number + 1, route),
            "",
        )
    )
    message = _message(chance, _own(number), bot_id, text="before")
    if chance.random() < 0.1:
        message = {"chat": _own(number), "message_id": 5, "date": 0}
    query = {"id": str(number), "from": _user(chance, number), "chat_instance": "x", "data": data, "message": message}
    if chance.random() < 0.1:
        del query["message"]
        return Hostile(number, {"callback_query": query | {"inline_message_id": "x"}}, Must.EITHER)
    return Hostile(number, {"callback_query": query}, Must.ANSWER if message["date"] else Must.EITHER)


def _edited(chance: Random, number: int, _bot_id: int) -> Hostile:
    """A message that was changed, a channel's, one without a sender: nobody asked anything."""
    kind = chance.choice(("edited_message", "channel_post", "edited_channel_post", "business_message", "message"))
    channel = "channel" in kind
    chat = {"id": -number, "type": "channel", "title": "x"} if channel else _own(number)
    message = _message(chance, chat, number, **chance.choice((_spoken(chance), _asked(chance))))
    if channel or kind == "message":
        del message["from"]
    return Hostile(-number if channel else number, {kind: message}, Must.SILENCE)


def _group(chance: Random, number: int, _bot_id: int) -> Hostile:
    """Talk, commands, hidden administrators, a move to another number."""
    chat = {"id": -number, "type": chance.choice(("group", "supergroup")), "title": chance.choice(NASTY)[:100]}
    said = chance.choice(
        (_spoken(chance), _asked(chance), {"migrate_to_chat_id": -number - 10**9}, chance.choice(MEDIA))
    )
    message = _message(chance, chat, number, **said)
    if chance.random() < 0.2:
        message |= {"sender_chat": chat, "is_topic_message": True, "message_thread_id": chance.randint(1, 2**31 - 1)}
    return Hostile(-number, {"message": message}, Must.EITHER if "entities" in said else Must.SILENCE)


def _member(chance: Random, number: int, bot_id: int) -> Hostile:
    """The bot's own state in a chat, from anything to anything, also impossible."""
    bot = {"id": bot_id, "is_bot": True, "first_name": "Skinbeat"}
    old, new = (_membership(bot, chance.choice(STATUSES)) for _ in range(2))
    kind, own = chance.choice((("private", number), ("group", -number), ("supergroup", -number), ("channel", -number)))
    chat = {"id": own, "type": kind, "title": "x", "first_name": "x"}
    change = {"chat": chat, "from": _user(chance, number), "date": 1, "old_chat_member": old, "new_chat_member": new}
    update = chance.choice(("my_chat_member", "chat_member"))
    greets = update == "my_chat_member" and kind in {"group", "supergroup"}
    return Hostile(own, {update: change}, Must.EITHER if greets else Must.SILENCE)


def _membership(bot: dict[str, Any], status: str) -> dict[str, Any]:
    rights = ("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
              "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
              "can_edit_stories", "can_delete_stories", "is_member", "can_send_messages", "can_send_audios",
              "can_send_documents", "can_send_photos", "can_send_videos", "can_send_video_notes",
              "can_send_voice_notes", "can_send_polls", "can_send_other_messages", "can_add_web_page_previews",
              "can_pin_messages", "can_manage_topics", "can_edit_tag", "can_react_to_messages")  # fmt: skip
    return {"user": bot, "status": status, "until_date": 0, **dict.fromkeys(rights, False)}


def _other(chance: Random, number: int, _bot_id: int) -> Hostile:
    """What the bot has not asked Telegram for."""
    update = {name: {"from": _user(chance, number), **value} for name, value in chance.choice(UNASKED).items()}
    return Hostile(number, update, Must.SILENCE)
