"""What a message to a chat can be about, and how loud a chat wants it."""

from enum import StrEnum


class Kind(StrEnum):
    INSTANT = "instant"  # a deal that sells at once
    PATIENT = "patient"  # a deal that sells in time
    WATCH = "watch"  # a price that the chat asked to be told of
    DIGEST = "digest"
    SUMMARY = "summary"  # what quiet hours kept back
    SILENCE = "silence"  # why nothing came
    NOTICE = "notice"  # an admin's words to everybody
    REPORT = "report"  # the daily report to admins


class Loudness(StrEnum):
    LOUD = "loud"
    SILENT = "silent"  # delivered without a sound
    OFF = "off"


DEALS = frozenset({Kind.INSTANT, Kind.PATIENT})  # named as domain.exits.ExitKind: a deal's kind is its exit
BULK = frozenset({Kind.DIGEST, Kind.SUMMARY, Kind.SILENCE, Kind.NOTICE, Kind.REPORT})  # many at once, none urgent
