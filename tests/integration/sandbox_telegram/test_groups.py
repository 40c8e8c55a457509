from typing import Any

import pytest

from tests.integration.sandbox_telegram.driver import GROUP, USER, Driver

FORUM = -100200
OWNER, ADMIN, READER = 11, 12, 13
PEOPLE: list[dict[str, Any]] = [
    {"id": OWNER, "first_name": "Olga", "status": "creator", "anonymous": True},
    {"id": ADMIN, "first_name": "Abe", "status": "administrator", "language_code": "de"},
    {"id": READER, "first_name": "Rita", "status": "member"},
]


@pytest.fixture
def forum(driver: Driver) -> Driver:
    """A supergroup with one topic besides General, three people and the bot."""
    topics = [{"id": 5, "name": "Deals"}]
    driver.control("chats", id=FORUM, type="supergroup", title="Traders", topics=topics, members=PEOPLE)
    return driver


def heard(driver: Driver) -> list[dict[str, Any]]:
    updates: list[dict[str, Any]] = driver.result("getUpdates")
    return updates


def test_roles_are_told(forum: Driver) -> None:
    """Of each member, of the bot, and of somebody who left; a stranger is not found."""
    forum.control(f"chats/{FORUM}/members", id=READER, status="left")

    roles = {
        user_id: forum.result("getChatMember", chat_id=FORUM, user_id=user_id)["status"]
        for user_id in (OWNER, ADMIN, READER, 1234)
    }

    assert roles == {OWNER: "creator", ADMIN: "administrator", READER: "left", 1234: "member"}
    assert forum.refusal("getChatMember", chat_id=FORUM, user_id=99) == "400 Bad Request: member not found"
    assert forum.result("getChatMember", chat_id=USER, user_id=USER)["status"] == "member"


def test_administrators_are_listed(forum: Driver) -> None:
    """With the bot once it is one; a private chat has none."""
    before = [one["user"]["id"] for one in forum.result("getChatAdministrators", chat_id=FORUM)]
    forum.control(f"chats/{FORUM}/bot", status="administrator", user_id=OWNER)
    after = [one["user"]["id"] for one in forum.result("getChatAdministrators", chat_id=FORUM)]

    assert before == [OWNER, ADMIN]
    assert after == [OWNER, ADMIN, 1234]
    refusal = forum.refusal("getChatAdministrators", chat_id=USER)
    assert refusal == "400 Bad Request: there are no administrators in the private chat"


def test_chat_tells_that_it_is_a_forum(forum: Driver) -> None:
    """And how many are in it, the bot included."""
    chat = forum.result("getChat", chat_id=FORUM)

    assert (chat["type"], chat["title"], chat["is_forum"]) == ("supergroup", "Traders", True)
    assert forum.result("getChatMemberCount", chat_id=FORUM) == 4


def test_message_is_said_in_a_topic(forum: Driver) -> None:
    """The member has an own name and language; General has no number."""
    forum.control(f"chats/{FORUM}/say", text="/start", user_id=ADMIN, message_thread_id=5)
    forum.control(f"chats/{FORUM}/say", text="/stop", user_id=READER)

    deals, general = (update["message"] for update in heard(forum))
    assert (deals["message_thread_id"], deals["is_topic_message"]) == (5, True)
    assert deals["from"] == {"id": ADMIN, "is_bot": False, "first_name": "Abe", "language_code": "de"}
    assert "message_thread_id" not in general


def test_bot_writes_into_a_topic(forum: Driver) -> None:
    """The answer and the transcript name it; an unknown one is refused, so is the number of General."""
    sent = forum.result("sendMessage", chat_id=FORUM, text="a", message_thread_id=5)
    refusals = [forum.refusal("sendMessage", chat_id=FORUM, text="a", message_thread_id=n) for n in (1, 9)]

    assert (sent["message_thread_id"], sent["is_topic_message"]) == (5, True)
    assert forum.transcript()[0]["message_thread_id"] == 5
    assert refusals == ["400 Bad Request: message thread not found"] * 2


def test_group_without_topics_ignores_their_numbers(driver: Driver) -> None:
    """As the real service does."""
    driver.control("chats", id=GROUP, type="group", title="Traders")

    sent = driver.result("sendMessage", chat_id=GROUP, text="a", message_thread_id=5)

    assert "message_thread_id" not in sent


def test_anonymous_admin_speaks_as_the_group(forum: Driver) -> None:
    """The person cannot be seen in a message, but in a press of a button."""
    forum.control(f"chats/{FORUM}/say", text="/start", user_id=OWNER)
    keyboard = {"inline_keyboard": [[{"text": "Buy", "callback_data": "buy"}]]}
    sent = forum.result("sendMessage", chat_id=FORUM, text="a", reply_markup=keyboard)
    forum.control(f"chats/{FORUM}/press", message_id=sent["message_id"], data="buy", user_id=OWNER)

    said, pressed = heard(forum)
    assert said["message"]["from"]["username"] == "GroupAnonymousBot"
    assert said["message"]["sender_chat"]["id"] == FORUM
    assert pressed["callback_query"]["from"]["id"] == OWNER


