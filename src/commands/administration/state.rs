//! What the administration keeps in a session: the service it talks to, an open transaction, the computer it is
//! bound to.

use crate::api::Call;
use crate::client::{Connection, ManagementClient};
use crate::runtime::{Invocation, Session};
use std::collections::HashSet;
use std::rc::Rc;

/// The administration's state in a session. Nothing is opened before the first call.
#[derive(Default)]
pub(crate) struct Administration {
    /// The service the session starts with, where the environment is not to decide.
    home: Option<Connection>,
    /// The service of Connect-CsService.
    connected: Option<Connection>,
    client: Option<Rc<ManagementClient>>,
    /// The transaction that calls belong to.
    pub(super) transaction: Option<String>,
    /// The computer that "this computer" means.
    pub(super) computer: Option<String>,
}

impl Administration {
    /// The service in use.
    pub(crate) fn connection(&self) -> Connection {
        self.connected.clone().unwrap_or_else(|| self.home())
    }

    /// The service the session began with.
    pub(super) fn home(&self) -> Connection {
        self.home.clone().unwrap_or_else(Connection::from_environment)
    }

    /// True after Connect-CsService.
    pub(super) fn is_connected(&self) -> bool {
        self.connected.is_some()
    }

    /// Uses another service, or with `None` the first one again. An open transaction is no longer in use.
    pub(super) fn connect(&mut self, connection: Option<Connection>) {
        self.connected = connection;
        self.client = None;
        self.transaction = None;
    }

    /// The cmdlets that the acting account's roles hold, in lower case; `None` where all may be run, or where the service
    /// does not say.
    pub(crate) fn runnable(&mut self) -> Option<HashSet<String>> {
        let unrestricted = matches!(self.connection(), Connection::Embedded { actor: None, .. });
        if unrestricted {
            return None;
        }
        let call = Call::new("Get", "CsServiceStatus").with("cmdlets", true);
        let reply = self.client().call(&call).ok()?;
        let names = reply.value.first()?.get("cmdlets")?.as_array()?;
        Some(names.iter().filter_map(|name| Some(name.as_str()?.to_ascii_lowercase())).collect())
    }

    /// The client of the service in use.
    pub(crate) fn client(&mut self) -> Rc<ManagementClient> {
        let connection = self.connection();
        self.client.get_or_insert_with(|| Rc::new(ManagementClient::new(connection))).clone()
    }

    /// The state of a session.
    pub(crate) fn of(session: &mut Session) -> &mut Administration {
        session.extension::<Administration>()
    }
}

/// The client of the session in which a cmdlet runs.
pub(super) fn client(run: &mut Invocation<'_>) -> Rc<ManagementClient> {
    Administration::of(run.session).client()
}
