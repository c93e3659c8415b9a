"""Runs the AWS CLI's `set-user-mfa-preference` under the portal's own rules and log.

Takes the same arguments, gives the same answers and exit codes as the AWS CLI (version 2's codes;
the texts are those that both versions share), and prints nothing on success:

0    done, or there was nothing to change
252  the arguments can't be used; nothing was sent
254  Cognito refused it
255  anything else: no connection, no token of this pool, the log can't be written
130  stopped by Ctrl-C

Two exit codes are its own:

3    a rule of the portal forbids the change; nothing was sent. The AWS CLI would have let through a
     text message or an app that the pool does not offer (no sign-in asks for it), an unverified
     number or address (codes would go to a stranger), a lone factor that loses its preference (some
     pools then ask for nothing), a factor turned off in a pool that requires MFA (Cognito answers
     200 and does nothing), and any change for a person whom another identity provider signs in
4    the change was sent, but reading it back did not show it

It also differs on purpose in these:

- `--access-token -` reads the token from standard input
- it never repeats the token, JSON that may hold it, or any text as long as a token
- lists and nested values, on which the AWS CLI crashes (255), are usage errors (252)
- it does nothing of a request that Cognito refuses; the AWS CLI may leave half of it done
- its answer to `--mfa-options`, which SetUserMFAPreference never took, is the line to write instead

docs/adr/0007-the-command-line.md has the reasons.
https://docs.aws.amazon.com/cli/latest/reference/cognito-idp/set-user-mfa-preference.html
https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-returncodes.html
"""

import json
import logging
import sys
from argparse import ArgumentTypeError
from typing import Any, Final, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.views.decorators.debug import sensitive_variables

from activity.request import COMMAND_LINE, RequestContext, answering
from activity.service import NotRecorded
from cognito.errors import Applied, CognitoError
from cognito.model import problems_with, skeleton_of
from cognito.user_pool import BLOCK_OF_FACTOR
from mfa_settings.command_line.domain import NotParsed, json_object, structure, without_tokens
from mfa_settings.command_line.files import Unloadable, load
from mfa_settings.command_line.service import NotConfirmed, RulesBroken, apply, blocks_of
from mfa_settings.preference.words.sentences import violation_sentence
from signin.domain import NotVerified
from userpool.values import PREFERABLE, Factor

OPERATION: Final = "SetUserMFAPreference"
_USAGE_OF_ARGPARSE, REFUSED_BY_RULE, NOT_CONFIRMED = 2, 3, 4
INTERRUPTED, USAGE, REFUSED_BY_COGNITO, FAILED = 130, 252, 254, 255
_OPTION_OF_FACTOR: Final = {
    Factor.SMS: "sms-mfa-settings",
    Factor.TOTP: "software-token-mfa-settings",
    Factor.EMAIL: "email-mfa-settings",
    Factor.PASSKEY: "web-authn-mfa-settings",
}
_INSTEAD_OF_MFA_OPTIONS: Final = (
    "--mfa-options belongs to SetUserSettings, which Amazon no longer develops. For text messages "
    "write:\nmanage.py set_user_mfa_preference --access-token - "
    "--sms-mfa-settings Enabled=true,PreferredMfa=true"
)
# The reads before the one call that this command is named after.
_READS: Final = frozenset({"GetUser", "GetUserAuthFactors"})


def _kind_of_skeleton(text: str) -> str:
    if text not in {"input", "output"}:
        raise ArgumentTypeError("Invalid choice, valid choices are:\n\ninput | output")
    return text


class _Unusable(Exception):
    """The arguments can't be used."""


class Command(BaseCommand):
    help = "Sets which MFA factors a person has on and which is preferred, with their access token."
    # System checks would print more than the answer; the portal runs them when it starts.
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, allow_abbrev=False, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        for factor, option in _OPTION_OF_FACTOR.items():
            preferred = ",PreferredMfa=boolean" if factor in PREFERABLE else ""
            parser.add_argument(f"--{option}", metavar=f"Enabled=boolean{preferred}")
        parser.add_argument("--access-token", help="- reads it from standard input")
        parser.add_argument("--cli-input-json", metavar="JSON|file://PATH")
        parser.add_argument(
            "--generate-cli-skeleton", nargs="?", const="input", type=_kind_of_skeleton,
            metavar="input|output",
        )  # fmt: skip
        parser.add_argument("--mfa-options", nargs="*", help="not taken any more")
        # Takes a misplaced token: argparse would repeat an unknown argument.
        parser.add_argument("stray", nargs="*", metavar="")

    def run_from_argv(self, argv: list[str]) -> None:
        # The process prints only its answer; boto3 would log where it found keys.
        logging.disable(logging.WARNING)
        self._called_from_command_line = True
        try:
            self._refuse_unknown_options(argv)
            super().run_from_argv(argv)
        except SystemExit as leaving:
            sys.exit(USAGE if leaving.code == _USAGE_OF_ARGPARSE else leaving.code)

    @sensitive_variables("argv", "known", "unknown")
    def _refuse_unknown_options(self, argv: list[str]) -> None:
        """Refuses options by their names alone; argparse would repeat their values."""
        known, unknown = self.create_parser(argv[0], argv[1]).parse_known_args(argv[2:])
        try:
            _check_that_a_token_is_there(vars(known))
        except _Unusable as unusable:
            self._leave(USAGE, str(unusable))
        if unknown:
            names = ", ".join(option.split("=")[0] for option in unknown)
            self._leave(USAGE, f"Unknown options: {names}")

    @sensitive_variables("options")
    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            request = _request(options)
            if options["generate_cli_skeleton"] == "input":
                self.stdout.write(json.dumps(skeleton_of(OPERATION), indent=4))
                return
            _check(request)
        except _Unusable as unusable:
            self._leave(USAGE, str(unusable))
        if not options["generate_cli_skeleton"]:
            self._apply(request)

    @sensitive_variables("request")
    def _apply(self, request: dict[str, Any]) -> None:
        try:
            with answering(RequestContext(actor=COMMAND_LINE)):
                apply(access_token=request["AccessToken"], blocks=blocks_of(request))
        except CognitoError as error:
            self._leave(*_answer_of(error))
        except RulesBroken as broken:
            sentences = [str(violation_sentence(v)) for v in broken.violations]
            self._leave(REFUSED_BY_RULE, "\n".join(["Nothing was changed.", *sentences]))
        except NotConfirmed as ended:
            now = "can't be read" if ended.now is None else f"is: {ended.now or 'nothing on'}"
            self._leave(NOT_CONFIRMED, f"It was sent, but not confirmed. What is set now {now}")
        except NotVerified:
            self._leave(FAILED, "The access token is not one of this portal's user pool.")
        except NotRecorded:
            self._leave(FAILED, "Nothing was changed: the security log can't be written.")
        except KeyboardInterrupt:
            self._leave(INTERRUPTED, "")

    def _leave(self, code: int, words: str) -> NoReturn:
        if words:
            self.stderr.write(f"\n{without_tokens(words)}", str)
        sys.exit(code)


