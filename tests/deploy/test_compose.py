"""docker-compose.yml: a container gets what its settings name and no more; bounded, pinned."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from pydantic_settings import BaseSettings

from contract_files.environment import settings_of
from devstack.issuer.settings import IssuerSettings

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
EXAMPLE = ROOT / ".env.compose.example"
TEXT = COMPOSE.read_text()
CONTAINERS = yaml.safe_load(TEXT)["services"]
SERVICES = ("tasks", "surveys", "notifications", "reporting")
SERVERS = {"postgres", "rabbitmq"}
OURS = sorted(CONTAINERS.keys() - SERVERS)
ADMIN = "RABBITMQ_ADMIN_URL"
MADE_UP = {
    "PUBLIC_BASE_URL": "https://cchc.example", "SURVEYS_PUBLIC_URL": "https://khaosat.example",
    "OIDC_ISSUER": "https://dang-nhap.example", "ORGANISATION": "Sở Nội vụ", "SMTP_URL":
    "smtp://may-chu-thu.example", "MAIL_FROM": "cchc@snv.example",
}  # fmt: skip
VARIABLE = re.compile(r"\$\{(\w+)(:[-?])?([^}]*)\}")


def owner_of(container: str) -> str:
    """Return the service a container belongs to: what `make` of its image is about."""
    return container.removesuffix("-migrate").split("-")[0]


def settings_class(container: str) -> type[BaseSettings]:
    return IssuerSettings if container == "issuer" else settings_of(owner_of(container))


def names_of(settings: type[BaseSettings]) -> dict[str, bool]:
    """Return the variables a settings class names, and whether each must be given."""
    prefix = str(settings.model_config.get("env_prefix") or "")
    return {
        str(field.validation_alias or f"{prefix}{name}").upper(): field.is_required()
        for name, field in settings.model_fields.items()
    }


def variables(value: object) -> set[str]:
    return {match[1] for match in VARIABLE.finditer(str(value))}


def example() -> dict[str, str]:
    lines = [line for line in EXAMPLE.read_text().splitlines() if line and line[0] != "#"]
    return dict(line.split("=", 1) for line in lines)


def filled(value: str, settings: dict[str, str]) -> str:
    """Return what compose puts into the container."""
    return VARIABLE.sub(lambda m: settings[m[1]] or (m[3] if m[2] == ":-" else ""), value)


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    """A settings file as an operator makes it."""
    file = tmp_path_factory.mktemp("compose") / ".env"
    lines = EXAMPLE.read_text().splitlines()
    file.write_text("\n".join(f"{x}{MADE_UP.get(x.removesuffix('='), '')}" for x in lines))
    subprocess.run([ROOT / "deploy/fill_secrets", file], check=True)
    return file


@pytest.fixture(scope="module")
def given(written) -> dict[str, str]:
    lines = [line for line in written.read_text().splitlines() if line and line[0] != "#"]
    return dict(line.split("=", 1) for line in lines)


@pytest.mark.parametrize("container", OURS)
def test_a_container_gets_only_what_its_settings_name(container):
    environment = CONTAINERS[container]["environment"].keys()
    assert environment <= names_of(settings_class(container)).keys()
    assert "env_file" not in CONTAINERS[container]


@pytest.mark.parametrize("container", OURS)
def test_a_container_gets_all_that_its_settings_require(container, given, monkeypatch):
    """And what it gets is valid: the class itself reads it, with nothing else around."""
    environment = CONTAINERS[container]["environment"]
    required = {name for name, must in names_of(settings_class(container)).items() if must}
    assert required <= environment.keys()
    for name in os.environ.keys() & names_of(settings_class(container)).keys():
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, filled(value, given))
    settings_class(container)()


@pytest.mark.parametrize("container", OURS)
def test_only_migrations_hold_the_administrators_password_of_the_broker(container):
    holds = "RABBITMQ_ADMIN_PASSWORD" in variables(CONTAINERS[container]["environment"])
    assert holds == (container in {f"{service}-migrate" for service in SERVICES})


@pytest.mark.parametrize("container", OURS)
def test_only_the_clock_that_keeps_partners_queues_may_be_an_administrator_at_run_time(container):
    holds = "PARTNERS_ADMIN_URL" in variables(CONTAINERS[container]["environment"])
    assert holds == (container == "notifications-clock")


@pytest.mark.parametrize("container", OURS)
def test_no_container_of_ours_holds_a_secret_of_another_service(container):
    if container == "issuer":
        return  # it checks the secrets of all clients; development only
    used = variables(CONTAINERS[container]["environment"])
    others = {f"{name}_".upper() for name in (*SERVICES, "portal")} - {
        f"{owner_of(container)}_".upper()
    }
    secrets = {name for name in used if name.endswith(("_PASSWORD", "_SECRET"))}
    assert not {name for name in secrets if name.startswith(tuple(others))}
    alone = {"TICKET_SECRET": "surveys", "SESSION_SECRET": "portal"}
    assert all(owner_of(container) == owner for name, owner in alone.items() if name in used)
    assert "POSTGRES_PASSWORD" not in used


def test_no_two_secrets_are_the_same_and_each_has_a_value(given):
    secrets = [v for name, v in given.items() if name.endswith(("_PASSWORD", "_SECRET"))]
    assert len(set(secrets)) == len(secrets) > 20
    assert all(re.fullmatch(r"[0-9a-f]{64}", value) for value in secrets)


def test_filling_in_secrets_leaves_what_is_there(tmp_path):
    file = tmp_path / ".env"
    file.write_text("# TICKET_SECRET=\nTICKET_SECRET=mine\nSMTP_URL=\nSESSION_SECRET=")
    subprocess.run([ROOT / "deploy/fill_secrets", file], check=True)
    lines = file.read_text().splitlines()
    assert lines[:3] == ["# TICKET_SECRET=", "TICKET_SECRET=mine", "SMTP_URL="]
    assert re.fullmatch(r"SESSION_SECRET=[0-9a-f]{64}", lines[3])
    assert file.stat().st_mode & 0o077 == 0


def test_a_missing_setting_stops_with_its_name_and_the_example_has_each():
    found = [match.groups() for match in VARIABLE.finditer(TEXT)]
    assert found
    for name, how, rest in found:
        assert how == ":-" or rest.startswith(name), f"{name} would be empty without a word"
    assert example().keys() == {name for name, _, _ in found}


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_image_is_of_one_version(name):
    image = CONTAINERS[name]["image"]
    assert re.search(r":\d+\.\d+(\.\d+)?(-management)?$", image), image


def test_our_images_have_the_version_of_the_code():
    versions = {
        tomllib.loads((ROOT / folder / "pyproject.toml").read_text())["project"]["version"]
        for folder in (*(f"services/{name}" for name in SERVICES), "web", "dev")
    }
    images = {CONTAINERS[name]["image"].rsplit(":", 1)[1] for name in OURS}
    assert images == versions


def test_the_recipe_of_our_images_starts_from_one_exact_version():
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert len(bases) == 2
    assert all(re.search(r":\d+\.\d+\.\d+-", base) for base in bases)
    assert len(set(bases)) == 1


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_container_has_limits_and_its_log_an_end(name):
    container = CONTAINERS[name]
    assert container["mem_limit"]
    assert container["cpus"] > 0
    assert container["pids_limit"] > 0
    options = container["logging"]["options"]
    assert options["max-size"]
    assert int(options["max-file"]) >= 2


def test_the_development_issuer_starts_only_when_asked_and_never_again_and_again():
    issuer = CONTAINERS["issuer"]
    assert issuer["profiles"] == ["development"]
    assert issuer["restart"] == "no"
    assert "issuer" not in str([c.get("depends_on") for c in CONTAINERS.values()])
    assert not [n for n in CONTAINERS if n != "issuer" and "profiles" in CONTAINERS[n]]


def test_what_people_open_is_a_public_address_and_never_a_containers_name(given):
    """A ticket's address, a mail's link, the way back from signing in."""
    public = ("PUBLIC_BASE_URL", "SURVEYS_PUBLIC_URL", "PORTAL_URL", "OIDC_ISSUER")
    for name in OURS:
        for variable in public:
            value = CONTAINERS[name]["environment"].get(variable, "${PUBLIC_BASE_URL}")
            assert not any(f"//{each}:" in filled(value, given) for each in CONTAINERS)
    assert "SURVEYS_PUBLIC_URL" in CONTAINERS["surveys-api"]["environment"]


def composer() -> list[str]:
    """Return the command of compose on this machine; empty without one."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]):
            asked = subprocess.run([*command, "version"], capture_output=True, check=False)
            if asked.returncode == 0:
                return command
    return []


@pytest.mark.skipif(not composer(), reason="no docker compose on this machine")
@pytest.mark.parametrize("profile", [[], ["--profile", "development"]])
def test_compose_itself_reads_the_file(written, profile):
    command = [*composer(), "-f", COMPOSE, "--env-file", written, *profile, "config"]
    clean = {name: value for name, value in os.environ.items() if name not in example()}
    done = subprocess.run(command, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "${" not in done.stdout


@pytest.mark.skipif(not composer(), reason="no docker compose on this machine")
def test_compose_itself_stops_when_a_setting_is_missing(written, tmp_path):
    file = tmp_path / ".env"
    settings = written.read_text().splitlines()
    file.write_text("\n".join(x for x in settings if not x.startswith("MAIL_FROM=")))
    command = [*composer(), "-f", COMPOSE, "--env-file", file, "config", "-q"]
    clean = {name: value for name, value in os.environ.items() if name not in example()}
    done = subprocess.run(command, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "MAIL_FROM is not set" in done.stderr
