"""Networks that others have published, with the names of their parameters, so that their weights can be loaded."""

from .vgg import VGG, vgg16

__all__ = ["VGG", "vgg16"]
