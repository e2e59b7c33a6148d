"""Every setting, read once from the environment (and ``.env``) at the door, and named when it is wrong.

Nothing else in the product reads the environment. Slices of this are handed down.
"""

import contextlib
import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values

from assistant.embedding.prices import published_price
from assistant.embedding.settings import EmbeddingSettings
from assistant.mail import Security, SmtpSettings
from assistant.models.prices import TokenPrice, parse_prices
from assistant.models.roles import ROLES, Role, model_names
from assistant.models.settings import Api, ModelRoomSettings
from assistant.publishing.settings import WordPressSettings
from assistant.research.settings import ADDRESSES, PUBLISHED, SearchSettings
from knowledge.emails.eml import check_address
from knowledge.embedded import default_home
from knowledge.errors import Invalid
from knowledge.research.models import Provider

SHORTEST_PASSWORD = 12
SHORTEST_SECRET = 32
MOST_WORKERS = 64
#: of a wrong value, as much as is said back
LONGEST_ECHO = 60
CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """What the product was started with. Money is in US dollars."""

    home: Path
    host: str
    port: int
    allowed_hosts: tuple[str, ...]
    session_budget: Decimal
    run_budget: Decimal
    models: ModelRoomSettings
    embedding: EmbeddingSettings
    search: SearchSettings
    #: requests a second that one caller may keep up at the API; 0: no limit
    api_rate: int
    #: where test emails go out; None: nowhere
    smtp: SmtpSettings | None
    wordpress: WordPressSettings | None
    #: where files go: a folder, or the address of a bucket
    files: str
    # these hold passwords: never printed
    database_url: str | None = field(repr=False)
    redis_url: str | None = field(repr=False)
    password: str | None = field(repr=False)
    #: worker processes beside the web process; 0 is one process for everything
    workers: int = 0
    #: what signs the chat's cookies, where several web processes on several machines must agree
    chat_secret: str | None = field(default=None, repr=False)

    @property
    def on_loopback(self) -> bool:
        """True when only this machine can reach us: then a single local user needs no login."""
        return is_loopback(self.host)

    @property
    def auth(self) -> Literal["local", "password"]:
        return "password" if self.password else "local"


def read_settings(environment: Mapping[str, str] | None = None, env_file: Path | None = None) -> Settings:
    """Read and check; raises Invalid naming every wrong setting at once."""
    given, wrong = _merged(environment, env_file)
    host = _host(given, wrong)
    password = given.get("ADROOM_PASSWORD") or None
    if not is_loopback(host) and not password:
        wrong["ADROOM_PASSWORD"] = (
            f"not set: bound to {host}, others could walk in; set a password, or leave ADROOM_HOST on 127.0.0.1"
        )
    if password and len(password) < SHORTEST_PASSWORD:
        wrong["ADROOM_PASSWORD"] = f"too short: use at least {SHORTEST_PASSWORD} characters"
    models = _models(given, wrong)
    settings = Settings(
        home=_home(given, wrong),
        host=host,
        port=_port(given, wrong),
        database_url=_url(given, "DATABASE_URL", ("postgresql", "postgres"), wrong),
        redis_url=_url(given, "REDIS_URL", ("redis", "rediss", "unix"), wrong),
        password=password,
        allowed_hosts=_hosts(given, host),
        session_budget=_money(given, "ADROOM_SESSION_BUDGET", "5", wrong),
        run_budget=_money(given, "ADROOM_RUN_BUDGET", "5", wrong),
        models=models,
        embedding=_embedding(given, wrong),
        search=_search(given, models, wrong),
        smtp=_smtp(given, wrong),
        wordpress=_wordpress(given, wrong),
        files=_files(given, wrong),
        workers=_workers(given, wrong),
        chat_secret=_chat_secret(given, wrong),
        api_rate=_rate(given, wrong),
    )
    if wrong:
        raise Invalid(fields=wrong)
    return settings


