import json

import pytest

from sandbox.telegram.server import serve
from sandbox.telegram.world import Options
from tests.integration.sandbox_telegram.driver import GROUP, USER, Driver

KEYBOARD = {"inline_keyboard": [[{"text": "Buy", "callback_data": "buy:1"}]]}


def test_message_appears_as_sent_and_as_read(driver: Driver) -> None:
    """The transcript has the text with entities applied, the source and the keyboard."""
    sent = driver.result(
        "sendMessage", chat_id=USER, text="<b>AK-47</b> &lt;3\n", parse_mode="HTML", reply_markup=KEYBOARD
    )

    (line,) = driver.transcript()
    assert sent["text"] == "AK-47 <3"
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 5}]
    assert sent["chat"] == {"id": USER, "type": "private", "first_name": "Ada"}
    assert (line["seq"], line["kind"], line["chat_id"], line["message_id"]) == (1, "send", USER, sent["message_id"])
    assert (line["text"], line["html"]) == ("AK-47 <3", "<b>AK-47</b> &lt;3\n")
    assert line["reply_markup"] == KEYBOARD
    assert line["at"].endswith("+00:00")


@pytest.mark.parametrize("form", ["json", "urlencoded", "multipart", "query"])
def test_every_form_of_request_is_read(driver: Driver, form: str) -> None:
    """Telegram takes JSON, both kinds of forms, and the query string of a GET."""
    url = f"/bot{driver.sandbox.token}/sendmessage"
    fields = {"chat_id": str(USER), "text": "hi", "reply_markup": json.dumps(KEYBOARD)}

    match form:
        case "json":
            answer = driver.http.post(url, json={**fields, "reply_markup": KEYBOARD})
        case "urlencoded":
            answer = driver.http.post(url, data=fields)
        case "multipart":
            answer = driver.http.post(url, files={name: (None, value) for name, value in fields.items()})
        case _:
            answer = driver.http.get(url, params=fields)

    assert answer.json()["result"]["text"] == "hi"
    assert driver.transcript()[0]["reply_markup"] == KEYBOARD


