import pytest

from tests.integration.sandbox_telegram.driver import GROUP, USER, Driver


def test_commands_are_kept_by_scope_and_language(driver: Driver) -> None:
    """And shown to the tests with the chats."""
    english, german = [{"command": "scan", "description": "Scan"}], [{"command": "scan", "description": "Suche"}]

    driver.result("setMyCommands", commands=english)
    driver.result("setMyCommands", commands=german, language_code="de", scope={"type": "all_private_chats"})

    assert driver.result("getMyCommands") == english
    assert driver.result("getMyCommands", language_code="de") == []
    shown = driver.http.get("/_sandbox/chats").json()["commands"]
    assert shown[1] == {"scope": {"type": "all_private_chats"}, "language_code": "de", "commands": german}


@pytest.mark.parametrize(
    ("commands", "refusal"),
    [
        ([{"command": "Scan", "description": "x"}], "BOT_COMMAND_INVALID"),
        (["scan"], "BOT_COMMAND_INVALID"),
        ([{"command": "scan", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "scan", "description": "x"}] * 101, "BOT_COMMANDS_TOO_MUCH"),
    ],
)
def test_bad_command_list_is_refused(driver: Driver, commands: list[object], refusal: str) -> None:
    """Names are lower case, descriptions not empty, and there are at most 100."""
    assert driver.refusal("setMyCommands", commands=commands) == f"400 Bad Request: {refusal}"


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"language_code": "deu"}, "invalid language code specified"),
        ({"scope": {"type": "everybody"}}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"scope": {"type": "chat_member", "chat_id": 5}}, "can't parse BotCommandScope: Empty user_id specified"),
    ],
)
def test_wrong_scope_or_language_is_refused(driver: Driver, params: dict[str, object], refusal: str) -> None:
    """Languages are two letters, scopes are the seven of the documentation with what they need."""
    answer = driver.refusal("setMyCommands", commands=[{"command": "a", "description": "b"}], **params)

    assert answer == f"400 Bad Request: {refusal}"


def test_deleted_command_list_is_gone(driver: Driver) -> None:
    """Only that of the given scope and language."""
    commands = [{"command": "scan", "description": "Scan"}]
    for language in ("", "de"):
        driver.result("setMyCommands", commands=commands, language_code=language)

    driver.result("deleteMyCommands", language_code="de")

    assert driver.result("getMyCommands", language_code="de") == []
    assert driver.result("getMyCommands") == commands


def test_person_sees_the_narrowest_list(driver: Driver) -> None:
    """The own scope before the general one, in it the own language before the list for all others."""
    lists = [("default", "", "any"), ("all_private_chats", "", "private"), ("all_private_chats", "de", "privat")]
    for scope, language, name in lists:
        commands = [{"command": name, "description": "x"}]
        driver.result("setMyCommands", commands=commands, scope={"type": scope}, language_code=language)
    admins = {"type": "chat_administrators", "chat_id": GROUP}
    driver.result("setMyCommands", commands=[{"command": "admin", "description": "x"}], scope=admins)
    people = [{"id": 9, "status": "administrator"}, {"id": 10, "status": "member"}]
    driver.control("chats", id=GROUP, type="supergroup", title="Traders", members=people)

    def seen(chat_id: int, **query: str) -> str:
        answer = driver.http.get(f"/_sandbox/chats/{chat_id}/commands", params=query)
        return str(answer.json()["commands"][0]["command"])

    assert [seen(USER), seen(USER, language="de")] == ["private", "privat"]
    assert [seen(GROUP, user_id="9"), seen(GROUP, user_id="10")] == ["admin", "any"]


@pytest.mark.parametrize(("method", "field"), [("Name", "name"), ("ShortDescription", "short_description")])
def test_name_and_descriptions_are_kept_by_language(driver: Driver, method: str, field: str) -> None:
    """A language without an own text shows the one for all others; an empty text removes it."""
    driver.result(f"setMy{method}", **{field: "Deals"})
    driver.result(f"setMy{method}", **{field: "Angebote"}, language_code="de")

    assert driver.result(f"getMy{method}", language_code="de") == {field: "Angebote"}
    driver.result(f"setMy{method}", language_code="de")
    assert driver.result(f"getMy{method}", language_code="de") == {field: "Deals"}
    assert {"field": field, "language_code": "", "text": "Deals"} in driver.http.get("/_sandbox/chats").json()[
        "profile"
    ]


def test_description_has_512_units(driver: Driver) -> None:
    """One more is refused."""
    driver.result("setMyDescription", description="a" * 512)

    refusal = driver.refusal("setMyDescription", description="a" * 513)

    assert refusal == "400 Bad Request: description is too long"
