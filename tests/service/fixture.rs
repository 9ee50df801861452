//! Contoso, deployed: the common fixture of the scenarios, built by calls as an administrator would make them.

use pcsh::api::{Call, Page, Problem, Reply};
use pcsh::service::{Access, CallerId, Options, Request, Service, World, router};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

pub const POOL: &str = "pchat-red.contoso.com";
const TOPOLOGY: &str = include_str!("../../examples/contoso/topology.xml");
const DIRECTORY: &str = include_str!("../../examples/contoso/directory.ldif");

/// A clock that tests move; identifiers are random.
pub struct MovableWorld(pub AtomicI64);

impl World for MovableWorld {
    fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn new_guid(&self) -> uuid::Uuid {
        uuid::Uuid::new_v4()
    }
}

/// A service with its directory, and who calls it.
pub struct Site {
    pub service: Arc<Service>,
    pub world: Arc<MovableWorld>,
    pub directory: tempfile::TempDir,
    pub store: String,
    pub actor: Option<String>,
}

/// 5 May 2016, noon.
pub const START: i64 = 1_462_449_600_000;

impl Site {
    /// A service with nothing in it.
    pub fn empty() -> Self {
        Site::with_options(|_| {})
    }

    /// A service with nothing in it, of other options.
    pub fn with_options(change: impl FnOnce(&mut Options)) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let world = Arc::new(MovableWorld(AtomicI64::new(START)));
        let store = new_store(directory.path());
        let mut options =
            Options { world: world.clone(), store: store.clone(), ..Options::in_directory(directory.path()) };
        change(&mut options);
        let service = Service::open(options).unwrap();
        Site { service, world, directory, store, actor: None }
    }

    /// A second service over the same store.
    pub fn another(&self) -> Arc<Service> {
        let options = Options { store: self.store.clone(), ..Options::in_directory(self.directory.path()) };
        Service::open(options).unwrap()
    }

    /// The fixture F: everything deployed and running, seven users enabled, policy off.
    pub fn deployed() -> Self {
        let site = Site::empty();
        site.deploy();
        site
    }

    fn deploy(&self) {
        self.ok(Call::new("Import", "CsDirectoryEntry").with("document", DIRECTORY));
        self.ok(Call::new("Publish", "CsTopology").with("document", TOPOLOGY));
        for server in ["sqlred", "sqlredm", "sqlbak", "sqlbakm"] {
            let server = format!("{server}.contoso.com");
            let call =
                Call::new("Install", "CsDatabase").with("configuredDatabases", true).with("sqlServerFqdn", server);
            self.ok(call);
        }
        self.ok(Call::new("Enable", "CsTopology"));
        self.ok(Call::new("Enable", "CsReplica"));
        let export = self.ok(Call::new("Export", "CsConfiguration").with("asBytes", true));
        let content = text(export.value.first().unwrap(), "content");
        self.ok(Call::new("Import", "CsConfiguration").with("byteInput", content).with("localStore", true));
        self.ok(Call::new("Enable", "CsComputer"));
        for number in 1..=6 {
            let computer = format!("pc{number}.contoso.com");
            let request = Call::new("Request", "CsCertificate")
                .with("new", true)
                .with("type", "Default")
                .with("keyAlg", "ECDH_P256");
            let reply = self.ok(request.with("computerFqdn", computer.as_str()));
            let thumbprint = text(reply.value.first().unwrap(), "thumbprint");
            let mut assign = Call::new("Set", "CsCertificate").with("type", "Default").with("thumbprint", thumbprint);
            assign.computer = Some(computer);
            self.ok(assign);
        }
        self.ok(Call::new("Start", "CsWindowsService"));
        for (name, pool) in [
            ("Ken Myer", "fe-red"),
            ("Pilar Ackerman", "fe-red"),
            ("David Longmire", "fe-red"),
            ("Abe Roth", "fe-red"),
            ("Tara Blum", "fe-red"),
            ("Omar Reyes", "fe-red"),
            ("Ida Byrne", "se-dub"),
        ] {
            let (first, last) = name.split_once(' ').unwrap();
            let sip = format!("sip:{}{}@contoso.com", first[..1].to_lowercase(), last.to_lowercase());
            let call = Call::new("Enable", "CsUser").identity(name).with("sipAddress", sip);
            self.ok(call.with("registrarPool", format!("{pool}.contoso.com")));
        }
    }

    /// The end of S1: chat on, category IT, room ITRoom.
    pub fn with_first_room() -> Self {
        let site = Site::deployed();
        site.first_room();
        site
    }

    pub fn first_room(&self) {
        self.ok(Call::new("Set", "CsPersistentChatPolicy").identity("Global").with("enablePersistentChat", true));
        let new = Call::new("New", "CsPersistentChatCategory").with("name", "IT").with("description", "IT department");
        let reply = self.ok(new.with("enableInvitations", true).with("enableFileUpload", true));
        let category = reply.value.first().unwrap();
        for (name, value) in [
            ("invites", json!(true)),
            ("fileUpload", json!(true)),
            ("chatHistory", json!(true)),
            ("allowedMembers", json!([])),
        ] {
            assert_eq!(category[name], value, "{name}");
        }
        let set = Call::new("Set", "CsPersistentChatCategory").identity(format!("{POOL}\\IT"));
        let set = set.with("allowedMembers", json!({"add": "OU=IT,DC=contoso,DC=com"}));
        self.ok(set.with("creators", json!({"add": "CN=Helpdesk,OU=IT,DC=contoso,DC=com"})));
        let new = Call::new("New", "CsPersistentChatAddin").with("name", "Tickets");
        self.ok(new.with("url", "https://tickets.contoso.com/board"));
        let reply = self.ok(new_room("ITRoom", "IT").with("addin", "Tickets"));
        let room = reply.value.first().unwrap();
        for (name, value) in [
            ("identity", json!(format!("{POOL}\\ITRoom"))),
            ("type", json!("Normal")),
            ("privacy", json!("Closed")),
            ("invitations", json!("Inherit")),
            ("disabled", json!(false)),
            ("members", json!([])),
            ("addin", json!("Tickets")),
        ] {
            assert_eq!(room[name], value, "{name}");
        }
        let set = set_room(&format!("{POOL}\\ITRoom"));
        let set = set.with("members", json!({"add": ["sip:kmyer@contoso.com", "sip:packerman@contoso.com"]}));
        self.ok(set.with("managers", json!({"add": "sip:kmyer@contoso.com"})));
    }

    /// The same service as another caller sees it.
    pub fn call_as(&self, actor: &str, call: Call) -> Page {
        let caller = CallerId { actor: Some(actor.to_owned()), read_only: false, local: true };
        self.service.execute(&Request { call, caller, id: "test".to_owned() })
    }

    /// The same over a socket, where only roles count.
    pub fn call_as_remote(&self, actor: &str, call: Call) -> Page {
        let caller = CallerId { actor: Some(actor.to_owned()), read_only: false, local: false };
        self.service.execute(&Request { call, caller, id: "test".to_owned() })
    }

    pub fn call(&self, call: Call) -> Page {
        let caller = CallerId { actor: self.actor.clone(), read_only: false, local: true };
        self.service.execute(&Request { call, caller, id: "test".to_owned() })
    }

    /// A call that must succeed.
    pub fn ok(&self, call: Call) -> Reply {
        let name = format!("{} {:?}", call.cmdlet(), call.identity);
        let reply = self.call(call).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        assert!(reply.problems.is_empty(), "{name}: {:?}", reply.problems);
        reply
    }

    /// A call that must fail with this id.
    pub fn fails(&self, id: &str, call: Call) -> Problem {
        let name = format!("{} {:?} {:?}", call.cmdlet(), call.identity, call.parameters);
        let problem = self.call(call).expect_err(&name);
        assert_eq!(problem.id, id, "{name}: {problem}");
        problem
    }

    /// The one object that a call gives.
    pub fn one(&self, call: Call) -> Value {
        let reply = self.ok(call);
        assert_eq!(reply.value.len(), 1);
        reply.value.first().unwrap().clone()
    }

    pub fn room(&self, name: &str) -> Value {
        self.one(Call::new("Get", "CsPersistentChatRoom").identity(name))
    }

    /// Moves the clock.
    pub fn pass(&self, milliseconds: i64) {
        self.world.0.fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// A token for an account of the directory, or for the local operator.
    pub fn token(&self, actor: Option<&str>, read_only: bool) -> String {
        let wish =
            pcsh::service::TokenWish { actor: actor.map(str::to_owned), label: "test".to_owned(), read_only, days: 1 };
        self.service.create_token(&wish).unwrap().1
    }

    /// The router over a socket: its address, once it listens, and the thread it runs on.
    pub fn serve(&self, access: Access) -> std::net::SocketAddr {
        self.serve_over(access, None)
    }

    /// The same over TLS.
    pub fn serve_over(&self, access: Access, tls: Option<pcsh::service::tls::Tls>) -> std::net::SocketAddr {
        serve(self.service.clone(), access, tls)
    }

    /// A second service over the same store, with the same clock, on a socket of its own.
    pub fn serve_another(&self, access: Access) -> (Arc<Service>, std::net::SocketAddr) {
        let options = Options {
            store: self.store.clone(),
            world: self.world.clone(),
            ..Options::in_directory(self.directory.path())
        };
        let service = Service::open(options).unwrap();
        let address = serve(service.clone(), access, None);
        (service, address)
    }
}

