//! TLS from certificate files: what is served, and whether it may be.
//!
//! Owns the reading and judging of certificate and key ([`Identity`]), the terms of the protocol ([`Acceptor`]) and the exchange of
//! the pair while the server runs ([`reload`]). Connections are `http::listeners`'; where the files are, the settings say.
//!
//! What a reader would get wrong: nothing here is the process's. The cryptography is handed to each configuration; a default for
//! the whole process would be a global, and whoever set it first would win.

pub mod reload;
#[cfg(test)]
pub(crate) mod testing;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs};
use tokio_rustls::rustls::pki_types::pem::{Error as PemError, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::ResolvesServerCert;
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{Error as RustlsError, InconsistentKeys, ServerConfig};
use tokio_rustls::server::TlsStream;
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

use crate::clock::Timestamp;
use crate::config::TlsFiles;

/// Why a pair of files cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The system does not give the file.
    #[error("cannot read {}: {why}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        why: io::Error,
    },
    /// There is something else in the certificate file.
    #[error("{} holds no certificate: it must be PEM, with `-----BEGIN CERTIFICATE-----` in it", .0.display())]
    NoCertificate(PathBuf),
    /// The certificate is cut off or damaged.
    #[error("the certificate in {} cannot be used: {why}", path.display())]
    BadCertificate {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// There is something else in the key file.
    #[error("{} holds no key: it must be PEM, with `-----BEGIN PRIVATE KEY-----` or the like in it", .0.display())]
    NoKey(PathBuf),
    /// The key is encrypted, cut off, damaged, or of a kind that is not known.
    #[error("the key in {} cannot be used: {why}", path.display())]
    BadKey {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// Both are sound and do not belong together.
    #[error("the key in {} is not that of the certificate in {}", .0.key.display(), .0.cert.display())]
    Mismatch(TlsFiles),
    /// The cryptography does not offer what is asked for, which is a defect.
    #[error("TLS cannot be set up: {0}")]
    Unavailable(RustlsError),
}

impl TlsError {
    /// Stable word for programs.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "tls-file-unreadable",
            Self::NoCertificate(_) => "tls-certificate-missing",
            Self::BadCertificate { .. } => "tls-certificate-invalid",
            Self::NoKey(_) => "tls-key-missing",
            Self::BadKey { .. } => "tls-key-invalid",
            Self::Mismatch(_) => "tls-key-mismatch",
            Self::Unavailable(_) => "tls-unavailable",
        }
    }

    /// What to do about it, when that is not plain.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Unreadable { why, .. } if why.kind() == io::ErrorKind::PermissionDenied => {
                Some("the server works as the owner of its data directory: that user must be able to read the file")
            }
            Self::Mismatch(_) => {
                Some("one of the two was renewed without the other, or the settings name different pairs")
            }
            _ => None,
        }
    }
}

/// The bytes of both files.
pub(crate) struct Material {
    cert: Vec<u8>,
    key: Vec<u8>,
}

impl fmt::Debug for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Material")
    }
}

impl Material {
    /// Reads both files.
    pub(crate) fn read(files: &TlsFiles) -> Result<Self, TlsError> {
        let read = |path: &Path| std::fs::read(path).map_err(|why| TlsError::Unreadable { path: path.to_owned(), why });
        Ok(Self { cert: read(&files.cert)?, key: read(&files.key)? })
    }

    /// Tells one pair of contents from another.
    pub(crate) fn print(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        // The length keeps a byte that moves from one file to the other from going unnoticed.
        hash.update(self.cert.len().to_be_bytes());
        hash.update(&self.cert);
        hash.update(&self.key);
        hash.finalize().into()
    }
}

/// A certificate that can be served: with its chain, its key, and what is worth knowing of it.
#[derive(Debug, Clone)]
pub struct Identity {
    certified: Arc<CertifiedKey>,
    print: [u8; 32],
    /// The hosts that it stands for.
    pub names: Vec<String>,
    /// When it begins to count.
    pub not_before: Timestamp,
    /// When it ceases to count.
    pub not_after: Timestamp,
}

impl Identity {
    /// Reads and judges the pair.
    ///
    /// # Errors
    /// A [`TlsError`] for what no browser could make use of. That it has expired is no error: see [`Identity::doubt`].
    pub fn load(files: &TlsFiles) -> Result<Self, TlsError> {
        Self::of(files, &Material::read(files)?)
    }

