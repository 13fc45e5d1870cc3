"""What MLflow's aliases name, read past the product, which only writes them."""

from django.conf import settings

from predictions import registry


def alias_of(stage):
    aliases = registry._client().get_registered_model(settings.MODEL_NAME).aliases
    return int(aliases[stage]) if stage in aliases else None
