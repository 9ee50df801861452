//! The formats G, D, X and F of enumerations.

use super::bad_format;
use crate::value::{EnumValue, Outcome, TypeRef};

/// Hexadecimal digits of an enumeration's underlying type.
fn hexadecimal_width(underlying: TypeRef) -> usize {
    let widths = [
        (TypeRef::BYTE, 2),
        (TypeRef::SBYTE, 2),
        (TypeRef::INT16, 4),
        (TypeRef::UINT16, 4),
        (TypeRef::INT64, 16),
        (TypeRef::UINT64, 16),
    ];
    widths.iter().find(|(kind, _)| *kind == underlying).map_or(8, |(_, width)| *width)
}

/// A member by a format.
pub(crate) fn format_enum(member: &EnumValue, format: &str) -> Outcome<String> {
    let underlying = member.kind.info().enumeration.map_or(TypeRef::INT32, |info| info.underlying);
    match format {
        "" | "G" | "g" | "F" | "f" => Ok(member.kind.enum_text(member.bits).into_owned()),
        "D" | "d" if underlying == TypeRef::UINT64 => Ok((member.bits as u64).to_string()),
        "D" | "d" => Ok(member.bits.to_string()),
        "X" | "x" => {
            let hex = format!("{:016X}", member.bits as u64);
            Ok(hex.get(16 - hexadecimal_width(underlying)..).unwrap_or(&hex).to_string())
        }
        _ => bad_format(format, "an enumeration").err(),
    }
}
