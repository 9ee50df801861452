//! Certificates of computers: requested from the built-in authority, imported, assigned, checked.

use super::super::authority::{self, Algorithm, Described, Wish};
use super::super::context::Context;
use super::super::deployment::{AssignedCertificate, COMPUTER};
use super::super::pkcs12;
use super::super::registry::Route;
use super::super::topology_model::CHAT;
use super::super::values::{bad, iso, moment_parameter};
use crate::api::Problem;
use crate::store::Record;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::DnType;
use serde_json::{Value, json};
use zeroize::Zeroizing;

pub(crate) const ROUTES: &[Route] = &[
    ("Request-CsCertificate", request),
    ("Set-CsCertificate", set),
    ("Import-CsCertificate", import),
    ("Get-CsCertificate", get),
    ("Remove-CsCertificate", remove),
    ("Test-CsCertificateConfiguration", test),
];

const CERTIFICATE: &str = "Certificate";
const REQUEST: &str = "CertificateRequest";

/// What certificates are for.
const TYPES: [&str; 14] = [
    "AccessEdgeExternal",
    "AudioVideoAuthentication",
    "DataEdgeExternal",
    "Default",
    "External",
    "Internal",
    "iPadAPNService",
    "iPhoneAPNService",
    "MPNService",
    "OAuthTokenIssuer",
    "PICWebService",
    "ProvisionService",
    "WebServicesExternal",
    "WebServicesInternal",
];

fn types(context: &Context<'_>) -> Result<Vec<String>, Problem> {
    let mut known = Vec::new();
    let given = context.parameters().list("type").unwrap_or_default();
    for text in given.iter().flat_map(|text| text.split(',')).map(str::trim) {
        let found = TYPES.iter().find(|name| name.eq_ignore_ascii_case(text));
        known.push(
            (*found.ok_or_else(|| bad("Type", &format!("'{text}' is none of {}", TYPES.join(", "))))?).to_owned(),
        );
    }
    Ok(known)
}

fn request(context: &mut Context<'_>) -> Result<(), Problem> {
    let parameters = context.parameters();
    if parameters.switch("list") {
        for record in context.tx.all_objects(REQUEST)? {
            context.emit(show_request(&record));
        }
        return Ok(());
    }
    if parameters.switch("clear") {
        for record in context.tx.all_objects(REQUEST)? {
            context.tx.delete(&record)?;
        }
        context.target("CertificateRequests");
        return Ok(());
    }
    if parameters.switch("retrieve") {
        return retrieve(context);
    }
    if !parameters.switch("new") {
        return Err(Problem::new("PC-E27", "Say what to do: New, List, Retrieve or Clear."));
    }
    context.require_topology()?;
    let types = types(context)?;
    if types.is_empty() {
        return Err(Problem::new("PC-E27", "Type says what the certificate is for and is missing."));
    }
    for computer in context.acting_computers()? {
        request_for(context, &computer, &types)?;
    }
    Ok(())
}

fn retrieve(context: &mut Context<'_>) -> Result<(), Problem> {
    let number = context.parameters().integer("requestId")?;
    let number = number.ok_or_else(|| Problem::new("PC-E27", "Retrieve needs RequestId."))?;
    let record = context.tx.object(REQUEST, &number.to_string())?;
    let record = record.ok_or_else(|| Problem::new("PC-E21", format!("There is no certificate request {number}.")))?;
    let thumbprint = record.text("thumbprint").to_owned();
    let certificate = context.tx.object(CERTIFICATE, &thumbprint)?;
    let certificate =
        certificate.ok_or_else(|| Problem::new("PC-E21", format!("The request {number} has not been answered.")))?;
    let shown = shown(&certificate, None)?;
    context.emit(shown);
    Ok(())
}

fn show_request(record: &Record) -> Value {
    let field = |name: &str| record.body.get(name).cloned().unwrap_or_default();
    json!({
        "identity": record.name,
        "requestId": record.name.parse::<i64>().unwrap_or(0),
        "type": field("types"),
        "subject": field("subject"),
        "ca": field("ca"),
        "status": field("status"),
        "thumbprint": field("thumbprint"),
    })
}

