"""Prints what works with this pool, what does not, and the AWS CLI line that mends it.

Changes nothing. Exit code 1 when a finding is a BLOCKER, 2 when the pool could not be read at all.
docs/check-pool.md lists the findings.
"""

import json
import sys
from dataclasses import asdict
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from userpool.check.findings import Finding, Level
from userpool.check.service import check_pool

BLOCKED, NOTHING_READ = 1, 2
# One check for each of the three answers that matter most.
_FROM_THE_POOL: Final = frozenset({"client.scopes", "mfa.mode", "plan"})
_INDENT: Final = " " * 9


class Command(BaseCommand):
    help = "Checks the user pool, its app client and its domain for this portal. Changes nothing."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs instead of people")

    def handle(self, *_args: Any, **options: Any) -> None:
        found = check_pool()
        if options["json"]:
            document = {"pool": settings.COGNITO.pool_id, "findings": [asdict(f) for f in found]}
            self.stdout.write(json.dumps(document, indent=2, ensure_ascii=False))
        else:
            self.stdout.write(_table(found))
        if Level.BLOCKER in {finding.level for finding in found}:
            sys.exit(BLOCKED)
        if {f.level for f in found if f.id in _FROM_THE_POOL} == {Level.UNKNOWN}:
            sys.exit(NOTHING_READ)


def _table(found: tuple[Finding, ...]) -> str:
    """Return a row for each finding, with its reason and advice; then the lines to run."""
    rows = [f"User pool {settings.COGNITO.pool_id}, app client {settings.COGNITO.client_id}\n"]
    to_run = list(dict.fromkeys(f.fix for f in found if f.fix.startswith("aws ")))
    for finding in found:
        rows.append(f"{finding.level:<9}{finding.what}  [{finding.id}]")
        if finding.why:
            rows.append(f"{_INDENT}{finding.why}")
        if finding.fix in to_run:
            rows.append(f"{_INDENT}Line {to_run.index(finding.fix) + 1} below mends it.")
        elif finding.fix:
            rows.append(f"{_INDENT}{finding.fix}")
    if to_run:
        rows.append(
            "\nThe lines carry over what is set now, since Cognito resets what they leave out. "
            "Run them soon,\nor check again before you do."
        )
    rows += [f"\nLine {number}:\n{line}" for number, line in enumerate(to_run, 1)]
    return "\n".join(rows)
