"""Files that users name are read in one place: byte order marks, and errors in words that are not Python's."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from click.testing import CliRunner

from provcheck.harness.cli import main
from provcheck.harness.model.text_file import MOST_DIGITS, MOST_LEVELS, NotJson, parse_json, read_json, read_text

TOP = Path(__file__).resolve().parents[2]
OWN = {
    "harness/model/text_file.py",
    "harness/report/html.py: a part of the package",
    "harness/commands/init.py: a part of the package",
    "harness/client/store.py: the state that it wrote itself",
}
READS = ("read_text", "read_bytes")


def test_no_other_module_of_the_harness_reads_a_file() -> None:
    allowed = {each.partition(":")[0] for each in OWN}
    offenders = [
        f"{place}:{node.lineno}"
        for path in sorted((TOP / "harness").rglob("*.py"))
        if (place := path.relative_to(TOP).as_posix()) not in allowed
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READS
    ]
    assert offenders == []


BAD = {
    "[1,\n2,\n x]": "not JSON: line 3, column 2: expecting value",
    "[1,": "not JSON: column 4: expecting value",
    '{"a": NaN}': "not JSON: NaN is not a number (RFC 8259, section 6)",
    "[-Infinity]": "not JSON: -Infinity is not a number (RFC 8259, section 6)",
    "[1e999]": "not JSON that can be read: the number 1e999 is out of range",
    f"[{'9' * 6000}]": f"not JSON that can be read: a number of more than {MOST_DIGITS} digits",
    f"[{'9' * 6000}.5]": f"not JSON that can be read: a number of more than {MOST_DIGITS} digits",
    "[" * 400_000: f"not JSON that can be read: nested deeper than {MOST_LEVELS} levels",
    '{"a":' * 600 + "1" + "}" * 600: f"not JSON that can be read: nested deeper than {MOST_LEVELS} levels",
}


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:12])
def test_what_is_no_json_is_told_in_one_line(text: str) -> None:
    with pytest.raises(NotJson) as told:
        parse_json(text)
    assert str(told.value) == BAD[text]


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"a": [1, 2.5]}', encoding="utf-8-sig")
    assert read_json(path, ValueError) == {"a": [1, 2.5]}
    path.write_bytes(b"abc\xff")
    with pytest.raises(ValueError, match=r"a\.json: is not UTF-8 text \(byte 4\)$"):
        read_text(path, ValueError)
    with pytest.raises(ValueError, match="No such file"):
        read_text(tmp_path / "none", ValueError)


COMMANDS = (
    ("check", "--scenario-file", "FILE"),
    ("watch", "scim", "--port", "0", "--source", "FILE"),
    ("watch", "scim", "--port", "0", "--seed", "FILE"),
    ("serve", "scim", "--port", "0", "--seed", "FILE"),
    ("serve", "scim", "--port", "0", "--schema", "FILE"),
    ("sync", "--source", "FILE", "--connection", "c.toml"),
    ("lint", "FILE"),
    ("report", "FILE"),
    ("compare", "FILE", "--target", "scim"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: " ".join(words[:4]))
def test_every_command_says_what_is_wrong_with_a_file(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("c.toml").write_text('type = "scim"\nSCIM_URL = "http://127.0.0.1:9/v2"\n', encoding="utf-8")
    for text, words in (
        (f"[{'9' * 6000}]", ("more than 1000 digits", "out of range")),
        ("[" * 100_000, ("nested deeper", "nests too deeply")),
        ('{"a":\n1 b}', ("line 2", "line 1")),
    ):
        Path("in.json").write_text(text, encoding="utf-8")
        done = CliRunner().invoke(main, ["in.json" if word == "FILE" else word for word in command])
        assert (done.exit_code, done.output.count("\n")) == (2, 1), done.output
        assert "in.json" in done.output
        assert any(each in done.output for each in words), done.output
        assert len(done.output) < 250
        assert not any(word in done.output for word in ("set_int_max", "Exceeds", "recursion", "Traceback")), (
            done.output
        )


def test_numbers_and_brackets_without_end_in_a_connection_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("userName\nada\n", encoding="utf-8")
    for text in (f"a = {'9' * 6000}", f"a = {'[' * 100_000}"):
        (tmp_path / "c.toml").write_text(text, encoding="utf-8")
        files = ["--source", str(tmp_path / "a.csv"), "--connection", str(tmp_path / "c.toml")]
        done = CliRunner().invoke(main, ["sync", *files])
        assert (done.exit_code, done.output.count("\n"), "is not TOML" in done.output) == (2, 1, True), done.output
