"""What admins did, page by page."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.command import Feature, Route
from bot.keyboards import admin as keyboards
from bot.messages import admin as messages
from bot.reply import Reply, Say
from bot.services import Services
from models.audit import AuditRow
from models.queries import audit
from models.queries.roles import Role

PAGE = 10


async def answer(services: Services, asked: Asked) -> Reply:
    """The page is the argument; one that is no longer there becomes the last."""

    def read(session: Session) -> tuple[Sequence[AuditRow], int, int]:
        of = max(1, -(-audit.count(session) // PAGE))
        page = min(max(1, int(asked.arg or 1)), of)
        return audit.read(session, (page - 1) * PAGE, PAGE), page, of

    rows, page, of = await services.query(read)
    text = messages.audit(rows, asked.profile.zone, asked.speech)
    return Reply((Say(text, keyboards.audit(page, of, asked.speech)),))


FEATURE = Feature(routes=(Route(keyboards.AUDIT, answer, role=Role.VIEWER),))
