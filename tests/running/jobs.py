"""Jobs of the running platform."""

from tests.stack import eventually


def finished(api, job):
    """The job's answer once it is there."""

    def ask():
        response = api.get(f"/predict/async/{job['job_id']}")
        return response.json() if response.status_code == 200 else None

    return eventually(ask, seconds=40)
