"""Passkeys: of which host they are. django-otp-webauthn does the rest."""

from urllib.parse import urlsplit

from django_otp_webauthn.helpers import WebAuthnHelper


def host_of(request):
    """The host that the browser asked, without its port: what a passkey is made for."""
    return urlsplit(f"//{request.get_host()}").hostname


class PasskeyHelper(WebAuthnHelper):
    """Takes what was signed for the very origin that is asked, and for none that a setting forgot to change."""

    def get_allowed_origins(self):
        return [f"{self.request.scheme}://{self.request.get_host()}"]
