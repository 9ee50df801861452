//! Connect-CsService, Disconnect-CsService, Get-CsConnection, Use-CsComputer: which service, as whom, for which
//! computer; and Invoke-CsServiceOperation, which calls what has no cmdlet.

use super::cmdlet::{report, tell};
use super::state::{Administration, client};
use super::{argument, file, object, problem, time};
use crate::api::{Call, Problem};
use crate::client::{Connection, Endpoint, ManagementClient, ShownCertificate, logons};
use crate::cmdlet;
use crate::runtime::cmdlet::{Block, Switch};
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::members::library::net;
use crate::value::{Fault, Outcome, PsObject, Shape, Str, Value};
use std::rc::Rc;
use std::time::Duration;
use zeroize::Zeroizing;

/// The cmdlets of this file.
pub(super) const CMDLETS: &[&CmdletSpec] = &[
    &ConnectCsService::SPEC,
    &DisconnectCsService::SPEC,
    &GetCsConnection::SPEC,
    &UseCsComputer::SPEC,
    &InvokeCsServiceOperation::SPEC,
];

cmdlet! {
    /// Uses a management service elsewhere.
    pub(crate) struct ConnectCsService = "Connect-CsService", class "Connect-CsService", module "SkypeForBusiness" {
        default_set: Some("Token"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Uses a management service elsewhere for the rest of the session.",
        examples: &[("Connect-CsService -Uri https://chat.contoso.com:8443 -Token $token", "Uses a team's service.")],
        outputs: &["Pcsh.Connection"],
    }
    parameters {
        uri: Option<Str> = ParameterSpec::new("Uri").sets(&[
            SetMembership::of("Token").mandatory().position(0),
            SetMembership::of("Credential").mandatory().position(0),
            SetMembership::of("Certificate").mandatory().position(0),
        ]),
        token: Option<Str> = ParameterSpec::new("Token").sets(&[SetMembership::of("Token")]),
        credential: Option<Value> = ParameterSpec::new("Credential").sets(&[SetMembership::of("Credential").mandatory()]),
        certificate: Option<Str> = ParameterSpec::new("Certificate")
            .sets(&[SetMembership::of("Certificate").mandatory()]),
        password: Option<Value> = ParameterSpec::new("Password").sets(&[SetMembership::of("Certificate")]),
        authority: Option<Str> = ParameterSpec::new("CertificateAuthority").sets(&[
            SetMembership::of("Token"),
            SetMembership::of("Credential"),
            SetMembership::of("Certificate"),
        ]),
        remember: Switch = ParameterSpec::new("Remember")
            .sets(&[SetMembership::of("Token"), SetMembership::of("Credential")]),
        account: Option<Str> = ParameterSpec::new("Account").sets(&[SetMembership::of("Local").mandatory()]),
    }
    state {}
}

impl Cmdlet for ConnectCsService {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let connection = match &self.account {
            Some(account) => self.local(account, run)?,
            None => Connection::Remote(self.remote(run)?),
        };
        let seen = Seen::look(&connection);
        if let Err(refused) = &seen.status {
            return problem::fault(&refused.clone().terminating()).err();
        }
        self.keep(&connection)?;
        Administration::of(run.session).connect(Some(connection));
        let shown = shown(run, &seen);
        run.write(shown)
    }
}

impl ConnectCsService {
    /// The service of this machine, as an account of the directory: its roles decide what it may do.
    fn local(&self, account: &str, run: &mut Invocation<'_>) -> Outcome<Connection> {
        match Administration::of(run.session).home() {
            Connection::Embedded { directory, .. } => {
                Ok(Connection::Embedded { directory, actor: Some(account.to_owned()) })
            }
            Connection::Remote(endpoint) => {
                let message =
                    format!("The session uses the service at {}; log on there with -Credential.", endpoint.uri);
                Fault::new("PC-E27", message).exception(problem::EXCEPTION).target(account).err()
            }
        }
    }

