"""Certificates: made and revoked by the platform, shown and shared by their owners."""

from __future__ import annotations

from openedx_moocdb.translation.event_type import ANY_SOURCE
from openedx_moocdb.translation.standing import SERVER, Aside, Fact


class CertificateFact(Fact):
    """A certificate of the learner of the payload is made or revoked."""

    names = ("edx.certificate.created", "edx.certificate.revoked")
    category = "certificate"


class ShareCertificate(Aside):
    """The owner shows the certificate to others on a social network."""

    names = ("edx.certificate.shared",)
    sources = SERVER
    category = "certificate"


class VisitCertificate(Aside):
    """Somebody follows the link from a network back to the certificate; seldom its owner.

    The learner is therefore who visits, not who the payload names.
    """

    names = ("edx.certificate.evidence_visited",)
    sources = ANY_SOURCE
    category = "certificate"


class CertificateGeneration(Aside):
    """Staff let learners of the course make certificates, or no longer."""

    names = ("edx.certificate.generation.enabled", "edx.certificate.generation.disabled")
    sources = SERVER
    category = "certificate"
