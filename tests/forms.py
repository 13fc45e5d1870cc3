"""Forms as a page gives them: what a browser would send back, and what is said at which field.

A test that fills a form takes its fields from here, so that it never sends what the page does not
hold, nor leaves out what it does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.db.models import Model
from django.http.response import HttpResponseBase
from django.test import Client

from tests.reading import content_of

BUTTONS = ("submit", "button", "image", "reset")
TICKED = ("checkbox", "radio")
Sent = dict[str, Any]


@dataclass
class Control:
    """An input, a textarea, a select, or a button; `values` is what it sends as it stands."""

    name: str
    kind: str  # an input's type, or textarea, select, button
    values: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)  # of a select, a radio or a check box
    is_disabled: bool = False
    is_read_only: bool = False
    is_multiple: bool = False

    @property
    def is_button(self) -> bool:
        return self.kind in BUTTONS

    @property
    def is_editable(self) -> bool:
        return not (self.is_button or self.is_disabled or self.is_read_only) and (
            self.kind != "hidden"
        )


@dataclass
class Form:
    """One form of a page, with the controls that stand elsewhere and name it, too."""

    id: str = ""
    action: str = ""
    method: str = "get"
    controls: list[Control] = field(default_factory=list)

    def names(self) -> set[str]:
        return {control.name for control in self.controls if control.name}

    def editable(self) -> list[Control]:
        return [control for control in self.controls if control.name and control.is_editable]

    def buttons(self) -> list[Control]:
        return [control for control in self.controls if control.is_button and control.name]

    def fields(self, button: str | None = None) -> Sent:
        """What a browser sends if nothing is touched, and this button is pressed."""
        sent: Sent = {}
        for control in self.controls:
            is_sent = not control.is_button or control.name == button
            if control.name and is_sent and not control.is_disabled:
                sent.setdefault(control.name, []).extend(control.values)
        return {name: values for name, values in sent.items() if values}

    def filled(self, changes: Mapping[str, Any], button: str | None = None) -> Sent:
        """The form's fields with some changed; None leaves a field out, as an empty check box.

        Raises:
            KeyError: the page has no such field, or no such box to tick.
        """
        if unknown := changes.keys() - self.names():
            raise KeyError(f"The form has no {', '.join(sorted(unknown))}: {sorted(self.names())}")
        sent = self.fields(button)
        for name, value in changes.items():
            sent.pop(name, None)
            if value is not None:
                is_many = isinstance(value, Iterable) and not isinstance(value, str)
                sent[name] = [str(one) for one in value] if is_many else [str(value)]
                self._look_for_boxes(name, sent[name])
        return sent

    def _look_for_boxes(self, name: str, values: Iterable[str]) -> None:
        boxes = [one for one in self.controls if one.name == name and one.kind in TICKED]
        there = {choice for one in boxes for choice in one.choices}
        if boxes and (unknown := set(values) - there):
            raise KeyError(f"{name} has no {', '.join(sorted(unknown))} to tick: {sorted(there)}")


class _Reader(HTMLParser):
    """Collects forms; a template's content is no part of its page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._owned: list[tuple[str, Control]] = []  # by forms that they name
        self._open: Form | None = None
        self._templates = 0
        self._control: Control | None = None  # the select or textarea that is open
        self._option: tuple[str | None, bool] | None = None  # its value, and whether it is chosen
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._templates += tag == "template"
        if self._templates:
            return
        if tag == "form":
            method = given.get("method", "get").lower()
            self._open = Form(given.get("id", ""), given.get("action", ""), method)
            self.forms.append(self._open)
        elif tag in ("input", "button"):
            self._add(given, _input(given, "submit" if tag == "button" else "text"))
        elif tag in ("select", "textarea"):
            self._control, self._text = Control(given.get("name", ""), tag), []
            self._control.is_multiple = "multiple" in given
            self._add(given, self._control)
        elif tag == "option":
            self._end_option()
            self._option, self._text = (given.get("value"), "selected" in given), []

    def handle_endtag(self, tag: str) -> None:
        self._templates -= tag == "template"
        if tag == "form":
            self._open = None
        elif tag == "option":
            self._end_option()
        elif tag == "textarea" and self._control is not None:
            self._control.values = ["".join(self._text).removeprefix("\n")]
            self._control = None
        elif tag == "select" and self._control is not None:
            self._end_option()
            if not self._control.values and not self._control.is_multiple:
                self._control.values = self._control.choices[:1]
            self._control = None

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def _end_option(self) -> None:
        """An option without a value sends its text."""
        if self._option is None or self._control is None:
            return
        value, is_chosen = self._option
        value = "".join(self._text).strip() if value is None else value
        self._control.choices.append(value)
        if is_chosen:
            self._control.values.append(value)
        self._option = None

    def _add(self, given: Mapping[str, str], control: Control) -> None:
        control.is_disabled = "disabled" in given
        control.is_read_only = "readonly" in given
        if "form" in given:
            self._owned.append((given["form"], control))
        elif self._open:
            self._open.controls.append(control)

    def close(self) -> None:
        super().close()
        for owner, control in self._owned:
            for form in self.forms:
                if form.id == owner:
                    form.controls.append(control)


def _input(given: Mapping[str, str], usual: str) -> Control:
    kind = given.get("type", usual).lower()
    control = Control(given.get("name", ""), kind)
    if kind in ("checkbox", "radio"):
        control.choices = [given.get("value", "on")]
        control.values = control.choices[:] if "checked" in given else []
    elif kind != "file":
        control.values = [given.get("value", "")]
    return control


def forms_in(page: str | HttpResponseBase) -> list[Form]:
    reader = _Reader()
    reader.feed(page if isinstance(page, str) else content_of(page).decode())
    reader.close()
    return reader.forms


def form_in(page: str | HttpResponseBase, *, having: str) -> Form:
    """The page's form that has a field or an id of this name."""
    found = [form for form in forms_in(page) if having == form.id or having in form.names()]
    assert found, f"No form of the page has {having!r}."
    return found[0]


def change_form(page: str | HttpResponseBase) -> Form:
    """The form of a row in the back office."""
    return form_in(page, having="_save")


def save(
    client: Client, address: str, changes: Mapping[str, Any] | None = None, **asked: Any
) -> Any:
    """Open a row's page in the back office, change some fields of its form, press Save."""
    form = change_form(client.get(address))
    return client.post(form.action or address, form.filled(changes or {}, "_save"), **asked)


def add(
    client: Client, lists: str, written: Mapping[str, Any] | None = None, **asked: Any
) -> HttpResponseBase:
    """Open the page of a new row, write in some of its fields, press Save."""
    return save(client, f"{lists}add/", written, **asked)


def ticked(client: Client, lists: str, action: str, *rows: Model, **more: str) -> Sent:
    """What a list of the back office sends once these rows are ticked and an action is chosen."""
    form = form_in(client.get(lists), having="_selected_action")
    choices = next(control.choices for control in form.controls if control.name == "action")
    assert action in choices, f"{action} is not offered: {choices}"
    chosen = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return form.filled(chosen, "index")


def act(client: Client, lists: str, action: str, *rows: Model, **more: str) -> Any:
    """Tick rows of a list of the back office, choose an action, press Go; what is shown then."""
    return client.post(lists, ticked(client, lists, action, *rows, **more), follow=True)


def confirm(client: Client, asking: HttpResponseBase, lists: str, **answers: Any) -> Any:
    """Say yes on the page that an action shows first."""
    form = form_in(asking, having=next(iter(answers), "confirmed"))
    return client.post(form.action or lists, form.filled(answers), follow=True)
