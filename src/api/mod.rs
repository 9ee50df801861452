//! The management API's own types: calls, replies, problems, paging. Shared by the service and its client.
//!
//! The wire form is REST over JSON: a noun is a collection (`/v1/persistent-chat-rooms`), a verb is a method or a
//! `:verb` suffix. Nothing here opens a socket or touches a store.

mod call;
mod cursor;
mod parameters;
mod path;
mod problem;
mod reply;

pub use call::{Call, HttpCall, TEXT_HEADERS};
pub use cursor::Cursor;
pub use parameters::{ListChange, Parameters};
pub use path::{camel, collection, pascal};
pub use problem::{ERRORS, ErrorRow, Problem};
pub use reply::{Page, Reply};
