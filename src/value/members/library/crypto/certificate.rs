//! `X509Certificate2`: what a certificate says, read from its bytes. Private keys are noticed, not used.

use super::super::super::table::{Call, PropertyRow, Row, Table, get, set};
use super::super::super::thrown;
use super::super::{array, list};
use super::{chain, digest, failed, state};
use crate::value::object::NativeObject;
use crate::value::{DateKind, DateTime, Native, Outcome, TypeRef, Value, calendar};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::any::Any;
use std::cell::RefCell;
use x509_parser::der_parser::Oid as DerOid;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer, X509Certificate, X509Extension, X509Name};

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::X509CERTIFICATE, &CERTIFICATE),
    (TypeRef::X509CERTIFICATE2, &Table { constructors: CONSTRUCTORS, statics: STATICS, ..CERTIFICATE }),
    (TypeRef::X509_CERTIFICATE_LOADER, &Table { statics: LOADER, ..Table::EMPTY }),
    (TypeRef::X500DISTINGUISHEDNAME, &NAME),
    (TypeRef::OID, &OID),
    (TypeRef::PUBLIC_KEY, &PUBLIC_KEY),
    (TypeRef::X509_EXTENSION, &EXTENSION),
];

/// A certificate by its bytes, and whether a private key came with it.
struct Certificate {
    der: Vec<u8>,
    has_key: bool,
    friendly_name: RefCell<Value>,
}

impl NativeObject for Certificate {
    fn kind(&self) -> TypeRef {
        TypeRef::X509CERTIFICATE2
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        let read = |what: fn(&X509Certificate<'_>) -> String| self.read(what).unwrap_or_default();
        let dates = |certificate: &X509Certificate<'_>| {
            let validity = certificate.validity();
            format!(
                "{}\n\n[Not After]\n  {}",
                date_text(validity.not_before.timestamp()),
                date_text(validity.not_after.timestamp())
            )
        };
        format!(
            "[Subject]\n  {}\n\n[Issuer]\n  {}\n\n[Serial Number]\n  {}\n\n[Not Before]\n  {}\n\n[Thumbprint]\n  {}\n",
            read(|c| name_text(c.subject())),
            read(|c| name_text(c.issuer())),
            read(serial),
            read(dates),
            self.thumbprint(),
        )
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        other.as_any().downcast_ref::<Self>().map(|other| self.der == other.der)
    }
}

