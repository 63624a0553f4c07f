"""One PATCH operation after the other on a draft of a document (RFC 7644 sections 3.5.2.1 to 3.5.2.3).

A draft copies what it changes, layer by layer, so the document it was made from stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from provcheck.mock_targets.operations.membership_changes import MembershipEdit
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.query.attributes import Attribute
from provcheck.mock_targets.query.tree import described_values
from provcheck.mock_targets.scim.errors import InvalidValue, Mutability, NoTarget, ScimError
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.lists import joined, settle_primary, without_listed
from provcheck.mock_targets.scim.membership import edit_members
from provcheck.mock_targets.scim.paths import MISSING, Operation, PatchPath
from provcheck.mock_targets.scim.schema import Json, ResourceSchema
from provcheck.mock_targets.scim.slots import Slots
from provcheck.mock_targets.scim.validate import check_document, check_urns, with_schemas
from provcheck.mock_targets.scim.values import (
    check_required,
    merge_complex,
    read_one,
    read_value,
    read_values,
    without_blanks,
)
from provcheck.mock_targets.target.flags import Behaviour

_NO_FLAGS = Behaviour({})


class DocumentEditor:
    """A document in the making, and the membership edits that go with it.

    `slots` are the attributes of which only so many values are kept, and `checks` look at the value of an attribute as
    it is sent (a sub-attribute alone: as an object) and may raise a refusal. With `clears_blanks` a text of blanks
    alone counts as an empty one. `given` names the attributes that the operations were about, but for those in
    `passes_over`, which are left as they are; `behaviour` has the flags in force.
    """

    slots: ClassVar[Mapping[str, Slots]] = {}
    checks: ClassVar[Mapping[str, Callable[[Any], object]]] = {}
    clears_blanks: ClassVar[bool] = False

    def __init__(
        self, document: Json, schema: ResourceSchema, leniency: Leniency, behaviour: Behaviour = _NO_FLAGS
    ) -> None:
        self.behaviour = behaviour
        self.passes_over: Collection[str] = ()
        self.edits: list[MembershipEdit] = []
        self.given: set[str] = set()
        self._before = document
        self._document = dict(document)
        self._schema = schema
        self._leniency = leniency

    def carry_out(self, operations: Iterable[Operation]) -> Change:
        """Apply all operations; the change that they come to. A refusal tells the attribute that it is about."""
        for op, path, value in operations:
            attribute, sub = path.place.attribute, path.place.sub
            assert attribute is not None
            if attribute.name in self.passes_over:
                continue
            self.given.add(attribute.name)
            try:
                if attribute.name in self.checks and value is not MISSING:
                    self.checks[attribute.name](value if sub is None else {sub.name: value})
                cleared = without_blanks(value) if self.clears_blanks else value
                self.apply(op, path, cleared, given=value is not MISSING)
            except ScimError as error:
                error.about = error.about or attribute.name
                raise
        return Change(self.finish(), tuple(self.edits))

    def keep(self, names: Collection[str]) -> None:
        """Blank all but these attributes; of a complex one just some parts may be kept (`name.givenName`)."""
        kept = {name: value for name, value in self._document.items() if name in names or name == "schemas"}
        for path in names:
            name, _, part = path.partition(".")
            if part and ":" not in path and part in self._document.get(name, ()):
                kept[name] = {**kept.get(name, {}), part: self._document[name][part]}
        self._document = kept

    def apply(self, op: str, path: PatchPath, value: Any, *, given: bool) -> None:
        """Apply one operation. `given` is False when it has no value at all."""
        attribute = path.place.attribute
        assert attribute is not None
        if op != "remove" and not given:
            raise InvalidValue(f"{op} needs a value")
        if self.is_relation(attribute):
            self.edits.extend(edit_members(op, path, value if given else None, self._leniency))
        elif self._is_writable(op, path, value):
            self._on_document(op, path, value, given=given)

    def finish(self) -> Json:
        """The new document; the very one the draft was made from when nothing changed."""
        if self._document == self._before:
            return self._before
        check_document(self._document, self._schema)
        return with_schemas(self._document, self._schema)

    def is_relation(self, attribute: Attribute) -> bool:
        """Whether this attribute is where memberships are written."""
        return attribute is self._schema.table.get(self._schema.relation or "")

    def _is_writable(self, op: str, path: PatchPath, value: Any) -> bool:
        """Whether to go on. Raises Mutability; False when the operation is to be passed over."""
        attribute, leaf = path.place.attribute, path.place.leaf
        assert attribute is not None
        assert leaf is not None
        if attribute.name == "schemas" and path.place.container is None:
            if op == "remove":
                raise Mutability("schemas cannot be removed")
            check_urns(value, self._schema, self._leniency)  # they follow from what is in the document
            return False
        if "readOnly" in (attribute.mutability, leaf.mutability):
            if self._leniency.ignores_read_only:
                return False
            flag = "membership_style" if attribute.name == self._schema.membership else None
            raise Mutability(f"{leaf.path} is read-only", flag=flag)
        return True

    def _on_document(self, op: str, path: PatchPath, value: Any, *, given: bool) -> None:
        container, attribute, sub = path.place
        assert attribute is not None
        host = dict(self._document.get(container, {})) if container else self._document
        slots = self.slots.get(attribute.path)
        if slots is not None:
            kept = host.get(attribute.name, ())
            self._assign(
                host, attribute, slots.changed(op, path, value if given else None, kept, self._leniency) or None
            )
        elif op == "remove":
            if given and value is not None and value != "":
                if not self._leniency.remove_with_value:
                    raise InvalidValue("remove takes no value: its path says what to remove")
                self._remove_listed(host, path, value)
            else:
                self._remove(host, path)
        elif path.test is not None:
            self._write_selected(host, path, op, value)
        elif sub is not None:
            self._write_sub(host, attribute, sub, value)
        else:
            self._write(host, attribute, op, value)
        if container:
            self._put_container(container, host)

    def _put_container(self, container: str, host: Json) -> None:
        if host:
            self._document[container] = host
        else:
            self._document.pop(container, None)

    def _write(self, host: Json, attribute: Attribute, op: str, value: Any) -> None:
        old = host.get(attribute.name)
        new: Any
        if attribute.multi_valued:
            if op == "add" and not isinstance(value, list):
                value = [value]  # one more value (RFC 7644 section 3.5.2.1)
            new = None if value is None else read_values(attribute, value, self._leniency)
            if op == "add":
                new = joined(attribute, old or [], new or []) or None
        elif attribute.type == "complex":
            new = self._merged(attribute, old, value)
        else:
            new = read_value(attribute, value, self._leniency)
        self._assign(host, attribute, new)

    def _merged(self, attribute: Attribute, old: Json | None, value: Any) -> Json | None:
        """A single complex value with the given parts put over it; None when it is to go."""
        if value is None or (value == "" and self._leniency.clears_with_empty_string):
            return None
        if value == [] and self._leniency.list_for_single:
            return None
        new = merge_complex(attribute, old or {}, value, self._leniency)
        if new:
            check_required(attribute, new)
        return new or None

    def _assign(self, host: Json, attribute: Attribute, new: Any) -> None:
        old = host.get(attribute.name)
        if attribute.mutability == "immutable" and old is not None and old != new:
            raise Mutability(f"{attribute.path} cannot change once it is set")
        if new is not None:
            host[attribute.name] = new
        elif attribute.required:
            raise Mutability(f"{attribute.path} is required and cannot become unassigned")  # RFC 7644 section 3.5.2.2
        else:
            host.pop(attribute.name, None)

    def _write_sub(self, host: Json, attribute: Attribute, sub: Attribute, value: Any) -> None:
        old = host.get(attribute.name)
        if not attribute.multi_valued:
            self._assign(host, attribute, self._merged(attribute, old, {sub.name: value}))
        elif old:
            self._assign(host, attribute, self._updated(attribute, old, range(len(old)), {sub.name: value}))
        else:
            raise NoTarget(f"{attribute.path} has no value whose {sub.name} could be set")

    def _write_selected(self, host: Json, path: PatchPath, op: str, value: Any) -> None:
        attribute, sub = path.place.attribute, path.place.sub
        assert attribute is not None
        assert path.test is not None
        old: list[Any] = host.get(attribute.name) or []
        chosen = [index for index, item in enumerate(old) if path.test(item)]
        if not chosen:
            self._create_selected(host, path, value)
            return
        new: list[Any] | None
        if sub is not None:
            new = self._updated(attribute, old, chosen, {sub.name: value})
        elif op == "add" and attribute.type == "complex":
            new = self._updated(attribute, old, chosen, value)
        else:
            new = self._exchanged(attribute, old, chosen, value)
        self._assign(host, attribute, new)

    def _exchanged(self, attribute: Attribute, old: list[Any], chosen: list[int], value: Any) -> list[Any] | None:
        new = list(old)
        for index in chosen:
            new[index] = read_one(attribute, value, self._leniency)
        return [item for item in settle_primary(attribute, new, chosen) if item is not None] or None

    def _updated(self, attribute: Attribute, old: list[Any], chosen: Iterable[int], value: Any) -> list[Any] | None:
        """The list with the given parts put over the chosen values; a value left empty is dropped."""
        new = list(old)
        chosen = list(chosen)
        for index in chosen:
            item = merge_complex(attribute, old[index], value, self._leniency)
            if self._is_spent(old[index], item):
                item = {}
            if item:
                check_required(attribute, item)
            new[index] = item
        return [item for item in settle_primary(attribute, new, chosen) if item] or None

    def _is_spent(self, old: Json, new: Json) -> bool:
        """For those who treat `emails[type eq "work"].value` as a slot, a value without content is gone."""
        return self._leniency.creates_missing_values and len(new) < len(old) and new.keys() <= {"type", "primary"}

    def _create_selected(self, host: Json, path: PatchPath, value: Any) -> None:
        """Make the value that the selection of a path describes, or raise NoTarget."""
        attribute, sub = path.place.attribute, path.place.sub
        assert attribute is not None
        assert path.query is not None
        described = described_values(path.query) if self._leniency.creates_missing_values else None
        if described is None or attribute.type != "complex":
            raise NoTarget(f"{path.text} matches nothing")
        if value is None or (value == "" and self._leniency.clears_with_empty_string):
            return
        lenient = replace(self._leniency, string_booleans=True)
        made = merge_complex(attribute, {}, described, lenient)
        made = merge_complex(attribute, made, value if sub is None else {sub.name: value}, lenient)
        check_required(attribute, made)
        self._assign(host, attribute, joined(attribute, host.get(attribute.name) or [], [made]))

    def _remove(self, host: Json, path: PatchPath) -> None:
        attribute, sub = path.place.attribute, path.place.sub
        assert attribute is not None
        old = host.get(attribute.name)
        chosen = self._chosen(path, old)
        if old is None or chosen == []:
            return
        new: Any = None
        if sub is not None:
            _check_removable(sub, old)
            new = self._without_sub(attribute, old, chosen, sub)
        elif chosen is not None:
            gone = set(chosen)
            new = [item for index, item in enumerate(old) if index not in gone] or None
        if new is None:
            if path.place.container is None or len(host) > 1:  # an extension may go with what it requires
                _check_removable(attribute, old)
            host.pop(attribute.name)
        else:
            host[attribute.name] = new

    def _chosen(self, path: PatchPath, old: Any) -> list[int] | None:
        """Which values a selection takes; None without one. Raises NoTarget when it takes none."""
        if path.test is None:
            return None
        chosen = [index for index, item in enumerate(old or ()) if path.test(item)]
        if not chosen and not self._leniency.remove_absent:
            raise NoTarget(f"{path.text} matches nothing")
        return chosen

    def _without_sub(self, attribute: Attribute, old: Any, chosen: list[int] | None, sub: Attribute) -> Any:
        if not attribute.multi_valued:
            return merge_complex(attribute, old, {sub.name: None}, self._leniency) or None
        return self._updated(attribute, old, range(len(old)) if chosen is None else chosen, {sub.name: None})

    def _remove_listed(self, host: Json, path: PatchPath, value: Any) -> None:
        """Remove the values that are listed in the operation itself."""
        attribute = path.place.attribute
        assert attribute is not None
        if path.test is not None or path.place.sub is not None or not attribute.multi_valued:
            self._remove(host, path)
            return
        old = host.get(attribute.name) or []
        new = without_listed(attribute, old, value if isinstance(value, list) else [value])
        if len(new) == len(old) and not self._leniency.remove_absent:
            raise NoTarget(f"{attribute.path} has none of the values to remove")
        if old and not new:
            _check_removable(attribute, old)
        host[attribute.name] = new
        if not new:
            del host[attribute.name]


def _check_removable(attribute: Attribute, old: Any) -> None:
    """RFC 7644 section 3.5.2.2: what is required cannot be removed; nor can what cannot change."""
    if attribute.required:
        raise Mutability(f"{attribute.path} is required and cannot be removed")
    if attribute.mutability == "immutable" and old is not None:
        raise Mutability(f"{attribute.path} cannot change once it is set")
