//! The two web cmdlets: their parameters, and how those become a request.

use super::exchange::{Reply, Request};
use super::reply;
use crate::cmdlet;
use crate::commands::general::object::{file_path, io_fault};
use crate::runtime::cmdlet::Switch;
use crate::runtime::{
    Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Slot, Symbol, Validation, object,
};
use crate::value::members::library::net::plain_text;
use crate::value::{ErrorCategory, Fault, Hashtable, Outcome, Str, Value, convert, enumerate, members};
use std::rc::Rc;
use std::time::Duration;

const METHODS: &[&str] = &["Default", "Get", "Head", "Post", "Put", "Delete", "Trace", "Options", "Merge", "Patch"];

/// Declares both cmdlets: they take the same but for a few parameters.
macro_rules! web_cmdlet {
    ($name:ident, $text:literal, $class:literal, $synopsis:literal, $outputs:expr, { $($own:tt)* }) => {
        cmdlet! {
            #[doc = concat!("`", $text, "`.")]
            pub(crate) struct $name = $text, class $class, module "Microsoft.PowerShell.Utility" {
                default_set: Some("StandardMethod"), should_process: false, impact: ConfirmImpact::Medium,
                synopsis: $synopsis, examples: &[], outputs: $outputs,
            }
            parameters {
                uri: Str = ParameterSpec::new("Uri").validate(&[Validation::NotNullOrEmpty]).sets(&[SetMembership::of("").mandatory().position(0)]),
                method: Option<Str> = ParameterSpec::new("Method").validate(&[Validation::Set(METHODS)]).sets(&[SetMembership::of("StandardMethod")]),
                custom_method: Option<Str> = ParameterSpec::new("CustomMethod").alias(&["CM"]).validate(&[Validation::NotNullOrEmpty])
                    .sets(&[SetMembership::of("CustomMethod").mandatory()]),
                body: Value = ParameterSpec::new("Body").sets(&[SetMembership::of("").by_value()]),
                form: Option<Rc<Hashtable>> = ParameterSpec::new("Form"),
                headers: Option<Rc<Hashtable>> = ParameterSpec::new("Headers"),
                content_type: Option<Str> = ParameterSpec::new("ContentType"),
                user_agent: Option<Str> = ParameterSpec::new("UserAgent"),
                in_file: Option<Str> = ParameterSpec::new("InFile"),
                out_file: Option<Str> = ParameterSpec::new("OutFile"),
                pass_thru: Switch = ParameterSpec::new("PassThru"),
                credential: Value = ParameterSpec::new("Credential"),
                authentication: Option<Str> = ParameterSpec::new("Authentication")
                    .validate(&[Validation::Set(&["None", "Basic", "Bearer", "OAuth"])]),
                token: Value = ParameterSpec::new("Token"),
                allow_unencrypted: Switch = ParameterSpec::new("AllowUnencryptedAuthentication"),
                timeout: Option<i32> = ParameterSpec::new("ConnectionTimeoutSeconds").alias(&["TimeoutSec"]).validate(&[Validation::Range(0.0, 2_147_483.0)]),
                operation_timeout: Option<i32> = ParameterSpec::new("OperationTimeoutSeconds"),
                redirections: Option<i32> = ParameterSpec::new("MaximumRedirection").validate(&[Validation::Range(0.0, 2_147_483_647.0)]),
                retries: Option<i32> = ParameterSpec::new("MaximumRetryCount").validate(&[Validation::Range(0.0, 2_147_483_647.0)]),
                pause: Option<i32> = ParameterSpec::new("RetryIntervalSec").validate(&[Validation::Range(1.0, 2_147_483.0)]),
                skip_certificate: Switch = ParameterSpec::new("SkipCertificateCheck"),
                skip_error: Switch = ParameterSpec::new("SkipHttpErrorCheck"),
                skip_headers: Switch = ParameterSpec::new("SkipHeaderValidation"),
                basic_parsing: Switch = ParameterSpec::new("UseBasicParsing"),
                no_proxy: Switch = ParameterSpec::new("NoProxy"),
                proxy: Option<Str> = ParameterSpec::new("Proxy"),
                session_variable: Option<Str> = ParameterSpec::new("SessionVariable").alias(&["SV"]),
                session: Value = ParameterSpec::new("WebSession"),
                keep_authorization: Switch = ParameterSpec::new("PreserveAuthorizationOnRedirect"),
                allow_insecure: Switch = ParameterSpec::new("AllowInsecureRedirect"),
                no_keep_alive: Switch = ParameterSpec::new("DisableKeepAlive"),
                resume: Switch = ParameterSpec::new("Resume"),
                $($own)*
            }
            state {}
        }

        impl $name {
            fn given(&self) -> Given<'_> {
                Given {
                    uri: &self.uri,
                    method: self.custom_method.as_ref().or(self.method.as_ref()),
                    body: &self.body,
                    form: self.form.as_ref(),
                    headers: self.headers.as_ref(),
                    content_type: self.content_type.as_deref(),
                    user_agent: self.user_agent.as_deref(),
                    in_file: self.in_file.as_deref(),
                    credential: &self.credential,
                    authentication: self.authentication.as_deref().unwrap_or("None"),
                    token: &self.token,
                    allow_unencrypted: self.allow_unencrypted.0,
                    timeout: self.timeout.or(self.operation_timeout),
                    redirections: self.redirections,
                    retries: self.retries,
                    pause: self.pause,
                    trusts_all: self.skip_certificate.0,
                    no_proxy: self.no_proxy.0,
                    proxy: self.proxy.as_deref(),
                    session: &self.session,
                }
            }
        }
    };
}

