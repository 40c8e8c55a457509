"""The attributes that make two items of one title different things, in the exchange's several spellings."""

from pydantic import Field

from dmarket.wire.fields import OptionalFloat, OptionalInteger, WireModel, Word
from dmarket.wire.traits import TraitFields
from domain.variants import Variant, normalise

_RARE = "RARE_PATTERN_"  # enum prefix of v2/offers


class ItemFields(WireModel):
    """Fields that an offer's game block and a sale's attributes share; a game fills those that it has."""

    seed: OptionalInteger = Field(None, alias="paintSeed")
    phase: Word = ""
    phase_title: Word = Field("", alias="phaseTitle")
    rare_pattern: Word = Field("", alias="rarePattern")
    rare_info: Word = Field("", alias="rareInfo")
    effect: Word = ""

    @property
    def variant(self) -> Variant:
        """Each attribute from its first spelling that says something; empty where none does."""
        return Variant(
            phase=normalise(self.phase_title) or normalise(self.phase),
            effect=normalise(self.effect),
            rare=normalise(self.rare_info) or normalise(self.rare_pattern.strip().upper().removeprefix(_RARE)),
        )

    @property
    def paint_seed(self) -> int | None:
        """None where the item has no pattern, which the exchange writes as 0."""
        return self.seed or None


class OfferFields(ItemFields, TraitFields):
    float_value: OptionalFloat = Field(None, alias="float")


class SaleFields(ItemFields):
    float_value: OptionalFloat = Field(None, alias="floatValue")
