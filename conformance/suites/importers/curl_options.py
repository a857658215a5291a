"""The options of curl that an importer must know.

It must know which options take a value, and which change what is sent.

From curl's manual, versions 7.88 to 8.x.  An option that is in no list here is refused.
"""

from typing import Final

SHORT: Final = {
    "A": "user-agent", "b": "cookie", "c": "cookie-jar", "C": "continue-at", "d": "data",
    "D": "dump-header",
    "e": "referer", "E": "cert", "F": "form", "H": "header", "K": "config", "m": "max-time",
    "o": "output",
    "P": "ftp-port", "Q": "quote", "r": "range", "t": "telnet-option", "T": "upload-file",
    "u": "user",
    "U": "proxy-user", "w": "write-out", "x": "proxy", "X": "request", "y": "speed-time",
    "Y": "speed-limit",
    "z": "time-cond", "G": "get", "g": "globoff", "I": "head", ":": "next", "0": "http1.0",
    "1": "tlsv1",
    "2": "sslv2", "3": "sslv3", "4": "ipv4", "6": "ipv6", "a": "append", "B": "use-ascii",
    "f": "fail",
    "i": "include", "j": "junk-session-cookies", "J": "remote-header-name", "k": "insecure",
    "l": "list-only",
    "L": "location", "n": "netrc", "N": "no-buffer", "O": "remote-name", "p": "proxytunnel",
    "q": "disable",
    "R": "remote-time", "s": "silent", "S": "show-error", "v": "verbose", "Z": "parallel",
    "#": "progress-bar",
}  # fmt: skip


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SENT: Final = _words(
    """
    url request header data data-ascii data-binary data-raw data-urlencode json form form-string
    user cookie user-agent referer oauth2-bearer range url-query request-target
    """
)
"""Options with a value that change the request."""

IGNORED_WITH_VALUE: Final = _words(
    """
    abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers connect-timeout
    connect-to continue-at cookie-jar create-file-mode crlfile curves delegation dns-interface
    dns-ipv4-addr dns-ipv6-addr dns-servers doh-url dump-header ech egd-file engine etag-save
    expect100-timeout ftp-port happy-eyeballs-timeout-ms haproxy-clientip hsts interface ip-tos
    ipfs-gateway keepalive-cnt keepalive-time key key-type limit-rate local-port max-filesize
    max-redirs max-time netrc-file noproxy output output-dir parallel-max pass pinnedpubkey preproxy
    proto proto-default proto-redir proxy proxy-cacert proxy-capath proxy-cert proxy-cert-type
    proxy-ciphers proxy-crlfile proxy-header proxy-key proxy-key-type proxy-pass proxy-pinnedpubkey
    proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype proxy-tlspassword proxy-tlsuser
    proxy-user proxy1.0 random-file rate resolve retry retry-delay retry-max-time service-name
    socks4 socks4a socks5 socks5-gssapi-service socks5-hostname speed-limit speed-time stderr
    tls-max tls13-ciphers tlsauthtype tlspassword tlsuser trace trace-ascii trace-config unix-socket
    variable vlan-priority write-out
    """
)
FLAGS: Final = _words(
    """
    get head globoff path-as-is anyauth append basic ca-native cert-status compressed compressed-ssh
    create-dirs crlf digest disable disable-eprt disable-epsv disallow-username-in-url
    doh-cert-status doh-insecure fail fail-early fail-with-body false-start form-escape
    ftp-create-dirs ftp-pasv ftp-skip-pasv-ip ftp-ssl-ccc ftp-ssl-control haproxy-protocol http0.9
    http1.0 http1.1 http2 http2-prior-knowledge http3 http3-only ignore-content-length include
    insecure ipv4 ipv6 junk-session-cookies list-only location location-trusted mptcp negotiate
    netrc netrc-optional no-alpn no-buffer no-clobber no-keepalive no-npn no-progress-meter
    no-sessionid ntlm ntlm-wb parallel parallel-immediate post301 post302 post303 progress-bar
    progress-meter proxy-anyauth proxy-basic proxy-ca-native proxy-digest proxy-http2 proxy-insecure
    proxy-negotiate proxy-ntlm proxytunnel raw remote-header-name remote-name remote-name-all
    remote-time remove-on-error retry-all-errors retry-connrefused sasl-ir show-error show-headers
    silent skip-existing socks5-basic socks5-gssapi ssl ssl-allow-beast ssl-auto-client-cert
    ssl-no-revoke ssl-reqd ssl-revoke-best-effort sslv2 sslv3 styled-output suppress-connect-headers
    tcp-fastopen tcp-nodelay tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 tr-encoding trace-ids trace-time
    use-ascii verbose xattr alpn buffer clobber keepalive npn sessionid
    """
)
SECRET: Final = frozenset(
    {"aws-sigv4", "digest", "negotiate", "ntlm", "anyauth", "netrc", "netrc-file", "netrc-optional"}
)
"""Options that make curl authenticate; their effect is not imported."""