def _models(given: Mapping[str, str], wrong: dict[str, str]) -> ModelRoomSettings:
    apis: dict[str, Api] = {"responses": "responses", "chat_completions": "chat_completions"}
    api = given.get("ADROOM_MODEL_API", "responses")
    if api not in apis:
        wrong["ADROOM_MODEL_API"] = f"{_echo(api)} is unknown; use responses or chat_completions"
    own: dict[Role, str] = {role: given.get(f"ADROOM_MODEL_{role.upper()}", "") for role in ROLES}
    base_url = _url(given, "OPENAI_BASE_URL", ("http", "https"), wrong)
    api_key = given.get("OPENAI_API_KEY")
    names, prices = own, {}
    try:
        names = model_names(own, base_url) if api_key else own
    except Invalid as error:
        wrong.update(error.fields)
    try:
        prices = parse_prices(given.get("ADROOM_PRICES", ""))
    except Invalid as error:
        wrong.update(error.fields)
    return ModelRoomSettings(
        api_key=api_key,
        base_url=base_url,
        api=apis.get(api, "responses"),
        names=names,
        own_prices=prices,
        max_output_tokens=_count(given, "ADROOM_MAX_OUTPUT_TOKENS", 16_384, wrong),
        request_timeout=float(_count(given, "ADROOM_MODEL_TIMEOUT", 600, wrong)),
        silence_timeout=float(_count(given, "ADROOM_MODEL_SILENCE", 120, wrong)),
    )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _merged(environment: Mapping[str, str] | None, env_file: Path | None) -> tuple[dict[str, str], dict[str, str]]:
    """What is set (the environment wins over the file, empty counts as not set), and what is wrong with the file."""
    wrong: dict[str, str] = {}
    from_file: Mapping[str, str | None] = {}
    if env_file and env_file.is_file():
        try:
            from_file = dotenv_values(env_file)
        except UnicodeDecodeError:
            wrong[".env"] = f"{env_file} is not text in UTF-8"
        except OSError as error:
            wrong[".env"] = f"{env_file} cannot be read: {error.strerror}"
    both = {**from_file, **(os.environ if environment is None else environment)}
    return {name: value.strip() for name, value in both.items() if value and value.strip()}, wrong


def _echo(text: str) -> str:
    return repr(text if len(text) <= LONGEST_ECHO else text[:LONGEST_ECHO] + "…")


def _home(given: Mapping[str, str], wrong: dict[str, str]) -> Path:
    text = given.get("ADROOM_HOME")
    if text is None:
        return default_home(CHECKOUT)
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        wrong["ADROOM_HOME"] = f"{_echo(text)} begins at the home of a user that does not exist"
        return Path(text)


def _smtp(given: Mapping[str, str], wrong: dict[str, str]) -> SmtpSettings | None:
    """The mail server of test emails; without a host there is none."""
    host = given.get("ADROOM_SMTP_HOST", "").strip()
    if not host:
        return None
    securities: dict[str, Security] = {"starttls": "starttls", "tls": "tls", "none": "none"}
    asked = given.get("ADROOM_SMTP_SECURITY") or ("none" if is_loopback(host) else "starttls")
    security = securities.get(asked, "starttls")
    if asked not in securities:
        wrong["ADROOM_SMTP_SECURITY"] = f"{_echo(asked)} is unknown; use starttls, tls or none"
    elif security == "none" and not is_loopback(host):
        wrong["ADROOM_SMTP_SECURITY"] = "none is for a mail server on this machine only; use starttls or tls"
    sender = given.get("ADROOM_SMTP_FROM", "")
    try:
        sender = check_address(sender)
    except Invalid:
        wrong["ADROOM_SMTP_FROM"] = (
            f"{_echo(sender)} is not an email address" if sender else "not set: who it comes from"
        )
    port = _count(given, "ADROOM_SMTP_PORT", {"starttls": 587, "tls": 465, "none": 25}[security], wrong)
    user, password = given.get("ADROOM_SMTP_USER") or None, given.get("ADROOM_SMTP_PASSWORD") or None
    if (user is None) != (password is None):
        missing = "ADROOM_SMTP_PASSWORD" if user else "ADROOM_SMTP_USER"
        wrong[missing] = "not set: user and password go together"
    return SmtpSettings(host, port, security, sender, user, password)


