from card_bridge.readers.pin_pad import VERIFY_PIN_DIRECT, control_code, verify_structure


def test_a_reader_with_a_pad_names_its_control_code() -> None:
    assert (
        control_code(bytes.fromhex("12044233001206044233000607044233000 7".replace(" ", "")), VERIFY_PIN_DIRECT)
        == 0x42330006
    )


def test_a_reader_without_a_pad_names_none() -> None:
    assert control_code(bytes.fromhex("120442330012"), VERIFY_PIN_DIRECT) is None
    assert control_code(b"", VERIFY_PIN_DIRECT) is None


def test_the_structure_asks_for_emv_s_plain_pin_block() -> None:
    assert verify_structure() == bytes.fromhex(
        "1E1E"  # seconds for the first key, and for the next
        "894704"  # BCD from the second byte; length on 4 bits, digits on 7 bytes; after the control nibble
        "0C04"  # 12 digits at most, 4 at least
        "02010C0400000000"  # confirmed by a key; one message, French, the first; no T=1 prologue
        "0D000000"
        "002000800820FFFFFFFFFFFFFF"
    )
