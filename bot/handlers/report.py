"""/dailyreport: the last 24 hours on demand."""

from datetime import timedelta

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.command import Command, Feature, Route
from bot.keyboards import admin as keyboards
from bot.messages.report import report
from bot.reply import Reply, Say
from bot.services import Services
from bot.speech import marked
from models.payloads import ReportNews
from models.queries.privacy import quarter
from models.queries.report import collect
from models.queries.roles import Role

DAY = timedelta(hours=24)


async def answer(services: Services, asked: Asked) -> Reply:
    """From the quarter of an hour in which the last 24 hours begin."""
    now = services.now()

    def read(session: Session) -> ReportNews:
        return collect(session, quarter(now - DAY), now, asked.profile.zone)

    news = await services.query(read)
    text = report(news.model_dump(), asked.speech, now).text
    return Reply((Say(text, keyboards.below_panel(asked.speech)),))


FEATURE = Feature(
    commands=(
        Command(
            "dailyreport", answer, role=Role.VIEWER, private=True, description=marked("the last 24 hours in numbers")
        ),
    ),
    routes=(Route(keyboards.REPORT, answer, role=Role.VIEWER),),
)
