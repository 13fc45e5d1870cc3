import pytest

DRIFT = b'{"drift_score": 0.25,  "drifted": false}\n'


@pytest.fixture
def written(var_dir):
    """Puts a report where the command would."""

    def write(content, kind="drift"):
        path = var_dir / "reports" / kind / "latest.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_bytes(content)
        return fresh.replace(path)

    return write


@pytest.mark.parametrize("kind", ["drift", "quality"])
def test_it_serves_the_newest_report_byte_by_byte(client, written, kind):
    written(DRIFT, kind)

    response = client.get(f"/monitoring/{kind}")

    assert (response.status_code, response.content) == (200, DRIFT)
    assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize("kind", ["drift", "quality"])
def test_there_is_none_before_the_first(client, var_dir, kind):
    response = client.get(f"/monitoring/{kind}")

    assert response.status_code == 404
    assert response.json()["detail"] == f"There is no {kind} report yet."


def test_an_unchanged_report_is_not_sent_twice(client, written):
    written(DRIFT)
    tag = client.get("/monitoring/drift")["ETag"]

    again = client.get("/monitoring/drift", headers={"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")


def test_a_new_report_of_the_same_length_is_noticed(client, written):
    written(b'{"drift_score": 0.1}')
    tag = client.get("/monitoring/drift")["ETag"]
    written(b'{"drift_score": 0.2}')

    again = client.get("/monitoring/drift", headers={"If-None-Match": tag})

    assert (again.status_code, again.json()) == (200, {"drift_score": 0.2})


@pytest.mark.parametrize(
    "content", [b"", b'{"drift_score": ', b'{"drift_score": NaN}', b"[]", b"\xff{}", b"null"]
)
def test_a_broken_report_tells_nothing_of_the_inside(client, written, caplog, content):
    path = written(content)

    response = client.get("/monitoring/drift")

    problem = response.json()
    assert (response.status_code, problem["code"]) == (500, "report_unreadable")
    assert problem["detail"] == "The newest drift report cannot be read."
    assert str(path) in caplog.text


def test_a_report_that_is_no_file_is_unreadable(client, var_dir):
    (var_dir / "reports" / "drift" / "latest.json").mkdir(parents=True)

    assert client.get("/monitoring/drift").json()["code"] == "report_unreadable"


def test_a_mended_report_is_served_again(client, written):
    written(b"{")
    client.get("/monitoring/drift")
    written(DRIFT)

    assert client.get("/monitoring/drift").content == DRIFT


def test_big_reports_are_compressed(client, written):
    written(b'{"features": [' + b",".join([b'"elo"'] * 500) + b"]}")

    response = client.get("/monitoring/drift", headers={"Accept-Encoding": "gzip"})

    assert response["Content-Encoding"] == "gzip"
