"""Title is not identity: what else must be equal before two items may be compared (docs/exchange-api.md, Variants)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variant:
    """Attributes priced apart under one title, in lower case; empty where there is none.

    `phase` is a Doppler phase or gem ("phase-2", "ruby"), `effect` an Unusual effect, `rare` a named rare
    pattern. StatTrak and Souvenir are part of the title and need no field.
    """

    phase: str = ""
    effect: str = ""
    rare: str = ""

    @property
    def key(self) -> str:
        """A stable text for storage and identity; "" for a plain item."""
        parts = (("phase", self.phase), ("effect", self.effect), ("rare", self.rare))
        return ",".join(f"{name}={value}" for name, value in parts if value)

    @property
    def label(self) -> str:
        """What a person reads behind the title: `Phase 2, Ruby`; "" for a plain item."""
        return ", ".join(value.replace("-", " ").title() for value in (self.phase, self.effect, self.rare) if value)


PLAIN = Variant()


def normalise(text: str | None) -> str:
    """One spelling for the exchange's several: `PHASE_TITLE_PHASE_2`, `phase-2` and `Phase 2` are `phase-2`."""
    value = (text or "").strip().lower().removeprefix("phase_title_").replace("_", "-").replace(" ", "-")
    return "" if value in {"unspecified", "any", "none"} else value
