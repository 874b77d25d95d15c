"""Settings: from a TOML file, then the environment (`CONTRESEING_SECTION__KEY`), each with a sensible default.

Shapes and bounds are in the structs; what only holds together is in `settings_check`. docs/settings.md is made of this.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

_PREFIX: Final = "CONTRESEING_"
_CLOCK: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9](?![\s\S])"


class SettingsError(ValueError):
    """The settings cannot be read; the message names the file or variable, and the path of the key."""


class ServerSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The HTTP server."""

    host: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on; 0 takes a free one.")] = 8440
    public_origin: Annotated[str, Meta(description="Scheme, host and port people reach it by; devices sign it.")] = (
        "http://127.0.0.1:8440"
    )
    tls_certificate: Annotated[str | None, Meta(description="PEM chain, where TLS ends here.")] = None
    tls_key: Annotated[str | None, Meta(description="PEM private key of that chain.")] = None
    trusted_proxies: Annotated[
        tuple[str, ...],
        Meta(description="Addresses or networks whose X-Forwarded-For is believed, and behind which TLS ends."),
    ] = ()


class DatabaseSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where approvals are kept."""

    url: Annotated[str, Meta(description="`sqlite:///path` or `postgresql://user@host/name`.")] = (
        "sqlite:///contreseing.db"
    )


class ApprovalSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In whose name, and for how long, approvals are asked for."""

    environment: Annotated[
        str, Meta(min_length=1, description="Named in every envelope and token: one made for a test never serves.")
    ] = "production"
    issuer: Annotated[str, Meta(min_length=1, description="`iss` of release tokens.")] = "contreseing"
    audience: Annotated[str, Meta(min_length=1, description="`aud` of release tokens: the bank's core.")] = "bank-core"
    action_life: Annotated[int, Meta(ge=60, le=2_592_000, description="Seconds signers have.")] = 86_400
    challenge_attempts: Annotated[int, Meta(ge=1, le=5, description="Proofs a signer may offer for one action.")] = 3
    check_limit: Annotated[
        int, Meta(ge=1, le=60, description="Seconds a proof may be under check before its attempt is given back.")
    ] = 10


class KeyringSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The key that seals every secret in the database."""

    file: Annotated[str, Meta(description="Key file, mode 0600; made by `contreseing keys init`.")] = "keyring.txt"


class IssuerKeysSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys that card keys come from: sealed in the database, or in an HSM (docs/keys-in-a-token.md)."""

    store: Annotated[Literal["software", "pkcs11"], Meta(description="Where they are.")] = "software"
    module: Annotated[str | None, Meta(description="The HSM's PKCS#11 library; needs the extra `hsm`.")] = None
    token_label: Annotated[str | None, Meta(description="Label of the token.")] = None
    pin_file: Annotated[str | None, Meta(description="File of mode 0600 with the PIN of the token's user.")] = None


class CoreSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The bank's core, which receives releases."""

    webhook: Annotated[str | None, Meta(description="URL releases are posted to; without it they wait.")] = None


class MakersSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The makers of Sécur@ccès cards: two houses, since card and PIN never travel together (RTS 2018/389 art. 25)."""

    manufacturer: Annotated[
        str | None, Meta(description="URL orders of cards are posted to; without it they wait.")
    ] = None
    pin_printer: Annotated[
        str | None, Meta(description="URL orders of PIN letters are posted to, on another host; without it they wait.")
    ] = None


class AuditSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The seal on the audit, and how long what it tells of people is kept."""

    heads_file: Annotated[
        str | None,
        Meta(description="File, best on a write-once disk elsewhere, that each signed head is added to."),
    ] = None
    seal_every: Annotated[int, Meta(ge=1, le=3600, description="Seconds between two heads.")] = 60
    timestamp_url: Annotated[
        str | None, Meta(description="RFC 3161 timestamp authority that is asked when each newest head was there.")
    ] = None
    keep_evidence: Annotated[int, Meta(ge=1, description="Days evidence is kept.")] = 3653
    keep_audit: Annotated[int, Meta(ge=1, description="Days the rest of the audit is kept after the relation.")] = 1827
    keep_chat: Annotated[int, Meta(ge=1, description="Days chats are kept.")] = 366
    keep_addresses: Annotated[int, Meta(ge=1, description="Days addresses people came from are kept.")] = 184


class RemittanceSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a remittance file may be."""

    unstructured_addresses_in_03: Annotated[
        bool, Meta(description="Take unstructured addresses in pain.001.001.03, past 15 November 2026.")
    ] = False


class PayeeCheckSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Verification of Payee, for beneficiaries and for orders in euro."""

    url: Annotated[
        str | None, Meta(description="Address of the scheme's `payee-verifications`; without it nobody is asked.")
    ] = None
    bic: Annotated[
        str,
        Meta(
            pattern=r"^([A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?)?(?![\s\S])",
            description="The bank's own BIC, as asking agent.",
        ),
    ] = ""
    at_once: Annotated[int, Meta(ge=1, le=200, description="Payees asked about at once, a node.")] = 16
    per_second: Annotated[int, Meta(ge=1, le=1000, description="Payees asked about in a second, a node.")] = 50


class CertificateSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Electronic certificates of people."""

    shop: Annotated[
        str, Meta(pattern=r"^https://[!-~]+(?![\s\S])", description="Where people order one: the partner's shop.")
    ] = "https://cel.certeurope.fr/commande/BTPBANQUE/"
    mtls_host: Annotated[
        Annotated[str, Meta(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+(?![\s\S])")] | None,
        Meta(
            description="Host whose callers show a certificate in the TLS handshake; the X-Client-Certificate of a "
            "trusted proxy is believed for it alone."
        ),
    ] = None
    keys_in_browsers: Annotated[
        bool,
        Meta(
            description="Browsers may keep the key of an RGS * certificate, from a PKCS#12 file; it signs with the "
            "confidential code besides."
        ),
    ] = False


class StreamSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The WebSocket people's devices hold."""

    origins: Annotated[
        tuple[str, ...], Meta(description="Origins browsers may connect from, besides the public one.")
    ] = ()
    ping_every: Annotated[int, Meta(ge=20, le=55, description="Seconds between pings: NATs drop at 60.")] = 30


class WidgetSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The chat on the bank's own pages (docs/widget.md)."""

    hosts: Annotated[tuple[str, ...], Meta(description="Origins whose pages may hold the widget; none is off.")] = ()


class ChatSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When advisers take conversations; the assistant answers at any time (docs/conversations.md)."""

    days: Annotated[
        tuple[Annotated[int, Meta(ge=1, le=7)], ...], Meta(description="Days of the week, 1 for Monday.")
    ] = (1, 2, 3, 4, 5)
    opens: Annotated[str, Meta(pattern=_CLOCK, description="When the desk opens, in Paris.")] = "08:30"
    closes: Annotated[str, Meta(pattern=_CLOCK, description="When it closes.")] = "18:00"
    closed_on: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\s\S])")], ...],
        Meta(description="Days it stays closed, public holidays among them."),
    ] = ()


class PushSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Waking devices by push services; needs the extra `push` (docs/push.md)."""

    contact: Annotated[
        Annotated[str, Meta(pattern=r"^(mailto:[!-~]+@[!-~]+|https://[!-~]+)(?![\s\S])")] | None,
        Meta(description="Where a push service reaches the house, `mailto:` or `https:`; without it no Web Push."),
    ] = None
    hosts: Annotated[
        tuple[str, ...],
        Meta(description="Web Push services messages may go to; `*.` stands for every host below a name."),
    ] = ("fcm.googleapis.com", "*.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com")
    fcm_key_file: Annotated[
        str | None, Meta(description="Key file (JSON) of a Firebase service account; without it no FCM.")
    ] = None


class FanoutSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How several nodes tell each other what happened."""

    redis_url: Annotated[
        str | None,
        Meta(
            description="`redis://` or `rediss://host:port/0`, not needed where there is one node. A CA of one's own: "
            "`?ssl_ca_certs=/path`; a certificate to show: `ssl_certfile`, `ssl_keyfile`."
        ),
    ] = None
    reread_every: Annotated[
        int, Meta(ge=1, le=60, description="Seconds between readings that make up for lost hints, a third up or down.")
    ] = 45


class ProfileSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Card profiles besides the built-in ones."""

    file: Annotated[str | None, Meta(description="TOML file of further CAP profiles by BIN.")] = None


class LogSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is logged."""

    level: Annotated[Literal["debug", "info", "warning", "error"], Meta(description="The least that is logged.")] = (
        "info"
    )


class ManagementSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Metrics and health on a port of their own: for machines of the house, asked without authentication."""

    host: Annotated[str, Meta(description="Address to listen on; one the public does not reach.")] = "127.0.0.1"
    port: Annotated[
        Annotated[int, Meta(ge=0, le=65535)] | None,
        Meta(description="Port to listen on; 0 takes a free one, none is off."),
    ] = None


class TelemetrySettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Traces for OpenTelemetry; needs the extra `otel`."""

    otlp_endpoint: Annotated[
        str | None, Meta(description="Where spans go, OTLP over HTTP: `http://collector:4318/v1/traces`.")
    ] = None


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every section."""

    server: ServerSettings = ServerSettings()
    database: DatabaseSettings = DatabaseSettings()
    approvals: ApprovalSettings = ApprovalSettings()
    keyring: KeyringSettings = KeyringSettings()
    issuer_keys: IssuerKeysSettings = IssuerKeysSettings()
    core: CoreSettings = CoreSettings()
    makers: MakersSettings = MakersSettings()
    audit: AuditSettings = AuditSettings()
    remittance: RemittanceSettings = RemittanceSettings()
    payee_check: PayeeCheckSettings = PayeeCheckSettings()
    certificates: CertificateSettings = CertificateSettings()
    stream: StreamSettings = StreamSettings()
    widget: WidgetSettings = WidgetSettings()
    chat: ChatSettings = ChatSettings()
    fanout: FanoutSettings = FanoutSettings()
    push: PushSettings = PushSettings()
    profiles: ProfileSettings = ProfileSettings()
    management: ManagementSettings = ManagementSettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    log: LogSettings = LogSettings()


def load(file: Path | None, environment: Mapping[str, str]) -> Settings:
    """Read the file, then the environment over it. Raises SettingsError naming the key's path."""
    written = _read(file) if file is not None else {}
    for name, text in sorted(environment.items()):
        if name.startswith(_PREFIX) and "__" in name:
            section, _, key = name.removeprefix(_PREFIX).lower().partition("__")
            written.setdefault(section, {})[key] = _value(section, key, text)
    try:
        return msgspec.convert(written, Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(f"settings: {error}") from None


def _read(file: Path) -> dict[str, dict[str, object]]:
    try:
        with file.open("rb") as opened:
            written = tomllib.load(opened)
        return msgspec.convert(written, dict[str, dict[str, object]])
    except OSError as error:
        raise SettingsError(f"{file.name}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise SettingsError(f"{file.name}: {error}") from None


def _value(section: str, key: str, text: str) -> object:
    """A text stays as it is; anything else is written as TOML has it (`8440`, `true`, `["10.0.0.0/8"]`)."""
    try:
        return msgspec.convert(text, _type_of(section, key))
    except msgspec.ValidationError:
        return _from_toml(text)


def _type_of(section: str, key: str) -> object:
    """Return the type of a setting; text for one there is not, which is refused later with its path."""
    sections = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    if section not in sections:
        return str
    return {field.name: field.type for field in msgspec.structs.fields(sections[section])}.get(key, str)


def _from_toml(text: str) -> object:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