fn request_for(context: &mut Context<'_>, computer: &str, types: &[String]) -> Result<(), Problem> {
    let wish = wish_of(context, computer)?;
    let number = context.tx.next_number("certificate-request")?;
    let subject = format!("CN={computer}");
    let offline = context.parameters().get("output").is_some_and(|value| !value.is_null() && *value != json!(false));
    let authority_name = context.parameters().text("ca").unwrap_or("built-in\\pcsh Certification Authority");
    let mut body =
        json!({ "types": types, "subject": subject, "ca": authority_name, "computer": computer, "status": "Issued" });
    context.target(computer);
    if offline {
        let made = authority::request(&wish, context.now)?;
        body["status"] = json!("Offline");
        body["privateKey"] = json!(made.key);
        context.tx.insert(&mut Record::of(REQUEST, number.to_string(), &body)?)?;
        context.emit(json!({ "identity": number.to_string(), "requestId": number, "status": "Offline", "request": made.certificate }));
        return Ok(());
    }
    let authority = context.authority(authority_name)?;
    let serial = positive(context.world().new_guid().into_bytes());
    let issued = authority::issue(&authority, &wish, serial, context.now)?;
    let described = authority::describe(&issued.certificate)?;
    let friendly = context.parameters().text("friendlyName").unwrap_or(computer).to_owned();
    let record = store(context, &described, &issued.certificate, &issued.key, &friendly)?;
    body["thumbprint"] = json!(described.thumbprint);
    context.tx.insert(&mut Record::of(REQUEST, number.to_string(), &body)?)?;
    let shown = shown(&record, None)?;
    context.emit(shown);
    Ok(())
}

/// A serial number whose first bit is clear, as DER wants positive numbers.
fn positive(mut bytes: [u8; 16]) -> [u8; 16] {
    if let Some(first) = bytes.first_mut() {
        *first = (*first & 0x7f) | 0x40;
    }
    bytes
}

fn store(
    context: &mut Context<'_>,
    described: &Described,
    pem: &str,
    key: &str,
    friendly: &str,
) -> Result<Record, Problem> {
    let body = json!({
        "certificate": pem,
        "privateKey": key,
        "friendlyName": friendly,
        "exportable": context.parameters().boolean("privateKeyExportable")?.unwrap_or(false),
        "created": context.now,
    });
    context.tx.put(Record::of(CERTIFICATE, described.thumbprint.as_str(), &body)?)
}

/// Names and key of the certificate for a computer: its own name, its pool's, and what the call adds.
fn wish_of(context: &Context<'_>, computer: &str) -> Result<Wish, Problem> {
    let parameters = context.parameters();
    let topology = &context.deployment.topology;
    let mut names = vec![computer.to_owned()];
    if let Some((pool, _)) = topology.computer(computer) {
        names.push(pool.fqdn.clone());
    }
    names.extend(
        parameters
            .list("domainName")
            .unwrap_or_default()
            .iter()
            .flat_map(|text| text.split(','))
            .map(|name| name.trim().to_owned()),
    );
    if parameters.switch("allSipDomain") {
        names.extend(topology.sip_domains.iter().map(|domain| format!("sip.{}", domain.name)));
    }
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| !name.is_empty() && seen.insert(name.to_lowercase()));
    for name in &names {
        super::super::identity::fqdn(name)?;
    }
    let fields = [
        (DnType::OrganizationalUnitName, "ou"),
        (DnType::OrganizationName, "organization"),
        (DnType::LocalityName, "city"),
        (DnType::StateOrProvinceName, "state"),
        (DnType::CountryName, "country"),
    ];
    let mut subject = vec![(DnType::CommonName, computer.to_owned())];
    subject.extend(fields.into_iter().filter_map(|(kind, name)| Some((kind, parameters.text(name)?.to_owned()))));
    Ok(Wish {
        subject,
        names,
        algorithm: algorithm(context)?,
        client: parameters.switch("clientEKU") || parameters.boolean("clientEku")? == Some(true),
    })
}

