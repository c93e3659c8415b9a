"""`manage.py set_user_mfa_preference`: the AWS CLI's answers, and the portal's rules over them."""

import io
import json
import os
import random
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from activity.request import COMMAND_LINE
from cognito.model import problems_with
from cognito.user_pool import BLOCK_OF_FACTOR
from localpool.wire.faults import Fault
from mfa_settings.command_line.domain import Block, NotParsed, apply_blocks, structure
from mfa_settings.command_line.service import blocks_of
from mfa_settings.command_line.shorthand import NotShorthand, parse
from mfa_settings.management.commands.set_user_mfa_preference import Command
from tests import aws_cli, log
from tests.mfa_settings.preference.test_passkey_factor import MULTI, add_passkey, count_passkeys
from tests.mfa_settings.strategies import held_preferences
from tests.people import Person, Pool
from tests.userpool.test_facts import configure
from userpool.models import PasskeyFactor
from userpool.values import Factor, Preference

APP, TEXT = "SOFTWARE_TOKEN_MFA", "SMS_MFA"
ON = "Enabled=true,PreferredMfa=true"
OURS = ("manage.py", "set_user_mfa_preference")
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


def run(*arguments: str, typed: str = "") -> Answer:
    """As from a shell, but in this process."""
    out, err = io.StringIO(), io.StringIO()
    monkey = pytest.MonkeyPatch()
    monkey.setattr(sys, "stdin", io.StringIO(typed))
    try:
        call_command("set_user_mfa_preference", *arguments, stdout=out, stderr=err)
    except SystemExit as leaving:
        return Answer(int(str(leaving.code)), out.getvalue(), err.getvalue())
    finally:
        monkey.undo()
    return Answer(0, out.getvalue(), err.getvalue())


def aws(pool: Pool, home: Path, *arguments: str) -> Answer:
    done = aws_cli.run_again("set-user-mfa-preference", *arguments, url=pool.server.url, home=home)
    return Answer(done.returncode, done.stdout, done.stderr)


def sentence(text: str) -> str:
    """An error without the usage before it."""
    return re.sub(r"(?s)^.*error: ", "", text).strip()


# --- the same answers as the AWS CLI ---

