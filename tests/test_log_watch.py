import logging
from pathlib import Path

from tests.log_watch import folder, search


def test_what_this_process_logs_is_kept_with_all_that_comes_with_it() -> None:
    logging.getLogger("contreseing.test").debug("watched", extra={"card": "kept-with-the-line"})
    assert "kept-with-the-line" in (folder() / "suite.log").read_text(encoding="utf-8")


def test_a_secret_in_any_log_is_found_as_a_word_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "server.log").write_text('{"msg": "x"}\n{"code": "73916455"}\n', encoding="utf-8")
    (leak,) = search(tmp_path, {"73916455"})
    assert (leak.file, leak.line) == ("server.log", 2)


def test_an_iban_in_groups_and_a_name_are_found(tmp_path: Path) -> None:
    (tmp_path / "core.log").write_text("FR76 3000 6000 0112 paid by Anne Morvan\n", encoding="utf-8")
    assert len(list(search(tmp_path, {"FR76300060000112", "Anne Morvan"}))) == 2


def test_a_number_that_only_holds_the_digits_is_not_taken_for_the_code(tmp_path: Path) -> None:
    (tmp_path / "server.log").write_text("id 1739164559, at 0.73916455\n", encoding="utf-8")
    assert list(search(tmp_path, {"73916455"})) == []
