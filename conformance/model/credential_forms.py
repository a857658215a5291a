"""The forms of credentials that issuers document for their keys and tokens.

A credential in an unknown form is not recognised.
"""

import re
from typing import Final

_OBJECT_IN_BASE64: Final = r"e(?:y[AJ]|w[0ko])"
"""The beginning of a JSON object in base64: `{"`, or both with one white space between them."""
_SPACES_IN_BASE64: Final = (
    r"IHs|CXs|Cns|DXs|C[Qg][01klop]|CS[AB]|Ci[AB]|DQ[01klop]|DS[AB]|IA[01klop]|IC[AB]"
)
"""The beginning of one or more white spaces before a JSON object, in base64."""
JSON_IN_BASE64: Final = f"(?:{_OBJECT_IN_BASE64}|{_SPACES_IN_BASE64})"
ISSUED: Final = (
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",  # Amazon access key ids
    r"\bgh[pousr]_[A-Za-z0-9]{36,251}\b|\bgithub_pat_[A-Za-z0-9_]{22,255}\b",
    r"\bglpat-[A-Za-z0-9_-]{20,64}\b",
    r"\bxox[abposr]-[A-Za-z0-9-]{10,250}\b",  # Slack
    r"\bsk-[A-Za-z0-9_-]{20,200}\b",  # OpenAI, Anthropic and others with their form
    r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,247}\b|\bwhsec_[A-Za-z0-9+/=]{20,200}",  # Stripe
    r"\bAIza[0-9A-Za-z_-]{35}|\bya29\.[A-Za-z0-9_-]{20,500}",  # Google
    r"\bSG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}\b",  # SendGrid
    r"\bhf_[A-Za-z0-9]{30,64}\b|\bshp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}\b|\bdop_v1_[a-f0-9]{64}\b",
    r"\bpypi-[A-Za-z0-9_-]{16,250}\b|\bnpm_[A-Za-z0-9]{36}\b",
    # JSON web tokens, signed and encrypted
    rf"\b{JSON_IN_BASE64}[\w-]{{8,2000}}\.{JSON_IN_BASE64}[\w-]{{4,4000}}\.[\w-]{{0,1000}}",
    rf"\b{_OBJECT_IN_BASE64}[A-Za-z0-9_-]{{8,2000}}(?:\.[A-Za-z0-9_-]{{0,8000}}){{4}}",
    r"(?<=://)[^\s/:@\"']{1,100}:[^\s/@\"']{1,100}(?=@)",  # user and password in a URL
)
_ANY_ISSUED: Final = re.compile("|".join(ISSUED))


def holds_credential(text: str) -> bool:
    """Return whether a part of a text looks like an issued credential."""
    return _ANY_ISSUED.search(text) is not None
