"""Handing messages over: the real client of GOV.UK Notify, and real e-mail, against servers of our own."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import uuid4

import pytest
from notifications_python_client.errors import HTTPError

from teams.messenger import NotHandedOver, hand_over
from teams.models import Message

KEY = f"test-{uuid4()}-{uuid4()}"


def message(**changes: Any) -> Message:
    given = {"channel": "text", "to": "07700 900982", "subject": "Hello from Jo", "body": "Hi Sam, it's Jo."}
    return Message(**given | changes)


@pytest.fixture(autouse=True)
def a_real_place(settings: Any) -> None:
    settings.DEMO = False
    settings.NOTIFY_API_KEY, settings.NOTIFY_TEXT_TEMPLATE = KEY, str(uuid4())


@pytest.fixture
def notify(settings: Any) -> Iterator[Any]:
    """A server that answers as it is told, and keeps what it was sent."""

    class Answering(BaseHTTPRequestHandler):
        answer: tuple[int, dict[str, Any]] = (201, {"id": "1"})
        sent: list[dict[str, Any]] = []

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.sent.append(body | {"path": self.path, "signed": self.headers["Authorization"].startswith("Bearer ")})
            status, words = self.answer
            if status == 0:
                return
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(words).encode())

        def log_message(self, *args: Any) -> None:
            pass

    Answering.sent = []
    server = HTTPServer(("127.0.0.1", 0), Answering)
    settings.NOTIFY_URL = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    yield Answering
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_text_goes_with_its_words_and_its_own_id(notify: Any, settings: Any) -> None:
    sent = message()
    hand_over(sent)
    assert notify.sent == [
        {
            "path": "/v2/notifications/sms",
            "signed": True,
            "phone_number": "+447700900982",
            "template_id": settings.NOTIFY_TEXT_TEMPLATE,
            "personalisation": {"body": "Hi Sam, it's Jo."},
            "reference": str(sent.pk),
        }
    ]


@pytest.mark.parametrize("status", [400, 403, 429])
def test_a_text_that_was_refused_was_certainly_not_sent(notify: Any, status: int) -> None:
    notify.answer = (status, {"errors": [{"error": "BadRequest", "message": "no"}]})
    with pytest.raises(NotHandedOver, match="text service"):
        hand_over(message())


@pytest.mark.parametrize("status", [500, 503, 0])
def test_when_nobody_knows_whether_a_text_went_nobody_says_it_did_not(notify: Any, status: int) -> None:
    notify.answer = (status, {})
    with pytest.raises(HTTPError):
        hand_over(message())
    assert len(notify.sent) == 1


@pytest.mark.parametrize("to", ["", "Sam's phone", "+1 212 555 0100", "070 1234 5678", "01632 960100"])
def test_a_text_goes_to_mobiles_in_the_uk_and_nowhere_else(notify: Any, to: str) -> None:
    with pytest.raises(NotHandedOver, match="not a mobile number"):
        hand_over(message(to=to))
    assert notify.sent == []


def test_where_texts_are_not_set_up_it_says_so(settings: Any) -> None:
    settings.NOTIFY_API_KEY = ""
    with pytest.raises(NotHandedOver, match="No way to send texts is set up"):
        hand_over(message())


def test_in_the_demo_nothing_leaves_the_machine(notify: Any, settings: Any, mailoutbox: list[Any]) -> None:
    settings.DEMO = True
    hand_over(message())
    hand_over(message(channel="email", to="sam@example.org"))
    assert notify.sent == []
    assert mailoutbox == []


def test_an_email_goes_with_its_own_id_and_says_nothing_more(settings: Any, mailoutbox: list[Any]) -> None:
    settings.SITE_URL = "https://hello.example.org"
    sent = message(channel="email", to="sam@example.org")
    hand_over(sent)
    (email,) = mailoutbox
    assert (email.to, email.subject, email.body) == (["sam@example.org"], "Hello from Jo", "Hi Sam, it's Jo.")
    assert email.message()["Message-ID"] == f"<{sent.pk}@hello.example.org>"


@contextmanager
def mail_server(settings: Any, answers: Callable[[str], str | None]) -> Iterator[list[str]]:
    """A mail server of few words: ``answers`` says what each command gets; None hangs up."""
    heard: list[str] = []
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(3)

    def serve() -> None:
        with suppress(OSError):
            connection, _ = listening.accept()
            connection.settimeout(3)
            with connection, connection.makefile("rw", newline="\r\n") as line:
                line.write("220 here\r\n")
                line.flush()
                for given in line:
                    heard.append(given.strip())
                    answer = answers(given.strip())
                    if answer is None:
                        return
                    if answer:
                        line.write(f"{answer}\r\n")
                        line.flush()

    thread = threading.Thread(target=serve)
    thread.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", listening.getsockname()[1]
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 2
    try:
        yield heard
    finally:
        listening.close()
        thread.join()


def usual(given: str) -> str | None:
    word = given.split(" ")[0].upper()
    return {
        "EHLO": "250 here",
        "MAIL": "250 ok",
        "RCPT": "250 ok",
        "DATA": "354 go on",
        "RSET": "250 ok",
        "QUIT": "221 bye",
        ".": "250 ok",
    }.get(word, "")


def test_an_email_is_taken_by_a_real_mail_server(settings: Any) -> None:
    with mail_server(settings, usual) as heard:
        hand_over(message(channel="email", to="sam@example.org"))
    assert "Subject: Hello from Jo" in heard


@pytest.mark.parametrize(
    "refused",
    [
        lambda given: "550 nobody here" if given.startswith("rcpt") else usual(given),
        lambda given: "550 not from you" if given.startswith("mail") else usual(given),
        lambda given: "552 too full" if given == "." else usual(given),
        lambda given: "451 later" if given == "." else usual(given),
    ],
)
def test_an_email_that_was_refused_was_certainly_not_sent(settings: Any, refused: Any) -> None:
    with mail_server(settings, refused), pytest.raises(NotHandedOver, match="mail server"):
        hand_over(message(channel="email", to="sam@example.org"))


def test_an_email_is_never_sent_in_the_clear_where_that_was_not_agreed(settings: Any) -> None:
    with mail_server(settings, usual) as heard:
        settings.EMAIL_USE_TLS = True
        with pytest.raises(NotHandedOver):
            hand_over(message(channel="email", to="sam@example.org"))
    assert {line.split(" ")[0].lower() for line in heard} <= {"ehlo", "quit"}


@pytest.mark.parametrize("instead_of_an_answer", [None, ""])
def test_when_nobody_knows_whether_an_email_went_nobody_says_it_did_not(
    settings: Any, instead_of_an_answer: str | None
) -> None:
    def silent(given: str) -> str | None:
        return instead_of_an_answer if given == "." else usual(given)

    with mail_server(settings, silent), pytest.raises((OSError, TimeoutError)):
        hand_over(message(channel="email", to="sam@example.org"))


def test_a_mail_server_that_is_not_there_took_nothing(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.create_server(("127.0.0.1", 0)) as gone:
        settings.EMAIL_HOST, settings.EMAIL_PORT = gone.getsockname()
    with pytest.raises(NotHandedOver, match="could not be reached"):
        hand_over(message(channel="email", to="sam@example.org"))


@pytest.mark.parametrize("to", ["not an address", "a@b\nBcc: c@d", "a@", ""])
def test_an_address_that_cannot_be_used_is_said(to: str) -> None:
    with pytest.raises(NotHandedOver, match="cannot be used"):
        hand_over(message(channel="email", to=to))


def test_a_line_break_in_a_subject_adds_no_header(mailoutbox: list[Any]) -> None:
    with pytest.raises(NotHandedOver):
        hand_over(message(channel="email", to="sam@example.org", subject="Hi\nBcc: c@d"))
    assert mailoutbox == []
