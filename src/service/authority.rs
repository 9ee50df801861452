//! The built-in certificate authority: real keys, real X.509. One authority per name; its key stays in the store.

use super::context::Context;
use crate::api::Problem;
use crate::store::Record;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, RsaKeySize, SerialNumber, date_time_ymd,
};
use serde_json::json;
use sha1::{Digest, Sha1};
use x509_parser::prelude::{FromDer, GeneralName, ParsedExtension, X509Certificate};

const AUTHORITY: &str = "Authority";
const AUTHORITY_YEARS: i16 = 10;
const CERTIFICATE_YEARS: i16 = 2;

/// What a request asks for.
pub(crate) struct Wish {
    pub(crate) subject: Vec<(DnType, String)>,
    pub(crate) names: Vec<String>,
    pub(crate) algorithm: Algorithm,
    pub(crate) client: bool,
}

/// A key's kind and size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Rsa2048,
    Rsa4096,
    P256,
    P384,
}

/// A certificate with its key, both as PEM.
pub(crate) struct Issued {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

/// What a certificate says, read back from its own bytes.
#[derive(Clone, Debug)]
pub(crate) struct Described {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) serial: String,
    pub(crate) not_before: i64,
    pub(crate) not_after: i64,
    pub(crate) names: Vec<String>,
    pub(crate) thumbprint: String,
}

fn failed(error: impl std::fmt::Display) -> Problem {
    Problem::internal(format!("a certificate could not be made ({error})"))
}

/// A new key.
pub(crate) fn new_key(algorithm: Algorithm) -> Result<KeyPair, Problem> {
    match algorithm {
        Algorithm::Rsa2048 => KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_2048),
        Algorithm::Rsa4096 => KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_4096),
        Algorithm::P256 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256),
        Algorithm::P384 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384),
    }
    .map_err(failed)
}