    fn remote(&self, run: &Invocation<'_>) -> Outcome<Endpoint> {
        let uri = self.uri.as_ref().map(Str::to_string).unwrap_or_default();
        let file = |name: &Option<Str>| name.as_ref().map(|name| file::path(run, name));
        let mut endpoint = Endpoint::from_environment(uri);
        endpoint.authority = file(&self.authority).or(endpoint.authority);
        if let Some(certificate) = file(&self.certificate) {
            (endpoint.certificate, endpoint.token) = (Some(certificate), None);
            if let Some(password) = &self.password {
                let text = net::plain_text(password).unwrap_or_else(|| argument::text(password));
                endpoint.certificate_password = Some(Zeroizing::new(text));
            }
        }
        if let Some(token) = &self.token {
            endpoint.token = Some(token.to_string());
        }
        if let Some(credential) = &self.credential {
            let unproven = Endpoint { token: None, ..endpoint.clone() };
            endpoint.token = Some(log_on(&ManagementClient::new(Connection::Remote(unproven)), credential)?);
        }
        Ok(endpoint)
    }

    /// With -Remember the next session needs the address only.
    fn keep(&self, connection: &Connection) -> Outcome<()> {
        let Connection::Remote(Endpoint { uri, token: Some(token), .. }) = connection else { return Ok(()) };
        if !self.remember.0 {
            return Ok(());
        }
        logons::keep(uri, Some(token)).or_else(|error| {
            let message = format!("The log-on cannot be kept in the settings directory: {error}.");
            Fault::new("PC-E60", message).exception(problem::EXCEPTION).target(uri.as_str()).err()
        })
    }
}

/// Exchanges a name and a password for a token.
fn log_on(client: &ManagementClient, credential: &Value) -> Outcome<String> {
    let (user, password) = argument::user_and_password(credential);
    let mut call = Call::new("New", "CsSession").with("userName", user);
    if let Some(password) = password {
        call = call.with("password", password);
    }
    let reply = client.call(&call).map_err(|refused| problem::fault(&refused.terminating()))?;
    let token = reply.value.first().and_then(|session| session.get("token")).and_then(|token| token.as_str());
    let missing = || Fault::new("PC-E09", "The service accepted the log-on but gave no token.");
    Ok(token.ok_or_else(missing)?.to_owned())
}

cmdlet! {
    /// Uses the service of this machine again.
    pub(crate) struct DisconnectCsService = "Disconnect-CsService", class "Disconnect-CsService", module "SkypeForBusiness" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Ends Connect-CsService: the session uses the service it began with.",
        examples: &[("Disconnect-CsService", "Uses the service of this machine again.")],
        outputs: &[],
    }
    parameters {
        forget: Switch = ParameterSpec::new("Forget"),
    }
    state {}
}

impl Cmdlet for DisconnectCsService {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let state = Administration::of(run.session);
        let before = state.connection();
        state.connect(None);
        match before {
            Connection::Remote(endpoint) if self.forget.0 => logons::keep(&endpoint.uri, None).or_else(|error| {
                let message = format!("The log-on cannot be taken out of the settings directory: {error}.");
                Fault::new("PC-E60", message).exception(problem::EXCEPTION).target(endpoint.uri.as_str()).err()
            }),
            _ => Ok(()),
        }
    }
}

cmdlet! {
    /// Shows which service is in use.
    pub(crate) struct GetCsConnection = "Get-CsConnection", class "Get-CsConnection", module "SkypeForBusiness" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Shows which management service the session uses, as whom, and whether it answers.",
        examples: &[("Get-CsConnection", "Shows the service in use.")],
        outputs: &["Pcsh.Connection"],
    }
    parameters {
        test: Switch = ParameterSpec::new("Test"),
    }
    state {}
}

