"""Names of the tasks that services send: a sender needs no worker's code, only the name.

Messages, the timetable and results keep these names: a task may move, its name may not change.
"""

PREDICT_MATCH = "predictions.tasks.predict_match"
PREDICT_FIXTURES = "predictions.tasks.predict_fixtures"
PREDICT_JOB = "predictions.tasks.predict_job"
DECIDE_PROMOTION = "predictions.tasks.decide_promotion"
DECIDE_ROLLBACK = "predictions.tasks.decide_rollback"
DECIDE_EXAMINATION = "predictions.tasks.decide_examination"