def test_bot_hears_in_groups_what_is_meant_for_it(forum: Driver) -> None:
    """Privacy mode: commands, mentions, replies to it; everything once it is an admin."""
    sent = forum.result("sendMessage", chat_id=FORUM, text="Which title?")["message_id"]

    plain = forum.control(f"chats/{FORUM}/say", text="hello", user_id=READER)["update_id"]
    forum.control(f"chats/{FORUM}/say", text="@skinbeat_sandbox_bot hi", user_id=READER)
    forum.control(f"chats/{FORUM}/say", text="AK-47", user_id=READER, reply_to=sent)
    forum.control(f"chats/{FORUM}/bot", status="administrator", user_id=OWNER)
    forum.control(f"chats/{FORUM}/say", text="anything", user_id=READER)

    messages = [update["message"] for update in heard(forum) if "message" in update]
    assert plain is None
    assert [message["text"] for message in messages] == ["@skinbeat_sandbox_bot hi", "AK-47", "anything"]
    assert messages[1]["reply_to_message"]["text"] == "Which title?"


def test_removed_bot_cannot_write(forum: Driver) -> None:
    """It learns who did it and hears nothing more; each way of leaving has its words."""
    forum.control(f"chats/{FORUM}/bot", status="kicked", user_id=OWNER)
    silent = forum.control(f"chats/{FORUM}/say", text="/start", user_id=READER)["update_id"]

    kicked = forum.refusal("sendMessage", chat_id=FORUM, text="a")
    forum.control(f"chats/{FORUM}/bot", status="left", user_id=OWNER)
    left = forum.refusal("getChat", chat_id=FORUM)

    change = heard(forum)[0]["my_chat_member"]
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("member", "kicked")
    assert (change["from"]["id"], change["new_chat_member"]["user"]["id"]) == (OWNER, 1234)
    assert silent is None
    assert kicked == "403 Forbidden: bot was kicked from the supergroup chat"
    assert left == "403 Forbidden: bot is not a member of the supergroup chat"


def test_who_speaks_in_a_group_is_a_member(driver: Driver) -> None:
    """Also where nobody was named before; the bot can be outside at first and be added later."""
    driver.control("chats", id=GROUP, type="group", title="Traders", bot="left")
    driver.control(f"chats/{GROUP}/bot", status="member", user_id=READER)
    driver.control(f"chats/{GROUP}/say", text="/start", user_id=READER)

    added = heard(driver)[0]["my_chat_member"]
    assert (added["old_chat_member"]["status"], added["new_chat_member"]["status"]) == ("left", "member")
    assert driver.result("getChatMember", chat_id=GROUP, user_id=READER)["status"] == "member"


def test_bot_leaves_by_itself(forum: Driver) -> None:
    """A private chat cannot be left."""
    forum.result("leaveChat", chat_id=FORUM)

    assert forum.refusal("sendMessage", chat_id=FORUM, text="a").startswith("403 Forbidden: bot is not a member")
    assert forum.refusal("leaveChat", chat_id=USER).startswith("400 ")


def test_blocked_bot_is_let_in_again_by_writing(driver: Driver) -> None:
    """Blocking is an update, so is the end of it; in between nothing can be sent."""
    driver.control(f"chats/{USER}/bot", status="kicked")
    blocked = driver.refusal("sendMessage", chat_id=USER, text="a")
    driver.control(f"chats/{USER}/say", text="/start")

    kinds = [next(kind for kind in update if kind != "update_id") for update in heard(driver)]
    assert blocked == "403 Forbidden: bot was blocked by the user"
    assert kinds == ["my_chat_member", "my_chat_member", "message"]
    assert driver.result("sendMessage", chat_id=USER, text="a")["text"] == "a"


def test_changes_of_members_come_on_request_only(forum: Driver) -> None:
    """A bot that does not name chat_member hears nothing of them."""
    forum.control(f"chats/{FORUM}/members", id=14, status="member")
    unasked = heard(forum)
    forum.result("getUpdates", allowed_updates=["chat_member"])
    forum.control(f"chats/{FORUM}/members", id=READER, status="administrator")

    (update,) = heard(forum)
    change = update["chat_member"]
    assert unasked == []
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("member", "administrator")


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("chats", {"id": -5, "type": "group", "is_forum": True}, "type is 'group'; only a supergroup can be a forum"),
        ("chats", {"id": -5, "type": "group", "members": [7]}, "Each entry of members must be a JSON object."),
        (f"chats/{FORUM}/bot", {"status": "king"}, "status is 'king'; it must be one of creator, administrator"),
        (f"chats/{USER}/bot", {"status": "left"}, "status is 'left'; in a private chat it must be member or kicked."),
        (f"chats/{USER}/members", {"id": 3}, f"Chat {USER} is private; only groups have members."),
        (f"chats/{FORUM}/say", {"text": "a", "message_thread_id": 9}, f"Chat {FORUM} has no topic 9; it has [5]."),
    ],
)
def test_wrong_request_is_named(forum: Driver, path: str, body: object, sentence: str) -> None:
    """In one sentence."""
    answer = forum.http.post(f"/_sandbox/{path}", json=body)

    assert answer.status_code == 400
    assert answer.json()["error"].startswith(sentence)
