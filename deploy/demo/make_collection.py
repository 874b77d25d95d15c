"""Makes valid collections of any size, pain.008 and CFONB LCR, the same for the same arguments: all is invented."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from deploy.demo.make_remittance import DEBTOR_IBAN, decimal, made_payee

CREDITOR_IBAN = DEBTOR_IBAN
ICS = "FR72ZZZ123456"
SIREN = "552100554"
FORMATS = {"08": "pain.008.001.08", "02": "pain.008.001.02"}
BIC_TAGS = {"08": "BICFI", "02": "BIC"}
DUE = date(2026, 12, 15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Debits:
    """One block of direct debits; the nth debits `smallest` and 1.01 more for each before it."""

    id: str
    orders: int
    creditor_iban: str = CREDITOR_IBAN
    ics: str = ICS
    due: date = DUE
    smallest: int = 10_000  # minor units

    def amount(self, n: int) -> int:
        return self.smallest + 101 * n

    @property
    def total(self) -> int:
        return sum(map(self.amount, range(self.orders)))


def direct_debits(message_id: str, blocks: list[Debits], version: str = "08") -> Iterator[bytes]:
    """Yield a pain.008 file in UTF-8; `version` is "08" or "02"."""
    yield f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{FORMATS[version]}">
  <CstmrDrctDbtInitn>
    <GrpHdr>
      <MsgId>{escape(message_id)}</MsgId>
      <CreDtTm>2026-11-23T09:30:00</CreDtTm>
      <NbOfTxs>{sum(block.orders for block in blocks)}</NbOfTxs>
      <CtrlSum>{decimal(sum(block.total for block in blocks))}</CtrlSum>
      <InitgPty><Nm>Ateliers du Canal</Nm></InitgPty>
    </GrpHdr>
""".encode()
    for block in blocks:
        yield _block(block, version).encode()
        for n in range(block.orders):
            yield _debit(block, n, version).encode()
        yield b"    </PmtInf>\n"
    yield b"  </CstmrDrctDbtInitn>\n</Document>\n"


def _block(block: Debits, version: str) -> str:
    bic = BIC_TAGS[version]
    return f"""    <PmtInf>
      <PmtInfId>{escape(block.id)}</PmtInfId>
      <PmtMtd>DD</PmtMtd>
      <NbOfTxs>{block.orders}</NbOfTxs>
      <CtrlSum>{decimal(block.total)}</CtrlSum>
      <PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl><LclInstrm><Cd>CORE</Cd></LclInstrm><SeqTp>RCUR</SeqTp></PmtTpInf>
      <ReqdColltnDt>{block.due.isoformat()}</ReqdColltnDt>
      <Cdtr><Nm>Ateliers du Canal</Nm></Cdtr>
      <CdtrAcct><Id><IBAN>{block.creditor_iban}</IBAN></Id></CdtrAcct>
      <CdtrAgt><FinInstnId><{bic}>BATIFRP1XXX</{bic}></FinInstnId></CdtrAgt>
      <CdtrSchmeId><Id><PrvtId><Othr><Id>{block.ics}</Id><SchmeNm><Prtry>SEPA</Prtry></SchmeNm></Othr></PrvtId></Id>
      </CdtrSchmeId>
"""


def _debit(block: Debits, n: int, version: str) -> str:
    name, iban = made_payee(n)
    bic = BIC_TAGS[version]
    return f"""      <DrctDbtTxInf>
        <PmtId><EndToEndId>{escape(block.id)}-{n + 1}</EndToEndId></PmtId>
        <InstdAmt Ccy="EUR">{decimal(block.amount(n))}</InstdAmt>
        <DrctDbtTx><MndtRltdInf><MndtId>RUM-{n + 1}</MndtId><DtOfSgntr>2026-01-15</DtOfSgntr></MndtRltdInf></DrctDbtTx>
        <DbtrAgt><FinInstnId><{bic}>AGRIFRPP</{bic}></FinInstnId></DbtrAgt>
        <Dbtr><Nm>{escape(name)}</Nm></Dbtr>
        <DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct>
        <RmtInf><Ustrd>Facture {n + 1}</Ustrd></RmtInf>
      </DrctDbtTxInf>
"""


def bills(count: int, *, entry: str = "3", reference: str = "REMISE 1", iban: str = CREDITOR_IBAN) -> list[str]:
    """Return the records of one LCR remittance: 03, so many 06, 08; the nth bill is of 100.00 and n times 1.01."""
    rib, cents = iban[4:25], [10_000 + 101 * n for n in range(count)]
    first = (
        f"0360{1:08d}{'':12}231126{'ATELIERS DU CANAL':<24}{'BTP BANQUE':<24}{entry}0E{rib}{'':16}{'':16}{SIREN:<15}"
        f"{reference:<11}"
    )
    last = f"0860{count + 2:08d}{'':90}{sum(cents):012d}{'0000':46}"
    return [first, *(_bill(n, amount) for n, amount in enumerate(cents)), last]


def _bill(n: int, cents: int) -> str:
    name, iban = made_payee(n)
    name = name.upper().encode("ascii", "replace").decode()
    return (
        f"0660{n + 2:08d}{'':8}{f'CLT{n + 1}':<10}{name[:24]:<24}{'BANQUE DU TIRE':<24}1  {iban[4:25]}{cents:012d}"
        f"{'':4}151226201126{'':20}{f'FAC{n + 1}':<10}"
    )


def lcr(records: list[str]) -> bytes:
    """Return the file: records of 160 columns, a line each."""
    return "".join(f"{record}\r\n" for record in records).encode("ascii")