/// Parameters of a certificate for these names, valid from yesterday (clocks differ) for some years.
fn parameters(
    subject: &[(DnType, String)],
    names: &[String],
    now: i64,
    years: i16,
) -> Result<CertificateParams, Problem> {
    let mut parameters = CertificateParams::new(names.to_vec()).map_err(failed)?;
    let mut distinguished = DistinguishedName::new();
    for (kind, value) in subject {
        distinguished.push(kind.clone(), value.as_str());
    }
    parameters.distinguished_name = distinguished;
    let today = jiff::Timestamp::from_millisecond(now).map_err(failed)?.to_zoned(jiff::tz::TimeZone::UTC).date();
    let date = |date: jiff::civil::Date| {
        date_time_ymd(i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    let yesterday = today.yesterday().map_err(failed)?;
    let last = today.checked_add(jiff::Span::new().years(years)).map_err(failed)?;
    (parameters.not_before, parameters.not_after) = (date(yesterday), date(last));
    Ok(parameters)
}

/// A self-signed authority of this name.
pub(crate) fn new_authority(name: &str, now: i64) -> Result<Issued, Problem> {
    let key = new_key(Algorithm::P256)?;
    let mut parameters = parameters(&[(DnType::CommonName, name.to_owned())], &[], now, AUTHORITY_YEARS)?;
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let certificate = parameters.self_signed(&key).map_err(failed)?;
    Ok(Issued { certificate: certificate.pem(), key: key.serialize_pem() })
}

/// A certificate by an authority.
pub(crate) fn issue(authority: &Issued, wish: &Wish, serial: [u8; 16], now: i64) -> Result<Issued, Problem> {
    let signer = KeyPair::from_pem(&authority.key).map_err(failed)?;
    let issuer = Issuer::from_ca_cert_pem(&authority.certificate, signer).map_err(failed)?;
    let key = new_key(wish.algorithm)?;
    let mut parameters = parameters(&wish.subject, &wish.names, now, CERTIFICATE_YEARS)?;
    parameters.serial_number = Some(SerialNumber::from_slice(&serial));
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    if wish.client {
        parameters.extended_key_usages.push(ExtendedKeyUsagePurpose::ClientAuth);
    }
    parameters.use_authority_key_identifier_extension = true;
    let certificate = parameters.signed_by(&key, &issuer).map_err(failed)?;
    Ok(Issued { certificate: certificate.pem(), key: key.serialize_pem() })
}

/// A signing request for an authority elsewhere, and its key.
pub(crate) fn request(wish: &Wish, now: i64) -> Result<Issued, Problem> {
    let key = new_key(wish.algorithm)?;
    let parameters = parameters(&wish.subject, &wish.names, now, CERTIFICATE_YEARS)?;
    let request = parameters.serialize_request(&key).map_err(failed)?;
    Ok(Issued { certificate: request.pem().map_err(failed)?, key: key.serialize_pem() })
}

/// Reads a PEM certificate.
pub(crate) fn describe(pem: &str) -> Result<Described, Problem> {
    let unreadable = || Problem::new("PC-E61", "The certificate cannot be read; PEM is needed.");
    let (_, block) = x509_parser::pem::parse_x509_pem(pem.as_bytes()).map_err(|_| unreadable())?;
    let (_, certificate) = X509Certificate::from_der(&block.contents).map_err(|_| unreadable())?;
    let mut names = Vec::new();
    for extension in certificate.extensions() {
        if let ParsedExtension::SubjectAlternativeName(alternatives) = extension.parsed_extension() {
            names.extend(alternatives.general_names.iter().filter_map(|name| match name {
                GeneralName::DNSName(name) => Some((*name).to_owned()),
                _ => None,
            }));
        }
    }
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
    Ok(Described {
        issuer: certificate.issuer().to_string(),
        subject: certificate.subject().to_string(),
        serial: hex(certificate.raw_serial()),
        not_before: certificate.validity().not_before.timestamp() * 1000,
        not_after: certificate.validity().not_after.timestamp() * 1000,
        names,
        thumbprint: hex(&Sha1::digest(&block.contents)),
    })
}

/// Does the signature of a PEM certificate come from the key of another one?
pub(crate) fn is_signed_by(pem: &str, authority: &str) -> Result<bool, Problem> {
    let unreadable = || Problem::new("PC-E61", "The certificate cannot be read; PEM is needed.");
    let block = |pem: &str| x509_parser::pem::parse_x509_pem(pem.as_bytes()).map(|(_, block)| block.contents);
    let (own, issuer) = (block(pem).map_err(|_| unreadable())?, block(authority).map_err(|_| unreadable())?);
    let (_, certificate) = X509Certificate::from_der(&own).map_err(|_| unreadable())?;
    let (_, authority) = X509Certificate::from_der(&issuer).map_err(|_| unreadable())?;
    let named = certificate.issuer() == authority.subject();
    Ok(named && certificate.verify_signature(Some(authority.public_key())).is_ok())
}

/// PC-E76 where a private key is not that of a certificate.
pub(crate) fn require_key_of(pem: &str, key: &str) -> Result<(), Problem> {
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let unfit =
        |reason: &dyn std::fmt::Display| Problem::new("PC-E76", format!("The private key cannot be used: {reason}."));
    let first = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|error| unfit(&error))?;
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|error| unfit(&error))?;
    let key = rustls::crypto::aws_lc_rs::sign::any_supported_type(&key).map_err(|error| unfit(&error))?;
    match rustls::sign::CertifiedKey::new(vec![first], key).keys_match() {
        Ok(()) => Ok(()),
        Err(_) => Err(unfit(&"it is not that of the certificate")),
    }
}

impl Context<'_> {
    /// The authority of a name (`ca1.contoso.com\ContosoCA`), made when first asked.
    pub(crate) fn authority(&mut self, name: &str) -> Result<Issued, Problem> {
        if let Some(record) = self.tx.object(AUTHORITY, name)? {
            let text = |field: &str| record.text(field).to_owned();
            return Ok(Issued { certificate: text("certificate"), key: text("privateKey") });
        }
        let common = name.rsplit('\\').next().unwrap_or(name);
        let made = new_authority(common, self.now)?;
        let body = json!({ "certificate": made.certificate, "privateKey": made.key });
        self.tx.insert(&mut Record::of(AUTHORITY, name, &body)?)?;
        Ok(made)
    }

    /// Names of the authorities there are, in the order of their making.
    pub(crate) fn authority_names(&mut self) -> Result<Vec<String>, Problem> {
        let mut records = self.tx.all_objects(AUTHORITY)?;
        records.sort_by_key(|record| record.id);
        Ok(records.into_iter().map(|record| record.name).collect())
    }
}
