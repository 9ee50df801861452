//! Any place of any text can be asked; what is proposed stands in `tests/conformance/own/completion.ps1`.

use super::complete;
use crate::runtime::{NoHost, Session, SessionOptions};

#[test]
fn any_cursor_is_safe() {
    let options = SessionOptions { host: Box::new(NoHost), location: "/".into(), interactive: false };
    let mut session = Session::new(options);
    for text in ["\"é $x.\" | Get-Item -Kïnd 'ä [in", "@{a=[x]::$y.", "param([Parameter(Man", "$h[", "a,b, -c:", "`"]
    {
        for cursor in 0..=text.len() + 1 {
            complete(&mut session, text, cursor);
        }
    }
}
