"""`python manage.py rebuild_arsearch`: index all objects anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from arsearch.errors import ArsearchError
from arsearch.integrations.django.rebuilding import rebuild

__all__ = ["Command"]


class Command(BaseCommand):
    """Index all objects of all searchable models anew, and put the new index in the place of the old one."""

    help = "Index all objects of the searchable models anew. Searches see the old index until the new one is complete."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --workers."""
        parser.add_argument("--workers", type=int, default=1, help="the number of processes (default 1)")

    def handle(self, *_: Any, workers: int, **__: Any) -> None:
        """Run the command."""
        try:
            report = rebuild(workers=workers)
        except (ArsearchError, OSError) as error:
            raise CommandError(str(error)) from error
        for failure in report.failed:
            self.stderr.write(f"{failure.id}: {failure.reason}")
        self.stdout.write(f"{report.added} indexed, {report.failures} failed")
