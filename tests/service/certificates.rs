//! Client certificates, and what TLS faults look like from the other side.

use super::fixture::{Site, text};
use pcsh::api::Call;
use pcsh::client::{Connection, Endpoint, ManagementClient};
use pcsh::service::Access;
use pcsh::service::tls::{TlsOptions, tls};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn client(endpoint: Endpoint) -> ManagementClient {
    ManagementClient::new(Connection::Remote(Endpoint { patience: Duration::ZERO, ..endpoint }))
}

fn serve(site: &Site, options: TlsOptions) -> SocketAddr {
    let tls = tls(site.directory.path(), options, "127.0.0.1:0".parse().unwrap()).unwrap();
    site.serve_over(Access::Tokens, Some(tls))
}

/// Trusting the service's own authority.
fn trusting(site: &Site, address: SocketAddr, certificate: Option<PathBuf>) -> Endpoint {
    Endpoint {
        certificate,
        authority: Some(site.directory.path().join("tls-authority.pem")),
        ..Endpoint::new(format!("https://localhost:{}", address.port()))
    }
}

fn kept(directory: &Path, name: &str, pem: &str) -> PathBuf {
    let file = directory.join(name);
    std::fs::write(&file, pem).unwrap();
    file
}

fn status() -> Call {
    Call::new("Get", "CsServiceStatus")
}

#[test]
fn certificates_stand_for_users_until_they_are_revoked() {
    let site = Site::with_first_room();
    // TLS judges by the machine's clock.
    site.pass(jiff::Timestamp::now().as_millisecond() - super::fixture::START);
    let authority = site.service.client_authority().unwrap();
    let options = TlsOptions { client_authorities: vec![authority], ..TlsOptions::default() };
    let address = serve(&site, options);
    let (id, pem) = site.service.create_certificate("KMyer", false).unwrap();
    let file = kept(site.directory.path(), "ken.pem", &pem);
    let reply = client(trusting(&site, address, Some(file.clone()))).call(&status()).unwrap();
    assert_eq!(reply.value[0]["caller"], "kmyer");
    let refused = client(trusting(&site, address, None)).call(&status()).unwrap_err();
    assert_eq!(refused.id, "PC-E09", "{refused}");
    site.service.revoke_token(id).unwrap();
    let refused = client(trusting(&site, address, Some(file))).call(&status()).unwrap_err();
    assert_eq!((refused.id.as_str(), refused.detail.contains("revoked")), ("PC-E09", true), "{refused}");
    assert_eq!(site.service.create_certificate("nobody", false).unwrap_err().id, "PC-E20");
    let (_, pem) = site.service.create_certificate("kmyer", true).unwrap();
    let file = kept(site.directory.path(), "reader.pem", &pem);
    let write = Call::new("New", "CsPersistentChatPolicy").identity("x");
    assert_eq!(client(trusting(&site, address, Some(file))).call(&write).unwrap_err().id, "PC-E07");
}

/// A certificate by an authority that the service is told to believe, and one by an authority that it is not.
#[test]
fn foreign_certificates_are_mapped_by_name() {
    let site = Site::with_first_room();
    let made = |common: &str, user: &str| {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut parameters = rcgen::CertificateParams::new(Vec::new()).unwrap();
        parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        parameters.distinguished_name.push(rcgen::DnType::CommonName, common);
        let root = parameters.self_signed(&key).unwrap().pem();
        let issuer = rcgen::Issuer::new(parameters, key);
        let own = rcgen::KeyPair::generate().unwrap();
        let mut parameters = rcgen::CertificateParams::new(Vec::new()).unwrap();
        parameters.distinguished_name.push(rcgen::DnType::CommonName, user);
        parameters.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
        let certificate = parameters.signed_by(&own, &issuer).unwrap();
        (root, format!("{}{}", own.serialize_pem(), certificate.pem()))
    };
    let (root, ken) = made("Contoso clients", "kmyer");
    let options =
        TlsOptions { client_authorities: vec![root], clients_need_certificates: true, ..TlsOptions::default() };
    let address = serve(&site, options);
    let directory = site.directory.path();
    let reply = client(trusting(&site, address, Some(kept(directory, "ken.pem", &ken)))).call(&status()).unwrap();
    assert_eq!(text(&reply.value[0], "caller"), "kmyer");
    let (_, stranger) = made("Fabrikam clients", "kmyer");
    for certificate in [None, Some(kept(directory, "stranger.pem", &stranger))] {
        let refused = client(trusting(&site, address, certificate)).call(&status()).unwrap_err();
        assert_eq!(refused.id, "PC-E09", "{refused}");
    }
}

#[test]
fn faults_of_tls_have_ids_and_ways_out() {
    let site = Site::with_first_room();
    let secure = serve(&site, TlsOptions::default());
    let plain = site.serve(Access::Tokens);
    let localhost = |scheme: &str, address: SocketAddr| format!("{scheme}://localhost:{}", address.port());
    let own = site.directory.path().join("tls-authority.pem");
    let rows = [
        (Endpoint::new(localhost("https", secure)), "PC-E85", "fingerprint"),
        (Endpoint::new(localhost("https", plain)), "PC-E97", "TLS"),
        (Endpoint::new(localhost("http", secure)), "PC-E97", "https"),
        (
            Endpoint { authority: Some(own), ..Endpoint::new(format!("https://127.0.0.2:{}", secure.port())) },
            "PC-E97",
            "",
        ),
        (Endpoint { authority: Some("nowhere.pem".into()), ..Endpoint::new("https://x") }, "PC-E60", "nowhere.pem"),
        (Endpoint { certificate: Some("nowhere.pem".into()), ..Endpoint::new("https://x") }, "PC-E60", "nowhere.pem"),
        (Endpoint::new("not an address"), "PC-E25", "https://"),
        (Endpoint::new("http://127.0.0.1:1"), "PC-E97", "127.0.0.1:1"),
    ];
    for (endpoint, id, words) in rows {
        let uri = endpoint.uri.clone();
        let problem = client(endpoint).call(&status()).unwrap_err();
        assert!(problem.id == id && problem.detail.contains(words), "{uri}: {problem}");
    }
}
