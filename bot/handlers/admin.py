"""/admin: how everything stands, games paused and resumed, people banned and let in again."""

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.asking import ask, ask_again
from bot.command import Command, Feature, Route, games
from bot.keyboards import admin as keyboards
from bot.keyboards.common import back
from bot.messages import admin as messages
from bot.reply import Question, Reply, Say
from bot.services import Services
from bot.speech import marked
from domain.games import GAMES
from domain.quiet import day_begin
from models.alerts import AlertState
from models.queries import audit, bans, panel, switches
from models.queries.alerts import Reason
from models.queries.audit import Action
from models.queries.roles import Role
from telemetry.metrics import ALERTS

QUESTION = Question(keyboards.FIND_PERSON)
LARGEST = 2**52  # numbers of Telegram users have at most 52 significant bits (core.telegram.org/bots/api#user)


async def answer(services: Services, asked: Asked) -> Reply:
    now = services.now()

    def read(session: Session) -> str:
        numbers = panel.numbers(session, day_begin(now, asked.profile.zone))
        return messages.panel(numbers, games(session, services.settings), asked.speech, now)

    return Reply((Say(await services.query(read), keyboards.panel(asked.role, asked.speech)),))


async def list_games(services: Services, asked: Asked) -> Reply:
    resting = await services.query(switches.all_paused)
    paused = {key: key in resting for key in GAMES}
    return Reply((Say(messages.games(paused, asked.speech), keyboards.games(paused, asked.speech)),))


async def pause(services: Services, asked: Asked) -> Reply:
    if asked.arg in GAMES:
        now = services.now()
        await services.query(lambda session: switches.pause(session, asked.arg, asked.user_id, now))
    return await list_games(services, asked)


async def resume(services: Services, asked: Asked) -> Reply:
    now = services.now()
    await services.query(lambda session: switches.resume(session, asked.arg, asked.user_id, now))
    return await list_games(services, asked)


async def find_person(_services: Services, asked: Asked) -> Reply:
    return ask(asked, messages.find_person(asked.speech), QUESTION, back(asked.speech, keyboards.PANEL))


async def typed_person(services: Services, asked: Asked) -> Reply:
    words = asked.words.strip()
    number = int(words) if words.isascii() and words.isdecimal() and len(words) <= len(str(LARGEST)) else 0
    if not 0 < number < LARGEST:
        example = messages.find_person(asked.speech)
        return ask_again(asked, example, QUESTION, back(asked.speech, keyboards.PANEL))
    return await show_person(services, asked.with_args(str(number)))


async def show_person(services: Services, asked: Asked) -> Reply:
    user_id, owners = int(asked.arg), services.settings.admin_users
    one = await services.query(lambda session: panel.person(session, user_id, owners))
    usages = await services.limits.show(user_id, services.now())
    text = messages.person(one, usages, asked.speech)
    return Reply((Say(text, keyboards.person(one, asked.role, asked.speech)),))


async def lift(services: Services, asked: Asked) -> Reply:
    """Without Redis there are no limits, and nothing is lifted."""
    user_id, now = int(asked.arg), services.now()
    lifted = await services.limits.lift(user_id)
    if lifted:
        await services.query(lambda session: audit.write(session, asked.user_id, Action.LIFT, user_id, now))
    shown = await show_person(services, asked)
    toast = asked.speech.text("Lifted.") if lifted else asked.speech.text("The limits are not available at the moment.")
    return Reply(shown.says, toast=toast)


async def ban(services: Services, asked: Asked) -> Reply:
    user_id, now, owners = int(asked.arg), services.now(), services.settings.admin_users
    ended = await services.query(lambda session: bans.ban(session, user_id, by=asked.user_id, owners=owners, now=now))
    ALERTS.labels(AlertState.SUPPRESSED, Reason.STOPPED).inc(ended or 0)
    return await show_person(services, asked)


async def unban(services: Services, asked: Asked) -> Reply:
    user_id, now = int(asked.arg), services.now()
    await services.query(lambda session: bans.unban(session, user_id, by=asked.user_id, now=now))
    return await show_person(services, asked)


FEATURE = Feature(
    commands=(
        Command("admin", answer, role=Role.VIEWER, private=True, description=marked("what only admins may see and do")),
    ),
    routes=(
        Route(keyboards.PANEL, answer, role=Role.VIEWER),
        Route(keyboards.GAMES, list_games, role=Role.ADMIN),
        Route(keyboards.PAUSE, pause, role=Role.ADMIN),
        Route(keyboards.RESUME, resume, role=Role.ADMIN),
        Route(keyboards.FIND_PERSON, find_person, role=Role.ADMIN),
        Route(keyboards.PERSON, show_person, role=Role.ADMIN),
        Route(keyboards.LIFT, lift, role=Role.ADMIN),
        Route(keyboards.BAN, ban, role=Role.ADMIN),
        Route(keyboards.UNBAN, unban, role=Role.ADMIN),
    ),
    questions=(Route(QUESTION.kind, typed_person, role=Role.ADMIN),),
)