fn algorithm(context: &Context<'_>) -> Result<Algorithm, Problem> {
    let parameters = context.parameters();
    let kind = parameters.text("keyAlg").unwrap_or("RSA").to_uppercase();
    match (kind.as_str(), parameters.integer("keySize")?.unwrap_or(2048)) {
        ("RSA", 2048) => Ok(Algorithm::Rsa2048),
        ("RSA", 4096) => Ok(Algorithm::Rsa4096),
        ("RSA", size) => {
            Err(bad("KeySize", &format!("{size} bits are no longer safe or not supported; use 2048 or 4096")))
        }
        ("ECDH_P256", _) => Ok(Algorithm::P256),
        ("ECDH_P384", _) => Ok(Algorithm::P384),
        (other, _) => Err(bad("KeyAlg", &format!("'{other}' is none of RSA, ECDH_P256, ECDH_P384"))),
    }
}

fn shown(record: &Record, assigned: Option<&AssignedCertificate>) -> Result<Value, Problem> {
    let described = authority::describe(record.text("certificate"))?;
    let usage = assigned.map(|assigned| assigned.usage.as_str());
    Ok(json!({
        "issuer": described.issuer,
        "notAfter": iso(described.not_after),
        "notBefore": iso(described.not_before),
        "serialNumber": described.serial,
        "subject": described.subject,
        "alternativeNames": described.names,
        "thumbprint": described.thumbprint,
        "effectiveDate": assigned.map(|assigned| iso(assigned.effective)),
        "previousThumbprint": assigned.and_then(|assigned| assigned.previous.clone()),
        "updateTime": assigned.map(|assigned| iso(assigned.updated)),
        "use": usage,
        "sourceScope": if usage == Some("OAuthTokenIssuer") { "Global" } else { "Local" },
        "privateKeyExportable": record.body.get("exportable"),
    }))
}

fn known(context: &mut Context<'_>, thumbprint: &str) -> Result<Record, Problem> {
    let bare: String = thumbprint.chars().filter(|letter| letter.is_ascii_hexdigit()).collect();
    let missing = || Problem::new("PC-E21", format!("There is no certificate '{thumbprint}'.")).target(thumbprint);
    context.tx.object(CERTIFICATE, &bare)?.ok_or_else(missing)
}

fn set(context: &mut Context<'_>) -> Result<(), Problem> {
    let parameters = context.parameters();
    let types = types(context)?;
    if types.is_empty() {
        return Err(Problem::new("PC-E27", "Type says what the certificate is for and is missing."));
    }
    let effective = moment_parameter(parameters, "effectiveDate")?;
    if parameters.switch("roll") && effective.is_none() {
        return Err(Problem::new("PC-E27", "Roll needs EffectiveDate."));
    }
    let of_reference = parameters.get("reference").and_then(|value| value.get("thumbprint")).and_then(Value::as_str);
    let thumbprint = parameters.text("thumbprint").or(of_reference);
    let record = match (thumbprint, parameters.text("byteInput")) {
        (Some(thumbprint), _) => known(context, thumbprint)?,
        (None, Some(_)) => import_one(context)?,
        (None, None) => return Err(Problem::new("PC-E27", "Name the certificate by Thumbprint, Reference or Path.")),
    };
    let described = authority::describe(record.text("certificate"))?;
    require_valid(context, &described)?;
    let mut done = false;
    for computer in context.acting_computers()? {
        let default = types.iter().any(|name| name == "Default");
        if default && context.call.computer.is_none() && !names_computer(&described, &computer) {
            continue;
        }
        if default {
            require_fit(context, &described, record.text("certificate"), &computer)?;
        }
        let effective = effective.map_or(context.now, |moment| moment.at);
        assign(context, &computer, &types, &described.thumbprint, effective)?;
        context.target(computer);
        done = true;
    }
    if !done {
        return Err(Problem::new("PC-E76", "The certificate names no computer of the topology."));
    }
    Ok(())
}

