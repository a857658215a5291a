"""The walk over two JSON values: it compares structure always, and values if requested.

Only *paired* columns, whose values correspond by position, are compared by value.  Pending nodes
are in a list, not on the call stack, because a body may be nested to any depth.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import repeat
from typing import Final

from msgspec.structs import replace

from conformance.comparison.bodies.token import is_in_token, token_facts
from conformance.comparison.budget import check
from conformance.comparison.difference import Difference
from conformance.comparison.identities.paths import NO_IDENTITIES, IdentityPaths
from conformance.comparison.idioms.catalogue import IDIOMS
from conformance.comparison.idioms.detection import detect_claim
from conformance.comparison.idioms.errors import ERROR_SHAPE
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.accepted import not_accepted
from conformance.comparison.values.child_order import add_child_order
from conformance.comparison.values.claims import add_claim
from conformance.comparison.values.columns import (
    may_hold_json,
    objects_of,
    same_kinds,
    same_scalars,
)
from conformance.comparison.values.difference_list import DifferenceList
from conformance.comparison.values.element_ids import ElementIds
from conformance.comparison.values.idiom_choice import IdiomChoice
from conformance.comparison.values.ignored_members import count_ignored
from conformance.comparison.values.known_forms import MAP, NO_FORMS, KnownForms
from conformance.comparison.values.layout import Layout, layout_of
from conformance.comparison.values.list_elements import ListElements
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.many_members import without_too_many
from conformance.comparison.values.maps import other_names, values_of
from conformance.comparison.values.member_presence import MemberPresence
from conformance.comparison.values.node import Node, Pairing
from conformance.comparison.values.occurrences import names_apart, showing_pairs
from conformance.comparison.values.partition import partition
from conformance.comparison.values.pending_nodes import PendingNodes
from conformance.comparison.values.side import SentSide
from conformance.comparison.values.stops import Stops
from conformance.comparison.values.unlike_values import add_unlike, unlike_values
from conformance.model.case import CompareLevel, NumberPolicy
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER, IN_TEXT, JsonPath

_CONTAINERS: Final = frozenset({"object", "array"})
"""The kinds of values that contain other values."""
_ALL_CONTAINERS: Final = ({"object"}, {"array"})
"""The kinds of a column of objects or of lists, whose values are all compared below."""
_CHILDREN: Final = {"object": ANY_MEMBER, "array": ANY_ELEMENT}
"""The segment below each kind of container."""
_OTHER_TYPES: Final = "other types of elements"
"""The detail of lists with elements of other types."""


class Walk:
    """Collects the differences of two values, and the places at which the comparison stops.

    - `idioms`: the causes that are searched for.
    - `identities`: where these are mixed up, no value is compared.
    - `signed_zeros`: whether zero and minus zero differ.
    - `forms`: forms of the bodies that a third answer shows.
    - `types_at`: the path at which elements name their type, which belongs to the shape as a tag
      does.
    - `tokens`: the paths of tokens (JWT) in the body: their content is JSON, whatever the body is.
    - `at`: the path of the bodies, if they are parts of others.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the terms of a comparison
        self,
        level: CompareLevel,
        loosening: Loosening,
        numbers: NumberPolicy = NumberPolicy.VALUE,
        idioms: Sequence[Idiom] = IDIOMS,
        identities: IdentityPaths = NO_IDENTITIES,
        stops: Stops | None = None,
        signed_zeros: bool = False,
        forms: KnownForms = NO_FORMS,
        types_at: JsonPath | None = None,
        tokens: AbstractSet[JsonPath] = frozenset(),
        at: JsonPath = (),
    ) -> None:
        self.stops = Stops() if stops is None else stops
        self._found = DifferenceList(identities)
        self._pairing = Pairing.on_terms(level, numbers, signed_zeros=signed_zeros)
        self._types_at = types_at if level is CompareLevel.SHAPE else None
        self._pending = PendingNodes(self.stops)
        self._forms = forms
        self._has_forms = bool(forms)  # asked at every node
        self.loosening = loosening
        self._tokens, self._in_token = tokens, False
        self._at = at
        self._of_body = IdiomChoice(idioms, loosening, identities, at)
        self._of_tokens = self._of_body
        if tokens:
            self._of_tokens = IdiomChoice(IDIOMS, loosening, identities, at)
        self._use_idioms(self._of_body)

    def _use_idioms_at(self, node: Node) -> None:
        """Select the idioms for a node: the content of a token is JSON, whatever the body is."""
        in_token = all(map(is_in_token, node.paths, repeat(self._tokens)))
        if in_token != self._in_token:
            self._in_token = in_token
            self._use_idioms(self._of_tokens if in_token else self._of_body)

    def _use_idioms(self, idioms: IdiomChoice) -> None:
        """Use a selection of idioms for the next nodes."""
        self._idioms = idioms
        self._presence = MemberPresence(
            self._found, self.stops, self.loosening, explained=idioms.of_presence
        )
        self._elements = ListElements(self._found, self.stops, self.loosening, idioms)

    @property
    def differences(self) -> Sequence[Difference]:
        """Return the differences."""
        return self._found.differences

    @property
    def more(self) -> int:
        """Return the number of differences past the limit."""
        return self._found.more

    def compare(self, a: Json, b: Json) -> None:
        """Compare two whole bodies, as they were sent."""
        self.compare_sides(SentSide([a]), SentSide([b]))

    def compare_sides(self, a: SentSide, b: SentSide) -> None:
        """Compare two bodies, depth first."""
        pending = [Node(a, b, self._pairing, ElementIds.of_root())]
        while pending:
            check()
            node = pending.pop()
            if self._tokens:
                self._use_idioms_at(node)
            self._node(node)
            pending.extend(self._pending.taken())

    def _node(self, node: Node) -> None:
        """Compare two columns: the first of the checks below that applies decides."""
        # Equal? Both are ["a", "b"], spelled alike.
        if same_scalars(*node.columns):
            return
        # Accepted? A rule may accept any number at `$.elapsed_ms`.
        left = not_accepted(node, self.loosening, self._differ)
        if left is None:
            return
        node = self._in_one_order(left) if left.pairing else left
        if self._has_forms and self._in_texts(node):
            return
        node, left_out = without_too_many(node, self.loosening)
        is_map = self._has_forms and self._forms.both(MAP, node.paths)
        layout = layout_of(node, self.loosening, known_map=is_map)
        if left_out:
            self._found.more += left_out
            self.stops.unexplained.append(node.paths)
            self._kinds(node, layout._replace(is_map=False))
            return
        # In several ways? Each element of `["1", 2]` beside `[1, "2"]` is compared alone.
        if self._in_parts(node, layout):
            return
        # Claimed? An idiom explains `{"user_id": 1}` beside `{"userId": 1}`, and leaves the values
        # to compare.
        if self._claimed(node, layout):
            return
        # Otherwise the kinds decide: "1" beside 1 is another type, 1 beside 2 another value;
        # containers are compared below.
        self._kinds(node, layout)

    def _differ(self, node: Node) -> bool:
        """Return whether columns that a rule accepts would differ without it."""
        if node.pairing:
            return True
        # paired values are assumed to differ, as most of them do
        without = Walk(
            CompareLevel.SHAPE,
            Loosening(),
            forms=self._forms,
            types_at=self._types_at,
            tokens=self._tokens,
            at=self._at,
        )
        without.loosening.in_markup = self.loosening.in_markup
        without.compare_sides(node.a, node.b)
        return bool(without.differences)

    def _in_one_order(self, node: Node) -> Node:
        """Put the second side's lists into the order of the first, if a rule ignores the order."""
        orders = self.loosening.orders(*node.columns, node.paths)
        return node if orders is None else node.in_order(orders)

    def _in_texts(self, node: Node) -> bool:
        """Compare the JSON in strings that are known to contain it; return whether that is all."""
        held = self._forms.held_in_texts(node.columns, node.paths, paired=bool(node.pairing))
        if held is None:
            return False
        self._pending.add_rest(node, held.rest, node.pairing)
        if held.others:
            self._pending.add(node.part(held.others))
        return bool(node.pairing)

    def _in_parts(self, node: Node, layout: Layout) -> bool:
        """Compare paired elements in groups if they differ in several ways; return whether they do.

        If an idiom claims the members of all elements, they are not split.
        """
        if not node.pairing or len(node.a.column) == 1:
            return False
        in_markup = self.loosening.in_markup
        parts = partition(node.columns, self._idioms.of_forms, in_markup=in_markup)
        if len(parts) == 1:
            return False
        if not self._claimed(node, layout, of_layout=True):
            self._pending.add(*map(node.part, parts))
        return True

    def _claimed(self, node: Node, layout: Layout, *, of_layout: bool = False) -> bool:
        """Record the first claim of an idiom, and continue with what it leaves.

        Return whether there is a claim.  With `of_layout`, only a claim about the members of
        objects counts.
        """
        for idiom in self._idioms.candidates(node, layout):
            check()
            claim = detect_claim(idiom, *self._idioms.columns_for(idiom, node))
            if claim is None:
                continue
            is_of_layout = claim.kind is DifferenceKind.MEMBER
            if of_layout and not is_of_layout:
                continue
            if node.pairing and not claim.shows_in(*node.columns):
                continue
            add_claim(self._found, node, idiom, claim, self.loosening)
            if idiom.name == ERROR_SHAPE.name:
                count_ignored(node, self.loosening)
            self._pending.add_rest_of_claim(node, claim)
            return True
        return False

    def _kinds(self, node: Node, layout: Layout) -> None:
        """Compare the kinds of two columns, then their scalars, and what is below containers."""
        are_alike = layout.alike if node.pairing else layout.same_kinds
        if not are_alike:
            self._types(node, layout)
        elif not node.pairing:
            self._shape_of_scalars(node)
        elif layout.kinds_a not in _ALL_CONTAINERS:
            self._values(node)
        if layout.kinds & _CONTAINERS:
            self._containers(node, layout)

    def _shape_of_scalars(self, node: Node) -> None:
        """Compare the shape of unpaired scalars of one kind: types of elements, and tokens."""
        if node.a.path == self._types_at:
            names = names_apart(node)
            self._found.add_unequal(node.paths, names, facet=Facet.SHAPE, words=_OTHER_TYPES)
            return
        facts = token_facts(*node.columns)
        if facts is not None:
            self._found.add(
                DifferenceKind.TYPE, Facet.SHAPE, node.paths, facts, showing_pairs(node)
            )

    def _containers(self, node: Node, layout: Layout) -> None:
        """Compare what is below objects and lists.

        They are no longer paired if some position has values of two kinds.
        """
        if node.pairing and not same_kinds(*node.columns):
            self.stops.stop_values_below(node.paths)
            node = replace(node, pairing=Pairing.NONE)
        if layout.is_map:
            self._map(node)
        elif "object" in layout.kinds:
            self._members(node, layout)
        if "array" in layout.kinds:
            self._pending.descend(self._elements.compare(node), was_paired=bool(node.pairing))

    def _types(self, node: Node, layout: Layout) -> None:
        """Record that two columns have different types, and stop below kinds that one side lacks.

        If the node has only some of the elements, no stop is noted: the others are still compared.
        """
        facts = (" or ".join(sorted(layout.kinds_a)), " or ".join(sorted(layout.kinds_b)))
        self._found.add(DifferenceKind.TYPE, Facet.SHAPE, node.paths, facts, showing_pairs(node))
        if node.partial:
            return
        self.stops.stop_values_below(node.paths)
        for kind, child in _CHILDREN.items():
            if kind not in layout.kinds:
                self._pending.stop(node, child)

    def _values(self, node: Node) -> None:
        """Record unequal paired scalars by their cause; containers are compared below."""
        unlike = unlike_values(node, self._idioms.respelling, self.loosening)
        if unlike and any(map(may_hold_json, node.columns)):
            self._pending.stop(node, IN_TEXT)
        add_unlike(self._found, node, unlike)

    def _map(self, node: Node) -> None:
        """Compare objects whose names are data.

        All members are one column; by value the names must be equal.
        """
        first, second, same_names = values_of(*node.columns)
        if node.pairing and not same_names:
            words = other_names(*node.columns)
            self._found.add_unequal(node.paths, showing_pairs(node), words=words)
        below = node.any_member(first, second, node.pairing if same_names else Pairing.NONE)
        self._pending.descend(below, was_paired=bool(node.pairing))

    def _members(self, node: Node, layout: Layout) -> None:
        """Compare the members of objects by name."""
        has_child_order = self.loosening.in_markup and not self._in_token
        if node.pairing and has_child_order:
            add_child_order(self._found, node, self.loosening)
        objects = (len(objects_of(node.a.column)), len(objects_of(node.b.column)))
        counts = (len(node.a.column), len(node.b.column))
        below_a, below_b = layout.below_a, layout.below_b
        for name in below_a | below_b:
            first, second = below_a.get(name, []), below_b.get(name, [])
            is_in_all = (len(first), len(second)) == counts
            if not is_in_all:
                below = self._presence.compare(node, name, (first, second), objects)
                if below is not None:
                    self._pending.descend(below, was_paired=bool(node.pairing))
            elif not same_scalars(first, second):
                self._pending.descend(node.member(name, first, second))
