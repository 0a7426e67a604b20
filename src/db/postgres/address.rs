//! Where the database server is, and how its connection is protected.
//!
//! Reads the URL; what `tokio-postgres` does not know of it (`sslmode` beyond three words, `sslrootcert`) is taken out and done
//! here. The password never leaves this value: it is in no message and no debug output.

use std::path::PathBuf;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, RootCertStore, SignatureScheme,
};

use super::super::refusal::Refusal;

/// How the server proves itself, in the words of libpq's `sslmode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// No TLS.
    Disable,
    /// TLS, whoever answers: keeps listeners out, impostors not.
    Require,
    /// TLS, and the certificate comes from a trusted authority, whatever its name.
    VerifyCa,
    /// TLS, and the certificate is the host's.
    VerifyFull,
}

/// How long a connection attempt may take.
const CONNECT: Duration = Duration::from_secs(3);

/// A parsed URL.
#[derive(Clone)]
pub(super) struct Address {
    config: tokio_postgres::Config,
    tls: Option<MakeRustlsConnect>,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown())
    }
}

fn wrong(detail: impl Into<String>) -> Refusal {
    Refusal::DatabaseUrl { detail: detail.into() }
}

impl Address {
    /// Reads `postgres://user:password@host:port/database?sslmode=..&sslrootcert=..`.
    pub(super) fn parse(url: &SecretString) -> Result<Self, Refusal> {
        let url = url.expose_secret();
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(wrong("it must begin with postgres://"));
        }
        let (place, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut root, mut rest) = (None, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", value)) => mode = Some(trust(value)?),
                Some(("sslrootcert", value)) => root = Some(PathBuf::from(unescaped(value))),
                // What these would change is what the store relies on.
                Some((name @ ("options" | "application_name" | "target_session_attrs"), _)) => {
                    return Err(wrong(format!("`{name}` cannot be set in it")));
                }
                _ => rest.push(pair),
            }
        }
        let plain = if rest.is_empty() { place.to_owned() } else { format!("{place}?{}", rest.join("&")) };
        // The library's own message may repeat a part of the URL, with a password that was not escaped in it.
        let mut config = tokio_postgres::Config::from_str(&plain).map_err(|_| {
            wrong(
                "write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with characters such as @ / : % # in user and password escaped (%40 for @)",
            )
        })?;
        if config.get_hosts().is_empty() || config.get_user().is_none() || config.get_dbname().is_none() {
            return Err(wrong(
                "it must name a user, a host and a database: postgres://USER:PASSWORD@HOST:PORT/DATABASE",
            ));
        }
        let mode = mode.unwrap_or_else(|| if near(&config) { Trust::Disable } else { Trust::VerifyFull });
        if root.is_some() && mode == Trust::Disable {
            return Err(wrong("`sslrootcert` says whom to trust, and `sslmode` that nobody is asked"));
        }
        // As libpq does: a root certificate that was given is used.
        let mode = if root.is_some() && mode == Trust::Require { Trust::VerifyCa } else { mode };
        config
            .ssl_mode(if mode == Trust::Disable { SslMode::Disable } else { SslMode::Require })
            .connect_timeout(CONNECT)
            .application_name("inkstone")
            // A server that is gone without a word is noticed after half a minute.
            .keepalives_idle(Duration::from_secs(10))
            .keepalives_interval(Duration::from_secs(5))
            .keepalives_retries(4)
            .tcp_user_timeout(Duration::from_secs(30));
        let tls = if mode == Trust::Disable { None } else { Some(MakeRustlsConnect::new(client(mode, root)?)) };
        Ok(Self { config, tls })
    }

    pub(super) fn config(&self) -> &tokio_postgres::Config {
        &self.config
    }

    pub(super) fn tls(&self) -> Option<&MakeRustlsConnect> {
        self.tls.as_ref()
    }

    /// `ann@db.example:5432/notes`: for messages, without the password.
    pub(super) fn shown(&self) -> String {
        let ports = self.config.get_ports();
        let hosts = self.config.get_hosts().iter().enumerate().map(|(n, host)| {
            let port = ports.get(n).or(ports.first()).copied().unwrap_or(5432);
            match host {
                Host::Tcp(name) => format!("{name}:{port}"),
                Host::Unix(path) => path.display().to_string(),
            }
        });
        let hosts = hosts.collect::<Vec<_>>().join(",");
        let (user, name) = (self.config.get_user().unwrap_or_default(), self.config.get_dbname().unwrap_or_default());
        format!("{user}@{hosts}/{name}")
    }

    pub(super) fn user(&self) -> &str {
        self.config.get_user().unwrap_or_default()
    }

    pub(super) fn database(&self) -> &str {
        self.config.get_dbname().unwrap_or_default()
    }
}

fn trust(word: &str) -> Result<Trust, Refusal> {
    Ok(match word {
        "disable" => Trust::Disable,
        "require" => Trust::Require,
        "verify-ca" => Trust::VerifyCa,
        "verify-full" => Trust::VerifyFull,
        // They would go on without protection when the server, or somebody in between, says that it has none.
        "allow" | "prefer" => {
            return Err(wrong(format!(
                "`sslmode={word}` protects nothing: write disable, require, verify-ca or verify-full"
            )));
        }
        _ => return Err(wrong("`sslmode` must be disable, require, verify-ca or verify-full")),
    })
}

