"""Settings as far as they can be read, for who wants to tell all that is wrong rather than end at it."""

from collections.abc import Iterable, Mapping

from config.settings import Role, Settings, SettingsError, load


def survey(environ: Mapping[str, str], roles: Iterable[Role]) -> tuple[Settings, list[str]]:
    """The settings without the variables that cannot be used, and a sentence for each problem of these roles."""
    problems = dict.fromkeys(problem for role in roles for problem in _problems(environ, role))
    left = dict(environ)
    for _ in range(len(environ) + 1):
        try:
            return load(left, "doctor"), list(problems)
        except SettingsError as error:
            left = _without(left, error.problems)
    return Settings(), list(problems)


def _problems(environ: Mapping[str, str], role: Role) -> list[str]:
    try:
        load(environ, role)
    except SettingsError as error:
        return error.problems
    return []


def _without(environ: Mapping[str, str], problems: Iterable[str]) -> dict[str, str]:
    """Without the variable that each sentence begins with, however it was given."""
    wrong = {problem.split(" ")[0].rstrip(":") for problem in problems}
    bare = {name.removesuffix("_FILE") for name in wrong}
    return {name: value for name, value in environ.items() if name.removesuffix("_FILE") not in bare}