fn assign(
    context: &mut Context<'_>,
    computer: &str,
    types: &[String],
    thumbprint: &str,
    effective: i64,
) -> Result<(), Problem> {
    let mut state = context.deployment.computer(computer);
    for usage in types {
        let previous =
            state.certificates.iter().find(|known| known.usage == *usage).map(|known| known.thumbprint.clone());
        let previous = previous.filter(|known| known != thumbprint);
        state.certificates.retain(|known| known.usage != *usage);
        state.certificates.push(AssignedCertificate {
            usage: usage.clone(),
            thumbprint: thumbprint.to_owned(),
            effective,
            previous,
            updated: context.now,
        });
    }
    context.save_deployment(COMPUTER, computer, &state)
}

fn names_computer(described: &Described, computer: &str) -> bool {
    described.names.iter().any(|name| name.eq_ignore_ascii_case(computer))
}

fn require_valid(context: &Context<'_>, described: &Described) -> Result<(), Problem> {
    if (described.not_before..=described.not_after).contains(&context.now) {
        return Ok(());
    }
    let message =
        format!("The certificate is valid from {} to {} only.", iso(described.not_before), iso(described.not_after));
    Err(Problem::new("PC-E76", message).target(described.thumbprint.as_str()))
}

/// A chat server's certificate must carry its name and its pool's, and come from the internal authority.
fn require_fit(
    context: &mut Context<'_>,
    described: &Described,
    certificate: &str,
    computer: &str,
) -> Result<(), Problem> {
    let deployment = context.deployment.clone();
    let Some((pool, _)) = deployment.topology.computer(computer) else { return Ok(()) };
    if pool.service(CHAT).is_none() {
        return Ok(());
    }
    for name in [computer, pool.fqdn.as_str()] {
        if !names_computer(described, name) {
            let message = format!("The certificate does not name '{name}'; it names {}.", described.names.join(", "));
            return Err(Problem::new("PC-E76", message).target(described.thumbprint.as_str()));
        }
    }
    if let Some(first) = context.authority_names()?.first().cloned() {
        let internal = context.authority(&first)?;
        let subject = authority::describe(&internal.certificate)?.subject;
        if !authority::is_signed_by(certificate, &internal.certificate)? {
            // A name alone proves nothing: anybody can make an authority of that name.
            let message = format!(
                "The certificate was issued by '{}', and not signed by the internal authority '{subject}'.",
                described.issuer
            );
            return Err(Problem::new("PC-E76", message).target(described.thumbprint.as_str()));
        }
    }
    Ok(())
}

/// PC-E76 where a computer has no Default certificate with which chat can start.
pub(crate) fn require_usable(context: &mut Context<'_>, computer: &str) -> Result<(), Problem> {
    let state = context.deployment.computer(computer);
    let assigned = state.certificates.iter().find(|known| known.usage == "Default" && known.effective <= context.now);
    let Some(assigned) = assigned else {
        let message = format!("'{computer}' has no certificate of type Default; use Request- and Set-CsCertificate.");
        return Err(Problem::new("PC-E76", message));
    };
    let record = known(context, &assigned.thumbprint)?;
    let described = authority::describe(record.text("certificate"))?;
    require_valid(context, &described)?;
    require_fit(context, &described, record.text("certificate"), computer)
}

