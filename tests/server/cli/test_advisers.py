from tests.server.cli.conftest import Operator, Said


def bootstrap(house: Operator, *, suffix: str = "") -> Said:
    return house.types(
        "advisers",
        "bootstrap",
        *("--first-number", "001", "--first-name", "Denise Royer"),
        *("--first-secret", str(house.folder / f"first{suffix}")),
        *("--second-number", "002", "--second-name", "Farid Benali"),
        *("--second-secret", str(house.folder / f"second{suffix}")),
    )


def test_bootstrap_delivers_two_secrets_apart_each_to_its_owner_alone(house: Operator) -> None:
    said = bootstrap(house)
    assert said.refusal is None
    secrets = [(house.folder / name).read_text().strip() for name in ("first", "second")]
    assert secrets[0] != secrets[1]
    assert [(house.folder / name).stat().st_mode & 0o777 for name in ("first", "second")] == [0o600, 0o600]
    assert not any(secret in said.text for secret in secrets)
    listed = house.types("advisers", "list").text
    assert listed.count("supervisor") == listed.count("invited") == 2
    assert "Royer" not in listed


def test_bootstrap_works_once_and_a_second_try_leaves_no_secret(house: Operator) -> None:
    bootstrap(house)
    assert bootstrap(house, suffix="2").code == "advisers_exist"
    assert not (house.folder / "first2").exists()
    assert not (house.folder / "second2").exists()


def test_bootstrap_writes_over_no_file(house: Operator) -> None:
    (house.folder / "first").write_text("something else")
    assert bootstrap(house).code == "invalid_request"
    assert (house.folder / "first").read_text() == "something else"


def test_the_audit_says_the_house_was_founded_and_by_whom(house: Operator) -> None:
    bootstrap(house)
    listed = house.types("audit", "list", "--code", "house_founded").text
    assert "operator" in listed
    assert house.types("audit", "list", "--until", "2020-01-01").text.count("\n") == 1