def _answer_of(error: CognitoError) -> tuple[int, str]:
    """Returns the exit code and the sentence that the AWS CLI has for this error."""
    if not error.request_id:
        # Cognito did not answer; the code is boto3's class of error (EndpointConnectionError …).
        unsure = "" if error.applied is Applied.NO else " Whether it took effect is not known."
        return FAILED, f"{error.operation} got no answer: {error.code}.{unsure}"
    operation = OPERATION if error.operation in _READS else error.operation
    return REFUSED_BY_COGNITO, (
        f"An error occurred ({error.code}) when calling the {operation} operation: {error.message}"
    )


@sensitive_variables("options", "request", "text")
def _request(options: dict[str, Any]) -> dict[str, Any]:
    """Returns the SetUserMFAPreference request in the arguments. Raises _Unusable."""
    if options["mfa_options"] is not None:
        raise _Unusable(_INSTEAD_OF_MFA_OPTIONS)
    if options["stray"]:
        raise _Unusable(f"Unknown options: {len(options['stray'])} arguments without a name")
    _check_that_a_token_is_there(options)
    request: dict[str, Any] = {}
    for factor, option in _OPTION_OF_FACTOR.items():
        text = options[option.replace("-", "_")]
        if text is not None:
            request[BLOCK_OF_FACTOR[factor]] = _block(option, text)
    if options["access_token"] is not None:
        request["AccessToken"] = _token(options["access_token"])
    if options["cli_input_json"] is not None:
        text = _read("--cli-input-json", options["cli_input_json"])
        try:
            return json_object(text, "Invalid JSON: {problem}") | request
        except NotParsed as problem:
            raise _Unusable(f"Error parsing parameter 'cli-input-json': {problem}") from None
    return request


@sensitive_variables("text")
def _block(option: str, text: str) -> dict[str, object]:
    """Returns the structure that the option holds. Raises _Unusable."""
    text = _read(f"--{option}", text)
    try:
        return structure(text, load=load)
    except Unloadable as problem:
        raise _Unusable(str(problem)) from None
    except NotParsed as problem:
        raise _Unusable(f"Error parsing parameter '--{option}': {problem}") from None


def _check_that_a_token_is_there(options: dict[str, Any]) -> None:
    is_given = options["access_token"] is not None or options["cli_input_json"] is not None
    if not is_given and options["generate_cli_skeleton"] != "input":
        raise _Unusable(
            "manage.py set_user_mfa_preference: error: "
            "the following arguments are required: --access-token"
        )


def _token(text: str) -> str:
    """Returns the token, from standard input or a file so that no list of processes shows it."""
    if text == "-":
        try:
            return sys.stdin.read().strip()
        except UnicodeDecodeError:
            raise _Unusable("There is no access token in standard input.") from None
    return _read("--access-token", text).strip() if text.startswith("file://") else text


def _read(option: str, text: str) -> str:
    """Returns the argument, or the content of the file that it names. Raises _Unusable."""
    try:
        return load(text)
    except Unloadable as error:
        raise _Unusable(f"Error parsing parameter '{option}': {error}") from None


@sensitive_variables("request", "shown")
def _check(request: dict[str, Any]) -> None:
    """Raises _Unusable with botocore's report if the request is not valid."""
    shown = dict(request)
    if not isinstance(shown.get("AccessToken", ""), str):
        # botocore repeats a value of the wrong type, and this one may hold the token.
        shown["AccessToken"] = type(shown["AccessToken"])() if shown["AccessToken"] else None
    if problems := problems_with(operation=OPERATION, request=shown):
        raise _Unusable(f"Parameter validation failed:\n{problems}")
