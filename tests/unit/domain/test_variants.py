import pytest

from domain.variants import PLAIN, Variant, normalise


@pytest.mark.parametrize("text", ["PHASE_TITLE_PHASE_2", "phase-2", "Phase 2", " phase_2 "])
def test_one_phase_has_one_spelling(text: str) -> None:
    """The exchange's offers, bids and sales spell a phase differently."""
    assert normalise(text) == "phase-2"


@pytest.mark.parametrize(
    ("text", "value"),
    [("PHASE_TITLE_BLACK_PEARL", "black-pearl"), ("Ruby", "ruby"), ("Burning Flames", "burning-flames")],
)
def test_gems_and_effects_are_spelled_alike(text: str, value: str) -> None:
    """Words in lower case joined by hyphens."""
    assert value == normalise(text)


@pytest.mark.parametrize("text", [None, "", "PHASE_TITLE_UNSPECIFIED", "any", "None", "  "])
def test_no_value_has_one_spelling_too(text: str | None) -> None:
    """Absent, unspecified and any are all empty."""
    assert normalise(text) == ""


def test_variants_differ_in_any_attribute() -> None:
    """A Ruby is neither a Phase 2 nor plain, and an effect is not a rare pattern."""
    variants = {PLAIN, Variant(phase="ruby"), Variant(phase="phase-2"), Variant(effect="ruby"), Variant(rare="ruby")}

    assert len(variants) == 5
    assert len({variant.key for variant in variants}) == 5


def test_a_plain_item_has_no_key_and_no_label() -> None:
    """Most titles are one thing and are shown without addition."""
    assert (PLAIN.key, PLAIN.label) == ("", "")


def test_a_variant_names_itself_for_storage_and_people() -> None:
    """The key keeps each attribute's name, the label only what people say."""
    variant = Variant(phase="phase-2", rare="blue-gem")

    assert variant.key == "phase=phase-2,rare=blue-gem"
    assert variant.label == "Phase 2, Blue Gem"
