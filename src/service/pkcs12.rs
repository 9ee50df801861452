//! PKCS#12 files (.pfx, .p12): a certificate with its key under a password, as Windows and openssl write them.

use crate::api::Problem;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use p12_keystore::{Pkcs12Archive, error::Error};
use zeroize::Zeroizing;

/// What such a file holds, as PEM texts.
pub(crate) struct Opened {
    pub(crate) key: Zeroizing<String>,
    /// The key's certificate first, then those that lead to its authority.
    pub(crate) certificates: Vec<String>,
}

impl Opened {
    /// Key and certificates in one text.
    pub(crate) fn pem(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{}{}", self.key.as_str(), self.certificates.concat()))
    }
}

/// Does a file look like one? PEM is text and begins otherwise.
pub(crate) fn is_pkcs12(bytes: &[u8]) -> bool {
    bytes.first() == Some(&0x30)
}

/// Opens a file with its password (empty where it has none).
pub(crate) fn open(bytes: &[u8], password: &str) -> Result<Opened, Problem> {
    let faulty = |reason: &str| Problem::new("PC-E61", format!("The PKCS#12 file cannot be used: {reason}."));
    let archive = Pkcs12Archive::from_pkcs12(bytes, password).map_err(|error| faulty(&reason(&error, password)))?;
    let key = archive.keys.first().ok_or_else(|| faulty("it holds no private key"))?;
    let of_key = |id: &Option<Vec<u8>>| match (&key.local_key_id, id) {
        (Some(own), Some(id)) => own.as_ref() == id.as_slice(),
        _ => false,
    };
    let own = archive.certs.iter().find(|bag| of_key(&bag.local_key_id)).or(archive.certs.first());
    let mut next = own.map(|bag| &bag.cert);
    let mut chain: Vec<&p12_keystore::Certificate> = Vec::new();
    while let Some(certificate) = next.filter(|one| !chain.contains(one)) {
        chain.push(certificate);
        let signed_itself = certificate.issuer() == certificate.subject();
        let issuers = archive.certs.iter().map(|bag| &bag.cert);
        next = issuers.filter(|_| !signed_itself).find(|other| other.subject() == certificate.issuer());
    }
    if chain.is_empty() {
        return Err(faulty("it holds no certificate"));
    }
    Ok(Opened {
        key: Zeroizing::new(pem("PRIVATE KEY", key.key.as_der())),
        certificates: chain.into_iter().map(|one| pem("CERTIFICATE", one.as_der())).collect(),
    })
}

fn reason(error: &Error, password: &str) -> String {
    match error {
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) if password.is_empty() => {
            "it has a password, which was not given (-Password)".to_owned()
        }
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) => {
            "the password is wrong, or the file is damaged".to_owned()
        }
        Error::UnsupportedEncryptionScheme | Error::UnsupportedMacAlgorithm => {
            "it is encrypted in a way that is not known here; write it again with 'openssl pkcs12 -export'".to_owned()
        }
        other => format!("it is damaged ({other})"),
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        out.extend(line.iter().copied().map(char::from));
        out.push('\n');
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}
