"""Locations with secrets, such as `postgresql://user:password@host/news`, made fit for messages.

Source: RFC 3986, section 3.2.1, which says that applications should not show passwords of URLs.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

__all__ = ["secrets_of", "without_secrets"]

_PASSWORD = re.compile(r"(?<=://)([^/?#:@]*):([^?#]*)@")  # up to the last @: a password may have @ and / in it
_PARAMETER = re.compile(r"([?&;](?:\w*(?:password|passwd|pwd|token|secret|api_?key)\w*)=)([^&;#]*)", re.IGNORECASE)


def without_secrets(location: str) -> str:
    """Return `location` with `***` in place of its password and of secret parameters."""
    return _PARAMETER.sub(r"\1***", _PASSWORD.sub(r"\1:***@", location))


def secrets_of(location: str) -> list[str]:
    """Return the secrets of `location` as they are written and as they are decoded, longest first."""
    found = {match[2] for pattern in (_PASSWORD, _PARAMETER) for match in pattern.finditer(location)}
    found |= {unquote(secret) for secret in found}
    return sorted((secret for secret in found if secret), key=len, reverse=True)
