"""The words of a watch's condition, as people type them in the languages of the bot; in small letters."""

from collections.abc import Mapping

from domain.watches import Measure, Turn

_BELOW = (
    *("below", "under", "less than", "at most", "<", "<=", "≤"),
    *("ниже", "до", "меньше", "менее", "дешевле", "не дороже"),
    *("debajo", "debajo de", "por debajo", "por debajo de", "bajo", "menos de", "hasta", "como máximo"),
    *("unter", "unterhalb", "unterhalb von", "weniger als", "billiger als", "höchstens", "bis"),
)
_ABOVE = (
    *("above", "over", "more than", "at least", ">", ">=", "≥"),
    *("выше", "от", "больше", "более", "дороже", "свыше", "не дешевле"),
    *("encima", "encima de", "por encima", "por encima de", "sobre", "más de", "mas de", "desde", "al menos"),
    *("über", "ueber", "oberhalb", "oberhalb von", "mehr als", "teurer als", "mindestens", "ab"),
)
TURNS: Mapping[str, Turn] = {**dict.fromkeys(_BELOW, Turn.BELOW), **dict.fromkeys(_ABOVE, Turn.ABOVE)}

_ASK = ("ask", "price", "offer", "цена", "аск", "оффер", "предложение", "precio", "oferta", "preis", "angebot")
_BID = ("bid", "order", "бид", "заявка", "ордер", "puja", "orden", "gebot", "kaufgebot")
_ASKS = (
    *("offers", "asks", "volume", "офферы", "офферов", "предложения", "предложений", "объем", "объём"),
    *("ofertas", "volumen", "angebote", "menge"),
)
_BIDS = ("bids", "orders", "заявки", "заявок", "ордера", "ордеров", "pujas", "órdenes", "ordenes", "gebote")
MEASURES: Mapping[str, Measure] = {
    **dict.fromkeys(_ASK, Measure.ASK),
    **dict.fromkeys(_BID, Measure.BID),
    **dict.fromkeys(_ASKS, Measure.ASKS),
    **dict.fromkeys(_BIDS, Measure.BIDS),
}

# What may stand before a share that a price moves by, and what stands for its sign.
MOVES = (
    *("±", "+-", "+/-", "moves", "changes", "changes by", "moves by", "change"),
    *("изменение", "изменение на", "изменится на", "меняется на", "на"),
    *("cambio", "cambio de", "cambia", "cambia un", "varía", "varía un", "variación"),
    *("änderung", "änderung um", "ändert sich um", "bewegt sich um", "um"),
)
PERCENT = ("%", "percent", "per cent", "процент", "процента", "процентов", "por ciento", "prozent")
