"""Wrong passwords: from the fifth of an account on, each makes the next try wait longer.

They are counted by account and address, and by address whatever the account. A browser that has
signed in as somebody before counts for itself: whoever guesses elsewhere, even behind the same
address, keeps nobody out. A try is counted before its password is looked at, so that a hundred at
once are no way round, and one that has to wait is neither looked at nor counted.
"""

import ipaddress
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from soccerpredict.access import known_browsers
from soccerpredict.access.models import WrongPasswords

FREE_OF_ACCOUNT, FREE_OF_ADDRESS = 5, 20
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=5)
FORGOTTEN_AFTER = timedelta(days=1)
SALT = "soccerpredict.access.sign_ins"
logger = logging.getLogger(__name__)


class MustWait(Exception):
    """The next try is taken in so many `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"The next try is taken in {seconds} s.")
        self.seconds = seconds


@dataclass(frozen=True)
class Try:
    """Somebody who has typed a name and a password: where from, and how it is counted."""

    name: str
    address: str
    browser: str  # its token, if it is known to be this account's

    @classmethod
    def of(cls, request: HttpRequest, name: str) -> "Try":
        return cls(name, address_of(request), known_browsers.token_of(request, name))

    def begin(self) -> None:
        """Count it; `succeeded` takes it back. Raises MustWait."""
        now = timezone.now()
        with transaction.atomic():
            WrongPasswords.objects.filter(last_at__lt=now - FORGOTTEN_AFTER).delete()
            counts = list(self._counts(now))
            waits = max(one.last_at + wait_after(one) - now for one in counts)
            if waits > timedelta(0):
                raise MustWait(max(1, round(waits.total_seconds())))
            WrongPasswords.objects.filter(pk__in=[one.pk for one in counts]).update(
                n_tries=F("n_tries") + 1, last_at=now
            )

    def failed(self) -> None:
        """Tell of it once it makes the next one wait."""
        counts = WrongPasswords.objects.filter(account=self._account, place=self._place)
        for one in counts:
            if wait_after(one):
                self._tell(one)

    def succeeded(self) -> None:
        WrongPasswords.objects.filter(account=self._account, place=self._place).delete()
        WrongPasswords.objects.filter(account="", place=self.address, n_tries__gt=0).update(
            n_tries=F("n_tries") - 1
        )

    def _counts(self, now: datetime) -> Iterator[WrongPasswords]:
        """Nobody else counts the same until our transaction ends; always in the same order."""
        pairs = [(self._account, self._place)]
        if not self.browser:
            pairs.append(("", self.address))
        for account, place in sorted(pairs):
            given = {"account": account, "place": place}
            WrongPasswords.objects.bulk_create(
                [WrongPasswords(**given, last_at=now)], ignore_conflicts=True
            )
            yield WrongPasswords.objects.select_for_update().get(**given)

    @property
    def _account(self) -> str:
        return digest_of(self.name)

    @property
    def _place(self) -> str:
        return self.browser or self.address

    def _tell(self, count: WrongPasswords) -> None:
        """In the audit log; of an unknown name only that there was one, it may be a password."""
        seconds = wait_after(count).total_seconds()
        message = (
            f"{count.n_tries} wrong passwords from {self.address or 'a local socket'}; "
            f"the next try from there is taken in {seconds:.0f} s."
        )
        logger.warning("Signing in: %s", message)
        user = User.objects.filter(username=self.name).first()
        if user is not None:
            LogEntry.objects.log_actions(user.pk, [user], CHANGE, message, single_object=True)


def wait_after(count: WrongPasswords) -> timedelta:
    """From one wrong password to the next try: none, then twice as long each time."""
    over: int = count.n_tries - (FREE_OF_ACCOUNT if count.account else FREE_OF_ADDRESS)
    if over < 0:
        return timedelta(0)
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(over, 10)))


def forget(name: str) -> int:
    """Let an account sign in at once from anywhere; how many counts that ended."""
    return WrongPasswords.objects.filter(account__in=["", digest_of(name)]).delete()[0]


def digest_of(name: str) -> str:
    """Of what was typed as a name, which may be a password."""
    return salted_hmac(SALT, name, algorithm="sha256").hexdigest()


def address_of(request: HttpRequest) -> str:
    """Of the client, as the outermost of our own proxies tells; an IPv6 network counts as one."""
    hops = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    text = request.META.get("REMOTE_ADDR", "")
    if 0 < settings.PROXIES <= len(hops):
        text = hops[-settings.PROXIES].strip() or text
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
