"""What only holds together: settings that are each well formed, and wrong beside each other or in this place."""

from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from server.settings import (
    IssuerKeysSettings,
    MakersSettings,
    PushSettings,
    ServerSettings,
    Settings,
    TelemetrySettings,
)

_REDIS_FILES: Final = frozenset({"ssl_ca_certs", "ssl_certfile", "ssl_keyfile"})


def check(settings: Settings) -> list[str]:
    """Return what is wrong with settings that are each well formed; `serve` refuses to start on any."""
    return [
        *_server_problems(settings.server),
        *_url_problems(settings),
        *_maker_problems(settings.makers),
        *_mtls_problems(settings),
        *_telemetry_problems(settings.telemetry),
        *_push_problems(settings.push),
        *_issuer_key_problems(settings.issuer_keys),
    ]


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine reaches the address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _server_problems(server: ServerSettings) -> list[str]:
    problems = []
    if (server.tls_certificate is None) != (server.tls_key is None):
        problems.append("server: tls_certificate and tls_key go together")
    if not is_loopback(server.host) and server.tls_certificate is None and not server.trusted_proxies:
        problems.append("server.host: an address others reach needs tls_certificate and tls_key, or trusted_proxies")
    problems.extend(
        f"server.trusted_proxies: number {number} is no address or network"
        for number, proxy in enumerate(server.trusted_proxies, start=1)
        if not _is_network(proxy)
    )
    return problems


def _url_problems(settings: Settings) -> list[str]:
    problems = []
    if not _is_origin(settings.server.public_origin):
        problems.append("server.public_origin: needs a scheme and a host and no path; https but on this machine alone")
    if not all(_is_origin(origin) for origin in settings.stream.origins):
        problems.append("stream.origins: each needs a scheme and a host and no path; https but on this machine alone")
    if not all(_is_origin(host) for host in settings.widget.hosts):
        problems.append("widget.hosts: each needs a scheme and a host and no path; https but on this machine alone")
    for name, url in (("core.webhook", settings.core.webhook), ("payee_check.url", settings.payee_check.url)):
        if not _is_safe(url):
            problems.append(f"{name}: https is needed but on this machine alone")
    if settings.payee_check.url is not None and not settings.payee_check.bic:
        problems.append("payee_check.bic: the scheme wants to know which bank asks")
    timestamp = urlsplit(settings.audit.timestamp_url or "https://none")  # tokens are signed: http does no harm
    if timestamp.scheme not in {"http", "https"} or not timestamp.hostname:
        problems.append("audit.timestamp_url: begins with http:// or https://")
    if not settings.database.url.startswith(("sqlite:///", "postgresql://", "postgres://")):
        problems.append("database.url: begins with sqlite:/// or postgresql://")
    return [*problems, *_redis_problems(settings.fanout.redis_url or "redis://")]


def _redis_problems(url: str) -> list[str]:
    """Only what names a file may be added to the URL: the driver would also take options that trust any certificate."""
    if not url.startswith(("redis://", "rediss://")):
        return ["fanout.redis_url: begins with redis:// or rediss://"]
    options = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    if not options.keys() <= _REDIS_FILES:
        return [f"fanout.redis_url: takes no options but {', '.join(sorted(_REDIS_FILES))}"]
    return [f"fanout.redis_url: {name} names no file" for name, file in options.items() if not Path(file).is_file()]


def _maker_problems(makers: MakersSettings) -> list[str]:
    problems = []
    for name, url in (("manufacturer", makers.manufacturer), ("pin_printer", makers.pin_printer)):
        if not _is_safe(url):
            problems.append(f"makers.{name}: https is needed but on this machine alone")
    hosts = [urlsplit(url).hostname for url in (makers.manufacturer, makers.pin_printer) if url is not None]
    if len(set(hosts)) < len(hosts):
        problems.append("makers: card and PIN never travel together, and both URLs have the same host")
    return problems


def _is_safe(url: str | None) -> bool:
    """Whether what is posted there cannot be read on the way."""
    parts = urlsplit(url or "https://none")
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))


def _mtls_problems(settings: Settings) -> list[str]:
    """Only a proxy knows what its handshake showed, and only on a host that is not everybody's."""
    host, problems = settings.certificates.mtls_host, []
    if host is not None and not settings.server.trusted_proxies:
        problems.append("certificates.mtls_host: needs server.trusted_proxies")
    if host is not None and host == urlsplit(settings.server.public_origin).hostname:
        problems.append("certificates.mtls_host: another host than server.public_origin's is needed")
    return problems


def _telemetry_problems(telemetry: TelemetrySettings) -> list[str]:
    if telemetry.otlp_endpoint is None or find_spec("opentelemetry") is not None:
        return []
    return ["telemetry.otlp_endpoint: install the extra with it: contreseing[otel]"]


def _push_problems(push: PushSettings) -> list[str]:
    needed = (("contact", push.contact, "pywebpush"), ("fcm_key_file", push.fcm_key_file, "firebase_admin"))
    problems = [
        f"push.{name}: install the extra with it: pip install contreseing[push]"
        for name, value, package in needed
        if value is not None and find_spec(package) is None
    ]
    if push.fcm_key_file is not None and not Path(push.fcm_key_file).is_file():
        problems.append("push.fcm_key_file: names no file")
    return problems


def _issuer_key_problems(keys: IssuerKeysSettings) -> list[str]:
    named = {"module": keys.module, "token_label": keys.token_label, "pin_file": keys.pin_file}
    if keys.store == "software":
        return [f'issuer_keys.{name}: is for store = "pkcs11"' for name, value in named.items() if value is not None]
    problems = [f'issuer_keys.{name}: is needed for store = "pkcs11"' for name, value in named.items() if value is None]
    if find_spec("pkcs11") is None:
        problems.append("issuer_keys.store: install the extra with it: pip install contreseing[hsm]")
    return problems


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _is_origin(text: str) -> bool:
    parts = urlsplit(text)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    return is_safe and bool(parts.hostname) and text == f"{parts.scheme}://{parts.netloc}"
