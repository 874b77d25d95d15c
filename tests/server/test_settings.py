from pathlib import Path

import pytest

from server.settings import (
    CertificateSettings,
    CoreSettings,
    DatabaseSettings,
    FanoutSettings,
    MakersSettings,
    PushSettings,
    ServerSettings,
    Settings,
    SettingsError,
    StreamSettings,
    WidgetSettings,
    load,
)
from server.settings_check import check


def written(folder: Path, text: str) -> Path:
    file = folder / "contreseing.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_every_setting_has_a_sensible_default() -> None:
    assert load(None, {}) == Settings()
    assert check(Settings()) == []


def test_a_file_sets_what_it_names(tmp_path: Path) -> None:
    settings = load(written(tmp_path, '[server]\nport = 9000\n[approvals]\nenvironment = "test"\n'), {})
    assert (settings.server.port, settings.approvals.environment) == (9000, "test")
    assert settings.server.host == "127.0.0.1"


def test_the_environment_goes_over_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, "[server]\nport = 9000\n")
    settings = load(file, {"CONTRESEING_SERVER__PORT": "9001", "PORT": "1", "CONTRESEING_CONFIG": "x"})
    assert settings.server.port == 9001


def test_the_environment_writes_texts_as_they_are_and_the_rest_as_toml() -> None:
    settings = load(
        None,
        {
            "CONTRESEING_SERVER__HOST": "127.0.0.2",
            "CONTRESEING_KEYRING__FILE": "12",
            "CONTRESEING_SERVER__TRUSTED_PROXIES": '["10.0.0.0/8"]',
            "CONTRESEING_REMITTANCE__UNSTRUCTURED_ADDRESSES_IN_03": "true",
        },
    )
    assert (settings.server.host, settings.keyring.file) == ("127.0.0.2", "12")
    assert settings.server.trusted_proxies == ("10.0.0.0/8",)
    assert settings.remittance.unstructured_addresses_in_03


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[server]\nports = 1\n", "`ports` - at `$.server`"),
        ("[serve]\nport = 1\n", "`serve`"),
        ('[server]\nport = "x"\n', "`$.server.port`"),
        ("[stream]\nping_every = 90\n", "`$.stream.ping_every`"),
        ('[push]\ncontact = "exploitation"\n', "`$.push.contact`"),
        ("port = 1\n", "contreseing.toml"),
        ("[server\n", "contreseing.toml"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_path(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load(written(tmp_path, text), {})
    assert told in str(refused.value)


def test_a_variable_that_names_no_setting_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"`ports` - at `\$.server`"):
        load(None, {"CONTRESEING_SERVER__PORTS": "1"})


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        load(tmp_path / "none.toml", {})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "bank.example"])  # noqa: S104  # refused is the point
def test_an_address_others_reach_needs_tls_or_a_named_proxy(host: str) -> None:
    (problem,) = check(Settings(server=ServerSettings(host=host)))
    assert problem.startswith("server.host")
    assert check(Settings(server=ServerSettings(host=host, trusted_proxies=("10.0.0.1",)))) == []
    assert check(Settings(server=ServerSettings(host=host, tls_certificate="c.pem", tls_key="k.pem"))) == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_an_address_of_this_machine_needs_neither(host: str) -> None:
    assert check(Settings(server=ServerSettings(host=host))) == []


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        (Settings(server=ServerSettings(tls_certificate="c.pem")), "server: tls_certificate"),
        (Settings(server=ServerSettings(trusted_proxies=("not-an-address",))), "server.trusted_proxies"),
        (Settings(server=ServerSettings(public_origin="http://bank.example")), "server.public_origin"),
        (Settings(server=ServerSettings(public_origin="https://bank.example/path")), "server.public_origin"),
        (Settings(stream=StreamSettings(origins=("bank.example",))), "stream.origins"),
        (Settings(widget=WidgetSettings(hosts=("https://bank.example", "https://bank.example/x"))), "widget.hosts"),
        (Settings(widget=WidgetSettings(hosts=("*",))), "widget.hosts"),
        (Settings(core=CoreSettings(webhook="http://core.example/releases")), "core.webhook"),
        (Settings(makers=MakersSettings(manufacturer="http://maker.example/orders")), "makers.manufacturer"),
        (Settings(makers=MakersSettings(pin_printer="http://printer.example/orders")), "makers.pin_printer"),
        (
            Settings(
                makers=MakersSettings(manufacturer="https://one.example/a", pin_printer="https://One.example:8/b")
            ),
            "makers: card and PIN never travel together",
        ),
        (
            Settings(certificates=CertificateSettings(mtls_host="pc.bank.example")),
            "certificates.mtls_host: needs server",
        ),
        (
            Settings(
                server=ServerSettings(public_origin="https://bank.example", trusted_proxies=("10.0.0.1",)),
                certificates=CertificateSettings(mtls_host="bank.example"),
            ),
            "certificates.mtls_host: another host",
        ),
        (Settings(database=DatabaseSettings(url="mysql://x")), "database.url"),
        (Settings(push=PushSettings(fcm_key_file="/nowhere.json")), "push.fcm_key_file: names no file"),
        (Settings(fanout=FanoutSettings(redis_url="http://redis.example")), "fanout.redis_url: begins"),
        (
            Settings(fanout=FanoutSettings(redis_url="rediss://redis.example?ssl_cert_reqs=none")),
            "fanout.redis_url: takes no options but",
        ),
        (
            Settings(fanout=FanoutSettings(redis_url="rediss://redis.example?ssl_ca_certs=/nowhere.pem")),
            "fanout.redis_url: ssl_ca_certs names no file",
        ),
    ],
)
def test_settings_that_do_not_hold_together_are_named(settings: Settings, path: str) -> None:
    (problem,) = check(settings)
    assert problem.startswith(path)