    pub(crate) fn of(files: &TlsFiles, material: &Material) -> Result<Self, TlsError> {
        let bad_certificate = |why: String| TlsError::BadCertificate { path: files.cert.clone(), why };
        let bad_key = |why: String| TlsError::BadKey { path: files.key.clone(), why };
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&material.cert)
            .collect::<Result<_, _>>()
            .map_err(|why| bad_certificate(why.to_string()))?;
        let leaf = chain.first().ok_or_else(|| TlsError::NoCertificate(files.cert.clone()))?;
        let (_, parsed) = X509Certificate::from_der(leaf).map_err(|why| bad_certificate(why.to_string()))?;
        let validity = parsed.validity();
        let (names, not_before, not_after) =
            (names(&parsed), seconds(validity.not_before.timestamp()), seconds(validity.not_after.timestamp()));
        let key = PrivateKeyDer::from_pem_slice(&material.key).map_err(|why| match why {
            PemError::NoItemsFound if material.key.windows(9).any(|text| text == b"ENCRYPTED") => {
                bad_key("it has a passphrase, and nobody is there to type it".to_owned())
            }
            PemError::NoItemsFound => TlsError::NoKey(files.key.clone()),
            why => bad_key(why.to_string()),
        })?;
        let certified = CertifiedKey::from_der(chain, key, &provider()).map_err(|why| match why {
            RustlsError::InconsistentKeys(InconsistentKeys::KeyMismatch) => TlsError::Mismatch(files.clone()),
            RustlsError::InvalidCertificate(why) => bad_certificate(format!("{why:?}")),
            why => bad_key(why.to_string()),
        })?;
        Ok(Self { certified: Arc::new(certified), print: material.print(), names, not_before, not_after })
    }

    /// What browsers will say against it at the time `now`, in one sentence. It is served all the same: an expired certificate
    /// still keeps listeners out, and a server that does not start helps nobody to renew it.
    pub fn doubt(&self, now: Timestamp) -> Option<String> {
        if now > self.not_after {
            return Some(format!(
                "the TLS certificate expired at {}: browsers refuse it until it is renewed",
                self.not_after
            ));
        }
        if now < self.not_before {
            return Some(format!(
                "the TLS certificate counts from {} only: browsers refuse it until then",
                self.not_before
            ));
        }
        self.names.is_empty().then(|| {
            "the TLS certificate names no host (subjectAltName): browsers refuse it whatever the address".to_owned()
        })
    }
}

fn seconds(since_epoch: i64) -> Timestamp {
    Timestamp::from_micros(since_epoch.saturating_mul(1_000_000))
}

/// The hosts that browsers compare with; the common name has not counted for long.
fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let extension = certificate.subject_alternative_name().ok().flatten();
    let names = extension.iter().flat_map(|extension| &extension.value.general_names);
    names
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some((*name).to_owned()),
            GeneralName::IPAddress([a, b, c, d]) => Some(format!("{a}.{b}.{c}.{d}")),
            GeneralName::IPAddress(bytes) => {
                <[u8; 16]>::try_from(*bytes).ok().map(|bytes| std::net::Ipv6Addr::from(bytes).to_string())
            }
            _ => None,
        })
        .collect()
}

fn provider() -> CryptoProvider {
    aws_lc_rs::default_provider()
}

/// A connection with TLS on it.
pub type Secured = TlsStream<TcpStream>;

/// Puts TLS on connections. Cheap to clone.
#[derive(Clone)]
pub struct Acceptor(TlsAcceptor);

impl fmt::Debug for Acceptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Acceptor")
    }
}

impl Acceptor {
    /// Speaks TLS 1.3 and 1.2 with what `certificates` gives, and HTTP/2 before HTTP/1.1 inside.
    fn new(certificates: Arc<dyn ResolvesServerCert>) -> Result<Self, TlsError> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(provider()))
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(TlsError::Unavailable)?
            .with_no_client_auth()
            .with_cert_resolver(certificates);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }

    /// Takes the handshake to its end.
    ///
    /// # Errors
    /// When client and server do not come to terms, or the client goes away.
    pub async fn accept(&self, stream: TcpStream) -> io::Result<Secured> {
        self.0.accept(stream).await
    }
}

#[cfg(test)]
mod tests;
