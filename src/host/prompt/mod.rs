//! The interactive prompt: line editing, colours, completion, history.

pub mod completion;
pub mod editor;
pub mod highlight;
pub mod history;
