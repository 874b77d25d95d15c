"""Change what a user may do (*gestion des habilitations*): grant, invite a new user, let one leave.

The text shows each right before and after. What was before is read at opening by `desk.entitlements`; a change decided
meanwhile over the same rights makes this one fail, never disappear.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, cast

from typing_extensions import override

from approvals.errors import InvalidRequest
from approvals.model.change import ActivationRenewed, Change, EntitlementPut, UserInvited, UserLeft
from approvals.model.entitlement import Ceiling, Entitlement
from approvals.model.ids import ActionKind, SubscriptionId, UserId
from approvals.model.json import Facts, Json
from approvals.model.person import Language
from approvals.operations.operation import HouseOperation
from approvals.operations.payload import PayloadReader
from approvals.operations.refusals import FunctionUnknown
from approvals.statement import Field, Format, Words

KIND: Final = ActionKind("entitlement")
TITLE: Final[Words] = {Language.FR: "Gestion des habilitations", Language.EN: "Entitlements"}
RIGHTS: Final = ("initiates", "signs", "power", "accounts", "ceilings", "from", "until")
"""What an entitlement says, in the order it is shown."""
_CHANGES: Final[Mapping[str, Words]] = {
    "grant": {Language.FR: "modification des droits", Language.EN: "change of rights"},
    "invite": {Language.FR: "nouvel utilisateur", Language.EN: "new user"},
    "leave": {Language.FR: "départ de l'utilisateur", Language.EN: "the user leaves"},
}
_LANGUAGES: Final = [language.value for language in Language]


class EntitlementOperation(HouseOperation):
    """Payload: `change` (grant, invite, leave), `user` (number); for a new user `name` and `language`.

    The rights, replacing all the person had: `initiates` and `signs` (kinds of action), `power` (A, B or null),
    `accounts` (IBANs, null for all), `ceilings` (records of `kind`, `account`, `per_remittance`, `per_day` in minor
    units), `from` and `until` (days in Paris, both included).
    """

    kind = KIND
    title = TITLE

    def __init__(self, functions: Mapping[ActionKind, Words]) -> None:
        """`functions` are the kinds of action that can be granted besides this one, with their titles."""
        self._functions: Mapping[str, Words] = {str(kind): title for kind, title in functions.items()} | {KIND: TITLE}
        self.fields = _fields(self._functions)

    def read(self, payload: Mapping[str, Json]) -> Facts:
        """Return the rights asked for; what they replace is added in the opening transaction."""
        reader = PayloadReader(payload)
        change = reader.choice("change", _CHANGES)
        facts: dict[str, Json] = {"change": change, "number": reader.text("user", longest=8)}
        if change == "invite":
            facts["name"] = reader.text("name", longest=70)
            facts["language"] = reader.choice("language", _LANGUAGES)
        if change != "leave":
            facts |= self._rights(reader)
        reader.done()
        return facts

    def _rights(self, reader: PayloadReader) -> dict[str, Json]:
        rights: dict[str, Json] = {
            "initiates": reader.choices("initiates", self._functions, unknown=FunctionUnknown),
            "signs": reader.choices("signs", self._functions, unknown=FunctionUnknown),
            "power": reader.choice_or_none("power", ("A", "B")),
            "accounts": reader.ibans("accounts"),
            "ceilings": [self._ceiling(record) for record in reader.records("ceilings")],
            "from": reader.day("from"),
            "until": reader.day("until"),
        }
        if rights["signs"] and rights["power"] is None:
            raise InvalidRequest("power: who signs has a signing power, A or B", field="power")
        return rights

    def _ceiling(self, record: PayloadReader) -> Facts:
        ceiling: Facts = {
            "kind": record.choice("kind", self._functions, unknown=FunctionUnknown),
            "account": record.iban("account"),
            "per_remittance": record.limit("per_remittance"),
            "per_day": record.limit("per_day"),
        }
        record.done()
        return ceiling

    @override
    def barred(self, facts: Facts) -> frozenset[UserId]:
        """The person themself: nobody grants themself anything."""
        return frozenset({UserId(str(facts["user"]))})

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        """Return the change that may be refused first."""
        user_id = UserId(str(facts["user"]))
        put = EntitlementPut(subscription_id=subscription_id, entitlement=_entitlement(user_id, facts))
        if facts["change"] == "leave":
            return (put, UserLeft(user_id=user_id))
        if facts["change"] == "grant":
            return (put,)
        invited = UserInvited(
            subscription_id=subscription_id,
            user_id=user_id,
            number=str(facts["number"]),
            name=str(facts["name"]),
            language=Language(str(facts["language"])),
        )
        return (invited, put, ActivationRenewed(user_id=user_id))


def rights_of(entitlement: Entitlement) -> dict[str, Json]:
    """Return what an entitlement says as facts say it, by the names of RIGHTS."""
    is_none = entitlement.version == 0
    return {
        "initiates": sorted(entitlement.initiates),
        "signs": sorted(entitlement.signs),
        "power": entitlement.group,
        "accounts": "all" if entitlement.accounts is None and not is_none else sorted(entitlement.accounts or ()),
        "ceilings": [
            {
                "kind": each.kind,
                "account": each.account,
                "currency": each.currency,
                "per_remittance": each.per_remittance,
                "per_day": each.per_day,
            }
            for each in entitlement.ceilings
        ],
        "from": None if entitlement.valid_from is None else entitlement.valid_from.isoformat(),
        "until": None if entitlement.valid_until is None else entitlement.valid_until.isoformat(),
    }


def _entitlement(user_id: UserId, facts: Facts) -> Entitlement:
    after = {name: cast("Mapping[str, Json]", facts[name])["after"] for name in RIGHTS}
    accounts = cast("Sequence[str]", after["accounts"])
    ceilings = cast("Sequence[Mapping[str, Json]]", after["ceilings"])
    return Entitlement(
        user_id=user_id,
        initiates=frozenset(map(ActionKind, cast("Sequence[str]", after["initiates"]))),
        signs=frozenset(map(ActionKind, cast("Sequence[str]", after["signs"]))),
        group=None if after["power"] is None else str(after["power"]),
        accounts=None if accounts == "all" else frozenset(accounts),
        ceilings=tuple(map(_ceiling, ceilings)),
        valid_from=_day(after["from"]),
        valid_until=_day(after["until"]),
        version=cast("int", facts["base"]),
    )


def _ceiling(facts: Mapping[str, Json]) -> Ceiling:
    return Ceiling(
        kind=ActionKind(str(facts["kind"])),
        account=str(facts["account"]),
        currency=str(facts["currency"]),
        per_remittance=cast("int | None", facts["per_remittance"]),
        per_day=cast("int | None", facts["per_day"]),
    )


def _day(value: Json) -> date | None:
    return None if value is None else date.fromisoformat(str(value))


def _fields(functions: Mapping[str, Words]) -> tuple[Field, ...]:
    def compared(key: str, french: str, english: str, inner: Format) -> Field:
        label = {Language.FR: french, Language.EN: english}
        return Field(key=key, label=label, format=Format.BEFORE_AFTER, inner=inner, choices=functions)

    return (
        Field(
            key="change",
            label={Language.FR: "Opération", Language.EN: "Operation"},
            format=Format.CHOICE,
            choices=_CHANGES,
        ),
        Field(key="number", label={Language.FR: "Utilisateur", Language.EN: "User"}),
        Field(key="name", label={Language.FR: "Nom", Language.EN: "Name"}),
        compared("initiates", "Prépare", "Starts", Format.CHOICES),
        compared("signs", "Signe", "Signs", Format.CHOICES),
        compared("power", "Pouvoir de signature", "Signing power", Format.TEXT),
        compared("accounts", "Comptes", "Accounts", Format.ACCOUNTS),
        compared("ceilings", "Plafonds", "Ceilings", Format.CEILINGS),
        compared("from", "À partir du", "From", Format.DAY),
        compared("until", "Jusqu'au", "Until", Format.DAY),
    )
