"""What is said about a person's own data, and thanks for feedback."""

from datetime import timedelta

from bot.speech import Speech


def exported(speech: Speech) -> str:
    return speech.text(
        "Everything that I have stored about you: settings, filters, watches, muted items, the alerts of the last "
        "90 days and what you said about them. /delete_me removes it."
    )


def delete_question(speech: Speech) -> str:
    return speech.text(
        "<b>Delete everything?</b>\nThis ends the alerts and deletes your settings, filters, watches, muted items, "
        "alerts and feedback. It cannot be undone; /export gives you a copy first. What stays: numbers without your "
        "name, such as how many alerts were sent, and the operators' own records of bans and admin actions."
    )


def deleted(speech: Speech) -> str:
    return speech.text("Deleted. Nothing comes any more; /start begins anew, as if you had never been here.")


def unknown(speech: Speech) -> str:
    return speech.text("Nothing is stored about a subscription of yours. What else there was is deleted.")


def feedback_question(speech: Speech) -> str:
    return speech.text("What should the people who run this know? Send it as one message.")


def thanks(speech: Speech) -> str:
    return speech.text("Thank you. The people who run this have it now.")


def too_many(wait: timedelta, speech: Speech) -> str:
    return speech.text("That was enough for now: the next one in {wait}.", wait=speech.age(wait))
