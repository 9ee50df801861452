//! Which assembly a type comes from: by its full name, or by the namespace it stands in.

use super::TypeRef;

/// A name's key token: which of the platform's keys signs the assembly.
const CORE: &str = "7cec85d7bea7798e";
const PLATFORM: &str = "b03f5f7f11d50a3a";
const OPEN: &str = "cc7b13ffcd2ddd51";
const SHELL: &str = "31bf3856ad364e35";

/// An assembly's short name, version and key token.
type Identity = (&'static str, &'static str, &'static str);

const fn platform(name: &'static str, token: &'static str) -> Identity {
    (name, "10.0.0.0", token)
}

const fn shell(name: &'static str) -> Identity {
    (name, "7.6.0.500", SHELL)
}

const CORE_LIBRARY: Identity = platform("System.Private.CoreLib", CORE);
const COLLECTIONS: Identity = platform("System.Collections", PLATFORM);
const ENGINE: Identity = shell("System.Management.Automation");
const SCRIPT: Identity = ("PowerShell Class Assembly", "1.0.0.0", "null");

/// Names or their beginnings (where they end in a dot), the first that fits counts.
const PLACES: &[(&str, Identity)] = &[
    ("System.Management.Automation.", ENGINE),
    ("Microsoft.PowerShell.ThreadJob.", shell("Microsoft.PowerShell.ThreadJob")),
    ("Microsoft.PowerShell.ExecutionPolicy", shell("Microsoft.PowerShell.Security")),
    ("Microsoft.PowerShell.Commands.Internal.", ENGINE),
    ("Microsoft.PowerShell.Commands.", shell("Microsoft.PowerShell.Commands.Utility")),
    ("Microsoft.PowerShell.", ENGINE),
    ("System.Collections.Generic.LinkedList", COLLECTIONS),
    ("System.Collections.Generic.PriorityQueue", COLLECTIONS),
    ("System.Collections.Generic.Sorted", COLLECTIONS),
    ("System.Collections.Generic.Stack", COLLECTIONS),
    ("System.Collections.Generic.OrderedDictionary", COLLECTIONS),
    ("System.Collections.BitArray", COLLECTIONS),
    ("System.Collections.Stack", platform("System.Collections.NonGeneric", PLATFORM)),
    ("System.Collections.Queue", platform("System.Collections.NonGeneric", PLATFORM)),
    ("System.Collections.SortedList", platform("System.Collections.NonGeneric", PLATFORM)),
    ("System.Collections.Specialized.", platform("System.Collections.Specialized", PLATFORM)),
    ("System.Collections.Concurrent.ConcurrentBag", platform("System.Collections.Concurrent", PLATFORM)),
    ("System.Collections.Concurrent.ConcurrentStack", platform("System.Collections.Concurrent", PLATFORM)),
    ("System.Collections.ObjectModel.ObservableCollection", platform("System.ObjectModel", PLATFORM)),
    ("System.Linq.", platform("System.Linq", PLATFORM)),
    ("System.Text.RegularExpressions.", platform("System.Text.RegularExpressions", PLATFORM)),
    ("System.Text.Json.", platform("System.Text.Json", OPEN)),
    ("System.Xml.Linq.", platform("System.Private.Xml.Linq", OPEN)),
    ("System.Xml.", platform("System.Private.Xml", OPEN)),
    ("System.Uri", platform("System.Private.Uri", PLATFORM)),
    ("System.Numerics.BigInteger", platform("System.Runtime.Numerics", PLATFORM)),
    ("System.Numerics.Complex", platform("System.Runtime.Numerics", PLATFORM)),
    ("System.Console", platform("System.Console", PLATFORM)),
    ("System.Diagnostics.Process", platform("System.Diagnostics.Process", PLATFORM)),
    ("System.Diagnostics.FileVersionInfo", platform("System.Diagnostics.FileVersionInfo", PLATFORM)),
    ("System.Security.Cryptography.", platform("System.Security.Cryptography", PLATFORM)),
    ("System.Net.Http.", platform("System.Net.Http", PLATFORM)),
    ("System.Net.Mail.", platform("System.Net.Mail", OPEN)),
    ("System.Net.Sockets.AddressFamily", platform("System.Net.Primitives", PLATFORM)),
    ("System.Net.Sockets.Socket", platform("System.Net.Sockets", PLATFORM)),
    ("System.Net.Sockets.", platform("System.Net.Sockets", PLATFORM)),
    ("System.Net.NetworkInformation.", platform("System.Net.NetworkInformation", PLATFORM)),
    ("System.Net.Dns", platform("System.Net.NameResolution", PLATFORM)),
    ("System.Net.WebUtility", platform("System.Runtime.Extensions", PLATFORM)),
    ("System.Net.", platform("System.Net.Primitives", PLATFORM)),
    ("System.Web.", platform("System.Web.HttpUtility", OPEN)),
    ("System.IO.Compression.", platform("System.IO.Compression", "b77a5c561934e089")),
    ("System.IO.DriveInfo", platform("System.IO.FileSystem.DriveInfo", PLATFORM)),
    ("System.IO.FileSystemWatcher", platform("System.IO.FileSystem.Watcher", PLATFORM)),
    ("System.Timers.", platform("System.ComponentModel.TypeConverter", PLATFORM)),
    ("System.ComponentModel.Win32Exception", platform("Microsoft.Win32.Primitives", PLATFORM)),
];

fn identity(kind: TypeRef) -> Identity {
    let mut plain = kind;
    while let Some(element) = plain.info().element {
        plain = element;
    }
    let plain = plain.definition();
    if plain.is_script_class() || plain.namespace().is_none() {
        return SCRIPT;
    }
    let found = PLACES.iter().find(|(place, _)| plain.name().starts_with(place));
    found.map_or(CORE_LIBRARY, |(_, identity)| *identity)
}

impl TypeRef {
    /// The short name of the assembly the type comes from.
    pub(crate) fn assembly_name(self) -> &'static str {
        identity(self).0
    }

    /// The version of that assembly.
    pub(crate) fn assembly_version(self) -> &'static str {
        identity(self).1
    }

    /// The display name of the assembly the type comes from.
    pub(crate) fn assembly(self) -> String {
        let (name, version, token) = identity(self);
        format!("{name}, Version={version}, Culture=neutral, PublicKeyToken={token}")
    }
}
