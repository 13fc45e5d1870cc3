"""The back office's sign-in form, which makes those wait who guess passwords."""

from typing import Any

from django.core.exceptions import ValidationError
from unfold.forms import AuthenticationForm

from soccerpredict.access.sign_ins import MustWait, Try


class SignInForm(AuthenticationForm):  # type: ignore[misc]
    def clean(self) -> dict[str, Any]:
        if not (self.cleaned_data.get("username") and self.cleaned_data.get("password")):
            return dict(self.cleaned_data)
        attempt = Try.of(self.request, self.cleaned_data["username"])
        try:
            attempt.begin()
            cleaned: dict[str, Any] = super().clean()
        except MustWait as exc:
            message = f"Too many wrong passwords. The next try is taken in {in_words(exc.seconds)}."
            raise ValidationError(message, code="must_wait") from exc
        except ValidationError:
            attempt.failed()
            raise
        attempt.succeeded()
        return cleaned


def in_words(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} second{'s' * (seconds != 1)}"
    minutes = -(-seconds // 60)
    return f"{minutes} minute{'s' * (minutes != 1)}"
