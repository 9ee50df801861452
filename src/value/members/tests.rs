//! Members through the public face: tables of calls and what they give.
