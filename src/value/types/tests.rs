//! Names to types and back, assignability, enumerations: tables.

use super::*;

#[test]
fn names_resolve_and_display() {
    let rows = [
        ("int", "System.Int32", "int"),
        ("INT64", "System.Int64", "long"),
        ("single", "System.Single", "float"),
        ("System.Text.StringBuilder", "System.Text.StringBuilder", "System.Text.StringBuilder"),
        ("text.stringbuilder", "System.Text.StringBuilder", "System.Text.StringBuilder"),
        ("ordered", "System.Collections.Specialized.OrderedDictionary", "ordered"),
        ("int[]", "System.Int32[]", "int[]"),
        ("object[]", "System.Object[]", "System.Object[]"),
        ("int[,]", "System.Int32[,]", "int[,]"),
        ("string[][]", "System.String[][]", "string[][]"),
        (
            "Collections.Generic.List[int]",
            "System.Collections.Generic.List`1[System.Int32]",
            "System.Collections.Generic.List[int]",
        ),
        (
            "System.Collections.Generic.Dictionary[string, System.Collections.Generic.List[int[]]]",
            "System.Collections.Generic.Dictionary`2[System.String,System.Collections.Generic.List`1[System.Int32[]]]",
            "System.Collections.Generic.Dictionary[string,System.Collections.Generic.List[int[]]]",
        ),
        ("nullable[int]", "System.Nullable`1[System.Int32]", "System.Nullable[int]"),
        ("Environment+SpecialFolder", "System.Environment+SpecialFolder", "System.Environment+SpecialFolder"),
    ];
    for (name, full, display) in rows {
        let kind = resolve(name).unwrap_or_else(|| panic!("{name} did not resolve"));
        assert_eq!((kind.name(), kind.display_name().as_ref()), (full, display), "{name}");
    }
}

#[test]
fn unknown_names_do_not_resolve() {
    for name in
        ["", "no.such.type", "List[int]", "int[", "Collections.Generic.List[nope]", "Collections.Generic.List[int,int]"]
    {
        assert!(resolve(name).is_none(), "{name}");
    }
}

#[test]
fn namespaces_and_declared_types_are_seen() {
    let own = TypeRef::declare(ScriptTypeInfo {
        hidden: Vec::new(),
        name: "Animal".into(),
        base: None,
        interfaces: vec![],
        members: None,
        flags: false,
        underlying: None,
    });
    let namespaces = ["System.Collections.Generic".to_owned()];
    let scope =
        ResolveScope { declared: &|name| name.eq_ignore_ascii_case("animal").then_some(own), namespaces: &namespaces };
    let list = resolve_in("List[Animal]", &scope).map(TypeRef::name);
    assert_eq!(list, Some("System.Collections.Generic.List`1[Animal]"));
    assert!(own.is_script_class() && own.namespace().is_none());
}

#[test]
fn assignability() {
    let rows = [
        ("object", "int", true),
        ("valuetype", "int", true),
        ("int", "long", false),
        ("IComparable", "string", true),
        ("System.Collections.IEnumerable", "object[]", true),
        ("System.Collections.IList", "Collections.Generic.List[int]", true),
        ("System.Collections.Generic.IEnumerable[int]", "Collections.Generic.List[int]", true),
        ("System.Collections.Generic.IEnumerable[int]", "int[]", true),
        ("object[]", "string[]", true),
        ("object[]", "int[]", false),
        ("array", "int[]", true),
        ("nullable[int]", "int", true),
        ("exception", "System.IO.FileNotFoundException", true),
        ("System.IO.IOException", "System.IO.FileNotFoundException", true),
        ("System.IO.FileNotFoundException", "System.IO.IOException", false),
        ("System.Collections.IDictionary", "ordered", true),
        ("enum", "DayOfWeek", true),
    ];
    for (wanted, given, expected) in rows {
        let (Some(to), Some(from)) = (resolve(wanted), resolve(given)) else { panic!("{wanted} or {given}") };
        assert_eq!(to.is_assignable_from(from), expected, "{wanted} from {given}");
    }
}

#[test]
fn enumerations_have_text() {
    let attributes = TypeRef::FILE_ATTRIBUTES;
    assert_eq!(attributes.enum_text(0x21), "ReadOnly, Archive");
    assert_eq!(attributes.enum_text(0x4000_0000), "1073741824");
    assert_eq!(TypeRef::DAY_OF_WEEK.enum_text(1), "Monday");
    assert_eq!(TypeRef::DAY_OF_WEEK.enum_text(9), "9");
    assert_eq!(TypeRef::NUMBER_STYLES.enum_text(515), "HexNumber");
    assert_eq!(TypeRef::DAY_OF_WEEK.enum_number("FRIDAY"), Some(5));
}

#[test]
fn full_names_of_generics_carry_assemblies() {
    let kind = resolve("Collections.Generic.List[int]").map(TypeRef::full_name).unwrap_or_default();
    assert!(kind.starts_with("System.Collections.Generic.List`1[[System.Int32, System.Private.CoreLib"), "{kind}");
}
