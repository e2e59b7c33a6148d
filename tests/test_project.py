"""The project's own files hold what the README promises."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
TRACKED = subprocess.run(["git", "-C", str(ROOT), "ls-files"], capture_output=True, text=True).stdout.split()


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-bench.txt"])
def test_every_requirement_is_pinned_and_hashed_and_no_index_is_named(name: str) -> None:
    text = read(name)
    pins = re.findall(r"^[a-z0-9._-]+(?:\[[a-z0-9,_-]+\])?==\S+", text, re.M | re.I)
    assert len(pins) > 50
    assert text.count("--hash=sha256:") >= len(pins)
    assert "://" not in text
    assert "index-url" not in text


def test_what_the_product_needs_is_pinned_the_same_for_the_tests() -> None:
    product = dict(re.findall(r"^([a-z0-9._-]+)(?:\[\S+\])?==(\S+)", read("requirements.txt"), re.M))
    tests = dict(re.findall(r"^([a-z0-9._-]+)(?:\[\S+\])?==(\S+)", read("requirements-dev.txt"), re.M))
    assert {name: tests.get(name) for name in product} == product


def test_the_readme_names_two_commands_that_the_makefile_has() -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.M))
    named = set(re.findall(r"make ([a-z]+)", read("README.md")))
    assert {"run", "test", "demo", "help", "check"} <= named <= targets


def test_every_setting_that_is_read_stands_in_the_readme() -> None:
    source = read("assistant/settings.py")
    settings = set(re.findall(r'"((?:ADROOM|OPENAI)_[A-Z_]+|DATABASE_URL|REDIS_URL)"', source))
    readme = read("README.md")
    assert len(settings) > 12
    assert sorted(name for name in settings if name not in readme) == []


def test_the_compose_file_starts_the_app_with_a_database_and_redis() -> None:
    services = yaml.safe_load(read("docker-compose.yml"))["services"]
    assert set(services) == {"app", "database", "cache"}
    assert "pgvector" in services["database"]["image"]
    assert {"DATABASE_URL", "REDIS_URL", "ADROOM_PASSWORD"} <= set(services["app"]["environment"])
    assert set(services["app"]["depends_on"]) == {"database", "cache"}


def test_no_tracked_text_names_a_package_registry() -> None:
    hosts = re.compile("|".join(("py" + "pi.org", "python" + "hosted", "registry.npm" + "js", "deb.deb" + "ian")))
    named = [
        name
        for name in TRACKED
        if Path(name).suffix in {".py", ".md", ".txt", ".toml", ".yml", ".yaml", ".json", ".js", ".jsx", ""}
        and hosts.search((ROOT / name).read_text(encoding="utf-8", errors="ignore"))
    ]
    assert named == []


def test_no_file_is_longer_than_a_person_reads() -> None:
    long = {
        name: lines
        for name in TRACKED
        if name.endswith(".py") and (lines := len(read(name).splitlines())) > 400 and not name.startswith("tests/")
    }
    assert long == {}


def test_every_agent_has_instructions_that_fence_what_it_reads() -> None:
    folders = [path for path in (ROOT / "assistant" / "agents").iterdir() if (path / "agent.py").exists()]
    assert len(folders) >= 6
    for folder in folders:
        text = (folder / "instructions.md").read_text(encoding="utf-8")
        assert "<data>" in text, f"{folder.name} is not told that data is no instruction"


def test_fonts_come_with_their_licence() -> None:
    fonts = ROOT / "public" / "fonts"
    assert list(fonts.glob("*.woff2"))
    assert "SIL OPEN FONT LICENSE" in next(fonts.glob("*LICENSE*")).read_text(encoding="utf-8").upper()