impl Cmdlet for GetCsConnection {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let seen = Seen::look(&Administration::of(run.session).connection());
        if let (true, Err(refused)) = (self.test.0, &seen.status) {
            return problem::fault(refused).err();
        }
        let shown = shown(run, &seen);
        run.write(shown)
    }
}

/// What a service says of itself and of the caller, and the certificate that it showed.
struct Seen {
    status: Result<serde_json::Value, Problem>,
    certificate: Option<ShownCertificate>,
}

impl Seen {
    /// Asks once, without waiting for a service that is away.
    fn look(connection: &Connection) -> Self {
        let connection = match connection {
            Connection::Remote(endpoint) => {
                Connection::Remote(Endpoint { patience: Duration::ZERO, ..endpoint.clone() })
            }
            embedded => embedded.clone(),
        };
        let client = ManagementClient::new(connection);
        let status = client.call(&Call::new("Get", "CsServiceStatus"));
        let status = status.map(|reply| reply.value.into_iter().next().unwrap_or_default());
        Seen { status, certificate: client.shown_certificate() }
    }

    fn text(&self, name: &str) -> Value {
        let text = self.status.as_ref().ok().and_then(|status| status.get(name)?.as_str());
        Value::from(text.map(str::to_owned))
    }

    fn moment(&self, name: &str) -> Value {
        let text = self.status.as_ref().ok().and_then(|status| status.get(name)?.as_str());
        text.and_then(time::from_wire).map_or(Value::Null, Value::DateTime)
    }

    fn roles(&self) -> Value {
        let roles = self.status.as_ref().ok().and_then(|status| status.get("roles")?.as_array());
        Value::array(roles.into_iter().flatten().filter_map(|role| Some(Value::from(role.as_str()?))).collect())
    }

    fn rights(&self) -> Value {
        let read_only = self.status.as_ref().ok().and_then(|status| status.get("readOnly")?.as_bool());
        Value::from(read_only.map(|only| if only { "ReadOnly" } else { "ReadWrite" }.to_owned()))
    }

    /// One word for whether the service can be used.
    fn state(&self) -> &'static str {
        match self.status.as_ref().map_err(|refused| refused.id.as_str()) {
            Ok(_) => "Ready",
            Err("PC-E09") => "LoggedOff",
            Err("PC-E97" | "PC-E87") => "Unreachable",
            Err("PC-E94" | "PC-E95" | "PC-E98") => "Busy",
            Err(_) => "Refused",
        }
    }
}

/// The connection as an object.
fn shown(run: &mut Invocation<'_>, seen: &Seen) -> Value {
    let state = Administration::of(run.session);
    let (kind, place) = match state.connection() {
        Connection::Embedded { directory, .. } => ("Embedded", directory.display().to_string()),
        Connection::Remote(endpoint) => ("Remote", endpoint.uri),
    };
    let certificate = seen.certificate.as_ref();
    let ends = certificate
        .and_then(|shown| time::from_wire(&jiff::Timestamp::from_millisecond(shown.expires).ok()?.to_string()));
    let rows = [
        ("Kind", Value::from(kind)),
        ("Service", Value::from(place)),
        ("State", Value::from(seen.state())),
        ("Account", seen.text("caller")),
        ("Roles", seen.roles()),
        ("Rights", seen.rights()),
        ("Authentication", seen.text("authentication")),
        ("AuthenticationExpires", seen.moment("authenticationExpires")),
        ("ServerVersion", seen.text("version")),
        ("Store", seen.text("store")),
        ("CertificateFingerprint", Value::from(certificate.map(|shown| shown.fingerprint.clone()))),
        ("CertificateExpires", ends.map_or(Value::Null, Value::DateTime)),
        ("Connected", Value::from(state.is_connected())),
        ("Computer", Value::from(state.computer.clone())),
        ("Transaction", Value::from(state.transaction.clone())),
        ("Problem", Value::from(seen.status.as_ref().err().map(ToString::to_string))),
    ];
    let names = rows.iter().map(|(name, _)| Str::from(*name)).collect();
    let object = PsObject::custom(Rc::new(Shape { names }), rows.into_iter().map(|(_, value)| value).collect());
    let types = ["Pcsh.Connection", "System.Management.Automation.PSCustomObject", "System.Object"];
    object.extension.make().borrow_mut().type_names = Some(types.iter().map(|name| Str::from(*name)).collect());
    Value::Object(object)
}

