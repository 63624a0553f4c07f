"""Generated certificates: a CA that clients can be configured to trust, and a server certificate signed by it.

The private key is kept in a folder that only its owner can read, and is deleted with it.
"""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cheroot.makefile import MakeFile
from cheroot.ssl import Adapter


class Certificates:
    """A CA and a server certificate for some host names, in files. `close` removes them."""

    def __init__(self, names: Iterable[str]) -> None:
        import trustme  # late: only needed with TLS

        self._folder = tempfile.TemporaryDirectory(prefix="provcheck-tls-")
        folder = Path(self._folder.name)
        self.ca_file = folder / "ca.pem"
        self.chain_file = folder / "server.pem"
        self.key_file = folder / "server.key"
        authority = trustme.CA()
        issued = authority.issue_cert(*dict.fromkeys(names))
        authority.cert_pem.write_to_path(self.ca_file)
        self.chain_file.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        self.key_file.touch(mode=0o600)
        issued.private_key_pem.write_to_path(self.key_file)

    def adapter(self) -> Adapter:
        """The TLS adapter of cheroot with these certificates."""
        return _TlsAdapter(str(self.chain_file), str(self.key_file))

    def close(self) -> None:
        """Remove the files."""
        self._folder.cleanup()


class _TlsAdapter(Adapter):
    """Wraps sockets; the handshake is made by the connection's own worker."""

    def __init__(self, certificate: str, private_key: str) -> None:
        super().__init__(certificate, private_key)
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(certificate, private_key)

    def bind(self, sock: Any) -> Any:
        return sock

    def wrap(self, sock: Any) -> tuple[Any, dict[str, str]]:
        wrapped = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return wrapped, self.get_environ()

    def get_environ(self) -> dict[str, str]:
        return {"wsgi.url_scheme": "https", "HTTPS": "on"}

    def makefile(self, sock: Any, mode: str = "r", bufsize: int = -1) -> Any:
        return MakeFile(sock, mode, bufsize)