TOKEN = ("--access-token", "TOKEN")
# Version 1 of the AWS CLI has 2 and 255 where version 2, whose exit codes are ours, has others.
ITS_CODES = {0: {0}, 252: {2, 252, 255}, 254: {254, 255}}
# arguments, our exit code
SAME = [
    ((*TOKEN, "--sms-mfa-settings", ON), 0),
    ((*TOKEN, "--sms-mfa-settings", "Enabled=TRUE, PreferredMfa=False"), 0),
    ((*TOKEN, "--sms-mfa-settings", "Enabled='true',PreferredMfa=\"true\""), 0),
    ((*TOKEN, "--sms-mfa-settings", '{"Enabled": true, "PreferredMfa": true}'), 0),
    ((*TOKEN, "--sms-mfa-settings", "{}"), 0),
    (TOKEN, 0),
    (("--cli-input-json", '{"AccessToken": "TOKEN", "SMSMfaSettings": {"Enabled": true}}'), 0),
    ((*TOKEN, "--cli-input-json", '{"AccessToken": "other"}', "--sms-mfa-settings", ON), 0),
    (("--generate-cli-skeleton",), 0),
    (("--generate-cli-skeleton", "input"), 0),
    ((*TOKEN, "--generate-cli-skeleton", "output"), 0),
    ((*TOKEN, "--sms-mfa-settings", "Enabled=maybe", "--generate-cli-skeleton", "output"), 252),
    (("--generate-cli-skeleton", "output"), 252),
    ((), 252),
    ((*TOKEN, "--sms-mfa-settings", ""), 252),
    ((*TOKEN, "--sms-mfa-settings", "  "), 252),
    ((*TOKEN, "--sms-mfa-settings", "Enabled"), 252),
    ((*TOKEN, "--sms-mfa-settings", "Enabled="), 252),
    ((*TOKEN, "--sms-mfa-settings", "Enabled==true"), 252),
    ((*TOKEN, "--sms-mfa-settings", "=true"), 252),
    ((*TOKEN, "--sms-mfa-settings", "enabled=true"), 252),
    ((*TOKEN, "--sms-mfa-settings", "Enabled=true,"), 252),
    ((*TOKEN, "--sms-mfa-settings", "Enabled=true,Enabled=false"), 252),
    ((*TOKEN, "--sms-mfa-settings", "Enabled=true,\nPreferredMfa==true"), 252),
    ((*TOKEN, "--sms-mfa-settings", 'Enabled="true'), 252),
    ((*TOKEN, "--sms-mfa-settings", 'Enabled="a"b'), 252),
    ((*TOKEN, "--sms-mfa-settings", "Enabled=true,Foo=1"), 252),
    ((*TOKEN, "--web-authn-mfa-settings", ON), 252),
    ((*TOKEN, "--sms-mfa-settings", '{"Enabled": true'), 252),
    ((*TOKEN, "--sms-mfa-settings", "[true]"), 252),
    ((*TOKEN, "--sms-mfa-settings", '{"Enabled": "yes", "Foo": 1}'), 252),
    ((*TOKEN, "--email-mfa-settings", '{"Enabled": null}'), 252),
    ((*TOKEN, "--software-token-mfa-settings", "file:///not/there"), 252),
    ((*TOKEN, "--cli-input-json", "file:///not/there"), 252),
    ((*TOKEN, "--cli-input-json", '{"Nope": 1, "SMSMfaSettings": []}'), 252),
    (("--cli-input-json", '{"SMSMfaSettings": {"Enabled": true}}'), 252),
    (("--access-token", "not-a-token", "--sms-mfa-settings", ON), 254),
    (("--access-token", "", "--sms-mfa-settings", ON), 254),
    (("--access-token", "a b", "--sms-mfa-settings", ON), 254),
    ((*TOKEN, "--sms-mfa-settings", ON, "--software-token-mfa-settings", ON), 254),
    ((*TOKEN, "--sms-mfa-settings", "PreferredMfa=true"), 254),
    # Shorthand of every kind, and files
    ((*TOKEN, "--sms-mfa-settings", "Enabled=true,\nPreferred Mfa=true,\nmore"), 252),
    ((*TOKEN, "--sms-mfa-settings", "Enabled=[true"), 252),
    ((*TOKEN, "--sms-mfa-settings", "Enabled={a"), 252),
    ((*TOKEN, "--sms-mfa-settings", "Wrong=a,b,Enabled=true"), 252),
    ((*TOKEN, "--sms-mfa-settings", "Enabled@=file:///not/there"), 252),
    ((*TOKEN, "--sms-mfa-settings", "file://HERE/bytes"), 252),
    ((*TOKEN, "--sms-mfa-settings", "file://HERE/sms"), 0),
    (("--generate-cli-skeleton", "input", "--sms-mfa-settings", "bad"), 252),
    # What Cognito refuses by itself
    ((*TOKEN, "--software-token-mfa-settings", ON), 254),
    ((*TOKEN, "--email-mfa-settings", ON), 254),
]  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("arguments", "code"), SAME, ids=[" ".join(a) or "-" for a, _ in SAME])
def test_the_command_answers_as_the_aws_cli_does(
    pool: Pool, tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    people = [pool.person("ours"), pool.person("theirs")]
    given_tokens = [person.access_token() for person in people]
    (tmp_path / "sms").write_text(ON)
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    mine, its = (
        [a.replace("HERE", str(tmp_path)).replace("TOKEN", token) for a in arguments]
        for token in given_tokens
    )
    ours, theirs = run(*mine), aws(pool, tmp_path, *its)
    assert ours.code == code
    assert theirs.code in ITS_CODES[code]
    assert sentence(ours.err) == sentence(theirs.err)
    assert ours.out == theirs.out
    assert people[0].mfa() == people[1].mfa()
    assert given_tokens[0] not in ours.err


def test_json_that_is_no_object_is_not_repeated(tmp_path: Path, pool: Pool) -> None:
    for text in ('["secret-token"]', '{"AccessToken": "secret-token"', "secret-token"):
        answer = run("--cli-input-json", text)
        assert answer.code == 252
        assert "secret-token" not in answer.err
        assert aws(pool, tmp_path, "--cli-input-json", text).code == 255
    for value in (["secret-token"], {"a": "secret-token"}, 5, None):
        answer = run("--cli-input-json", json.dumps({"AccessToken": value}))
        assert answer.code == 252
        assert "Invalid type for parameter AccessToken" in answer.err
        assert "secret-token" not in answer.err


@pytest.mark.parametrize(
    "text", ["Enabled=a,b", "Enabled=[true]", "Enabled={a=b}", "Enabled=true,PreferredMfa"]
)
def test_what_the_aws_cli_stumbles_over_is_a_usage_error(
    pool: Pool, tmp_path: Path, text: str
) -> None:
    arguments = ("--access-token", "x", "--sms-mfa-settings", text)
    assert "object has no attribute" in aws(pool, tmp_path, *arguments).err
    assert run(*arguments).code == 252


def test_the_old_option_is_answered_with_the_new_line() -> None:
    answer = run(
        "--access-token", "x", "--mfa-options", 'DeliveryMedium="SMS",AttributeName="phone_number"'
    )
    assert answer.code == 252
    assert "--sms-mfa-settings Enabled=true,PreferredMfa=true" in answer.err


def test_a_token_in_the_wrong_place_is_not_repeated() -> None:
    answer = run("eyJ-secret", "--sms-mfa-settings", ON)
    assert answer.code == 252
    assert "eyJ-secret" not in answer.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--access-token", "x", "--sms-mfa-settings", "TOKEN=true"),
        ("--access-token", "x", "--sms-mfa-settings", "TOKEN"),
        ("--access-token", "x", "--sms-mfa-settings", '{"Enabled": "TOKEN"}'),
        ("--access-token", "x", "--acess-token=TOKEN"),
        ("--access-token", "x", "--acess-token", "TOKEN"),
        ("--access-token", "x", "--generate-cli-skeleton", "TOKEN"),
        ("--cli-input-json", '{"AccessToken": "TOKEN"'),
        ("--cli-input-json", '{"TOKEN": 1}'),
        ("--cli-input-json", "file://TOKEN"),
    ],
    ids=str,
)
def test_a_token_in_another_argument_is_not_repeated(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    token = "eyJraWQiOiJhIn0." + "a1_-" * 40
    with pytest.raises(SystemExit) as leaving:
        Command().run_from_argv([*OURS, *(a.replace("TOKEN", token) for a in arguments)])
    said = "".join(capsys.readouterr())
    assert leaving.value.code == 252
    assert said
    assert token[20:60] not in said


# --- what the portal adds ---


@pytest.mark.django_db(transaction=True)
def test_of_what_cognito_refuses_nothing_is_done(person: Person) -> None:
    """The AWS CLI sends both, and a pool may do the one before it refuses the other."""
    both = ("--sms-mfa-settings", "Enabled=true", "--software-token-mfa-settings", ON)
    answer = run("--access-token", person.access_token(), *both)
    assert answer.code == 254
    assert "(InvalidParameterException)" in answer.err
    assert person.mfa() == (set(), None)


@pytest.mark.django_db(transaction=True)
def test_a_passkeys_flag_that_is_in_doubt_is_sent_again(pool: Pool) -> None:
    first = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
    configure(pool, UserPoolTier="ESSENTIALS", Policies=first)
    count_passkeys(pool, MULTI)
    person = pool.person()
    add_passkey(person)
    token = person.access_token()
    person.use_text_messages()
    on = ("--access-token", token, "--web-authn-mfa-settings", "Enabled=true")
    for is_sure, calls in ((True, 0), (False, 1)):
        PasskeyFactor.objects.update_or_create(
            person=person.uid, defaults={"on": True, "sure": is_sure}
        )
        pool.server.calls.clear()
        assert run(*on) == Answer(0, "", "")
        assert len(pool.server.calls.of("SetUserMFAPreference")) == calls
    assert PasskeyFactor.objects.get().sure


@pytest.mark.django_db(transaction=True)
def test_a_change_is_recorded_and_nothing_is_printed(person: Person) -> None:
    answer = run("--access-token", "-", "--sms-mfa-settings", ON, typed=person.access_token())
    assert answer == Answer(0, "", "")
    assert person.mfa() == ({TEXT}, TEXT)
    event = log.intents().get()
    assert (event.person, log.outcome_of(event).result) == (person.uid, "confirmed")
    assert event.actor == COMMAND_LINE
    assert event.detail == {"before": "", "after": f"{TEXT}*"}


@pytest.mark.django_db(transaction=True)
def test_a_factor_without_a_block_stays_and_only_what_changes_is_sent(
    person: Person, pool: Pool
) -> None:
    token = person.access_token()
    person.set_up_app()
    person.use_text_messages(first=False)
    pool.server.calls.clear()
    assert run("--access-token", token, "--sms-mfa-settings", ON).code == 0
    assert person.mfa() == ({APP, TEXT}, TEXT)
    assert run("--access-token", token, "--sms-mfa-settings", ON).code == 0
    assert len(pool.server.calls.of("SetUserMFAPreference")) == 1


@pytest.mark.django_db(transaction=True)
def test_the_rules_of_the_portal_refuse_in_plain_words(person: Person, pool: Pool) -> None:
    unproved = pool.person("unproved", phone_number_verified="false")
    answer = run("--access-token", unproved.access_token(), "--sms-mfa-settings", ON)
    assert answer.code == 3
    assert answer.err.strip().startswith("Nothing was changed.\n")
    assert unproved.mfa() == (set(), None)
    answer = run("--access-token", person.access_token(), "--software-token-mfa-settings", ON)
    assert (answer.code, person.mfa()) == (254, (set(), None))
    assert log.outcomes().get().result == "refused"
    pool.set_mfa("OPTIONAL", APP)
    cache.clear()  # A process of its own has not read the pool before.
    assert run("--access-token", person.access_token(), "--sms-mfa-settings", ON).code == 3
    assert log.intents().count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_the_pool_does_not_show_is_not_called_done(person: Person, pool: Pool) -> None:
    token = person.access_token()
    pool.server.faults.add(Fault("SetUserMFAPreference", answer="empty"))
    answer = run("--access-token", token, "--sms-mfa-settings", ON)
    assert answer.code == 4
    assert "not confirmed" in answer.err
    assert log.outcomes().get().result == "unknown"


@pytest.mark.django_db(transaction=True)
def test_a_token_of_another_pool_is_refused_as_cognito_does(
    person: Person, pool: Pool, settings: Settings
) -> None:
    other = pool.admin.create_user_pool(PoolName="other")["UserPool"]["Id"]
    made = pool.admin.create_user_pool_client(
        UserPoolId=other, ClientName="x", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )
    settings.COGNITO = type(pool.config)(
        region="eu-central-1", pool_id=other, client_id=made["UserPoolClient"]["ClientId"],
        domain=pool.server.url, endpoint_url=pool.server.url,
    )  # fmt: skip
    answer = run("--access-token", person.access_token(), "--sms-mfa-settings", ON)
    assert answer.code == 255
    assert not log.intents().exists()


def test_a_process_with_unusable_arguments_leaves_with_252_and_no_traceback(pool: Pool) -> None:
    environment = {**os.environ, "COGNITO_USER_POOL_ID": pool.config.pool_id}
    cases = [
        (("--generate-cli-skeleton",), 0), ((), 252), (("--bogus",), 252),
        (("--access-token", "x", "--generate-cli-skeleton", "wrong"), 252),
        (("--sms-mfa-settings",), 252),
    ]  # fmt: skip
    for arguments, code in cases:
        done = subprocess.run(
            [sys.executable, *OURS, *arguments], cwd=ROOT, env=environment, capture_output=True,
            text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr


def test_a_process_that_succeeds_says_nothing(person: Person, pool: Pool, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PORTAL_DATABASE": str(tmp_path / "portal.sqlite3"),
        "COGNITO_USER_POOL_ID": pool.config.pool_id,
        "COGNITO_CLIENT_ID": pool.config.client_id,
        "COGNITO_DOMAIN": pool.server.url,
        "COGNITO_ENDPOINT_URL": pool.server.url,
    }

    def manage(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment,
            input=person.access_token(), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    assert manage("migrate").returncode == 0
    done = manage("set_user_mfa_preference", "--access-token", "-", "--sms-mfa-settings", ON)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert person.mfa() == ({TEXT}, TEXT)


# --- reading an argument ---

# Run by the interpreter that the AWS CLI is installed for.
ITS_PARSER = """
import json, sys
from awscli.shorthand import ShorthandParseError, ShorthandParser
def parsed(text):
    try:
        return ShorthandParser().parse(text)
    except ShorthandParseError as error:
        return str(error)
json.dump([parsed(text) for text in json.load(sys.stdin)], sys.stdout)
"""
PIECES = [*"=,'\"[]{}\n\\@ x-é😀", "=", "=", ",", "Enabled", "true", "\\,", "\t"]


def test_any_shorthand_is_read_as_the_aws_cli_reads_it() -> None:
    python = Path(aws_cli.executable()).with_name("python")
    if not python.exists():
        pytest.skip("This AWS CLI comes without its Python.")
    chance = random.Random(7)  # noqa: S311 - for texts, not for secrets
    texts = ["".join(chance.choices(PIECES, k=chance.randint(0, 9))) for _ in range(5000)]
    done = subprocess.run(
        [python, "-c", ITS_PARSER], input=json.dumps(texts), capture_output=True, text=True,
        timeout=60, check=True,
    )  # fmt: skip

    def ours(text: str) -> object:
        try:
            return parse(text, load=str)
        except NotShorthand as error:
            return str(error)

    assert [ours(text) for text in texts] == json.loads(done.stdout)


blocks = st.builds(Block, st.booleans(), st.booleans())


@given(blocks, st.sampled_from(["{}={}", "{} = {}", "{}='{}'", '{}="{}"']))
def test_shorthand_and_json_say_the_same(block: Block, written: str) -> None:
    members = {"Enabled": block.enabled, "PreferredMfa": block.preferred}
    shorthand = ",".join(written.format(name, str(yes).lower()) for name, yes in members.items())
    assert structure(shorthand) == structure(json.dumps(members)) == members
    request: dict[str, object] = {"AccessToken": "x", "SMSMfaSettings": members}
    assert problems_with(operation="SetUserMFAPreference", request=request) == ""
    assert blocks_of(request) == {Factor.SMS: block}


@given(st.text() | st.text(alphabet="Enabled=true,{}[]\"' \n\\@"))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = structure(text)
    except NotParsed:
        return
    problems_with(operation="SetUserMFAPreference", request={"SMSMfaSettings": found})


@given(held_preferences, st.dictionaries(st.sampled_from(list(Factor)), blocks))
def test_blocks_change_their_own_factors_and_no_other(
    now: Preference, given: dict[Factor, Block]
) -> None:
    wanted = apply_blocks(now, given)
    contradicts = sum(b.preferred for b in given.values()) > 1 or any(
        b.preferred and not b.enabled for b in given.values()
    )
    assert (wanted is None) is contradicts
    if wanted is None:
        return
    for factor in Factor:
        is_on = given[factor].enabled if factor in given else factor in now.enabled
        assert (factor in wanted.enabled) is is_on
    assert wanted.preferred is None or wanted.preferred in wanted.enabled


def test_every_factor_has_a_block_in_the_request() -> None:
    assert set(BLOCK_OF_FACTOR) == set(Factor)
