//! Real X.509: a small built-in authority that issues server certificates, and what a certificate says of itself.

use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384,
    PKCS_ECDSA_P521_SHA512, PKCS_RSA_SHA256, RsaKeySize, SerialNumber,
};
use sha1::{Digest, Sha1};
use std::fmt::Write as _;
use time::{Duration, OffsetDateTime};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

/// How long the authority's own certificate is good for.
const AUTHORITY_YEARS: i64 = 20;
/// How long an issued certificate is good for.
const ISSUED_YEARS: i64 = 2;
/// Clocks differ: a certificate is good from a little before it was made.
const BACKDATE: Duration = Duration::minutes(5);

/// Something that cannot be done with a certificate, key or request.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// Making one failed.
    #[error("The certificate could not be made: {0}.")]
    Making(#[from] rcgen::Error),
    /// Reading one failed.
    #[error("The text is not a certificate in PEM or DER form.")]
    Unreadable,
    /// Sizes and kinds of key that are refused.
    #[error("A key of kind {0} cannot be made; take RSA of 2048, 3072 or 4096 bits, or ECDH_P256, P384 or P521.")]
    Key(String),
}

/// The kind of a new key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA with this many bits.
    Rsa(u32),
    /// ECDSA over P-256.
    #[default]
    P256,
    /// ECDSA over P-384.
    P384,
    /// ECDSA over P-521.
    P521,
}

impl KeyKind {
    /// From `-KeyAlg` and `-KeySize`.
    ///
    /// # Errors
    /// An algorithm that is not known.
    pub fn named(algorithm: &str, size: u32) -> Result<Self, CertificateError> {
        match algorithm.to_ascii_uppercase().trim_start_matches("ECDH_") {
            "RSA" => Ok(KeyKind::Rsa(size)),
            "P256" => Ok(KeyKind::P256),
            "P384" => Ok(KeyKind::P384),
            "P521" => Ok(KeyKind::P521),
            _ => Err(CertificateError::Key(algorithm.to_owned())),
        }
    }

    /// Makes a key.
    ///
    /// # Errors
    /// A size that is not safe any more.
    pub fn generate(self) -> Result<KeyPair, CertificateError> {
        let rsa = |size| KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, size).map_err(CertificateError::from);
        match self {
            KeyKind::Rsa(2048) => rsa(RsaKeySize::_2048),
            KeyKind::Rsa(3072) => rsa(RsaKeySize::_3072),
            KeyKind::Rsa(4096) => rsa(RsaKeySize::_4096),
            KeyKind::Rsa(size) => Err(CertificateError::Key(format!("RSA with {size} bits"))),
            KeyKind::P256 => Ok(KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?),
            KeyKind::P384 => Ok(KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384)?),
            KeyKind::P521 => Ok(KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512)?),
        }
    }
}

/// What a certificate is to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// CN.
    pub common_name: String,
    /// O.
    pub organization: Option<String>,
    /// OU.
    pub organizational_unit: Option<String>,
    /// L.
    pub city: Option<String>,
    /// ST.
    pub state: Option<String>,
    /// C, two letters.
    pub country: Option<String>,
    /// DNS names; the common name is added where it is missing.
    pub names: Vec<String>,
    /// May stand for a client too (`-ClientEKU`).
    pub client: bool,
}

impl Subject {
    fn params(&self) -> Result<CertificateParams, CertificateError> {
        let mut names = self.names.clone();
        if !names.iter().any(|n| n.eq_ignore_ascii_case(&self.common_name)) && self.common_name.contains('.') {
            names.insert(0, self.common_name.clone());
        }
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name = self.distinguished_name();
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        if self.client {
            params.extended_key_usages.push(ExtendedKeyUsagePurpose::ClientAuth);
        }
        Ok(params)
    }

    fn distinguished_name(&self) -> DistinguishedName {
        let mut name = DistinguishedName::new();
        let parts = [
            (DnType::CommonName, Some(&self.common_name)),
            (DnType::OrganizationalUnitName, self.organizational_unit.as_ref()),
            (DnType::OrganizationName, self.organization.as_ref()),
            (DnType::LocalityName, self.city.as_ref()),
            (DnType::StateOrProvinceName, self.state.as_ref()),
            (DnType::CountryName, self.country.as_ref()),
        ];
        for (kind, value) in parts {
            if let Some(value) = value {
                name.push(kind, value.as_str());
            }
        }
        name
    }
}

