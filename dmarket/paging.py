"""Walking pages that may repeat or shift under the reader."""

from dmarket.endpoints import Endpoint
from dmarket.errors import Malformed
from domain.quotes import Sale


class Cursors:
    """Walks cursors and notices one that comes again."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._seen: set[str] = set()
        self.current = ""

    def advance(self, following: str) -> bool:
        """Go on to `following`; False at the end. Malformed when that page was read before."""
        if following in self._seen:
            raise Malformed(self._endpoint.name, "cursor: the same cursor came again")
        self._seen.add(following)
        self.current = following
        return bool(following)


def older_than(known: list[Sale], page: tuple[Sale, ...]) -> list[Sale]:
    """What a page adds. A sale made while paging shifts the rest, so rows already known come again."""
    if not known:
        return sorted(page, key=lambda sale: sale.at, reverse=True)
    oldest = known[-1].at
    new = [sale for sale in page if sale.at < oldest or (sale.at == oldest and sale not in known)]
    return sorted(new, key=lambda sale: sale.at, reverse=True)
