//! The built-in manifests by noun. Kept as a list so that names of cmdlets cost no reading; tests/catalogue.rs holds
//! it against `cmdlets/`, and prints the right list when they differ.

/// One built-in manifest.
pub struct BuiltIn {
    /// The noun.
    pub noun: &'static str,
    /// Path segment of its collection.
    pub collection: &'static str,
    /// Its verbs.
    pub verbs: &'static [&'static str],
    /// The file under `cmdlets/`.
    pub file: &'static str,
    /// Its text.
    pub(crate) text: &'static str,
}

macro_rules! manifests {
    ($(($noun:literal, $collection:literal, $file:literal, [$($verb:literal),*])),* $(,)?) => {
        /// Every built-in manifest, by noun.
        pub const BUILT_IN: &[BuiltIn] = &[$(BuiltIn {
            noun: $noun,
            collection: $collection,
            verbs: &[$($verb),*],
            file: concat!("cmdlets/", $file),
            text: include_str!(concat!("../../cmdlets/", $file)),
        }),*];
    };
}

manifests![
    ("CsAccessEdgeConfiguration", "access-edge-configurations", "access-edge-configuration.toml", ["Get", "Set"]),
    ("CsAdContact", "ad-contacts", "ad-contact.toml", ["Get"]),
    ("CsAdDomain", "ad-domains", "ad-domain.toml", ["Enable", "Get", "Disable"]),
    ("CsAdForest", "ad-forests", "ad-forest.toml", ["Enable", "Get", "Disable"]),
    ("CsAdPrincipal", "ad-principals", "ad-principal.toml", ["Get"]),
    ("CsAdServerSchema", "ad-server-schemas", "ad-server-schema.toml", ["Install", "Get"]),
    ("CsAdUser", "ad-users", "ad-user.toml", ["Get"]),
    ("CsAdminAudit", "admin-audits", "admin-audit.toml", ["Get"]),
    ("CsAdminRole", "admin-roles", "admin-role.toml", ["Get", "New", "Set", "Remove", "Update"]),
    ("CsAdminRoleAssignment", "admin-role-assignments", "admin-role-assignment.toml", ["Get"]),
    ("CsAllowedDomain", "allowed-domains", "allowed-domain.toml", ["Get", "New", "Set", "Remove"]),
    (
        "CsArchivingConfiguration",
        "archiving-configurations",
        "archiving-configuration.toml",
        ["Get", "New", "Set", "Remove"]
    ),
    ("CsArchivingData", "archiving-data", "archiving-data.toml", ["Export"]),
    ("CsArchivingDatabasePurge", "archiving-database-purges", "archiving-database-purge.toml", ["Invoke"]),
    ("CsArchivingPolicy", "archiving-policies", "archiving-policy.toml", ["Get", "New", "Set", "Remove", "Grant"]),
    ("CsArchivingServer", "archiving-servers", "archiving-server.toml", ["Set"]),
    ("CsBackupServiceStatus", "backup-service-statuses", "backup-service-status.toml", ["Get"]),
    ("CsBackupServiceSync", "backup-service-syncs", "backup-service-sync.toml", ["Invoke"]),
    ("CsBlockedDomain", "blocked-domains", "blocked-domain.toml", ["Get", "New", "Set", "Remove"]),
    ("CsCertificate", "certificates", "certificate.toml", ["Request", "Set", "Get", "Import", "Remove"]),
    ("CsCertificateConfiguration", "certificate-configurations", "certificate-configuration.toml", ["Test"]),
    ("CsClientPolicy", "client-policies", "client-policy.toml", ["Get", "New", "Set", "Remove", "Grant"]),
    ("CsComputer", "computers", "computer.toml", ["Get", "Enable", "Disable", "Test"]),
    ("CsConfiguration", "configurations", "configuration.toml", ["Export", "Import"]),
    (
        "CsConfigurationStoreLocation",
        "configuration-store-locations",
        "configuration-store-location.toml",
        ["Get", "Set"]
    ),
    (
        "CsConversationHistoryConfiguration",
        "conversation-history-configurations",
        "conversation-history-configuration.toml",
        ["Get", "Set", "Remove"]
    ),
    ("CsDatabase", "databases", "database.toml", ["Install", "Test", "Uninstall"]),
    ("CsDatabaseFailover", "database-failovers", "database-failover.toml", ["Invoke"]),
    ("CsDatabaseMirrorState", "database-mirror-states", "database-mirror-state.toml", ["Get"]),
    ("CsEdgeServer", "edge-servers", "edge-server.toml", ["Set"]),
    ("CsEffectivePolicy", "effective-policies", "effective-policy.toml", ["Get"]),
    (
        "CsExternalAccessPolicy",
        "external-access-policies",
        "external-access-policy.toml",
        ["Get", "New", "Set", "Remove", "Grant"]
    ),
    ("CsFederatedPartner", "federated-partners", "federated-partner.toml", ["Test"]),
    (
        "CsFileTransferFilterConfiguration",
        "file-transfer-filter-configurations",
        "file-transfer-filter-configuration.toml",
        ["Get", "New", "Set", "Remove"]
    ),
    ("CsGroupIM", "group-ims", "group-im.toml", ["Test"]),
    (
        "CsHostingProvider",
        "hosting-providers",
        "hosting-provider.toml",
        ["Get", "New", "Set", "Remove", "Enable", "Disable"]
    ),
    ("CsIM", "ims", "im.toml", ["Test"]),
    ("CsImConfiguration", "im-configurations", "im-configuration.toml", ["Get", "New", "Set", "Remove"]),
    (
        "CsImFilterConfiguration",
        "im-filter-configurations",
        "im-filter-configuration.toml",
        ["Get", "New", "Set", "Remove"]
    ),
    ("CsManagementStoreReplication", "management-store-replications", "management-store-replication.toml", ["Invoke"]),
    (
        "CsManagementStoreReplicationStatus",
        "management-store-replication-statuses",
        "management-store-replication-status.toml",
        ["Get"]
    ),
    ("CsMirrorDatabase", "mirror-databases", "mirror-database.toml", ["Install", "Uninstall"]),
    ("CsOUPermission", "oupermissions", "ou-permission.toml", ["Grant", "Test", "Revoke"]),
    ("CsPersistentChatActiveServer", "persistent-chat-active-servers", "persistent-chat-active-server.toml", ["Set"]),
    ("CsPersistentChatAddin", "persistent-chat-addins", "persistent-chat-addin.toml", ["New", "Get", "Set", "Remove"]),
    (
        "CsPersistentChatCategory",
        "persistent-chat-categories",
        "persistent-chat-category.toml",
        ["New", "Get", "Set", "Remove"]
    ),
    (
        "CsPersistentChatComplianceConfiguration",
        "persistent-chat-compliance-configurations",
        "persistent-chat-compliance-configuration.toml",
        ["Get", "New", "Set", "Remove"]
    ),
    (
        "CsPersistentChatConfiguration",
        "persistent-chat-configurations",
        "persistent-chat-configuration.toml",
        ["Get", "New", "Set", "Remove"]
    ),
    ("CsPersistentChatData", "persistent-chat-data", "persistent-chat-data.toml", ["Export", "Import"]),
    (
        "CsPersistentChatEligiblePrincipal",
        "persistent-chat-eligible-principals",
        "persistent-chat-eligible-principal.toml",
        ["Get"]
    ),
    (
        "CsPersistentChatEndpoint",
        "persistent-chat-endpoints",
        "persistent-chat-endpoint.toml",
        ["Get", "New", "Remove"]
    ),
    ("CsPersistentChatMessage", "persistent-chat-messages", "persistent-chat-message.toml", ["Remove", "Test"]),
    (
        "CsPersistentChatPolicy",
        "persistent-chat-policies",
        "persistent-chat-policy.toml",
        ["Get", "New", "Set", "Remove", "Grant"]
    ),
    (
        "CsPersistentChatRoom",
        "persistent-chat-rooms",
        "persistent-chat-room.toml",
        ["New", "Get", "Set", "Remove", "Clear"]
    ),
    ("CsPersistentChatState", "persistent-chat-states", "persistent-chat-state.toml", ["Get", "Set"]),
    ("CsPool", "pools", "pool.toml", ["Get", "Start", "Backup"]),
    ("CsPoolBackupRelationship", "pool-backup-relationships", "pool-backup-relationship.toml", ["Get"]),
    ("CsPoolFailBack", "pool-fail-backs", "pool-fail-back.toml", ["Invoke"]),
    ("CsPoolFailOver", "pool-fail-overs", "pool-fail-over.toml", ["Invoke"]),
    ("CsPresence", "presences", "presence.toml", ["Test"]),
    ("CsPresencePolicy", "presence-policies", "presence-policy.toml", ["Get", "New", "Set", "Remove", "Grant"]),
    ("CsPrivacyConfiguration", "privacy-configurations", "privacy-configuration.toml", ["Get", "New", "Set", "Remove"]),
    (
        "CsPublicProvider",
        "public-providers",
        "public-provider.toml",
        ["Get", "New", "Set", "Remove", "Enable", "Disable"]
    ),
    ("CsRegistrar", "registrars", "registrar.toml", ["Set"]),
    ("CsRegistration", "registrations", "registration.toml", ["Test"]),
    ("CsReplica", "replicas", "replica.toml", ["Enable", "Test"]),
    ("CsServerVersion", "server-versions", "server-version.toml", ["Get"]),
    ("CsService", "services", "service.toml", ["Get"]),
    ("CsSetupPermission", "setup-permissions", "setup-permission.toml", ["Grant", "Test", "Revoke"]),
    ("CsSipDomain", "sip-domains", "sip-domain.toml", ["Get", "New", "Set", "Remove"]),
    ("CsSite", "sites", "site.toml", ["Get", "Set"]),
    ("CsTeamsUpgradeConfiguration", "teams-upgrade-configurations", "teams-upgrade-configuration.toml", ["Get", "Set"]),
    ("CsTeamsUpgradePolicy", "teams-upgrade-policies", "teams-upgrade-policy.toml", ["Get", "New", "Set", "Grant"]),
    ("CsTopology", "topologies", "topology.toml", ["Get", "Publish", "Enable", "Test"]),
    ("CsTrustedApplication", "trusted-applications", "trusted-application.toml", ["Get", "Remove"]),
    ("CsTrustedApplicationPool", "trusted-application-pools", "trusted-application-pool.toml", ["Get", "Remove"]),
    ("CsUser", "users", "user.toml", ["Get", "Enable", "Disable", "Set", "Move"]),
    ("CsUserPoolInfo", "user-pool-info", "user-pool-info.toml", ["Get"]),
    (
        "CsUserServicesConfiguration",
        "user-services-configurations",
        "user-services-configuration.toml",
        ["Get", "New", "Set", "Remove"]
    ),
    (
        "CsUserServicesPolicy",
        "user-services-policies",
        "user-services-policy.toml",
        ["Get", "New", "Set", "Remove", "Grant"]
    ),
    ("CsWindowsService", "windows-services", "windows-service.toml", ["Get", "Start", "Stop"]),
    ("CsXmppAllowedPartner", "xmpp-allowed-partners", "xmpp-allowed-partner.toml", ["Get", "New", "Set", "Remove"]),
    ("CsXmppGatewayConfiguration", "xmpp-gateway-configurations", "xmpp-gateway-configuration.toml", ["Get", "Set"]),
    ("CsXmppIM", "xmpp-ims", "xmpp-im.toml", ["Test"]),
];
