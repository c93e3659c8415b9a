"""What a person and their pool are at the start of a sequence."""

from dataclasses import dataclass

from tests.machine.holder import BLOCK, Holder
from tests.people import SMS, Pool

TEXT, APP, EMAIL, PASSKEY = "SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP", "WEB_AUTHN"
ALL = (TEXT, APP, EMAIL)


@dataclass(frozen=True)
class Situation:
    """`on`: what is on, the one asked first at the front unless `ask`. `keeps`: the pool keeps an
    old number or address in use until the new one is confirmed."""

    name: str
    on: tuple[str, ...] = ()
    ask: bool = False
    app: bool = False
    passkey: bool = False
    phone: str = "proved"
    email: str = "proved"
    mode: str = "OPTIONAL"
    keeps: bool = True

    def made(self, pool: Pool) -> Holder:
        """The person, in a pool that is as it will be."""
        self._set_up(pool)
        given = {
            "phone_number": "" if self.phone == "none" else "+4915100000001",
            "phone_number_verified": {"proved": "true", "unproved": "false"}.get(self.phone, ""),
            "email": "" if self.email == "none" else "ana1@example.com",
            "email_verified": {"proved": "true", "unproved": "false"}.get(self.email, ""),
        }
        made = pool.person("ana", **given)
        holder = Holder(pool, "ana", made.subject)
        holder.owns(*(given[name] for name in ("phone_number", "email") if given[name]))
        if self.app:
            holder.set_up_app(on=False)
        if self.passkey:
            holder.add_passkey(holder.access_token())
        for factor in reversed(self.on):
            first = not self.ask and factor == self.on[0]
            holder.prefer(**{BLOCK[factor]: {"Enabled": True, "PreferredMfa": first}})
        pool.set_mfa(self.mode, *ALL, PASSKEY)
        return holder

    def _set_up(self, pool: Pool) -> None:
        described = pool.admin.describe_user_pool(UserPoolId=pool.config.pool_id)["UserPool"]
        pool.admin.update_user_pool(
            UserPoolId=pool.config.pool_id,
            AutoVerifiedAttributes=["phone_number", "email"],
            EmailConfiguration=described["EmailConfiguration"],
            Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}},
            UserPoolTier="ESSENTIALS",
            UserAttributeUpdateSettings={
                "AttributesRequireVerificationBeforeUpdate": ["phone_number", "email"]
                if self.keeps
                else []
            },
            **SMS,
        )
        pool.set_mfa("OPTIONAL", *ALL, PASSKEY)


SITUATIONS = (
    Situation("nothing is on"),
    Situation("nothing is on, and a value is overwritten at once", keeps=False),
    Situation("the app alone", on=(APP,), app=True),
    Situation("the app alone, no phone", on=(APP,), app=True, phone="none", email="unproved"),
    Situation("an app that is off, and text messages", on=(TEXT,), app=True),
    Situation("text messages to an unproved number", on=(TEXT,), phone="unproved"),
    Situation("the app before text messages", on=(APP, TEXT), app=True, keeps=False),
    Situation("whichever is at hand", on=(APP, TEXT, EMAIL), ask=True, app=True),
    Situation("email before text messages, and a passkey", on=(EMAIL, TEXT), passkey=True),
    Situation("a passkey and nothing else", passkey=True, phone="none"),
    Situation("required: the app", on=(APP,), app=True, phone="none", email="none", mode="ON"),
    Situation("required: whichever", on=(APP, TEXT), ask=True, app=True, mode="ON"),
    Situation("required: never set", mode="ON", keeps=False),
    Situation("required: email first", on=(EMAIL,), passkey=True, mode="ON"),
)
