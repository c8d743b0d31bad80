"""The first thing to do on a new server: make the team at the front door, and the member who leads it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from teams import actions, addresses
from teams.models import Sector


class Command(BaseCommand):
    help = "Make the team at the front door, and the member who leads it. A second time changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--team", required=True, help="what the team is called")
        parser.add_argument("--organisation", required=True, help="who the lead works for")
        parser.add_argument("--sector", required=True, choices=Sector.values, help="what that organisation is")
        parser.add_argument("--lead-name", required=True)
        parser.add_argument("--lead-email", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        email = addresses.email(options["lead_email"])
        if email is None:
            raise CommandError("--lead-email does not look like an e-mail address.")
        try:
            member = actions.found_place(
                team=options["team"],
                organisation=options["organisation"],
                sector=options["sector"],
                name=options["lead_name"],
                email=email,
                now=timezone.now(),
            )
        except actions.FoundedAlready as there:
            raise CommandError(f"“{there}” is at the front door already. Its lead invites people.") from None
        self.stdout.write(
            f"{member.team} is at the front door, and {member.user} leads it.\n"
            f"Next: {member.user} signs in at {settings.SITE_URL}{reverse('account_login')} with {email},\n"
            f"and invites the others at {settings.SITE_URL}{reverse('team')}."
        )
