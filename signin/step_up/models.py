"""Forms put aside while their people sign in again."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models

from signin.assurance import Demand
from userpool.values import Factor


class SuspendedForm(models.Model):
    """A form put aside while its person signs in again; its fields encrypted.

    `back` is the path of the page that shows the form again, with what was typed there. The new
    sign-in has to meet `demand`, whose parts are columns. `way` is the factor that the person chose
    to use, where it is not the usual one. `leave_to` is where "Not now" leads: to `back`, unless
    that page can't be seen without the new sign-in.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    created_at = models.DateTimeField(auto_now_add=True)
    back = models.CharField(max_length=2000)
    leave_to = models.CharField(max_length=2000)
    sealed_fields = models.TextField(blank=True)
    max_age_seconds = models.PositiveIntegerField()
    second_step = models.BooleanField()
    factors = models.JSONField(default=list)
    way = models.CharField(max_length=32, blank=True)

    def __str__(self) -> str:
        return f"suspended form {self.id}"

    @property
    def demand(self) -> Demand:
        return Demand(
            max_age=timedelta(seconds=self.max_age_seconds),
            second_step=self.second_step,
            factors=frozenset(Factor(each) for each in self.factors),
        )

    @demand.setter
    def demand(self, demand: Demand) -> None:
        self.max_age_seconds = int(demand.max_age.total_seconds())
        self.second_step = demand.second_step
        self.factors = sorted(demand.factors)

    @property
    def is_begun(self) -> bool:
        """Something was done before already, and its page is guarded itself."""
        return self.leave_to != self.back