fn unescaped(value: &str) -> String {
    url::form_urlencoded::parse(format!("v={value}").as_bytes())
        .next()
        .map_or_else(String::new, |(_, v)| v.into_owned())
}

/// Whether nobody stands between: a socket of this machine.
fn near(config: &tokio_postgres::Config) -> bool {
    config.get_hosts().iter().all(|host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
    })
}

fn client(mode: Trust, root: Option<PathBuf>) -> Result<ClientConfig, Refusal> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|e| wrong(format!("TLS: {e}")))?;
    let authorities = match mode {
        Trust::VerifyFull => {
            return Ok(builder.with_root_certificates(roots(root)?).with_no_client_auth());
        }
        Trust::VerifyCa => {
            let builder = WebPkiServerVerifier::builder_with_provider(Arc::new(roots(root)?), Arc::clone(&provider));
            Some(builder.build().map_err(|e| wrong(format!("TLS: {e}")))?)
        }
        Trust::Disable | Trust::Require => None,
    };
    let lenient = Arc::new(Lenient { authorities, provider });
    Ok(builder.dangerous().with_custom_certificate_verifier(lenient).with_no_client_auth())
}

/// The authorities of a file, or those of the machine.
fn roots(file: Option<PathBuf>) -> Result<RootCertStore, Refusal> {
    let mut store = RootCertStore::empty();
    match file {
        Some(path) => {
            let bad = |why: String| wrong(format!("`sslrootcert` {}: {why}", path.display()));
            let all = CertificateDer::pem_file_iter(&path).map_err(|e| bad(e.to_string()))?;
            for certificate in all {
                let certificate = certificate.map_err(|e| bad(e.to_string()))?;
                store.add(certificate).map_err(|e| bad(e.to_string()))?;
            }
            if store.is_empty() {
                return Err(bad("it holds no certificate (PEM, with `-----BEGIN CERTIFICATE-----` in it)".into()));
            }
        }
        None => {
            let (_, _) = store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if store.is_empty() {
                return Err(wrong(
                    "the machine trusts no authority: install ca-certificates, or name one by `sslrootcert`",
                ));
            }
        }
    }
    Ok(store)
}

/// For the modes that ask for less than everything.
#[derive(Debug)]
struct Lenient {
    /// Checks all but the name (`verify-ca`); `None`: nobody is asked (`require`).
    authorities: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let Some(authorities) = &self.authorities else { return Ok(ServerCertVerified::assertion()) };
        match authorities.verify_server_cert(end_entity, intermediates, name, ocsp, now) {
            // The name is looked at last, when everything else has been found good.
            Err(TlsError::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls12_signature(message, cert, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls13_signature(message, cert, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Address, Refusal> {
        Address::parse(&SecretString::from(url.to_owned()))
    }

    #[test]
    fn a_url_is_shown_without_its_password() {
        let address = parse("postgres://ann:s3cret@127.0.0.1:5433/notes").unwrap();
        assert_eq!(address.shown(), "ann@127.0.0.1:5433/notes");
        assert!(!format!("{address:?}").contains("s3cret"));
    }

    #[test]
    fn what_cannot_be_read_is_told_without_its_password() {
        for url in [
            "mysql://ann:s3cret@host/notes",
            "postgres://ann:s3cret@host:port/notes",
            "postgres://ann:s3cret@/notes",
            "postgres://host/notes",
            "postgres://ann:s3cret@host",
            "postgres://ann:s3cret@host/notes?sslmode=prefer",
            "postgres://ann:s3cret@host/notes?sslmode=off",
            "postgres://ann:s3cret@host/notes?options=-csearch_path%3Dx",
            "postgres://ann:s3cret@host/notes?nonsense=1",
            "postgres://ann:s3cret@localhost/notes?sslmode=disable&sslrootcert=/x",
            "postgres://ann:s3cret@host/notes?sslrootcert=/there/is/none",
        ] {
            let refused = parse(url).unwrap_err();
            assert_eq!(refused.slug(), "database-url", "{url}");
            assert!(!refused.to_string().contains("s3cret"), "{refused}");
        }
    }

    #[test]
    fn a_server_elsewhere_has_to_prove_itself_unless_told_otherwise() {
        let mode = |url: &str| parse(url).unwrap().config.get_ssl_mode();
        assert_eq!(mode("postgres://ann@localhost/notes"), SslMode::Disable);
        assert_eq!(mode("postgres://ann@[::1]/notes"), SslMode::Disable);
        assert_eq!(mode("postgres://ann@%2Frun%2Fpostgresql/notes"), SslMode::Disable);
        assert_eq!(mode("postgres://ann@127.0.0.1/notes?sslmode=require"), SslMode::Require);
        assert_eq!(mode("postgres://ann@db.example/notes?sslmode=disable"), SslMode::Disable);
    }
}
