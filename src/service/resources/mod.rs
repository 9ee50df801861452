//! Behaviours, one file per noun family.

pub(crate) mod addins;
pub(crate) mod archived_messages;
pub(crate) mod audits;
pub(crate) mod categories;
pub(crate) mod certificates;
pub(crate) mod chat_data;
mod chat_data_import;
pub(crate) mod computers;
pub(crate) mod configuration;
pub(crate) mod content;
pub(crate) mod databases;
pub(crate) mod directory;
pub(crate) mod eligible_principals;
pub(crate) mod endpoints;
pub(crate) mod messages;
pub(crate) mod pool_availability;
pub(crate) mod pool_states;
pub(crate) mod preparation;
pub(crate) mod replicas;
pub(crate) mod roles;
mod room_changes;
pub(crate) mod rooms;
pub(crate) mod service_settings;
pub(crate) mod sites;
pub(crate) mod synthetic;
pub(crate) mod topologies;
pub(crate) mod trusted_applications;
pub(crate) mod users;
pub(crate) mod windows_services;

use super::registry::Route;

/// Every family's cmdlets.
pub(crate) const FAMILIES: [&[Route]; 26] = [
    addins::ROUTES,
    archived_messages::ROUTES,
    audits::ROUTES,
    categories::ROUTES,
    certificates::ROUTES,
    chat_data::ROUTES,
    computers::ROUTES,
    configuration::ROUTES,
    databases::ROUTES,
    directory::ROUTES,
    eligible_principals::ROUTES,
    endpoints::ROUTES,
    messages::ROUTES,
    pool_availability::ROUTES,
    pool_states::ROUTES,
    preparation::ROUTES,
    replicas::ROUTES,
    roles::ROUTES,
    rooms::ROUTES,
    service_settings::ROUTES,
    sites::ROUTES,
    synthetic::ROUTES,
    topologies::ROUTES,
    trusted_applications::ROUTES,
    users::ROUTES,
    windows_services::ROUTES,
];
