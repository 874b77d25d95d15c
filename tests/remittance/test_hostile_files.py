"""Bytes that are no payment file, or that attack the parser: each has its own code, nothing is fetched or expanded."""

import codecs
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.errors import RemittanceError
from approvals.remittance import refusals
from tests.remittance.files import make_file, read

GOOD = make_file()
DECLARATION, BODY = GOOD.split(b"\n", 1)
LAUGHS = b"".join(b"<!ENTITY a%d '%s'>" % (n + 1, b"&a%d;" % n * 10) for n in range(9))
BILLION_LAUGHS = b"<!DOCTYPE Document [<!ENTITY a0 'ha'>" + LAUGHS + b"]>"
EXTERNAL = b"<!DOCTYPE Document [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"


def _with(found: bytes, put: bytes) -> bytes:
    assert found in GOOD
    return GOOD.replace(found, put, 1)


HOSTILE = [
    ("remittance_empty", b""),
    ("xml_malformed", b" \n "),
    ("xml_malformed", b"MSG-1;FR76;100.00"),
    ("xml_malformed", b"%PDF-1.7\n%\xe2\xe3"),
    ("xml_malformed", GOOD[:-20]),
    ("xml_malformed", GOOD[: GOOD.index(b"</PmtInf>")]),
    ("xml_malformed", GOOD + GOOD),
    ("xml_malformed", GOOD + b"<more/>"),
    ("xml_malformed", _with(b"Facture 1", b"Facture \0 1")),
    ("xml_malformed", _with(b"Facture 1", b"Facture \xe9")),
    ("xml_malformed", _with(b"Facture 1", b"Facture &x;")),
    ("xml_malformed", _with(b"Facture 1", b"Facture &#0;")),
    ("encoding_unsupported", codecs.BOM_UTF16_LE + GOOD.decode().encode("utf-16-le")),
    ("encoding_unsupported", codecs.BOM_UTF16_BE + GOOD.decode().encode("utf-16-be")),
    ("encoding_unsupported", GOOD.decode().encode("utf-16-le")),
    ("encoding_unsupported", GOOD.decode().encode("utf-32")),
    ("encoding_unsupported", (DECLARATION + BILLION_LAUGHS + BODY).decode().encode("utf-16")),
    ("encoding_unsupported", _with(b"UTF-8", b"ISO-8859-1")),
    ("encoding_unsupported", _with(b'encoding="UTF-8"', b"encoding = 'UTF-7'")),
    ("doctype_refused", DECLARATION + b"<!DOCTYPE Document>" + BODY),
    ("doctype_refused", DECLARATION + BILLION_LAUGHS + BODY.replace(b"Facture 1", b"&a9;")),
    ("doctype_refused", DECLARATION + EXTERNAL + BODY.replace(b"Facture 1", b"&x;")),
    ("doctype_refused", DECLARATION + b"<!DOCTYPE Document SYSTEM 'http://127.0.0.1:1/x.dtd'>" + BODY),
    ("doctype_refused", b"<!DOCTYPE " + b"x" * 300_000),
    ("message_not_supported", b"<html/>"),
    ("message_not_supported", _with(b"pain.001.001.09", b"pain.001.001.12")),
    ("message_not_supported", _with(b"pain.001.001.09", b"pain.008.001.09")),
    ("schema_violated", _with(b"pain.001.001.09", b"pain.008.001.08")),
    ("message_not_supported", _with(b'xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"', b"")),
    ("message_not_supported", b"<a>" * 200),
    ("xml_malformed", b"<a>" * 1_000),
    ("schema_violated", _with(b"pain.001.001.09", b"pain.001.001.03")),
    ("schema_violated", _with(b"<PmtMtd>TRF</PmtMtd>", b"")),
    ("schema_violated", _with(b">101.01<", b">-101.01<")),
    ("schema_violated", _with(b">101.01<", b">1e3<")),
    ("schema_violated", _with(b"<EndToEndId>B1-2", b"<EndToEndId>" + b"x" * 36)),
    ("schema_violated", GOOD[: GOOD.index(b"<PmtInf>")] + b"</CstmrCdtTrfInitn></Document>"),
    ("schema_violated", GOOD[: GOOD.index(b"<CdtTrfTxInf>")] + GOOD[GOOD.index(b"</PmtInf>") :]),
    ("schema_violated", _with(b"<RmtInf>", b"<RmtInf " + b" ".join(b"a%d=''" % n for n in range(20_000)) + b">")),
    ("schema_violated", _with(b"<Ustrd>Facture 1", b"<Ustrd>" + b"x" * 200_000)),
    ("schema_violated", _with(b"<RmtInf>", b"<RmtInf>" + b"<a/>" * 50_000)),
    ("xml_malformed", _with(b"<RmtInf>", b"<RmtInf>" + b"<a>" * 50_000)),
    ("order_too_large", _with(b"<Ustrd>Facture 1", b"<Ustrd>" + b"x" * 20_000_000)),
    ("order_too_large", _with(b"<RmtInf>", b"<RmtInf a='" + b"x" * 20_000_000 + b"'>")),
    ("order_too_large", GOOD + b" " * 1_000_000),
    ("order_too_large", DECLARATION + b"<!-- " + b"x" * 1_000_000 + b" -->" + BODY),
]


