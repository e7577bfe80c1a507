"""What can go wrong in a way that the user can put right; the docstring is the sentence the user reads."""

from __future__ import annotations

from gettext import gettext as _


class ClinicError(Exception):
    """Something is not right with what was asked; nothing was changed."""

    def __init__(self, sentence: str | None = None) -> None:
        """Take the sentence for the user, or the class's own when there is none."""
        super().__init__(sentence or _(type(self).__doc__ or ""))

    @property
    def sentence(self) -> str:
        """The plain sentence to show."""
        return str(self)


class BadInput(ClinicError):
    """This input cannot be used."""

    def __init__(self, field: str, sentence: str) -> None:
        """Name the field and say in `sentence` what is wrong with it and how to put it right."""
        super().__init__(f"{field}: {sentence}" if field else sentence)
        self.field = field


class Missing(ClinicError):
    """The record that was asked for is not there; it may have been removed at another desk."""


class Stale(ClinicError):
    """Somebody else changed this record in the meantime; look at their change and try again."""


class Refused(ClinicError):
    """The rules do not allow this."""

    def __init__(self, verdicts: tuple[object, ...], sentence: str) -> None:
        """Keep the verdicts that refused, so that a screen can show each of them."""
        super().__init__(sentence)
        self.verdicts = verdicts


class NotAllowed(ClinicError):
    """Your role does not include this; ask the practice's administrator."""


class Canceled(ClinicError):
    """The work was canceled; nothing was changed."""


class Unavailable(ClinicError):
    """The clinic file cannot be reached just now; nothing was changed."""


class UnknownRule(ClinicError):
    """The rulebook has no such rule on that date."""


class CannotOpen(ClinicError):
    """The clinic file cannot be opened."""


class NotAClinicFile(CannotOpen):
    """This is not a clinic file, or it is damaged; choose a file whose name ends in .handoff, or restore a backup."""


class WrongPassphrase(CannotOpen):
    """The user name or the passphrase is not right; check the Caps Lock key and try again."""


class NewerThanProgram(CannotOpen):
    """This clinic file was written by a newer Warm Handoff; install the newest version on this computer."""


class KeysMissing(CannotOpen):
    """The key file beside the clinic file is missing; copy it back from a backup (its name ends in .handoff.keys)."""


class AlreadyThere(CannotOpen):
    """There is already a file of that name; choose another name, so that nothing is overwritten."""
