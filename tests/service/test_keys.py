import hashlib

import pytest

from service.__main__ import main
from service.keys import MOST_KEYS, Key, KeyFileError, digest_of, read_keys, stored_digest

A, B = "a" * 64, "B" * 64


def test_lines_are_read() -> None:
    content = f"\ufeff# keys\n\nmobile {A}\r\nbatch.2\t{B} burst=5 texts_per_second=0.5 # nightly\n"
    assert read_keys(content.encode()) == [
        Key(name="mobile", digest=bytes.fromhex(A)),
        Key(name="batch.2", digest=bytes.fromhex(B), texts_per_second=0.5, burst=5),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("mobile", "must be NAME SHA256"),
        (A, "must be NAME SHA256"),
        (f"na/me {A}", "must be NAME SHA256"),
        (f"{'n' * 65} {A}", "must be NAME SHA256"),
        (f"anonymous {A}", "must be NAME SHA256"),
        (f"unknown {A}", "must be NAME SHA256"),
        ("mobile my-secret-key", "the second word must be a SHA-256 of 64 hexadecimal digits"),
        (f"mobile {A[1:]}", "the second word must be a SHA-256 of 64 hexadecimal digits"),
        (f"mobile {hashlib.sha256().hexdigest()}", "the second word is the SHA-256 of nothing"),
        (f"mobile {A} burst", "burst must be a number of at least 1"),
        (f"mobile {A} burst=0", "burst must be a number of at least 1"),
        (f"mobile {A} burst=nan", "burst must be a number of at least 1"),
        (f"mobile {A} texts_per_second=inf", "texts_per_second must be a number of at least 0"),
        (f"mobile {A} speed=1", "options are texts_per_second and burst, each once"),
        (f"mobile {A} burst=1 burst=2", "options are texts_per_second and burst, each once"),
        (f"mobile {B.lower()}", "the key of another line"),
        (f"other {A} burst=2", "other limits than another line of this name"),
        ("mobile \x00\xff", "the second word must be a SHA-256 of 64 hexadecimal digits"),
    ],
)
def test_bad_line_is_refused_by_number_and_never_repeated(line: str, reason: str) -> None:
    with pytest.raises(KeyFileError) as caught:
        read_keys(f"other {B}\n{line}\n".encode("latin-1"))
    assert str(caught.value).startswith(f"line 2: {reason}")
    assert not {A, B, B.lower(), "my-secret-key"} & set(str(caught.value).split())


def test_two_keys_of_one_name_are_of_one_client() -> None:
    assert [key.name for key in read_keys(f"mobile {A}\nmobile {B}".encode())] == ["mobile", "mobile"]


@pytest.mark.parametrize("keys", [0, MOST_KEYS + 1])
def test_number_of_keys_is_bounded(keys: int) -> None:
    with pytest.raises(KeyFileError, match=f"^{keys} keys; there must be 1 to {MOST_KEYS}$"):
        read_keys("".join(f"n{number} {number:064x}\n" for number in range(keys)).encode())


def test_secret_may_be_written_down_as_it_is_or_hashed() -> None:
    wanted = hashlib.sha256(b"k").digest()
    assert digest_of("k") == stored_digest("k") == stored_digest(f"sha256:{wanted.hex()}") == wanted


def test_command_makes_a_key_and_shows_it_once(capsys: pytest.CaptureFixture[str]) -> None:
    secrets = set()
    for _ in range(2):
        assert main(["key", "mobile"]) == 0
        line, shown = capsys.readouterr()
        secret = shown.split()[-1]
        assert len(secret) == 43
        assert read_keys(line.encode()) == [Key(name="mobile", digest=digest_of(secret))]
        secrets.add(secret)
    assert len(secrets) == 2


@pytest.mark.parametrize("name", ["", "two words", "environment"])
def test_command_refuses_a_name_that_the_file_would_not_take(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["key", name]) == 2
    assert capsys.readouterr().out == ""