web_cmdlet!(
    InvokeWebRequest,
    "Invoke-WebRequest",
    "Microsoft.PowerShell.Commands.InvokeWebRequestCommand",
    "Sends a request to a web service and gives the whole reply.",
    &["Microsoft.PowerShell.Commands.BasicHtmlWebResponseObject"],
    {}
);

web_cmdlet!(
    InvokeRestMethod,
    "Invoke-RestMethod",
    "Microsoft.PowerShell.Commands.InvokeRestMethodCommand",
    "Sends a request to a web service and gives the objects that it answers.",
    &["System.Object"],
    {
        headers_variable: Option<Str> = ParameterSpec::new("ResponseHeadersVariable").alias(&["RHV"]),
        status_variable: Option<Str> = ParameterSpec::new("StatusCodeVariable"),
        follow: Switch = ParameterSpec::new("FollowRelLink").alias(&["FL"]),
        most_links: Option<i32> = ParameterSpec::new("MaximumFollowRelLink").alias(&["ML"]).validate(&[Validation::Range(1.0, 2_147_483_647.0)]),
    }
);

/// What both cmdlets were told of a request.
struct Given<'a> {
    uri: &'a str,
    method: Option<&'a Str>,
    body: &'a Value,
    form: Option<&'a Rc<Hashtable>>,
    headers: Option<&'a Rc<Hashtable>>,
    content_type: Option<&'a str>,
    user_agent: Option<&'a str>,
    in_file: Option<&'a str>,
    credential: &'a Value,
    authentication: &'a str,
    token: &'a Value,
    allow_unencrypted: bool,
    timeout: Option<i32>,
    redirections: Option<i32>,
    retries: Option<i32>,
    pause: Option<i32>,
    trusts_all: bool,
    no_proxy: bool,
    proxy: Option<&'a str>,
    session: &'a Value,
}

fn refused(id: &'static str, text: &str) -> Fault {
    Fault::new(id, text)
        .category(ErrorCategory::InvalidArgument)
        .exception("System.Management.Automation.ValidationMetadataException")
}

fn seconds(value: Option<i32>, default: u64) -> Duration {
    Duration::from_secs(value.and_then(|value| u64::try_from(value).ok()).unwrap_or(default))
}

/// `a=1&b=2`.
fn encoded(pairs: &[(Value, Value)]) -> String {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    for (key, value) in pairs {
        text.append_pair(&convert::to_text(key), &convert::to_text(value));
    }
    text.finish()
}

