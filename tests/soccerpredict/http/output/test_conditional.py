"""Which If-None-Match headers name a representation, as RFC 9110 has it."""

import pytest

from soccerpredict.http.output.conditional import matches, quoted

TAG = quoted("0a1b", "gzip")


@pytest.mark.parametrize(
    "header",
    [TAG, f"W/{TAG}", "*", " * ", f'"other", {TAG}', f'W/"other",W/{TAG}', f"\t{TAG} "],
)
def test_it_is_found_in_any_list_by_weak_comparison(header):
    assert matches(header, TAG)


@pytest.mark.parametrize(
    "header", [None, "", '"0a1b"', '"0a1b-gzip', "0a1b-gzip", '"*"', '"other", W/"another"', "W/"]
)
def test_another_coding_or_what_is_no_tag_is_not_it(header):
    assert not matches(header, TAG)
