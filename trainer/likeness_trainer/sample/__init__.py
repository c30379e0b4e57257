"""The synthetic sample: a person made by this code, speaking, with its truth."""

from .demo_sample import demo_sample

__all__ = ["demo_sample"]