/// PEM with a certificate and its key, or PKCS#12 with its password. The key is kept apart from the certificate.
fn import_one(context: &mut Context<'_>) -> Result<Record, Problem> {
    let text = context.parameters().required("byteInput")?;
    let unreadable = || {
        let message =
            "The file holds no certificate that can be read; PEM or PKCS#12 (.pfx) with certificate and key is needed.";
        Problem::new("PC-E61", message)
    };
    let bytes = STANDARD.decode(text).map_err(|_| unreadable())?;
    let (pem, key) = match pkcs12::is_pkcs12(&bytes) {
        true => {
            let opened = pkcs12::open(&bytes, context.parameters().text("password").unwrap_or_default())?;
            (opened.certificates.concat(), opened.key)
        }
        false => {
            let text = Zeroizing::new(String::from_utf8(bytes).map_err(|_| unreadable())?);
            (blocks(&text, "CERTIFICATE"), Zeroizing::new(blocks(&text, "PRIVATE KEY")))
        }
    };
    let described = authority::describe(&pem)?;
    if key.contains("ENCRYPTED PRIVATE KEY") {
        let message = "The key of the PEM file is encrypted; give it in the clear, or all of it as PKCS#12 (.pfx).";
        return Err(Problem::new("PC-E61", message));
    }
    if !key.is_empty() {
        authority::require_key_of(&pem, &key)?;
    }
    store(context, &described, &pem, &key, "imported")
}

/// The PEM blocks whose label ends in these words.
fn blocks(text: &str, label: &str) -> String {
    let mut found = String::new();
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        inside |= line.starts_with("-----BEGIN ") && line.ends_with(&format!("{label}-----"));
        if inside {
            found.push_str(line);
            found.push('\n');
        }
        inside &= !line.starts_with("-----END ");
    }
    found
}

fn import(context: &mut Context<'_>) -> Result<(), Problem> {
    let record = import_one(context)?;
    context.target(record.name.clone());
    let shown = shown(&record, None)?;
    context.emit(shown);
    Ok(())
}

fn get(context: &mut Context<'_>) -> Result<(), Problem> {
    let wanted = types(context)?;
    let global = context.call.identity.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("global"));
    for computer in context.acting_computers()? {
        for assigned in context.deployment.computer(&computer).certificates {
            if (!wanted.is_empty() && !wanted.contains(&assigned.usage))
                || (global && assigned.usage != "OAuthTokenIssuer")
            {
                continue;
            }
            let record = known(context, &assigned.thumbprint)?;
            let shown = shown(&record, Some(&assigned))?;
            context.emit(shown);
        }
    }
    Ok(())
}

fn remove(context: &mut Context<'_>) -> Result<(), Problem> {
    let wanted = types(context)?;
    let previous = context.parameters().switch("previous");
    let computers = context.acting_computers()?;
    if computers.len() > 1 && context.call.computer.is_none() {
        return Err(Problem::new("PC-E27", "Bind the session to the computer whose certificate is to be removed."));
    }
    for computer in computers {
        let mut state = context.deployment.computer(&computer);
        let fits = |assigned: &AssignedCertificate| wanted.contains(&assigned.usage);
        if !state.certificates.iter().any(fits) {
            return Err(Problem::new("PC-E21", format!("'{computer}' has no certificate of this type.")));
        }
        match previous {
            true => state
                .certificates
                .iter_mut()
                .filter(|assigned| fits(assigned))
                .for_each(|assigned| assigned.previous = None),
            false => state.certificates.retain(|assigned| !fits(assigned)),
        }
        context.target(computer.clone());
        context.save_deployment(COMPUTER, &computer, &state)?;
    }
    Ok(())
}

/// What computers need, and whether what they have fits.
fn test(context: &mut Context<'_>) -> Result<(), Problem> {
    for computer in context.acting_computers()? {
        let fault = require_usable(context, &computer).err().map(|problem| problem.detail);
        let state = context.deployment.computer(&computer);
        let assigned = state.certificates.iter().find(|known| known.usage == "Default");
        context.emit(json!({
            "identity": computer,
            "use": "Default",
            "thumbprint": assigned.map(|known| known.thumbprint.as_str()),
            "result": if fault.is_none() { "Success" } else { "Failure" },
            "diagnosis": fault.unwrap_or_default(),
        }));
    }
    Ok(())
}
