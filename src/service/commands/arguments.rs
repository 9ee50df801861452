//! The command line of `pcsh service`, declared; its help, its near names and the checks of its values are clap's.

use super::settings::ServiceSettings;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// The management service: its store, its accounts, its directory, and serving it.
#[derive(Debug, Parser)]
#[command(
    name = "pcsh service",
    bin_name = "pcsh service",
    version,
    args_override_self = true,
    max_term_width = 100,
    after_help = "Every sub-command has a --help of its own. docs/service.md leads from one machine to several."
)]
pub(super) struct Arguments {
    /// The data directory, instead of the platform's or PCSH_HOME's
    #[arg(long, value_name = "DIRECTORY", global = true)]
    pub(crate) data: Option<PathBuf>,
    /// The store: a directory (SQLite) or a postgres:// address; by default the data directory
    #[arg(long, value_name = "ADDRESS", global = true)]
    pub(crate) store: Option<String>,
    /// The settings file, instead of service.toml in the data directory
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make the store, or bring its schema up to date
    Init,
    /// Show what the service holds
    Status {
        /// As a JSON object
        #[arg(long)]
        json: bool,
    },
    /// Serve the API; a proof of identity is needed to use it
    Serve(Box<ServiceSettings>),
    /// Passwords of users
    #[command(subcommand)]
    Account(AccountCommand),
    /// Bearer tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// Client certificates of the service's own authority
    #[command(subcommand)]
    Certificate(CertificateCommand),
    /// The directory: users, groups, organisational units
    #[command(subcommand)]
    Directory(DirectoryCommand),
    /// The audit trail
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Bring the schema of the store up to date, or step it down
    Migrate {
        /// Step down to this version
        #[arg(long, value_name = "VERSION")]
        down: Option<i64>,
    },
    /// Write the whole store to one checksummed file, while the service runs
    Backup { file: PathBuf },
    /// Take a backup into an empty store of either kind
    Restore { file: PathBuf },
    /// Take a step on the side of a database server
    Database {
        /// RemoveLogShipping, ApplyLogs, Recover, Backup, Restore …
        operation: String,
        /// INSTANCE\NAME
        database: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum AccountCommand {
    /// List the users with a password
    List {
        /// As a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Set the password of a user, read from standard input
    Set { name: String },
    /// End the wait of an account after failed log-ons
    Unlock { name: String },
    /// Take the password of a user away; tokens live on
    Remove { name: String },
}

/// For whom a proof of identity is.
#[derive(Debug, Args)]
pub(super) struct Rights {
    /// Only reads
    #[arg(long)]
    pub(crate) read_only: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Make a token and print it, once
    Create {
        /// The user of the directory it stands for; without one, the operator, who may do everything
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
        /// What it is for
        #[arg(long, value_name = "TEXT", default_value = "")]
        label: String,
        /// How long it is valid
        #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(i64).range(1..=36_500))]
        days: i64,
        #[command(flatten)]
        rights: Rights,
    },
    /// List tokens, and certificates with them
    List {
        /// As a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Revoke a token or a certificate
    Revoke {
        /// Its number in the list
        id: i64,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum CertificateCommand {
    /// Make a client certificate with its key
    Create {
        /// The user of the directory it stands for
        #[arg(long, value_name = "NAME")]
        user: String,
        #[command(flatten)]
        rights: Rights,
        /// The PEM file to write
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum DirectoryCommand {
    /// Import LDIF, or CSV by the file's ending; all faults are told, and nothing is half imported
    Import { file: PathBuf },
    /// Add an entry
    Add {
        /// Its distinguished name
        dn: String,
        /// Its attributes, as name=value
        attributes: Vec<String>,
    },
    /// Remove an entry
    Remove { name: String },
    /// Put members into a group
    Join {
        group: String,
        #[arg(required = true)]
        members: Vec<String>,
    },
    /// Take members out of a group
    Leave {
        group: String,
        #[arg(required = true)]
        members: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Check the hash chain of the whole trail
    Verify,
}