impl Certificate {
    fn read<R>(&self, look: impl FnOnce(&X509Certificate<'_>) -> R) -> Option<R> {
        X509Certificate::from_der(&self.der).ok().map(|(_, certificate)| look(&certificate))
    }

    fn thumbprint(&self) -> String {
        hexadecimal(&digest::of_name("SHA1").map(|family| (family.hash)(&self.der)).unwrap_or_default())
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn serial(certificate: &X509Certificate<'_>) -> String {
    hexadecimal(certificate.raw_serial())
}

/// A moment of the certificate in local time.
fn local(seconds: i64) -> Value {
    let ticks = seconds.saturating_mul(10_000_000).saturating_add(calendar::UNIX_EPOCH);
    let local = ticks.saturating_add(calendar::local_offset_ticks(ticks));
    DateTime::new(local, DateKind::Local).map_or(Value::Null, Value::DateTime)
}

fn date_text(seconds: i64) -> String {
    crate::value::convert::to_text(&local(seconds)).to_string()
}

/// The short names of a name's parts, as .NET writes them.
const PARTS: [(&str, &str); 15] = [
    ("2.5.4.3", "CN"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "S"),
    ("2.5.4.9", "STREET"),
    ("2.5.4.12", "T"),
    ("2.5.4.42", "G"),
    ("2.5.4.43", "I"),
    ("2.5.4.4", "SN"),
    ("2.5.4.5", "SERIALNUMBER"),
    ("1.2.840.113549.1.9.1", "E"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("0.9.2342.19200300.100.1.1", "OID.0.9.2342.19200300.100.1.1"),
];

/// Parts of a name, the last of the encoding first.
fn parts(name: &X509Name<'_>) -> Vec<(String, String)> {
    let attributes = name.iter_rdn().flat_map(|rdn| rdn.iter());
    let part = |attribute: &x509_parser::x509::AttributeTypeAndValue<'_>| {
        let oid = attribute.attr_type().to_id_string();
        let short = PARTS.iter().find(|(known, _)| *known == oid).map(|(_, short)| (*short).to_owned());
        let text = attribute.as_str().map_or_else(|_| hexadecimal(attribute.attr_value().data), str::to_owned);
        (short.unwrap_or_else(|| format!("OID.{oid}")), text)
    };
    let mut found: Vec<_> = attributes.map(part).collect();
    found.reverse();
    found
}

fn quoted(text: &str) -> String {
    let special = text.contains([',', '+', '=', '"', '\n', '<', '>', '#', ';'])
        || text.starts_with(' ')
        || text.ends_with(' ')
        || text.is_empty();
    if special { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

fn name_text(name: &X509Name<'_>) -> String {
    let shown = parts(name).into_iter().map(|(short, text)| format!("{short}={}", quoted(&text)));
    shown.collect::<Vec<_>>().join(", ")
}

/// The common name, or the first part there is.
fn simple_name(name: &X509Name<'_>) -> String {
    let found = parts(name);
    let wanted = ["CN", "OU", "O", "E"].iter().find_map(|short| found.iter().find(|(known, _)| known == short));
    wanted.or(found.first()).map(|(_, text)| text.clone()).unwrap_or_default()
}

/// The names of hosts that the certificate is for.
fn host_names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let alternative = certificate.subject_alternative_name().ok().flatten();
    let names = alternative.map(|found| found.value.general_names.iter()).into_iter().flatten();
    let hosts: Vec<String> = names
        .filter_map(|name| match name {
            GeneralName::DNSName(host) => Some((*host).to_owned()),
            _ => None,
        })
        .collect();
    if hosts.is_empty() { vec![simple_name(certificate.subject())] } else { hosts }
}

/// The certificate in PEM or DER, and whether a private key stands beside it.
fn read(bytes: &[u8]) -> Outcome<Value> {
    let unreadable = || failed("The data is no certificate in PEM or DER.");
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let has_key = text.contains("PRIVATE KEY-----");
    let der = match text.split_once("-----BEGIN CERTIFICATE-----") {
        Some((_, rest)) => {
            let body = rest.split("-----END").next().unwrap_or_default();
            STANDARD.decode(body.split_whitespace().collect::<String>()).map_err(|_| unreadable())?
        }
        None => bytes.to_vec(),
    };
    let (rest, _) = X509Certificate::from_der(&der).map_err(|_| unreadable())?;
    let der = der.get(..der.len() - rest.len()).unwrap_or_default().to_vec();
    Ok(Native::value(Certificate { der, has_key, friendly_name: RefCell::new(Value::from("")) }))
}

fn read_path(c: &Call<'_>, index: usize) -> Outcome<Vec<u8>> {
    super::super::io::read_file(c, index)
}

fn pem_and_key(pem: &[u8], key: &[u8]) -> Outcome<Value> {
    let mut both = pem.to_vec();
    both.push(b'\n');
    both.extend_from_slice(key);
    read(&both)
}

const CONSTRUCTORS: &[Row] = &[
    ("X509Certificate2(string fileName)", |c| read(&read_path(c, 0)?)),
    ("X509Certificate2(byte[] rawData)", |c| read(&array::bytes_of(c.arg(0)))),
    ("X509Certificate2(System.Security.Cryptography.X509Certificates.X509Certificate certificate)", |c| {
        state::<Certificate>(c.arg(0)).map_or_else(|| Err(failed("This is no certificate.")), |other| read(&other.der))
    }),
];

const STATICS: &[Row] = &[
    ("static System.Security.Cryptography.X509Certificates.X509Certificate2 CreateFromPem(string certPem)", |c| {
        read(c.text(0).as_bytes())
    }),
    (
        "static System.Security.Cryptography.X509Certificates.X509Certificate2 CreateFromPem(string certPem, string keyPem)",
        |c| pem_and_key(c.text(0).as_bytes(), c.text(1).as_bytes()),
    ),
    (
        "static System.Security.Cryptography.X509Certificates.X509Certificate2 CreateFromPemFile(string certPemFilePath)",
        |c| read(&read_path(c, 0)?),
    ),
    (
        "static System.Security.Cryptography.X509Certificates.X509Certificate2 CreateFromPemFile(string certPemFilePath, string keyPemFilePath)",
        |c| pem_and_key(&read_path(c, 0)?, &read_path(c, 1)?),
    ),
];

const LOADER: &[Row] = &[
    (
        "static System.Security.Cryptography.X509Certificates.X509Certificate2 LoadCertificateFromFile(string path)",
        |c| read(&read_path(c, 0)?),
    ),
    ("static System.Security.Cryptography.X509Certificates.X509Certificate2 LoadCertificate(byte[] data)", |c| {
        read(&array::bytes_of(c.arg(0)))
    }),
];

/// A property read from the certificate.
fn look(value: &Value, read: impl FnOnce(&X509Certificate<'_>) -> Value) -> Outcome<Value> {
    Ok(state::<Certificate>(value).and_then(|found| found.read(read)).unwrap_or_default())
}

fn text(value: &Value, read: impl FnOnce(&X509Certificate<'_>) -> String) -> Outcome<Value> {
    look(value, |certificate| Value::from(read(certificate)))
}

const PROPERTIES: &[PropertyRow] = &[
    get("EnhancedKeyUsageList", "System.Object", |_, v| look(v, usages)),
    get("DnsNameList", "System.Object", |_, v| {
        look(v, |certificate| {
            let entry = |host: String| {
                let name = Value::from(host);
                super::super::psobject::custom(&[("Punycode", name.clone()), ("Unicode", name)])
            };
            list::list_of(TypeRef::OBJECT, host_names(certificate).into_iter().map(entry).collect())
        })
    }),
    get("Archived", "bool", |_, _| Ok(Value::Bool(false))),
    get("Extensions", "System.Object[]", |_, v| look(v, extensions)),
    set(
        "FriendlyName",
        "string",
        |_, v| Ok(state::<Certificate>(v).map_or(Value::Null, |found| found.friendly_name.borrow().clone())),
        |_, _, _| Err(thrown(TypeRef::PLATFORM_NOT_SUPPORTED_EXCEPTION, "Friendly names exist on Windows only.")),
    ),
    get("HasPrivateKey", "bool", |_, v| Ok(Value::Bool(state::<Certificate>(v).is_some_and(|found| found.has_key)))),
    get("PrivateKey", "System.Object", |_, _| Ok(Value::Null)),
    get("IssuerName", "System.Security.Cryptography.X509Certificates.X500DistinguishedName", |_, v| {
        look(v, |certificate| distinguished(name_text(certificate.issuer())))
    }),
    get("NotAfter", "datetime", |_, v| look(v, |certificate| local(certificate.validity().not_after.timestamp()))),
    get("NotBefore", "datetime", |_, v| look(v, |certificate| local(certificate.validity().not_before.timestamp()))),
    get("PublicKey", "System.Security.Cryptography.X509Certificates.PublicKey", |_, v| look(v, public_key)),
    get("RawData", "byte[]", |_, v| {
        Ok(state::<Certificate>(v).map_or(Value::Null, |found| array::bytes(found.der.clone())))
    }),
    get("SerialNumber", "string", |_, v| text(v, serial)),
    get("SignatureAlgorithm", "System.Security.Cryptography.Oid", |_, v| {
        look(v, |certificate| oid(&certificate.signature_algorithm.algorithm.to_id_string()))
    }),
    get("SubjectName", "System.Security.Cryptography.X509Certificates.X500DistinguishedName", |_, v| {
        look(v, |certificate| distinguished(name_text(certificate.subject())))
    }),
    get("Thumbprint", "string", |_, v| {
        Ok(state::<Certificate>(v).map_or(Value::Null, |found| Value::from(found.thumbprint())))
    }),
    get("Version", "int", |_, v| look(v, |certificate| Value::I32(certificate.version().0 as i32 + 1))),
    get("Handle", "System.IntPtr", |_, _| Ok(Value::Null)),
    get("Issuer", "string", |_, v| text(v, |certificate| name_text(certificate.issuer()))),
    get("Subject", "string", |_, v| text(v, |certificate| name_text(certificate.subject()))),
];

fn this<'a>(c: &Call<'a>) -> Outcome<&'a Certificate> {
    state::<Certificate>(c.this).ok_or_else(|| failed("This is no certificate."))
}

fn pem(der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    let lines: Vec<&str> =
        (0..body.len()).step_by(64).filter_map(|at| body.get(at..(at + 64).min(body.len()))).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----", lines.join("\n"))
}

/// A pattern of one label stands for any one label.
fn matches_host(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix("*.") {
        Some(rest) => host.split_once('.').is_some_and(|(_, domain)| domain.eq_ignore_ascii_case(rest)),
        None => pattern.eq_ignore_ascii_case(host),
    }
}

const METHODS: &[Row] = &[
    ("bool Verify()", |c| Ok(Value::Bool(this(c)?.read(chain::is_trusted).unwrap_or(false)))),
    ("string GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType nameType, bool forIssuer)", |c| {
        let (kind, issuer) = (c.int(0), c.flag(1));
        text(c.this, |certificate| match kind {
            3..=5 => host_names(certificate).into_iter().next().unwrap_or_default(),
            _ => simple_name(if issuer { certificate.issuer() } else { certificate.subject() }),
        })
    }),
    ("bool MatchesHostname(string hostname)", |c| {
        let host = c.text(0).to_owned();
        look(c.this, |certificate| {
            Value::Bool(host_names(certificate).iter().any(|pattern| matches_host(pattern, &host)))
        })
    }),
    ("string GetCertHashString()", |c| Ok(Value::from(this(c)?.thumbprint()))),
    ("string GetCertHashString(System.Security.Cryptography.HashAlgorithmName hashAlgorithm)", |c| {
        let name = crate::value::convert::to_text(c.arg(0));
        let family = digest::of_name(&name).ok_or_else(|| failed(format!("'{name}' is no known hash algorithm.")))?;
        Ok(Value::from(hexadecimal(&(family.hash)(&this(c)?.der))))
    }),
    ("byte[] GetCertHash()", |c| {
        let family = digest::of_name("SHA1").ok_or_else(|| failed("There is no SHA1."))?;
        Ok(array::bytes((family.hash)(&this(c)?.der)))
    }),
    ("string GetSerialNumberString()", |c| text(c.this, serial)),
    ("string GetEffectiveDateString()", |c| {
        text(c.this, |certificate| date_text(certificate.validity().not_before.timestamp()))
    }),
    ("string GetExpirationDateString()", |c| {
        text(c.this, |certificate| date_text(certificate.validity().not_after.timestamp()))
    }),
    ("string GetKeyAlgorithm()", |c| {
        text(c.this, |certificate| certificate.public_key().algorithm.algorithm.to_id_string())
    }),
    ("byte[] GetRawCertData()", |c| Ok(array::bytes(this(c)?.der.clone()))),
    ("string GetRawCertDataString()", |c| Ok(Value::from(hexadecimal(&this(c)?.der)))),
    ("byte[] GetPublicKey()", |c| {
        look(c.this, |certificate| array::bytes(certificate.public_key().subject_public_key.data.to_vec()))
    }),
    ("byte[] Export(System.Security.Cryptography.X509Certificates.X509ContentType contentType)", |c| match c.int(0) {
        1 => Ok(array::bytes(this(c)?.der.clone())),
        _ => Err(failed("A certificate is exported as Cert only.")),
    }),
    ("string ExportCertificatePem()", |c| Ok(Value::from(pem(&this(c)?.der)))),
    ("void Dispose()", |_| Ok(Value::Nothing)),
];

static CERTIFICATE: Table = Table { methods: METHODS, properties: PROPERTIES, ..Table::EMPTY };

/// An X.500 name.
struct Distinguished(String);

impl NativeObject for Distinguished {
    fn kind(&self) -> TypeRef {
        TypeRef::X500DISTINGUISHEDNAME
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn distinguished(text: String) -> Value {
    Native::value(Distinguished(text))
}

fn distinguished_text(value: &Value) -> Value {
    state::<Distinguished>(value).map_or(Value::Null, |name| Value::from(name.0.as_str()))
}

static NAME: Table = Table {
    constructors: &[("X500DistinguishedName(string distinguishedName)", |c| Ok(distinguished(c.text(0).to_owned())))],
    methods: &[("string Format(bool multiLine)", |c| {
        let Value::Str(text) = distinguished_text(c.this) else { return Ok(Value::Null) };
        Ok(if c.flag(0) { Value::from(text.replace(", ", "\n")) } else { Value::Str(text) })
    })],
    properties: &[get("Name", "string", |_, v| Ok(distinguished_text(v)))],
    ..Table::EMPTY
};

/// An object identifier.
struct Oid(String);

impl NativeObject for Oid {
    fn kind(&self) -> TypeRef {
        TypeRef::OID
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Names that .NET has for identifiers that certificates use.
const FRIENDLY: [(&str, &str); 28] = [
    ("1.2.840.113549.1.1.1", "RSA"),
    ("1.2.840.113549.1.1.5", "sha1RSA"),
    ("1.2.840.113549.1.1.11", "sha256RSA"),
    ("1.2.840.113549.1.1.12", "sha384RSA"),
    ("1.2.840.113549.1.1.13", "sha512RSA"),
    ("1.2.840.10045.2.1", "ECC"),
    ("1.2.840.10045.4.3.2", "sha256ECDSA"),
    ("1.2.840.10045.4.3.3", "sha384ECDSA"),
    ("1.2.840.10045.4.3.4", "sha512ECDSA"),
    ("2.5.29.14", "X509v3 Subject Key Identifier"),
    ("2.5.29.15", "X509v3 Key Usage"),
    ("2.5.29.17", "X509v3 Subject Alternative Name"),
    ("2.5.29.19", "X509v3 Basic Constraints"),
    ("2.5.29.31", "X509v3 CRL Distribution Points"),
    ("2.5.29.32", "X509v3 Certificate Policies"),
    ("2.5.29.35", "X509v3 Authority Key Identifier"),
    ("2.5.29.37", "X509v3 Extended Key Usage"),
    ("1.3.6.1.5.5.7.1.1", "Authority Information Access"),
    ("1.3.6.1.5.5.7.3.1", "TLS Web Server Authentication"),
    ("1.3.6.1.5.5.7.3.2", "TLS Web Client Authentication"),
    ("1.3.6.1.5.5.7.3.3", "Code Signing"),
    ("1.3.6.1.5.5.7.3.4", "E-mail Protection"),
    ("1.3.6.1.5.5.7.3.8", "Time Stamping"),
    ("1.3.6.1.5.5.7.3.9", "OCSP Signing"),
    ("2.16.840.1.101.3.4.2.1", "sha256"),
    ("2.16.840.1.101.3.4.2.2", "sha384"),
    ("2.16.840.1.101.3.4.2.3", "sha512"),
    ("1.3.14.3.2.26", "sha1"),
];

fn friendly(value: &str) -> &'static str {
    FRIENDLY.iter().find(|(known, _)| *known == value).map_or("", |(_, name)| name)
}

fn oid(value: &str) -> Value {
    Native::value(Oid(value.to_owned()))
}

static OID: Table = Table {
    constructors: &[("Oid(string oid)", |c| {
        let given = c.text(0);
        let known = FRIENDLY.iter().find(|(_, name)| name.eq_ignore_ascii_case(given)).map_or(given, |(oid, _)| oid);
        Ok(oid(known))
    })],
    properties: &[
        get("Value", "string", |_, v| Ok(state::<Oid>(v).map_or(Value::Null, |oid| Value::from(oid.0.as_str())))),
        get("FriendlyName", "string", |_, v| Ok(state::<Oid>(v).map_or(Value::Null, |oid| friendly(&oid.0).into()))),
    ],
    ..Table::EMPTY
};

/// What the key may be used for: each purpose with its name.
fn usages(certificate: &X509Certificate<'_>) -> Value {
    let found = certificate.extended_key_usage().ok().flatten();
    let mut identifiers: Vec<String> = Vec::new();
    if let Some(usage) = found {
        let known: [(bool, &str); 6] = [
            (usage.value.server_auth, "1.3.6.1.5.5.7.3.1"),
            (usage.value.client_auth, "1.3.6.1.5.5.7.3.2"),
            (usage.value.code_signing, "1.3.6.1.5.5.7.3.3"),
            (usage.value.email_protection, "1.3.6.1.5.5.7.3.4"),
            (usage.value.time_stamping, "1.3.6.1.5.5.7.3.8"),
            (usage.value.ocsp_signing, "1.3.6.1.5.5.7.3.9"),
        ];
        identifiers.extend(known.iter().filter(|(set, _)| *set).map(|(_, oid)| (*oid).to_owned()));
        identifiers.extend(usage.value.other.iter().map(DerOid::to_id_string));
    }
    let entry = |oid: String| {
        super::super::psobject::custom(&[
            ("FriendlyName", Value::from(friendly(&oid))),
            ("ObjectId", Value::from(oid.as_str())),
        ])
    };
    list::list_of(TypeRef::OBJECT, identifiers.into_iter().map(entry).collect())
}

/// A public key.
struct PublicKey {
    algorithm: String,
    data: Vec<u8>,
}

impl NativeObject for PublicKey {
    fn kind(&self) -> TypeRef {
        TypeRef::PUBLIC_KEY
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn public_key(certificate: &X509Certificate<'_>) -> Value {
    let key = certificate.public_key();
    let data = key.subject_public_key.data.to_vec();
    Native::value(PublicKey { algorithm: key.algorithm.algorithm.to_id_string(), data })
}

static PUBLIC_KEY: Table = Table {
    properties: &[
        get("Oid", "System.Security.Cryptography.Oid", |_, v| {
            Ok(state::<PublicKey>(v).map_or(Value::Null, |key| oid(&key.algorithm)))
        }),
        get("EncodedKeyValue", "System.Object", |_, v| {
            let raw = state::<PublicKey>(v).map(|key| array::bytes(key.data.clone())).unwrap_or_default();
            Ok(super::super::psobject::custom(&[("RawData", raw)]))
        }),
    ],
    ..Table::EMPTY
};

/// One extension.
struct Extension {
    oid: String,
    critical: bool,
    data: Vec<u8>,
    text: String,
}

impl NativeObject for Extension {
    fn kind(&self) -> TypeRef {
        TypeRef::X509_EXTENSION
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// What an extension says, in one line.
fn extension_text(extension: &X509Extension<'_>) -> String {
    match extension.parsed_extension() {
        ParsedExtension::SubjectAlternativeName(names) => {
            let shown = names.general_names.iter().map(|name| match name {
                GeneralName::DNSName(host) => format!("DNS:{host}"),
                GeneralName::IPAddress(bytes) => format!("IP Address:{}", address(bytes)),
                GeneralName::RFC822Name(mail) => format!("email:{mail}"),
                GeneralName::URI(uri) => format!("URI:{uri}"),
                other => format!("{other}"),
            });
            shown.collect::<Vec<_>>().join(", ")
        }
        ParsedExtension::BasicConstraints(constraints) => {
            let ca = if constraints.ca { "CA:TRUE" } else { "CA:FALSE" };
            constraints.path_len_constraint.map_or(ca.to_owned(), |length| format!("{ca}, pathlen:{length}"))
        }
        ParsedExtension::KeyUsage(usage) => usage.to_string(),
        ParsedExtension::SubjectKeyIdentifier(identifier) => hexadecimal(identifier.0),
        _ => hexadecimal(extension.value),
    }
}

fn address(bytes: &[u8]) -> String {
    match (<[u8; 4]>::try_from(bytes), <[u8; 16]>::try_from(bytes)) {
        (Ok(four), _) => std::net::Ipv4Addr::from(four).to_string(),
        (_, Ok(sixteen)) => std::net::Ipv6Addr::from(sixteen).to_string(),
        _ => hexadecimal(bytes),
    }
}

fn extensions(certificate: &X509Certificate<'_>) -> Value {
    let made = certificate.extensions().iter().map(|extension| {
        Native::value(Extension {
            oid: extension.oid.to_id_string(),
            critical: extension.critical,
            data: extension.value.to_vec(),
            text: extension_text(extension),
        })
    });
    Value::array(made.collect())
}

fn of_extension(value: &Value, look: impl Fn(&Extension) -> Value) -> Outcome<Value> {
    Ok(state::<Extension>(value).map_or(Value::Null, look))
}

static EXTENSION: Table = Table {
    methods: &[("string Format(bool multiLine)", |c| {
        let multi = c.flag(0);
        of_extension(c.this, |extension| {
            Value::from(if multi { extension.text.replace(", ", "\n") } else { extension.text.clone() })
        })
    })],
    properties: &[
        get("Critical", "bool", |_, v| of_extension(v, |extension| Value::Bool(extension.critical))),
        get("Oid", "System.Security.Cryptography.Oid", |_, v| of_extension(v, |extension| oid(&extension.oid))),
        get("RawData", "byte[]", |_, v| of_extension(v, |extension| array::bytes(extension.data.clone()))),
    ],
    ..Table::EMPTY
};
