//! The topology's XML form, in both directions. Reading reports every fault with its line.

use super::topology_model::*;
use roxmltree::{Document, Node};
use std::collections::BTreeMap;
use std::fmt::Write;

/// What reading a document gives.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) topology: Topology,
    /// The revision it was edited from.
    pub(crate) revision: i64,
    /// `force="true"`: chat pools with categories may go.
    pub(crate) force: bool,
}

/// Reads a document, or names all its faults.
pub(crate) fn read(text: &str) -> Result<Draft, Vec<String>> {
    let document = Document::parse(text.trim_start_matches('\u{feff}')).map_err(|error| vec![syntax_fault(&error)])?;
    let mut reader = Reader { document: &document, faults: Vec::new() };
    let root = document.root_element();
    if root.tag_name().name() != "Topology" {
        reader.fault(root, format!("the root element is '{}', not 'Topology'", root.tag_name().name()));
        return Err(reader.faults);
    }
    let revision = reader.number(root, "revision");
    let force = reader.flag(root, "force", false);
    let topology = reader.topology(root);
    if reader.faults.is_empty() { Ok(Draft { topology, revision, force }) } else { Err(reader.faults) }
}

fn syntax_fault(error: &roxmltree::Error) -> String {
    format!("line {}: not well-formed XML: {error}", error.pos().row)
}

struct Reader<'a, 'input> {
    document: &'a Document<'input>,
    faults: Vec<String>,
}

impl Reader<'_, '_> {
    fn fault(&mut self, node: Node<'_, '_>, text: String) {
        let line = self.document.text_pos_at(node.range().start).row;
        self.faults.push(format!("line {line}: {text}"));
    }

