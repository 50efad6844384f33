"""`.run/`: secrets are made once and kept close, ports are remembered, and one run is alone."""

import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from chassis.messaging.broker import Broker
from devstack.run.environment import addresses_of, broker_of, environment_of
from devstack.run.folder import PORTS, SERVICES, WITH_DATABASE, AlreadyRunning, RunFolder
from devstack.run.programs import programs
from devstack.servers.ports import free_port, is_free


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    own = RunFolder(tmp_path / ".run")
    own.prepare()
    return own


def test_secrets_are_made_once_and_only_their_owner_reads_them(folder: RunFolder) -> None:
    first = folder.secrets()
    assert first == folder.secrets()
    assert len(set(first.values())) == len(first)
    assert stat.S_IMODE((folder.path / "secrets.json").stat().st_mode) == 0o600


def test_a_new_secret_leaves_those_known_as_they_are(folder: RunFolder) -> None:
    first = folder.secrets()
    file = folder.path / "secrets.json"
    file.write_text(file.read_text().replace("ticket_secret", "of_an_older_version"))
    again = folder.secrets()
    assert again["ticket_secret"] != first["ticket_secret"]
    assert again["cursor_secret"] == first["cursor_secret"]


def test_a_port_that_is_taken_gives_way_to_the_next_free_one_which_is_remembered(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = free_port()
    monkeypatch.setitem(PORTS, "portal", taken)
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", taken))
        somebody.listen()
        chosen = folder.ports(["portal"])["portal"]
    assert taken < chosen < taken + 50
    assert folder.ports(["portal"]) == {"portal": chosen}


def test_every_process_gets_a_port_of_its_own(folder: RunFolder) -> None:
    for split in (False, True):
        names = [program.port for program in programs(split)]
        assert len(set(folder.ports(names).values())) == len(names)


def test_two_runs_that_begin_together_choose_other_ports(folder: RunFolder, tmp_path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom devstack.run.folder import RunFolder\n"
        f"folder = RunFolder(Path({str(tmp_path / 'other')!r}))\nfolder.prepare()\n"
        "print(folder.ports(['portal', 'tasks'])['tasks'], flush=True)\nsys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        theirs = int(other.stdout.readline())
        assert is_free(theirs), "nobody listens there yet"
        assert theirs not in folder.ports(["portal", "tasks"]).values()
        other.kill()


def test_a_second_run_of_the_same_checkout_is_refused(folder: RunFolder) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom devstack.run.folder import RunFolder\n"
        f"with RunFolder(Path({str(folder.path)!r})).alone():\n"
        "    print('in', flush=True)\n    sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
        assert folder.running() == other.pid
        with pytest.raises(AlreadyRunning, match=str(other.pid)), folder.alone():
            pass
        other.kill()
        other.wait()
    assert folder.running() is None
    with folder.alone():
        pass


def test_every_setting_without_a_default_is_exported(folder: RunFolder) -> None:
    ports = dict(PORTS)
    addresses = addresses_of(ports, "amqp://a", "postgresql://p", "http://m")
    databases = dict.fromkeys(WITH_DATABASE, "postgresql://x")
    exported = environment_of(folder, addresses, ports, databases)
    from contract_files.environment import settings_of  # noqa: PLC0415 - loads everything

    for service in (*SERVICES, "portal"):
        settings = settings_of(service)
        prefix = str(settings.model_config.get("env_prefix") or "")
        for name, field in settings.model_fields.items():
            if field.is_required():
                assert str(field.validation_alias or f"{prefix}{name}").upper() in exported


def test_the_addresses_have_the_keys_others_rely_on() -> None:
    found = addresses_of(PORTS, "amqp://a", "postgresql://p")
    others = {"portal", "issuer", "amqp", "smtp", "mailbox", "postgres", "broker_admin", "partner"}
    assert found.keys() == {*SERVICES, *others, "amqp_partners"}


def test_whoever_starts_it_adds_receivers_of_their_own(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_ALLOWED", "127.0.0.1:9100")
    found = addresses_of(PORTS, "amqp://a", "postgresql://p")
    exported = environment_of(folder, found, PORTS, dict.fromkeys(WITH_DATABASE, "postgresql://x"))
    assert exported["WEBHOOK_ALLOWED"] == f"127.0.0.1:{PORTS['partner']}, 127.0.0.1:9100"


def test_webhooks_may_go_to_the_demos_partner_on_this_machine_and_nowhere_without_it(
    folder: RunFolder,
) -> None:
    databases = dict.fromkeys(WITH_DATABASE, "postgresql://x")
    found = addresses_of(PORTS, "amqp://a", "postgresql://p")
    exported = environment_of(folder, found, PORTS, databases)
    assert exported["WEBHOOK_ALLOWED"] == f"127.0.0.1:{PORTS['partner']}"
    del found["partner"]
    assert "WEBHOOK_ALLOWED" not in environment_of(folder, found, PORTS, databases)


def test_other_systems_have_queues_on_a_broker_of_our_own_and_their_address_holds_no_password(
    folder: RunFolder,
) -> None:
    ours = addresses_of(PORTS, "amqp://nhip:x@127.0.0.1:7/nhip", "postgresql://p", "http://m")
    assert ours["amqp_partners"] == "amqp://127.0.0.1:7/partners"
    settings = broker_of(ours, folder.secrets(), SERVICES)
    assert (settings["PARTNERS_VHOST"], settings["PARTNERS_ADMIN_URL"]) == ("partners", "http://m")
    given = addresses_of(PORTS, "amqp://guest:guest@elsewhere/", "postgresql://p")
    assert given["amqp_partners"] == ""
    assert "PARTNERS_VHOST" not in broker_of(given, folder.secrets(), SERVICES)


def test_each_service_signs_in_at_our_own_broker_as_itself(folder: RunFolder) -> None:
    addresses = addresses_of(PORTS, "amqp://nhip:x@127.0.0.1:7/nhip", "postgresql://p", "http://m")
    settings = broker_of(addresses, folder.secrets(), SERVICES)
    brokers = {name: Broker(settings[f"{name.upper()}_RABBITMQ_URL"], name) for name in SERVICES}
    assert settings["RABBITMQ_ADMIN_URL"] == "http://m"
    assert len({broker.user for broker in brokers.values()}) == len(SERVICES)
    assert len({broker.password for broker in brokers.values()}) == len(SERVICES)
    owner = brokers["reporting"].owner_of("surveys.response_submitted.v1")
    assert owner == brokers["surveys"].user


def test_on_a_broker_that_was_given_all_services_have_its_user(folder: RunFolder) -> None:
    addresses = addresses_of(PORTS, "amqp://guest:guest@elsewhere/", "postgresql://p")
    settings = broker_of(addresses, folder.secrets(), SERVICES)
    assert "RABBITMQ_ADMIN_URL" not in settings
    assert settings["BROKER_USERS"] == "shared"
    assert {settings[f"{name.upper()}_RABBITMQ_URL"] for name in SERVICES} == {addresses["amqp"]}
