"""SCIM of vendors that read bodies attribute by attribute: POST and PUT are operations on a document, as PATCH is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from provcheck.mock_targets.directory import Record
from provcheck.mock_targets.http.codes import Refused
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.operations.membership_changes import MembershipEdit
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.scim.dialect import ScimDialect
from provcheck.mock_targets.scim.errors import InvalidSyntax, InvalidValue, MissingSchemas
from provcheck.mock_targets.scim.patch import by_key, is_patch_message
from provcheck.mock_targets.scim.paths import Operation
from provcheck.mock_targets.scim.schema import Json, ResourceSchema
from provcheck.mock_targets.scim.validate import check_document
from provcheck.mock_targets.scim.version1 import partial_operations


class EditingDialect(ScimDialect):
    """A service provider that lays a whole resource over the one that is there.

    Of a kind, PUT keeps the attributes in `kept_by_put`, where the body does not give them, and those that its write
    rules do not let change; the others it blanks. `needed` are the attributes that a whole resource must give, with the
    code of the refusal where it does not; in a PUT its `synonyms` will do.
    """

    kept_by_put: ClassVar[Mapping[str, Sequence[str]]] = {}
    needed: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    synonyms: ClassVar[Mapping[str, str]] = {}

    def needs_schemas(self, request: Request) -> bool:
        """Whether a body must have `schemas`."""
        return False

    def needs_urn(self, request: Request, urn: str) -> bool:
        """Whether an extension of a body is passed over unless `schemas` names it."""
        return False

    def read_message(self, request: Request) -> Any:
        """A body that is an object, with `schemas` where they are needed. Raises InvalidSyntax and InvalidValue."""
        body = request.json()
        if not isinstance(body, dict):
            raise InvalidSyntax("the body is a JSON object")
        if not body.get("schemas") and self.needs_schemas(request):
            raise MissingSchemas("schemas is required")
        if not isinstance(body.get("schemas") or [], list):
            raise InvalidValue("schemas is a list of URNs")
        return body

    def given(self, request: Request, schema: ResourceSchema) -> Json:
        """What a body gives, without extensions that are passed over. Raises also InvalidValue for an empty one."""
        body = self.read_message(request)
        named = {extension.urn for each in _flat(body.get("schemas")) if (extension := schema.extension(each))}
        given = {}
        for key, value in body.items():
            extension = schema.extension(key)
            if extension is None or extension.urn in named or not self.needs_urn(request, extension.urn):
                given[key] = value
                if extension is not None and extension.needed and value == {}:
                    raise InvalidValue(f"{extension.needed[0].path} is required")
        given.pop("schemas", None)
        return given

    def read_body(self, request: Request, kind: str, record: Record | None) -> Change:
        """What a whole resource makes of the one that is there. Raises also Refused for what it does not give."""
        schema, rules = self.schema(request, kind), self.rules(request)
        operations = list(by_key("replace", None, self.given(request, schema), schema, rules.leniency))
        values = {each.path.text: each.value for each in operations}
        for name, code in self.needed.get(kind, {}).items():
            if values.get(name) is None and (record is None or values.get(self.synonyms.get(name, name)) is None):
                raise Refused(code)
        editor = self.editor(request, schema, record.document if record else {"schemas": [schema.urn]})
        fixed = [name for name, rule in rules.writes.get(kind, {}).items() if rule.update != "accepted"]
        editor.keep({*self.kept_by_put.get(kind, ()), *fixed})
        change = editor.carry_out(operations)
        if record is None:
            check_document(change.document, schema)
        if kind != "Group" or "members" in editor.given or request.behaviour.membership_style != "group":
            return change
        return replace(change, edits=(MembershipEdit("replace"),))

    def patch_operations(self, request: Request, schema: ResourceSchema) -> Sequence[Operation]:
        """The operations of a PATCH message, or of a partial resource."""
        is_message = is_patch_message(request.json())
        return super().patch_operations(request, schema) if is_message else self.partial(request, schema)

    def partial(self, request: Request, schema: ResourceSchema) -> list[Operation]:
        """A body that is laid over the resource in part (SCIM 1.1 section 3.3.2), as operations."""
        return list(partial_operations(self.given(request, schema), schema, self.rules(request).leniency))


def _flat(listed: Any) -> Iterator[str]:
    """The URNs in `schemas`; clients are seen to nest the list in itself."""
    for item in listed or ():
        if isinstance(item, list):
            yield from _flat(item)
        elif isinstance(item, str):
            yield item
