"""Settings: everything wrong is named at once, no secret is repeated, and nobody is let in by accident."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.settings import CHECKOUT, is_loopback, read_settings
from knowledge.errors import Invalid

PASSWORD = "correct horse battery"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - never bound here
SECRET = "s3cret-and-never-shown"


def wrong(**given: str) -> dict[str, str]:
    """What is said to be wrong, by setting."""
    with pytest.raises(Invalid) as refused:
        read_settings(given)
    return refused.value.fields


def test_with_nothing_set_it_runs_alone_on_loopback_and_offline() -> None:
    settings = read_settings({})
    assert (settings.host, settings.port, settings.auth, settings.on_loopback) == ("127.0.0.1", 8000, "local", True)
    assert (settings.database_url, settings.redis_url, settings.models.api_key) == (None, None, None)
    assert settings.session_budget == Decimal(5)
    assert settings.home in (CHECKOUT / "data", Path("/var/lib/adroom"))


def test_everything_that_is_wrong_is_named_at_once() -> None:
    fields = wrong(
        ADROOM_HOST=EVERYWHERE,
        ADROOM_PORT="eighty",
        ADROOM_MODEL_API="assistants",
        ADROOM_SESSION_BUDGET="lots",
        ADROOM_RUN_BUDGET="-1",
        ADROOM_PRICES="{",
        ADROOM_MAX_OUTPUT_TOKENS="0",
        ADROOM_HOME="~nobody-of-that-name/data",
        DATABASE_URL="mysql://x",
        REDIS_URL="http://x",
        OPENAI_BASE_URL="ftp://x",
        OPENAI_API_KEY="sk-x",
    )
    assert set(fields) == {
        "ADROOM_PASSWORD", "ADROOM_PORT", "ADROOM_MODEL_API", "ADROOM_SESSION_BUDGET", "ADROOM_RUN_BUDGET",
        "ADROOM_PRICES", "ADROOM_MAX_OUTPUT_TOKENS", "ADROOM_HOME", "DATABASE_URL", "REDIS_URL", "OPENAI_BASE_URL",
        "ADROOM_MODEL_MANAGER",
    }  # fmt: skip
    with pytest.raises(Invalid, match=r"ADROOM_PORT: 'eighty' is not a port"):
        read_settings({"ADROOM_PORT": "eighty"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", f"mysql://me:{SECRET}@db/adroom"),
        ("DATABASE_URL", f"postgresql://me:{SECRET}@[::1/adroom"),
        ("REDIS_URL", f"http://:{SECRET}@cache"),
        ("OPENAI_BASE_URL", f"ftp://me:{SECRET}@models"),
        ("ADROOM_PASSWORD", "s3cret"),
    ],
)
def test_what_may_hold_a_secret_is_never_repeated(name: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_settings({name: value})
    assert list(refused.value.fields) == [name]
    assert "s3cret" not in f"{refused.value} {refused.value.facts}"


def test_settings_do_not_show_their_secrets_when_printed() -> None:
    given = {
        "ADROOM_PASSWORD": SECRET,
        "DATABASE_URL": f"postgresql://me:{SECRET}@db/adroom",
        "REDIS_URL": f"redis://:{SECRET}@cache",
        "OPENAI_API_KEY": SECRET,
    }
    assert SECRET not in repr(read_settings(given))


# ---------------------------------------------------------------- who gets in


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        (EVERYWHERE, False),
        ("::", False),
        ("192.168.1.5", False),
        ("adroom.example", False),
        ("127.0.0.1.example", False),
        ("localhost.example", False),
    ],
)
def test_only_loopback_needs_no_password(host: str, local: bool) -> None:
    assert is_loopback(host) is local
    if local:
        assert read_settings({"ADROOM_HOST": host}).auth == "local"
    else:
        assert f"bound to {host}" in wrong(ADROOM_HOST=host)["ADROOM_PASSWORD"]
        settings = read_settings({"ADROOM_HOST": host, "ADROOM_PASSWORD": PASSWORD})
        assert (settings.auth, settings.on_loopback) == ("password", False)


@pytest.mark.parametrize("host", ["http://localhost", "a host", "127.0.0.1:8000", "-"])
def test_a_host_that_is_none_is_refused(host: str) -> None:
    assert "ADROOM_HOST" in wrong(ADROOM_HOST=host, ADROOM_PASSWORD=PASSWORD)


def test_a_password_that_is_set_holds_on_loopback_too_and_is_long_enough() -> None:
    assert read_settings({"ADROOM_PASSWORD": PASSWORD}).auth == "password"
    assert "at least 12" in wrong(ADROOM_PASSWORD="short")["ADROOM_PASSWORD"]
    assert "not set" in wrong(ADROOM_HOST=EVERYWHERE, ADROOM_PASSWORD="   ")["ADROOM_PASSWORD"]


def test_hosts_that_may_be_asked_for_are_loopback_the_own_name_and_the_listed_ones() -> None:
    given = {
        "ADROOM_HOST": "Room.Example",
        "ADROOM_PASSWORD": PASSWORD,
        "ADROOM_ALLOWED_HOSTS": "A.example, ,b.example",
    }
    assert read_settings(given).allowed_hosts == (
        "localhost", "127.0.0.1", "::1", "room.example", "a.example", "b.example",
    )  # fmt: skip
    everywhere = read_settings({"ADROOM_HOST": EVERYWHERE, "ADROOM_PASSWORD": PASSWORD})
    assert everywhere.allowed_hosts == ("localhost", "127.0.0.1", "::1")


# ---------------------------------------------------------------- single values


@pytest.mark.parametrize("port", ["0", "-1", "65536", "80.0", "²", "٣", "8000 9000", "x" * 500])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    assert len(wrong(ADROOM_PORT=port)["ADROOM_PORT"]) < 200


@pytest.mark.parametrize("amount", ["NaN", "inf", "-0.01", "5 dollars", "5,00", "$5", "x" * 500])
def test_an_amount_that_is_none_is_refused(amount: str) -> None:
    assert len(wrong(ADROOM_SESSION_BUDGET=amount)["ADROOM_SESSION_BUDGET"]) < 200


@pytest.mark.parametrize("amount", ["0", "2.50", "1e2"])
def test_an_amount_is_exact(amount: str) -> None:
    assert read_settings({"ADROOM_RUN_BUDGET": amount}).run_budget == Decimal(amount)


@pytest.mark.parametrize("number", ["0", "-5", "1.5", "²", "many"])
@pytest.mark.parametrize("name", ["ADROOM_MAX_OUTPUT_TOKENS", "ADROOM_MODEL_TIMEOUT", "ADROOM_MODEL_SILENCE"])
def test_a_limit_is_a_whole_number_above_zero(name: str, number: str) -> None:
    assert "whole number above zero" in wrong(**{name: number})[name]


@pytest.mark.parametrize(
    "url", ["postgresql://db/adroom", "postgres://u:p@[::1]:5432/x?sslmode=require", "postgresql://a:1,b:2/x"]
)
def test_addresses_of_postgres_are_taken_as_they_are(url: str) -> None:
    assert read_settings({"DATABASE_URL": url}).database_url == url


@pytest.mark.parametrize("url", ["http://", "https:///v1", "models.example/v1", "http://[::1"])
def test_an_endpoint_needs_a_host(url: str) -> None:
    assert "OPENAI_BASE_URL" in wrong(OPENAI_BASE_URL=url)


def test_another_endpoint_needs_a_model_name_only_when_there_is_a_key() -> None:
    endpoint = "http://127.0.0.1:11434/v1"
    assert "ADROOM_MODEL_MANAGER" in wrong(OPENAI_API_KEY="sk", OPENAI_BASE_URL=endpoint)
    named = read_settings({"OPENAI_API_KEY": "sk", "OPENAI_BASE_URL": endpoint, "ADROOM_MODEL_MANAGER": "qwen"})
    assert set(named.models.names.values()) == {"qwen"}
    assert read_settings({"OPENAI_BASE_URL": endpoint}).models.api_key is None


def test_own_prices_are_read_and_their_faults_named_by_model() -> None:
    prices = json.dumps({"qwen": {"input": 0.5, "output": 1.5}})
    assert read_settings({"ADROOM_PRICES": prices}).models.own_prices["qwen"].output == Decimal("1.5")
    assert list(wrong(ADROOM_PRICES='{"qwen": {"input": -1, "output": 1}}')) == ["ADROOM_PRICES.qwen.input"]


# ---------------------------------------------------------------- where they come from


def test_the_environment_wins_over_the_file_and_empty_counts_as_not_set(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("ADROOM_PORT=9000\nADROOM_RUN_BUDGET=7\nADROOM_SESSION_BUDGET=\n# ADROOM_HOST=0.0.0.0\n")
    settings = read_settings({"ADROOM_PORT": "9001", "ADROOM_RUN_BUDGET": ""}, file)
    assert settings.port == 9001
    assert settings.session_budget == Decimal(5)
    assert read_settings({}, file).run_budget == Decimal(7)
    assert read_settings({}, tmp_path / "none").port == 8000


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"ADROOM_PORT=\xff\xfe\n")
    with pytest.raises(Invalid, match=r"\.env: "):
        read_settings({}, file)
    assert read_settings({}, tmp_path).port == 8000  # a folder is no file


def test_a_data_folder_may_be_relative_have_spaces_and_begin_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read_settings({"ADROOM_HOME": "my data"}).home == tmp_path / "my data"
    assert read_settings({"ADROOM_HOME": "~/room"}).home == tmp_path / "room"


def test_wordpress_is_set_up_whole_or_not_at_all() -> None:
    assert read_settings({}).wordpress is None
    three = {
        "ADROOM_WORDPRESS_URL": "https://blog.example/",
        "ADROOM_WORDPRESS_USER": "editor",
        "ADROOM_WORDPRESS_APP_PASSWORD": "abcd efgh ijkl",
    }
    found = read_settings(three).wordpress
    assert found is not None and (found.url, found.user) == ("https://blog.example", "editor")
    assert "abcd" not in repr(read_settings(three))
    assert set(wrong(ADROOM_WORDPRESS_URL="https://blog.example")) == set(three) - {"ADROOM_WORDPRESS_URL"}
    assert "ADROOM_WORDPRESS_URL" in wrong(**{**three, "ADROOM_WORDPRESS_URL": "blog.example"})
