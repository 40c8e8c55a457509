"""Who has which role; an owner gives and takes them."""

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.command import Feature, Route
from bot.handlers.admin import show_person
from bot.keyboards import admin as keyboards
from bot.messages import admin as messages
from bot.reply import Reply
from bot.services import Services
from models.queries import roles
from models.queries.roles import Refusal, Role


async def answer(services: Services, asked: Asked) -> Reply:
    owners = services.settings.admin_users
    holders = await services.query(lambda session: roles.holders(session, owners))
    return Reply.of(messages.roles(holders, owners, asked.speech), keyboards.roles(holders, asked.role, asked.speech))


async def give(services: Services, asked: Asked) -> Reply:
    """The person and the role, or that theirs is taken. The person's menu of commands follows within seconds."""
    user_id, chosen, now = int(asked.args[0]), asked.args[1], services.now()
    role, owners = None if chosen == keyboards.NOBODY else Role(chosen), services.settings.admin_users

    def write(session: Session) -> Refusal | None:
        return roles.grant(session, user_id, role, by=asked.user_id, owners=owners, now=now)

    why = await services.query(write)
    shown = await show_person(services, asked)
    return Reply(shown.says, toast=messages.refused(why, asked.speech) if why else "")


FEATURE = Feature(
    routes=(
        Route(keyboards.ROLES, answer, role=Role.VIEWER),
        Route(keyboards.SET_ROLE, give, role=Role.OWNER),
    )
)
