"""A key that was verified a moment ago is shown again: is it still good, and within its limit?"""

from dataclasses import dataclass

from soccerpredict.access import cache, leases, throttling, usage
from soccerpredict.access.services import Credential
from soccerpredict.access.throttling import Verdict


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who asks, and where that leaves the key in its window."""

    credential: Credential
    verdict: Verdict


def again(name: bytes, scopes: frozenset[str], *, may_wait: bool) -> Admitted | None:
    """Counts one more use of the key of this name (`cache.name_of`), if it has these scopes yet.

    None where the usual way has to decide: the key must be verified anew, its rights have changed,
    it is over its limit, or Redis would have to be asked and this thread may not wait.
    """
    credential = cache.known(name)
    if credential is None or credential.scopes != scopes:
        return None
    key_id, limit = credential.key_id, credential.limit_per_minute
    used = leases.take(key_id, limit) if may_wait else leases.take_from_hand(key_id)
    if used is None:
        return None
    verdict = throttling.verdict_of(limit, *used)
    if verdict.refused:
        return None
    usage.count(key_id)
    return Admitted(credential, verdict)
