import pytest
from django.core.exceptions import ImproperlyConfigured

from soccerpredict.env import env, env_bool, env_int, env_list

NAME = "SOCCERPREDICT_TEST"


@pytest.fixture
def give(monkeypatch):
    """Set the variable, or take it away."""

    def give(value):
        if value is None:
            monkeypatch.delenv(NAME, raising=False)
        else:
            monkeypatch.setenv(NAME, value)

    return give


def test_a_value_is_read(give):
    give(" as it is ")

    assert env(NAME) == " as it is "


@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_value_is_named(give, value):
    give(value)

    with pytest.raises(ImproperlyConfigured, match=f"Set {NAME}; see .env.example."):
        env(NAME)


@pytest.mark.parametrize("value", [None, ""])
def test_what_is_missing_has_its_default(give, value):
    give(value)

    assert env(NAME, "default") == "default"
    assert env(NAME, "") == ""
    assert env_bool(NAME, default=True) is True
    assert env_int(NAME, default=7) == 7
    assert env_list(NAME, default="a,b") == ["a", "b"]


@pytest.mark.parametrize(("text", "value"), [("True", True), ("False", False)])
def test_a_boolean_is_true_or_false(give, text, value):
    give(text)

    assert env_bool(NAME, default=not value) is value


@pytest.mark.parametrize("text", ["true", "FALSE", "1", "0", "yes", "on", " True", "Ture"])
def test_a_misspelt_boolean_is_shown(give, text):
    give(text)

    with pytest.raises(ImproperlyConfigured, match=f"{NAME}='{text}': write True or False."):
        env_bool(NAME, default=False)


def test_a_number_is_read(give):
    give("600")

    assert env_int(NAME, default=1) == 600


@pytest.mark.parametrize("text", ["many", "1.0", "1e3", "0x10"])
def test_what_is_no_number_is_shown(give, text):
    give(text)

    with pytest.raises(ImproperlyConfigured, match=f"{NAME}='{text}': write a whole number."):
        env_int(NAME, default=1)


def test_a_list_is_split_at_its_commas(give):
    give("a.example, b.example,,")

    assert env_list(NAME) == ["a.example", "b.example"]
