//! Bytes as text of two digits each.

/// Bytes in small hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(if value < 10 { b'0' + value } else { b'a' + value - 10 });
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bytes_become_digits() {
        assert_eq!(super::hex(&[0, 9, 10, 0x7f, 0xff]), "00090a7fff");
    }
}