def _embedding(given: Mapping[str, str], wrong: dict[str, str]) -> EmbeddingSettings:
    """A model at the endpoint, or a folder of this machine."""
    text = given.get("ADROOM_EMBEDDING_MODEL")
    if not text:
        return EmbeddingSettings()
    if text.startswith(("/", "./", "../", "~")):
        folder = Path(text).expanduser().absolute()
        if not (folder / "model.onnx").is_file() or not (folder / "tokenizer.json").is_file():
            wrong["ADROOM_EMBEDDING_MODEL"] = f"{_echo(text)} is no folder with model.onnx and tokenizer.json"
        pinned = given.get("ADROOM_EMBEDDING_SHA256")
        if pinned and not re.fullmatch(r"[0-9a-fA-F]{64}", pinned):
            wrong["ADROOM_EMBEDDING_SHA256"] = "is no SHA-256: 64 letters from 0 to f"
        return EmbeddingSettings(folder=folder, pinned=pinned)
    dimensions = _count(given, "ADROOM_EMBEDDING_DIMENSIONS", 512, wrong)
    if dimensions > 4000:
        wrong["ADROOM_EMBEDDING_DIMENSIONS"] = "is more than the 4,000 that can be searched"
    if not given.get("OPENAI_API_KEY"):
        wrong["ADROOM_EMBEDDING_MODEL"] = f"{_echo(text)} is a model at an endpoint, and OPENAI_API_KEY is not set"
    own = {}
    with contextlib.suppress(Invalid):  # said with ADROOM_PRICES itself
        own = parse_prices(given.get("ADROOM_PRICES", ""))
    price = TokenPrice(own[text], "ADROOM_PRICES") if text in own else published_price(text)
    if price is None:
        example = f'{{"{text}": {{"input": 0.02, "output": 0}}}}'
        wrong["ADROOM_EMBEDDING_MODEL"] = (
            f"the price of {_echo(text)} is not known; give it in ADROOM_PRICES: {example}"
        )
    return EmbeddingSettings(name=text, dimensions=dimensions, price=price)


def _search(given: Mapping[str, str], models: ModelRoomSettings, wrong: dict[str, str]) -> SearchSettings:
    """Who searches the web; nobody unless it is set."""
    name = given.get("ADROOM_SEARCH", "none").lower()
    providers: dict[str, Provider] = {"none": "none", **{provider: provider for provider in PUBLISHED}}
    if name not in providers:
        wrong["ADROOM_SEARCH"] = f"{_echo(name)} is unknown; use openai, tavily, brave or searxng, or leave it out"
        return SearchSettings()
    provider = providers[name]
    if provider == "none":
        return SearchSettings()
    key, url = given.get("ADROOM_SEARCH_KEY"), _url(given, "ADROOM_SEARCH_URL", ("http", "https"), wrong)
    if provider in ADDRESSES and not key:
        wrong["ADROOM_SEARCH_KEY"] = f"not set, and {name} asks for a key"
    if provider == "searxng" and not url:
        wrong["ADROOM_SEARCH_URL"] = "not set: the address of your SearXNG, such as http://127.0.0.1:8888"
    if provider == "openai" and not models.api_key:
        wrong["ADROOM_SEARCH"] = "is openai, and OPENAI_API_KEY is not set"
    price, source = PUBLISHED[provider]
    if "ADROOM_SEARCH_PRICE" in given:
        price, source = _money(given, "ADROOM_SEARCH_PRICE", "0", wrong), "ADROOM_SEARCH_PRICE"
    return SearchSettings(
        provider=provider,
        url=(url or ADDRESSES.get(provider, "")).rstrip("/"),
        model=given.get("ADROOM_SEARCH_MODEL") or models.names.get("manager", "") if provider == "openai" else "",
        price=price,
        price_source=source,
        key=key,
    )


def _wordpress(given: Mapping[str, str], wrong: dict[str, str]) -> WordPressSettings | None:
    """Where articles go out, when all three are set."""
    names = ("ADROOM_WORDPRESS_URL", "ADROOM_WORDPRESS_USER", "ADROOM_WORDPRESS_APP_PASSWORD")
    url, user, password = (given.get(name, "") for name in names)
    if not (url or user or password):
        return None
    for name, value in zip(names, (url, user, password), strict=True):
        if not value:
            wrong[name] = "not set; publishing to WordPress needs its address, a user and an application password"
    _url(given, names[0], ("http", "https"), wrong)
    return WordPressSettings(url.rstrip("/"), user, password)


