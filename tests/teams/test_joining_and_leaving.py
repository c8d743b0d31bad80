"""Joining a team by invitation, the rota, and leaving: at once, everywhere."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from teams.actions import FoundedAlready, accept_invitation, found_place, invite
from teams.models import Invitation, Membership, Message, Organisation, Team, User
from teams.permissions import NotALead, NotAMember
from tests.factories import make_member, make_organisation, make_person, make_team, signed_in

pytestmark = pytest.mark.django_db

ALI = {"name": "Ali Khan", "email": "Ali@Peers.example", "role": "peer worker"}
PEERS = {"organisation": "", "new_organisation": "Harbour Peers", "sector": "peer"}


def link_in_the_outbox() -> str:
    found = re.search(r"http://\S+?(/invitation/\S+/)", Message.objects.latest("written_at").body)
    assert found
    return found[1]


def invited(client: Client, **changes: str) -> str:
    answer = client.post("/team/", ALI | PEERS | changes)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/team/")
    return link_in_the_outbox()


def test_a_lead_invites_somebody_and_the_press_on_the_link_signs_them_in() -> None:
    lead = make_member(name="Jo Bevan", leads=True)
    link = invited(signed_in(lead.user))
    message = Message.objects.get()
    assert (message.to, message.recipient, message.subject) == ("ali@peers.example", None, "Jo Bevan has invited you")

    browser = Client()
    page = browser.get(link)
    assert page.status_code == 200
    assert b"Jo Bevan would like you to join" in page.content
    joined = browser.post(link)
    assert (joined.status_code, joined.headers["Location"]) == (303, reverse("today"))
    ali = User.objects.get(email="ali@peers.example")
    assert browser.session["_auth_user_id"] == str(ali.pk)
    place = ali.memberships.get()
    assert (place.role, place.organisation.name, place.organisation.sector) == ("peer worker", "Harbour Peers", "peer")
    assert not place.leads
    assert b"Ali Khan" in signed_in(lead.user).get("/team/").content


def test_a_machine_that_looks_at_the_link_changes_nothing() -> None:
    link = invited(signed_in(make_member(leads=True).user))
    for _ in range(3):
        assert Client().get(link).status_code == 200
        assert Client().head(link).status_code == 200
    assert not User.objects.filter(email="ali@peers.example").exists()


def test_a_link_works_once_and_is_then_like_one_that_never_was() -> None:
    link = invited(signed_in(make_member(leads=True).user))
    Client().post(link)
    for method in ("get", "post"):
        used, never = (getattr(Client(), method)(at) for at in (link, "/invitation/never/"))
        assert used.status_code == never.status_code == 404
        assert used.content == never.content


def test_a_link_is_too_old_after_fourteen_days_and_a_newer_one_ends_it() -> None:
    jo = signed_in(make_member(leads=True).user)
    first = invited(jo)
    second = invited(jo)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().post(second).status_code == 404


def test_the_link_is_kept_nowhere_but_in_the_message() -> None:
    token = invited(signed_in(make_member(leads=True).user)).split("/")[2]
    assert token not in str(Invitation.objects.values())


@pytest.mark.parametrize("token", ["%00", "a" * 3000, "%F0%9F%9A%AA", "..", "%2e%2e"])
def test_any_nonsense_in_the_place_of_a_link_is_a_kind_page(token: str) -> None:
    assert Client().get(f"/invitation/{token}/").status_code == 404
    assert Client().post(f"/invitation/{token}/").status_code == 404


def test_somebody_who_has_an_account_already_keeps_it() -> None:
    sam = make_person(name="Sam").user
    User.objects.filter(pk=sam.pk).update(email="ali@peers.example")
    Client().post(invited(signed_in(make_member(leads=True).user)))
    assert User.objects.get(email="ali@peers.example").pk == sam.pk
    assert sam.memberships.exists()


def test_an_account_that_has_ended_is_not_opened_again_by_an_invitation() -> None:
    gone = make_member().user
    User.objects.filter(pk=gone.pk).update(is_active=False, email="ali@peers.example")
    Membership.objects.filter(user=gone).update(ended_at=timezone.now(), ended_by=gone)
    assert Client().post(invited(signed_in(make_member(leads=True).user))).status_code == 404


def test_only_those_who_lead_can_invite() -> None:
    jo = make_member(name="Jo")
    page = signed_in(jo.user).get("/team/")
    assert page.status_code == 200
    assert b"Invite somebody" not in page.content
    refused = signed_in(jo.user).post("/team/", ALI | PEERS)
    assert refused.status_code == 403
    with pytest.raises(NotALead):
        _invite(jo, by=jo.user)
    assert not Invitation.objects.exists()


def test_a_lead_of_another_team_cannot_invite_into_this_one() -> None:
    jo = make_member(name="Jo", leads=True)
    other = make_member(name="Other", leads=True, team=make_team(name="Elsewhere", is_front_door=False))
    with pytest.raises(NotAMember):
        _invite(jo, by=other.user)


def _invite(member: Membership, *, by: Any) -> Invitation:
    organisation = make_organisation(name="Harbour Peers", sector="peer").pk
    return invite(
        team_id=member.team_id,
        name="Ali",
        email="ali@peers.example",
        role="peer",
        organisation=organisation,
        by=by,
        now=timezone.now(),
    )


def test_an_organisation_that_is_known_is_not_made_twice() -> None:
    make_organisation(name="Harbour Peers", sector="peer")
    invited(signed_in(make_member(leads=True).user), new_organisation="harbour peers")
    assert Organisation.objects.filter(name__iexact="harbour peers").count() == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"new_organisation": ""}, "Pick who they work for"),
        ({"sector": ""}, "Pick what kind of organisation"),
        ({"email": "ali"}, "We could not read that email"),
        ({"organisation": "999999"}, "Pick one from the list"),
        ({"sector": "nonsense"}, "Pick one from the list"),
        ({"name": ""}, "Write their name"),
        ({"name": "A\nb", "role": ""}, "Write what they do"),
    ],
)
def test_what_is_missing_is_asked_for_and_the_rest_stays(changes: dict[str, str], says: str) -> None:
    answer = signed_in(make_member(leads=True).user).post("/team/", ALI | PEERS | changes)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert "Ali@Peers.example" in answer.content.decode() or "email" in changes


def test_somebody_who_is_in_the_team_is_not_invited_again() -> None:
    lead = make_member(leads=True)
    answer = signed_in(lead.user).post("/team/", ALI | PEERS | {"email": lead.user.email})
    assert answer.status_code == 422
    assert "They are in the team already" in answer.content.decode()


def test_a_membership_that_ends_ends_every_visit_at_once() -> None:
    lead, ali = make_member(name="Lead", leads=True), make_member(name="Ali", sector="peer")
    phone, laptop, jo = signed_in(ali.user), signed_in(ali.user), signed_in(lead.user)
    assert phone.get("/team/").status_code == laptop.get("/team/").status_code == 200

    assert "Is Ali leaving the team?" in jo.get(f"/team/{ali.pk}/end/").content.decode()
    assert jo.post(f"/team/{ali.pk}/end/").status_code == 303

    for device in (phone, laptop):
        answer = device.get("/team/")
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/login/")
    ali = Membership.objects.get(pk=ali.pk)
    assert signed_in(ali.user).get("/team/").status_code == 404
    assert jo.get("/team/").status_code == 200
    assert ali.ended_by == lead.user


def test_ending_twice_is_like_ending_once() -> None:
    lead, ali = make_member(leads=True), make_member(name="Ali")
    for _ in range(2):
        assert signed_in(lead.user).post(f"/team/{ali.pk}/end/").status_code == 303


def test_the_last_who_leads_stays() -> None:
    lead = make_member(leads=True)
    answer = signed_in(lead.user).post(f"/team/{lead.pk}/end/")
    assert answer.status_code == 403
    assert "Nobody else leads the team" in answer.content.decode()


def test_only_those_who_lead_end_a_membership() -> None:
    jo, ali = make_member(name="Jo"), make_member(name="Ali")
    assert signed_in(jo.user).post(f"/team/{ali.pk}/end/").status_code == 403
    assert signed_in(jo.user).get(f"/team/{ali.pk}/end/").status_code == 404


def test_a_member_of_another_team_is_not_to_be_found() -> None:
    lead = make_member(leads=True)
    other = make_member(name="Other", team=make_team(name="Elsewhere", is_front_door=False))
    jo = signed_in(lead.user)
    for path in ("end", "rota"):
        theirs, nobodys = (jo.post(f"/team/{pk}/{path}/") for pk in (other.pk, uuid.uuid4()))
        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.content == nobodys.content
    assert jo.get(f"/team/{other.pk}/end/").status_code == 404


def test_a_person_does_not_find_the_team_page() -> None:
    client = Client()
    client.force_login(make_person(name="Sam").user)
    assert client.get("/team/").status_code == 404
    assert client.post("/team/", ALI | PEERS).status_code == 404


def test_a_member_puts_themselves_on_the_rota_and_a_lead_anybody() -> None:
    lead, ali, jo = make_member(leads=True), make_member(name="Ali", says_hello=False), make_member(name="Jo")
    assert signed_in(ali.user).post(f"/team/{ali.pk}/rota/", {"says_hello": "1"}).status_code == 303
    ali.refresh_from_db()
    assert ali.says_hello
    assert signed_in(lead.user).post(f"/team/{ali.pk}/rota/", {"says_hello": "0"}).status_code == 303
    ali.refresh_from_db()
    assert not ali.says_hello
    assert signed_in(jo.user).post(f"/team/{ali.pk}/rota/", {"says_hello": "1"}).status_code == 403


def test_a_new_place_is_founded_once() -> None:
    def found() -> Membership:
        return found_place(
            team="Saltmere",
            organisation="Harbour Peers",
            sector="peer",
            name="Jo Bevan",
            email="Jo@example.org",
            now=timezone.now(),
        )

    assert found().pk == found().pk
    member = Membership.objects.get()
    assert (member.leads, member.team.is_front_door, member.user.email) == (True, True, "jo@example.org")
    Team.objects.update(name="Another")
    with pytest.raises(FoundedAlready):
        found()


def test_the_command_that_founds_says_what_to_do_next(capsys: pytest.CaptureFixture[str]) -> None:
    given = [
        "--team=Saltmere",
        "--organisation=Peers",
        "--sector=peer",
        "--lead-name=Jo",
        "--lead-email=jo@example.org",
    ]
    call_command("found_place", *given)
    said = capsys.readouterr().out
    assert "Jo signs in at http://" in said
    assert "/accounts/login/" in said
    with pytest.raises(CommandError, match="does not look like"):
        call_command("found_place", *given[:-1], "--lead-email=jo")
    with pytest.raises(CommandError, match="is at the front door already"):
        call_command("found_place", "--team=Other", *given[1:])


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_one_member() -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    from teams.actions import InvitationOver

    token = invited(signed_in(make_member(leads=True).user)).split("/")[2]

    def press(_: int) -> bool:
        try:
            accept_invitation(token=token, now=timezone.now())
        except InvitationOver:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == [False, False, False, True]
    assert Membership.objects.filter(user__email="ali@peers.example").count() == 1
