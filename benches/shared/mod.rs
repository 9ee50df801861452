//! What the measurements of the service share: a deployment in which rooms can be made.

use pcsh::api::Call;
use pcsh::client::ManagementClient;

/// A published topology with a running chat server and one category, `c`.
pub fn deploy(client: &ManagementClient) -> Result<(), Box<dyn std::error::Error>> {
    let topology = include_str!("../../examples/contoso/topology.xml");
    client.call(&Call::new("Publish", "CsTopology").with("document", topology))?;
    client.call(&Call::new("Install", "CsDatabase").with("configuredDatabases", true))?;
    client.call(&Call::new("Enable", "CsTopology"))?;
    client.call(&Call::new("Enable", "CsReplica"))?;
    let export = client.call(&Call::new("Export", "CsConfiguration").with("asBytes", true))?;
    let content = export.value.first().and_then(|object| object.get("content")).cloned().unwrap_or_default();
    client.call(&Call::new("Import", "CsConfiguration").with("localStore", true).with("byteInput", content))?;
    client.call(&Call::new("Enable", "CsComputer"))?;
    let computer = "pc1.contoso.com";
    let request =
        Call::new("Request", "CsCertificate").with("new", true).with("type", "Default").with("keyAlg", "ECDH_P256");
    let made = client.call(&request.with("computerFqdn", computer))?;
    let thumbprint = made.value.first().and_then(|object| object.get("thumbprint")).cloned().unwrap_or_default();
    let mut assign = Call::new("Set", "CsCertificate").with("type", "Default").with("thumbprint", thumbprint);
    assign.computer = Some(computer.to_owned());
    client.call(&assign)?;
    client.call(&Call::new("Start", "CsWindowsService").with("computerName", computer).with("name", "RTCCHAT"))?;
    client.call(&Call::new("New", "CsPersistentChatCategory").with("name", "c"))?;
    Ok(())
}