impl Given<'_> {
    fn request(&self, run: &mut Invocation<'_>) -> Outcome<Request> {
        let uri = if self.uri.contains("://") { self.uri.to_owned() } else { format!("http://{}", self.uri) };
        let has_body = !self.body.is_null() || self.form.is_some() || self.in_file.is_some();
        let method = match self.method {
            Some(method) if !method.eq_ignore_ascii_case("Default") => method.to_string(),
            _ if self.form.is_some() => "POST".to_owned(),
            _ => "GET".to_owned(),
        };
        let mut request = Request {
            uri,
            method,
            time_limit: self.timeout.filter(|limit| *limit > 0).map(|limit| seconds(Some(limit), 0)),
            redirections: self.redirections.and_then(|most| usize::try_from(most).ok()).unwrap_or(5),
            trusts_all: self.trusts_all,
            no_proxy: self.no_proxy,
            proxy: self.proxy.map(str::to_owned),
            retries: self.retries.and_then(|count| u32::try_from(count).ok()).unwrap_or(0),
            pause: seconds(self.pause, 5),
            ..Request::default()
        };
        self.add_headers(run, &mut request)?;
        self.authenticate(run, &mut request)?;
        if has_body {
            self.add_body(run, &mut request)?;
        }
        Ok(request)
    }

    fn add_headers(&self, run: &mut Invocation<'_>, request: &mut Request) -> Outcome<()> {
        let agent = self.user_agent.unwrap_or(concat!("pcsh/", env!("CARGO_PKG_VERSION")));
        request.headers.push(("User-Agent".to_owned(), agent.to_owned()));
        let mut tables = Vec::new();
        if let Some(Value::Hashtable(kept)) = members::get(run.session, self.session, "Headers")? {
            tables.push(kept);
        }
        tables.extend(self.headers.cloned());
        for (name, value) in tables.iter().flat_map(|table| table.pairs()) {
            let name = convert::to_text(&name).to_string();
            request.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(&name));
            request.headers.push((name, convert::to_text(&value).to_string()));
        }
        if let Some(kind) = self.content_type {
            request.headers.push(("Content-Type".to_owned(), kind.to_owned()));
        }
        Ok(())
    }

    fn authenticate(&self, run: &mut Invocation<'_>, request: &mut Request) -> Outcome<()> {
        let wants_token = ["Bearer", "OAuth"].iter().any(|kind| kind.eq_ignore_ascii_case(self.authentication));
        if self.authentication.eq_ignore_ascii_case("None") && self.credential.is_null() {
            return Ok(());
        }
        if !self.credential.is_null() && !self.token.is_null() {
            return refused(
                "WebCmdletAuthenticationCredentialConflictException",
                "-Credential and -Token exclude each other.",
            )
            .err();
        }
        if !self.authentication.eq_ignore_ascii_case("None")
            && request.uri.starts_with("http:")
            && !self.allow_unencrypted
        {
            let text = "Secrets are not sent over plain HTTP unless -AllowUnencryptedAuthentication says so.";
            return refused("WebCmdletAllowUnencryptedAuthenticationRequiredException", text).err();
        }
        if wants_token {
            let Some(token) = plain_text(self.token) else {
                return refused(
                    "WebCmdletAuthenticationTokenNotSuppliedException",
                    "This -Authentication needs a -Token.",
                )
                .err();
            };
            request.bearer = Some(token);
            return Ok(());
        }
        if self.credential.is_null() {
            return refused(
                "WebCmdletAuthenticationCredentialNotSuppliedException",
                "This -Authentication needs a -Credential.",
            )
            .err();
        }
        let user = members::get(run.session, self.credential, "UserName")?.unwrap_or_default();
        let password = members::get(run.session, self.credential, "Password")?.unwrap_or_default();
        request.user = Some((convert::to_text(&user).to_string(), plain_text(&password).unwrap_or_default()));
        Ok(())
    }

    fn add_body(&self, run: &mut Invocation<'_>, request: &mut Request) -> Outcome<()> {
        let kind = |request: &mut Request, kind: String| {
            if !request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("Content-Type")) {
                request.headers.push(("Content-Type".to_owned(), kind));
            }
        };
        if let Some(path) = self.in_file {
            let path = file_path(run.session, path);
            request.body = Some(std::fs::read(&path).map_err(|error| io_fault(&error, &path))?);
            return Ok(());
        }
        if let Some(form) = self.form {
            let boundary = uuid::Uuid::new_v4().to_string();
            request.body = Some(multipart(&form.pairs(), &boundary)?);
            kind(request, format!("multipart/form-data; boundary=\"{boundary}\""));
            return Ok(());
        }
        let bare = match self.body {
            Value::Wrapped(wrapped) => &wrapped.base,
            other => other,
        };
        if let Value::Hashtable(table) = bare {
            let text = encoded(&table.pairs());
            if request.method.eq_ignore_ascii_case("GET") {
                let mark = if request.uri.contains('?') { '&' } else { '?' };
                request.uri = format!("{}{mark}{text}", request.uri);
                return Ok(());
            }
            request.body = Some(text.into_bytes());
            kind(request, "application/x-www-form-urlencoded".to_owned());
            return Ok(());
        }
        let bytes = match bare {
            Value::Array(array) if array.items().iter().all(|item| matches!(item, Value::U8(_))) => {
                members::library::array::bytes_of(bare)
            }
            other => convert::to_text(other).as_bytes().to_vec(),
        };
        request.body = Some(bytes);
        if request.method.eq_ignore_ascii_case("POST") {
            kind(request, "application/x-www-form-urlencoded".to_owned());
        }
        Ok(())
    }
}

