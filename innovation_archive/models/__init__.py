"""The models that need both other apps, each in the module of its subject."""

from innovation_archive.models.cases import Case, CaseContact, CaseEvent, CaseReminder
from innovation_archive.models.controller import Controller, LawfulBasis, SpecialCondition
from innovation_archive.models.directory import DirectoryLink
from innovation_archive.models.exchange import (
    DOWNLOAD_LIFETIME,
    ActKind,
    AdministrativeAct,
    Download,
    HousekeepingRun,
    Import,
    ImportedRow,
    ImportLine,
    ImportState,
    LineOutcome,
)
from innovation_archive.models.sign_ins import SignIn

__all__ = [
    "DOWNLOAD_LIFETIME",
    "ActKind",
    "AdministrativeAct",
    "Case",
    "CaseContact",
    "CaseEvent",
    "CaseReminder",
    "Controller",
    "DirectoryLink",
    "Download",
    "HousekeepingRun",
    "Import",
    "ImportLine",
    "ImportState",
    "ImportedRow",
    "LawfulBasis",
    "LineOutcome",
    "SignIn",
    "SpecialCondition",
]
