//! Servers and addresses that no store is opened on: each refused by a name of its own, with nothing changed.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use super::server::{Server, open, place};

fn slug(url: &str, schema: &str) -> &'static str {
    open(place(url, schema)).map(|_| ()).unwrap_err().slug()
}

#[test]
fn what_is_unfit_is_refused_each_by_its_own_name() {
    let Some(server) = Server::start() else { return };
    server.run(
        "CREATE ROLE strict LOGIN PASSWORD 'right';\nCREATE ROLE poor LOGIN;\nCREATE ROLE reader LOGIN;\n\
         CREATE DATABASE latin ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C';\n\
         CREATE DATABASE standby;\nALTER DATABASE standby SET default_transaction_read_only TO on;\n\
         CREATE SCHEMA cooking;\nCREATE TABLE cooking.recipes (id bigint);\n\
         GRANT CONNECT ON DATABASE notes TO strict",
    );
    assert_eq!(slug("postgres://ink@127.0.0.1:1/notes", "inkstone"), "database-unreachable");
    assert_eq!(slug(&server.url_of("ink", "nothing"), "inkstone"), "database-missing");
    assert_eq!(slug(&server.url_of("nobody", "notes"), "inkstone"), "database-password");
    assert_eq!(slug(&server.url_of("strict", "notes"), "inkstone"), "database-password");
    assert_eq!(slug(&server.url_of("strict:wrong", "notes"), "inkstone"), "database-password");
    assert_eq!(slug(&server.url_of("strict:right", "notes"), "inkstone"), "database-privileges");
    assert_eq!(slug(&server.url_of("poor", "notes"), "inkstone"), "database-privileges");
    assert_eq!(slug(&server.url_of("ink", "latin"), "inkstone"), "database-encoding");
    assert_eq!(slug(&server.url_of("ink", "standby"), "inkstone"), "database-read-only");
    assert_eq!(slug(&server.url, "cooking"), "database-foreign");
    assert_eq!(slug(&server.url, "Notes; DROP"), "database-schema");
    assert_eq!(slug(&format!("{}?sslmode=require", server.url), "inkstone"), "database-tls");
    assert_eq!(slug(&format!("{}?sslmode=prefer", server.url), "inkstone"), "database-url");
    let left = "DO $$ BEGIN ASSERT (SELECT count(*) = 0 FROM pg_namespace WHERE nspname = 'inkstone'); END $$";
    server.run(left);

    drop(server.open());
    server.run(
        "GRANT USAGE, CREATE ON SCHEMA inkstone TO reader;\nGRANT SELECT ON ALL TABLES IN SCHEMA inkstone TO reader",
    );
    assert_eq!(slug(&server.url_of("reader", "notes"), "inkstone"), "database-privileges");
    server.run("UPDATE inkstone.refinery_schema_history SET checksum = '1'");
    assert_eq!(slug(&server.url, "inkstone"), "migration-diverged");
    server.run(
        "INSERT INTO inkstone.refinery_schema_history (version, name, applied_on, checksum)
         VALUES (999, 'tomorrow', '2030-01-01T00:00:00Z', '1')",
    );
    assert_eq!(slug(&server.url, "inkstone"), "schema-newer");
}

#[test]
fn a_protected_connection_wants_the_certificate_that_it_was_promised() {
    let Some(server) = Server::start() else { return };
    let made = |name: &str| rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let (ours, other) = (made("localhost"), made("localhost"));
    let file = |name: &str, text: String| {
        let path = server.home().join(name);
        std::fs::write(&path, text).unwrap();
        let owner = std::fs::metadata(server.home().join("data")).unwrap();
        std::os::unix::fs::chown(&path, Some(owner.uid()), Some(owner.gid())).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path.display().to_string()
    };
    let (cert, key) = (file("ours.crt", ours.cert.pem()), file("ours.key", ours.signing_key.serialize_pem()));
    let foreign = file("other.crt", other.cert.pem());
    server.run(&format!(
        "ALTER SYSTEM SET ssl_cert_file TO '{cert}';\nALTER SYSTEM SET ssl_key_file TO '{key}';\nALTER SYSTEM SET ssl TO on"
    ));
    server.restart().unwrap();
    let by_name = server.url.replace("127.0.0.1", "localhost");
    let opens = |url: &str, query: String| open(place(&format!("{url}?{query}"), "inkstone")).map(|_| ());
    assert_eq!(opens(&by_name, "sslmode=require".into()), Ok(()));
    assert_eq!(opens(&by_name, format!("sslmode=verify-full&sslrootcert={cert}")), Ok(()));
    assert_eq!(opens(&server.url, format!("sslmode=verify-ca&sslrootcert={cert}")), Ok(()), "whatever its name");
    let refused = |url: &str, query: String| opens(url, query).unwrap_err().slug();
    assert_eq!(refused(&by_name, format!("sslmode=verify-full&sslrootcert={foreign}")), "database-tls");
    assert_eq!(refused(&server.url, format!("sslmode=verify-full&sslrootcert={cert}")), "database-tls", "its name");
    assert_eq!(refused(&by_name, format!("sslmode=require&sslrootcert={foreign}")), "database-tls");
    server.run("DO $$ BEGIN ASSERT (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) = false; END $$");
}
