//! The management API's own types: calls, replies, problems, paging. Shared by the service and its client.
//!
//! The wire form is REST over JSON: a noun is a collection (`/v1/persistent-chat-rooms`), a verb is a method or a
//! `:verb` suffix. Nothing here opens a socket or touches a store.
//!
//! Files are the shell's matter, their content travels: Publish-CsTopology sends `document` (text), Import-* and
//! Import-/Set-CsCertificate send `byteInput` (base64), Move-CsUser sends `userList` (an array); Export-* answers one
//! object with `bytes` (base64), Get-CsTopology with `asXml` one with `document` (text), Request-CsCertificate
//! with `output` true one with `request` (PEM). `-Report` is written by the shell from warnings and verbose.
//! Plain strings (role names) are answered as strings. A test's log is the `log` (array of lines) of its object.

mod call;
mod cause;
mod cursor;
mod hex;
mod parameters;
mod path;
mod problem;
mod reply;

/// The generation of the API that this build speaks; both sides say theirs in [`API_HEADER`].
pub(crate) const API_GENERATION: u32 = 1;

/// The header that carries [`API_GENERATION`].
pub const API_HEADER: &str = "pcsh-api";

pub(crate) use crate::catalogue::wire_name as camel;
pub use call::Call;
pub(crate) use call::{HttpCall, TEXT_HEADERS};
pub(crate) use cause::{cause, innermost};
pub(crate) use cursor::Cursor;
pub(crate) use hex::hex;
pub(crate) use parameters::{ListChange, Parameters};
pub use path::collection;
pub(crate) use path::pascal;
pub(crate) use problem::ERRORS;
pub use problem::Problem;
pub use reply::{Page, Reply};
