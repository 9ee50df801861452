//! Client certificates: those of the service's own authority are listed and revoked like tokens; those of an authority
//! that the operator named are mapped by the user principal name or the common name they carry.

use super::Service;
use super::authority::{self, Algorithm, Issued, Wish};
use super::caller::CallerId;
use super::federation::account_of;
use crate::api::Problem;
use crate::store::{Change, Record, Token, Transaction};
use rcgen::DnType;
use rustls::pki_types::CertificateDer;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, PoisonError};
use x509_parser::prelude::{FromDer, GeneralName, ParsedExtension, X509Certificate};

/// The kind under which the authority of client certificates is stored.
const CLIENT_AUTHORITY: &str = "ClientAuthority";
const AUTHORITY_NAME: &str = "pcsh client authority";
/// Active Directory's user principal name among the alternative names.
const USER_PRINCIPAL_NAME: &str = "1.3.6.1.4.1.311.20.2.3";

/// What a caller's certificate says; read once per connection.
#[derive(Debug)]
pub struct ClientCertificate {
    /// The certificate, and those between it and its authority, as they were sent.
    chain: Vec<CertificateDer<'static>>,
    subject: String,
    serial: String,
    /// When it ends, in seconds since 1970.
    expires: i64,
    /// Why it is refused, by the generation of the lists that say so.
    verdict: Mutex<Option<(u64, Option<String>)>>,
    /// SHA-256 of the certificate, in hexadecimal digits.
    fingerprint: String,
    issuer: String,
    /// Names of the user, best first.
    names: Vec<String>,
}

fn refused(reason: impl Into<String>) -> Problem {
    Problem::new("PC-E09", reason).terminating()
}

impl ClientCertificate {
    /// Reads a certificate that TLS has verified, with the chain it came in.
    pub(crate) fn read(chain: &[CertificateDer<'_>]) -> Option<Arc<Self>> {
        let der = chain.first()?.as_ref();
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let mut names = Vec::new();
        for extension in certificate.extensions() {
            if let ParsedExtension::SubjectAlternativeName(alternatives) = extension.parsed_extension() {
                names.extend(alternatives.general_names.iter().filter_map(principal_name));
            }
        }
        names.extend(certificate.subject().iter_common_name().filter_map(|name| name.as_str().ok().map(str::to_owned)));
        let issuer = certificate.issuer().iter_common_name().next().and_then(|name| name.as_str().ok());
        Some(Arc::new(ClientCertificate {
            fingerprint: fingerprint(der),
            issuer: issuer.unwrap_or_default().to_owned(),
            names,
            subject: certificate.subject().to_string(),
            serial: certificate.raw_serial_as_string(),
            expires: certificate.validity().not_after.timestamp(),
            chain: chain.iter().map(|one| one.clone().into_owned()).collect(),
            verdict: Mutex::new(None),
        }))
    }

    /// When it ends, in milliseconds since 1970.
    pub(super) fn expires(&self) -> i64 {
        self.expires.saturating_mul(1000)
    }

    /// PC-E09 where a look at it says why; looked at once for each generation of what it is judged by.
    pub(super) fn checked(
        &self,
        generation: u64,
        look: impl FnOnce(&CertificateDer<'_>, &[CertificateDer<'_>]) -> Option<String>,
    ) -> Result<(), Problem> {
        let mut verdict = self.verdict.lock().unwrap_or_else(PoisonError::into_inner);
        if verdict.as_ref().is_none_or(|(known, _)| *known != generation) {
            let (end, intermediates) = self.chain.split_first().ok_or_else(|| refused("The certificate is empty."))?;
            *verdict = Some((generation, look(end, intermediates)));
        }
        match verdict.as_ref().and_then(|(_, reason)| reason.as_ref()) {
            Some(reason) => {
                Err(refused(format!("The certificate '{}' (serial number {}) {reason}.", self.subject, self.serial)))
            }
            None => Ok(()),
        }
    }
}

/// A user principal name or a mail address.
fn principal_name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::OtherName(oid, value) if oid.to_id_string() == USER_PRINCIPAL_NAME => {
            // [0] EXPLICIT UTF8String: the text stands after two headers of two bytes each (names are short).
            let text = value.get(4..).and_then(|bytes| std::str::from_utf8(bytes).ok())?;
            Some(text.to_owned()).filter(|text| text.contains('@'))
        }
        GeneralName::RFC822Name(mail) => Some((*mail).to_owned()),
        _ => None,
    }
}