    fn required(&mut self, node: Node<'_, '_>, name: &str) -> String {
        match node.attribute(name).map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => text.to_owned(),
            None => {
                self.fault(node, format!("'{}' needs the attribute '{name}'", node.tag_name().name()));
                String::new()
            }
        }
    }

    fn fqdn(&mut self, node: Node<'_, '_>, name: &str) -> String {
        let text = self.required(node, name);
        if !text.is_empty() && !super::identity::is_fqdn(&text) {
            self.fault(node, format!("'{text}' is not a fully qualified domain name"));
        }
        text
    }

    fn number(&mut self, node: Node<'_, '_>, name: &str) -> i64 {
        match node.attribute(name).map_or(Ok(0), str::parse) {
            Ok(number) => number,
            Err(_) => {
                self.fault(node, format!("the attribute '{name}' is not a number"));
                0
            }
        }
    }

    fn flag(&mut self, node: Node<'_, '_>, name: &str, default: bool) -> bool {
        match node.attribute(name).map(str::to_ascii_lowercase).as_deref() {
            None => default,
            Some("true" | "1") => true,
            Some("false" | "0") => false,
            Some(other) => {
                self.fault(node, format!("the attribute '{name}' is '{other}', not true or false"));
                default
            }
        }
    }

    fn children<'b, 'c>(&mut self, node: Node<'b, 'c>, expected: &str) -> Vec<Node<'b, 'c>> {
        let (known, unknown): (Vec<_>, Vec<_>) =
            node.children().filter(Node::is_element).partition(|child| child.tag_name().name() == expected);
        for child in unknown {
            let text = format!("'{}' does not belong into '{}'", child.tag_name().name(), node.tag_name().name());
            self.fault(child, text);
        }
        known
    }

    fn topology(&mut self, root: Node<'_, '_>) -> Topology {
        let mut topology =
            Topology { version: root.attribute("version").unwrap_or("2015").to_owned(), ..Topology::default() };
        for part in root.children().filter(Node::is_element) {
            match part.tag_name().name() {
                "SipDomains" => topology.sip_domains = self.each(part, "SipDomain", Self::sip_domain),
                "Sites" => topology.sites = self.each(part, "Site", Self::site),
                "SqlStores" => topology.sql_stores = self.each(part, "SqlStore", Self::sql_store),
                "FileStores" => topology.file_stores = self.each(part, "FileStore", Self::file_store),
                "SimpleUrls" => topology.simple_urls = self.each(part, "SimpleUrl", Self::simple_url),
                other => self.fault(part, format!("'{other}' does not belong into 'Topology'")),
            }
        }
        default_pools(&mut topology);
        topology
    }

    fn each<T>(&mut self, node: Node<'_, '_>, name: &str, read: fn(&mut Self, Node<'_, '_>) -> T) -> Vec<T> {
        self.children(node, name).into_iter().map(|child| read(self, child)).collect()
    }

    fn sip_domain(&mut self, node: Node<'_, '_>) -> SipDomain {
        SipDomain { name: self.fqdn(node, "name"), is_default: self.flag(node, "default", false) }
    }

    fn simple_url(&mut self, node: Node<'_, '_>) -> SimpleUrl {
        let text = |name: &str| node.attribute(name).unwrap_or_default().to_owned();
        SimpleUrl { component: text("component"), domain: text("domain"), url: text("url") }
    }

    fn sql_store(&mut self, node: Node<'_, '_>) -> SqlStore {
        SqlStore {
            fqdn: self.fqdn(node, "fqdn"),
            instance: node.attribute("instance").filter(|text| !text.is_empty()).map(str::to_owned),
            kind: node.attribute("kind").unwrap_or("Full").to_owned(),
            version: node.attribute("version").unwrap_or("2014").to_owned(),
            always_on: self.flag(node, "alwaysOn", false),
            reachable: self.flag(node, "reachable", true),
        }
    }

    fn file_store(&mut self, node: Node<'_, '_>) -> FileStore {
        FileStore {
            fqdn: self.fqdn(node, "fqdn"),
            share: self.required(node, "share"),
            exists: self.flag(node, "exists", true),
        }
    }

    fn site(&mut self, node: Node<'_, '_>) -> Site {
        let id = self.required(node, "id");
        let text = |name: &str| node.attribute(name).filter(|text| !text.is_empty()).map(str::to_owned);
        Site {
            display_name: text("displayName").unwrap_or_else(|| id.clone()),
            description: text("description"),
            site_type: text("type").unwrap_or_else(|| "CentralSite".to_owned()),
            parent: text("parent"),
            federation_route: text("federationRoute"),
            xmpp_federation_route: text("xmppFederationRoute"),
            default_persistent_chat_pool: text("defaultPersistentChatPool"),
            pools: self.each(node, "Pool", Self::pool),
            id,
        }
    }

    fn pool(&mut self, node: Node<'_, '_>) -> Pool {
        let mut pool = Pool {
            fqdn: self.fqdn(node, "fqdn"),
            edition: node.attribute("edition").unwrap_or("Enterprise").to_owned(),
            pool_type: node.attribute("type").unwrap_or("MultipleComputer").to_owned(),
            backup_pool: node.attribute("backupPool").map(str::to_owned),
            ..Pool::default()
        };
        for child in node.children().filter(Node::is_element) {
            match child.tag_name().name() {
                "Computer" => {
                    let computer = self.computer(child);
                    pool.computers.push(computer);
                }
                "Service" => {
                    let service = self.service(child);
                    pool.services.push(service);
                }
                other => self.fault(child, format!("'{other}' does not belong into 'Pool'")),
            }
        }
        pool
    }

    fn computer(&mut self, node: Node<'_, '_>) -> Computer {
        let present: Vec<(&str, bool)> =
            PREREQUISITES.iter().map(|(name, attribute)| (*name, self.flag(node, attribute, true))).collect();
        Computer {
            fqdn: self.fqdn(node, "fqdn"),
            data_center: node.attribute("dataCenter").map(str::to_owned),
            operating_system: node.attribute("operatingSystem").unwrap_or("Windows Server 2012 R2").to_owned(),
            missing: present.into_iter().filter(|(_, there)| !there).map(|(name, _)| name.to_owned()).collect(),
        }
    }

    fn service(&mut self, node: Node<'_, '_>) -> RoleService {
        let role = self.required(node, "role");
        let attributes: BTreeMap<_, _> = node
            .attributes()
            .filter(|attribute| attribute.name() != "role")
            .map(|attribute| (attribute.name().to_owned(), attribute.value().to_owned()))
            .collect();
        RoleService { role, attributes }
    }
}

