"""A form that was opened before somebody else saved must not undo what they did."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseModelForm, ModelForm

SEEN = "_seen"
SENTENCE = (
    "Somebody or something changed this since you opened it. Nothing was saved: open the page "
    "anew, and change it again if it still needs to be."
)


def seen(form: "BaseModelForm[Any]") -> str:
    """What the form's row is like, in a few letters."""
    values = sorted((name, _plain(value)) for name, value in form.initial.items())
    return hashlib.blake2b(repr(values).encode(), digest_size=12).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return sorted(map(str, value))
    return str(value)


def _untouched_moments(form: "BaseModelForm[Any]", cleaned: dict[str, Any]) -> dict[str, Any]:
    """They keep their fractions of a second, which pages do not show and so do not send."""
    return {
        name: form.initial[name]
        for name, value in cleaned.items()
        if isinstance(value, datetime) and name in form.initial and name not in form.changed_data
    }


def guarded(form_class: type["ModelForm[Any]"]) -> type["ModelForm[Any]"]:
    """The form, refusing what was written about a row that is no more like that."""

    class Guarded(form_class):  # type: ignore[valid-type, misc]
        def clean(self) -> dict[str, Any] | None:
            cleaned: dict[str, Any] | None = super().clean()
            was = self.data.get(SEEN)
            if was and self.instance.pk and was != seen(self):
                raise ValidationError(SENTENCE, code="stale")
            return None if cleaned is None else cleaned | _untouched_moments(self, cleaned)

    Guarded.__name__ = form_class.__name__
    return Guarded