fn fingerprint(der: &[u8]) -> String {
    crate::api::hex(&Sha256::digest(der))
}

impl Service {
    /// The authority of client certificates, made when first asked.
    pub fn client_authority(&self) -> Result<String, Problem> {
        let kept = self.store.read(|tx| tx.object(CLIENT_AUTHORITY, AUTHORITY_NAME))?;
        if let Some(record) = kept {
            return Ok(record.text("certificate").to_owned());
        }
        self.store.write(self.own_origin("certificate create"), |tx| Ok(self.own_authority(tx)?.certificate))
    }

    fn own_authority(&self, tx: &mut Transaction) -> Result<Issued, Problem> {
        if let Some(record) = tx.object(CLIENT_AUTHORITY, AUTHORITY_NAME)? {
            let text = |field: &str| record.text(field).to_owned();
            return Ok(Issued { certificate: text("certificate"), key: text("privateKey") });
        }
        let made = authority::new_authority(AUTHORITY_NAME, self.world.now())?;
        let body = json!({ "certificate": made.certificate, "privateKey": made.key });
        tx.insert(&mut Record::of(CLIENT_AUTHORITY, AUTHORITY_NAME, &body)?)?;
        Ok(made)
    }

    /// Makes a certificate for a user of the directory: PEM of the key and the certificate, and its number, by which it
    /// is revoked like a token.
    pub fn create_certificate(&self, user: &str, read_only: bool) -> Result<(i64, String), Problem> {
        let now = self.world.now();
        self.store.write(self.own_origin("certificate create"), |tx| {
            let unknown = || Problem::new("PC-E20", format!("There is no account '{user}'."));
            let actor = account_of(tx, user)?.ok_or_else(unknown)?;
            let signer = self.own_authority(tx)?;
            let mut serial = *self.world.new_guid().as_bytes();
            if let Some(first) = serial.first_mut() {
                *first = (*first & 0x7f) | 0x40;
            }
            let wish = Wish {
                subject: vec![(DnType::CommonName, actor.clone())],
                names: Vec::new(),
                algorithm: Algorithm::P256,
                client: true,
            };
            let issued = authority::issue(&signer, &wish, serial, now)?;
            let described = authority::describe(&issued.certificate)?;
            let (_, block) = x509_parser::pem::parse_x509_pem(issued.certificate.as_bytes())
                .map_err(|error| Problem::internal(format!("a new certificate cannot be read ({error})")))?;
            let token = Token {
                id: 0,
                actor: Some(actor.clone()),
                label: "certificate".to_owned(),
                read_only,
                created: now,
                expires: described.not_after,
                revoked: None,
            };
            let id = tx.insert_token(&fingerprint(&block.contents), &token)?;
            let after =
                json!({ "actor": actor, "readOnly": read_only, "thumbprint": described.thumbprint }).to_string();
            tx.audit(&Change {
                action: "Created",
                kind: "ClientCertificate",
                target: &id.to_string(),
                before: None,
                after: Some(&after),
            })?;
            Ok((id, format!("{}{}", issued.key, issued.certificate)))
        })
    }

    /// Whom a certificate stands for, or PC-E09.
    pub(super) fn authenticate_certificate(&self, certificate: &ClientCertificate) -> Result<CallerId, Problem> {
        let now = self.world.now();
        if let Some(tls) = self.tls.get() {
            tls.require_not_revoked(certificate)?;
        }
        // A connection may outlive the certificate that it was opened with.
        if certificate.expires() <= jiff::Timestamp::now().as_millisecond() {
            return Err(refused("The certificate has expired; ask for a new one."));
        }
        self.store.read(|tx| {
            if let Some(known) = tx.token(&certificate.fingerprint)? {
                known.require_valid(now, "certificate")?;
                return Ok(CallerId { actor: known.actor, read_only: known.read_only, local: false });
            }
            if certificate.issuer == AUTHORITY_NAME {
                return Err(refused(
                    "The certificate is not known to this service, perhaps since a backup was restored; make a new one \
                     with 'pcsh service certificate create'.",
                ));
            }
            for name in &certificate.names {
                if let Some(actor) = account_of(tx, name)? {
                    return Ok(CallerId { actor: Some(actor), read_only: false, local: false });
                }
            }
            let names = certificate.names.join(", ");
            Err(refused(format!("The certificate names no user of the directory ({names}).")))
        })
    }
}
