"""Who guesses passwords waits longer and longer; who knows theirs is never kept out for good."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from soccerpredict.access import sign_ins
from soccerpredict.access.sign_in_form import in_words
from soccerpredict.access.sign_ins import FREE_OF_ACCOUNT, FREE_OF_ADDRESS, address_of

pytestmark = [pytest.mark.django_db, pytest.mark.fault]
RIGHT = "right and long enough"


@pytest.fixture(autouse=True)
def admin(django_user_model):
    return django_user_model.objects.create_superuser("ann", password=RIGHT)


@pytest.fixture(autouse=True)
def clock(clock, monkeypatch):
    monkeypatch.setattr(sign_ins, "timezone", clock)
    return clock


def sign_in(password, *, name="ann", browser=None, **headers):
    """The page that answers: None once one is in."""
    sent = {"username": name, "password": password, "next": "/admin/"}
    answer = (browser or Client()).post(reverse("admin:login"), sent, **headers)
    return None if answer.status_code == 302 else answer.content.decode()


def guess(n_times, **how):
    return [sign_in("wrong", **how) for _ in range(n_times)][-1]


def waits(page):
    return page is not None and "The next try is taken in" in page


def test_the_right_password_is_taken_after_a_few_wrong_ones():
    assert not waits(guess(FREE_OF_ACCOUNT - 1))
    assert sign_in(RIGHT) is None
    assert not waits(guess(FREE_OF_ACCOUNT - 1)), "they were counted on"


def test_then_not_even_the_right_one_is_looked_at(clock):
    guess(FREE_OF_ACCOUNT)

    assert waits(sign_in(RIGHT))
    clock.pass_seconds(5.1)
    assert sign_in(RIGHT) is None


def test_each_further_one_doubles_the_wait_up_to_five_minutes(clock):
    guess(FREE_OF_ACCOUNT)
    for seconds in (5, 10, 20, 40, 80, 160, 300, 300):
        clock.pass_seconds(seconds - 1)
        assert waits(guess(1)), f"before {seconds} s"
        clock.pass_seconds(1.1)
        assert not waits(guess(1)), f"after {seconds} s"


def test_the_page_says_how_long():
    guess(FREE_OF_ACCOUNT)

    assert "Too many wrong passwords. The next try is taken in 5 seconds." in sign_in(RIGHT)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (61, "2 minutes")],
)
def test_waits_in_words(seconds, words):
    assert in_words(seconds) == words


def test_trying_while_one_has_to_wait_makes_it_no_longer(clock):
    guess(FREE_OF_ACCOUNT + 30)

    clock.pass_seconds(5.1)
    assert sign_in(RIGHT) is None


def test_guesses_from_elsewhere_keep_nobody_out():
    guess(FREE_OF_ACCOUNT + 1, REMOTE_ADDR="203.0.113.9")

    assert waits(sign_in(RIGHT, REMOTE_ADDR="203.0.113.9"))
    assert sign_in(RIGHT, REMOTE_ADDR="198.51.100.1") is None


def test_nor_do_those_from_the_same_address_a_browser_that_is_known():
    browser = Client()
    sign_in(RIGHT, browser=browser)
    browser.post(reverse("admin:logout"))

    guess(FREE_OF_ACCOUNT + 1)
    guess(FREE_OF_ADDRESS, name="nobody")

    assert waits(sign_in(RIGHT))
    assert sign_in(RIGHT, browser=browser) is None


def test_a_known_browser_may_not_guess_either():
    browser = Client()
    sign_in(RIGHT, browser=browser)

    guess(FREE_OF_ACCOUNT, browser=browser)

    assert waits(sign_in(RIGHT, browser=browser))


def test_a_browser_is_known_for_its_own_account_only(django_user_model):
    django_user_model.objects.create_superuser("bob", password=RIGHT)
    browser = Client()
    sign_in(RIGHT, name="bob", browser=browser)

    guess(FREE_OF_ACCOUNT)

    assert waits(sign_in(RIGHT, browser=browser))


def test_a_made_up_cookie_is_no_known_browser():
    browser = Client()
    browser.cookies["known_browser"] = "WzEsImEiXQ:1:made-up"

    guess(FREE_OF_ACCOUNT, browser=browser)

    assert waits(sign_in(RIGHT))


def test_many_names_from_one_address_wait_too():
    for number in range(FREE_OF_ADDRESS):
        assert not waits(guess(1, name=f"name {number}"))

    assert waits(guess(1, name="one more"))


def test_after_a_day_all_is_forgotten(clock):
    guess(FREE_OF_ACCOUNT)
    for _ in range(3):
        clock.pass_seconds(400)
        guess(1)

    clock.pass_seconds(86_401)

    assert not waits(guess(FREE_OF_ACCOUNT - 1))


def test_the_audit_log_tells_of_it(admin):
    guess(FREE_OF_ACCOUNT + 3, REMOTE_ADDR="203.0.113.9")

    [entry] = LogEntry.objects.all()
    assert (entry.user, entry.get_edited_object()) == (admin, admin)
    assert entry.change_message == (
        "5 wrong passwords from 203.0.113.9; the next try from there is taken in 5 s."
    )


def test_a_name_nobody_has_is_not_written_down(caplog):
    guess(FREE_OF_ACCOUNT, name="my-secret-password")

    assert "5 wrong passwords" in caplog.text
    assert "my-secret" not in caplog.text
    assert not LogEntry.objects.exists()


def test_a_shell_lets_in_at_once(capsys):
    guess(FREE_OF_ACCOUNT + 1)

    call_command("allow_sign_in", "ann")

    assert capsys.readouterr().out == "ann may sign in at once.\n"
    assert sign_in(RIGHT) is None


def test_a_shell_hears_of_a_name_nobody_has():
    with pytest.raises(CommandError, match="There is no account bob"):
        call_command("allow_sign_in", "bob")


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_no_way_round(admin):
    def wrong(_):
        try:
            return waits(guess(1))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        refused = list(threads.map(wrong, range(24)))

    assert refused.count(False) == FREE_OF_ACCOUNT


@pytest.mark.parametrize(
    ("n_proxies", "forwarded", "address"),
    [
        (0, "1.2.3.4", "10.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "not an address", ""),
        (1, "", "10.0.0.1"),
    ],
)
def test_whose_address_counts(rf, settings, n_proxies, forwarded, address):
    settings.PROXIES = n_proxies
    request = rf.post("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)

    assert address_of(request) == address