/// The parts of a form; a file is sent with its content.
fn multipart(pairs: &[(Value, Value)], boundary: &str) -> Outcome<Vec<u8>> {
    let mut body = Vec::new();
    for (key, value) in pairs {
        let name = convert::to_text(key);
        for item in enumerate(value).unwrap_or_else(|| vec![value.clone()]) {
            let file = match &item {
                Value::Native(native) => {
                    native.downcast::<members::library::io::FileSystemEntry>().map(|_| convert::to_text(&item))
                }
                _ => None,
            };
            body.extend(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"").bytes());
            match file {
                Some(path) => {
                    let path = std::path::PathBuf::from(path.as_str());
                    let leaf = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    body.extend(
                        format!("; filename=\"{leaf}\"\r\nContent-Type: application/octet-stream\r\n\r\n").bytes(),
                    );
                    body.extend(std::fs::read(&path).map_err(|error| io_fault(&error, &path))?);
                }
                None => body.extend(format!("\r\n\r\n{}", convert::to_text(&item)).bytes()),
            }
            body.extend(b"\r\n");
        }
    }
    body.extend(format!("--{boundary}--\r\n").bytes());
    Ok(body)
}

/// What becomes of a reply whatever cmdlet asked: its status is checked, and a file may take it.
struct After<'a> {
    skip_error: bool,
    out_file: Option<&'a str>,
    session_variable: Option<&'a str>,
}

impl After<'_> {
    /// True where the reply went into a file.
    fn take(&self, run: &mut Invocation<'_>, reply: &Reply) -> Outcome<bool> {
        if let Some(name) = self.session_variable {
            let rows = vec![("Headers", Value::Hashtable(Hashtable::plain())), ("UserAgent", Value::Null)];
            set_variable(run, name, object("Microsoft.PowerShell.Commands.WebRequestSession", rows));
        }
        if !self.skip_error && !(200..300).contains(&reply.status) {
            return Err(reply::failure(run, reply)?);
        }
        let Some(path) = self.out_file else { return Ok(false) };
        let path = file_path(run.session, path);
        std::fs::write(&path, &reply.body).map_err(|error| io_fault(&error, &path))?;
        Ok(true)
    }
}

fn set_variable(run: &mut Invocation<'_>, name: &str, value: Value) {
    let slot = run.context.caller.layout.slot(Symbol::new(name));
    run.context.caller.put_slot(slot, Slot::Plain(value));
}

impl Cmdlet for InvokeWebRequest {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let found = self.given().request(run)?.send()?;
        let after = After {
            skip_error: self.skip_error.0,
            out_file: self.out_file.as_deref(),
            session_variable: self.session_variable.as_deref(),
        };
        if after.take(run, &found)? && !self.pass_thru.0 {
            return Ok(());
        }
        run.write(reply::response(&found))
    }
}

impl Cmdlet for InvokeRestMethod {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let mut request = self.given().request(run)?;
        let mut links = self.most_links.and_then(|most| u32::try_from(most).ok()).unwrap_or(u32::MAX);
        loop {
            let found = request.send()?;
            if let Some(name) = &self.headers_variable {
                set_variable(run, name, reply::headers(&found));
            }
            if let Some(name) = &self.status_variable {
                set_variable(run, name, Value::I32(i32::from(found.status)));
            }
            let after = After {
                skip_error: self.skip_error.0,
                out_file: self.out_file.as_deref(),
                session_variable: self.session_variable.as_deref(),
            };
            if !after.take(run, &found)? || self.pass_thru.0 {
                let content = reply::content(run, &found)?;
                run.write_enumerated(content)?;
            }
            let next = match reply::relations(&found) {
                Value::Hashtable(table) => table.get_text("next"),
                _ => None,
            };
            match next.filter(|_| self.follow.0 && links > 0) {
                Some(next) => request.uri = convert::to_text(&next).to_string(),
                None => return Ok(()),
            }
            links -= 1;
        }
    }
}