@pytest.mark.parametrize(("code", "file"), HOSTILE, ids=[f"{n}-{code}" for n, (code, _) in enumerate(HOSTILE)])
@pytest.mark.parametrize("step", [1 << 16, 1 << 30], ids=["in-chunks", "at-once"])
def test_a_hostile_file_is_refused_with_its_own_code(code: str, file: bytes, step: int) -> None:
    with pytest.raises(RemittanceError) as refused:
        read(file, range(step, len(file), step))
    assert refused.value.code == code


def test_a_good_file_passes_where_the_hostile_ones_are_refused() -> None:
    assert read(GOOD)[1].count == 3


@given(end=st.integers(1, len(GOOD) - 2))
def test_a_file_cut_short_anywhere_is_never_taken(end: int) -> None:
    with pytest.raises(RemittanceError) as refused:
        read(GOOD[:end])
    assert refused.value.code in {"xml_malformed", "schema_violated", "message_not_supported"}


@given(position=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255))
def test_one_changed_byte_never_changes_count_or_total(position: int, byte: int) -> None:
    """No error but a RemittanceError comes out either."""
    changed = GOOD[:position] + bytes([byte]) + GOOD[position + 1 :]
    with suppress(RemittanceError):
        orders, whole = read(changed)
        assert (len(orders), whole.count, whole.groups[0].total) == (3, 3, 30_303)


@given(file=st.binary(max_size=300))
def test_no_bytes_at_all_get_another_answer_than_a_refusal(file: bytes) -> None:
    with pytest.raises(RemittanceError):
        read(file)


def test_comments_cdata_and_instructions_do_not_hide_the_rest_of_a_text() -> None:
    name = b"Menuise<!-- </Nm> -->rie <?x href='http://127.0.0.1:1/'?>Par<![CDATA[is]]> 0"
    orders, _ = read(_with(b"Menuiserie Paris 0", name))
    assert orders[0].name == "Menuiserie Paris 0"


def test_a_stylesheet_instruction_is_not_followed() -> None:
    instruction = b"<?xml-stylesheet type='text/xsl' href='http://127.0.0.1:1/x.xsl'?>"
    assert read(DECLARATION + instruction + BODY) == read(GOOD)


def test_an_order_end_inside_a_comment_is_no_order() -> None:
    trap = b"<CdtTrfTxInf><!-- </CdtTrfTxInf> <CdtTrfTxInf> -->"
    assert read(_with(b"<CdtTrfTxInf>", trap)) == read(GOOD)


def test_a_schema_violation_names_the_element_and_not_its_value() -> None:
    with pytest.raises(refusals.SchemaViolated) as refused:
        read(_with(b"<EndToEndId>B1-2", b"<EndToEndId>" + b"secret" * 9))
    assert "EndToEndId" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_schema_violation_is_told_with_its_order_and_not_at_the_end_of_the_file() -> None:
    endless = _with(b"<EndToEndId>B1-2", b"<EndToEndId>" + b"x" * 36)[: GOOD.index(b"B1-3")]
    with pytest.raises(refusals.SchemaViolated) as refused:
        read(endless)
    assert refused.value.path == "after CdtTrfTxInf[1]"


def test_a_malformed_file_says_on_which_line() -> None:
    with pytest.raises(refusals.XmlMalformed) as refused:
        read(_with(b"</RmtInf>", b"</RmtInfo>"))
    line = GOOD[: GOOD.index(b"</RmtInf>")].count(b"\n") + 1
    assert refused.value.path is not None
    assert refused.value.path.startswith(f"line {line},")