cmdlet! {
    /// Binds the session to a computer of the deployment.
    pub(crate) struct UseCsComputer = "Use-CsComputer", class "Use-CsComputer", module "SkypeForBusiness" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Says which computer cmdlets for \"this computer\" act on, for the session or for one block.",
        examples: &[("Use-CsComputer pc1.contoso.com { Get-CsCertificate }", "Shows the certificates of a chat server.")],
        outputs: &[],
    }
    parameters {
        fqdn: Option<Str> = ParameterSpec::new("Fqdn").sets(&[SetMembership::of("").mandatory().position(0)]),
        block: Option<Block> = ParameterSpec::new("ScriptBlock").sets(&[SetMembership::of("").position(1)]),
    }
    state {}
}

impl Cmdlet for UseCsComputer {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let fqdn = self.fqdn.as_ref().map(Str::to_string).filter(|name| !name.is_empty());
        let before = std::mem::replace(&mut Administration::of(run.session).computer, fqdn);
        let Some(block) = self.block.take() else { return Ok(()) };
        let outcome = run.run_block(&block, Value::Null);
        Administration::of(run.session).computer = before;
        outcome
    }
}

cmdlet! {
    /// Calls an operation of the management API that has no cmdlet of its own.
    pub(crate) struct InvokeCsServiceOperation = "Invoke-CsServiceOperation", class "Invoke-CsServiceOperation",
        module "SkypeForBusiness" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Calls an operation of the management API by its name, such as those that have no cmdlet of their own.",
        examples: &[(
            "Invoke-CsServiceOperation Get-CsServiceStatus",
            "Shows the version and the state of the service."
        )],
        outputs: &["System.Management.Automation.PSObject"],
    }
    parameters {
        operation: Option<Str> = ParameterSpec::new("Operation").sets(&[SetMembership::of("").mandatory().position(0)]),
        identity: Option<Str> = ParameterSpec::new("Identity").sets(&[SetMembership::of("").position(1)]),
        parameters: Option<Value> = ParameterSpec::new("Parameters").sets(&[SetMembership::of("").position(2)]),
    }
    state {}
}

impl Cmdlet for InvokeCsServiceOperation {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let call = self.call(run)?;
        for page in client(run).pages(&call) {
            let reply = page.map_err(|refused| problem::fault(&refused))?;
            tell(&reply, run)?;
            for item in &reply.value {
                run.write(object::plain(item))?;
            }
            reply.problems.iter().try_for_each(|refused| report(run, refused))?;
        }
        Ok(())
    }
}

impl InvokeCsServiceOperation {
    fn call(&self, run: &mut Invocation<'_>) -> Outcome<Call> {
        let operation = self.operation.as_ref().map(Str::to_string).unwrap_or_default();
        let Some((verb, noun)) = operation.split_once('-') else {
            let message = format!("'{operation}' is no operation: its name is Verb-Noun, as a cmdlet's.");
            return Fault::new("PC-E25", message).exception(problem::EXCEPTION).target(operation.as_str()).err();
        };
        let mut call = Call::new(verb, noun);
        call.identity = self.identity.as_ref().map(Str::to_string).filter(|text| !text.is_empty());
        if let Some(serde_json::Value::Object(fields)) = self.parameters.as_ref().map(argument::plain) {
            call.parameters.0 = fields;
        }
        let state = Administration::of(run.session);
        call.transaction.clone_from(&state.transaction);
        call.computer.clone_from(&state.computer);
        Ok(call)
    }
}
