"""What makes two findings the same difference: its name, its place, and the facts of two sides."""

from msgspec import Struct


class Signature(Struct, frozen=True):
    """The signature of a difference: `name@place (fact | fact)`."""

    name: str
    path: str
    odd: str
    rest: str

    def __str__(self) -> str:
        return f"{self.name}@{self.path} ({self.odd} | {self.rest})"

    @property
    def key(self) -> tuple[str, str, frozenset[str]]:
        """Return what two signatures of one difference share: the facts unordered."""
        return self.name, self.path, frozenset((self.odd, self.rest))
