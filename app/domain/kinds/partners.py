"""Partner organisations; stored in English, never shown."""

from __future__ import annotations

from enum import StrEnum


class OrganisationKind(StrEnum):
    """Kind of partner; standard disclosures are set per kind."""

    VEILIG_THUIS = "veilig-thuis"
    POLICE = "police"
    PROSECUTION = "prosecution"
    CHILD_PROTECTION = "child-protection"
    PROBATION = "probation"
    YOUTH_PROTECTION = "youth-protection"
    MUNICIPALITY = "municipality"
    LOCAL_TEAM = "local-team"
    MENTAL_HEALTH = "mental-health"
    ADDICTION_CARE = "addiction-care"
    SEXUAL_VIOLENCE_CENTRE = "sexual-violence-centre"
    VICTIM_SUPPORT = "victim-support"
    SHELTER = "shelter"
    SAFETY_HOUSE = "safety-house"
    EDUCATION_HEALTH = "education-health"
    OTHER = "other"


class RequiredRole(StrEnum):
    """What has to be at the table when a case is discussed; one of several kinds of partner."""

    VEILIG_THUIS = "veilig-thuis"
    POLICE = "police"
    PROSECUTION = "prosecution"
    CHILD_PROTECTION = "child-protection"
    PROBATION = "probation"
    YOUTH_PROTECTION = "youth-protection"
    MUNICIPALITY = "municipality"
    CARE = "care"
