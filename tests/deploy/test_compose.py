"""deploy/compose.yaml keeps what it promises: nothing runs as root, writes at will, or is whatever is newest."""

import re
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct, field

from server.settings import load
from server.settings_check import check

FOLDER = Path(__file__).parents[2] / "deploy"


class Build(Struct, forbid_unknown_fields=True):
    """Where an image is built from."""

    context: str
    dockerfile: str


class HealthCheck(Struct, forbid_unknown_fields=True):
    """How a service is watched."""

    test: list[str] = []
    interval: str = ""
    timeout: str = ""
    start_period: str = ""
    retries: int = 0
    disable: bool = False


class Logging(Struct, forbid_unknown_fields=True):
    """Where its output goes."""

    driver: str
    options: dict[str, str]


class Mount(Struct, forbid_unknown_fields=True):
    """A config file in its place."""

    source: str
    target: str


class Condition(Struct, forbid_unknown_fields=True):
    """What is waited for."""

    condition: str


class Service(Struct, forbid_unknown_fields=True, kw_only=True):
    """A service as the Compose Specification has it, as far as ours use it: another key is a slip of the pen."""

    image: str
    user: str
    read_only: bool
    cap_drop: list[str]
    security_opt: list[str]
    restart: str
    logging: Logging
    mem_limit: str
    pids_limit: int
    healthcheck: HealthCheck
    tmpfs: list[str] = []
    build: Build | None = None
    command: list[str] = []
    environment: dict[str, str] = {}
    secrets: list[str] = []
    configs: list[Mount] = []
    volumes: list[str] = []
    networks: list[str] | dict[str, dict[str, str]] = []
    ports: list[str] = []
    sysctls: dict[str, str] = {}
    ulimits: dict[str, int] = {}
    shm_size: str = ""
    stop_grace_period: str = ""
    depends_on: dict[str, Condition] = {}


class Secret(Struct, forbid_unknown_fields=True):
    """A file of the host."""

    file: str


class Config(Struct, forbid_unknown_fields=True):
    """A file written here."""

    content: str


class Network(Struct, forbid_unknown_fields=True):
    """Who sees whom."""

    ipam: dict[str, list[dict[str, str]]] = {}
    internal: bool = False


class Compose(Struct, forbid_unknown_fields=True):
    """The whole file."""

    name: str
    services: dict[str, Service]
    configs: dict[str, Config]
    secrets: dict[str, Secret]
    networks: dict[str, Network]
    volumes: dict[str, None]
    hardened: dict[str, object] = field(name="x-hardened")
    node: dict[str, object] = field(name="x-node")


COMPOSE = msgspec.yaml.decode((FOLDER / "compose.yaml").read_bytes(), type=Compose)
every_service = pytest.mark.parametrize("service", COMPOSE.services.values(), ids=COMPOSE.services)


@every_service
def test_no_service_has_more_power_than_it_needs(service: Service) -> None:
    assert service.read_only
    assert service.cap_drop == ["ALL"]
    assert service.security_opt == ["no-new-privileges:true"]
    assert int(service.user.partition(":")[0]) > 0
    assert service.pids_limit <= 300
    assert service.logging.options["max-size"]


@every_service
def test_every_image_is_named_with_its_version(service: Service) -> None:
    name, _, tag = service.image.rpartition(":")
    assert re.fullmatch(r"[a-z]+", name), "no registry's host stands here"
    assert re.match(r"\d+\.\d+|\d+-", tag)


@every_service
def test_what_lives_on_is_watched(service: Service) -> None:
    is_once = service.restart == "no"
    assert service.healthcheck.disable is is_once
    assert bool(service.healthcheck.test) is not is_once
    assert service.healthcheck.test[0:1] in ([], ["CMD"]), "no shell is needed to look"


@every_service
def test_whatever_a_service_names_is_there(service: Service) -> None:
    assert set(service.secrets) <= COMPOSE.secrets.keys()
    assert {mount.source for mount in service.configs} <= COMPOSE.configs.keys()
    assert set(service.networks) <= COMPOSE.networks.keys()
    assert service.depends_on.keys() <= COMPOSE.services.keys()
    for volume in service.volumes:
        source, _, rest = volume.partition(":")
        assert source in COMPOSE.volumes or (source.startswith("./") and rest.endswith(":ro"))


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in COMPOSE.services.items() if service.ports] == ["proxy"]
    assert COMPOSE.networks["back"].internal
    for name in ("database", "hints", "migrate"):
        assert COMPOSE.services[name].networks == ["back"]


def test_no_password_stands_in_an_environment() -> None:
    text = (FOLDER / "compose.yaml").read_text("utf-8")
    assert not re.search(r"PASSWORD: |://[^/\s]*:[^/\s]*@", text)
    assert all(secret.file.startswith("./secrets/") for secret in COMPOSE.secrets.values())


@pytest.mark.parametrize("name", ["node-1", "node-2", "migrate"])
def test_the_settings_a_node_gets_are_sound(name: str) -> None:
    settings = load(FOLDER / "example.toml", COMPOSE.services[name].environment)
    assert check(settings) == []
    proxies = COMPOSE.networks["front"].ipam["config"][0]["subnet"]
    assert settings.server.trusted_proxies == (proxies,)
    assert settings.fanout.redis_url == "redis://hints:6379/0"


def test_both_nodes_are_behind_the_proxy() -> None:
    (nodes,) = COMPOSE.services["proxy"].configs
    assert nodes.target == "/etc/nginx/nodes.conf"
    port = COMPOSE.services["node-1"].environment["CONTRESEING_SERVER__PORT"]
    assert COMPOSE.configs[nodes.source].content == f"server node-1:{port};\nserver node-2:{port};\n"


def test_nodes_start_on_a_migrated_database_and_have_time_to_end() -> None:
    for name in ("node-1", "node-2"):
        node = COMPOSE.services[name]
        assert node.depends_on["migrate"].condition == "service_completed_successfully"
        assert node.stop_grace_period == "90s"  # longer than devices are drained over
    assert COMPOSE.services["migrate"].depends_on["database"].condition == "service_healthy"