/// A certificate with its key, both PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The certificate.
    pub certificate: String,
    /// The private key, PKCS#8. A secret.
    pub key: String,
}

/// An authority of our own.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
}

impl Authority {
    /// Makes an authority: certificate and key, to be kept.
    ///
    /// # Errors
    /// Where the crypto library fails.
    pub fn create(name: &str, now: OffsetDateTime) -> Result<Issued, CertificateError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::new(Vec::new())?;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        validity(&mut params, now, AUTHORITY_YEARS);
        params.serial_number = Some(serial());
        Ok(Issued { certificate: params.self_signed(&key)?.pem(), key: key.serialize_pem() })
    }

    /// An authority that was kept.
    ///
    /// # Errors
    /// Where certificate or key cannot be read.
    pub fn load(kept: &Issued) -> Result<Authority, CertificateError> {
        let key = KeyPair::from_pem(&kept.key)?;
        let issuer = Issuer::from_ca_cert_pem(&kept.certificate, key)?;
        Ok(Authority { issuer, certificate: kept.certificate.clone() })
    }

    /// Its certificate, PEM.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// Issues a certificate for a new key.
    ///
    /// # Errors
    /// Names that are no names; keys that are refused.
    pub fn issue(&self, subject: &Subject, kind: KeyKind, now: OffsetDateTime) -> Result<Issued, CertificateError> {
        let key = kind.generate()?;
        let mut params = subject.params()?;
        validity(&mut params, now, ISSUED_YEARS);
        params.serial_number = Some(serial());
        params.use_authority_key_identifier_extension = true;
        Ok(Issued { certificate: params.signed_by(&key, &self.issuer)?.pem(), key: key.serialize_pem() })
    }

    /// Signs a request made elsewhere (`-Output` of an offline request).
    ///
    /// # Errors
    /// Where the request cannot be read.
    pub fn sign_request(&self, request: &str, now: OffsetDateTime) -> Result<String, CertificateError> {
        let mut request = CertificateSigningRequestParams::from_pem(request)?;
        validity(&mut request.params, now, ISSUED_YEARS);
        request.params.serial_number = Some(serial());
        Ok(request.signed_by(&self.issuer)?.pem())
    }

    /// True where this authority signed a certificate.
    pub fn issued(&self, certificate: &str) -> bool {
        let (Ok(own), Ok(other)) = (der_of(&self.certificate), der_of(certificate)) else { return false };
        let (Ok((_, own)), Ok((_, other))) = (X509Certificate::from_der(&own), X509Certificate::from_der(&other))
        else {
            return false;
        };
        other.verify_signature(Some(own.public_key())).is_ok()
    }
}

/// A request to be signed elsewhere: the request and its key, both PEM.
///
/// # Errors
/// Names that are no names; keys that are refused.
pub fn request(subject: &Subject, kind: KeyKind) -> Result<Issued, CertificateError> {
    let key = kind.generate()?;
    let request = subject.params()?.serialize_request(&key)?.pem()?;
    Ok(Issued { certificate: request, key: key.serialize_pem() })
}

fn validity(params: &mut CertificateParams, now: OffsetDateTime, years: i64) {
    params.not_before = now - BACKDATE;
    params.not_after = now + Duration::days(365 * years);
}

/// 20 random bytes, positive, as RFC 5280 asks.
fn serial() -> SerialNumber {
    let mut bytes: [u8; 20] = rand::random();
    bytes[0] = bytes[0] & 0x7F | 0x40;
    SerialNumber::from_slice(&bytes)
}

/// What a certificate says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// The issuer's name, `CN=…, O=…`.
    pub issuer: String,
    /// The subject's name.
    pub subject: String,
    /// Seconds since 1970.
    pub not_before: i64,
    /// Seconds since 1970.
    pub not_after: i64,
    /// Upper-case hexadecimal.
    pub serial_number: String,
    /// DNS names.
    pub alternative_names: Vec<String>,
    /// SHA-1 of the DER form, 40 upper-case hexadecimal digits.
    pub thumbprint: String,
}

