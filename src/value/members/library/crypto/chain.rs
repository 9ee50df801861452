//! Whether a certificate stands on an authority that this machine trusts.

use rustls_native_certs::load_native_certs;
use x509_parser::prelude::{FromDer, X509Certificate};

/// True where the certificate is valid now and one of the machine's authorities signed it, or is it.
pub(crate) fn is_trusted(certificate: &X509Certificate<'_>) -> bool {
    certificate.validity().is_valid()
        && load_native_certs().certs.iter().any(|authority| signed_by(certificate, authority))
}

fn signed_by(certificate: &X509Certificate<'_>, authority: &[u8]) -> bool {
    let Ok((_, authority)) = X509Certificate::from_der(authority) else { return false };
    authority.subject().as_raw() == certificate.issuer().as_raw()
        && authority.validity().is_valid()
        && certificate.verify_signature(Some(authority.public_key())).is_ok()
}
