"""/top: the best of what is open, of what the chat's filters want or of everything."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.command import Command, Feature, Route, games
from bot.keyboards import market as keyboards
from bot.messages.top import top
from bot.paging import paged
from bot.reply import Reply
from bot.services import Services
from bot.speech import marked
from bot.upstream import outlook
from models.queries import matching, overview
from models.queries.overview import Ranked

PAGE = 5
MOST = 50  # of all that is open
EVER = datetime.fromtimestamp(0, UTC)


async def answer(services: Services, asked: Asked) -> Reply:
    """Whose deals and the page are the arguments; a chat that is known begins with its own."""
    whose, number = asked.args or (keyboards.MINE if asked.profile.known else keyboards.ALL, "1")
    now = services.now()

    def read(session: Session) -> Reply:
        every = overview.best(session, MOST)
        wanted = every if whose == keyboards.ALL else _wanted(session, asked.chat_id, now)
        page = paged(wanted, number, PAGE)
        watched, how = games(session, services.settings), outlook(session, now)
        texts = top(page.shown, watched, how, asked.speech, now, first=page.first, refused=len(every) - len(wanted))
        return Reply.of(texts, keyboards.top(whose, page.number, page.of, asked.speech))

    return await services.query(read)


def _wanted(session: Session, chat_id: int, now: datetime) -> list[Ranked]:
    rows = matching.open_deals(session, chat_id, now, EVER, MOST)
    read = ((overview.proof_in(row.evidence), row.confirmed_at) for row in rows)
    return [Ranked(proof, at) for proof, at in read if proof]


FEATURE = Feature(
    commands=(Command(keyboards.TOP, answer, description=marked("the best open opportunities now")),),
    routes=(Route(keyboards.TOP, answer),),
)
