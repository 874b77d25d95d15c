"""Makes valid pain.001 files of any size, the same for the same arguments: for the demo, the tests, the measures.

The people, companies and accounts in them are invented; the account numbers only have right check digits.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

DEBTOR_IBAN = "FR7630006000011234567890189"
EXECUTION_DATE = date(2026, 12, 1)
FORMATS = {"09": "pain.001.001.09", "03": "pain.001.001.03"}
BIC_TAGS = {"09": "BICFI", "03": "BIC"}
TOWNS = (("75011", "Paris"), ("69003", "Lyon"), ("59000", "Lille"), ("33000", "Bordeaux"), ("44000", "Nantes"))
TRADES = ("Menuiserie", "Charpente", "Plomberie", "Béton", "Électricité", "Peinture", "Location & Levage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One payment block. `payees` (name, IBAN) are taken in turn; without any, each order has its own."""

    id: str
    orders: int
    debtor_name: str = "Ateliers du Canal"
    debtor_iban: str = DEBTOR_IBAN
    execution_date: date = EXECUTION_DATE
    currency: str = "EUR"
    payees: Sequence[tuple[str, str]] = ()
    purpose: str | None = None
    smallest: int = 10_000  # minor units; each of a hundred orders pays 1.01 more than the one before, then again

    def amount(self, n: int) -> int:
        return self.smallest + 101 * (n % 100)

    @property
    def total(self) -> int:
        """In minor units."""
        hundreds, rest = divmod(self.orders, 100)
        return self.orders * self.smallest + 101 * (hundreds * 4_950 + rest * (rest - 1) // 2)


def french_iban(n: int) -> str:
    """Return the nth invented account: French structure, right check digits (ISO 7064 MOD 97-10)."""
    account = f"30006{n % 100_000:05d}{n:011d}89"
    check = 98 - int(f"{account}152700") % 97  # F is 15, R is 27, and two zeros for the digits sought
    return f"FR{check:02d}{account}"


def made_payee(n: int) -> tuple[str, str]:
    """Return the nth invented payee: name and IBAN."""
    return f"{TRADES[n % len(TRADES)]} {TOWNS[n % len(TOWNS)][1]} {n}", french_iban(n + 1)


def remittance(message_id: str, batches: Sequence[Batch], version: str = "09") -> Iterator[bytes]:
    """Yield the file in UTF-8, piece by piece; `version` is "09" or "03"."""
    yield _header(message_id, batches, version).encode()
    for batch in batches:
        yield _block_header(batch, version).encode()
        for n in range(batch.orders):
            yield _order(batch, n, version).encode()
        yield b"    </PmtInf>\n"
    yield b"  </CstmrCdtTrfInitn>\n</Document>\n"


def decimal(minor: int) -> str:
    """Return minor units of two decimals as the file writes them."""
    return f"{minor // 100}.{minor % 100:02d}"


def _header(message_id: str, batches: Sequence[Batch], version: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{FORMATS[version]}">
  <CstmrCdtTrfInitn>
    <GrpHdr>
      <MsgId>{escape(message_id)}</MsgId>
      <CreDtTm>2026-11-23T09:30:00</CreDtTm>
      <NbOfTxs>{sum(batch.orders for batch in batches)}</NbOfTxs>
      <CtrlSum>{decimal(sum(batch.total for batch in batches))}</CtrlSum>
      <InitgPty><Nm>{escape(batches[0].debtor_name)}</Nm></InitgPty>
    </GrpHdr>
"""


def _block_header(batch: Batch, version: str) -> str:
    day = batch.execution_date.isoformat()
    date_text = f"<Dt>{day}</Dt>" if version == "09" else day
    purpose = f"<PmtTpInf><CtgyPurp><Cd>{batch.purpose}</Cd></CtgyPurp></PmtTpInf>" if batch.purpose else ""
    return f"""    <PmtInf>
      <PmtInfId>{escape(batch.id)}</PmtInfId>
      <PmtMtd>TRF</PmtMtd>
      <NbOfTxs>{batch.orders}</NbOfTxs>
      <CtrlSum>{decimal(batch.total)}</CtrlSum>
      {purpose}
      <ReqdExctnDt>{date_text}</ReqdExctnDt>
      <Dbtr><Nm>{escape(batch.debtor_name)}</Nm></Dbtr>
      <DbtrAcct><Id><IBAN>{batch.debtor_iban}</IBAN></Id></DbtrAcct>
      <DbtrAgt><FinInstnId><{BIC_TAGS[version]}>BATIFRP1XXX</{BIC_TAGS[version]}></FinInstnId></DbtrAgt>
"""


def _order(batch: Batch, n: int, version: str) -> str:
    name, iban = batch.payees[n % len(batch.payees)] if batch.payees else made_payee(n)
    postcode, town = TOWNS[n % len(TOWNS)]
    bic = BIC_TAGS[version]
    return f"""      <CdtTrfTxInf>
        <PmtId><EndToEndId>{escape(batch.id)}-{n + 1}</EndToEndId></PmtId>
        <Amt><InstdAmt Ccy="{batch.currency}">{decimal(batch.amount(n))}</InstdAmt></Amt>
        <CdtrAgt><FinInstnId><{bic}>AGRIFRPP</{bic}></FinInstnId></CdtrAgt>
        <Cdtr>
          <Nm>{escape(name)}</Nm>
          <PstlAdr><PstCd>{postcode}</PstCd><TwnNm>{town}</TwnNm><Ctry>FR</Ctry></PstlAdr>
        </Cdtr>
        <CdtrAcct><Id><IBAN>{iban}</IBAN></Id></CdtrAcct>
        <RmtInf><Ustrd>Facture {n + 1}</Ustrd></RmtInf>
      </CdtTrfTxInf>
"""


def main() -> None:
    """Write one file to the standard output."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--orders", type=int, default=12)
    options.add_argument("--format", choices=FORMATS, default="09")
    options.add_argument("--message-id", default="CANAL-20261123-1")
    options.add_argument("--debtor-iban", default=DEBTOR_IBAN)
    options.add_argument("--execution-date", type=date.fromisoformat, default=EXECUTION_DATE)
    options.add_argument("--purpose", help="category purpose, e.g. SALA")
    chosen = options.parse_args()
    batch = Batch(
        id=f"{chosen.message_id}-A",
        orders=chosen.orders,
        debtor_iban=chosen.debtor_iban,
        execution_date=chosen.execution_date,
        purpose=chosen.purpose,
    )
    sys.stdout.buffer.writelines(remittance(chosen.message_id, [batch], chosen.format))


if __name__ == "__main__":
    main()