/// Prerequisites of a computer and the attributes that deny them.
pub(crate) const PREREQUISITES: [(&str, &str); 5] = [
    ("OsSupported", "osSupported"),
    ("NtfsVolume", "ntfsVolume"),
    ("MessageQueuing", "messageQueuing"),
    ("PowerShell", "powerShell"),
    ("DotNet", "dotNet"),
];

/// `defaultForSites` of chat services sets the sites' default chat pools.
fn default_pools(topology: &mut Topology) {
    let wishes: Vec<(String, String)> = topology
        .pools()
        .filter_map(|(_, pool)| Some((pool.fqdn.clone(), pool.service(CHAT)?.attribute("defaultForSites")?.to_owned())))
        .collect();
    for (pool, sites) in wishes {
        let all = sites.eq_ignore_ascii_case("all");
        let named = |id: &str| sites.split(',').any(|name| name.trim().eq_ignore_ascii_case(id));
        for site in topology.sites.iter_mut().filter(|site| all || named(&site.id)) {
            site.default_persistent_chat_pool.get_or_insert_with(|| pool.clone());
        }
    }
}

/// Writes the document.
pub(crate) fn write(topology: &Topology, revision: i64) -> String {
    let mut out = Writer { text: String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"), depth: 0 };
    out.open("Topology", &[("revision", Some(&revision.to_string())), ("version", Some(&topology.version))]);
    out.open("SipDomains", &[]);
    for domain in &topology.sip_domains {
        out.leaf("SipDomain", &[("name", Some(&domain.name)), ("default", domain.is_default.then_some("true"))]);
    }
    out.close("SipDomains");
    out.open("Sites", &[]);
    topology.sites.iter().for_each(|site| write_site(&mut out, site));
    out.close("Sites");
    out.open("SqlStores", &[]);
    for store in &topology.sql_stores {
        let attributes = [
            ("fqdn", Some(store.fqdn.as_str())),
            ("instance", store.instance.as_deref()),
            ("kind", Some(&store.kind)),
            ("version", Some(&store.version)),
            ("alwaysOn", store.always_on.then_some("true")),
            ("reachable", (!store.reachable).then_some("false")),
        ];
        out.leaf("SqlStore", &attributes);
    }
    out.close("SqlStores");
    out.open("FileStores", &[]);
    for store in &topology.file_stores {
        let exists = (!store.exists).then_some("false");
        out.leaf("FileStore", &[("fqdn", Some(&store.fqdn)), ("share", Some(&store.share)), ("exists", exists)]);
    }
    out.close("FileStores");
    out.open("SimpleUrls", &[]);
    for url in &topology.simple_urls {
        let attributes =
            [("component", Some(url.component.as_str())), ("domain", Some(&url.domain)), ("url", Some(&url.url))];
        out.leaf("SimpleUrl", &attributes);
    }
    out.close("SimpleUrls");
    out.close("Topology");
    out.text
}

fn write_site(out: &mut Writer, site: &Site) {
    let attributes = [
        ("id", Some(site.id.as_str())),
        ("displayName", Some(&site.display_name)),
        ("type", Some(&site.site_type)),
        ("parent", site.parent.as_deref()),
        ("description", site.description.as_deref()),
        ("federationRoute", site.federation_route.as_deref()),
        ("xmppFederationRoute", site.xmpp_federation_route.as_deref()),
        ("defaultPersistentChatPool", site.default_persistent_chat_pool.as_deref()),
    ];
    out.open("Site", &attributes);
    for pool in &site.pools {
        let attributes = [
            ("fqdn", Some(pool.fqdn.as_str())),
            ("edition", Some(&pool.edition)),
            ("type", Some(&pool.pool_type)),
            ("backupPool", pool.backup_pool.as_deref()),
        ];
        out.open("Pool", &attributes);
        pool.computers.iter().for_each(|computer| write_computer(out, computer));
        for service in &pool.services {
            let role = std::iter::once(("role", Some(service.role.as_str())));
            let data = service.attributes.iter().filter(|(name, _)| *name != "defaultForSites");
            let data = data.map(|(name, value)| (name.as_str(), Some(value.as_str())));
            out.leaf("Service", &role.chain(data).collect::<Vec<_>>());
        }
        out.close("Pool");
    }
    out.close("Site");
}

fn write_computer(out: &mut Writer, computer: &Computer) {
    let mut attributes = vec![
        ("fqdn", Some(computer.fqdn.as_str())),
        ("dataCenter", computer.data_center.as_deref()),
        ("operatingSystem", Some(computer.operating_system.as_str())),
    ];
    let missing = |name: &str| computer.missing.iter().any(|gone| gone == name);
    attributes.extend(PREREQUISITES.iter().map(|(name, attribute)| (*attribute, missing(name).then_some("false"))));
    out.leaf("Computer", &attributes);
}

struct Writer {
    text: String,
    depth: usize,
}

impl Writer {
    fn open(&mut self, name: &str, attributes: &[(&str, Option<&str>)]) {
        self.element(name, attributes, ">");
        self.depth += 1;
    }

    fn leaf(&mut self, name: &str, attributes: &[(&str, Option<&str>)]) {
        self.element(name, attributes, " />");
    }

    fn close(&mut self, name: &str) {
        self.depth -= 1;
        self.text.push_str(&"  ".repeat(self.depth));
        self.text.push_str(&format!("</{name}>\n"));
    }

    fn element(&mut self, name: &str, attributes: &[(&str, Option<&str>)], end: &str) {
        self.text.push_str(&"  ".repeat(self.depth));
        self.text.push('<');
        self.text.push_str(name);
        for (attribute, value) in attributes {
            if let Some(value) = value {
                // Writing into a String cannot fail.
                let _ = write!(self.text, " {attribute}=\"{}\"", escape(value));
            }
        }
        self.text.push_str(end);
        self.text.push('\n');
    }
}

/// Text as it stands in an attribute or an element.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\r' => escaped.push_str("&#13;"),
            '\n' => escaped.push_str("&#10;"),
            control if control < ' ' && control != '\t' => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../examples/contoso/topology.xml");

    #[test]
    fn what_is_written_reads_the_same() {
        let Draft { topology, revision, .. } = read(EXAMPLE).unwrap();
        assert_eq!(
            topology.sites.first().unwrap().default_persistent_chat_pool.as_deref(),
            Some("pchat-red.contoso.com")
        );
        let again = read(&write(&topology, revision)).unwrap().topology;
        let forget = |mut topology: Topology| {
            for pool in topology.sites.iter_mut().flat_map(|site| site.pools.iter_mut()) {
                pool.services.iter_mut().for_each(|service| drop(service.attributes.remove("defaultForSites")));
            }
            topology
        };
        assert_eq!(forget(again), forget(topology));
    }

    #[test]
    fn all_faults_are_reported_with_lines() {
        let text = "<Topology>\n<Sites>\n<Site>\n<Pool fqdn='a b'/>\n</Site>\n</Sites>\n<Other/>\n</Topology>";
        let faults = read(text).unwrap_err();
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert!(faults.iter().any(|fault| fault.starts_with("line 4")));
    }
}
