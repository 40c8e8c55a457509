"""Who asks for what: everything a screen knows about an update, without Telegram's objects."""

from dataclasses import dataclass, replace

from bot.speech import Speech, speech
from models.queries.profiles import Profile
from models.queries.roles import Role

PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Asked:
    """`words` follow the command or were typed as an answer; `args` are those of the pressed button or question.

    `manages` says whether this person may change the chat's settings: always in a private chat, in a group only its
    administrators. `role` is that of the person towards this bot, None for a subscriber. `interrupts` says that a
    question of this person waited for an answer and ended with this command. `bot` is the username of the bot asked.
    """

    chat_id: int
    chat_kind: str
    user_id: int
    profile: Profile
    manages: bool = True
    role: Role | None = None
    thread_id: int | None = None
    words: str = ""
    args: tuple[str, ...] = ()
    interrupts: bool = False
    bot: str = ""

    @property
    def private(self) -> bool:
        return self.chat_kind == PRIVATE

    @property
    def speech(self) -> Speech:
        return speech(self.profile.language)

    @property
    def arg(self) -> str:
        """The first argument, "" where there is none."""
        return self.args[0] if self.args else ""

    def with_words(self, words: str) -> "Asked":
        return replace(self, words=words)

    def with_args(self, *args: str) -> "Asked":
        return replace(self, args=args)
