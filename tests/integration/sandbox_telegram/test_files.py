import pytest

from tests.integration.sandbox_telegram.conftest import png
from tests.integration.sandbox_telegram.driver import USER, Driver


def send_file(driver: Driver, kind: str, content: bytes, caption: str = "") -> dict[str, object]:
    answer: dict[str, object] = driver.http.post(
        f"/bot{driver.sandbox.token}/send{kind}",
        data={"chat_id": str(USER), "caption": caption, "parse_mode": "HTML"},
        files={kind.lower(): ("chart.png", content, "image/png")},
    ).json()
    return answer


def test_photo_can_be_sent_again_by_its_id_and_downloaded(driver: Driver) -> None:
    """The message tells the real size; the file id works in sendPhoto and getFile."""
    picture = png(30, 20)

    sent = send_file(driver, "Photo", picture, "<b>c</b>")["result"]

    assert isinstance(sent, dict)
    (size,) = sent["photo"]
    again = driver.result("sendPhoto", chat_id=USER, photo=size["file_id"])
    path = driver.result("getFile", file_id=size["file_id"])["file_path"]
    assert (size["width"], size["height"], size["file_size"]) == (30, 20, len(picture))
    assert (sent["caption"], sent["caption_entities"][0]["type"]) == ("c", "bold")
    assert again["photo"] == [size]
    assert driver.http.get(f"/file/bot{driver.sandbox.token}/{path}").content == picture
    assert driver.http.get(f"/file/bot{driver.sandbox.token}/files/none").status_code == 400
    assert driver.transcript()[0]["media"]["kind"] == "photo"


def test_caption_of_a_document_can_be_edited(driver: Driver) -> None:
    """The document keeps its name; its text cannot be edited, having none."""
    sent = send_file(driver, "Document", b"a;b\n")["result"]

    assert isinstance(sent, dict)
    edited = driver.result("editMessageCaption", chat_id=USER, message_id=sent["message_id"], caption="new")
    text = driver.refusal("editMessageText", chat_id=USER, message_id=sent["message_id"], text="new")
    assert (edited["caption"], edited["document"]["file_name"]) == ("new", "chart.png")
    assert text == "400 Bad Request: there is no text in the message to edit"


@pytest.mark.parametrize(
    ("content", "caption", "refusal"),
    [
        (png(3, 3), "a" * 1025, "message caption is too long"),
        (b"", "", "file must be non-empty"),
        (b"no picture", "", "IMAGE_PROCESS_FAILED"),
        (png(3, 3)[:10], "", "IMAGE_PROCESS_FAILED"),
        (png(1, 21), "", "PHOTO_INVALID_DIMENSIONS"),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x01\x00\x15", "", "PHOTO_INVALID_DIMENSIONS"),
        (b"\xff\xd8\xff\xd9", "", "IMAGE_PROCESS_FAILED"),
        (b"\0" * (10 * 1024 * 1024 + 1), "", "file of size 10485761 bytes is too big for a photo"),
    ],
)
def test_bad_photo_is_refused(driver: Driver, content: bytes, caption: str, refusal: str) -> None:
    """Pictures are looked at: PNG and JPEG of sane size, with a caption of at most 1024 units."""
    answer = send_file(driver, "Photo", content, caption)

    assert answer["description"] == f"Bad Request: {refusal}"


@pytest.mark.parametrize(
    ("photo", "refusal"),
    [
        ("", "there is no photo in the request"),
        ("photo-9", "wrong file identifier/HTTP URL specified"),
        ("https://example.org/a.png", "failed to get HTTP URL content"),
    ],
)
def test_photo_that_is_not_there_is_refused(driver: Driver, photo: str, refusal: str) -> None:
    """The sandbox fetches nothing from the network."""
    answer = driver.refusal("sendPhoto", chat_id=USER, photo=photo)

    assert answer == f"400 Bad Request: {refusal}"
