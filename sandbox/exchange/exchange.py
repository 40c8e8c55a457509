"""The exchange as one object: its market, who may call, and one call's way from signature to reply."""

from asyncio import sleep
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random
from time import monotonic, time
from urllib.parse import unquote

from domain.games import GAMES
from sandbox.exchange.accounts import Standings
from sandbox.exchange.activity import skew
from sandbox.exchange.faults import BEFORE, Faults, spoil
from sandbox.exchange.generate import noise_market, reduce_fees
from sandbox.exchange.limits import Windows, group_of
from sandbox.exchange.market import Market
from sandbox.exchange.options import Options
from sandbox.exchange.plants import plant_game
from sandbox.exchange.replies import GONE, NOT_FOUND, TOO_MANY, Call, RefusedError, Reply
from sandbox.exchange.routes import handler_for, is_retired
from sandbox.exchange.signatures import key_pair, signer
from sandbox.exchange.staging import Stage
from sandbox.exchange.traffic import TITLE_PATH, Request, Traffic
from sandbox.exchange.traps import lay_traps

STRANGER = "unauthorised"


def build_market(options: Options, now: datetime) -> Market:
    """Noise, reduced fees, opportunities and traps of every game that has titles."""
    market = Market({})
    for key, game in GAMES.items():
        market.games[key] = noise_market(game, options.titles.get(key, 0), options.seed)
        if options.titles.get(key, 0):
            if options.skewed:
                skew(market.games[key], options.seed)
            stage = Stage(market.games[key], Random(f"{options.seed}:{options.plant_seed}:{key}:planted"), now)
            reduce_fees(stage.market, stage.rng, now)
            market.plants += plant_game(stage, options.planted_per_game)
            market.traps += lay_traps(stage)
    return market


@dataclass(slots=True)
class Exchange:
    """`url` is set once it listens; `secret_key` is "" when the accounts were given from outside."""

    options: Options
    market: Market
    accounts: frozenset[str]
    public_key: str
    secret_key: str
    faults: Faults
    rng: Random
    url: str = ""
    windows: Windows = field(default_factory=Windows)
    traffic: Traffic = field(default_factory=Traffic)
    standings: Standings = field(default_factory=Standings)

    async def answer(self, method: str, target: str, headers: dict[str, str], body: bytes, peer: str = "") -> Reply:
        """The reply to one public request from the host `peer`; records it however it ends."""
        arrived, now = monotonic(), datetime.now(UTC)
        raw_path, _, query = target.partition("?")
        call = Call(method, unquote(raw_path), query, body)
        account = signer(self.accounts, headers, method, target, body, now=int(now.timestamp()))
        call.account = account or STRANGER
        group = group_of(call.path)
        flow = self.traffic.flow(call.account, group)
        flow.arrive(call.path, arrived)
        reply = self._unavailable(call) or self.standings.refusal(account)
        if reply is None:
            ticket = self.windows.take(call.account, group, int(now.timestamp()))
            if not ticket.allowed:
                flow.reject(int(now.timestamp()))
            reply = await self._perform(call, now) if ticket.allowed else TOO_MANY
            if not reply.bare:
                reply = replace(reply, headers=ticket.headers)
        deals = self._deals(call)
        await sleep(self.options.latency_ms / 1000)
        told = (now.timestamp(), call.account, group, method, call.path, reply.status, len(call.asked), peer)
        self.traffic.record(Request(*told, answered=time(), deals=deals))
        return reply

    def _deals(self, call: Call) -> tuple[str, ...]:
        """The titles of true opportunities among those that a call asks about."""
        asked = {*call.asked, call.one("title"), call.path.removeprefix(TITLE_PATH).partition("/")[2]}
        return tuple(plant.title for plant in self.market.plants if plant.title in asked)

    def _unavailable(self, call: Call) -> Reply | None:
        if is_retired(call.method, call.path):
            return GONE
        return None if handler_for(call.method, call.path) else NOT_FOUND

    async def _perform(self, call: Call, now: datetime) -> Reply:
        handler = handler_for(call.method, call.path)
        struck = self.faults.struck(call.path)
        if "delay" in struck:
            await sleep(struck["delay"].delay_ms / 1000)
        for kind, reply in BEFORE.items():
            if kind in struck:
                return reply
        try:
            if "repeat_cursor" in struck:
                call.rewind()
            return spoil(handler(self.market, call, now) if handler else NOT_FOUND, struck)
        except RefusedError as refused:
            return refused.reply


def open_exchange(options: Options, now: datetime) -> Exchange:
    """A market and its accounts, not listening yet. ValueError when `options` ask for too many titles."""
    public, secret = key_pair()
    return Exchange(
        options=options,
        market=build_market(options, now),
        accounts=frozenset(options.accounts or (public,)),
        public_key=options.accounts[0] if options.accounts else public,
        secret_key="" if options.accounts else secret,
        faults=Faults(Random(f"{options.seed}:faults")),
        rng=Random(f"{options.seed}:ticker"),
    )
