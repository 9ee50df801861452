//! The types of properties and parameters: their names in manifests and what they mean here.

/// What a property or a parameter holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are .NET's or the product's and say it all")]
pub enum ValueType {
    String,
    Switch,
    Boolean,
    Byte,
    UInt16,
    UInt32,
    UInt64,
    Int16,
    Int32,
    Int64,
    Double,
    DateTime,
    TimeSpan,
    Guid,
    Fqdn,
    /// A SIP address with its prefix.
    SipAddress,
    /// An absolute http or https address.
    Url,
    /// `Global`, `Site:x`, `Service:Role:fqdn`, `Tag:x`.
    Identity,
    /// A user in one of five forms.
    User,
    /// A number, or `Unlimited`.
    Unlimited,
    Credential,
    /// An XML document or element.
    Xml,
    /// Script text such as `{Name -like "IT*"}`.
    Filter,
    /// Anything: an object of the noun, mostly.
    Object,
    Hashtable,
    /// One of an enumeration's values; an enumeration that the manifest does not list takes any text.
    Enumeration(String),
    /// Changes to a list: plain values, or `@{Add=…; Remove=…; Replace=…}`.
    ListModifier(Box<ValueType>),
    /// A list.
    List(Box<ValueType>),
}

/// Simple names of types, in lower case, as the reference prints them.
const SIMPLE: &[(&str, ValueType)] = &[
    ("string", ValueType::String),
    ("switchparameter", ValueType::Switch),
    ("boolean", ValueType::Boolean),
    ("byte", ValueType::Byte),
    ("uint16", ValueType::UInt16),
    ("uint32", ValueType::UInt32),
    ("uint64", ValueType::UInt64),
    ("int16", ValueType::Int16),
    ("int32", ValueType::Int32),
    ("int64", ValueType::Int64),
    ("double", ValueType::Double),
    ("datetime", ValueType::DateTime),
    ("timespan", ValueType::TimeSpan),
    ("guid", ValueType::Guid),
    ("fqdn", ValueType::Fqdn),
    ("sipaddress", ValueType::SipAddress),
    ("url", ValueType::Url),
    ("xdsidentity", ValueType::Identity),
    ("xdsglobalrelativeidentity", ValueType::Identity),
    ("useridparameter", ValueType::User),
    ("ouidparameter", ValueType::String),
    ("pscredential", ValueType::Credential),
    ("xelement", ValueType::Xml),
    ("policyfilter", ValueType::Filter),
    ("psobject", ValueType::Object),
    ("object", ValueType::Object),
    ("hashtable", ValueType::Hashtable),
    ("addin", ValueType::Object),
    ("category", ValueType::Object),
    ("chatroom", ValueType::Object),
    ("ntservice", ValueType::Object),
    ("certificatereference", ValueType::Object),
    ("x509certificate2", ValueType::Object),
    ("acpinfo", ValueType::Object),
    ("cmdlettype", ValueType::String),
    ("configscope", ValueType::String),
    ("userscope", ValueType::String),
];

impl ValueType {
    /// Reads a type as the reference prints it (short or full, with generic arguments or `[]`).
    /// A name that is no type known here is taken for an enumeration.
    pub(crate) fn parse(text: &str) -> ValueType {
        let text = text.trim();
        if let Some(element) = text.strip_suffix("[]") {
            return ValueType::List(Box::new(Self::parse(element)));
        }
        if let Some((generic, argument)) = text.strip_suffix(']').and_then(|t| t.split_once("`1[")) {
            return Self::generic(short_name(generic), argument);
        }
        match short_name(text) {
            "PSListModifier" => ValueType::ListModifier(Box::new(ValueType::String)),
            "List" => ValueType::List(Box::new(ValueType::String)),
            short => Self::simple(short),
        }
    }

    fn generic(name: &str, argument: &str) -> ValueType {
        match name {
            "PSListModifier" => ValueType::ListModifier(Box::new(Self::parse(argument))),
            "Unlimited" => ValueType::Unlimited,
            _ => ValueType::List(Box::new(Self::parse(argument))),
        }
    }

    fn simple(short: &str) -> ValueType {
        let lower = short.to_ascii_lowercase();
        let known = SIMPLE.iter().find(|(name, _)| *name == lower);
        known.map_or_else(|| ValueType::Enumeration(short.to_owned()), |(_, kind)| kind.clone())
    }

    /// True for lists and for changes to lists.
    pub fn is_list(&self) -> bool {
        matches!(self, ValueType::List(_) | ValueType::ListModifier(_))
    }

    /// The type of an item, or the type itself where it is no list.
    pub(crate) fn item(&self) -> &ValueType {
        match self {
            ValueType::List(item) | ValueType::ListModifier(item) => item,
            single => single,
        }
    }
}

fn short_name(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::ValueType;

    #[test]
    fn reads_types_as_the_reference_prints_them() {
        let list = |item| ValueType::ListModifier(Box::new(item));
        let cases = [
            ("String", ValueType::String),
            ("System.Management.Automation.SwitchParameter", ValueType::Switch),
            ("Microsoft.Rtc.Management.Deploy.Fqdn", ValueType::Fqdn),
            ("PSListModifier", list(ValueType::String)),
            (
                "System.Management.Automation.PSListModifier`1[Microsoft.Rtc.Management.Deploy.Fqdn]",
                list(ValueType::Fqdn),
            ),
            ("Byte[]", ValueType::List(Box::new(ValueType::Byte))),
            ("System.Collections.Generic.List`1[System.String]", ValueType::List(Box::new(ValueType::String))),
            ("Microsoft.Rtc.Management.ADConnect.Core.Unlimited`1[System.UInt32]", ValueType::Unlimited),
            ("ChatRoomPrivacy", ValueType::Enumeration("ChatRoomPrivacy".into())),
        ];
        for (text, expected) in cases {
            assert_eq!(ValueType::parse(text), expected, "{text}");
        }
    }
}
