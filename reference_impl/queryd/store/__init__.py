"""The datasets in queryd: objects on its own disk, fetched when a statement first needs them."""

from reference_impl.queryd.store.datasets import Datasets
from reference_impl.queryd.store.object_cache import ObjectCache

__all__ = ["Datasets", "ObjectCache"]