def test_wrong_tokens_and_methods_are_refused(driver: Driver) -> None:
    """401 for another bot's token, 404 for what is no token and for unknown methods."""
    codes = [
        driver.http.get(f"/bot{token}/{method}").status_code
        for token, method in [("1234:other", "getMe"), ("nonsense", "getMe"), (driver.sandbox.token, "sendPizza")]
    ]

    assert codes == [401, 404, 404]
    assert driver.refusal("sendPizza") == "404 Not Found: method not found"


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"chat_id": 999, "text": "a"}, "chat not found"),
        ({"chat_id": "@durov", "text": "a"}, "chat not found"),
        ({"text": "a"}, "chat_id is empty"),
        ({"chat_id": USER}, "message text is empty"),
        ({"chat_id": USER, "text": " \n "}, "message text is empty"),
        ({"chat_id": USER, "text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"chat_id": USER, "text": "a" * 4097}, "message is too long"),
        ({"chat_id": USER, "text": "🚀" * 2049}, "message is too long"),
        (
            {"chat_id": USER, "text": "*a*", "parse_mode": "Markdown"},
            "unsupported parse_mode: this sandbox parses HTML only",
        ),
        (
            {"chat_id": USER, "text": "<b>a", "parse_mode": "HTML"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        ({"chat_id": USER, "text": "a", "reply_markup": "{"}, "can't parse reply markup JSON object"),
        ({"chat_id": USER, "text": "a", "reply_markup": "[1]"}, "reply markup must be of type dict"),
        ({"chat_id": USER, "text": "a", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        (
            {"chat_id": USER, "text": "a", "entities": [{"type": "bold"}]},
            "can't parse MessageEntity: type, offset and length are needed",
        ),
    ],
)
def test_bad_message_is_refused(driver: Driver, params: dict[str, object], refusal: str) -> None:
    """What Telegram refuses is refused in its words, and the reader sees nothing."""
    answer = driver.refusal("sendMessage", **params)

    assert answer == f"400 Bad Request: {refusal}"
    assert driver.transcript() == []


def test_longest_text_counts_after_parsing(driver: Driver) -> None:
    """Markup does not count: 4096 visible units pass, however long the source is."""
    text = f"<b>{'a' * 4096}</b>"

    sent = driver.result("sendMessage", chat_id=USER, text=text, parse_mode="HTML")

    assert len(sent["text"]) == 4096


def test_chat_that_never_spoke_is_not_found(driver: Driver) -> None:
    """A bot cannot write first to a person; in a group it can, once it was added."""
    driver.control("chats", id=7, type="private", first_name="Eve")
    driver.control("chats", id=GROUP, type="group", first_name="Traders")

    refusal = driver.refusal("sendMessage", chat_id=7, text="hi")
    sent = driver.result("sendMessage", chat_id=GROUP, text="hi")

    assert refusal == "400 Bad Request: chat not found"
    assert sent["chat"] == {"id": GROUP, "type": "group", "title": "Traders"}


def test_edit_changes_text_and_keyboard(driver: Driver) -> None:
    """An edit without a keyboard removes it, as on Telegram."""
    message_id = driver.send(reply_markup=KEYBOARD)

    edited = driver.result("editMessageText", chat_id=USER, message_id=message_id, text="<i>new</i>", parse_mode="HTML")

    line = driver.transcript()[-1]
    assert (edited["text"], "reply_markup" in edited) == ("new", False)
    assert (line["kind"], line["message_id"], line["text"], line["html"]) == ("edit", message_id, "new", "<i>new</i>")
    assert line["reply_markup"] is None


def test_edit_of_the_keyboard_alone_keeps_the_text(driver: Driver) -> None:
    """The transcript shows the whole message after it."""
    message_id = driver.send("<b>x</b>", parse_mode="HTML")

    driver.result("editMessageReplyMarkup", chat_id=USER, message_id=message_id, reply_markup=KEYBOARD)

    line = driver.transcript()[-1]
    assert (line["html"], line["reply_markup"]) == ("<b>x</b>", KEYBOARD)


def test_unmodified_message_is_not_edited(driver: Driver) -> None:
    """Same visible text, entities and keyboard: refused, whatever the source looked like."""
    message_id = driver.send("<b>a</b>", parse_mode="HTML", reply_markup=KEYBOARD)
    same = {"chat_id": USER, "message_id": message_id, "reply_markup": KEYBOARD}

    text = driver.refusal("editMessageText", **same, text="<strong>a</strong>", parse_mode="HTML")
    markup = driver.refusal("editMessageReplyMarkup", **same)

    assert text.startswith("400 Bad Request: message is not modified")
    assert markup == text


def test_only_own_existing_messages_of_the_right_kind_are_edited(driver: Driver) -> None:
    """Each refusal names its reason."""
    said = driver.control(f"chats/{USER}/say", text="mine")["message_id"]
    sent = driver.send()

    missing = driver.refusal("editMessageText", chat_id=USER, message_id=999, text="b")
    foreign = driver.refusal("editMessageText", chat_id=USER, message_id=said, text="b")
    no_caption = driver.refusal("editMessageCaption", chat_id=USER, message_id=sent, caption="b")

    assert missing == "400 Bad Request: message to edit not found"
    assert foreign == "400 Bad Request: message can't be edited"
    assert no_caption == "400 Bad Request: there is no caption in the message to edit"


def test_deleted_message_is_gone(driver: Driver) -> None:
    """It can be neither deleted again nor edited."""
    message_id = driver.send()

    driver.result("deleteMessage", chat_id=USER, message_id=message_id)
    again = driver.refusal("deleteMessage", chat_id=USER, message_id=message_id)
    edit = driver.refusal("editMessageText", chat_id=USER, message_id=message_id, text="b")

    assert again == "400 Bad Request: message to delete not found"
    assert edit == "400 Bad Request: message to edit not found"
    assert [line["kind"] for line in driver.transcript()] == ["send", "delete"]


def test_several_messages_are_deleted_at_once(driver: Driver) -> None:
    """Those that are there; 1 to 100 of them."""
    ids = [driver.send(text) for text in "ab"]

    driver.result("deleteMessages", chat_id=USER, message_ids=[*ids, 999])

    assert [line["kind"] for line in driver.transcript()[2:]] == ["delete", "delete"]
    none, many, words = (
        driver.refusal("deleteMessages", chat_id=USER, message_ids=given) for given in ([], [1] * 101, ["x"])
    )
    assert none == "400 Bad Request: message identifiers are not specified"
    assert many == "400 Bad Request: too many message identifiers specified"
    assert words == "400 Bad Request: can't parse message identifier as a Number"


def test_chat_action_must_be_known(driver: Driver) -> None:
    """It leaves no trace in the transcript."""
    done = driver.result("sendChatAction", chat_id=USER, action="typing")
    refusal = driver.refusal("sendChatAction", chat_id=USER, action="sleeping")

    assert done is True
    assert refusal == "400 Bad Request: wrong parameter action in request"
    assert driver.transcript() == []


def test_strict_limits_refuse_a_flood() -> None:
    """The sixth message at once into a private chat waits; without the option nothing does."""
    with serve(Options(strict_limits=True)) as sandbox:
        driver = Driver(sandbox)
        driver.open_chat()

        answers = [driver.call("sendMessage", chat_id=USER, text="a") for _ in range(6)]
        driver.http.close()

    assert [answer["ok"] for answer in answers] == [True] * 5 + [False]
    assert answers[5]["error_code"] == 429
    assert 1 <= answers[5]["parameters"]["retry_after"] <= 5
