"""The signature of a difference: its name, its place, and the facts of two sides."""

from msgspec import Struct


class Signature(Struct, frozen=True):
    """A signature, written `name@place (fact | fact)`; equal differences have equal keys."""

    name: str
    path: str
    odd: str
    rest: str

    def __str__(self) -> str:
        return f"{self.name}@{self.path} ({self.odd} | {self.rest})"

    @property
    def key(self) -> tuple[str, str, frozenset[str]]:
        """Return the name, the place and the unordered facts: the same for equal differences."""
        return self.name, self.path, frozenset((self.odd, self.rest))
