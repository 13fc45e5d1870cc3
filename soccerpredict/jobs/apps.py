from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "soccerpredict.jobs"
    label = "jobs"
    verbose_name = "Scheduled jobs"
