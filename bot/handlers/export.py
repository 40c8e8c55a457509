"""/export: everything that is stored about who asks, as a file."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.command import Command, Feature
from bot.messages import privacy as messages
from bot.reply import File, Reply, Say
from bot.services import Services
from bot.speech import marked
from models.queries.export import everything


async def answer(services: Services, asked: Asked) -> Reply:
    now = services.now()

    def read(session: Session) -> bytes:
        return written(everything(session, asked.chat_id, now))

    file = File(f"skinbeat-{asked.chat_id}.json", await services.query(read))
    return Reply((Say(messages.exported(asked.speech), file=file),))


def written(found: dict[str, Any]) -> bytes:
    """JSON in UTF-8; moments as ISO 8601."""
    return json.dumps(found, default=_moment, ensure_ascii=False, indent=1).encode()


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be exported")


FEATURE = Feature(
    commands=(
        Command("export", answer, action="export", private=True, description=marked("everything stored about you")),
    )
)
