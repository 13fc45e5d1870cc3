"""What is behind predictions: goal rates and reasons of every match, in blocks."""

from django.db import models

from predictions.models.predictions import ModelVersion


class InsightBlock(models.Model):
    """The matches of a range of ids: what a version expects of each, and what moved it.

    Blocks rather than rows: a block whose features are as before is left as it is, so that an
    hourly batch writes a few of them and not a row a match.
    """

    model_version = models.ForeignKey(ModelVersion, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(help_text="Match id divided by the size of a block.")
    digest = models.CharField(max_length=64, help_text="Of the features that it was made from.")
    facts = models.JSONField(help_text="Names of the features, and the average match.")
    packed = models.BinaryField(help_text="One record a match, by id, deflated.")

    class Meta:
        ordering = ("model_version", "number")
        constraints = [
            models.UniqueConstraint(fields=["model_version", "number"], name="insight_block_once"),
        ]

    def __str__(self) -> str:
        return f"Block {self.number} of {self.model_version}"