def _files(given: Mapping[str, str], wrong: dict[str, str]) -> str:
    """A folder of this machine, beside the data unless it is named, or ``s3://bucket/prefix``."""
    text = given.get("ADROOM_FILES", "")
    if "://" in text:
        if not re.fullmatch(r"(?:s3|s3a|gs|az)://[\w.-]+(?:/.*)?", text):
            wrong["ADROOM_FILES"] = f"{_echo(text)} is neither a folder nor a bucket such as s3://bucket/prefix"
        return text
    return str(Path(text).expanduser().absolute() if text else _home(given, {}) / "files")


def _host(given: Mapping[str, str], wrong: dict[str, str]) -> str:
    host = given.get("ADROOM_HOST", "127.0.0.1")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", host):
            wrong["ADROOM_HOST"] = f"{_echo(host)} is neither an address nor a host name; the port is ADROOM_PORT"
    return host


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _port(given: Mapping[str, str], wrong: dict[str, str]) -> int:
    text = given.get("ADROOM_PORT", "8000")
    if not _is_number(text) or not 1 <= int(text) <= 65535:
        wrong["ADROOM_PORT"] = f"{_echo(text)} is not a port; use a number from 1 to 65535"
        return 0
    return int(text)


def _count(given: Mapping[str, str], name: str, default: int, wrong: dict[str, str]) -> int:
    text = given.get(name, str(default))
    if not _is_number(text) or int(text) == 0:
        wrong[name] = f"{_echo(text)} is not a whole number above zero"
        return default
    return int(text)


def _rate(given: Mapping[str, str], wrong: dict[str, str]) -> int:
    text = given.get("ADROOM_API_RATE", "20")
    if not _is_number(text):
        wrong["ADROOM_API_RATE"] = f"{_echo(text)} is not a number of requests a second; 0 stands for no limit"
        return 0
    return int(text)


def _workers(given: Mapping[str, str], wrong: dict[str, str]) -> int:
    text = given.get("ADROOM_WORKERS", "0")
    if not _is_number(text) or int(text) > MOST_WORKERS:
        wrong["ADROOM_WORKERS"] = f"{_echo(text)} is not a number of processes from 0 to {MOST_WORKERS}"
        return 0
    return int(text)


def _chat_secret(given: Mapping[str, str], wrong: dict[str, str]) -> str | None:
    secret = given.get("ADROOM_CHAT_SECRET")
    if secret is not None and len(secret) < SHORTEST_SECRET:
        wrong["ADROOM_CHAT_SECRET"] = f"too short: use at least {SHORTEST_SECRET} characters"
    return secret


def _money(given: Mapping[str, str], name: str, default: str, wrong: dict[str, str]) -> Decimal:
    try:
        amount = Decimal(given.get(name, default))
        if not amount.is_finite() or amount < 0:
            raise InvalidOperation
    except InvalidOperation:
        wrong[name] = f"{_echo(given[name])} is not an amount in US dollars, such as 5 or 2.50"
        return Decimal(0)
    return amount


def _url(given: Mapping[str, str], name: str, schemes: tuple[str, ...], wrong: dict[str, str]) -> str | None:
    """The address as given. A wrong one is not repeated: it may hold a password."""
    text = given.get(name)
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        # a Postgres address may leave out the host, or name several
        broken = parts.scheme in ("http", "https") and (not parts.hostname or parts.port == 0)
    except ValueError:
        wrong[name] = "is not an address"
        return text
    if parts.scheme not in schemes:
        wrong[name] = f"must begin with {' or '.join(scheme + '://' for scheme in schemes)}"
    elif broken:
        wrong[name] = "names no host, or no port that there is"
    return text


def _hosts(given: Mapping[str, str], host: str) -> tuple[str, ...]:
    extra = [name.strip().lower() for name in given.get("ADROOM_ALLOWED_HOSTS", "").split(",") if name.strip()]
    own = [] if host in ("0.0.0.0", "::") else [host.lower()]  # noqa: S104 - compared, not bound
    return tuple(dict.fromkeys(["localhost", "127.0.0.1", "::1", *own, *extra]))