impl Details {
    /// Reads a certificate in PEM form.
    ///
    /// # Errors
    /// Where it is none.
    pub fn of(certificate: &str) -> Result<Details, CertificateError> {
        let der = der_of(certificate)?;
        let (_, parsed) = X509Certificate::from_der(&der).map_err(|_| CertificateError::Unreadable)?;
        let names = parsed.subject_alternative_name().ok().flatten();
        let alternative_names = names.map_or_else(Vec::new, |extension| {
            let dns = |name: &GeneralName<'_>| match name {
                GeneralName::DNSName(name) => Some((*name).to_owned()),
                _ => None,
            };
            extension.value.general_names.iter().filter_map(dns).collect()
        });
        Ok(Details {
            issuer: parsed.issuer().to_string(),
            subject: parsed.subject().to_string(),
            not_before: parsed.validity().not_before.timestamp(),
            not_after: parsed.validity().not_after.timestamp(),
            serial_number: hexadecimal(parsed.raw_serial()),
            alternative_names,
            thumbprint: hexadecimal(&Sha1::digest(&der)),
        })
    }

    /// True where one of its names covers a host: the same name, or `*.` in place of its first label.
    pub fn covers(&self, host: &str) -> bool {
        self.alternative_names.iter().any(|name| {
            name.eq_ignore_ascii_case(host)
                || name.strip_prefix("*.").is_some_and(|suffix| {
                    host.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(suffix))
                })
        })
    }
}

fn der_of(certificate: &str) -> Result<Vec<u8>, CertificateError> {
    let (_, pem) =
        x509_parser::pem::parse_x509_pem(certificate.as_bytes()).map_err(|_| CertificateError::Unreadable)?;
    Ok(pem.contents)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02X}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject() -> Subject {
        Subject {
            common_name: "pc1.contoso.com".to_owned(),
            organization: Some("Contoso".to_owned()),
            names: vec!["pchat-red.contoso.com".to_owned(), "*.chat.contoso.com".to_owned()],
            ..Subject::default()
        }
    }

    #[test]
    fn an_authority_issues_what_it_recognizes() {
        let now = OffsetDateTime::now_utc();
        let authority = Authority::load(&Authority::create("ContosoCA", now).expect("an authority")).expect("loads");
        let stranger = Authority::load(&Authority::create("Other", now).expect("an authority")).expect("loads");
        let issued = authority.issue(&subject(), KeyKind::P256, now).expect("a certificate");
        assert!(authority.issued(&issued.certificate) && !stranger.issued(&issued.certificate));
        let details = Details::of(&issued.certificate).expect("readable");
        assert_eq!(details.issuer, "CN=ContosoCA");
        assert!(details.subject.contains("CN=pc1.contoso.com") && details.subject.contains("O=Contoso"));
        assert_eq!(details.thumbprint.len(), 40);
        assert!(details.not_before <= now.unix_timestamp() && details.not_after > now.unix_timestamp());
        for (host, covered) in [
            ("pc1.contoso.com", true),
            ("PCHAT-RED.contoso.com", true),
            ("a.chat.contoso.com", true),
            ("b.a.chat.contoso.com", false),
            ("contoso.com", false),
        ] {
            assert_eq!(details.covers(host), covered, "{host}");
        }
    }

    #[test]
    fn requests_are_signed_and_weak_keys_refused() {
        let now = OffsetDateTime::now_utc();
        let authority = Authority::load(&Authority::create("ContosoCA", now).expect("an authority")).expect("loads");
        let request = request(&subject(), KeyKind::P384).expect("a request");
        let signed = authority.sign_request(&request.certificate, now).expect("signed");
        assert!(authority.issued(&signed));
        assert!(KeyKind::Rsa(1024).generate().is_err() && KeyKind::named("DSA", 1024).is_err());
        assert!(Details::of("nonsense").is_err());
    }
}
