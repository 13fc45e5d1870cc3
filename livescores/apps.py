from django.apps import AppConfig


class LivescoresConfig(AppConfig):
    name = "livescores"
