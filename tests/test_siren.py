import pytest

from approvals.model.siren import is_siren


@pytest.mark.parametrize("siren", ["732829320", "552100554", "356000000"])  # INSEE's own example among them
def test_a_number_of_the_register_passes(siren: str) -> None:
    assert is_siren(siren)


@pytest.mark.parametrize("siren", ["732829321", "73282932", "7328293200", "000000000", "73282932x", "٧٣٢٨٢٩٣٢٠", ""])
def test_any_other_number_does_not(siren: str) -> None:
    assert not is_siren(siren)
