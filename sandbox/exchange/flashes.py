"""Short-lived deals: one cheap listing on a title as lively as deals are likely, gone when somebody takes it."""

from sandbox.exchange.activity import draw
from sandbox.exchange.fees import WHOLE
from sandbox.exchange.generate import new_offer
from sandbox.exchange.levels import BANDS, Band
from sandbox.exchange.market import Listing, Plant
from sandbox.exchange.staging import TRIES, Stage


def flash(stage: Stage) -> Plant:
    """A listing so cheap that the title's best bid pays twice the level's return. LookupError when no title fits.

    While it stands the title does not move, so the deal stays true; when it is taken the title goes on as before.
    """
    for _ in range(TRIES):
        listing = stage.market.listings[draw(stage.market, stage.rng, 1)[0]]
        if listing.still or not listing.asks or not listing.bids:
            continue
        for band in BANDS.values():
            plant = _undercut(stage, listing, band)
            if plant:
                return plant
    raise LookupError(f"{stage.game} has no title for another short-lived deal: start the sandbox with more --titles")


def _undercut(stage: Stage, listing: Listing, band: Band) -> Plant | None:
    book = stage.market.book(listing, stage.now)
    sell = max((bid.price for bid in book.bids if bid.unrestricted), default=0)
    proceeds = stage.market.fees.proceeds(listing.title, sell, stage.now)
    buy = proceeds * WHOLE // (WHOLE + 2 * band.least_bps)
    if not band.low <= buy < band.high or buy >= min((offer.price for offer in book.offers), default=0):
        return None
    offer = new_offer(stage.game, listing.title, buy, stage.rng, stage.now)
    book.offers.insert(0, offer)
    listing.still = True
    net = proceeds - buy
    return Plant(stage.game, listing.title, offer.offer_id, buy, "instant", sell, net, band.key, passing=True)
