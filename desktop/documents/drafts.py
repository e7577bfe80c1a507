"""People as a table or a FHIR file tells of them: some fields, never all. What it does not say stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from desktop.clinic.clients import Client, ClientStatus, Guardian
from desktop.clinic.people import Address, ClientId, Phone, State, TherapistId
from desktop.clinic.referral import ReferralId, Urgency
from desktop.clinic.services import Format, Modality
from desktop.clinic.therapists import License, Qualification, Therapist

_IDS = UUID("6f2f4c1e-8d0a-5b63-9a55-2f6f1b0c7d41")


def id_for(kind: str, *content: str) -> str:
    """The id of a record that came without one: the same content gives the same id at the next import."""
    return str(uuid5(_IDS, "\x1f".join((kind, *content))))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRow:
    """What a row says of a client, by field; `address`, `coverage` and each of `phones` hold their own fields by name.

    `looked_up` are the parts of the address that the ZIP code told; they never replace what is on file for that ZIP.
    """

    row: int
    id: ClientId
    given: Mapping[str, Any]
    looked_up: Mapping[str, Any] = field(default_factory=dict)

    def onto(self, before: Client | None, *, status: ClientStatus = ClientStatus.ACTIVE) -> Client:
        """The client on file with what the row says on top, or a new one with that status unless the row gives one.

        Raises BadInput when the row and the file together make no valid client.
        """
        given = dict(self.given)
        address = given.pop("address", {})
        coverage = given.pop("coverage", {})
        given["phones"] = _phones(before.phones if before else (), given.get("phones", ()))
        given["guardians"] = _guardians(before.guardians if before else (), given.get("guardians", ()))
        made = replace(before, **given) if before else Client(**{"id": self.id, "status": status, **given})
        return replace(
            made,
            address=self._address(made.address, address),
            coverage=replace(made.coverage, **coverage),
        )

    def _address(self, before: Address, given: Mapping[str, Any]) -> Address:
        moved = "zip" in given and given["zip"] != before.zip
        told = {name: value for name, value in self.looked_up.items() if moved or not getattr(before, name)}
        return replace(before, **{**told, **given})


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapistRow:
    """What a row says of a therapist, by field; each of `licenses` holds its own fields by name."""

    row: int
    id: TherapistId
    given: Mapping[str, Any]

    def onto(self, before: Therapist | None) -> Therapist:
        """The therapist on file with what the row says on top, or a new one."""
        given = dict(self.given)
        given["licenses"] = _licenses(before.licenses if before else (), given.get("licenses", ()))
        held = before.qualifications if before else ()
        given["qualifications"] = _qualifications(held, given.get("qualifications", ()))
        return replace(before, **given) if before else Therapist(**{"id": self.id, **given})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRow:
    """A referral as a row tells of it, with its client; owner, next action and due date come with whoever takes it in."""

    row: int
    id: ReferralId
    client: ClientRow
    received_on: date | None = None
    urgency: Urgency = Urgency.ROUTINE
    reason: str = ""
    service: str = ""
    modality: Modality | None = None
    formats: frozenset[Format] = frozenset()
    state: State | None = None
    payer: str = ""
    language: str = ""
    gender: str = ""
    from_day: date | None = None
    referrer: str = ""
    organization: str = ""


def _phones(before: tuple[Phone, ...], given: Iterable[Mapping[str, Any]]) -> tuple[Phone, ...]:
    """Those on file in their order with what the row says of them, then new ones."""
    said = {one["number"]: one for one in given}
    kept = [replace(one, **said.pop(one.number, {})) for one in before]
    return (*kept, *(Phone(**one) for one in said.values()))


def _guardians(before: tuple[Guardian, ...], given: tuple[Guardian, ...]) -> tuple[Guardian, ...]:
    """Those on file, custody and permissions untouched, then new ones by name."""
    known = {one.name for one in before}
    return (*before, *(one for one in given if one.name not in known))


def _licenses(before: tuple[License, ...], given: Iterable[Mapping[str, Any]]) -> tuple[License, ...]:
    """Those on file with what the row says of them, then new ones, by state and title."""
    said = {(one["state"], one["title"]): one for one in given}
    kept = [replace(one, **said.pop((one.state, one.title), {})) for one in before]
    return (*kept, *(License(**one) for one in said.values()))


def _qualifications(before: tuple[Qualification, ...], given: tuple[Qualification, ...]) -> tuple[Qualification, ...]:
    """Those on file, with the level of the row where it differs, then new ones."""
    said = {one.modality: one for one in given}
    kept = []
    for one in before:
        new = said.pop(one.modality, None)
        kept.append(one if new is None or new.level is one.level else replace(one, level=new.level))
    return (*kept, *said.values())
