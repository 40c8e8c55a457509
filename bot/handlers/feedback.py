"""/feedback: a word to the people who run the bot."""

from datetime import timedelta

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.asking import ask
from bot.command import Command, Feature, Route
from bot.keyboards.common import menu_row, to_menu
from bot.messages import privacy as messages
from bot.reply import Question, Reply, Say
from bot.services import Services
from bot.speech import marked
from models.queries import remarks, roles

QUESTION = Question("feedback_text")


async def answer(services: Services, asked: Asked) -> Reply:
    """With words it is done at once, without it asks for them."""
    words = asked.words.strip()
    if not words:
        return ask(asked, messages.feedback_question(asked.speech), QUESTION, to_menu(asked.speech))
    now, owners = services.now(), services.settings.admin_users

    def write(session: Session) -> timedelta | None:
        admins = roles.admins(session, owners)
        return remarks.add(session, words, chat_id=asked.chat_id, user_id=asked.user_id, admins=admins, now=now)

    wait = await services.query(write)
    text = messages.thanks(asked.speech) if wait is None else messages.too_many(wait, asked.speech)
    return Reply((Say(text, (menu_row(asked.speech),)),))


FEATURE = Feature(
    commands=(Command("feedback", answer, action="feedback", description=marked("tell the people who run this")),),
    questions=(Route(QUESTION.kind, answer, action="feedback"),),
)