fn serve(service: Arc<Service>, access: Access, tls: Option<pcsh::service::tls::Tls>) -> std::net::SocketAddr {
    let (router, limits) = (router(service.clone(), access), service.limits().clone());
    if let Some(tls) = &tls {
        service.serves_over(tls);
    }
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            send.send(listener.local_addr().unwrap()).unwrap();
            pcsh::service::serve::serve_on(listener, tls, router, limits).await.unwrap();
        });
    });
    receive.recv().unwrap()
}

pub fn text(object: &Value, name: &str) -> String {
    object[name].as_str().unwrap_or_else(|| panic!("{name} in {object}")).to_owned()
}

pub fn new_room(name: &str, category: &str) -> Call {
    Call::new("New", "CsPersistentChatRoom").with("name", name).with("category", category)
}

pub fn set_room(name: &str) -> Call {
    Call::new("Set", "CsPersistentChatRoom").identity(name)
}

/// A store of its own for one test: SQLite in the directory, or, where `PCSH_TEST_POSTGRES` names a server, a new
/// database there. The same tests run on both.
fn new_store(directory: &std::path::Path) -> String {
    new_store_on_a_server().unwrap_or_else(|| directory.display().to_string())
}

/// A new database, where `PCSH_TEST_POSTGRES` names a server.
pub fn new_store_on_a_server() -> Option<String> {
    let server = std::env::var("PCSH_TEST_POSTGRES").ok()?;
    let name = format!("t{}", uuid::Uuid::new_v4().simple());
    let mut client = postgres::Client::connect(&format!("{server}/postgres"), postgres::NoTls).unwrap();
    client.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
    Some(format!("{server}/{name}"))
}
