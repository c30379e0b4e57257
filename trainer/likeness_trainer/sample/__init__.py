"""The synthetic sample: a person made by this code, speaking, with its truth."""

from likeness_trainer.sample.demo_sample import demo_sample

__all__ = ["demo_sample"]
